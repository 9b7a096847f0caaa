#include "bench/pceload/worker.h"

#include "bench/pceload/session/connect.h"
#include "bench/pceload/session/end.h"
#include "bench/pceload/session/receive.h"
#include "bench/pceload/session/send.h"
#include "bench/pceload/session/tick.h"

#include <errno.h>
#include <sys/prctl.h>
#include <time.h>

#define IDLE_BATCH        64u /* completions that idle sessions are waited for together */
#define FEW_RINGS         8u  /* as long as there are no more, memory for a ring is no matter */
#define SCHEDULE_PER_TURN 4096u
#define SEND_SIZE_MIN     512u
#define SEND_SIZE_FLOOD   16384u /* more, where reports or unread requests are sent */
#define RECEIVE_SIZE      2048u
#define RECEIVE_SIZE_DEEP 16384u /* for the replies to a session's whole window */
#define WINDOW_DEEP       8u

/* ---- its parts ---- */

bool worker_init(struct worker *worker)
{
    const struct worker_given *given = &worker->given;
    const struct options *options = given->options;
    uint32_t well = options->sessions - options_misbehaving(options);
    const struct load_given of_load = {
        .options = options,
        .network = given->network,
        .templates = given->templates,
        .stage = given->stage,
        .now = &worker->now,
        .counters = &worker->counters,
        .results = &worker->results,
        .ring = given->number,
        .rings = given->rings,
        .session_count = options_share(options->sessions, given->number, given->rings),
        .well_count = options_share(well, given->number, given->rings),
    };
    const struct pcc_table_given of_table = {&worker->now, &worker->ring, &worker->load,
                                             &worker->lsps};
    if (load_init(&worker->load, &of_load) && lsps_init(&worker->lsps, &worker->load.given) &&
        pcc_table_init(&worker->table, &of_table))
        return true;
    enum pce_status status = failure_set_errno(&worker->failure, ENOMEM, "memory for the sessions");
    (void)status;
    return false;
}

/* The ring first: the kernel may still write to what the table owns. */
void worker_fini(struct worker *worker)
{
    uring_close(&worker->ring);
    pcc_table_fini(&worker->table);
    lsps_fini(&worker->lsps);
    load_fini(&worker->load);
}

/* Many rings have to share the locked memory with those of the server beside them. */
static uint32_t worker_choose(uint32_t given, const struct worker *worker, uint32_t few,
                              uint32_t many)
{
    if (given != 0)
        return given;
    return worker->given.rings <= FEW_RINGS ? few : many;
}

/* A reply of 100 octets for each request of a session's window comes in one piece. */
static bool worker_open_ring(struct worker *worker)
{
    const struct options *options = worker->given.options;
    struct uring_sizes sizes = {
        .slots = worker->table.count,
        .sq_entries = worker_choose(options->sq_entries, worker, 1024, 128),
        .cq_entries = worker_choose(options->cq_entries, worker, 4096, 512),
        .receive_count = worker_choose(options->buffers, worker, 1024, 256),
        .receive_size = worker->load.window >= WINDOW_DEEP ? RECEIVE_SIZE_DEEP : RECEIVE_SIZE,
        .send_size = worker->load.depth * TEMPLATE_SIZE + SEND_SIZE_MIN,
    };
    if (options->is_stateful || options_misbehaving(options) > 0)
        sizes.send_size += SEND_SIZE_FLOOD;
    return uring_open(&worker->ring, &sizes, &worker->failure);
}

static bool open_worker(struct worker *worker)
{
    if (!worker_init(worker) || !worker_open_ring(worker))
        return false;
    now_read(&worker->now);
    worker->now.begin_ns = worker->now.ns;
    worker->table.next_tick_ns = worker->now.begin_ns + TICK_NS;
    return true;
}

/* ---- a turn ---- */

static void dispatch_event(struct worker *worker, const struct uring_event *event)
{
    struct pcc_table *table = &worker->table;
    struct pcc *pcc = &table->pccs[event->slot];
    switch (event->operation) {
    case OP_RECEIVE:
        now_read(&worker->now);
        pcc_on_receive(table, pcc, event);
        break;
    case OP_SEND:
        pcc_on_send(table, pcc, event->result);
        break;
    case OP_SETUP: /* said only when it fails, and then the connect says nothing */
    case OP_CONNECT:
        pcc_on_connect(table, pcc, event->result);
        break;
    case OP_POLL:
        if (pcc_is_connected(pcc))
            pcc_lose(table, pcc, TALLY_LOST_END);
        pcc_release(pcc);
        break;
    case OP_CLOSE:
        pcc_release(pcc);
        break;
    case OP_IGNORED:
        break;
    }
}

static void dispatch_events(struct worker *worker)
{
    unsigned count = uring_ready(&worker->ring);
    struct uring_event event;
    for (unsigned i = 0; i < count && uring_next(&worker->ring, &event); i++)
        dispatch_event(worker, &event);
    uring_publish(&worker->ring);
}

/* Closed loop: all sessions that are UP, when the load begins; and when LSPs are reported. */
static void read_stage(struct worker *worker)
{
    bool may_ask = load_read_stage(&worker->load), may_report = lsps_read_stage(&worker->lsps);
    if (may_ask || may_report)
        pcc_table_mark_all(&worker->table);
    if (atomic_load_explicit(&worker->given.stage->is_leaving, memory_order_relaxed))
        pcc_table_leave(&worker->table);
}

/* Open loop: marks the sessions that are due; returns when the next one is. */
static uint64_t mark_due(struct worker *worker)
{
    struct pcc_table *table = &worker->table;
    for (uint32_t i = 0; i < SCHEDULE_PER_TURN; i++) {
        uint64_t due = load_due_ns(&worker->load);
        if (due > worker->now.ns)
            return due;
        struct pcc *pcc = &table->pccs[load_take_due(&worker->load)];
        if (pcc->state == PCC_UP)
            pcc_mark(table, pcc);
    }
    return worker->now.ns;
}

/* Submits and waits for a completion or the instant. */
static void wait_until(struct worker *worker, uint64_t until_ns)
{
    const struct pcc_table *table = &worker->table;
    uint64_t now_ns = clock_now().ns;
    bool is_idle = !worker->load.is_on && worker->lsps.sessions == NULL &&
                   table->ramp_next == table->count && table->connecting == 0;
    uring_wait(&worker->ring, is_idle ? IDLE_BATCH : 1, until_ns > now_ns ? until_ns - now_ns : 0);
    now_read(&worker->now);
    worker->results.turns++;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static void worker_turn(struct worker *worker)
{
    uint64_t until = worker->table.next_tick_ns;
    read_stage(worker);
    until = earlier(until, pcc_table_ramp(&worker->table));
    until = earlier(until, mark_due(worker));
    until = earlier(until, load_next_change(&worker->load));
    until = earlier(until, lsps_next_change(&worker->lsps));
    if (!pcc_table_flush(&worker->table))
        until = worker->now.ns; /* for a buffer that a completion gives back */
    wait_until(worker, until);
    dispatch_events(worker);
    pcc_table_tick(&worker->table);
}

static double thread_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void worker_run(void *context)
{
    struct worker *worker = context;
    struct stage *stage = worker->given.stage;
    (void)prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); /* what an open loop is late counts */
    bool is_open = open_worker(worker);
    atomic_store(&worker->started, is_open ? 1 : -1);
    while (is_open && !atomic_load_explicit(&stage->is_over, memory_order_relaxed))
        worker_turn(worker);
    worker->results.cpu_seconds = thread_seconds();
    worker_fini(worker);
}
