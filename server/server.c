#include "server/server.h"

#include "core/base/check.h"
#include "core/ted/reservations.h"
#include "io/os/clock.h"
#include "io/os/limits.h"
#include "server/control/control.h"
#include "server/control/metrics.h"
#include "server/log/log.h"
#include "server/notify.h"
#include "server/parts.h"
#include "server/server_impl.h"
#include "server/settings/network_log.h"
#include "server/shard/compute.h"
#include "server/shard/errands.h"
#include "server/shard/open_files.h"
#include "server/shard/reopt.h"
#include "server/shard/shard.h"
#include "server/store/stored.h"
#include "server/topology/api_record.h"
#include "server/topology/topology.h"

#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A message from each shard to the main thread, twice over. */
#define MAILBOX_ROOM 1024
/* How long the start may take: rings and pools of 256 shards are made one after the other at worst.
 */
#define START_WAIT_MS 60000
/* How long a port may be taken still when we start, and how often it is tried meanwhile: what a
 * server that was killed had given to io_uring is taken down by the kernel after its end. */
#define PORT_WAIT_MS 2000
#define PORT_TRY_MS  50

_Static_assert(MAILBOX_ROOM >= 2 * LISTENER_SHARDS_MAX, "what all shards say at the start fits");

static void on_mail(void *context, const struct mail *mail)
{
    struct server *server = context;
    switch ((enum server_mail)mail->kind) {
    case SERVER_MAIL_READY:
        server->ready_count++;
        break;
    case SERVER_MAIL_REFUSED:
        server->refused_count++;
        break;
    case SERVER_MAIL_FAILED:
        server->has_failed = true;
        break;
    }
}

/* ---- topology ---- */

static void on_topology(void *context)
{
    reopt_post_topology(context);
}

static enum pce_status open_topology(struct server *server, struct failure *failure)
{
    const struct topology_options options = {
        .domain = server->shared.domain,
        .cell = &server->shared.topology,
        .findings = &server->shared.findings,
        .reservations = server->shared.reservations,
        .figures = &server->shared.network,
        .log = server->shared.network_log,
        .on_published = on_topology,
        .context = &server->shared,
    };
    enum pce_status status = topology_open(&options, &server->topology, failure);
    server->shared.topology_thread = server->topology;
    return status == PCE_OK ? server_use_topology(server, failure) : status;
}

/* ---- start ---- */

/* Where there are more processors than a cpu_set_t has bits the call fails: the operator has to say
 * how many shards there are to be. */
static unsigned core_count(void)
{
    cpu_set_t cores;
    if (sched_getaffinity(0, sizeof cores, &cores) != 0)
        return 1;
    int count = CPU_COUNT(&cores);
    return count < 1 ? 1 : (unsigned)count;
}

/* A ring holds at most as many sockets as one process may have files, so that many sessions ask for
 * many rings. */
unsigned server_shard_count(const struct config *config)
{
    if (config->server.shards > 0)
        return config->server.shards;
    uint64_t room = limits_files_hard();
    room = room > 2 * OPEN_FILES_KEPT ? room - OPEN_FILES_KEPT : OPEN_FILES_KEPT;
    room -= room / OPEN_FILES_SPREAD;
    uint64_t needed = (config->limits.sessions_max + room - 1) / room;
    uint64_t count = core_count();
    if (needed > count)
        count = needed;
    return count > LISTENER_SHARDS_MAX ? LISTENER_SHARDS_MAX : (unsigned)count;
}

static enum pce_status open_common(struct server *server, struct failure *failure)
{
    enum pce_status status = snapshot_domain_create(&server->shared.domain);
    if (status == PCE_OK)
        status = snapshot_publisher_create(server->shared.domain, &server->publisher);
    if (status == PCE_OK)
        status = mailbox_create(MAILBOX_ROOM, on_mail, server, &server->shared.mailbox);
    if (status == PCE_OK)
        status = snapshot_reader_create(server->shared.domain, &server->reader);
    server->shared.reservations = ted_reservations_create(TED_LINK_NUMBERS_MAX);
    server->shared.network_log = network_log_create();
    if (server->shared.reservations == NULL || server->shared.network_log == NULL)
        status = PCE_NO_MEMORY;
    if (status != PCE_OK)
        return open_files_refuse(failure, status, "what the shards share");
    return PCE_OK;
}

static void log_port_wait(const struct failure *failure)
{
    static struct log_site site = LOG_SITE(WARNING, "address in use: waiting for it");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_text(&line, "reason", failure->text);
    log_number(&line, "wait_ms", PORT_WAIT_MS);
    log_end(&line);
}

