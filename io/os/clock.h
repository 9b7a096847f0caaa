/* Clock: the present, for those who hand it to core/ as an argument.
 *
 * Thread: any. */
#ifndef PCED_IO_OS_CLOCK_H
#define PCED_IO_OS_CLOCK_H

#include "core/base/mono.h"

#include <time.h>

/* CLOCK_MONOTONIC: about 20 ns, no system call where the vDSO serves it. */
static inline struct mono clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (struct mono){(uint64_t)now.tv_sec * MONO_NS_PER_S + (uint64_t)now.tv_nsec};
}

/* Processor time that the calling thread has used. */
static inline uint64_t clock_thread_ns(void)
{
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (uint64_t)used.tv_sec * MONO_NS_PER_S + (uint64_t)used.tv_nsec;
}

/* Seconds since 1970, as this machine's clock has them at this moment; only to be shown. */
static inline double clock_wall_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

#endif
