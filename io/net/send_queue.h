/* Send queue: the whole messages that wait to be sent on one connection, and the memory they wait
 * in.
 *
 * A message is encoded straight into a chunk; each chunk keeps, growing down from its end, one
 * 32-bit record per message (where it ends, its class), so that message boundaries are always known
 * and an idle connection owns nothing but the few words below. Positions are octets since the
 * connection began, so that accepted and acknowledged octets can be held against message ends.
 *
 * A message is never torn: dropping takes whole messages that have not begun, and keeps what is
 * left of the one that is partly out.
 *
 * Thread: the owning shard. Owns: its chunks, borrowed from the pool.
 * Bound: the pool's octets_max over all queues; a message is at most SEND_MESSAGE_MAX octets. */
#ifndef PCED_IO_NET_SEND_QUEUE_H
#define PCED_IO_NET_SEND_QUEUE_H

#include "core/base/status.h"
#include "core/base/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#define SEND_MESSAGE_MAX 65535

enum send_class {
    SEND_CONTROL = 0, /* what keeps or ends the session */
    SEND_DATA = 1,    /* requests, replies, updates */
    SEND_FINAL = 2,   /* the last message of a stalled connection; set by conn_stall */
};

struct send_chunk;

/* The chunks of all queues of a shard. */
struct send_pool;

struct send_pool_figures {
    size_t octets;     /* in chunks that queues hold */
    size_t octets_max; /* the limit of it */
    size_t kept;       /* in chunks that are kept for later */
    uint64_t refused;  /* how often the limit or the allocator said no */
};

/* octets_max 0: 256 MiB. Chunks that come back are kept up to kept_max octets (0: 4 MiB). */
PCE_MUST_CHECK enum pce_status send_pool_create(size_t octets_max, size_t kept_max,
                                                struct send_pool **pool);
/* Every queue must be empty. */
void send_pool_destroy(struct send_pool *pool);
/* Another limit from now on; what queues hold already stays. */
void send_pool_set_max(struct send_pool *pool, size_t octets_max);
struct send_pool_figures send_pool_figures_of(const struct send_pool *pool);

/* Zero is the empty queue. */
struct send_queue {
    struct send_chunk *first; /* the oldest octets; NULL when empty */
    struct send_chunk *last;  /* where new messages go */
    uint64_t accepted;        /* position up to which the kernel has taken the octets */
    uint64_t end;             /* position behind the last message */
};

/* What send_queue_drop took away. */
struct send_dropped {
    uint64_t messages;
    uint64_t octets;
};

/* Room for one message of at most size_max octets (1 … SEND_MESSAGE_MAX; a generous size costs no
 * memory: what is committed decides). PCE_LIMIT at the pool's limit, PCE_NO_MEMORY. One message may
 * be open in a pool at a time; it ends with commit or abort. */
PCE_MUST_CHECK enum pce_status send_queue_open(struct send_pool *pool, struct send_queue *queue,
                                               size_t size_max, struct wire_writer *writer);
/* Queues what was written. PCE_INVALID (and aborted) when the writer failed or wrote nothing;
 * PCE_LIMIT or PCE_NO_MEMORY (and aborted) when there is no chunk for it. */
PCE_MUST_CHECK enum pce_status send_queue_commit(struct send_pool *pool, struct send_queue *queue,
                                                 const struct wire_writer *writer,
                                                 enum send_class class);
void send_queue_abort(struct send_pool *pool, struct send_queue *queue);
/* Queues a finished message of class SEND_FINAL. The pool's limit does not hold for it: a
 * connection that is stalled because memory is short still gets its last word. */
PCE_MUST_CHECK enum pce_status send_queue_put_final(struct send_pool *pool,
                                                    struct send_queue *queue, const void *octets,
                                                    size_t size);

/* Octets that wait here: queued, not accepted by the kernel. */
static inline uint64_t send_queue_octets(const struct send_queue *queue)
{
    return queue->end - queue->accepted;
}

/* The octets that are next, as at most vector_max runs of at most octets_max together; returns the
 * number of runs. They stay where they are until send_queue_accept or send_queue_drop. */
unsigned send_queue_peek(const struct send_queue *queue, struct iovec *vector, unsigned vector_max,
                         size_t octets_max);
/* The kernel took the next size octets: chunks that are through go back to the pool. Returns how
 * many messages came to their end with it. */
uint64_t send_queue_accept(struct send_pool *pool, struct send_queue *queue, size_t size);

/* The position at which the first message ends that is not wholly within [0, position), or the end
 * of the queue; for positions not before `accepted`. */
uint64_t send_queue_message_end(const struct send_queue *queue, uint64_t position);
/* Messages that wait, the one that is partly out included. */
uint64_t send_queue_messages(const struct send_queue *queue);

/* Frees every message that has not begun, except those of class SEND_FINAL, which move up directly
 * behind the remainder of the message that is partly out. No octet of the queue may be in the hands
 * of the kernel. */
void send_queue_drop(struct send_pool *pool, struct send_queue *queue,
                     struct send_dropped *dropped);
/* Frees everything. */
void send_queue_clear(struct send_pool *pool, struct send_queue *queue);

/* CHECKs the whole queue (core/base/validate.h: where PCED_VALIDATE is defined): its chunks, the
 * records of the messages, and that their octets are those between `accepted` and `end`. Returns
 * the steps that it took. */
uint64_t send_queue_validate(const struct send_pool *pool, const struct send_queue *queue);
/* The same of the chunks that the pool keeps. */
uint64_t send_pool_validate(const struct send_pool *pool);

#endif
