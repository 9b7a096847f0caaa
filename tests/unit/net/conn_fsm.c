/* The table of a connection: the code, the documentation and what really happens are the same. */
#include "io/net/conn_fsm.h"
#include "tests/lib/fsm_document.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static struct fsm_row documented[CONN_STATE_COUNT][CONN_EVENT_COUNT];

static const char *state_text(unsigned i)
{
    return conn_state_text((enum conn_state)i);
}

static const char *event_text(unsigned i)
{
    return conn_event_text((enum conn_event)i);
}

static void read_document(void)
{
    static const struct fsm_document document = {PCED_SOURCE_DIR "/docs/CONNECTION-FSM.md",
                                                 CONN_STATE_COUNT, CONN_EVENT_COUNT, state_text,
                                                 event_text};
    fsm_document_read(&document, &documented[0][0]);
}

Test(conn_fsm, the_documented_table_is_the_table)
{
    read_document();
    for (int s = 0; s < CONN_STATE_COUNT; s++) {
        for (int e = 0; e < CONN_EVENT_COUNT; e++) {
            const struct conn_cell *cell = conn_cell_at((enum conn_state)s, (enum conn_event)e);
            const struct fsm_row *row = &documented[s][e];
            const char *step = row->is_there ? row->step : "ignore";
            cr_expect_str_eq(cell->name, step, "%s %s: code %s, document %s",
                             conn_state_text((enum conn_state)s),
                             conn_event_text((enum conn_event)e), cell->name, step);
            cr_expect_eq(cell->may_reach, row->may_reach, "%s %s: reach",
                         conn_state_text((enum conn_state)s), conn_event_text((enum conn_event)e));
        }
    }
}

/* ---- every event in every state ---- */

/* A connection without a socket: what its steps submit is never given to the kernel. */
struct bench {
    struct ring *ring;
    struct conn_pool *pool;
    struct conn *conn;
    bool is_direct;
};

/* The callback that was made, or NULL; the tests here are single processes. */
static const char *told;

static void tell(const char *name)
{
    cr_expect_null(told, "%s and %s", told, name);
    told = name;
}

static void on_connected(struct conn *conn)
{
    (void)conn;
    tell("on_connected");
}

static void on_octets(struct conn *conn, const uint8_t *octets, size_t size)
{
    (void)conn;
    (void)octets;
    (void)size;
    tell("on_octets");
}

static void on_end(struct conn *conn, enum pce_status status)
{
    (void)conn;
    (void)status;
    tell("on_end");
}

static void on_released(struct conn *conn, void *owner, enum pce_status status)
{
    (void)conn;
    (void)owner;
    (void)status;
    tell("on_released");
}

static void on_detached(void *context, int descriptor, enum pce_status status)
{
    (void)context;
    (void)descriptor;
    (void)status;
    tell("done");
}

static const struct conn_ops ops = {
    .on_connected = on_connected,
    .on_octets = on_octets,
    .on_end = on_end,
    .on_released = on_released,
};

static void bench_open(struct bench *bench, bool is_direct)
{
    struct failure failure;
    const struct ring_options ring_options = {.file_count = 64, .plain_descriptors = !is_direct};
    bench->is_direct = is_direct;
    cr_assert_eq(ring_create(&ring_options, &bench->ring, &failure), PCE_OK, "%s", failure.text);
    const struct conn_pool_options options = {.ring = bench->ring, .count_max = 256};
    cr_assert_eq(conn_pool_create(&options, &bench->pool), PCE_OK);
}

/* The state is written here alone: nothing that led there matters to a step. */
static void bench_put(struct bench *bench, enum conn_state state)
{
    bench->conn = conn_borrow(bench->pool, -1, bench->is_direct);
    cr_assert_not_null(bench->conn);
    bench->conn->state = (uint8_t)state;
    if (conn_is_detaching(bench->conn))
        bench->conn->detached = on_detached;
    else if (state > CONN_NEW)
        bench->conn->ops = &ops;
}

static void bench_happen(struct bench *bench, enum conn_event event)
{
    struct conn_input input = {
        .event = event,
        .status = PCE_IO,
        .result = -1,
        .name_size = sizeof bench->conn->name.v4,
        .ops = &ops,
        .detached = on_detached,
    };
    told = NULL;
    conn_dispatch(bench->conn, &input);
}

static void bench_close(struct bench *bench)
{
    bench->pool->count = 0; /* what is left has no socket */
    conn_pool_destroy(bench->pool);
    ring_destroy(bench->ring);
}

/* What came of a cell with both kinds of descriptor. */
struct found {
    uint32_t reached;
    bool stays;
    bool tells;
    bool is_quiet;
};

static void try_state(enum conn_state state, bool is_direct, struct found found[CONN_EVENT_COUNT])
{
    struct bench bench;
    bench_open(&bench, is_direct);
    for (int e = 0; e < CONN_EVENT_COUNT; e++) {
        bench_put(&bench, state);
        bench_happen(&bench, (enum conn_event)e);
        unsigned now = bench.conn->state;
        const struct fsm_row *row = &documented[state][e];
        if (now == (unsigned)state && (row->may_reach & (UINT32_C(1) << now)) == 0)
            found[e].stays = true;
        else
            found[e].reached |= UINT32_C(1) << now;
        if (told == NULL)
            found[e].is_quiet = true;
        else
            found[e].tells = true;
        if (told != NULL)
            cr_expect_str_eq(told, row->is_there ? row->effect : "-", "%s %s: told",
                             conn_state_text(state), conn_event_text((enum conn_event)e));
    }
    bench_close(&bench);
}

