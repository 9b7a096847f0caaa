/* What all parts of a connection do to it: operations for its socket, and attention. */
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

enum pce_status conn_end_status(int result)
{
    enum pce_status status = failure_status(-result);
    bool is_of_network = status == PCE_TIMEOUT || status == PCE_RESET || status == PCE_UNREACHABLE;
    return is_of_network ? status : PCE_IO;
}

void conn_submit_linger(struct conn *conn)
{
    static const struct linger reset = {.l_onoff = 1, .l_linger = 0};
    if (!conn_has(conn, CONN_DIRECT)) {
        (void)setsockopt(conn->file, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        return;
    }
    /* The option must be set before the close: one chain. */
    (void)ring_reserve(conn->pool->ring, 2, 0);
    struct io_uring_sqe *sqe = conn_sqe(conn);
    struct uring_option option = {SOL_SOCKET, SO_LINGER, sizeof reset, (uint64_t)(uintptr_t)&reset};
    uring_prep_socket_option(sqe, URING_SOCKET_SETSOCKOPT, conn->file, option);
    sqe->flags |= IOSQE_IO_HARDLINK;
    conn_submit(conn, sqe, RING_TAG_LINGER);
}

void conn_submit_close(struct conn *conn)
{
    struct io_uring_sqe *sqe = conn_sqe(conn);
    if (conn_has(conn, CONN_DIRECT))
        io_uring_prep_close_direct(sqe, (unsigned)conn->file);
    else
        io_uring_prep_close(sqe, conn->file);
    conn_submit(conn, sqe, RING_TAG_CLOSE);
}

void conn_submit_shutdown(struct conn *conn)
{
    struct io_uring_sqe *sqe = conn_sqe(conn);
    io_uring_prep_shutdown(sqe, conn->file, SHUT_WR);
    conn_submit(conn, sqe, RING_TAG_SHUTDOWN);
}

void conn_submit_install(struct conn *conn)
{
    struct io_uring_sqe *sqe = conn_sqe(conn);
    uring_prep_install(sqe, conn->file);
    conn_submit(conn, sqe, RING_TAG_INSTALL);
}

void conn_submit_name_question(struct conn *conn, uint32_t size)
{
    conn_set(conn, CONN_ASKING_NAME);
    struct io_uring_sqe *sqe = conn_sqe(conn);
    struct uring_option option = {SOL_SOCKET, SO_PEERNAME, size, (uint64_t)(uintptr_t)&conn->name};
    uring_prep_socket_option(sqe, URING_SOCKET_GETSOCKOPT, conn->file, option);
    conn_submit(conn, sqe, RING_TAG_PEER);
}

void conn_submit_move(struct conn *conn)
{
    conn->next_file = conn->file;
    conn_set(conn, CONN_MOVING);
    struct io_uring_sqe *sqe = conn_sqe(conn);
    io_uring_prep_files_update(sqe, &conn->next_file, 1, (int)IORING_FILE_INDEX_ALLOC);
    conn_submit(conn, sqe, RING_TAG_CONNECT);
}

void conn_submit_connect(struct conn *conn)
{
    conn_set(conn, CONN_CALLING);
    /* The kernel copies the address when it takes the operation. */
    union address *address = ring_reserve(conn->pool->ring, 1, sizeof *address);
    socklen_t size = address_from_ip(address, &conn->peer, conn->peer_port);
    struct io_uring_sqe *sqe = conn_sqe(conn);
    io_uring_prep_connect(sqe, conn->file, &address->any, size);
    conn_submit(conn, sqe, RING_TAG_CONNECT);
}
