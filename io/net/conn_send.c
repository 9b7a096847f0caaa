/* Sending: everything that is queued in one operation, one operation in flight; and the ways to
 * know how much of it has gone, and to take back what has not. */
#include "io/net/conn_fsm.h"

#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>

#define SEND_OCTETS_MAX ((size_t)1 << 20) /* of one operation */

static bool conn_can_queue(const struct conn *conn)
{
    return conn_is_within(conn, CONN_OPEN, CONN_CLOSE_WAIT_NEWS) && !conn_has(conn, CONN_STALLED);
}

enum pce_status conn_open(struct conn *conn, size_t size_max, struct wire_writer *writer)
{
    if (!conn_can_queue(conn))
        return PCE_CLOSED;
    return send_queue_open(conn->pool->send, &conn->queue, size_max, writer);
}

enum pce_status conn_commit(struct conn *conn, const struct wire_writer *writer,
                            enum send_class class)
{
    enum pce_status status = send_queue_commit(conn->pool->send, &conn->queue, writer, class);
    if (status != PCE_OK)
        return status;
    counter_add(&conn->pool->counters.messages_queued, 1);
    conn_want_attention(conn);
    return PCE_OK;
}

void conn_abort(struct conn *conn)
{
    send_queue_abort(conn->pool->send, &conn->queue);
}

enum pce_status conn_send(struct conn *conn, const void *octets, size_t size, enum send_class class)
{
    struct wire_writer writer;
    enum pce_status status = conn_open(conn, size, &writer);
    if (status != PCE_OK)
        return status;
    wire_put_octets(&writer, octets, size);
    return conn_commit(conn, &writer, class);
}

static void submit_send(struct conn *conn)
{
    struct iovec vector[RING_VECTOR_MAX];
    unsigned count = send_queue_peek(&conn->queue, vector, RING_VECTOR_MAX, SEND_OCTETS_MAX);
    struct io_uring_sqe *sqe;
    if (count == 1) {
        sqe = conn_sqe(conn);
        io_uring_prep_send(sqe, conn->file, vector[0].iov_base, vector[0].iov_len, MSG_NOSIGNAL);
    } else {
        /* The kernel copies both when it takes the operation. */
        struct {
            struct msghdr header;
            struct iovec vector[];
        } *scratch =
            ring_reserve(conn->pool->ring, 1, sizeof(struct msghdr) + count * sizeof vector[0]);
        memcpy(scratch->vector, vector, count * sizeof vector[0]);
        scratch->header = (struct msghdr){.msg_iov = scratch->vector, .msg_iovlen = count};
        sqe = conn_sqe(conn);
        io_uring_prep_sendmsg(sqe, conn->file, &scratch->header, MSG_NOSIGNAL);
    }
    conn_submit(conn, sqe, RING_TAG_SEND);
    conn_set(conn, CONN_SENDING);
}

/* Nothing is in the hands of the kernel: the queue can be cut. */
static void stall_step(struct conn *conn)
{
    struct send_dropped dropped;
    send_queue_drop(conn->pool->send, &conn->queue, &dropped);
    conn_unset(conn, CONN_STALL_DUE);
    counter_add(&conn->pool->counters.messages_dropped, dropped.messages);
    if (conn_is_owned(conn) && conn->ops->on_stalled != NULL)
        conn->ops->on_stalled(conn, &dropped);
}

static void pressure_step(struct conn *conn)
{
    uint64_t octets = send_queue_octets(&conn->queue);
    bool is_pressed = conn_has(conn, CONN_PRESSED);
    uint32_t mark = conn->pool->pressure_octets;
    bool is_high = is_pressed ? octets >= mark / 2 : octets > mark;
    if (mark == 0)
        is_high = false;
    if (is_high == is_pressed || !conn_is_owned(conn))
        return;
    conn->flags ^= (uint32_t)CONN_PRESSED;
    if (conn->ops->on_pressure != NULL)
        conn->ops->on_pressure(conn, is_high);
}

static bool is_held(const struct conn *conn)
{
    return conn_has(conn, CONN_HELD) && conn_is_owned(conn) && !conn_has(conn, CONN_STALLED);
}

void conn_hold_sends(struct conn *conn)
{
    conn_set(conn, CONN_HELD);
}

void conn_release_sends(struct conn *conn)
{
    if (!conn_has(conn, CONN_HELD))
        return;
    conn_unset(conn, CONN_HELD);
    conn_want_attention(conn);
}

