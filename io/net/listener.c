/* The accepting side of a shard. The sockets are made in listener_open.c. */
#include "io/net/listener.h"

#include "core/base/check.h"
#include "io/net/conn_fsm.h"
#include "io/net/listener_impl.h"
#include "io/os/clock.h"

#include <errno.h>
#include <unistd.h>

#define ONE_BY_ONE 256 /* the minimum room that is not given away at once */
#define POLLS_IDLE 4   /* so many in a row that find nothing end the polling */

_Static_assert(LISTENER_ADDRESSES_MAX < CONN_LOCAL_ASK, "each address has its number in a record");
_Static_assert(POLLS_IDLE <= UINT8_MAX, "`polls_left` is an octet");

/* Connections that can still be taken in. */
static uint32_t pool_room(const struct conn_pool *pool)
{
    uint32_t limit = pool->count_max;
    uint32_t files = pool->ring->file_count;
    if (files > 0 && files < limit)
        limit = files;
    return pool->count < limit ? limit - pool->count : 0;
}

/* A multishot accept takes all that wait in the backlog at once, and what does not fit would have
 * to be closed again. So near the limit connections are accepted one by one, and the rest stays
 * where it is. */
static bool may_take_many(const struct listener *listener)
{
    uint32_t margin = listener->pool->count_max / 4;
    if (margin < ONE_BY_ONE)
        margin = ONE_BY_ONE;
    if (listener->set->backlog < margin)
        margin = listener->set->backlog;
    return pool_room(listener->pool) > margin * listener->set->address_count;
}

/* Each connection wakes the thread that waits to accept it, however much its ring coalesces. So
 * while they come, a ring that coalesces looks for them once in each wait. */
static bool may_poll(const struct listener *listener)
{
    return listener->is_multishot && listener->polls_left > 0 &&
           listener->pool->ring->coalesce_us > 0;
}

static void listener_arm(struct listener *listener)
{
    struct ring *ring = listener->pool->ring;
    bool is_direct = ring->file_count > 0;
    int flags = is_direct ? 0 : SOCK_CLOEXEC;
    struct io_uring_sqe *sqe = ring_sqe(ring);
    listener->is_multishot = may_take_many(listener);
    listener->is_polling = may_poll(listener);
    if (is_direct)
        io_uring_prep_accept_direct(sqe, listener->descriptor, NULL, NULL, flags,
                                    IORING_FILE_INDEX_ALLOC - 1);
    else
        io_uring_prep_accept(sqe, listener->descriptor, NULL, NULL, flags);
    if (listener->is_multishot)
        sqe->ioprio |= IORING_ACCEPT_MULTISHOT;
    if (listener->is_polling)
        sqe->ioprio |= URING_ACCEPT_DONTWAIT;
    ring_sqe_mark(ring, sqe, listener, RING_TAG_ACCEPT);
    listener->is_armed = true;
}

static void listener_disarm(struct listener *listener)
{
    if (!listener->is_armed || listener->is_cancelling)
        return;
    listener->is_cancelling = true;
    ring_cancel(listener->pool->ring, listener, RING_TAG_ACCEPT, RING_TAG_LISTENER_CANCEL);
}

static void on_nap_over(struct ring_nap *nap)
{
    struct listener *listener = CONTAINER_OF(nap, struct listener, nap);
    list_remove(&nap->room);
    if (!listener->is_stopped && !listener->is_armed)
        listener_arm(listener);
}

/* Waits for a connection to be released; where we are not full ourselves (the system's table is),
 * for a while. Accepting again at once would spin, and every attempt costs a peer its connection.
 */
static void listener_back_off(struct listener *listener)
{
    struct conn_pool *pool = listener->pool;
    listener->nap.at =
        pool_room(pool) == 0 ? MONO_NEVER : mono_add_ms(clock_now(), LISTENER_RETRY_MS);
    list_remove(&listener->nap.link);
    list_remove(&listener->nap.room);
    list_push_back(&pool->ring->naps, &listener->nap.link);
    list_push_back(&pool->waiting, &listener->nap.room);
}

/* The poll has taken all that was there. */
static void on_polled(struct listener *listener)
{
    struct ring *ring = listener->pool->ring;
    listener->polls_left--;
    if (!may_poll(listener)) {
        listener_arm(listener);
        return;
    }
    listener->nap.at = mono_add_ms(clock_now(), ring->coalesce_us / 1000);
    list_push_back(&ring->naps, &listener->nap.link);
}

static void hand_to_owner(struct listener *listener, struct conn *conn)
{
    conn_happen(conn, CONN_EVENT_NAMED, PCE_OK);
    if (listener->is_stopped) {
        conn_reset(conn);
        return;
    }
    counter_add(&listener->pool->counters.accepted, 1);
    listener->on_accept(listener->context, conn);
    CHECK(conn->state != CONN_NEW);
}

