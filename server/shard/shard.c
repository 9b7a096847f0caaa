#include "server/shard/shard.h"

#include "core/base/check.h"
#include "io/os/clock.h"
#include "server/log/log.h"
#include "server/northbound/session_view.h"
#include "server/peer/outgoing.h"
#include "server/peer/peer.h"
#include "server/peer/peer_log.h"
#include "server/peer/peer_send.h"
#include "server/peer/refresh.h"
#include "server/peer/relief.h"
#include "server/peer/stray.h"
#include "server/peer/throttle.h"
#include "server/shard/compute.h"
#include "server/shard/open_files.h"

#include <sched.h>
#include <stdio.h>
#include <unistd.h>

/* How long the ring may sleep when no timer runs: nothing depends on it. */
#define IDLE_WAIT_MS 1000
/* Peers that are told to go in one turn of a shutdown: a million of them must not starve the ring.
 */
#define CLOSE_BATCH 1024
/* How long the kernel gets to finish what it holds of a ring, at most. */
#define SETTLE_MS 2000
/* Messages that wait for a shard: connections that strayed, and the word to stop. */
#define MAILBOX_ROOM 1024
/* How long a shard offers main what it has to say, at most: main may wait for its end already. */
#define TELL_MS 2000

void shard_hold(struct shard *shard)
{
    if (shard->is_holding)
        return;
    shard->is_holding = true;
    snapshot_enter(shard->reader);
    shard->now = clock_now();
    shard->settings = snapshot_get(&shard->shared->settings);
    shard->handler.snapshot = snapshot_get(&shard->shared->topology);
    shard->handler.now = shard->now;
    shard->handler.work_left = HANDLERS_WORK_PER_TURN;
    shard->handler.reply_size_max = shard->settings->config.limits.reply_size_max;
    shard->handler.work_inline = shard->settings->config.limits.path_work_inline;
    shard->handler.limits.octets_max = (size_t)shard->settings->config.limits.request_queue_kib
                                       << 10;
}

/* Peers that come then wait in the kernel, and neither they nor the API would tell why. */
static void tell_files_full(struct shard *shard)
{
    static struct log_site site = LOG_SITE(
        WARNING, "no room for more connections: the limit of open files is reached, peers wait");
    uint64_t times = counter_get(&ring_counters_of(shard->ring)->files_full);
    struct log_line line;
    if (times == counter_get(&shard->counters.files_full))
        return;
    counter_set(&shard->counters.files_full, times);
    if (!log_begin(&line, &site))
        return;
    log_number(&line, "shard", shard->index);
    log_number(&line, "connections", conn_pool_count(shard->pool));
    log_number(&line, "open_files", open_files_limit());
    log_end(&line);
}

static void publish_counters(struct shard *shard)
{
    struct shard_counters *counters = &shard->counters;
    const struct handler_counters *handled = &shard->handled;
    counter_add(&counters->turns, 1);
    counter_set(&counters->requests, handled->requests);
    counter_set(&counters->replies_path, handled->replies_path);
    counter_set(&counters->replies_no_path, handled->replies_no_path);
    counter_set(&counters->replies_cached, handled->replies_cached);
    counter_set(&counters->requests_refused, handled->requests_refused);
    counter_set(&counters->replies_dropped, handled->replies_dropped);
    counter_set(&counters->requests_waiting, shard->handler.queue->count);
    counter_set(&counters->requests_queued, handled->requests_queued);
    counter_set(&counters->computations, handled->computations);
    counter_set(&counters->computations_refused, handled->computations_refused);
    counter_set(&counters->requests_coalesced, handled->requests_coalesced);
    counter_set(&counters->requests_computing, shard->handler.queue->computing);
    counter_set(&counters->requests_heavy,
                request_queue_waiting(shard->handler.queue, REQUEST_HEAVY));
    counter_set(&counters->requests_cancelled, handled->requests_cancelled);
    counter_set(&counters->requests_over_limit, handled->requests_over_limit);
    counter_set(&counters->requests_unserved, handled->requests_unserved);
    counter_set(&counters->requests_gone, handled->requests_gone);
    counter_set(&counters->congestions, handled->congestions);
    counter_set(&counters->overloads_told, handled->overloads_told);
    counter_set(&counters->overload_ends_told, handled->overload_ends_told);
    counter_set(&counters->reports, handled->reports);
    counter_set(&counters->reports_refused, handled->reports_refused);
    counter_set(&counters->messages_refused, handled->messages_refused);
    counter_set(&counters->notifications, handled->notifications);
    counter_set(&counters->errors, handled->errors);
}

