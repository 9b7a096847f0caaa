/* Slot queue: LSPs of a shard that something is to be done with at once, and in which order.
 *
 * A set of slots (slot_set.h), and a heap that says which of them is next: the lowest rank, then the
 * highest slot, which is mostly the one that came last into what is indexed (link_index.h) and is
 * taken out of there for the least. Where there was no memory for a place in the heap, its slot comes last.
 *
 * Thread: the owning shard. Owns: set and heap.
 * Bound: an eighth of an octet for each slot; 16 octets for each one that is in it, and as many for
 * those that have left it by another way than being taken. */
#ifndef PCED_CORE_REOPT_SLOT_QUEUE_H
#define PCED_CORE_REOPT_SLOT_QUEUE_H

#include "core/reopt/slot_set.h"

struct slot_rank {
    uint64_t rank;
    uint32_t slot;
};

struct slot_queue {
    struct slot_set set;
    struct slot_rank *heap;
    uint32_t heap_count; /* with those that have left the set */
    uint32_t heap_room;
};

void slot_queue_fini(struct slot_queue *queue);
/* One that is in it keeps its rank. False: no memory, and it is not in it. */
bool slot_queue_add(struct slot_queue *queue, uint32_t slot, uint64_t rank);
void slot_queue_remove(struct slot_queue *queue, uint32_t slot);
/* The first one, which is in it no more. False: it is empty. */
bool slot_queue_take(struct slot_queue *queue, uint32_t *slot);

/* One that will be next, or soon: place 0 is the first one as far as the heap knows. Only to fetch it
 * into the processor's cache: it may have left the queue. False: there is none. */
bool slot_queue_peek(const struct slot_queue *queue, uint32_t place, uint32_t *slot);

static inline uint32_t slot_queue_count(const struct slot_queue *queue)
{
    return queue->set.count;
}

#endif
