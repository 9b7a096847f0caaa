/* Who owns a connection, through every order of what may happen to it.
 *
 * All that a shard runs of server/ is the real code; io/ is fake_io.c, which ends the program when
 * an owner is freed that a connection still names. From a few openings, every sequence of events up
 * to a depth is played, each in a shard of its own: connections come, bring octets, end and break;
 * limits are reached; allocations fail; the first connection of a peer turns out to live, to be
 * dead, or neither; time passes; the shard is told to stop. Events come one a turn, or two in a
 * turn; closes complete at once or late. After each sequence the peers vanish: nothing may be left,
 * in any list, count, timer or on the heap.
 *
 * PCED_MODEL_DEPTH: events after the opening. Exit code 1 and the sequence on a failure. */
#include "core/base/check.h"
#include "core/requests/computation.h"
#include "server/log/log.h"
#include "server/peer/peer.h"
#include "server/peer/refusal.h"
#include "server/peer/second_connection.h"
#include "server/shard/compute.h"
#include "server/shard/shard.h"
#include "tests/lib/end_part.h"
#include "tests/lib/random.h"
#include "tests/model/fake_io.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEPTH_DEFAULT 3
#define DEPTH_MAX     16
#define TRACE_MAX     (DEPTH_MAX + 8)
#define QUIET_TURNS   400
#define CONNS_MAX     6 /* that the model lets in */
#define MANY          1000000
#define GRACE_MS      1500

enum event {
    ACCEPT,
    STRAY,
    INPUT_OLDEST,
    INPUT_NEWEST,
    FIN_OLDEST,
    FIN_NEWEST,
    BREAK_OLDEST,
    BREAK_NEWEST,
    STALL,
    CONNECTED,
    REFUSED,
    ALIVE,
    DEAD,
    UNKNOWN,
    TIMER,
    LATE,
    FULL_SESSIONS,
    FULL_HALF_OPEN,
    FULL_REFUSALS,
    FULL_SECOND_CONNECTIONS,
    NO_MEMORY_ONCE,
    NO_MEMORY_TWICE,
    NO_MEMORY,
    OPERATOR,
    STOP,
    EVENT_COUNT,
};

static const char *const names[EVENT_COUNT] = {
    [ACCEPT] = "accept",
    [STRAY] = "accept-stray",
    [INPUT_OLDEST] = "input-oldest",
    [INPUT_NEWEST] = "input-newest",
    [FIN_OLDEST] = "fin-oldest",
    [FIN_NEWEST] = "fin-newest",
    [BREAK_OLDEST] = "break-oldest",
    [BREAK_NEWEST] = "break-newest",
    [STALL] = "stall",
    [CONNECTED] = "connected",
    [REFUSED] = "refused",
    [ALIVE] = "alive",
    [DEAD] = "dead",
    [UNKNOWN] = "unknown",
    [TIMER] = "timer",
    [LATE] = "late",
    [FULL_SESSIONS] = "sessions-full",
    [FULL_HALF_OPEN] = "half-open-full",
    [FULL_REFUSALS] = "refusals-full",
    [FULL_SECOND_CONNECTIONS] = "challenges-full",
    [NO_MEMORY_ONCE] = "first-allocation-fails",
    [NO_MEMORY_TWICE] = "second-allocation-fails",
    [NO_MEMORY] = "no-memory",
    [OPERATOR] = "closed-by-operator",
    [STOP] = "stop",
};

struct opening {
    bool connects; /* the peer is one that we connect to, and are connecting to */
    unsigned count;
    enum event events[4];
};

static const struct opening openings[] = {
    {.count = 0},
    {.count = 2, .events = {ACCEPT, INPUT_OLDEST}},
    {.count = 3, .events = {ACCEPT, INPUT_OLDEST, ACCEPT}},
    {.count = 4, .events = {ACCEPT, INPUT_OLDEST, ACCEPT, TIMER}},
    {.count = 2, .events = {ACCEPT, ACCEPT}},
    {.count = 3, .events = {ACCEPT, ACCEPT, TIMER}},
    {.connects = true, .count = 2, .events = {LATE, LATE}},
    {.connects = true, .count = 3, .events = {LATE, LATE, CONNECTED}},
    {.connects = true, .count = 4, .events = {LATE, LATE, ACCEPT, INPUT_OLDEST}},
};
#define OPENINGS (sizeof openings / sizeof openings[0])

/* How events and completions fall into turns. */
#define RHYTHMS 6