void conn_send_step(struct conn *conn)
{
    bool is_free = !conn_has(conn, CONN_SENDING);
    if (conn_has(conn, CONN_STALL_DUE)) {
        if (is_free)
            stall_step(conn);
        else
            conn_cancel(conn, RING_TAG_SEND, CONN_CANCEL_SEND);
    }
    if (!conn_is_carrying(conn))
        return;
    if (is_free && send_queue_octets(&conn->queue) > 0 && !conn_is_broken(conn) && !is_held(conn))
        submit_send(conn);
    pressure_step(conn);
}

static void tell_accepted(struct conn *conn, size_t size)
{
    struct conn_counters *counters = &conn->pool->counters;
    counter_add(&counters->sends, 1);
    counter_add(&counters->sent_octets, size);
    counter_add(&counters->messages_sent, send_queue_accept(conn->pool->send, &conn->queue, size));
    if (conn_is_owned(conn) && conn->ops->on_accepted != NULL)
        conn->ops->on_accepted(conn);
    if (send_queue_octets(&conn->queue) == 0 && conn_is_owned(conn) &&
        conn->ops->on_drained != NULL)
        conn->ops->on_drained(conn);
}

void on_conn_send(void *object, int result, uint32_t flags)
{
    (void)flags;
    struct conn *conn = object;
    conn->operations--;
    conn_unset(conn, CONN_SENDING);
    conn_unset(conn, CONN_CANCEL_SEND);
    conn_want_attention(conn);
    if (result >= 0) {
        tell_accepted(conn, (size_t)result);
        return;
    }
    if (result == -ECANCELED || result == -EAGAIN || result == -EINTR || result == -ENOBUFS ||
        result == -ENOMEM)
        return;
    send_queue_clear(conn->pool->send, &conn->queue);
    conn_happen(conn, CONN_EVENT_FAILED, conn_end_status(result));
}

enum pce_status conn_stall(struct conn *conn, const void *final, size_t size)
{
    if (!conn_can_queue(conn))
        return PCE_CLOSED;
    enum pce_status status = PCE_OK;
    if (size > 0)
        status = send_queue_put_final(conn->pool->send, &conn->queue, final, size);
    if (size > 0 && status == PCE_OK)
        counter_add(&conn->pool->counters.messages_queued, 1);
    conn_happen(conn, CONN_EVENT_STALL, PCE_OK);
    return status;
}

enum pce_status conn_query_unacked(struct conn *conn)
{
    if (!conn_is_owned(conn))
        return PCE_CLOSED;
    if (conn_has(conn, CONN_ASKING))
        return PCE_AGAIN;
    conn_set(conn, CONN_ASKING);
    struct io_uring_sqe *sqe = conn_sqe(conn);
    if (conn_has(conn, CONN_DIRECT))
        uring_prep_socket_command(sqe, URING_SOCKET_SIOCOUTQ, conn->file);
    else
        io_uring_prep_nop(sqe); /* the socket is asked when it completes */
    conn_submit(conn, sqe, RING_TAG_UNACKED);
    return PCE_OK;
}

void on_conn_unacked(void *object, int result, uint32_t flags)
{
    (void)flags;
    struct conn *conn = object;
    conn->operations--;
    conn_unset(conn, CONN_ASKING);
    conn_want_attention(conn);
    if (!conn_has(conn, CONN_DIRECT)) {
        int octets = 0;
        result = ioctl(conn->file, SIOCOUTQ, &octets) == 0 ? octets : -errno;
    }
    uint64_t unacked = result > 0 ? (uint64_t)result : 0;
    if (unacked > conn->queue.accepted)
        unacked = conn->queue.accepted;
    /* Octets that were accepted since the kernel answered count as not acknowledged. */
    if (result >= 0 && conn->queue.accepted - unacked > conn->acknowledged)
        conn->acknowledged = conn->queue.accepted - unacked;
    if (!conn_is_owned(conn) || conn->ops->on_unacked == NULL)
        return;
    conn->ops->on_unacked(conn, result < 0 ? failure_status(-result) : PCE_OK, (uint32_t)unacked);
}

uint64_t conn_queued(const struct conn *conn)
{
    return conn->queue.end;
}

uint64_t conn_accepted(const struct conn *conn)
{
    return conn->queue.accepted;
}

uint64_t conn_acknowledged(const struct conn *conn)
{
    return conn->acknowledged;
}

uint64_t conn_queued_octets(const struct conn *conn)
{
    return send_queue_octets(&conn->queue);
}

uint64_t conn_message_end(const struct conn *conn)
{
    return send_queue_message_end(&conn->queue, conn->queue.accepted);
}