/* A restart meets the port of the server that was killed a moment ago. */
static enum pce_status listen_when_free(const struct listener_options *options,
                                        struct listeners **out, struct failure *failure)
{
    struct mono deadline = mono_add_ms(clock_now(), PORT_WAIT_MS);
    enum pce_status status = listeners_open(options, out, failure);
    if (status == PCE_EXISTS)
        log_port_wait(failure);
    while (status == PCE_EXISTS && mono_is_before(clock_now(), deadline)) {
        (void)poll(NULL, 0, PORT_TRY_MS);
        status = listeners_open(options, out, failure);
    }
    return status;
}

static enum pce_status open_listeners(struct server *server, struct failure *failure)
{
    const struct config_listen *listen = &server->shared.config.listen;
    struct listener_options options = {
        .address_count = listen->addresses.count,
        .port = (uint16_t)listen->port,
        .shard_count = server->shared.shard_count,
    };
    _Static_assert(CONFIG_ADDRESSES_MAX <= LISTENER_ADDRESSES_MAX, "listeners take them all");
    memcpy(options.addresses, listen->addresses.items,
           listen->addresses.count * sizeof options.addresses[0]);
    return listen_when_free(&options, &server->shared.listeners, failure);
}

static bool deliver(void *context, struct computation *computation)
{
    const struct server *server = context;
    return shard_post_computed(&server->shared.shards[computation->lane], computation);
}

static enum pce_status start_compute(struct server *server, struct failure *failure)
{
    const uint32_t wanted = server->shared.config.server.compute_threads;
    const struct compute_options options = {
        .thread_count = compute_threads_of(wanted, core_count()),
        .shard_count = server->shared.shard_count,
        .path_work_max = server->shared.config.limits.path_work_max,
        .domain = server->shared.domain,
        .topology = &server->shared.topology,
        .deliver = deliver,
        .context = server,
    };
    return compute_create(&options, &server->shared.compute, failure);
}

static void stop_shards(struct server *server, uint32_t grace_ms)
{
    for (unsigned i = 0; i < server->shared.shard_count; i++)
        shard_post_stop(&server->shared.shards[i], grace_ms);
    for (unsigned i = 0; i < server->shared.shard_count; i++)
        shard_join(&server->shared.shards[i]);
}

static const struct shard *find_refused(const struct server *server)
{
    for (unsigned i = 0; i < server->shared.shard_count; i++) {
        if (server->shared.shards[i].failure.text[0] != '\0')
            return &server->shared.shards[i];
    }
    return NULL;
}

static enum pce_status make_shards(struct server *server, struct failure *failure)
{
    enum pce_status status = PCE_NO_MEMORY;
    server->shared.shards = calloc(server->shared.shard_count, sizeof *server->shared.shards);
    for (unsigned i = 0; server->shared.shards != NULL && i < server->shared.shard_count; i++) {
        status = shard_init(&server->shared.shards[i], &server->shared, i);
        if (status != PCE_OK)
            break;
    }
    if (status == PCE_OK)
        return PCE_OK;
    char what[32];
    (void)snprintf(what, sizeof what, "%u shards", server->shared.shard_count);
    return open_files_refuse(failure, status, what);
}

static enum pce_status wait_for_shards(struct server *server, struct failure *failure)
{
    struct mono deadline = mono_add_ms(clock_now(), START_WAIT_MS);
    while (server->ready_count + server->refused_count < server->shared.shard_count) {
        if (mailbox_wait(server->shared.mailbox, deadline) == PCE_TIMEOUT)
            return failure_set(failure, PCE_TIMEOUT, "the shards did not start within %d ms",
                               START_WAIT_MS);
    }
    const struct shard *refused = find_refused(server);
    if (refused == NULL)
        return PCE_OK;
    return failure_set(failure, PCE_UNSUPPORTED, "shard %u of %u: %s", refused->index,
                       server->shared.shard_count, refused->failure.text);
}

static enum pce_status server_start_shards(struct server *server, struct failure *failure)
{
    enum pce_status status = make_shards(server, failure);
    for (unsigned i = 0; status == PCE_OK && i < server->shared.shard_count; i++)
        status = shard_start(&server->shared.shards[i], failure);
    if (status == PCE_OK)
        status = wait_for_shards(server, failure);
    return status;
}

/* The sources that the store has become part of the network before the shards begin. */
static enum pce_status server_give_store(struct server *server, struct api_seeds *seeds,
                                         struct failure *failure)
{
    return server->shared.stored == NULL
               ? PCE_OK
               : topology_use_store(server->topology, server->shared.stored, seeds, failure);
}

/* Its thread comes before the shards, who may ask it from their first turn on. */
static enum pce_status open_store(struct server *server, struct failure *failure)
{
    struct api_seeds sources = {.count = 0};
    enum pce_status status =
        stored_open(&server->shared.config.store, &server->shared.stored, failure);
    if (status == PCE_OK)
        status = api_seeds_read(server->shared.stored, &sources, failure);
    if (status == PCE_OK)
        status = intent_seeds_read(server->shared.stored, &server->intent_seeds, failure);
    if (status == PCE_OK)
        status = deletion_seeds_read(server->shared.stored, &server->deletion_seeds, failure);
    server->shared.intent_seeds = &server->intent_seeds;
    server->shared.deletion_seeds = &server->deletion_seeds;
    if (status == PCE_OK)
        status = stored_start(server->shared.stored, failure);
    if (status == PCE_OK)
        status = server_give_store(server, &sources, failure);
    api_seeds_fini(&sources);
    return status;
}