struct model {
    unsigned depth;
    /* The choices of this sequence, and how many there were at each place. */
    unsigned choices[DEPTH_MAX];
    unsigned widths[DEPTH_MAX];
    unsigned place;
    /* What was played. */
    enum event trace[TRACE_MAX];
    unsigned played;
    unsigned opening;
    unsigned rhythm;
    /* The macro that goes on for several turns. */
    enum event verdict; /* ALIVE, DEAD, UNKNOWN; EVENT_COUNT: none */
    struct mono verdict_until;
    bool is_full[EVENT_COUNT];
    unsigned quiet;
    bool is_stopping;
    uint64_t sequences;
    uint64_t events;
};

static struct model model;
static struct shared shared;
static struct snapshot_publisher *publisher;
static struct shard shard;
static struct config config[2]; /* without and with a peer that we connect to */
static struct computation_table *computations;

void __asan_on_error(void);
_Noreturn void __wrap_check_failed(const char *condition, const char *file, int line);

static void print_trace(void)
{
    fprintf(stderr, "sequence (opening %u, rhythm %u):", model.opening, model.rhythm);
    for (unsigned i = 0; i < model.played; i++)
        fprintf(stderr, " %s", names[model.trace[i]]);
    fprintf(stderr, "\n");
}

void __asan_on_error(void)
{
    print_trace();
}

/* In the place of core/base/check.c: the sequence as well. */
void __wrap_check_failed(const char *condition, const char *file, int line)
{
    fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
    print_trace();
    _exit(1);
}

void fake_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n");
    print_trace();
    _exit(1);
}

struct computation_table *compute_table(const struct compute *compute, unsigned index,
                                        enum computation_asker asker)
{
    (void)compute;
    (void)index;
    return asker == COMPUTATION_OF_REQUESTS ? computations : NULL;
}

enum pce_status compute_offload(struct compute *compute, struct computation *computation)
{
    (void)compute;
    (void)computation;
    fake_fail("nothing asks for a path here");
}

/* ---- events ---- */

static struct ip address_of(uint8_t last)
{
    const uint8_t octets[4] = {192, 0, 2, last};
    return ip_from_v4(octets);
}

static bool is_reachable(const struct conn *conn)
{
    return conn->state == FAKE_OPEN || conn->state == FAKE_FINISHING;
}

static bool takes_input(const struct conn *conn)
{
    return is_reachable(conn) && !conn->is_paused && !conn->is_broken && !conn->is_closed_by_peer;
}

static bool has_end(const struct conn *conn)
{
    return is_reachable(conn) && !conn->is_broken;
}

static bool can_fin(const struct conn *conn)
{
    return has_end(conn) && !conn->is_closed_by_peer;
}

static bool is_dialing(const struct conn *conn)
{
    return conn->state == FAKE_DIALING;
}

static bool is_asked(const struct conn *conn)
{
    return conn->state != FAKE_FREE && conn->is_inspecting;
}

typedef bool fits_fn(const struct conn *conn);

static struct conn *oldest(fits_fn *fits)
{
    struct conn *found = NULL;
    for (unsigned i = 0; i < FAKE_CONNS_MAX; i++) {
        struct conn *conn = &fake.conns[i];
        if (fits(conn) && (found == NULL || conn->order < found->order))
            found = conn;
    }
    return found;
}

static struct conn *newest(fits_fn *fits)
{
    struct conn *found = NULL;
    for (unsigned i = 0; i < FAKE_CONNS_MAX; i++) {
        struct conn *conn = &fake.conns[i];
        if (fits(conn) && (found == NULL || conn->order > found->order))
            found = conn;
    }
    return found;
}

/* The newest one where that is not the oldest, too. */
static struct conn *other(fits_fn *fits)
{
    struct conn *conn = newest(fits);
    return conn == oldest(fits) ? NULL : conn;
}

static bool is_failing(void)
{
    return fake.fail_at != 0 || fake.fail_all;
}

static bool can_happen(enum event event)
{
    switch (event) {
    case ACCEPT:
        return fake.is_listening && fake_count() < CONNS_MAX;
    case STRAY:
        return fake.is_listening && fake_count() < CONNS_MAX && model.place == 0;
    case INPUT_OLDEST:
        return oldest(takes_input) != NULL;
    case INPUT_NEWEST:
        return other(takes_input) != NULL;
    case FIN_OLDEST:
        return oldest(can_fin) != NULL;
    case FIN_NEWEST:
        return other(can_fin) != NULL;
    case BREAK_OLDEST:
        return oldest(has_end) != NULL;
    case BREAK_NEWEST:
        return other(has_end) != NULL;
    case STALL:
        return oldest(has_end) != NULL;
    case CONNECTED:
    case REFUSED:
        return oldest(is_dialing) != NULL;
    case ALIVE:
    case DEAD:
    case UNKNOWN:
        return oldest(is_asked) != NULL;
    case TIMER:
    case LATE:
        return true;
    case FULL_SESSIONS:
    case FULL_HALF_OPEN:
    case FULL_REFUSALS:
    case FULL_SECOND_CONNECTIONS:
        return !model.is_full[event];
    case NO_MEMORY_ONCE:
    case NO_MEMORY_TWICE:
    case NO_MEMORY:
        return !is_failing();
    case OPERATOR:
        return shard.peers->live_count > 0;
    case STOP:
        return shard.phase == SHARD_RUNNING;
    case EVENT_COUNT:
        break;
    }
    return false;
}

