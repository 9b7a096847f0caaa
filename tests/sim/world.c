#include "tests/sim/world.h"

#include "core/base/check.h"
#include "core/path/path.h"
#include "core/pcep/frame.h"
#include "core/requests/computation.h"
#include "core/ted/topology_file.h"
#include "io/net/listener_impl.h"
#include "server/log/log.h"
#include "server/settings/settings.h"
#include "server/shard/compute.h"
#include "server/shard/errands.h"
#include "tests/lib/end_part.h"
#include "tests/sim/memory.h"
#include "tests/sim/variants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Turns of all shards at one instant: more than this is a shard that does not sleep. */
#define SPIN_MAX               100000
#define COMPUTATIONS_PER_SHARD 4
#define MAILBOX_ROOM           64
#define SHUTDOWN_GRACE_MS      5000

static struct world the_world;
static void (*on_time)(void *context);
static void *on_time_context;
static uint64_t message_count;
static uint64_t end_count;
static bool is_verbose;

/* ---- what is replaced of server/ and core/ at link time ---- */

struct computation_table *__real_compute_table(const struct compute *compute, unsigned shard,
                                               enum computation_asker asker);
struct computation_table *__wrap_compute_table(const struct compute *compute, unsigned shard,
                                               enum computation_asker asker);
enum pce_status __real_compute_offload(struct compute *compute, struct computation *computation);
enum pce_status __wrap_compute_offload(struct compute *compute, struct computation *computation);
void __real_log_end(struct log_line *line);
void __wrap_log_end(struct log_line *line);
enum pce_status __real_frame_next_sparing(struct frame *frame, struct frame_spares *spares,
                                          struct wire_span *octets, struct frame_message *message,
                                          struct pcep_fault *fault);
enum pce_status __wrap_frame_next_sparing(struct frame *frame, struct frame_spares *spares,
                                          struct wire_span *octets, struct frame_message *message,
                                          struct pcep_fault *fault);

struct computation_table *__wrap_compute_table(const struct compute *compute, unsigned shard,
                                               enum computation_asker asker)
{
    return sim_is_active() ? the_world.tables[shard][asker]
                           : __real_compute_table(compute, shard, asker);
}

enum pce_status __wrap_compute_offload(struct compute *compute, struct computation *computation)
{
    if (!sim_is_active())
        return __real_compute_offload(compute, computation);
    if (the_world.refuse_computations > 0) {
        the_world.refuse_computations--;
        return PCE_LIMIT;
    }
    CHECK(the_world.given_count < WORLD_SHARDS_MAX * COMPUTATIONS_PER_SHARD);
    the_world.given[the_world.given_count++] = computation;
    return PCE_OK;
}

/* Lines are put together and looked at; a session that ends says why. */
void __wrap_log_end(struct log_line *line)
{
    if (!sim_is_active() || is_verbose)
        __real_log_end(line);
    if (!sim_is_active())
        return;
    line->octets[line->size] = '\0';
    if (strstr(line->octets, " session ended") == NULL &&
        strstr(line->octets, " session not established") == NULL)
        return;
    end_count++;
    CHECK(strstr(line->octets, "why=") != NULL && strstr(line->octets, "why=\"\"") == NULL);
}

enum pce_status __wrap_frame_next_sparing(struct frame *frame, struct frame_spares *spares,
                                          struct wire_span *octets, struct frame_message *message,
                                          struct pcep_fault *fault)
{
    enum pce_status status = __real_frame_next_sparing(frame, spares, octets, message, fault);
    message_count += status == PCE_OK;
    return status;
}

uint64_t world_message_count(void)
{
    return message_count;
}

uint64_t world_end_count(void)
{
    return end_count;
}

void world_set_verbose(bool is_on)
{
    is_verbose = is_on;
}

void world_set_on_time(void (*call)(void *context), void *context)
{
    on_time = call;
    on_time_context = context;
}

/* ---- settings and topology ---- */

