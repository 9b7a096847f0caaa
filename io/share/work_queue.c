#include "io/share/work_queue.h"

#include "core/base/check.h"

#include <limits.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

#define CACHE_LINE 64

struct place {
    void *_Atomic thing;
};

/* Positions count up for ever; `position & mask` is the place. What lies in the lane is exactly
 * what is between head and tail: a taker reads the thing first and has it only when it moves the
 * head, in one step. So one that is preempted on the way holds no place, and the putter finds room
 * for as many things as the lane has places, whatever takers do. */
struct lane {
    _Atomic uint64_t head __attribute__((aligned(CACHE_LINE))); /* next to be taken */
    _Atomic uint64_t tail __attribute__((aligned(CACHE_LINE))); /* next to be put; the putter's */
    struct place *places;
};

/* The semaphore counts the things that are there and that no taker is on its way to. */
struct work_queue {
    sem_t things;
    _Atomic bool is_closed;
    unsigned lane_count;
    uint64_t mask;
    struct place *places; /* of all lanes */
    struct lane lanes[];
};

enum pce_status work_queue_create(unsigned lane_count, unsigned room, struct work_queue **out)
{
    if (lane_count == 0 || lane_count > WORK_QUEUE_LANES_MAX || room == 0 ||
        room > WORK_QUEUE_ROOM_MAX)
        return PCE_INVALID;
    unsigned size = 1;
    while (size < room)
        size *= 2;
    struct work_queue *queue =
        aligned_alloc(CACHE_LINE, sizeof *queue + lane_count * sizeof queue->lanes[0]);
    struct place *places = calloc((size_t)lane_count * size, sizeof *places);
    if (queue == NULL || places == NULL || sem_init(&queue->things, 0, 0) != 0) {
        free(queue);
        free(places);
        return PCE_NO_MEMORY;
    }
    atomic_init(&queue->is_closed, false);
    queue->lane_count = lane_count;
    queue->mask = size - 1;
    queue->places = places;
    for (unsigned i = 0; i < lane_count; i++)
        queue->lanes[i] = (struct lane){.places = &places[(size_t)i * size]};
    *out = queue;
    return PCE_OK;
}

void work_queue_destroy(struct work_queue *queue)
{
    if (queue == NULL)
        return;
    (void)sem_destroy(&queue->things);
    free(queue->places);
    free(queue);
}

enum pce_status work_queue_put(struct work_queue *queue, unsigned index, void *thing)
{
    CHECK(index < queue->lane_count && thing != NULL);
    struct lane *lane = &queue->lanes[index];
    uint64_t tail = atomic_load_explicit(&lane->tail, memory_order_relaxed);
    uint64_t head = atomic_load_explicit(&lane->head, memory_order_acquire);
    if (tail - head > queue->mask)
        return PCE_LIMIT;
    atomic_store_explicit(&lane->places[tail & queue->mask].thing, thing, memory_order_relaxed);
    atomic_store_explicit(&lane->tail, tail + 1, memory_order_release);
    _Static_assert((uint64_t)WORK_QUEUE_LANES_MAX * WORK_QUEUE_ROOM_MAX < SEM_VALUE_MAX / 2,
                   "the semaphore counts all things and a wake-up for each taker");
    /* Were the semaphore full, no taker would sleep: nobody needs the wake-up. */
    (void)sem_post(&queue->things);
    return PCE_OK;
}

/* The place may have been filled anew when it is read: then the head has moved on, and the exchange
 * fails. */
static void *work_queue_take_from(struct lane *lane, uint64_t mask)
{
    uint64_t head = atomic_load_explicit(&lane->head, memory_order_acquire);
    while (head != atomic_load_explicit(&lane->tail, memory_order_acquire)) {
        void *thing = atomic_load_explicit(&lane->places[head & mask].thing, memory_order_relaxed);
        if (atomic_compare_exchange_weak_explicit(&lane->head, &head, head + 1,
                                                  memory_order_acq_rel, memory_order_acquire))
            return thing;
    }
    return NULL;
}

void *work_queue_take(struct work_queue *queue, unsigned *next)
{
    while (sem_wait(&queue->things) != 0)
        ; /* a signal */
    /* There is a thing for this taker; while it looks, others may take it and leave it one where
     * it has looked already. */
    while (!work_queue_is_closed(queue)) {
        unsigned lane = *next;
        *next = lane + 1 < queue->lane_count ? lane + 1 : 0;
        void *thing = work_queue_take_from(&queue->lanes[lane], queue->mask);
        if (thing != NULL)
            return thing;
    }
    return NULL;
}

void work_queue_close(struct work_queue *queue, unsigned taker_count)
{
    atomic_store_explicit(&queue->is_closed, true, memory_order_release);
    for (unsigned i = 0; i < taker_count; i++)
        (void)sem_post(&queue->things);
}

bool work_queue_is_closed(const struct work_queue *queue)
{
    return atomic_load_explicit(&queue->is_closed, memory_order_acquire);
}