/* Open and Keepalive at once; then Close; then what is no message. */
static void put_input(struct conn *conn)
{
    static const uint8_t greeting[] = {0x20, 1,  0,   12, 1,    0x10, 0, 8,
                                       0x20, 30, 120, 1,  0x20, 2,    0, 4};
    static const uint8_t close[] = {0x20, 7, 0, 12, 15, 0x10, 0, 8, 0, 0, 0, 1};
    static const uint8_t noise[] = {0xff, 0xff, 0xff, 0xff, 0xff};
    if (conn->inputs == 0)
        fake_input(conn, greeting, sizeof greeting);
    else if (conn->inputs == 1)
        fake_input(conn, close, sizeof close);
    else
        fake_input(conn, noise, sizeof noise);
}

static void fill(enum event event)
{
    model.is_full[event] = true;
    if (event == FULL_SESSIONS)
        atomic_fetch_add(&shared.sessions.count, MANY);
    else if (event == FULL_HALF_OPEN)
        atomic_fetch_add(&shared.half_open.total.count, MANY);
    else if (event == FULL_REFUSALS)
        shard.peers->refusal_count += REFUSALS_MAX;
    else
        shard.peers->second_count += SECOND_CONNECTIONS_MAX;
}

static void empty_all(void)
{
    if (model.is_full[FULL_SESSIONS])
        atomic_fetch_sub(&shared.sessions.count, MANY);
    if (model.is_full[FULL_HALF_OPEN])
        atomic_fetch_sub(&shared.half_open.total.count, MANY);
    if (model.is_full[FULL_REFUSALS])
        shard.peers->refusal_count -= REFUSALS_MAX;
    if (model.is_full[FULL_SECOND_CONNECTIONS])
        shard.peers->second_count -= SECOND_CONNECTIONS_MAX;
    memset(model.is_full, 0, sizeof model.is_full);
}

static void stop(void)
{
    struct mail mail = {.kind = SHARD_MAIL_STOP, .words = {GRACE_MS}};
    fake.on_mail(fake.mail_context, &mail);
}

/* As session_close.c does it. */
static void close_one(void)
{
    for (unsigned i = 0; i < FAKE_CONNS_MAX; i++) {
        struct conn *conn = conn_pool_at(NULL, i);
        struct peer *peer = conn == NULL ? NULL : peer_of_conn(conn);
        if (peer == NULL)
            continue;
        shard_hold(&shard);
        session_close(&peer->session, 1, "closed by the operator", shard.now);
        peer_close(peer);
        return;
    }
}

static void pass_to(struct mono instant)
{
    if (mono_is_before(fake.now, instant) && !mono_is_never(instant))
        fake.now = instant;
    else
        fake.now = mono_add_ms(fake.now, 1);
}

static void happen(enum event event)
{
    switch (event) {
    case ACCEPT:
    case STRAY: {
        struct ip address = address_of(event == ACCEPT ? 10 : 99);
        (void)fake_accept(&address);
        break;
    }
    case INPUT_OLDEST:
        put_input(oldest(takes_input));
        break;
    case INPUT_NEWEST:
        put_input(newest(takes_input));
        break;
    case FIN_OLDEST:
        fake_fin(oldest(can_fin));
        break;
    case FIN_NEWEST:
        fake_fin(newest(can_fin));
        break;
    case BREAK_OLDEST:
        fake_break(oldest(has_end), PCE_IO);
        break;
    case BREAK_NEWEST:
        fake_break(newest(has_end), PCE_TIMEOUT);
        break;
    case STALL:
        fake_unacked(oldest(has_end), UINT32_MAX);
        break;
    case CONNECTED:
        fake_connected(oldest(is_dialing));
        break;
    case REFUSED:
        fake_break(oldest(is_dialing), PCE_CLOSED);
        break;
    case ALIVE:
    case DEAD:
    case UNKNOWN:
        model.verdict = event;
        model.verdict_until = mono_add_ms(fake.now, SECOND_CONNECTION_MS + 1100);
        break;
    case TIMER:
        pass_to(fake.deadline);
        break;
    case LATE:
        fake.now = mono_add_ms(fake.now, 3000);
        break;
    case FULL_SESSIONS:
    case FULL_HALF_OPEN:
    case FULL_REFUSALS:
    case FULL_SECOND_CONNECTIONS:
        fill(event);
        break;
    case NO_MEMORY_ONCE:
        fake.fail_at = 1;
        break;
    case NO_MEMORY_TWICE:
        fake.fail_at = 2;
        break;
    case NO_MEMORY:
        fake.fail_all = true;
        break;
    case OPERATOR:
        close_one();
        break;
    case STOP:
        stop();
        break;
    case EVENT_COUNT:
        break;
    }
}