unsigned world_config_count(void)
{
    return variant_config_count();
}

void world_publish_config(struct world *world, unsigned variant)
{
    const struct config *config = variant_config(variant);
    struct settings *settings = settings_create(config, world->settings_generation + 1);
    CHECK(settings != NULL);
    CHECK(snapshot_publish(world->publisher, &world->shared.settings, settings, settings_destroy) ==
          PCE_OK);
    world->settings_generation++;
    log_configure(&config->log);
}

static void destroy_topology(void *snapshot)
{
    ted_snapshot_destroy(snapshot);
}

void world_publish_topology(struct world *world, unsigned variant)
{
    struct shared *shared = &world->shared;
    struct ted_snapshot *snapshot = variant_topology(variant);
    if (snapshot != NULL) {
        snapshot->generation = ++world->topology_generation;
        CHECK(path_landmarks_build(snapshot));
    }
    CHECK(snapshot_publish(world->publisher, &shared->topology, snapshot,
                           snapshot == NULL ? NULL : destroy_topology) == PCE_OK);
}

/* ---- what other threads do ---- */

void world_compute(struct world *world)
{
    unsigned count = world->given_count;
    world->given_count = 0;
    for (unsigned i = 0; i < count; i++) {
        struct computation *computation = world->given[i];
        snapshot_enter(world->reader);
        sim_memory_enter();
        computation_run(computation, world->engine, snapshot_get(&world->shared.topology));
        sim_memory_leave();
        snapshot_leave(world->reader);
        struct shard *shard = &world->shared.shards[computation->lane];
        if (!world->is_ended[computation->lane])
            CHECK(shard_post_computed(shard, computation));
    }
}

static void on_answer(void *context, const struct mail *mail)
{
    struct world *world = context;
    const struct envelope *envelope = mail->pointers[0];
    const union world_argument *argument = envelope->argument;
    bool is_list =
        envelope->what.class == ENVELOPE_VIEW && envelope->what.view == VIEW_SESSION_LIST;
    CHECK(envelope == &world->envelopes[mail->from]);
    CHECK(!is_list || argument->list.batch.count <= argument->list.batch.room);
    world->is_asked[envelope->shard] = false;
}

void world_ask(struct world *world, unsigned shard, struct envelope_what what,
               const union world_argument *argument)
{
    union world_argument *own = &world->arguments[shard];
    if (world->is_asked[shard] || world->is_ended[shard])
        return;
    *own = *argument;
    if (what.class == ENVELOPE_VIEW && what.view == VIEW_SESSION_LIST) {
        own->list.views = world->views[shard];
        own->list.batch.room = WORLD_VIEWS;
    }
    world->envelopes[shard] = (struct envelope){
        .what = what,
        .argument = own,
        .owner = world,
        .reply_to = {.mailbox = world->mailbox},
        .shard = shard,
    };
    world->is_asked[shard] = envelope_post(&world->shared, &world->envelopes[shard]) == PCE_OK;
}

void world_stop(struct world *world, uint32_t grace_ms)
{
    const struct mail mail = {.kind = SHARD_MAIL_STOP, .words = {grace_ms}};
    world->is_stopping = true;
    for (unsigned i = 0; i < world->open_count; i++) {
        if (!world->is_ended[i])
            CHECK(mailbox_post(world->shared.shards[i].mailbox, &mail, NULL) == PCE_OK);
    }
}

/* ---- turns ---- */

static void check_peers_left(struct shard *shard)
{
    const struct peers *peers = shard->peers;
    CHECK(peers->live_count == 0 && peers->second_count == 0 && peers->refusal_count == 0);
    CHECK(peers->pending.octets == 0);
}

static const struct shard_part end_part = {.name = "end", .fini = check_peers_left};
static const struct shard_part *parts[SHARD_PARTS_MAX + 2];

