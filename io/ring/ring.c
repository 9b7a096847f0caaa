#include "io/ring/ring_impl.h"

#include "core/base/check.h"
#include "core/base/fetch.h"
#include "io/os/clock.h"

#include <errno.h>
#include <poll.h>

/* A submission that the kernel refuses for want of memory is tried again, with pauses, for about so
 * long before the ring is given up: there is no way to undo what was prepared. */
#define SUBMIT_TRIES    1000
#define SUBMIT_PAUSE_MS 1
/* What a completion counts for at least, of the octets that a turn hands out. */
#define COMPLETION_OCTETS 64
/* So many completions end a coalescing wait before its time, or a quarter of the receive buffers.
 */
#define COALESCE_COUNT 128

static void ring_submit(struct ring *ring)
{
    for (int tries = 0; tries < SUBMIT_TRIES && !ring->is_broken; tries++) {
        counter_add(&ring->counters.enters, 1);
        (void)io_uring_submit(&ring->uring);
        if (io_uring_sq_ready(&ring->uring) == 0)
            break;
        if (tries > 0)
            (void)poll(NULL, 0, SUBMIT_PAUSE_MS);
    }
    ring->scratch_used = 0;
}

static void ring_make_room(struct ring *ring, unsigned count)
{
    if (io_uring_sq_space_left(&ring->uring) >= count)
        return;
    counter_add(&ring->counters.queue_full, 1);
    ring_submit(ring);
    /* The kernel takes nothing any more. What comes goes nowhere, and the next turn tells the
     * owner.
     */
    if (io_uring_sq_space_left(&ring->uring) < count)
        ring->is_broken = true;
}

struct io_uring_sqe *ring_sqe(struct ring *ring)
{
    static _Thread_local struct io_uring_sqe nowhere;
    if (!ring->is_broken)
        ring_make_room(ring, 1);
    counter_add(&ring->counters.submissions, 1);
    struct io_uring_sqe *sqe = ring->is_broken ? NULL : io_uring_get_sqe(&ring->uring);
    return sqe == NULL ? &nowhere : sqe;
}

void ring_sqe_mark(struct ring *ring, struct io_uring_sqe *sqe, const void *object,
                   enum ring_tag tag)
{
    sqe->user_data = ring_user_data(object, tag);
    if (tag != RING_TAG_NONE && tag != RING_TAG_WAKE)
        ring->outstanding++;
}

void *ring_reserve(struct ring *ring, unsigned count, size_t size)
{
    size = (size + RING_ALIGN - 1) & ~(size_t)(RING_ALIGN - 1);
    CHECK(size <= RING_SCRATCH_SIZE);
    if (!ring->is_broken)
        ring_make_room(ring, count);
    if (RING_SCRATCH_SIZE - ring->scratch_used < size)
        ring_submit(ring);
    CHECK(ring->scratch_used + size <= RING_SCRATCH_SIZE);
    void *scratch = ring->scratch + ring->scratch_used;
    ring->scratch_used += size;
    return scratch;
}

void ring_cancel(struct ring *ring, const void *object, enum ring_tag tag, enum ring_tag cancel_tag)
{
    struct io_uring_sqe *sqe = ring_sqe(ring);
    io_uring_prep_cancel64(sqe, ring_user_data(object, tag), 0);
    ring_sqe_mark(ring, sqe, object, cancel_tag);
}

void ring_buffer_return(struct ring *ring, uint32_t flags)
{
    unsigned id = flags >> IORING_CQE_BUFFER_SHIFT;
    CHECK(id < ring->buffer_count);
    io_uring_buf_ring_add(ring->buffers, ring->buffer_octets + (size_t)id * ring->buffer_size,
                          ring->buffer_size, (unsigned short)id, (int)ring->buffer_count - 1,
                          (int)ring->buffers_returned);
    ring->buffers_returned++;
    if (ring->buffers_returned >= 32)
        ring_buffers_publish(ring);
}

void ring_buffers_publish(struct ring *ring)
{
    if (ring->buffers_returned > 0)
        io_uring_buf_ring_advance(ring->buffers, (int)ring->buffers_returned);
    ring->buffers_returned = 0;
}

/* Things that are put on the list by what is done here wait for the next turn, so that two of them
 * cannot keep the ring from its wait; the caller then does not sleep. */
static void ring_run_attention(struct ring *ring)
{
    struct list_link now;
    list_init(&now);
    list_splice_back(&now, &ring->attention);
    for (struct list_link *link; (link = list_pop_front(&now)) != NULL;)
        ring->attend(link);
}

