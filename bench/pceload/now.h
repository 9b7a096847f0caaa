/* Now: the instant that a worker's turn goes by.
 *
 * It is read from the clock once for each wait, each receive and each session that sends, and every
 * part of a worker reads the one copy: what belongs to one event has one instant.
 *
 * Thread: the worker's. Owns: nothing. Units: nanoseconds of the monotonic clock. */
#ifndef PCED_BENCH_PCELOAD_NOW_H
#define PCED_BENCH_PCELOAD_NOW_H

#include "io/os/clock.h"

struct now {
    uint64_t begin_ns; /* of the worker */
    uint64_t ns;
};

static inline void now_read(struct now *now)
{
    now->ns = clock_now().ns;
}

/* Milliseconds since the worker began. */
static inline uint32_t now_elapsed_ms(const struct now *now)
{
    return (uint32_t)((now->ns - now->begin_ns) / MONO_NS_PER_MS);
}

#endif
