/* The inside of the ring, for the other files of io/ alone.
 *
 * An operation's user_data is the address of the thing that it belongs to (aligned to RING_ALIGN)
 * with the tag of its handler in the low bits: a connection needs no storage per operation.
 *
 * Thread: the ring's. */
#ifndef PCED_IO_RING_RING_IMPL_H
#define PCED_IO_RING_RING_IMPL_H

#include "core/base/list.h"
#include "io/os/thread.h"
#include "io/ring/ring.h"
#include "io/ring/uring_compat.h"

#include <stdint.h>

#define RING_ALIGN        16
#define RING_BUFFER_GROUP 0
#define RING_SCRATCH_SIZE 65536
#define RING_VECTOR_MAX   32
#define RING_FETCHED      128 /* octets of the thing that an operation belongs to */
#define RING_PREFETCH_MAX 16  /* more would drive the first out of the processor's cache again */

enum ring_tag {
    RING_TAG_NONE, /* nobody waits for it */
    RING_TAG_RECEIVE,
    RING_TAG_SEND,
    RING_TAG_CANCEL,
    RING_TAG_PEER,
    RING_TAG_UNACKED,
    RING_TAG_SHUTDOWN,
    RING_TAG_LINGER,
    RING_TAG_INSTALL,
    RING_TAG_CLOSE,
    RING_TAG_ACCEPT,
    RING_TAG_LISTENER_CANCEL,
    RING_TAG_WATCH,
    RING_TAG_WATCH_CANCEL,
    RING_TAG_WAKE,
    RING_TAG_CONNECT,
    RING_TAG_COUNT,
};

_Static_assert((RING_ALIGN & (RING_ALIGN - 1)) == 0, "an aligned address has low bits to spare");
_Static_assert(RING_TAG_COUNT <= RING_ALIGN, "a tag lies in the low bits of an aligned address");

typedef void ring_complete_fn(void *object, int result, uint32_t flags);
typedef void ring_attend_fn(struct list_link *link);

/* A receive that has completed and is handed out soon. */
struct ring_prefetch {
    void *object;
    const uint8_t *octets;
    size_t size;
    uint64_t note; /* of the connection's owner */
};
typedef void ring_prefetch_fn(struct ring_prefetch *prefetched, unsigned count);

/* Something that is to be done at an instant, or at once when `at` is set to 0. */
struct ring_nap {
    struct list_link link;
    struct list_link room; /* of a listener that waits for a connection to be released */
    struct mono at;
    void (*wake)(struct ring_nap *nap);
};

/* How a mailbox takes part in a turn. */
struct ring_inbox {
    struct list_link link;
    bool (*arm)(struct ring_inbox *inbox); /* false: there are messages, do not sleep */
    unsigned (*drain)(struct ring_inbox *inbox);
};

struct ring {
    struct io_uring uring;
    ring_complete_fn *handlers[RING_TAG_COUNT];
    ring_attend_fn *attend; /* for the things on `attention` */
    ring_prefetch_fn
        *prefetch; /* the receives of the next RING_PREFETCH_MAX completions; or NULL */
    struct list_link attention; /* connections that have something to do before the next wait */
    struct list_link naps;
    struct list_link inboxes;
    struct io_uring_buf_ring *buffers;
    uint8_t *buffer_octets;
    unsigned buffer_count;
    unsigned buffer_size;
    unsigned buffers_returned; /* put back since the last time the kernel was told */
    uint8_t *scratch;          /* arguments that must live until they are submitted */
    size_t scratch_used;
    size_t turn_octets;   /* that one turn hands out */
    size_t turn_taken;    /* … and has handed out */
    uint64_t outstanding; /* operations whose last completion has not come */
    unsigned file_count;  /* of the direct table; 0: plain descriptors */
    uint32_t coalesce_us; /* see ring_set_coalesce */
    bool has_uring;
    bool is_broken;     /* the kernel has refused what was submitted, again and again */
    bool is_registered; /* the ring's own descriptor is: io_uring_register_ring_fd */
    struct thread_owner owner;
    struct ring_counters counters;
    char path[192];
};

static inline uint64_t ring_user_data(const void *object, enum ring_tag tag)
{
    return (uint64_t)(uintptr_t)object | (uint64_t)tag;
}

/* An entry to be filled by an io_uring_prep_ function and then ring_sqe_mark. Submits when the
 * queue is full; never NULL. */
struct io_uring_sqe *ring_sqe(struct ring *ring);
/* Names the operation's owner; it counts as outstanding until its last completion. */
void ring_sqe_mark(struct ring *ring, struct io_uring_sqe *sqe, const void *object,
                   enum ring_tag tag);
/* Makes room for count entries that must be submitted together (a chain of linked ones) and for
 * size octets of scratch memory, which it returns; they live until the next submission. */
void *ring_reserve(struct ring *ring, unsigned count, size_t size);

/* Prepares the cancelling of the operation that object and tag name. */
void ring_cancel(struct ring *ring, const void *object, enum ring_tag tag,
                 enum ring_tag cancel_tag);

static inline const uint8_t *ring_buffer(const struct ring *ring, uint32_t flags)
{
    return ring->buffer_octets + (size_t)(flags >> IORING_CQE_BUFFER_SHIFT) * ring->buffer_size;
}

/* Gives the buffer of a completion back to the kernel (told in one store per batch). */
void ring_buffer_return(struct ring *ring, uint32_t flags);
void ring_buffers_publish(struct ring *ring);

void ring_watch_init(struct ring *ring);
/* The probe for sockets in the ring's own table: 0, or the errno value of what is lacking. */
int ring_probe_direct(struct ring *ring);

#endif