static void check_cell(const struct found *found, enum conn_state state, enum conn_event event)
{
    const struct fsm_row *row = &documented[state][event];
    const char *where = conn_state_text(state);
    const char *what = conn_event_text(event);
    cr_expect_eq(found->reached, row->may_reach, "%s %s: reached %#x, document %#x", where, what,
                 (unsigned)found->reached, (unsigned)row->may_reach);
    if (row->may_reach != 0)
        cr_expect_not(found->stays, "%s %s: stays", where, what);
    bool tells = row->is_there && strcmp(row->effect, "-") != 0;
    cr_expect_eq(found->tells, tells, "%s %s: tells", where, what);
    if (tells && strcmp(row->step, "install") != 0) /* which tells where nothing is to install */
        cr_expect_not(found->is_quiet, "%s %s: tells nobody", where, what);
}

Test(conn_fsm, every_event_in_every_state_does_what_the_document_says)
{
    read_document();
    for (int s = 0; s < CONN_STATE_COUNT; s++) {
        struct found found[CONN_EVENT_COUNT] = {0};
        try_state((enum conn_state)s, false, found);
        try_state((enum conn_state)s, true, found);
        for (int e = 0; e < CONN_EVENT_COUNT; e++)
            check_cell(&found[e], (enum conn_state)s, (enum conn_event)e);
    }
}

/* Callbacks do not nest: an owner that asks from inside one gets no other. */
Test(conn_fsm, no_callback_comes_of_what_the_owner_asks)
{
    struct bench bench;
    bench_open(&bench, true);
    for (int s = 0; s < CONN_STATE_COUNT; s++) {
        for (int e = CONN_EVENT_HAND_OVER; e <= CONN_EVENT_RESET; e++) {
            bench_put(&bench, (enum conn_state)s);
            bench_happen(&bench, (enum conn_event)e);
            cr_expect_null(told, "%s %s: %s", conn_state_text((enum conn_state)s),
                           conn_event_text((enum conn_event)e), told);
        }
    }
    bench_close(&bench);
}

static void check_way_out(struct bench *bench, enum conn_state state)
{
    static const enum conn_event events[] = {CONN_EVENT_RESET, CONN_EVENT_LAST_COMPLETION,
                                             CONN_EVENT_INSTALLED, CONN_EVENT_CLOSED};
    bench_put(bench, state);
    for (unsigned i = 0; i < sizeof events / sizeof events[0]; i++) {
        bench_happen(bench, events[i]);
        bench->conn->operations = 0; /* what was submitted has completed */
        if (bench->conn->state == CONN_FREE)
            return;
    }
    cr_expect_fail("%s: ends in %s", conn_state_text(state),
                   conn_state_text((enum conn_state)bench->conn->state));
}

Test(conn_fsm, every_state_but_free_ends_in_free_by_a_reset_and_completions)
{
    for (int kind = 0; kind < 2; kind++) {
        struct bench bench;
        bench_open(&bench, kind == 1);
        for (int s = CONN_FREE + 1; s < CONN_STATE_COUNT; s++)
            check_way_out(&bench, (enum conn_state)s);
        cr_expect_eq(conn_pool_count(bench.pool), 0);
        bench_close(&bench);
    }
}

Test(conn_fsm, one_owner_hears_of_one_end)
{
    struct bench bench;
    bench_open(&bench, false);
    bench_put(&bench, CONN_OPEN);
    bench_happen(&bench, CONN_EVENT_PEER_FIN);
    cr_expect_str_eq(told, "on_end");
    bench_happen(&bench, CONN_EVENT_FAILED);
    cr_expect_null(told, "it has heard of the FIN");
    bench_happen(&bench, CONN_EVENT_NEWS_DUE);
    cr_expect_null(told);
    bench_happen(&bench, CONN_EVENT_HAND_OVER);
    bench_happen(&bench, CONN_EVENT_NEWS_DUE);
    cr_expect_str_eq(told, "on_end", "the next owner hears of the failure");
    bench_happen(&bench, CONN_EVENT_NEWS_DUE);
    cr_expect_null(told);
    cr_expect_eq(counter_get(&bench.pool->counters.failures), 1);
    bench_close(&bench);
}

Test(conn_fsm, why_a_reset_connection_ended_is_not_what_its_operations_say)
{
    struct bench bench;
    bench_open(&bench, false);
    bench_put(&bench, CONN_OPEN);
    bench_happen(&bench, CONN_EVENT_RESET);
    bench_happen(&bench, CONN_EVENT_FAILED);
    cr_expect_eq(bench.conn->end_status, PCE_CANCELLED);
    cr_expect_eq(counter_get(&bench.pool->counters.failures), 0);
    bench_close(&bench);
}

Test(conn_fsm, a_step_may_not_enter_what_its_cell_does_not_name, .signal = SIGABRT)
{
    struct bench bench;
    bench_open(&bench, false);
    bench_put(&bench, CONN_OPEN);
    const struct conn_cell lying = {.name = "lying"};
    const struct conn_input input = {.event = CONN_EVENT_RESET, .cell = &lying};
    conn_cell_at(CONN_OPEN, CONN_EVENT_RESET)->step(bench.conn, &input);
}

Test(conn_fsm, one_that_is_being_given_away_is_not_handed_over, .signal = SIGABRT)
{
    struct bench bench;
    bench_open(&bench, false);
    bench_put(&bench, CONN_DETACHING);
    conn_hand_over(bench.conn, &ops, NULL);
}
