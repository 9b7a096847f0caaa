#include "io/share/work_queue.h"

#include "core/base/check.h"

#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

#define CACHE_LINE 64

/* As in the mailbox: `position` when the putter of that position may write, position + 1 when it
 * may be taken. */
struct place {
    _Atomic uint64_t sequence;
    void *thing;
};

struct lane {
    _Atomic uint64_t head __attribute__((aligned(CACHE_LINE))); /* next to be taken */
    uint64_t tail __attribute__((aligned(CACHE_LINE)));         /* next to be put */
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
    unsigned size = 2;
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
    for (unsigned i = 0; i < lane_count; i++) {
        queue->lanes[i] = (struct lane){.places = &places[(size_t)i * size]};
        for (unsigned k = 0; k < size; k++)
            atomic_init(&queue->lanes[i].places[k].sequence, k);
    }
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
    struct place *place = &lane->places[lane->tail & queue->mask];
    if (atomic_load_explicit(&place->sequence, memory_order_acquire) != lane->tail)
        return PCE_LIMIT;
    place->thing = thing;
    atomic_store_explicit(&place->sequence, lane->tail + 1, memory_order_release);
    lane->tail++;
    CHECK(sem_post(&queue->things) == 0); /* it cannot count so far */
    return PCE_OK;
}

static void *take_from(struct lane *lane, uint64_t mask)
{
    uint64_t position = atomic_load_explicit(&lane->head, memory_order_relaxed);
    for (;;) {
        struct place *place = &lane->places[position & mask];
        uint64_t sequence = atomic_load_explicit(&place->sequence, memory_order_acquire);
        if (sequence == position) /* yet to be put */
            return NULL;
        if (sequence != position + 1) { /* another taker was faster */
            position = atomic_load_explicit(&lane->head, memory_order_relaxed);
            continue;
        }
        if (!atomic_compare_exchange_weak_explicit(&lane->head, &position, position + 1,
                                                   memory_order_relaxed, memory_order_relaxed))
            continue;
        void *thing = place->thing;
        atomic_store_explicit(&place->sequence, position + mask + 1, memory_order_release);
        return thing;
    }
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
        void *thing = take_from(&queue->lanes[lane], queue->mask);
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