static void let_go(struct shard *shard)
{
    if (!shard->is_holding)
        return;
    publish_counters(shard);
    shard->settings = NULL;
    shard->handler.snapshot = NULL;
    shard->is_holding = false;
    snapshot_leave(shard->reader);
}

struct session_settings *shard_borrow_settings(struct shard *shard, const struct ip *address)
{
    shard_hold(shard);
    return settings_cache_borrow(&shard->session_settings, shard->settings, address);
}

void shard_release_session(struct shard *shard)
{
    if (!gauge_release(&shard->shared->sessions))
        counter_add(&shard->counters.places_unmatched, 1);
}

static void begin_stop(struct shard *shard, uint64_t grace_ms)
{
    if (shard->phase != SHARD_RUNNING)
        return;
    shard_hold(shard);
    listeners_stop(shard->shared->listeners, shard->index);
    shard->phase = SHARD_CLOSING;
    shard->stop_deadline = mono_add_ms(shard->now, grace_ms);
}

/* Nobody takes it any more. What a mail only names stays its owner's; a socket is its own. */
static void drop_mail(const struct mail *mail)
{
    if (mail->kind == SHARD_MAIL_CONN)
        (void)close((int)mail->words[0]);
}

static void on_mail(void *context, const struct mail *mail)
{
    struct shard *shard = context;
    if (shard->phase == SHARD_ENDED) {
        drop_mail(mail);
        return;
    }
    shard_hold(shard);
    switch ((enum shard_mail)mail->kind) {
    case SHARD_MAIL_STOP:
        begin_stop(shard, mail->words[0]);
        break;
    case SHARD_MAIL_CONN:
        stray_adopt(shard, (int)mail->words[0]);
        break;
    case SHARD_MAIL_VIEW:
        session_view_answer(shard, mail->pointers[0]);
        break;
    case SHARD_MAIL_COMPUTED:
        handlers_on_computed(&shard->handler, mail->pointers[0]);
        break;
    case SHARD_MAIL_RELIEVE:
        relief_on_mail(shard);
        break;
    }
}

static void on_accept(void *context, struct conn *conn)
{
    struct shard *shard = context;
    shard_hold(shard);
    struct ip address = conn_peer(conn);
    if (!access_list_permits(shard->settings->access, &address)) {
        counter_add(&shard->counters.refused_access, 1);
        peer_log_turned_away(conn, "the access list denies it");
        conn_turn_away(conn);
        return;
    }
    unsigned home = listener_shard_of(&address, shard->shared->shard_count);
    if (home == shard->index)
        peer_accept(shard, conn);
    else
        stray_send_home(shard, conn, home);
}

/* From the first connection to the last, and again while any session lives. */
static void close_some(struct shard *shard)
{
    uint32_t end = conn_pool_used(shard->pool);
    for (unsigned i = 0; i < CLOSE_BATCH && shard->live_count > 0; i++) {
        if (shard->stop_index >= end)
            shard->stop_index = 0;
        const struct conn *conn = conn_pool_at(shard->pool, shard->stop_index++);
        struct peer *peer = conn == NULL ? NULL : peer_of_conn(conn);
        if (peer != NULL)
            peer_close(peer);
    }
}

/* The next part of a shutdown; the phases end by themselves or at the deadline. */
static void go_on_stopping(struct shard *shard)
{
    close_some(shard);
    if (shard->phase == SHARD_CLOSING && !mono_is_before(shard->now, shard->stop_deadline)) {
        conn_pool_reset_all(shard->pool);
        shard->phase = SHARD_RESETTING;
        shard->stop_deadline = mono_add_ms(shard->now, SETTLE_MS);
    }
    bool is_over =
        shard->phase == SHARD_RESETTING && !mono_is_before(shard->now, shard->stop_deadline);
    if (conn_pool_count(shard->pool) == 0 || is_over)
        shard->phase = SHARD_ENDED;
}

static struct mono next_deadline(struct shard *shard)
{
    struct mono deadline =
        mono_min(wheel_next(&shard->wheel), mono_add_ms(clock_now(), IDLE_WAIT_MS));
    if (refresh_is_busy(shard) || shard->has_requests || shard->answered != NULL)
        return (struct mono){0};
    if (shard->phase == SHARD_RUNNING)
        return deadline;
    if (shard->live_count > 0)
        return (struct mono){0};
    return mono_min(deadline, shard->stop_deadline);
}

static void judge_patience(struct shard *shard)
{
    uint64_t completions = counter_get(&ring_counters_of(shard->ring)->completions);
    bool may_wait = patience_on_turn(&shard->patience, completions, shard->now);
    ring_set_patience(shard->ring, may_wait ? 1000 * shard->settings->config.server.gather_ms : 0);
}