/* Wakes those whose time has come; returns when the next one is due. */
static struct mono ring_run_naps(struct ring *ring)
{
    if (list_is_empty(&ring->naps))
        return MONO_NEVER;
    struct mono now = clock_now();
    struct mono next = MONO_NEVER;
    LIST_FOR_SAFE(link, following, &ring->naps)
    {
        struct ring_nap *nap = CONTAINER_OF(link, struct ring_nap, link);
        if (mono_is_before(now, nap->at)) {
            next = mono_min(next, nap->at);
            continue;
        }
        list_remove(link);
        nap->wake(nap);
    }
    return next;
}

static bool ring_arm_inboxes(struct ring *ring)
{
    bool may_sleep = true;
    LIST_FOR(link, &ring->inboxes)
    {
        struct ring_inbox *inbox = CONTAINER_OF(link, struct ring_inbox, link);
        may_sleep = inbox->arm(inbox) && may_sleep;
    }
    return may_sleep;
}

static unsigned ring_drain_inboxes(struct ring *ring)
{
    unsigned count = 0;
    LIST_FOR_SAFE(link, following, &ring->inboxes)
    {
        struct ring_inbox *inbox = CONTAINER_OF(link, struct ring_inbox, link);
        count += inbox->drain(inbox);
    }
    return count;
}

void ring_set_coalesce(struct ring *ring, uint32_t coalesce_us)
{
    ring->coalesce_us = ring->uring.features & URING_FEAT_MIN_TIMEOUT ? coalesce_us : 0;
}

static struct __kernel_timespec timespec_of(uint64_t ns)
{
    return (struct __kernel_timespec){
        .tv_sec = (long long)(ns / MONO_NS_PER_S),
        .tv_nsec = (long long)(ns % MONO_NS_PER_S),
    };
}

/* Waits for the whole coalescing, and then for one completion or until wait_ns are over. Not where
 * something that was submitted has completed at once: the steps of one thing (accept, ask for the
 * address, receive, send) are not to wait for each other. */
static int ring_wait_coalescing(struct ring *ring, uint64_t wait_ns)
{
    uint64_t wait_min_ns = 1000 * (uint64_t)ring->coalesce_us;
    struct __kernel_timespec wait = timespec_of(wait_ns < wait_min_ns ? wait_min_ns : wait_ns);
    struct uring_wait argument = {
        .wait_min_us = ring->coalesce_us,
        .timeout = (uint64_t)(uintptr_t)&wait,
    };
    unsigned count = ring->buffer_count / 4;
    count = count < COALESCE_COUNT ? count : COALESCE_COUNT;
    unsigned flags = IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG;
    if (ring->is_registered)
        flags |= IORING_ENTER_REGISTERED_RING;
    if (io_uring_sq_ready(&ring->uring) > 0)
        ring_submit(ring);
    if (io_uring_cq_ready(&ring->uring) > 0)
        return 0;
    return io_uring_enter2((unsigned)ring->uring.enter_ring_fd, 0, count, flags,
                           (sigset_t *)(void *)&argument, sizeof argument);
}

/* Submits and waits for one completion or the deadline: one system call, one timeout. */
static int ring_wait(struct ring *ring, struct mono deadline, uint64_t wait_ns)
{
    struct __kernel_timespec wait = timespec_of(wait_ns);
    struct io_uring_cqe *cqe;
    return io_uring_submit_and_wait_timeout(&ring->uring, &cqe, 1,
                                            mono_is_never(deadline) ? NULL : &wait, NULL);
}

static enum pce_status ring_enter(struct ring *ring, struct mono deadline)
{
    uint64_t wait_ns = mono_since_ns(deadline, clock_now());
    /* Nor while a part of what completed before has not been handed out. */
    bool is_coalescing = ring->coalesce_us > 0 && wait_ns > 0 && !mono_is_never(deadline) &&
                         io_uring_cq_ready(&ring->uring) == 0;
    counter_add(&ring->counters.enters, 1);
    int result =
        is_coalescing ? ring_wait_coalescing(ring, wait_ns) : ring_wait(ring, deadline, wait_ns);
    if (io_uring_sq_ready(&ring->uring) == 0)
        ring->scratch_used = 0;
    if (result >= 0 || result == -ETIME || result == -EINTR || result == -EAGAIN ||
        result == -EBUSY || result == -ENOMEM)
        return PCE_OK;
    return PCE_IO;
}