static void end_shard(struct world *world, unsigned index)
{
    struct shard *shard = &world->shared.shards[index];
    CHECK(!shard->has_failed);
    sim_set_waits(true);
    sim_memory_enter();
    shard_close(shard);
    sim_memory_leave();
    sim_set_waits(false);
    world->is_ended[index] = true;
}

/* Whether any shard has more to do at this instant; lowers *until to when the first one wakes. */
static bool turn_all(struct world *world, struct mono *until)
{
    bool is_busy = false;
    for (unsigned i = 0; i < world->open_count; i++) {
        if (world->is_ended[i])
            continue;
        sim_memory_enter();
        bool goes_on = shard_turn(&world->shared.shards[i]);
        sim_memory_leave();
        struct sim_wait wait = sim_last_wait();
        is_busy = is_busy || wait.is_busy;
        *until = mono_min(*until, wait.until);
        if (!goes_on)
            end_shard(world, i);
    }
    if (world->given_count > 0 && !world->holds_computations) {
        world_compute(world);
        is_busy = true;
    }
    (void)mailbox_attend(world->mailbox);
    (void)snapshot_poll(world->publisher);
    return is_busy;
}

static void check_sleep(struct world *world)
{
    if (world->moved_at.ns != sim_now().ns) {
        world->moved_at = sim_now();
        world->turns_since = 0;
    }
    CHECK(++world->turns_since < SPIN_MAX);
}

bool world_turn(struct world *world)
{
    struct mono until = MONO_NEVER;
    check_sleep(world);
    return turn_all(world, &until);
}

void world_run(struct world *world, struct mono until)
{
    for (;;) {
        struct mono wake = mono_min(until, sim_next_probe());
        check_sleep(world);
        if (turn_all(world, &wake))
            continue;
        struct mono now = sim_now();
        if (!mono_is_before(now, until))
            return;
        if (mono_is_before(now, wake))
            sim_set_now(wake);
        if (on_time != NULL)
            on_time(on_time_context);
    }
}

void world_settle(struct world *world)
{
    world_run(world, sim_now());
}

/* ---- opening and closing ---- */

static struct ip address_of(const char *text)
{
    struct ip ip;
    CHECK(ip_parse(text, &ip));
    return ip;
}

static void make_tables(struct world *world, unsigned shard)
{
    for (unsigned k = 0; k < COMPUTATION_ASKERS; k++) {
        world->tables[shard][k] =
            computation_table_create(COMPUTATIONS_PER_SHARD, shard, (enum computation_asker)k);
        CHECK(world->tables[shard][k] != NULL);
    }
}

static void open_common(struct world *world, const struct world_options *options)
{
    struct shared *shared = &world->shared;
    struct failure failure = {""};
    struct listener_options listen = {
        .addresses = {address_of(options->listens_any ? "0.0.0.0" : "192.0.2.250"),
                      address_of(options->listens_any ? "::" : "2001:db8::250")},
        .address_count = 2,
        .port = WORLD_LISTEN_PORT,
        .shard_count = options->shard_count,
        .backlog = 4096,
    };
    shared->config = *variant_config(options->config);
    shared->shard_count = options->shard_count;
    end_part_insert(parts, &end_part);
    shared->parts = parts;
    shared->started = sim_now();
    CHECK(snapshot_domain_create(&shared->domain) == PCE_OK);
    CHECK(snapshot_publisher_create(shared->domain, &world->publisher) == PCE_OK);
    CHECK(snapshot_reader_create(shared->domain, &world->reader) == PCE_OK);
    CHECK(mailbox_create(MAILBOX_ROOM, on_answer, world, &world->mailbox) == PCE_OK);
    CHECK(listeners_open(&listen, &shared->listeners, &failure) == PCE_OK);
    world_publish_config(world, options->config);
    world_publish_topology(world, options->topology);
    world->engine = path_engine_create(0);
    world->given = sim_allocate(WORLD_SHARDS_MAX * COMPUTATION_ASKERS * COMPUTATIONS_PER_SHARD *
                                sizeof(struct computation *));
    CHECK(world->engine != NULL);
    shared->shards = sim_allocate(options->shard_count * sizeof *shared->shards);
    for (unsigned i = 0; i < options->shard_count; i++) {
        make_tables(world, i);
        CHECK(shard_init(&shared->shards[i], shared, i) == PCE_OK);
    }
}

