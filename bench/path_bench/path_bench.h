/* path_bench: what its parts share.
 *
 * Thread: one. Owns: nothing. */
#ifndef PCED_BENCH_PATH_BENCH_PATH_BENCH_H
#define PCED_BENCH_PATH_BENCH_PATH_BENCH_H

#include "bench/path_bench/mix.h"

#include <time.h>

struct bench_options {
    const char *topology; /* NULL: the grids */
    const char *json;     /* "-": standard output; NULL: a line of text */
    uint32_t requests;
    enum mix_kind constraints;
    enum path_setup setup;
    uint8_t msd; /* longest SID list; 0 = no limit of a router */
    uint64_t seed;
};

/* Processor time of this thread: what else runs on the machine does not count. */
static inline double bench_cpu_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Tables for grids of 1,024 and 10,000 nodes; each figure is the mean of so many requests. */
void bench_grids(uint32_t requests);

/* One figure for random pairs on the network of a file. The exit code. */
int bench_file(const struct bench_options *options);

#endif
