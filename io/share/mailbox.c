#include "io/share/mailbox.h"

#include "core/base/check.h"
#include "io/os/clock.h"
#include "io/ring/ring_impl.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define CACHE_LINE 64

/* A slot says by its sequence whose turn it is: `position` when the sender of that position may
 * write, position + 1 when the receiver may read. Senders do not wait for each other: with
 * ck_ring's many producers each spins until all before it are done, and with more shards than cores
 * one that is preempted in between held all the others for whole time slices. */
struct slot {
    _Atomic uint64_t sequence;
    struct mail mail;
};

/* `wanted` is 1 while the receiver sleeps or is about to. Both sides change it by an atomic
 * exchange: either the sender sees the 1 and wakes, or the receiver's exchange comes later and it
 * sees the message when it looks again before it sleeps. */
struct mailbox {
    struct ring_inbox inbox; /* links it to the ring */
    struct slot *slots;
    uint64_t mask;
    _Atomic uint64_t head; /* next to be read; the receiver alone writes it */
    mailbox_fn *on_mail;
    void *context;
    struct ring *ring;           /* the receiver's, while attached */
    struct ring_watch *watch;    /* of the eventfd */
    int event;                   /* eventfd */
    _Atomic int ring_descriptor; /* for senders that have a ring; -1: use the eventfd */
    _Atomic int wanted;
    _Atomic uint64_t tail __attribute__((aligned(CACHE_LINE))); /* next to be written */
    struct counter posted;
    struct counter refused;
    struct counter wakes;
} __attribute__((aligned(CACHE_LINE)));

_Static_assert(CACHE_LINE % RING_ALIGN == 0, "a wake names its mailbox (ring_user_data)");

enum pce_status mailbox_create(unsigned capacity, mailbox_fn *on_mail, void *context,
                               struct mailbox **out)
{
    if (capacity == 0 || capacity > (1U << 24))
        return PCE_INVALID;
    unsigned size = 2; /* one slot could not tell free from filled */
    while (size < capacity)
        size *= 2;
    struct mailbox *mailbox = aligned_alloc(CACHE_LINE, sizeof *mailbox);
    if (mailbox == NULL)
        return PCE_NO_MEMORY;
    *mailbox = (struct mailbox){
        .slots = calloc(size, sizeof(struct slot)),
        .mask = size - 1,
        .on_mail = on_mail,
        .context = context,
        .event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
        .ring_descriptor = -1,
    };
    if (mailbox->slots == NULL || mailbox->event < 0) {
        enum pce_status status = mailbox->slots == NULL ? PCE_NO_MEMORY : failure_status(errno);
        mailbox_destroy(mailbox);
        return status;
    }
    for (unsigned i = 0; i < size; i++)
        atomic_init(&mailbox->slots[i].sequence, i);
    *out = mailbox;
    return PCE_OK;
}

void mailbox_destroy(struct mailbox *mailbox)
{
    if (mailbox == NULL)
        return;
    CHECK(mailbox->ring == NULL);
    if (mailbox->event >= 0)
        (void)close(mailbox->event);
    free(mailbox->slots);
    free(mailbox);
}

static void wake_by_event(struct mailbox *mailbox)
{
    uint64_t one = 1;
    /* Full (EAGAIN) means that it is readable, which is all that is wanted. */
    ssize_t written = write(mailbox->event, &one, sizeof one);
    (void)written;
}

static void wake_by_ring(struct mailbox *mailbox, struct ring *own_ring, int descriptor)
{
    struct io_uring_sqe *sqe = ring_sqe(own_ring);
    io_uring_prep_msg_ring(sqe, descriptor, 0, ring_user_data(NULL, RING_TAG_NONE), 0);
    sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
    ring_sqe_mark(own_ring, sqe, mailbox, RING_TAG_WAKE);
}

/* Only a wake that failed has a completion: the receiver is detached, or its queue is full. */
static void on_wake_failed(void *object, int result, uint32_t flags)
{
    (void)flags;
    if (result < 0)
        wake_by_event(object);
}

/* Who sees the tail sees the slots that the receiver had freed when it was moved there: so a
 * mailbox never refuses while fewer messages are in it, or on their way into it, than it has slots.
 */
static bool mailbox_put(struct mailbox *mailbox, const struct mail *mail)
{
    uint64_t position = atomic_load_explicit(&mailbox->tail, memory_order_acquire);
    struct slot *slot;
    for (;;) {
        slot = &mailbox->slots[position & mailbox->mask];
        uint64_t sequence = atomic_load_explicit(&slot->sequence, memory_order_acquire);
        if (sequence == position) {
            if (atomic_compare_exchange_weak_explicit(&mailbox->tail, &position, position + 1,
                                                      memory_order_acq_rel, memory_order_acquire))
                break;
        } else if (sequence < position) {
            return false; /* still to be read: full */
        } else {
            position = atomic_load_explicit(&mailbox->tail, memory_order_acquire);
        }
    }
    slot->mail = *mail;
    atomic_store_explicit(&slot->sequence, position + 1, memory_order_release);
    return true;
}

/* The slot that is to be read next, or NULL when nobody has finished writing it. */
static struct slot *next_slot(struct mailbox *mailbox)
{
    uint64_t head = atomic_load_explicit(&mailbox->head, memory_order_relaxed);
    struct slot *slot = &mailbox->slots[head & mailbox->mask];
    uint64_t sequence = atomic_load_explicit(&slot->sequence, memory_order_acquire);
    return sequence == head + 1 ? slot : NULL;
}

