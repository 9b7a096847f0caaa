/* The allocator and the clock of the model, put before those of the system by the linker. */
#include "tests/model/fake_io.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *memory);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);

static bool is_refused(void)
{
    fake.allocations += fake.is_counting;
    return fake.fail_all || (fake.fail_at > 0 && --fake.fail_at == 0);
}

void *__wrap_malloc(size_t size)
{
    if (is_refused())
        return NULL;
    fake.balance++;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    if (is_refused())
        return NULL;
    fake.balance++;
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    if (is_refused())
        return NULL;
    fake.balance += old == NULL;
    return __real_realloc(old, size);
}

/* The rule of io/net/conn.h: no owner ends before its connection has left it. */
void __wrap_free(void *memory)
{
    if (memory == NULL)
        return;
    for (unsigned i = 0; i < FAKE_CONNS_MAX; i++) {
        if (fake.conns[i].state != FAKE_FREE && fake.conns[i].owner == memory)
            fake_fail("an owner ended before its connection");
    }
    fake.balance--;
    __real_free(memory);
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    (void)clock;
    now->tv_sec = (time_t)(fake.now.ns / MONO_NS_PER_S);
    now->tv_nsec = (long)(fake.now.ns % MONO_NS_PER_S);
    return 0;
}