/* A direct descriptor tells its peer only through the ring. */
static void ask_peer(struct listener *listener, struct conn *conn)
{
    struct conn_input input = {
        .event = CONN_EVENT_ACCEPTED,
        .owner = listener,
        .name_size = listener->family == IP_V4 ? sizeof conn->name.v4 : sizeof conn->name.v6,
    };
    conn_dispatch(conn, &input);
}

static void on_peer(void *object, int result, uint32_t flags)
{
    (void)flags;
    struct conn *conn = object;
    conn->operations--;
    conn_set_peer(conn, &conn->name);
    conn->queue = (struct send_queue){.first = NULL};
    conn_unset(conn, CONN_ASKING_NAME);
    conn_want_attention(conn);
    if (conn->state != CONN_NAMING)
        return;
    if (result < 0)
        conn_reset(conn); /* it has gone already */
    else
        hand_to_owner(conn->owner, conn);
}

static void close_unwanted(struct ring *ring, int file)
{
    if (ring->file_count == 0) {
        (void)close(file);
        return;
    }
    struct io_uring_sqe *sqe = ring_sqe(ring);
    io_uring_prep_close_direct(sqe, (unsigned)file);
    ring_sqe_mark(ring, sqe, NULL, RING_TAG_NONE);
}

static void take_connection(struct listener *listener, int file)
{
    struct conn_pool *pool = listener->pool;
    bool is_direct = pool->ring->file_count > 0;
    struct conn *conn = conn_borrow(pool, file, is_direct);
    if (conn == NULL) {
        close_unwanted(pool->ring, file);
        return;
    }
    conn->local = listener->local;
    if (is_direct) {
        ask_peer(listener, conn);
        return;
    }
    union address address;
    socklen_t size = sizeof address;
    if (getpeername(file, &address.any, &size) != 0) {
        conn_happen(conn, CONN_EVENT_NAMED, PCE_OK);
        conn_reset(conn); /* it has gone already */
        return;
    }
    conn_set_peer(conn, &address);
    hand_to_owner(listener, conn);
}

static void on_accept_done(void *object, int result, uint32_t flags)
{
    struct listener *listener = object;
    struct conn_pool *pool = listener->pool;
    if (!(flags & IORING_CQE_F_MORE))
        listener->is_armed = false;
    if (result >= 0) {
        listener->polls_left = POLLS_IDLE;
        take_connection(listener, result);
    }
    if (listener->is_stopped)
        return;
    bool is_full = pool_room(pool) == 0;
    if (listener->is_armed) {
        bool is_too_many = listener->is_multishot && !may_take_many(listener);
        if (!listener->is_polling && (is_full || is_too_many || may_poll(listener)))
            listener_disarm(listener);
    } else if (listener->is_polling && result == -EAGAIN && !is_full) {
        on_polled(listener);
    } else if (is_full || (result < 0 && result != -ECANCELED)) {
        if (is_full || result == -ENFILE || result == -EMFILE)
            counter_add(&pool->ring->counters.files_full, 1);
        listener_back_off(listener);
    } else {
        listener_arm(listener);
    }
}

static void on_listener_cancel(void *object, int result, uint32_t flags)
{
    (void)result;
    (void)flags;
    struct listener *listener = object;
    listener->is_cancelling = false;
}

enum pce_status listeners_start(struct listeners *listeners, unsigned shard, struct conn_pool *pool,
                                listener_accept_fn *on_accept, void *context)
{
    thread_owner_check(&pool->ring->owner);
    if (shard >= listeners->shard_count)
        return PCE_INVALID;
    pool->ring->handlers[RING_TAG_ACCEPT] = on_accept_done;
    pool->ring->handlers[RING_TAG_PEER] = on_peer;
    pool->ring->handlers[RING_TAG_LISTENER_CANCEL] = on_listener_cancel;
    for (unsigned i = 0; i < listeners->address_count; i++) {
        struct listener *listener = listeners_get(listeners, i, shard);
        listener->pool = pool;
        listener->on_accept = on_accept;
        listener->context = context;
        listener->set = listeners;
        listener->nap.wake = on_nap_over;
        listener->is_stopped = false;
        list_init(&listener->nap.link);
        list_init(&listener->nap.room);
        listener->local = conn_pool_add_local(pool, listeners->addresses[i], listeners->ports[i]);
        listener_arm(listener);
    }
    return PCE_OK;
}

void listeners_stop(struct listeners *listeners, unsigned shard)
{
    for (unsigned i = 0; i < listeners->address_count; i++) {
        struct listener *listener = listeners_get(listeners, i, shard);
        if (listener->pool == NULL)
            continue;
        thread_owner_check(&listener->pool->ring->owner);
        listener->is_stopped = true;
        list_remove(&listener->nap.link);
        list_remove(&listener->nap.room);
        listener_disarm(listener);
    }
}
