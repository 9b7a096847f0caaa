/* Random numbers that a seed repeats, everywhere alike: SplitMix64 (Steele, Lea, Flood: Fast
 * splittable pseudorandom number generators, 2014). For jitter, loads and tests: who has seen one
 * number knows all the others, so nothing that must not be guessed may come of them.
 *
 * Thread: one caller for each generator. Owns: nothing; a seed is all that it needs. */
#ifndef PCED_CORE_BASE_RANDOM_H
#define PCED_CORE_BASE_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state; /* the seed, at first */
};

/* Any number of 64 bits. */
static inline uint64_t random_u64(struct random *random)
{
    random->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = random->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* From 0 to end - 1; 0 where end is 0. */
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
