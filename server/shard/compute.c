#include "server/shard/compute.h"

#include "core/base/check.h"
#include "io/net/listener.h"
#include "io/os/clock.h"
#include "io/os/counter.h"
#include "io/os/thread.h"
#include "io/share/work_queue.h"
#include "server/log/log.h"

#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

_Static_assert(LISTENER_SHARDS_MAX <= WORK_QUEUE_LANES_MAX, "each shard has a lane");
_Static_assert(COMPUTATION_ASKERS *COMPUTE_THREADS_MAX *COMPUTE_ROOM_PER_THREAD <=
                       WORK_QUEUE_ROOM_MAX &&
                   COMPUTATION_ASKERS * COMPUTE_ROOM_MIN <= WORK_QUEUE_ROOM_MAX,
               "a lane has room for what is given to all threads");

struct worker {
    struct compute *compute;
    struct path_engine *engine;
    enum pce_status status; /* of its start */
    bool is_started;
    struct counter computed;
    struct counter busy_ns;
    struct counter given_up;
    struct counter skipped;
    struct thread thread;
};

struct compute {
    struct compute_options options;
    struct work_queue *queue;
    struct computation_table **tables; /* COMPUTATION_ASKERS of each shard */
    sem_t started;
    struct worker workers[];
};

/* ---- a thread ---- */

static void log_given_up(const struct computation *computation, const struct ted_snapshot *snapshot)
{
    static struct log_site site = LOG_SITE(WARNING, "request given up at limits.path-work");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_text(&line, "from", snapshot->nodes[computation->ran_ends[0]].name);
    log_text(&line, "to", snapshot->nodes[computation->ran_ends[1]].name);
    log_number(&line, "work", computation->result.work);
    log_end(&line);
}

static void compute_count(struct worker *worker, const struct computation *computation,
                          const struct ted_snapshot *snapshot, struct mono begun)
{
    counter_add(&worker->busy_ns, mono_since_ns(clock_now(), begun));
    if (computation->is_stale) {
        counter_add(&worker->skipped, 1);
        return;
    }
    counter_add(&worker->computed, 1);
    if (computation->result.outcome != PATH_WORK_EXCEEDED)
        return;
    counter_add(&worker->given_up, 1);
    log_given_up(computation, snapshot);
}

/* The topology that is held was published, or was the one in force, when this began. */
static void compute_one(struct worker *worker, struct snapshot_reader *reader,
                        struct computation *computation)
{
    struct mono begun = clock_now();
    snapshot_enter(reader);
    const struct ted_snapshot *snapshot = snapshot_get(worker->compute->options.topology);
    computation_run(computation, worker->engine, snapshot);
    compute_count(worker, computation, snapshot, begun);
    snapshot_leave(reader);
}

static void run_worker(void *context)
{
    struct worker *worker = context;
    struct compute *compute = worker->compute;
    const struct compute_options *options = &compute->options;
    struct snapshot_reader *reader;
    struct computation *computation;
    unsigned next = 0;
    thread_give_way();
    worker->status = snapshot_reader_create(options->domain, &reader);
    bool has_reader = worker->status == PCE_OK;
    (void)sem_post(&compute->started);
    if (!has_reader)
        return;
    while ((computation = work_queue_take(compute->queue, &next)) != NULL) {
        compute_one(worker, reader, computation);
        while (!options->deliver(options->context, computation) &&
               !work_queue_is_closed(compute->queue))
            (void)sched_yield();
    }
    snapshot_reader_destroy(reader);
}

/* ---- all of them ---- */

static enum pce_status make_tables(struct compute *compute)
{
    unsigned room = compute->options.thread_count * COMPUTE_ROOM_PER_THREAD;
    unsigned shard_count = compute->options.shard_count;
    if (room < COMPUTE_ROOM_MIN)
        room = COMPUTE_ROOM_MIN;
    if (work_queue_create(shard_count, COMPUTATION_ASKERS * room, &compute->queue) != PCE_OK)
        return PCE_NO_MEMORY;
    unsigned count = shard_count * COMPUTATION_ASKERS;
    compute->tables = calloc(count, sizeof(struct computation_table *));
    for (unsigned i = 0; compute->tables != NULL && i < count; i++) {
        compute->tables[i] = computation_table_create(
            room, i / COMPUTATION_ASKERS, (enum computation_asker)(i % COMPUTATION_ASKERS));
        if (compute->tables[i] == NULL)
            return PCE_NO_MEMORY;
    }
    return compute->tables == NULL ? PCE_NO_MEMORY : PCE_OK;
}

