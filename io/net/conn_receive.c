/* Receiving: one multishot receive per connection, into buffers that all connections share. */
#include "io/net/conn_fsm.h"

#include <errno.h>

/* The peer's FIN or a failure: nothing more can come. */
static bool conn_is_input_over(const struct conn *conn)
{
    return conn->state != CONN_OPEN && conn->state != CONN_FINISHING &&
           conn->state != CONN_FIN_WAIT;
}

void conn_receive_step(struct conn *conn)
{
    if (!conn_is_carrying(conn))
        return;
    if (conn_has(conn, CONN_PAUSED)) {
        if (conn_has(conn, CONN_RECEIVING))
            conn_cancel(conn, RING_TAG_RECEIVE, CONN_CANCEL_RECEIVE);
        return;
    }
    if (conn_has(conn, CONN_RECEIVING))
        return;
    if (conn_is_input_over(conn)) {
        conn_happen(conn, CONN_EVENT_NEWS_DUE, PCE_OK);
        return;
    }
    struct io_uring_sqe *sqe = conn_sqe(conn);
    io_uring_prep_recv_multishot(sqe, conn->file, NULL, 0, 0);
    sqe->flags |= IOSQE_BUFFER_SELECT;
    sqe->buf_group = RING_BUFFER_GROUP;
    conn_submit(conn, sqe, RING_TAG_RECEIVE);
    conn_set(conn, CONN_RECEIVING);
}

static void receive_take_octets(struct conn *conn, size_t size, uint32_t flags)
{
    struct ring *ring = conn->pool->ring;
    counter_add(&conn->pool->counters.receives, 1);
    counter_add(&conn->pool->counters.received_octets, size);
    conn->received += size;
    ring->turn_taken += size;
    if (conn_is_owned(conn))
        conn->ops->on_octets(conn, ring_buffer(ring, flags), size);
    ring_buffer_return(ring, flags);
}

void conn_prefetch(struct ring_prefetch *prefetched, unsigned count)
{
    for (unsigned step = 0; step < CONN_PREFETCH_STEPS; step++) {
        for (unsigned i = 0; i < count; i++) {
            struct conn *conn = prefetched[i].object;
            const struct wire_span octets = {prefetched[i].octets, prefetched[i].size};
            if (conn_is_owned(conn) && conn->ops->on_prefetch != NULL)
                conn->ops->on_prefetch(conn, octets, step, &prefetched[i].note);
        }
    }
}

void on_conn_receive(void *object, int result, uint32_t flags)
{
    struct conn *conn = object;
    if (!(flags & IORING_CQE_F_MORE)) {
        conn_unset(conn, CONN_RECEIVING);
        conn_unset(conn, CONN_CANCEL_RECEIVE);
        conn->operations--;
    }
    /* Our buffers were used up while octets wait, or the kernel has stopped to let others have a
     * turn: it says so with the last of what it gives. */
    conn_set_unread(conn, result == -ENOBUFS ||
                              (result > 0 && (flags & IORING_CQE_F_SOCK_NONEMPTY) != 0 &&
                               !conn_has(conn, CONN_PAUSED)));
    if (result > 0) {
        receive_take_octets(conn, (size_t)result, flags);
    } else if (result == 0) {
        if (flags & IORING_CQE_F_BUFFER)
            ring_buffer_return(conn->pool->ring, flags);
        conn_happen(conn, CONN_EVENT_PEER_FIN, PCE_CLOSED);
    } else if (result == -ENOBUFS) {
        counter_add(&conn->pool->ring->counters.no_buffers, 1);
    } else if (result != -ECANCELED && result != -EAGAIN && result != -EINTR) {
        conn_happen(conn, CONN_EVENT_FAILED, conn_end_status(result));
    }
    /* Armed again, if at all, after the buffers of this turn have gone back to the kernel. */
    if (!conn_has(conn, CONN_RECEIVING))
        conn_want_attention(conn);
}

void conn_pause(struct conn *conn)
{
    if (!conn_is_owned(conn) || conn_has(conn, CONN_PAUSED))
        return;
    conn_set(conn, CONN_PAUSED);
    conn_set_unread(conn, false);
    conn_want_attention(conn);
}

void conn_resume(struct conn *conn)
{
    if (!conn_has(conn, CONN_PAUSED))
        return;
    conn_unset(conn, CONN_PAUSED);
    conn_want_attention(conn);
}

bool conn_is_paused(const struct conn *conn)
{
    return conn_has(conn, CONN_PAUSED);
}

uint64_t conn_received_octets(const struct conn *conn)
{
    return conn->received;
}

bool conn_may_have_input(const struct conn *conn)
{
    return conn_has(conn, CONN_PAUSED) || !conn_has(conn, CONN_RECEIVING);
}