bool shard_turn(struct shard *shard)
{
    enum pce_status status = ring_turn(shard->ring, next_deadline(shard));
    if (status != PCE_OK && status != PCE_TIMEOUT) {
        shard->has_failed = true;
        return false;
    }
    shard_hold(shard);
    (void)wheel_turn(&shard->wheel, shard->now);
    shard->has_requests = handlers_serve(&shard->handler);
    throttle_turn(shard);
    refresh_turn(shard);
    peer_send_stall_marked(shard);
    relief_turn(shard);
    session_view_give_back(shard);
    if (shard->phase != SHARD_RUNNING)
        go_on_stopping(shard);
    judge_patience(shard);
    tell_files_full(shard);
    let_go(shard);
    return shard->phase != SHARD_ENDED;
}

static void tell_main(struct shard *shard, enum server_mail kind)
{
    static struct log_site site = LOG_SITE(ERROR, "the main thread takes no word of a shard");
    struct log_line line;
    struct mail mail = {.kind = kind, .from = shard->index};
    struct mono deadline = mono_add_ms(clock_now(), TELL_MS);
    enum pce_status status;
    while ((status = mailbox_post(shard->shared->mailbox, &mail, shard->ring)) == PCE_LIMIT &&
           mono_is_before(clock_now(), deadline))
        (void)sched_yield();
    if (status == PCE_OK || !log_begin(&line, &site))
        return;
    log_number(&line, "shard", shard->index);
    log_number(&line, "word", kind);
    log_end(&line);
}

/* Locked memory is scarce where it is limited (8 MiB for a user holds about 80 rings of the default
 * size, for all programs of that user), so that many shards get smaller rings. Each of them has the
 * less to do at a time. */
static struct ring_options ring_options_of(unsigned shard_count)
{
    if (shard_count <= 16)
        return (struct ring_options){0};
    if (shard_count <= 64)
        return (struct ring_options){.sq_entries = 256, .cq_entries = 2048, .buffer_count = 512};
    return (struct ring_options){.sq_entries = 64, .cq_entries = 512, .buffer_count = 256};
}

static enum pce_status open_ring(struct shard *shard)
{
    struct ring_options options = ring_options_of(shard->shared->shard_count);
    enum pce_status status = ring_create(&options, &shard->ring, &shard->failure);
    if (status != PCE_OK)
        return status;
    struct conn_pool_options pool = {.ring = shard->ring, .shard = shard->index};
    status = conn_pool_create(&pool, &shard->pool);
    if (status != PCE_OK)
        return failure_set(&shard->failure, status, "no memory for the connections of a shard");
    status = mailbox_attach(shard->mailbox, shard->ring);
    if (status != PCE_OK)
        return failure_set(&shard->failure, status, "cannot attach the mailbox of a shard");
    return PCE_OK;
}

/* Each shard has its share, one record at least. */
static void init_history(struct shard *shard)
{
    const struct config_limits *limits = &shard->shared->config.limits;
    const uint32_t share = limits->session_history / shard->shared->shard_count;
    history_init(&shard->history, share == 0 && limits->session_history > 0 ? 1 : share,
                 limits->session_history_per_peer);
}

enum pce_status shard_open(struct shard *shard)
{
    const struct config *config = &shard->shared->config;
    thread_owner_claim(&shard->owner);
    wheel_init(&shard->wheel, clock_now());
    arena_init(&shard->arena, config->limits.arena_max);
    /* The gauge of the server holds the limit, which a reload may change. */
    map_init(&shard->peers, peer_is_equal, SIZE_MAX);
    pending_init(&shard->pending);
    list_init(&shard->silent);
    init_history(shard);
    list_init(&shard->stalling);
    list_init(&shard->throttled);
    outgoing_init(shard);
    shard->random = map_hash(&shard->index, sizeof shard->index);
    uint32_t sessions_max = config->limits.sessions_max / shard->shared->shard_count + 1;
    if (acquaintances_init(&shard->acquaintances, sessions_max) != PCE_OK)
        return failure_set(&shard->failure, PCE_NO_MEMORY,
                           "no memory for the peers that are known");
    if (snapshot_reader_create(shard->shared->domain, &shard->reader) != PCE_OK)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for a shard");
    shard->engine = path_engine_create(config->limits.path_work_max);
    if (shard->engine == NULL)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for a path engine");
    struct request_queue *queue = request_queue_create();
    if (queue == NULL)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for a queue of requests");
    size_t replies_max =
        ((size_t)config->limits.reply_cache_mib << 20) / shard->shared->shard_count;
    struct reply_cache *replies = replies_max == 0 ? NULL : reply_cache_create(replies_max);
    if (replies == NULL && replies_max != 0) {
        request_queue_destroy(queue);
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for limits.reply-cache");
    }
    shard->handler = (struct handler_context){
        .queue = queue,
        .computations = compute_table(shard->shared->compute, shard->index),
        .replies = replies,
        .arena = &shard->arena,
        .engine = shard->engine,
        .counters = &shard->handled,
        .events = &peer_handler_events,
        .owner = shard,
    };
    enum pce_status status = open_ring(shard);
    if (status != PCE_OK)
        return status;
    status = listeners_start(shard->shared->listeners, shard->index, shard->pool, on_accept, shard);
    if (status != PCE_OK)
        return failure_set(&shard->failure, status, "a shard cannot start its listeners: %s",
                           pce_status_text(status));
    return PCE_OK;
}

