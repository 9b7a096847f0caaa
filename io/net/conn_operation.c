/* What all parts of a connection do to it: an operation for its socket, attention, its end. */
#include "io/net/conn_impl.h"

void conn_want_attention(struct conn *conn)
{
    if (conn_has(conn, CONN_ATTENDED))
        return;
    conn_set(conn, CONN_ATTENDED);
    list_init(&conn->link);
    list_push_back(&conn->pool->ring->attention, &conn->link);
}

struct io_uring_sqe *conn_sqe(struct conn *conn)
{
    return ring_sqe(conn->pool->ring);
}

void conn_submit(struct conn *conn, struct io_uring_sqe *sqe, enum ring_tag tag)
{
    if (conn_has(conn, CONN_DIRECT) && sqe->opcode != IORING_OP_CLOSE &&
        sqe->opcode != IORING_OP_NOP)
        sqe->flags |= IOSQE_FIXED_FILE;
    conn->operations++;
    ring_sqe_mark(conn->pool->ring, sqe, conn, tag);
}

void conn_cancel(struct conn *conn, enum ring_tag tag, enum conn_flag flag)
{
    if (conn_has(conn, flag))
        return;
    conn_set(conn, flag);
    conn->operations++;
    ring_cancel(conn->pool->ring, conn, tag, RING_TAG_CANCEL);
}

void conn_begin_close(struct conn *conn, enum pce_status status)
{
    if (conn->state == CONN_CLOSING || conn->state == CONN_CLOSED || conn->state == CONN_FREE)
        return;
    conn->state = CONN_CLOSING;
    conn->end_status = (uint8_t)status;
    conn_want_attention(conn);
}

enum pce_status conn_end_status(int result)
{
    enum pce_status status = failure_status(-result);
    bool is_of_network = status == PCE_TIMEOUT || status == PCE_RESET || status == PCE_UNREACHABLE;
    return is_of_network ? status : PCE_IO;
}

void conn_tell_end(struct conn *conn, enum pce_status status)
{
    if (status != PCE_CLOSED && !conn_has(conn, CONN_BROKEN)) {
        conn_set(conn, CONN_BROKEN);
        conn->end_status = (uint8_t)status; /* for owners that take it over */
        counter_add(&conn->pool->counters.failures, 1);
    }
    if (conn->state == CONN_FINISHING) {
        if (status != PCE_CLOSED) {
            conn_set(conn, CONN_RESETTING); /* a FIN would say that the last message was whole */
            conn_begin_close(conn, status);
        }
        conn_want_attention(conn);
        return;
    }
    if (conn->state != CONN_OPEN || conn_has(conn, CONN_END_TOLD))
        return;
    conn_set(conn, CONN_END_TOLD);
    conn->ops->on_end(conn, status);
}