static void *object_of(const struct io_uring_cqe *cqe)
{
    return (void *)(uintptr_t)(cqe->user_data & ~(uint64_t)(RING_ALIGN - 1));
}

/* With many connections nothing of the next one lies in the processor's cache. What the next
 * completions need is fetched side by side, where each would wait for its own. Returns how many
 * these are. */
static unsigned ring_prefetch_octets(struct ring *ring, unsigned ready)
{
    struct ring_prefetch prefetched[RING_PREFETCH_MAX];
    unsigned count = ready < RING_PREFETCH_MAX ? ready : RING_PREFETCH_MAX;
    unsigned receives = 0;
    if (count == 1)
        return count;
    for (unsigned i = 0; i < count; i++) {
        unsigned at = (*ring->uring.cq.khead + i) & ring->uring.cq.ring_mask;
        const struct io_uring_cqe *cqe = &ring->uring.cq.cqes[at];
        fetch_octets(object_of(cqe), RING_FETCHED);
        if ((cqe->user_data & (RING_ALIGN - 1)) == RING_TAG_RECEIVE && cqe->res > 0)
            prefetched[receives++] = (struct ring_prefetch){
                object_of(cqe), ring_buffer(ring, cqe->flags), (size_t)cqe->res, 0};
    }
    if (ring->prefetch != NULL)
        ring->prefetch(prefetched, receives);
    return count;
}

/* Hands out what has completed up to now, as far as a turn goes; what the handlers cause waits for
 * the next turn. */
static unsigned ring_dispatch(struct ring *ring)
{
    if (io_uring_cq_has_overflow(&ring->uring))
        counter_add(&ring->counters.overflows, 1);
    unsigned ready = io_uring_cq_ready(&ring->uring);
    unsigned count = 0;
    unsigned prefetched = 0;
    ring->turn_taken = 0;
    for (; count < ready && ring->turn_taken < ring->turn_octets; count++) {
        if (count == prefetched)
            prefetched += ring_prefetch_octets(ring, ready - count);
        ring->turn_taken += COMPLETION_OCTETS;
        unsigned at = *ring->uring.cq.khead & ring->uring.cq.ring_mask;
        struct io_uring_cqe cqe = ring->uring.cq.cqes[at];
        io_uring_cq_advance(&ring->uring, 1);
        unsigned tag = (unsigned)(cqe.user_data & (RING_ALIGN - 1));
        void *object = object_of(&cqe);
        if (tag == RING_TAG_NONE)
            continue;
        if (!(cqe.flags & IORING_CQE_F_MORE) && tag != RING_TAG_WAKE)
            ring->outstanding--;
        CHECK(ring->handlers[tag] != NULL);
        ring->handlers[tag](object, cqe.res, cqe.flags);
    }
    ring_buffers_publish(ring);
    if (count < ready)
        counter_add(&ring->counters.cut_turns, 1);
    counter_add(&ring->counters.completions, count);
    return count;
}

enum pce_status ring_turn(struct ring *ring, struct mono deadline)
{
    thread_owner_check(&ring->owner);
    counter_add(&ring->counters.turns, 1);
    if (ring->is_broken)
        return PCE_IO;
    ring_run_attention(ring);
    deadline = mono_min(deadline, ring_run_naps(ring));
    if (!ring_arm_inboxes(ring) || !list_is_empty(&ring->attention))
        deadline = (struct mono){0};
    enum pce_status status = ring_enter(ring, deadline);
    if (status != PCE_OK)
        return status;
    unsigned count = ring_dispatch(ring);
    count += ring_drain_inboxes(ring);
    return count == 0 ? PCE_TIMEOUT : PCE_OK;
}

enum pce_status ring_settle(struct ring *ring, struct mono deadline)
{
    while (ring->outstanding > 0 || !list_is_empty(&ring->attention)) {
        enum pce_status status = ring_turn(ring, deadline);
        if (status == PCE_IO)
            return status;
        if (status == PCE_TIMEOUT && !mono_is_before(clock_now(), deadline))
            return PCE_TIMEOUT;
    }
    return PCE_OK;
}

const struct ring_counters *ring_counters_of(const struct ring *ring)
{
    return &ring->counters;
}

const char *ring_path_text(const struct ring *ring)
{
    return ring->path;
}

unsigned ring_file_count(const struct ring *ring)
{
    return ring->file_count;
}
