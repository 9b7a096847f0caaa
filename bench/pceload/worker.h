/* Worker: one thread with one ring, and the PCCs that it has.
 *
 * A turn: read the stage, begin PCCs, mark those that are due, send what the marked ones have, wait
 * for the kernel, and take what it says. The parts of a worker know only those on their right:
 * worker → session → lsps → load → protocol, session → ring; all of them count in results.
 *
 * Thread: worker_run is the worker's; the counters may be read by any, the results when the thread
 * has ended, the failure when `started` is not 0. Owns: all its parts, until worker_fini; the
 * results outlive that. Bound: the ring's and the table's. */
#ifndef PCED_BENCH_PCELOAD_WORKER_H
#define PCED_BENCH_PCELOAD_WORKER_H

#include "bench/pceload/session/pcc.h"
#include "io/os/thread.h"

/* What the workers share. */
struct worker_given {
    const struct options *options;
    const struct network *network;
    const struct templates *templates;
    struct stage *stage;
    uint32_t number, rings;
};

struct worker {
    struct worker_given given;
    struct live_counters counters;
    struct failure failure; /* of its start */
    struct thread thread;
    _Atomic int started; /* 0: not yet; 1: its ring is there; -1: see failure */
    struct now now;
    struct uring ring;
    struct load load;
    struct lsps lsps;
    struct pcc_table table;
    struct results results;
};

/* The part of a worker that needs no kernel: load and PCCs, of what is given. False with a failure;
 * worker_fini may be called. */
bool worker_init(struct worker *worker);
void worker_fini(struct worker *worker);
/* The thread, of a worker to which all is given, and which is zero else. */
void worker_run(void *context);

#endif
