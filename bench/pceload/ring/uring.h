/* Ring of a worker: one io_uring, its table of connections, and the buffers of its operations.
 *
 * A connection is a slot of the ring's own file table, numbered by the caller; the ring knows no
 * session. Received octets come in provided buffers that all connections share and are read where
 * they lie, until uring_next is called again. What is sent stands in a buffer that is borrowed for
 * as long as the send lasts.
 *
 * Each operation that the caller is told the end of comes back as one uring_event; those that name
 * OP_IGNORED mean nothing, and the parts of a dial that come before its connect (OP_SETUP) speak
 * only when they fail.
 *
 * Thread: the one that opened it. Owns: the ring, the file table, all buffers, until uring_close;
 * a borrowed buffer is the borrower's until it is given back. Bound: the sizes; SEND_BUFFERS_MAX
 * sends under way. What the kernel has no room for is submitted again, never dropped. */
#ifndef PCED_BENCH_PCELOAD_RING_URING_H
#define PCED_BENCH_PCELOAD_RING_URING_H

#include "core/base/ip.h"
#include "io/os/failure.h"

#include <liburing.h>
#include <stdbool.h>
#include <stdint.h>

#define SEND_BUFFERS_MAX 4096u

enum uring_operation { OP_SETUP, OP_CONNECT, OP_RECEIVE, OP_SEND, OP_POLL, OP_CLOSE, OP_IGNORED };

struct uring_sizes {
    uint32_t slots;
    uint32_t sq_entries, cq_entries;
    uint32_t receive_count; /* provided buffers; the next power of two is taken */
    uint32_t receive_size;  /* octets of each */
    uint32_t send_size;     /* octets of a buffer to send */
};

struct send_buffer {
    struct send_buffer *next; /* in the list of free ones */
    uint32_t size;            /* octets that it has */
    uint8_t octets[];
};

/* The end of an operation, or one more receive of it. */
struct uring_event {
    uint32_t slot;
    enum uring_operation operation;
    int result;            /* an errno as a negative number, or what the operation says */
    const uint8_t *octets; /* received ones, `result` of them; else NULL */
    uint32_t buffer;       /* where they lie */
    bool has_more;         /* the receive goes on */
};

struct uring {
    struct io_uring io;
    struct io_uring_buf_ring *receive_ring;
    uint8_t *receive_octets;
    uint32_t receive_count, receive_size, receive_returned;
    struct send_buffer *free_buffers;
    uint32_t send_count, send_size;
};

/* False with a failure, and uring_close may be called: as it may be for a ring of zeros. */
bool uring_open(struct uring *ring, const struct uring_sizes *sizes, struct failure *failure);
void uring_close(struct uring *ring);

/* NULL when SEND_BUFFERS_MAX are out: a send that ends gives one back. Its size is 0. */
struct send_buffer *uring_borrow(struct uring *ring);
void uring_give_back(struct uring *ring, struct send_buffer *buffer);

/* Submits, and waits for so many completions or for so long: one system call. */
void uring_wait(struct uring *ring, unsigned count, uint64_t wait_ns);
/* How many events there are. */
unsigned uring_ready(const struct uring *ring);
/* Takes the next one; false: there is none. */
bool uring_next(struct uring *ring, struct uring_event *event);
/* Gives the octets of an event that has some back to the kernel, with the next uring_publish. */
void uring_return(struct uring *ring, const struct uring_event *event);
void uring_publish(struct uring *ring);

/* ---- operations: uring_operations.c ---- */

/* A connection from an address of its own, whose port the kernel chooses. */
struct uring_dial {
    struct ip from, to;
    uint16_t port;
    bool is_small; /* its TCP window closes soon */
};

/* So many submissions without a system call in between. */
void uring_reserve(struct uring *ring, unsigned count);
/* OP_CONNECT says how it went; an OP_SETUP that failed comes before it. */
void uring_dial(struct uring *ring, uint32_t slot, const struct uring_dial *dial);
/* OP_RECEIVE, again and again. */
void uring_receive(struct uring *ring, uint32_t slot);
/* OP_RECEIVE, once, of so many octets at most. */
void uring_receive_once(struct uring *ring, uint32_t slot, uint32_t size);
void uring_stop_receiving(struct uring *ring, uint32_t slot);
/* OP_POLL, when the other side has ended the connection. */
void uring_poll_end(struct uring *ring, uint32_t slot);
/* OP_SEND: all of the buffer, which stays until then. */
void uring_send(struct uring *ring, uint32_t slot, const struct send_buffer *buffer);
/* The connection's close will be a RST. */
void uring_set_reset(struct uring *ring, uint32_t slot);
/* Ends all operations of the connection. */
void uring_cancel(struct uring *ring, uint32_t slot);
/* OP_CLOSE */
void uring_close_slot(struct uring *ring, uint32_t slot);

#endif
