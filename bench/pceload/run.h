/* Run: all workers, and the course of a run: ramp, warm-up, measurement, drain.
 *
 * Thread: main. Owns: the workers and what they share. Bound: RINGS_MAX workers. */
#ifndef PCED_BENCH_PCELOAD_RUN_H
#define PCED_BENCH_PCELOAD_RUN_H

#include "bench/pceload/results/summary.h"
#include "bench/pceload/worker.h"

struct run {
    const struct options *options;
    struct network network;
    struct templates templates;
    struct stage stage;
    struct worker *workers;
    uint32_t count;    /* of workers whose threads run */
    uint64_t begin_ns; /* of the ramp */
    uint64_t next_progress_ns, last_replied;
    bool is_ended;        /* SIGTERM or SIGINT came */
    bool has_signal;      /* SIGUSR1 came */
    bool is_synchronised; /* all sessions are, and that was said */
};

/* Signals must be blocked in all threads: run_run takes them. False after a message. */
bool run_start(struct run *run, const struct options *options);
/* The whole run; the threads have ended when it returns. */
void run_run(struct run *run, struct summary *summary);
void run_fini(struct run *run);

#endif
