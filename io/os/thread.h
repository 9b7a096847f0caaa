/* Threads with a name, and the check that a function runs on the thread that owns its data.
 *
 * Thread: thread_start and thread_join by the thread that owns the struct thread. Owns: the started
 * thread, until thread_join. */
#ifndef PCED_IO_OS_THREAD_H
#define PCED_IO_OS_THREAD_H

#include "io/os/failure.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#define THREAD_NAME_SIZE 16 /* what Linux keeps of a name, with its NUL */
#define THREAD_CPU_ANY   (-1)

typedef void thread_fn(void *context);

struct thread {
    pthread_t id;
    thread_fn *run;
    void *context;
    int cpu;                     /* THREAD_CPU_ANY, or the only core that it may use */
    char name[THREAD_NAME_SIZE]; /* seen in top and in a debugger */
};

/* Runs `run(context)` on a new thread with all signals blocked, save those that a fault
 * of its own raises (fatal.h). The struct must stay where it is
 * until thread_join. A core that does not exist or is not allowed is PCE_INVALID. */
PCE_MUST_CHECK enum pce_status thread_start(struct thread *thread, const char *name, int cpu,
                                            thread_fn *run, void *context, struct failure *failure);
/* Waits until run has returned. */
void thread_join(struct thread *thread);

/* The calling thread gives way to others that want the processor: it gets what they leave, and a
 * quarter of a core where they leave nothing. */
void thread_give_way(void);

/* Names the calling thread. */
void thread_name_self(const char *name);

/* A small number that is this thread's alone and never 0. */
uint32_t thread_self(void);

/* Whom a thing belongs to. Zero: nobody yet, every thread passes the check. */
struct thread_owner {
    _Atomic uint32_t thread;
};

/* The calling thread becomes the owner. */
void thread_owner_claim(struct thread_owner *owner);
/* CHECKs that the caller is the owner. */
void thread_owner_check(const struct thread_owner *owner);

#endif
