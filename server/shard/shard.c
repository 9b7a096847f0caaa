#include "server/shard/shard.h"

#include "core/base/check.h"
#include "core/base/validate.h"
#include "io/os/clock.h"
#include "io/os/limits.h"
#include "server/log/log.h"
#include "server/shard/group_mail.h"
#include "server/shard/part.h"

#include <sched.h>
#include <stdio.h>
#include <unistd.h>

/* The parts that have begun and have this function, in the order of the turn; what is called in
 * every turn is in shard->calls. */
#define FOR_PARTS(shard, part, function)                                                           \
    for (const struct shard_part *const *at = (shard)->shared->parts,                              \
                                        *const *end = at + (shard)->part_count, *part;             \
         at < end; at++)                                                                           \
        if (part = *at, part->function != NULL)

/* How long the ring may sleep when no timer runs: nothing depends on it. */
#define IDLE_WAIT_MS 1000
/* How long the kernel gets to finish what it holds of a ring, at most. */
#define SETTLE_MS 2000
/* Messages that wait for a shard: connections that strayed, and the word to stop. */
#define MAILBOX_ROOM 1024
/* How long a shard offers main what it has to say, at most: main may wait for its end already. */
#define TELL_MS 2000

_Static_assert(GROUP_MAIL_MAX + LISTENER_SHARDS_MAX < MAILBOX_ROOM,
               "letters of groups leave room for other mail");
_Static_assert(SHARD_MAIL_COUNT <= 32, "the mails of a part are bits of 32");
_Static_assert(LISTENER_SHARDS_MAX <= 1000 && sizeof "pced-shard-999" <= THREAD_NAME_SIZE,
               "the names of the threads differ");

static void shard_call_all(struct shard *shard, part_turn_fn *const *at)
{
    for (; *at != NULL; at++)
        (*at)(shard);
}

/* Once a turn, and not each time: this runs for each connection that octets have come from. */
void shard_hold(struct shard *shard)
{
    if (shard->is_holding)
        return;
    thread_owner_check(&shard->owner);
    shard->is_holding = true;
    snapshot_enter(shard->reader);
    shard->now = clock_now();
    shard->settings = snapshot_get(&shard->shared->settings);
    shard_call_all(shard, shard->calls.begin_turn);
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
    log_number(&line, "open_files", limits_files());
    log_end(&line);
}

/* What came meanwhile has waited for the turn to end. */
static void shard_count_turn(struct shard *shard)
{
    uint64_t took_ns = mono_since_ns(clock_now(), shard->now);
    counter_add(&shard->counters.turns, 1);
    if (took_ns > MONO_NS_PER_MS)
        counter_add(&shard->counters.turns_long, 1);
    if (took_ns > 10 * MONO_NS_PER_MS)
        counter_add(&shard->counters.turns_very_long, 1);
}

