/* Random numbers that a seed repeats: SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom
 * number generators, 2014).
 *
 * Thread: one caller for each generator. */
#ifndef PCED_BENCH_PCELOAD_RANDOM_H
#define PCED_BENCH_PCELOAD_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state;
};

static inline uint64_t random_u64(struct random *random)
{
    random->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = random->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* From 0 to end - 1; end is not 0. */
static inline uint32_t random_below(struct random *random, uint32_t end)
{
    return (uint32_t)(((random_u64(random) >> 32) * end) >> 32);
}

/* At least 0 and below 1. */
static inline double random_part(struct random *random)
{
    return (double)(random_u64(random) >> 11) * 0x1p-53;
}

#endif
