/* The inside of send queues, for the files of io/net that make one up (send_queue….c).
 *
 * Thread: the owning shard. */
#ifndef PCED_IO_NET_SEND_QUEUE_IMPL_H
#define PCED_IO_NET_SEND_QUEUE_IMPL_H

#include "io/net/send_queue.h"

#define CLASS_COUNT   4
#define RECORD_OFFSET UINT32_C(0x00ffffff)
#define RECORD_CLASS  24

/* Octets from the front, records from the back:
 *
 *   octets[0 .. begin) are gone, [begin .. used) wait, [used .. size - 4 * records) are free;
 *   record number i is at the end, (i + 1) * 4 octets before it: where the message ends (offset in
 *   octets) and its class. Records before first_record are of messages that are gone. */
struct send_chunk {
    struct send_chunk *next;
    uint32_t size;
    uint32_t used;
    uint32_t begin;
    uint32_t record_count;
    uint32_t first_record;
    uint32_t size_class;
    uint8_t octets[];
};

/* Whole chunks, header included; the largest holds any message. */
extern const size_t send_chunk_sizes[CLASS_COUNT];
#define SEND_CHUNK_MAX 69632

struct send_pool {
    struct send_chunk *free[CLASS_COUNT];
    size_t held;
    size_t held_max;
    size_t kept;
    size_t kept_max;
    uint64_t refused;
    struct send_queue *open; /* whose message is being written */
    bool open_in_scratch;
    uint8_t scratch[SEND_MESSAGE_MAX];
};

/* Where the message ends, in octets of the chunk. */
static inline uint32_t record_end(const struct send_chunk *chunk, uint32_t index)
{
    const uint32_t *records = (const uint32_t *)(const void *)(chunk->octets + chunk->size);
    return *(records - 1 - index) & RECORD_OFFSET;
}

static inline uint32_t record_class(const struct send_chunk *chunk, uint32_t index)
{
    const uint32_t *records = (const uint32_t *)(const void *)(chunk->octets + chunk->size);
    return *(records - 1 - index) >> RECORD_CLASS;
}

#endif