static void play(enum event event)
{
    bool was_failing = is_failing();
    model.trace[model.played++] = event;
    model.events++;
    happen(event);
    if (was_failing) {
        fake.fail_at = 0;
        fake.fail_all = false;
    }
}

/* ---- one sequence ---- */

/* The socket of a peer that lives, of one that is dead, or no answer. */
static void answer(struct conn *conn)
{
    static const struct conn_inspection living = {
        .is_established = true, .send_window = 1000, .local = {.family = IP_NONE}};
    static const struct conn_inspection dead = {.is_established = true,
                                                .unacked = 50,
                                                .in_flight = 1,
                                                .retransmits = 3,
                                                .last_ack_ms = 1000000,
                                                .send_window = 1000};
    if (model.verdict == UNKNOWN)
        fake_inspected(conn, PCE_IO, NULL);
    else
        fake_inspected(conn, PCE_OK, model.verdict == ALIVE ? &living : &dead);
}

static bool go_on_with_verdict(void)
{
    if (model.verdict == EVENT_COUNT)
        return false;
    struct conn *conn = oldest(is_asked);
    if (conn != NULL)
        answer(conn);
    else
        pass_to(fake.deadline);
    if (!mono_is_before(fake.now, model.verdict_until))
        model.verdict = EVENT_COUNT;
    return true;
}

static void choose(void)
{
    enum event possible[EVENT_COUNT];
    unsigned width = 0;
    for (unsigned event = 0; event < EVENT_COUNT; event++) {
        if (can_happen((enum event)event))
            possible[width++] = (enum event)event;
    }
    unsigned choice = model.choices[model.place];
    CHECK(choice < width);
    model.widths[model.place] = width;
    model.place++;
    play(possible[choice]);
}

/* The peers have vanished: what is left has to end by itself. */
static void vanish(void)
{
    model.verdict = UNKNOWN;
    for (unsigned i = 0; i < FAKE_CONNS_MAX; i++) {
        struct conn *conn = &fake.conns[i];
        if (is_asked(conn))
            answer(conn);
        if ((conn->state == FAKE_OPEN || conn->state == FAKE_FINISHING ||
             conn->state == FAKE_DIALING) &&
            !conn->is_broken && model.quiet % 8 == 0)
            fake_break(conn, PCE_IO);
    }
    fake.now = mono_add_ms(fake.now, 700);
    if (++model.quiet > QUIET_TURNS)
        fake_fail("it does not come to rest");
}

static void check_rest(void)
{
    if (shard.peers->second_count != 0 || shard.peers->refusal_count != 0 ||
        shard.peers->live_count != 0)
        fake_fail("left: %u challenges, %u refusals, %u live peers", shard.peers->second_count,
                  shard.peers->refusal_count, shard.peers->live_count);
    if (!list_is_empty(&shard.peers->stalling) || !list_is_empty(&shard.peers->throttled))
        fake_fail("a list still names a peer");
}

static void end_peers(struct shard *ending)
{
    (void)ending;
    empty_all();
    check_rest();
}

static const struct shard_part end_part = {.name = "end", .fini = end_peers};
static const struct shard_part *parts[SHARD_PARTS_MAX + 2];

static void rest(void)
{
    if (model.quiet == 0) {
        empty_all();
        fake.fail_at = 0;
        fake.fail_all = false;
    }
    vanish();
    bool is_still = fake_count() == 0 || openings[model.opening].connects;
    if (shard.phase == SHARD_RUNNING && model.quiet >= 30 && is_still) {
        if (fake_count() == 0)
            check_rest();
        stop();
    }
}

