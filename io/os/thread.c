#include "io/os/thread.h"

#include "core/base/check.h"
#include "io/os/fatal.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define GIVE_WAY_NICE 6 /* a quarter of the weight of a thread that has 0 */

uint32_t thread_self(void)
{
    static _Atomic uint32_t last;
    static _Thread_local uint32_t self;
    if (self == 0)
        self = atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
    return self;
}

void thread_owner_claim(struct thread_owner *owner)
{
    atomic_store_explicit(&owner->thread, thread_self(), memory_order_relaxed);
}

void thread_owner_check(const struct thread_owner *owner)
{
    uint32_t thread = atomic_load_explicit(&owner->thread, memory_order_relaxed);
    CHECK(thread == 0 || thread == thread_self());
}

void thread_give_way(void)
{
    /* On Linux this is of the thread alone. What cannot be had is no loss of function. */
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), GIVE_WAY_NICE);
}

void thread_name_self(const char *name)
{
    char cut[THREAD_NAME_SIZE];
    (void)snprintf(cut, sizeof cut, "%s", name);
    (void)pthread_setname_np(pthread_self(), cut);
}

static void *thread_main(void *argument)
{
    struct thread *thread = argument;
    struct fatal_stack stack; /* untouched, it costs no memory */
    thread_name_self(thread->name);
    fatal_enter_thread(&stack);
    thread->run(thread->context);
    fatal_leave_thread();
    return NULL;
}

static int set_core(pthread_attr_t *attributes, int cpu)
{
    if (cpu == THREAD_CPU_ANY)
        return 0;
    if (cpu < 0 || cpu >= CPU_SETSIZE)
        return EINVAL;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    return pthread_attr_setaffinity_np(attributes, sizeof set, &set);
}

/* One parameter more than the rule: the last one only takes the reason. */
// NOLINTNEXTLINE(readability-function-size)
enum pce_status thread_start(struct thread *thread, const char *name, int cpu, thread_fn *run,
                             void *context, struct failure *failure)
{
    thread->run = run;
    thread->context = context;
    thread->cpu = cpu;
    (void)snprintf(thread->name, sizeof thread->name, "%s", name);
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error != 0)
        return failure_set_errno(failure, error, "thread %s", name);
    error = set_core(&attributes, cpu);
    /* The new thread inherits the mask: signals are for the main thread alone,
     * but for those of its own faults. */
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    fatal_keep_open(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    if (error == 0)
        error = pthread_create(&thread->id, &attributes, thread_main, thread);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attributes);
    if (error == 0)
        return PCE_OK;
    if (error == EINVAL && cpu != THREAD_CPU_ANY)
        return failure_set(failure, PCE_INVALID, "thread %s: there is no core %d that it may use",
                           name, cpu);
    return failure_set_errno(failure, error, "thread %s", name);
}

void thread_join(struct thread *thread)
{
    int error = pthread_join(thread->id, NULL);
    CHECK(error == 0); /* cannot fail: whoever has started the thread joins it, once */
}
