/* Atomics of a model: included before a source of the house, whose atomic operations, semaphores,
 * eventfds and memory become steps and memory of explore.h. What a source includes itself is
 * included here first, as the system's headers must see the real names.
 *
 * Counters (io/os/counter.h) are left out: each is a number for people, nobody acts on it, and one
 * that counts attempts would make every round of a loop a new state.
 *
 * Thread: one. Owns: nothing. */
#ifndef PCED_TESTS_ORDERS_ATOMICS_H
#define PCED_TESTS_ORDERS_ATOMICS_H

#include "core/base/map.h"
#include "core/base/mono.h"
#include "io/os/clock.h"
#include "io/os/counter.h"
#include "tests/orders/explore.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define check_failed             model_check_failed
#define counter_add_shared(c, n) ((void)(c))

#undef atomic_load
#undef atomic_load_explicit
#undef atomic_store
#undef atomic_store_explicit
#undef atomic_exchange
#undef atomic_exchange_explicit
#undef atomic_fetch_add
#undef atomic_fetch_add_explicit
#undef atomic_fetch_sub
#undef atomic_fetch_sub_explicit
#undef atomic_compare_exchange_weak
#undef atomic_compare_exchange_weak_explicit

/* What is there, of the type without _Atomic: the comma takes the value. */
#define MODEL_VALUE(at) ((void)0, *(at))
#define MODEL_LOAD(p, what)                                                                        \
    __extension__({                                                                                \
        __auto_type m_at = (p);                                                                    \
        model_before(false);                                                                       \
        __auto_type m_value = MODEL_VALUE(m_at);                                                   \
        model_load(m_at, &m_value, sizeof m_value);                                                \
        model_after(what);                                                                         \
        m_value;                                                                                   \
    })
#define MODEL_STORE(p, v, is_barrier, what)                                                        \
    __extension__({                                                                                \
        __auto_type m_at = (p);                                                                    \
        __auto_type m_value = MODEL_VALUE(m_at);                                                   \
        m_value = (v);                                                                             \
        model_before(is_barrier);                                                                  \
        if (is_barrier)                                                                            \
            *m_at = m_value;                                                                       \
        else                                                                                       \
            model_store(m_at, &m_value, sizeof m_value);                                           \
        model_after(what);                                                                         \
    })
/* next: of m_old, the value that is there. */
#define MODEL_CHANGE(p, next, what)                                                                \
    __extension__({                                                                                \
        __auto_type m_at = (p);                                                                    \
        model_before(true);                                                                        \
        __auto_type m_old = MODEL_VALUE(m_at);                                                     \
        *m_at = (next);                                                                            \
        model_after(what);                                                                         \
        m_old;                                                                                     \
    })
#define MODEL_COMPARE(p, e, v, what)                                                               \
    __extension__({                                                                                \
        __auto_type m_at = (p);                                                                    \
        __auto_type m_expected = (e);                                                              \
        __auto_type m_value = *m_expected;                                                         \
        m_value = (v);                                                                             \
        model_before(true);                                                                        \
        bool m_is_equal = *m_at == *m_expected;                                                    \
        if (m_is_equal)                                                                            \
            *m_at = m_value;                                                                       \
        else                                                                                       \
            *m_expected = *m_at;                                                                   \
        model_after(what);                                                                         \
        m_is_equal;                                                                                \
    })

#define atomic_load(p)                        MODEL_LOAD(p, "load " #p)
#define atomic_load_explicit(p, o)            MODEL_LOAD(p, "load " #p)
#define atomic_store(p, v)                    MODEL_STORE(p, v, true, "store " #p)
#define atomic_store_explicit(p, v, o)        MODEL_STORE(p, v, (o) == memory_order_seq_cst, "store " #p)
#define atomic_exchange(p, v)                 MODEL_CHANGE(p, v, "exchange " #p)
#define atomic_exchange_explicit(p, v, o)     MODEL_CHANGE(p, v, "exchange " #p)
#define atomic_fetch_add(p, n)                MODEL_CHANGE(p, m_old + (n), "add to " #p)
#define atomic_fetch_add_explicit(p, n, o)    MODEL_CHANGE(p, m_old + (n), "add to " #p)
#define atomic_fetch_sub(p, n)                MODEL_CHANGE(p, m_old - (n), "subtract from " #p)
#define atomic_fetch_sub_explicit(p, n, o)    MODEL_CHANGE(p, m_old - (n), "subtract from " #p)
#define atomic_compare_exchange_weak(p, e, v) MODEL_COMPARE(p, e, v, "compare and exchange " #p)
#define atomic_compare_exchange_weak_explicit(p, e, v, s, f)                                       \
    MODEL_COMPARE(p, e, v, "compare and exchange " #p)
#define __atomic_load_n(p, o)     MODEL_LOAD(p, "load " #p)
#define __atomic_store_n(p, v, o) MODEL_STORE(p, v, (o) == __ATOMIC_SEQ_CST, "store " #p)

/* ---- the system ---- */

static inline bool model_is_posted(const void *semaphore)
{
    return *(const int *)semaphore > 0;
}

static inline int model_sem_wait(sem_t *semaphore)
{
    model_wait_until("wait for the semaphore", model_is_posted, semaphore);
    --*(int *)(void *)semaphore;
    model_after("pass the semaphore");
    return 0;
}

static inline int model_sem_post(sem_t *semaphore)
{
    model_before(true);
    ++*(int *)(void *)semaphore;
    model_after("post the semaphore");
    return 0;
}

static inline ssize_t model_write_event(int event, size_t size)
{
    return model_event_signal(event) ? (ssize_t)size : -1;
}

static inline ssize_t model_read_event(int event, size_t size)
{
    return model_event_clear(event) ? (ssize_t)size : -1;
}

/* No time-out: whoever depends on one sleeps for ever here. */
static inline int model_poll(const struct pollfd *watched)
{
    model_event_wait(watched->fd);
    return 1;
}

#define sem_init(s, shared, value) (*(int *)(void *)(s) = (int)(value), 0)
#define sem_destroy(s)             ((void)(s), 0)
#define sem_wait(s)                model_sem_wait(s)
#define sem_post(s)                model_sem_post(s)
#define eventfd(value, flags)      model_event_create()
#ifndef MODEL_WRITE
#define MODEL_WRITE(d, octets, size) model_write_event(d, size)
#endif
#define write(d, octets, size)      MODEL_WRITE(d, octets, size)
#define read(d, octets, size)       model_read_event(d, size)
#define close(d)                    ((void)(d), 0)
#define poll(watched, count, ms)    model_poll(watched)
#define ppoll(watched, count, t, s) model_poll(watched)
#define sched_yield()               (model_step("yield"), 0)
#define clock_now()                 ((struct mono){0})
#define malloc(size)                model_alloc(size)
#define calloc(count, size)         model_alloc((count) * (size))
#define aligned_alloc(align, size)  model_alloc(size)
#define free(memory)                ((void)(memory))

#endif
