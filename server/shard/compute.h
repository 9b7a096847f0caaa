/* Compute: the threads that compute what would hold a shard for too long.
 *
 * A shard gives a computation (core/requests/computation.h) into its lane and gets it back as mail.
 * Each thread has a path engine of its own and holds the topology for one computation at a time; it
 * goes round the lanes, so that one shard with many heavy requests does not starve the others, and
 * gives way to the shards' threads when cores are short.
 *
 * A lane has room for COMPUTE_ROOM_PER_THREAD computations of each thread, for path requests, for
 * reoptimisation, for groups, for intents and for operators each: all threads have work when one shard alone has
 * some, none of the five waits for all of another one, and what is beyond waits with its owner: in the shard's
 * queue, where sessions take turns, or among the LSPs, groups and intents that are still to be looked at.
 *
 * Thread: the main thread, but for compute_offload (the shard of the computation), compute_table
 * and the figures (any). Owns: the computations of all shards, also while a shard or a thread has
 * them. Bound: COMPUTE_THREADS_MAX threads. */
#ifndef PCED_SERVER_SHARD_COMPUTE_H
#define PCED_SERVER_SHARD_COMPUTE_H

#include "core/requests/computation.h"
#include "io/os/failure.h"
#include "io/share/snapshot.h"

#include <stdbool.h>
#include <stdint.h>

#define COMPUTE_THREADS_MAX     256
#define COMPUTE_ROOM_PER_THREAD 2
#define COMPUTE_ROOM_MIN        4

struct compute;

struct compute_options {
    unsigned thread_count;
    unsigned shard_count;
    uint64_t path_work_max;         /* limits.path-work */
    struct snapshot_domain *domain; /* of the topology's readers */
    const struct snapshot_cell *topology;
    /* On a thread of the pool: hands a computation back to the shard of its lane. False: it cannot
     * take it now, and is asked again. */
    bool (*deliver)(void *context, struct computation *computation);
    void *context;
};

/* How many threads there are to be where so many are wanted; 0: one for each core. */
unsigned compute_threads_of(uint32_t wanted, unsigned cores);

/* Starts the threads; on failure nothing is left. */
PCE_MUST_CHECK enum pce_status compute_create(const struct compute_options *options,
                                              struct compute **compute, struct failure *failure);
/* Ends the threads, when each has finished what it computes: nothing is delivered any more. The
 * shards may still hold their tables. */
void compute_stop(struct compute *compute);
/* Stopped, and no shard is left. */
void compute_destroy(struct compute *compute);

/* The computations of a shard, for who asks; NULL without a pool. */
struct computation_table *compute_table(const struct compute *compute, unsigned shard,
                                        enum computation_asker asker);
/* From now on it is another thread's, until it is delivered. A lane has as much room as its tables
 * have computations; PCE_LIMIT: it is full all the same, and the computation stays with the shard.
 */
PCE_MUST_CHECK enum pce_status compute_offload(struct compute *compute,
                                               struct computation *computation);

unsigned compute_thread_count(const struct compute *compute);
/* Since the start, over all threads: time that was spent with computations, and how many of them
 * were given up at limits.path-work or were not run. */
struct compute_figures {
    uint64_t computed;
    uint64_t busy_ns;
    uint64_t given_up;
    uint64_t skipped;
};
struct compute_figures compute_figures(const struct compute *compute);

#endif
