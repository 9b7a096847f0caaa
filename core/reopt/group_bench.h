/* Group bench: the scratch memory that it takes to decide what a group is to do, and what was done
 * with it. Each thread that decides has one of its own.
 *
 * Internal to core/reopt.
 *
 * Thread: the one that has it. Owns: its memory, which grows with the network.
 * Bound: that of path_set.h, and a few octets for each link and node. */
#ifndef PCED_CORE_REOPT_GROUP_BENCH_H
#define PCED_CORE_REOPT_GROUP_BENCH_H

#include "core/path/path_set.h"
#include "core/reopt/group_share.h"
#include "core/reopt/resolve.h"

struct group_bench {
    struct group_sharer sharer;
    struct path_avoid
        avoid[2];         /* what a path must not touch, and what it touches as little as it can */
    struct path_set *set; /* NULL before the first group of which several are computed */
    struct resolved_path laid;
    uint64_t computed;      /* groups for which paths were computed */
    uint64_t work_exceeded; /* computations that were given up */
};

/* One that is all zero is ready. */
void group_bench_fini(struct group_bench *bench);

#endif
