#include "server/log/log_ring.h"

#include <string.h>

_Static_assert((LOG_RING_LINES & (LOG_RING_LINES - 1)) == 0, "slots go on where numbers wrap");

/* A slot is free for the line number n when its turn is n, and filled when it is n + 1. */
void log_ring_init(struct log_ring *ring)
{
    atomic_store_explicit(&ring->head, 0, memory_order_relaxed);
    atomic_store_explicit(&ring->tail, 0, memory_order_relaxed);
    for (uint64_t i = 0; i < LOG_RING_LINES; i++)
        atomic_store_explicit(&ring->slots[i].turn, i, memory_order_relaxed);
}

bool log_ring_put(struct log_ring *ring, const char *octets, size_t size)
{
    uint64_t at = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    struct log_slot *slot;
    for (;;) {
        slot = &ring->slots[at % LOG_RING_LINES];
        uint64_t turn = atomic_load_explicit(&slot->turn, memory_order_acquire);
        if (turn == at) {
            if (atomic_compare_exchange_weak_explicit(&ring->tail, &at, at + 1,
                                                      memory_order_relaxed, memory_order_relaxed))
                break;
        } else if (turn < at) {
            return false; /* the reader has not come round yet */
        } else {
            at = atomic_load_explicit(&ring->tail, memory_order_relaxed);
        }
    }
    if (size > LOG_LINE_SIZE)
        size = LOG_LINE_SIZE;
    memcpy(slot->octets, octets, size);
    slot->size = (uint32_t)size;
    atomic_store_explicit(&slot->turn, at + 1, memory_order_release);
    return true;
}

const struct log_slot *log_ring_peek(struct log_ring *ring)
{
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    const struct log_slot *slot = &ring->slots[head % LOG_RING_LINES];
    uint64_t turn = atomic_load_explicit(&slot->turn, memory_order_acquire);
    return turn == head + 1 ? slot : NULL;
}

void log_ring_release(struct log_ring *ring)
{
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    struct log_slot *slot = &ring->slots[head % LOG_RING_LINES];
    atomic_store_explicit(&slot->turn, head + LOG_RING_LINES, memory_order_release);
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
}

bool log_ring_is_empty(const struct log_ring *ring)
{
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
    return head == atomic_load_explicit(&ring->tail, memory_order_acquire);
}
