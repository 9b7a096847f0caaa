#include "core/reopt/slot_queue.h"

#include <stdlib.h>

#define STALE_MIN 64 /* that a heap may have before it is gone through */

void slot_queue_fini(struct slot_queue *queue)
{
    slot_set_fini(&queue->set);
    free(queue->heap);
    *queue = (struct slot_queue){0};
}

/* ---- the heap ---- */

static bool queue_is_before(struct slot_rank a, struct slot_rank b)
{
    return a.rank != b.rank ? a.rank < b.rank : a.slot > b.slot;
}

static void queue_sift_up(struct slot_queue *queue, uint32_t at)
{
    const struct slot_rank own = queue->heap[at];
    while (at > 0 && queue_is_before(own, queue->heap[(at - 1) / 2])) {
        queue->heap[at] = queue->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    queue->heap[at] = own;
}

static void queue_sift_down(struct slot_queue *queue, uint32_t at)
{
    const struct slot_rank own = queue->heap[at];
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child + 1 < queue->heap_count &&
            queue_is_before(queue->heap[child + 1], queue->heap[child]))
            child++;
        if (child >= queue->heap_count || !queue_is_before(queue->heap[child], own))
            break;
        queue->heap[at] = queue->heap[child];
        at = child;
    }
    queue->heap[at] = own;
}

/* Each slot of the set is left once. */
static void queue_tidy(struct slot_queue *queue)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < queue->heap_count; i++) {
        if (!slot_set_has(&queue->set, queue->heap[i].slot))
            continue;
        slot_set_remove(&queue->set, queue->heap[i].slot);
        queue->heap[kept++] = queue->heap[i];
    }
    queue->heap_count = kept;
    for (uint32_t i = 0; i < kept; i++)
        (void)slot_set_add(&queue->set, queue->heap[i].slot); /* it had a bit a moment ago */
    for (uint32_t i = kept / 2; i-- > 0;)
        queue_sift_down(queue, i);
}

static bool queue_reserve(struct slot_queue *queue)
{
    if (queue->heap_count < queue->heap_room)
        return true;
    uint32_t room = queue->heap_room == 0 ? STALE_MIN : 2 * queue->heap_room;
    struct slot_rank *grown = realloc(queue->heap, room * sizeof *grown);
    if (grown == NULL)
        return false;
    queue->heap = grown;
    queue->heap_room = room;
    return true;
}

/* ---- the queue ---- */

bool slot_queue_add(struct slot_queue *queue, uint32_t slot, uint64_t rank)
{
    if (slot_set_has(&queue->set, slot))
        return true;
    if (!slot_set_add(&queue->set, slot))
        return false;
    if (queue->heap_count > 2 * queue->set.count + STALE_MIN)
        queue_tidy(queue);
    if (!queue_reserve(queue))
        return true;
    queue->heap[queue->heap_count++] = (struct slot_rank){rank, slot};
    queue_sift_up(queue, queue->heap_count - 1);
    return true;
}

void slot_queue_remove(struct slot_queue *queue, uint32_t slot)
{
    slot_set_remove(&queue->set, slot);
}

bool slot_queue_peek(const struct slot_queue *queue, uint32_t place, uint32_t *slot)
{
    if (place >= queue->heap_count)
        return false;
    *slot = queue->heap[place].slot;
    return true;
}

bool slot_queue_take(struct slot_queue *queue, uint32_t *slot)
{
    while (queue->heap_count > 0) {
        *slot = queue->heap[0].slot;
        queue->heap[0] = queue->heap[--queue->heap_count];
        queue_sift_down(queue, 0);
        if (slot_set_has(&queue->set, *slot)) {
            slot_set_remove(&queue->set, *slot);
            return true;
        }
    }
    return slot_set_take(&queue->set, slot);
}
