/* Counter: a number that one thread writes and every thread may read.
 *
 * The writer needs no locked instruction: a relaxed load and a relaxed store. A reader sees some
 * value that the counter had, never a torn one; two counters need not be of the same instant.
 *
 * Thread: counter_add and counter_set by the one writer, counter_get by any. Bound: wraps at 2^64.
 */
#ifndef PCED_IO_OS_COUNTER_H
#define PCED_IO_OS_COUNTER_H

#include <stdatomic.h>
#include <stdint.h>

struct counter {
    _Atomic uint64_t value;
};

static inline uint64_t counter_get(const struct counter *counter)
{
    return atomic_load_explicit(&counter->value, memory_order_relaxed);
}

static inline void counter_set(struct counter *counter, uint64_t value)
{
    atomic_store_explicit(&counter->value, value, memory_order_relaxed);
}

static inline void counter_add(struct counter *counter, uint64_t amount)
{
    counter_set(counter, counter_get(counter) + amount);
}

static inline void counter_subtract(struct counter *counter, uint64_t amount)
{
    counter_set(counter, counter_get(counter) - amount);
}

/* For the few counters that several threads write. */
static inline void counter_add_shared(struct counter *counter, uint64_t amount)
{
    atomic_fetch_add_explicit(&counter->value, amount, memory_order_relaxed);
}

#endif