static bool mailbox_take(struct mailbox *mailbox, struct mail *mail)
{
    struct slot *slot = next_slot(mailbox);
    if (slot == NULL)
        return false;
    uint64_t head = atomic_load_explicit(&mailbox->head, memory_order_relaxed);
    *mail = slot->mail;
    atomic_store_explicit(&slot->sequence, head + mailbox->mask + 1, memory_order_release);
    atomic_store_explicit(&mailbox->head, head + 1, memory_order_relaxed);
    return true;
}

enum pce_status mailbox_post(struct mailbox *mailbox, const struct mail *mail,
                             struct ring *own_ring)
{
    if (!mailbox_put(mailbox, mail)) {
        counter_add_shared(&mailbox->refused, 1);
        return PCE_LIMIT;
    }
    counter_add_shared(&mailbox->posted, 1);
    if (atomic_exchange(&mailbox->wanted, 0) == 0)
        return PCE_OK;
    counter_add_shared(&mailbox->wakes, 1);
    int descriptor = atomic_load_explicit(&mailbox->ring_descriptor, memory_order_relaxed);
    if (own_ring != NULL && descriptor >= 0) {
        own_ring->handlers[RING_TAG_WAKE] = on_wake_failed;
        wake_by_ring(mailbox, own_ring, descriptor);
    } else {
        wake_by_event(mailbox);
    }
    return PCE_OK;
}

unsigned mailbox_drain(struct mailbox *mailbox)
{
    unsigned count = 0;
    struct mail mail;
    while (count < MAILBOX_BATCH_MAX && mailbox_take(mailbox, &mail)) {
        count++;
        mailbox->on_mail(mailbox->context, &mail);
    }
    return count;
}

/* False when there are messages already: then nobody sleeps. */
static bool mailbox_arm(struct mailbox *mailbox)
{
    (void)atomic_exchange(&mailbox->wanted, 1);
    if (next_slot(mailbox) == NULL)
        return true;
    (void)atomic_exchange(&mailbox->wanted, 0);
    return false;
}

static bool inbox_arm(struct ring_inbox *inbox)
{
    return mailbox_arm(CONTAINER_OF(inbox, struct mailbox, inbox));
}

static unsigned inbox_drain(struct ring_inbox *inbox)
{
    struct mailbox *mailbox = CONTAINER_OF(inbox, struct mailbox, inbox);
    atomic_store_explicit(&mailbox->wanted, 0, memory_order_relaxed);
    return mailbox_drain(mailbox);
}

static void clear_event(void *context)
{
    struct mailbox *mailbox = context;
    uint64_t count;
    ssize_t size = read(mailbox->event, &count, sizeof count);
    (void)size;
}

enum pce_status mailbox_attach(struct mailbox *mailbox, struct ring *ring)
{
    CHECK(mailbox->ring == NULL);
    enum pce_status status =
        ring_watch_create(ring, mailbox->event, clear_event, mailbox, &mailbox->watch);
    if (status != PCE_OK)
        return status;
    mailbox->ring = ring;
    mailbox->inbox.arm = inbox_arm;
    mailbox->inbox.drain = inbox_drain;
    list_push_back(&ring->inboxes, &mailbox->inbox.link);
    atomic_store_explicit(&mailbox->ring_descriptor, ring->uring.ring_fd, memory_order_relaxed);
    return PCE_OK;
}

void mailbox_detach(struct mailbox *mailbox)
{
    if (mailbox->ring == NULL)
        return;
    thread_owner_check(&mailbox->ring->owner);
    atomic_store_explicit(&mailbox->ring_descriptor, -1, memory_order_relaxed);
    list_remove(&mailbox->inbox.link);
    ring_watch_destroy(mailbox->watch);
    mailbox->watch = NULL;
    mailbox->ring = NULL;
}

enum pce_status mailbox_wait(struct mailbox *mailbox, struct mono deadline)
{
    for (;;) {
        if (mailbox_drain(mailbox) > 0)
            return PCE_OK;
        if (!mailbox_arm(mailbox))
            continue;
        uint64_t wait_ns = mono_since_ns(deadline, clock_now());
        struct timespec wait = {
            .tv_sec = (time_t)(wait_ns / MONO_NS_PER_S),
            .tv_nsec = (long)(wait_ns % MONO_NS_PER_S),
        };
        struct pollfd watched = {.fd = mailbox->event, .events = POLLIN};
        int result = ppoll(&watched, 1, mono_is_never(deadline) ? NULL : &wait, NULL);
        atomic_store_explicit(&mailbox->wanted, 0, memory_order_relaxed);
        if (result > 0)
            clear_event(mailbox);
        else if (result == 0)
            return mailbox_drain(mailbox) > 0 ? PCE_OK : PCE_TIMEOUT;
        else if (errno != EINTR)
            return PCE_IO;
    }
}

unsigned mailbox_attend(struct mailbox *mailbox)
{
    unsigned count = 0;
    clear_event(mailbox);
    do {
        atomic_store_explicit(&mailbox->wanted, 0, memory_order_relaxed);
        count += mailbox_drain(mailbox);
    } while (!mailbox_arm(mailbox));
    return count;
}

int mailbox_descriptor(const struct mailbox *mailbox)
{
    return mailbox->event;
}

unsigned mailbox_count(const struct mailbox *mailbox)
{
    uint64_t head = atomic_load_explicit(&mailbox->head, memory_order_relaxed);
    uint64_t tail = atomic_load_explicit(&mailbox->tail, memory_order_relaxed);
    return tail > head ? (unsigned)(tail - head) : 0;
}

uint64_t mailbox_posted(const struct mailbox *mailbox)
{
    return counter_get(&mailbox->posted);
}

uint64_t mailbox_refused(const struct mailbox *mailbox)
{
    return counter_get(&mailbox->refused);
}

uint64_t mailbox_wakes(const struct mailbox *mailbox)
{
    return counter_get(&mailbox->wakes);
}