/* Each shard has its own, or never will. */
static void forget_seeds(struct server *server)
{
    server->shared.intent_seeds = NULL;
    intent_seeds_fini(&server->intent_seeds);
    server->shared.deletion_seeds = NULL;
    deletion_seeds_fini(&server->deletion_seeds);
}

/* The shards have ended, or never begun. Their mailboxes still take what the compute threads and the
 * store answer: those end before shard_fini. What compute threads read, the snapshots, goes after
 * them, and the domain after the publisher, which frees what it had published. */
static void release_all(struct server *server)
{
    struct failure failure = {.text = ""};
    compute_stop(server->shared.compute);
    if (server->topology != NULL && server->shared.stored != NULL)
        (void)!topology_use_store(server->topology, NULL, NULL, &failure);
    stored_close(server->shared.stored);
    forget_seeds(server);
    server->shared.stored = NULL;
    if (server->shared.listeners != NULL)
        listeners_close(server->shared.listeners);
    topology_close(server->topology);
    server->topology = NULL;
    if (server->publisher != NULL) {
        (void)!snapshot_publish(server->publisher, &server->shared.settings, NULL, NULL);
        snapshot_publisher_destroy(server->publisher);
    }
    if (server->reader != NULL)
        snapshot_reader_destroy(server->reader);
    if (server->shared.domain != NULL)
        snapshot_domain_destroy(server->shared.domain);
    control_destroy(server->control);
    if (server->shared.mailbox != NULL)
        mailbox_destroy(server->shared.mailbox);
    for (unsigned i = 0; server->shared.shards != NULL && i < server->shared.shard_count; i++)
        shard_fini(&server->shared.shards[i]);
    free(server->shared.shards);
    server->shared.shards = NULL;
    ted_reservations_destroy(server->shared.reservations);
    network_log_destroy(server->shared.network_log);
    compute_destroy(server->shared.compute);
    config_fini(&server->shared.config);
}

enum pce_status server_start(struct server *server, const struct config *config,
                             const char *config_path, struct failure *failure)
{
    memset(server, 0, sizeof *server);
    thread_owner_claim(&server->owner);
    server->shared.config = *config;
    (void)snprintf(server->config_path, sizeof server->config_path, "%s", config_path);
    limits_raise_files();
    server->shared.shard_count = server_shard_count(config);
    server->shared.parts = server_parts;
    server->shared.started = clock_now();
    server->shared.start_time_s = clock_wall_s();
    enum pce_status status = open_common(server, failure);
    if (status == PCE_OK)
        status = open_topology(server, failure);
    if (status == PCE_OK)
        status = open_listeners(server, failure);
    if (status == PCE_OK)
        status = server_publish_settings(server, &server->shared.config, failure);
    if (status == PCE_OK)
        status = open_store(server, failure);
    if (status == PCE_OK)
        status = start_compute(server, failure);
    if (status == PCE_OK)
        status = server_start_shards(server, failure);
    if (status == PCE_OK)
        status = control_start(&server->shared, &server->control, failure);
    if (status == PCE_OK) {
        forget_seeds(server);
        open_files_compare(&server->shared);
        server_check_hold(server);
        return PCE_OK;
    }
    if (server->shared.shards != NULL)
        stop_shards(server, 0);
    release_all(server);
    return status;
}

bool server_attend(struct server *server)
{
    thread_owner_check(&server->owner);
    (void)mailbox_attend(server->shared.mailbox);
    (void)snapshot_poll(server->publisher);
    return !server->has_failed;
}

/* ---- stop ---- */

static void log_summary(const struct server *server)
{
    static struct log_site site = LOG_SITE(INFO, "summary");
    snapshot_enter(server->reader);
    const struct server_figures figures =
        server_figures_read(&server->shared, snapshot_get(&server->shared.topology));
    snapshot_leave(server->reader);
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    metrics_log(&line, &server->shared, &figures);
    log_end(&line);
}

void server_stop(struct server *server)
{
    static struct log_site site = LOG_SITE(INFO, "shutting down");
    struct log_line line;
    thread_owner_check(&server->owner);
    notify_send("STOPPING=1");
    if (log_begin(&line, &site)) {
        log_number(&line, "peers",
                   metrics_sum(&server->shared, offsetof(struct shard_counters, peers)));
        log_number(&line, "grace_s", server->shared.config.server.shutdown_grace_s);
        log_end(&line);
    }
    control_stop(server->control);
    stop_shards(server, server->shared.config.server.shutdown_grace_s * 1000);
    log_summary(server);
    release_all(server);
}
