/* Judge: whether the path of an answer is one for the request.
 *
 * What can be told without a topology is asked of every path: it is not empty, of the setup type
 * that was asked for, its subobjects fit, and its labels are no more than the source can push. With
 * a topology the path is followed from the source: each label must mean something to the node that
 * reads it, each hop must be reachable by a link, and the last one must be the destination.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_BENCH_PCELOAD_LOAD_VERIFY_H
#define PCED_BENCH_PCELOAD_LOAD_VERIFY_H

#include "bench/pceload/load/network.h"
#include "bench/pceload/results/tally.h"

#include <stddef.h>

struct verify {
    const struct network *network;
    enum setup setup;
    uint32_t msd; /* 0: no limit */
};

/* The subobjects of an ERO. TALLY_OK, or the first thing that is wrong. */
enum tally_kind verify_ero(const struct verify *verify, struct pair pair, const uint8_t *octets,
                           size_t size);

#endif
