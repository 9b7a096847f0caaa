/* Explore: every order in which the steps of a few threads can follow each other.
 *
 * A model compiles the real source with atomics.h, in which each atomic operation, semaphore and
 * eventfd is a step. Threads are coroutines; after each step any other may go first. The search
 * goes through all orders, depth first, and keeps the hash of each state (the model's memory, the
 * stacks, what is in the store buffers), so that what was seen is not gone through again and a
 * thread that spins comes to an end. It is complete for its small sizes but for two states with the
 * same hash of 64 bits.
 *
 * Memory: sequentially consistent, or with store buffers as x86 has them (TSO): then a store that
 * is not memory_order_seq_cst becomes visible to others in a step of its own, later; atomic
 * exchanges and system calls wait for the thread's buffer. Accesses that are not atomic belong to
 * the step that follows them. A weak exchange does not fail for no reason, as that only leads to
 * another round.
 *
 * Thread: one. Owns: the model's memory, which each run of model_explore takes anew.
 * Bound: MODEL_THREADS_MAX threads, MODEL_MEMORY octets. */
#ifndef PCED_TESTS_ORDERS_EXPLORE_H
#define PCED_TESTS_ORDERS_EXPLORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_THREADS_MAX 5
#define MODEL_MEMORY      16384
#define MODEL_EVENTS_MAX  4

struct model {
    const char *name;
    void (*set_up)(void);  /* makes what is shared, and the threads */
    void (*at_rest)(void); /* nobody can go on: what must hold then */
    bool has_store_buffers;
};

struct model_outcome {
    bool is_broken;
    uint64_t states;
    uint64_t steps;
    uint64_t rests; /* states in which nobody could go on, and all was well */
};

/* Goes through all orders, or up to the first one that breaks something: that one is printed step
 * by step where prints is set. */
struct model_outcome model_explore(const struct model *model, bool prints);
/* Explores each model and says what came out. expects_broken: the source is a wrong one, and at
 * least one model must find that. Gives the exit code. */
int model_main(const struct model *models, size_t count, bool expects_broken);

/* ---- for a model ---- */

typedef void model_thread_fn(void *context);
/* A servant need not have ended when nobody can go on. */
void model_thread(const char *name, model_thread_fn *run, void *context, bool is_servant);
/* Zeroed memory that is part of the state; also for the source's calloc and the like. */
void *model_alloc(size_t size);
/* What was freed is filled with MODEL_FREED. */
#define MODEL_FREED 0xdd
void model_free(void *memory, size_t size);
/* A static object that is part of the state. */
void model_region(void *memory, size_t size);
/* What must hold does not. */
void model_expect(bool holds, const char *what);
/* A step of the model itself. */
void model_step(const char *what);
/* Waits until it holds; a step. */
typedef bool model_condition_fn(const void *context);
void model_wait_until(const char *what, model_condition_fn *holds, const void *context);

/* ---- for atomics.h ---- */

/* Around each step, which takes place at once with all that the thread has done since its last one
 * ended. barrier: the thread's stores must have become visible to all. */
void model_before(bool is_barrier);
void model_after(const char *what);
void model_load(const volatile void *from, void *value, size_t size);
void model_store(volatile void *to, const void *value, size_t size);

int model_event_create(void);
/* Gives false when it is none of the model's events. */
bool model_event_signal(int event);
bool model_event_clear(int event);
void model_event_wait(int event);

_Noreturn void model_check_failed(const char *condition, const char *file, int line);

#endif