static void close_ring(struct shard *shard)
{
    if (shard->ring == NULL)
        return;
    mailbox_detach(shard->mailbox);
    enum pce_status status = ring_settle(shard->ring, mono_add_ms(clock_now(), SETTLE_MS));
    /* A ring that does not settle keeps its memory: the kernel may still write to it. The process
     * is about to end. */
    if (status != PCE_OK || (shard->pool != NULL && conn_pool_count(shard->pool) != 0))
        return;
    if (shard->pool != NULL)
        conn_pool_destroy(shard->pool);
    ring_destroy(shard->ring);
}

void shard_close(struct shard *shard)
{
    close_ring(shard);
    relief_end(shard);
    let_go(shard);
    outgoing_fini(shard);
    settings_cache_fini(&shard->session_settings);
    if (shard->handler.queue != NULL)
        request_queue_destroy(shard->handler.queue);
    reply_cache_destroy(shard->handler.replies);
    if (shard->engine != NULL)
        path_engine_destroy(shard->engine);
    if (shard->reader != NULL)
        snapshot_reader_destroy(shard->reader);
    map_fini(&shard->peers);
    acquaintances_fini(&shard->acquaintances);
    history_fini(&shard->history);
    frame_spares_fini(&shard->spares);
    arena_fini(&shard->arena);
}

static void run_shard(void *context)
{
    struct shard *shard = context;
    if (shard_open(shard) != PCE_OK) {
        tell_main(shard, SERVER_MAIL_REFUSED);
    } else {
        tell_main(shard, SERVER_MAIL_READY);
        while (shard_turn(shard))
            continue;
        if (shard->has_failed)
            tell_main(shard, SERVER_MAIL_FAILED);
    }
    shard_close(shard);
    atomic_store_explicit(&shard->has_ended, true, memory_order_release);
}

enum pce_status shard_init(struct shard *shard, struct shared *shared, unsigned index)
{
    shard->shared = shared;
    shard->index = index;
    return mailbox_create(MAILBOX_ROOM, on_mail, shard, &shard->mailbox);
}

void shard_fini(struct shard *shard)
{
    shard->phase = SHARD_ENDED; /* or it never opened */
    while (shard->mailbox != NULL && mailbox_drain(shard->mailbox) > 0)
        continue;
    if (shard->mailbox != NULL)
        mailbox_destroy(shard->mailbox);
    shard->mailbox = NULL;
}

enum pce_status shard_start(struct shard *shard, struct failure *failure)
{
    char name[THREAD_NAME_SIZE];
    (void)snprintf(name, sizeof name, "pced-shard-%u", shard->index);
    enum pce_status status =
        thread_start(&shard->thread, name, THREAD_CPU_ANY, run_shard, shard, failure);
    shard->is_started = status == PCE_OK;
    return status;
}

/* A full mailbox has a shard behind it that works and will take some, or one that has ended. */
void shard_post_stop(struct shard *shard, uint32_t grace_ms)
{
    struct mail mail = {.kind = SHARD_MAIL_STOP, .words = {grace_ms}};
    while (shard->is_started && mailbox_post(shard->mailbox, &mail, NULL) == PCE_LIMIT &&
           !atomic_load_explicit(&shard->has_ended, memory_order_acquire))
        (void)sched_yield();
}

bool shard_offload(struct handler_context *context, struct computation *computation)
{
    const struct shard *shard = context->owner;
    return compute_offload(shard->shared->compute, computation) == PCE_OK;
}

bool shard_post_computed(struct shard *shard, struct computation *computation)
{
    struct mail mail = {.kind = SHARD_MAIL_COMPUTED, .pointers = {computation}};
    return mailbox_post(shard->mailbox, &mail, NULL) == PCE_OK;
}

void shard_join(struct shard *shard)
{
    if (shard->is_started)
        thread_join(&shard->thread);
    shard->is_started = false;
}
