/* Descriptors that are watched for input: a one-shot poll, armed again after each callback, so that
 * a callback that leaves octets behind is called again. */
#include "io/ring/ring_impl.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

struct ring_watch {
    struct ring *ring;
    ring_readable_fn *on_readable;
    void *context;
    int descriptor;
    bool is_armed;
    bool is_running; /* inside on_readable */
    bool is_cancelling;
    bool is_destroyed;
};

static void watch_arm(struct ring_watch *watch)
{
    struct io_uring_sqe *sqe = ring_sqe(watch->ring);
    io_uring_prep_poll_add(sqe, watch->descriptor, POLLIN);
    ring_sqe_mark(watch->ring, sqe, watch, RING_TAG_WATCH);
    watch->is_armed = true;
}

static void watch_release(struct ring_watch *watch)
{
    if (watch->is_destroyed && !watch->is_armed && !watch->is_cancelling && !watch->is_running)
        free(watch);
}

static void on_watch(void *object, int result, uint32_t flags)
{
    (void)flags;
    struct ring_watch *watch = object;
    watch->is_armed = false;
    watch->is_running = true;
    if (!watch->is_destroyed && result >= 0)
        watch->on_readable(watch->context);
    watch->is_running = false;
    if (!watch->is_destroyed && result != -EBADF)
        watch_arm(watch);
    watch_release(watch);
}

static void on_watch_cancel(void *object, int result, uint32_t flags)
{
    (void)result;
    (void)flags;
    struct ring_watch *watch = object;
    watch->is_cancelling = false;
    watch_release(watch);
}

void ring_watch_init(struct ring *ring)
{
    ring->handlers[RING_TAG_WATCH] = on_watch;
    ring->handlers[RING_TAG_WATCH_CANCEL] = on_watch_cancel;
}

enum pce_status ring_watch_create(struct ring *ring, int descriptor, ring_readable_fn *on_readable,
                                  void *context, struct ring_watch **out)
{
    thread_owner_check(&ring->owner);
    struct ring_watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL)
        return PCE_NO_MEMORY;
    _Static_assert(_Alignof(max_align_t) % RING_ALIGN == 0, "whatever calloc gives is aligned so");
    watch->ring = ring;
    watch->on_readable = on_readable;
    watch->context = context;
    watch->descriptor = descriptor;
    watch_arm(watch);
    *out = watch;
    return PCE_OK;
}

void ring_watch_destroy(struct ring_watch *watch)
{
    thread_owner_check(&watch->ring->owner);
    watch->is_destroyed = true;
    if (watch->is_armed) {
        watch->is_cancelling = true;
        ring_cancel(watch->ring, watch, RING_TAG_WATCH, RING_TAG_WATCH_CANCEL);
    }
    watch_release(watch);
}
