/* Log ring: a bounded queue of finished lines from any thread to the one that writes them.
 *
 * Each slot has a turn number that says whose it is: writers claim slots by one addition and never
 * wait for each other or for the reader.
 *
 * Thread: log_ring_put by any, log_ring_peek and log_ring_release by one reader. Owns: its slots.
 * Bound: LOG_RING_LINES lines; one more is refused. */
#ifndef PCED_SERVER_LOG_LOG_RING_H
#define PCED_SERVER_LOG_LOG_RING_H

#include "server/log/log.h"

struct log_slot {
    _Atomic uint64_t turn;
    uint32_t size;
    char octets[LOG_LINE_SIZE];
};

struct log_ring {
    _Atomic uint64_t tail; /* where the next line goes */
    _Atomic uint64_t head; /* the reader's; others may look */
    struct log_slot slots[LOG_RING_LINES];
};

void log_ring_init(struct log_ring *ring);
/* False when it is full: nothing was taken. */
bool log_ring_put(struct log_ring *ring, const char *octets, size_t size);
/* The oldest line, which stays the ring's until log_ring_release; NULL when there is none. */
const struct log_slot *log_ring_peek(struct log_ring *ring);
void log_ring_release(struct log_ring *ring);
/* Whether the reader has taken all; by any thread, also in a signal handler. */
bool log_ring_is_empty(const struct log_ring *ring);

#endif
