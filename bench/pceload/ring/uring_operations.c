/* What a connection of the ring may be told to do. */
#include "bench/pceload/ring/uring.h"

#include "core/base/check.h"
#include "io/net/address.h"
#include "io/ring/uring_compat.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>

#define CHAIN_LENGTH  7u
#define SMALL_RECEIVE 4096

void uring_reserve(struct uring *ring, unsigned count)
{
    while (io_uring_sq_space_left(&ring->io) < count) {
        int result = io_uring_submit(&ring->io);
        CHECK(result >= 0 || result == -EAGAIN || result == -EINTR || result == -EBUSY);
    }
}

static struct io_uring_sqe *next_sqe(struct uring *ring)
{
    uring_reserve(ring, 1);
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring->io);
    CHECK(sqe != NULL);
    return sqe;
}

static uint64_t tag_of(uint32_t slot, enum uring_operation operation)
{
    return (uint64_t)slot << 3 | operation;
}

static void tag(struct io_uring_sqe *sqe, uint32_t slot, enum uring_operation operation)
{
    sqe->user_data = tag_of(slot, operation);
}

/* Of an operation on the connection itself. */
static void tag_slot(struct io_uring_sqe *sqe, uint32_t slot, enum uring_operation operation)
{
    sqe->flags |= IOSQE_FIXED_FILE;
    tag(sqe, slot, operation);
}

/* ---- a connection begins ---- */

/* Of a prepared operation: part of a chain that says nothing where it succeeds. */
static void chain(struct io_uring_sqe *sqe, uint32_t slot)
{
    sqe->flags |= IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
    tag(sqe, slot, OP_SETUP);
}

static void chain_option(struct uring *ring, uint32_t slot, int level, int name, const int *value)
{
    struct io_uring_sqe *sqe = next_sqe(ring);
    struct uring_option option = {level, name, sizeof *value, (uint64_t)(uintptr_t)value};
    uring_prep_socket_option(sqe, URING_SOCKET_SETSOCKOPT, (int)slot, option);
    sqe->flags |= IOSQE_FIXED_FILE;
    chain(sqe, slot);
}

/* Without a port of its own the socket gets one only when it connects. */
void uring_dial(struct uring *ring, uint32_t slot, const struct uring_dial *dial)
{
    static const int one = 1, small = SMALL_RECEIVE;
    union address from, to;
    socklen_t from_size = address_from_ip(&from, &dial->from, 0);
    socklen_t to_size = address_from_ip(&to, &dial->to, dial->port);
    uring_reserve(ring, CHAIN_LENGTH);
    struct io_uring_sqe *sqe = next_sqe(ring);
    io_uring_prep_socket_direct(sqe, from.any.sa_family, SOCK_STREAM, IPPROTO_TCP, slot, 0);
    chain(sqe, slot);
    chain_option(ring, slot, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one);
    chain_option(ring, slot, IPPROTO_TCP, TCP_NODELAY, &one);
    if (dial->from.family == IP_V6) /* a whole prefix may be routed here without addresses */
        chain_option(ring, slot, IPPROTO_IPV6, IPV6_FREEBIND, &one);
    if (dial->is_small)
        chain_option(ring, slot, SOL_SOCKET, SO_RCVBUF, &small);
    sqe = next_sqe(ring);
    uring_prep_bind(sqe, (int)slot, &from.any, from_size);
    sqe->flags |= IOSQE_FIXED_FILE;
    chain(sqe, slot);
    sqe = next_sqe(ring);
    io_uring_prep_connect(sqe, (int)slot, &to.any, to_size);
    tag_slot(sqe, slot, OP_CONNECT);
    /* The kernel reads the addresses when it is given the chain. */
    (void)io_uring_submit(&ring->io);
}

/* ---- octets ---- */

void uring_receive(struct uring *ring, uint32_t slot)
{
    struct io_uring_sqe *sqe = next_sqe(ring);
    io_uring_prep_recv_multishot(sqe, (int)slot, NULL, 0, 0);
    sqe->flags |= IOSQE_BUFFER_SELECT;
    sqe->buf_group = 0;
    tag_slot(sqe, slot, OP_RECEIVE);
}

void uring_receive_once(struct uring *ring, uint32_t slot, uint32_t size)
{
    struct io_uring_sqe *sqe = next_sqe(ring);
    io_uring_prep_recv(sqe, (int)slot, NULL, size < ring->receive_size ? size : ring->receive_size,
                       0);
    sqe->flags |= IOSQE_BUFFER_SELECT;
    sqe->buf_group = 0;
    tag_slot(sqe, slot, OP_RECEIVE);
}

void uring_send(struct uring *ring, uint32_t slot, const struct send_buffer *buffer)
{
    CHECK(buffer->size > 0 && buffer->size <= ring->send_size);
    struct io_uring_sqe *sqe = next_sqe(ring);
    io_uring_prep_send(sqe, (int)slot, buffer->octets, buffer->size, MSG_WAITALL | MSG_NOSIGNAL);
    tag_slot(sqe, slot, OP_SEND);
}

/* ---- the end ---- */

void uring_stop_receiving(struct uring *ring, uint32_t slot)
{
    struct io_uring_sqe *sqe = next_sqe(ring);
    io_uring_prep_cancel64(sqe, tag_of(slot, OP_RECEIVE), 0);
    tag(sqe, slot, OP_IGNORED);
}

void uring_poll_end(struct uring *ring, uint32_t slot)
{
    struct io_uring_sqe *sqe = next_sqe(ring);
    io_uring_prep_poll_add(sqe, (int)slot, POLLRDHUP);
    tag_slot(sqe, slot, OP_POLL);
}

void uring_set_reset(struct uring *ring, uint32_t slot)
{
    static const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    struct uring_option option = {SOL_SOCKET, SO_LINGER, sizeof at_once,
                                  (uint64_t)(uintptr_t)&at_once};
    struct io_uring_sqe *sqe = next_sqe(ring);
    uring_prep_socket_option(sqe, URING_SOCKET_SETSOCKOPT, (int)slot, option);
    tag_slot(sqe, slot, OP_IGNORED);
}

void uring_cancel(struct uring *ring, uint32_t slot)
{
    struct io_uring_sqe *sqe = next_sqe(ring);
    io_uring_prep_cancel_fd(sqe, (int)slot, IORING_ASYNC_CANCEL_ALL | IORING_ASYNC_CANCEL_FD_FIXED);
    tag(sqe, slot, OP_IGNORED);
}

void uring_close_slot(struct uring *ring, uint32_t slot)
{
    struct io_uring_sqe *sqe = next_sqe(ring);
    io_uring_prep_close_direct(sqe, slot);
    tag(sqe, slot, OP_CLOSE);
}