static void shard_let_go(struct shard *shard)
{
    if (!shard->is_holding)
        return;
    shard_count_turn(shard);
    shard_call_all(shard, shard->calls.end_turn);
    VALIDATE(VALIDATE_TURN_STEPS, wheel_validate(&shard->wheel));
    shard->settings = NULL;
    shard->is_holding = false;
    snapshot_leave(shard->reader);
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

static void on_mail(void *context, const struct mail *mail)
{
    struct shard *shard = context;
    const struct shard_part *part =
        mail->kind < SHARD_MAIL_COUNT ? shard->mail_parts[mail->kind] : NULL;
    if (shard->phase == SHARD_ENDED) {
        if (part != NULL && part->drop_mail != NULL)
            part->drop_mail(mail);
        return;
    }
    shard_hold(shard);
    if (mail->kind == SHARD_MAIL_STOP)
        begin_stop(shard, mail->words[0]);
    else if (part != NULL)
        part->on_mail(shard, mail);
}

static void on_accept(void *context, struct conn *conn)
{
    struct shard *shard = context;
    shard_hold(shard);
    FOR_PARTS(shard, part, on_accept)
    {
        part->on_accept(shard, conn);
    }
}

/* The next part of a shutdown; the phases end by themselves or at the deadline. */
static void go_on_stopping(struct shard *shard)
{
    FOR_PARTS(shard, part, on_stop)
    {
        part->on_stop(shard);
    }
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

static bool shard_is_busy(const struct shard *shard)
{
    for (part_busy_fn *const *at = shard->calls.is_busy; *at != NULL; at++) {
        if ((*at)(shard))
            return true;
    }
    return false;
}

static struct mono next_deadline(struct shard *shard)
{
    struct mono deadline =
        mono_min(wheel_next(&shard->wheel), mono_add_ms(clock_now(), IDLE_WAIT_MS));
    if (shard_is_busy(shard))
        return (struct mono){0};
    return shard->phase == SHARD_RUNNING ? deadline : mono_min(deadline, shard->stop_deadline);
}

static void decide_coalesce(struct shard *shard)
{
    uint64_t completions = counter_get(&ring_counters_of(shard->ring)->completions);
    bool may_wait = coalesce_on_turn(&shard->coalesce, completions, shard->now);
    ring_set_coalesce(shard->ring, may_wait ? 1000 * shard->settings->config.server.gather_ms : 0);
}

bool shard_turn(struct shard *shard)
{
    thread_owner_check(&shard->owner);
    enum pce_status status = ring_turn(shard->ring, next_deadline(shard));
    if (status != PCE_OK && status != PCE_TIMEOUT) {
        shard->has_failed = true;
        return false;
    }
    shard_hold(shard);
    (void)wheel_turn(&shard->wheel, shard->now);
    shard_call_all(shard, shard->calls.on_turn);
    if (shard->phase != SHARD_RUNNING)
        go_on_stopping(shard);
    decide_coalesce(shard);
    tell_files_full(shard);
    shard_let_go(shard);
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

static enum pce_status shard_open_ring(struct shard *shard)
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

static void shard_add_call(part_turn_fn **at, part_turn_fn *function)
{
    while (*at != NULL)
        at++;
    *at = function;
}

/* A function that is NULL adds nothing. */
static void shard_add_calls(struct part_calls *calls, const struct shard_part *part)
{
    part_busy_fn **at = calls->is_busy;
    shard_add_call(calls->begin_turn, part->begin_turn);
    shard_add_call(calls->on_turn, part->on_turn);
    shard_add_call(calls->end_turn, part->end_turn);
    while (*at != NULL)
        at++;
    *at = part->is_busy;
}

static enum pce_status init_parts(struct shard *shard)
{
    enum pce_status status = PCE_OK;
    for (unsigned i = 0; shard->shared->parts[i] != NULL && status == PCE_OK; i++) {
        shard->part_count++;
        shard_add_calls(&shard->calls, shard->shared->parts[i]);
        if (shard->shared->parts[i]->init != NULL)
            status = shard->shared->parts[i]->init(shard);
    }
    return status;
}

static void fini_parts(struct shard *shard)
{
    shard->calls = (struct part_calls){0};
    for (; shard->part_count > 0; shard->part_count--) {
        const struct shard_part *part = shard->shared->parts[shard->part_count - 1];
        if (part->fini != NULL)
            part->fini(shard);
    }
}

enum pce_status shard_open(struct shard *shard)
{
    thread_owner_claim(&shard->owner);
    wheel_init(&shard->wheel, clock_now());
    arena_init(&shard->arena, shard->shared->config.limits.arena_max);
    if (snapshot_reader_create(shard->shared->domain, &shard->reader) != PCE_OK)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for a shard");
    /* Each step leaves what it has made to shard_close, which is due whatever this gives. */
    enum pce_status status = shard_open_ring(shard);
    if (status == PCE_OK)
        status = init_parts(shard);
    if (status != PCE_OK)
        return status;
    status = listeners_start(shard->shared->listeners, shard->index, shard->pool, on_accept, shard);
    if (status != PCE_OK)
        return failure_set(&shard->failure, status, "a shard cannot start its listeners: %s",
                           pce_status_text(status));
    return PCE_OK;
}

static void shard_close_ring(struct shard *shard)
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
    thread_owner_check(&shard->owner);
    shard_close_ring(shard);
    shard_let_go(shard);
    /* After the ring: what the kernel still held of connections has ended, and with it their
     * peers. */
    fini_parts(shard);
    if (shard->reader != NULL)
        snapshot_reader_destroy(shard->reader);
    frame_spares_fini(&shard->spares);
    arena_fini(&shard->arena);
}

static void shard_run(void *context)
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
    CHECK(index < shared->shard_count);
    shard->shared = shared;
    shard->index = index;
    for (unsigned i = 0; shared->parts[i] != NULL; i++) {
        for (unsigned kind = 0; kind < SHARD_MAIL_COUNT; kind++) {
            if ((shared->parts[i]->mails >> kind & 1) == 0)
                continue;
            CHECK(shard->mail_parts[kind] == NULL); /* a kind of mail has one part */
            shard->mail_parts[kind] = shared->parts[i];
        }
    }
    return mailbox_create(MAILBOX_ROOM, on_mail, shard, &shard->mailbox);
}

void shard_fini(struct shard *shard)
{
    CHECK(!shard->is_started);  /* nobody turns it any more */
    shard->phase = SHARD_ENDED; /* or it never opened */
    while (shard->mailbox != NULL && mailbox_drain(shard->mailbox) > 0)
        continue;
    if (shard->mailbox != NULL)
        mailbox_destroy(shard->mailbox);
    shard->mailbox = NULL;
}

enum pce_status shard_start(struct shard *shard, struct failure *failure)
{
    CHECK(!shard->is_started);
    char name[THREAD_NAME_SIZE];
    (void)snprintf(name, sizeof name, "pced-shard-%u", shard->index);
    enum pce_status status =
        thread_start(&shard->thread, name, THREAD_CPU_ANY, shard_run, shard, failure);
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

void shard_join(struct shard *shard)
{
    if (shard->is_started)
        thread_join(&shard->thread);
    shard->is_started = false;
}
