/* Ring: the one io_uring of a shard. All input and output of the shard goes through it.
 *
 * One turn flushes what the connections have queued, submits everything in one system call, waits
 * for a completion, a message in a mailbox or the deadline, and dispatches what has completed.
 * Sockets are direct descriptors of the ring's own file table, so that the process's limit of open
 * files does not bound the sessions; received octets come in one ring of provided buffers that all
 * connections share. Where the kernel lacks a part (before 6.7) plain descriptors are used instead;
 * ring_path_text says which way was taken.
 *
 * Thread: created, turned and destroyed by one thread (the kernel refuses submissions of any
 * other). Owns: the kernel's ring, the file table, the provided buffers. Bound: file_count sockets,
 * buffer_count buffers, one submission of at most sq_entries. */
#ifndef PCED_IO_RING_RING_H
#define PCED_IO_RING_RING_H

#include "core/base/mono.h"
#include "io/os/counter.h"
#include "io/os/failure.h"

#include <stdbool.h>
#include <stddef.h>

struct ring;

/* Zero in any field means its default. */
struct ring_options {
    unsigned sq_entries;   /* 512 */
    unsigned cq_entries;   /* 4,096; locked memory: about 81 such rings fit into 8 MiB */
    unsigned file_count;   /* direct descriptors: RLIMIT_NOFILE less 500, at most 65,536 */
    unsigned buffer_count; /* provided buffers, rounded up to a power of two: 1,024, at most 32,768;
                            * at least twice the completions of one turn, or throughput collapses */
    unsigned buffer_size;  /* octets of each: 2,048 */
    unsigned turn_octets;  /* 131,072: received ones that one turn hands out; see ring_turn */
    bool plain_descriptors; /* do as if the kernel lacked direct sockets */
};

struct ring_counters {
    struct counter turns;
    struct counter enters; /* system calls */
    struct counter completions;
    struct counter submissions;
    struct counter queue_full; /* the submission queue was full before the end of a turn */
    struct counter overflows;  /* the kernel kept completions back: CQ too small */
    struct counter cut_turns;  /* turns that left completions to the next one */
    struct counter no_buffers; /* a receive ended for want of a provided buffer */
    struct counter files_full; /* accepting stopped: our table, or the system's, is full */
};

/* PCE_UNSUPPORTED (no io_uring, or too old), PCE_DENIED (sysctl or seccomp), PCE_NO_MEMORY (locked
 * memory), PCE_LIMIT (open files); the text says why and what to do. Must be called on the thread
 * that will turn the ring. */
PCE_MUST_CHECK enum pce_status ring_create(const struct ring_options *options, struct ring **ring,
                                           struct failure *failure);
/* Everything that uses the ring (connections, listeners, mailboxes) must have been released. */
void ring_destroy(struct ring *ring);

/* One turn. When it has handed out turn_octets of what was received (a completion counts for 64 at
 * least) the other completions are left for the next turn, in their order, and that does not wait:
 * so the owner gets to answer what it has read before it reads more. PCE_TIMEOUT when the deadline
 * passed and nothing was dispatched; PCE_OK otherwise; PCE_IO when the kernel fails the ring itself
 * (the shard cannot go on). A deadline in the past polls. */
PCE_MUST_CHECK enum pce_status ring_turn(struct ring *ring, struct mono deadline);

/* For times in which nobody waits for an answer: from the next turn on one lasts so long before it
 * hands out what has completed, unless very much has; so that much is done at each waking. What
 * completes at once when it is submitted is not waited with. A deadline is kept no better than
 * that. 0: every completion wakes. Without effect where the kernel
 * cannot do it (before 6.12). */
void ring_set_coalesce(struct ring *ring, uint32_t coalesce_us);

const struct ring_counters *ring_counters_of(const struct ring *ring);
/* One line for the log: what of the kernel is used, and the sizes. */
const char *ring_path_text(const struct ring *ring);
/* Direct descriptors that connections may use; 0 when plain ones are used. */
unsigned ring_file_count(const struct ring *ring);

/* Called on the ring's thread whenever the watched descriptor (eventfd, signalfd, timerfd, pipe) is
 * readable; the callback reads it. */
struct ring_watch;
typedef void ring_readable_fn(void *context);
PCE_MUST_CHECK enum pce_status ring_watch_create(struct ring *ring, int descriptor,
                                                 ring_readable_fn *on_readable, void *context,
                                                 struct ring_watch **watch);
/* No callback after this; what the kernel still holds is released in a later turn. */
void ring_watch_destroy(struct ring_watch *watch);

/* Before this thread ends or a test tears down: turns the ring until nothing that was submitted is
 * unfinished, or the deadline. Watches and listeners must have been stopped, connections released.
 */
PCE_MUST_CHECK enum pce_status ring_settle(struct ring *ring, struct mono deadline);

#endif