static enum pce_status compute_start_worker(struct compute *compute, unsigned index,
                                            struct failure *failure)
{
    struct worker *worker = &compute->workers[index];
    char name[THREAD_NAME_SIZE];
    worker->compute = compute;
    worker->engine = path_engine_create(compute->options.path_work_max);
    if (worker->engine == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for a path engine");
    (void)snprintf(name, sizeof name, "pced-path-%u", (unsigned)(uint8_t)index);
    enum pce_status status =
        thread_start(&worker->thread, name, THREAD_CPU_ANY, run_worker, worker, failure);
    worker->is_started = status == PCE_OK;
    if (!worker->is_started)
        return status;
    while (sem_wait(&compute->started) != 0)
        ; /* a signal */
    if (worker->status != PCE_OK)
        return failure_set(failure, worker->status, "no memory for a thread of the compute pool");
    return PCE_OK;
}

unsigned compute_threads_of(uint32_t wanted, unsigned cores)
{
    unsigned count = wanted == 0 ? cores : wanted;
    return count > COMPUTE_THREADS_MAX ? COMPUTE_THREADS_MAX : count;
}

enum pce_status compute_create(const struct compute_options *options, struct compute **out,
                               struct failure *failure)
{
    CHECK(options->thread_count > 0 && options->thread_count <= COMPUTE_THREADS_MAX);
    struct compute *compute =
        calloc(1, sizeof *compute + options->thread_count * sizeof compute->workers[0]);
    if (compute == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for the compute pool");
    compute->options = *options;
    (void)sem_init(&compute->started, 0, 0);
    enum pce_status status = make_tables(compute);
    if (status != PCE_OK)
        (void)!failure_set(failure, status, "no memory for the compute pool");
    for (unsigned i = 0; status == PCE_OK && i < options->thread_count; i++)
        status = compute_start_worker(compute, i, failure);
    if (status != PCE_OK) {
        compute_stop(compute);
        compute_destroy(compute);
        return status;
    }
    *out = compute;
    return PCE_OK;
}

void compute_stop(struct compute *compute)
{
    if (compute == NULL || compute->queue == NULL)
        return;
    work_queue_close(compute->queue, compute->options.thread_count);
    for (unsigned i = 0; i < compute->options.thread_count; i++) {
        if (compute->workers[i].is_started)
            thread_join(&compute->workers[i].thread);
        compute->workers[i].is_started = false;
    }
}

void compute_destroy(struct compute *compute)
{
    if (compute == NULL)
        return;
    for (unsigned i = 0; i < compute->options.thread_count; i++)
        path_engine_destroy(compute->workers[i].engine);
    unsigned tables = compute->options.shard_count * COMPUTATION_ASKERS;
    for (unsigned i = 0; compute->tables != NULL && i < tables; i++)
        computation_table_destroy(compute->tables[i]);
    free((void *)compute->tables);
    work_queue_destroy(compute->queue);
    (void)sem_destroy(&compute->started);
    free(compute);
}

struct computation_table *compute_table(const struct compute *compute, unsigned shard,
                                        enum computation_asker asker)
{
    CHECK(compute == NULL || shard < compute->options.shard_count);
    return compute == NULL ? NULL : compute->tables[shard * COMPUTATION_ASKERS + asker];
}

enum pce_status compute_offload(struct compute *compute, struct computation *computation)
{
    CHECK(computation->lane < compute->options.shard_count);
    return work_queue_put(compute->queue, computation->lane, computation);
}

unsigned compute_thread_count(const struct compute *compute)
{
    return compute == NULL ? 0 : compute->options.thread_count;
}

struct compute_figures compute_figures(const struct compute *compute)
{
    struct compute_figures figures = {0};
    for (unsigned i = 0; i < compute_thread_count(compute); i++) {
        const struct worker *worker = &compute->workers[i];
        figures.computed += counter_get(&worker->computed);
        figures.busy_ns += counter_get(&worker->busy_ns);
        figures.given_up += counter_get(&worker->given_up);
        figures.skipped += counter_get(&worker->skipped);
    }
    return figures;
}
