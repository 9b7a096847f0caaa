/* Picker: which pair is asked for next.
 *
 * Uniform over all pairs; by Zipf's law, where the k-th most wanted of all pairs is asked for in
 * proportion to 1/k^s (drawn by rejection-inversion, Hörmann and Derflinger 1996, so that no table
 * of the pairs is needed); or all pairs in turn, shared among the rings.
 *
 * Thread: one caller for each picker. Owns: nothing. */
#ifndef PCED_BENCH_PCELOAD_LOAD_PICKER_H
#define PCED_BENCH_PCELOAD_LOAD_PICKER_H

#include "bench/pceload/load/network.h"
#include "core/base/random.h"

struct picker {
    const struct network *network;
    enum pick pick;
    struct random random;
    uint64_t count; /* of pairs */
    uint64_t next;  /* all pairs: the number of the next one */
    uint64_t step;
    uint64_t stride; /* Zipf: spreads the ranks over the pairs */
    double exponent, integral_first, integral_last, squeeze;
};

/* For one of `rings` pickers; the network has at least one pair. */
void picker_init(struct picker *picker, const struct network *network,
                 const struct options *options, uint32_t ring, uint32_t rings);
struct pair picker_next(struct picker *picker);
/* The rank, from 1 to count: for tests. */
uint64_t picker_zipf_rank(struct picker *picker);

#endif