static void on_turn(void)
{
    const struct opening *opening = &openings[model.opening];
    if (go_on_with_verdict())
        return;
    if (model.played < opening->count) {
        enum event event = opening->events[model.played];
        if (!can_happen(event))
            fake_fail("the opening cannot be played");
        play(event);
        return;
    }
    if (model.place == model.depth) {
        rest();
        return;
    }
    choose();
    bool is_pair = model.rhythm % 3 != 0 && model.place % 2 == model.rhythm % 3 % 2;
    if (is_pair && model.place < model.depth && model.verdict == EVENT_COUNT)
        choose();
}

static void check_end(int64_t balance)
{
    if (fake_count() != 0)
        fake_fail("%u connections are left", fake_count());
    if (gauge_get(&shared.sessions) != 0 || half_open_total(&shared.half_open) != 0 ||
        half_open_total(&shared.half_open_known) != 0)
        fake_fail("places are left taken");
    if (counter_get(&shard.counters.peers) != 0 || counter_get(&shard.counters.sessions_up) != 0)
        fake_fail("peers are left counted");
    if (fake.balance != balance)
        fake_fail("%lld allocations are left", (long long)(fake.balance - balance));
}

static void run_sequence(void)
{
    struct failure failure;
    unsigned depth = model.depth;
    fake_reset();
    fake.on_turn = on_turn;
    fake.close_delay = model.rhythm < 3 ? 0 : 3;
    fake.local_known = model.rhythm % 2;
    model.place = 0;
    model.played = 0;
    model.quiet = 0;
    model.verdict = EVENT_COUNT;
    model.depth = depth;
    int64_t balance = fake.balance;
    memset(&shard, 0, sizeof shard);
    CHECK(shard_init(&shard, &shared, 0) == PCE_OK);
    CHECK(shard_start(&shard, &failure) == PCE_OK);
    fake.fail_at = 0;
    fake.fail_all = false;
    shard_join(&shard);
    shard_fini(&shard);
    check_end(balance);
    model.sequences++;
}

/* The next sequence that differs; false when there is none. */
static bool advance(void)
{
    unsigned place = model.place;
    while (place > 0) {
        place--;
        if (model.choices[place] + 1 < model.widths[place]) {
            model.choices[place]++;
            memset(&model.choices[place + 1], 0, (DEPTH_MAX - place - 1) * sizeof model.choices[0]);
            return true;
        }
    }
    return false;
}

static void run_opening(unsigned opening)
{
    model.opening = opening;
    unsigned generation = openings[opening].connects ? 2 : 1;
    struct settings *settings = settings_create(&config[generation - 1], generation);
    CHECK(settings != NULL);
    CHECK(snapshot_publish(publisher, &shared.settings, settings, settings_destroy) == PCE_OK);
    for (model.rhythm = 0; model.rhythm < RHYTHMS; model.rhythm++) {
        memset(model.choices, 0, sizeof model.choices);
        do
            run_sequence();
        while (advance());
    }
}

static void prepare(void)
{
    /* What every sequence would take and give back whole is kept small: a sanitizer pays for each
     * octet. */
    static const char with_peer[] =
        "limits:\n  reply-cache: 0\n  session-history: 16\nsession:\n  send-hold: 100\n"
        "peers:\n  - prefix: 192.0.2.10\n    connect: {}\n";
    size_t plain = (size_t)(strstr(with_peer, "peers:") - with_peer);
    struct config_fault fault;
    for (unsigned i = 0; i < 2; i++) {
        size_t size = i == 0 ? plain : sizeof with_peer - 1;
        if (config_read(with_peer, size, "", &config[i], &fault) != PCE_OK)
            fake_fail("%s: %s", fault.key, fault.reason);
        config[i].log.level = CONFIG_LOG_LEVEL_ERROR;
    }
    log_configure(&config[0].log);
    shared.config = config[0];
    shared.shard_count = 2;
    shared.shards = &shard;
    end_part_insert(parts, &end_part);
    shared.parts = parts;
    CHECK(snapshot_domain_create(&shared.domain) == PCE_OK);
    CHECK(snapshot_publisher_create(shared.domain, &publisher) == PCE_OK);
    computations = computation_table_create(4, 0, COMPUTATION_OF_REQUESTS);
    CHECK(computations != NULL);
}

int main(void)
{
    model.depth = (unsigned)test_env_u64("PCED_MODEL_DEPTH", DEPTH_DEFAULT);
    CHECK(model.depth <= DEPTH_MAX);
    prepare();
    for (unsigned opening = 0; opening < OPENINGS; opening++)
        run_opening(opening);
    printf("%llu sequences of %u events (%llu events)\n", (unsigned long long)model.sequences,
           model.depth, (unsigned long long)model.events);
    return 0;
}
