/* Random numbers for model tests: repeatable by default, from PCED_TEST_SEED when that is set. The
 * seed is printed, so that a failure can be run again.
 *
 * Thread: one caller. */
#ifndef PCED_TESTS_LIB_RANDOM_H
#define PCED_TESTS_LIB_RANDOM_H

#include "core/base/random.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* An unsigned number of the environment, or the default. */
static inline uint64_t test_env_u64(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text == NULL || *text == '\0' ? otherwise : strtoull(text, NULL, 0);
}

static inline struct random test_random_init(const char *what, uint64_t seed)
{
    uint64_t chosen = test_env_u64("PCED_TEST_SEED", seed);
    printf("%s: PCED_TEST_SEED=%llu\n", what, (unsigned long long)chosen);
    (void)fflush(stdout);
    return (struct random){chosen};
}

/* 0 .. bound-1; bound > 0. */
static inline uint64_t test_random_below(struct random *r, uint64_t bound)
{
    return random_u64(r) % bound;
}

/* Any size up to 2^bits - 1, each magnitude as likely as the next. bits <= 63. */
static inline uint64_t test_random_magnitude(struct random *r, unsigned bits)
{
    uint64_t width = test_random_below(r, (uint64_t)bits + 1);
    return random_u64(r) & ((UINT64_C(1) << width) - 1);
}

#endif
