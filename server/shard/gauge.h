/* Gauge: how many of a thing there are over all shards, with a limit.
 *
 * Taken and released once in the life of a connection, never for a message.
 *
 * Thread: any. Owns: nothing. Bound: the limit that each taker names. */
#ifndef PCED_SERVER_SHARD_GAUGE_H
#define PCED_SERVER_SHARD_GAUGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct gauge {
    _Atomic uint64_t count;
};

/* False when there are `max` already: nothing was taken. Adding first and looking afterwards would
 * let one that is refused keep others out for a moment. */
static inline bool gauge_take(struct gauge *gauge, uint64_t max)
{
    uint64_t count = atomic_load_explicit(&gauge->count, memory_order_relaxed);
    while (count < max) {
        if (atomic_compare_exchange_weak_explicit(&gauge->count, &count, count + 1,
                                                  memory_order_relaxed, memory_order_relaxed))
            return true;
    }
    return false;
}

/* Takes places whatever the limit: for what there is already. */
static inline void gauge_force(struct gauge *gauge, uint64_t count)
{
    (void)atomic_fetch_add_explicit(&gauge->count, count, memory_order_relaxed);
}

/* False when nobody held a place: our bug, which must not end all sessions for a number that is off
 * by one. The count stays at 0. */
static inline bool gauge_release(struct gauge *gauge)
{
    uint64_t count = atomic_load_explicit(&gauge->count, memory_order_relaxed);
    while (count > 0) {
        if (atomic_compare_exchange_weak_explicit(&gauge->count, &count, count - 1,
                                                  memory_order_relaxed, memory_order_relaxed))
            return true;
    }
    return false;
}

static inline uint64_t gauge_get(const struct gauge *gauge)
{
    return atomic_load_explicit(&gauge->count, memory_order_relaxed);
}

#endif