static void open_shards(struct world *world, const struct world_options *options)
{
    sim_memory_fail(options->fail_skip, options->fail_count);
    for (unsigned i = 0; i < world->shard_count && !world->was_refused; i++) {
        struct shard *shard = &world->shared.shards[i];
        sim_memory_enter();
        enum pce_status status = shard_open(shard);
        sim_memory_leave();
        world->open_count = i + 1;
        if (status == PCE_OK)
            continue;
        CHECK(shard->failure.text[0] != '\0'); /* it says why */
        world->was_refused = true;
        end_shard(world, i);
    }
    sim_memory_fail(0, 0);
}

struct world *world_open(const struct world_options *options)
{
    struct world *world = &the_world;
    (void)variant_config(0); /* read before allocations are counted */
    memset(world, 0, sizeof *world);
    world->blocks = sim_memory_blocks();
    sim_memory_begin();
    sim_kernel_begin(options->seed);
    sim_knobs()->no_direct = options->no_direct;
    world->shard_count = options->shard_count;
    open_common(world, options);
    open_shards(world, options);
    return world;
}

static void check_nothing_left(const struct shared *shared)
{
    CHECK(gauge_get(&shared->sessions) == 0);
    CHECK(half_open_total(&shared->half_open) == 0);
    CHECK(atomic_load(&shared->pending_octets) == 0);
    for (unsigned i = 0; i < shared->shard_count; i++) {
        const struct shard_counters *counters = &shared->shards[i].counters;
        CHECK(counter_get(&counters->peers) == 0 && counter_get(&counters->sessions_up) == 0);
        CHECK(counter_get(&counters->sessions_opened) == counter_get(&counters->sessions_ended));
    }
}

void world_end(struct world *world)
{
    on_time = NULL;

    *sim_knobs() = (struct sim_knobs){.window = 65536};
    sim_memory_fail(0, 0);
    world->holds_computations = false;
    world->refuse_computations = 0;
    world_stop(world, SHUTDOWN_GRACE_MS);
    world_run(world, mono_add_ms(sim_now(), SHUTDOWN_GRACE_MS + 5000));
    for (unsigned i = 0; i < world->open_count; i++)
        CHECK(world->is_ended[i]);
}

void world_close(struct world *world)
{
    struct shared *shared = &world->shared;
    check_nothing_left(shared);
    listeners_close(shared->listeners);
    CHECK(snapshot_publish(world->publisher, &shared->topology, NULL, NULL) == PCE_OK);
    CHECK(snapshot_publish(world->publisher, &shared->settings, NULL, NULL) == PCE_OK);
    CHECK(snapshot_poll(world->publisher) == 0);
    snapshot_reader_destroy(world->reader);
    snapshot_publisher_destroy(world->publisher);
    snapshot_domain_destroy(shared->domain);
    for (unsigned i = 0; i < world->shard_count; i++) {
        shard_fini(&shared->shards[i]);
        for (unsigned k = 0; k < COMPUTATION_ASKERS; k++)
            computation_table_destroy(world->tables[i][k]);
    }
    sim_release(shared->shards);
    mailbox_destroy(world->mailbox);
    path_engine_destroy(world->engine);
    sim_release((void *)world->given);
    sim_kernel_end();
    CHECK(sim_memory_blocks() == world->blocks);
}

int world_listener(const struct world *world, enum ip_family family, unsigned shard)
{
    return listeners_get(world->shared.listeners, family == IP_V4 ? 0 : 1, shard)->descriptor;
}

unsigned world_shard_of(const struct world *world, const struct ip *address)
{
    return listener_shard_of(address, world->shard_count);
}
