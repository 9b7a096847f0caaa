/* Mailbox: a bounded queue of small messages from many threads to one, which it wakes.
 *
 * Messages are values of 64 octets; they carry handles, never pointers to things that another
 * thread may release. A full mailbox refuses and the sender keeps what it has. A receiver with a
 * ring gets its messages from ring_turn; one without waits in mailbox_wait or polls
 * mailbox_descriptor. It is woken only when it sleeps: through the sender's ring when it has one,
 * else through an eventfd.
 *
 * Thread: mailbox_post and mailbox_count by any; everything else by the receiver. Owns: the messages in it.
 * Bound: its capacity; at most MAILBOX_BATCH_MAX messages are handed out per turn. */
#ifndef PCED_IO_SHARE_MAILBOX_H
#define PCED_IO_SHARE_MAILBOX_H

#include "core/base/mono.h"
#include "core/base/status.h"
#include "io/os/counter.h"

#include <stddef.h>
#include <stdint.h>

#define MAILBOX_BATCH_MAX 1024

struct ring;
struct mailbox;

struct mail {
    uint32_t kind; /* the receiver's own numbering */
    uint32_t from; /* the sender's shard, or whatever both agree on */
    union {
        uint64_t words[7];
        uint8_t octets[56];
        void *pointers[7]; /* for what changes hands: the receiver becomes the owner */
    };
};

_Static_assert(sizeof(struct mail) == 64, "a mail grew");

typedef void mailbox_fn(void *context, const struct mail *mail);

/* capacity: at least that many messages fit (rounded up to a power of two). */
PCE_MUST_CHECK enum pce_status mailbox_create(unsigned capacity, mailbox_fn *on_mail, void *context,
                                              struct mailbox **mailbox);
/* No sender may be left; messages that are still in it are lost. */
void mailbox_destroy(struct mailbox *mailbox);

/* The calling thread receives from now on, in its ring_turn. A mailbox is attached once; it is
 * detached before the ring is destroyed, on the ring's thread, and can be posted to all the while.
 */
PCE_MUST_CHECK enum pce_status mailbox_attach(struct mailbox *mailbox, struct ring *ring);
void mailbox_detach(struct mailbox *mailbox);

/* PCE_LIMIT when it is full: nothing was taken. own_ring: the ring of the calling thread, or NULL.
 */
PCE_MUST_CHECK enum pce_status mailbox_post(struct mailbox *mailbox, const struct mail *mail,
                                            struct ring *own_ring);

/* For receivers without a ring: hands what is there to on_mail, waiting for the first message until
 * the deadline. PCE_TIMEOUT when none came. */
PCE_MUST_CHECK enum pce_status mailbox_wait(struct mailbox *mailbox, struct mono deadline);
/* Hands out at most MAILBOX_BATCH_MAX messages without waiting; returns how many. */
unsigned mailbox_drain(struct mailbox *mailbox);
/* For a poll loop without a ring: hands out all that is there; afterwards the descriptor is
 * readable as soon as another message comes. Returns how many. */
unsigned mailbox_attend(struct mailbox *mailbox);
int mailbox_descriptor(const struct mailbox *mailbox);

/* Messages that wait; to others than the receiver, as they were a moment ago. */
unsigned mailbox_count(const struct mailbox *mailbox);
uint64_t mailbox_posted(const struct mailbox *mailbox);
uint64_t mailbox_refused(const struct mailbox *mailbox);
/* How often a sender had to wake the receiver. */
uint64_t mailbox_wakes(const struct mailbox *mailbox);

#endif
