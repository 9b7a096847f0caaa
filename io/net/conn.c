/* The life of a connection: start, steps, end. Receiving and sending are in files of their own. */
#include "io/net/conn.h"

#include "core/base/check.h"
#include "io/net/conn_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void on_cancel(void *object, int result, uint32_t flags)
{
    (void)flags;
    struct conn *conn = object;
    conn->operations--;
    /* Nothing was found: the operation's own completion is on its way, or it has to be asked again.
     */
    if (result < 0) {
        conn_unset(conn, CONN_CANCEL_RECEIVE);
        conn_unset(conn, CONN_CANCEL_SEND);
    }
    conn_want_attention(conn);
}

/* A RST instead of a FIN: the linger time of 0 must be set before the close, as one chain. */
static void submit_linger(struct conn *conn)
{
    static const struct linger reset = {.l_onoff = 1, .l_linger = 0};
    if (!conn_has(conn, CONN_DIRECT)) {
        (void)setsockopt(conn->file, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        return;
    }
    (void)ring_reserve(conn->pool->ring, 2, 0);
    struct io_uring_sqe *sqe = conn_sqe(conn);
    struct uring_option option = {SOL_SOCKET, SO_LINGER, sizeof reset, (uint64_t)(uintptr_t)&reset};
    uring_prep_socket_option(sqe, URING_SOCKET_SETSOCKOPT, conn->file, option);
    sqe->flags |= IOSQE_IO_HARDLINK;
    conn_submit(conn, sqe, RING_TAG_LINGER);
}

static void submit_close(struct conn *conn)
{
    if (conn_has(conn, CONN_RESETTING))
        submit_linger(conn);
    struct io_uring_sqe *sqe = conn_sqe(conn);
    if (conn_has(conn, CONN_DIRECT))
        io_uring_prep_close_direct(sqe, (unsigned)conn->file);
    else
        io_uring_prep_close(sqe, conn->file);
    conn_submit(conn, sqe, RING_TAG_CLOSE);
    conn->state = CONN_CLOSED;
}

static void close_step(struct conn *conn)
{
    if (conn_has(conn, CONN_ASKING_NAME))
        return; /* the answer comes at once, and there is nothing to cancel or to clear */
    if (conn_has(conn, CONN_RECEIVING))
        conn_cancel(conn, RING_TAG_RECEIVE, CONN_CANCEL_RECEIVE);
    if (conn_has(conn, CONN_CALLING) && conn->detached_file < 0)
        conn_cancel(conn, RING_TAG_CONNECT, CONN_CANCEL_SEND);
    if (conn_has(conn, CONN_SENDING))
        conn_cancel(conn, RING_TAG_SEND, CONN_CANCEL_SEND);
    else
        send_queue_clear(conn->pool->send, &conn->queue);
    if (conn->operations == 0)
        submit_close(conn);
}

static void finish_step(struct conn *conn)
{
    bool is_sent = send_queue_octets(&conn->queue) == 0 && !conn_has(conn, CONN_SENDING);
    if (!is_sent)
        return;
    if (conn_has(conn, CONN_PEER_FIN)) {
        conn_begin_close(conn, PCE_OK);
        close_step(conn);
    } else if (!conn_has(conn, CONN_OWN_FIN)) {
        conn_set(conn, CONN_OWN_FIN);
        struct io_uring_sqe *sqe = conn_sqe(conn);
        io_uring_prep_shutdown(sqe, conn->file, SHUT_WR);
        conn_submit(conn, sqe, RING_TAG_SHUTDOWN);
    }
}

static void on_shutdown(void *object, int result, uint32_t flags)
{
    (void)flags;
    struct conn *conn = object;
    conn->operations--;
    if (result < 0)
        conn_tell_end(conn, failure_status(-result));
    conn_want_attention(conn);
}

static void on_linger(void *object, int result, uint32_t flags)
{
    (void)result;
    (void)flags;
    struct conn *conn = object;
    conn->operations--;
    if (conn->state == CONN_CLOSING) /* it was another option, and the close waits for it */
        conn_want_attention(conn);
}

/* The address of the record is given for the last time. */
static void tell_released(struct conn *conn)
{
    if (conn->detached_file >= 0 || conn->state == CONN_DETACHING) {
        conn_detached_fn *done = conn->detached;
        void *context = conn->owner;
        int file = conn->detached_file;
        enum pce_status status = file >= 0 ? PCE_OK : (enum pce_status)conn->end_status;
        conn_release(conn);
        done(context, file, status);
        return;
    }
    const struct conn_ops *ops = conn->ops;
    void *owner = conn->owner;
    conn->ops = NULL;
    conn->owner = NULL;
    if (ops != NULL)
        ops->on_released(conn, owner, (enum pce_status)conn->end_status);
    conn_release(conn);
}

static void on_close(void *object, int result, uint32_t flags)
{
    (void)result;
    (void)flags;
    struct conn *conn = object;
    conn->operations--;
    CHECK(conn->operations == 0);
    if (conn_has(conn, CONN_ATTENDED)) {
        list_remove(&conn->link);
        conn_unset(conn, CONN_ATTENDED);
    }
    tell_released(conn);
}

/* A plain descriptor changes hands as it is; a direct one is installed as a plain one first, and
 * its slot closed. */
static void detach_step(struct conn *conn)
{
    if (!conn_has(conn, CONN_DIRECT)) {
        conn->detached_file = conn->file;
        tell_released(conn);
        return;
    }
    struct io_uring_sqe *sqe = conn_sqe(conn);
    uring_prep_install(sqe, conn->file);
    conn_submit(conn, sqe, RING_TAG_INSTALL);
}

static void on_install(void *object, int result, uint32_t flags)
{
    (void)flags;
    struct conn *conn = object;
    conn->operations--;
    if (conn_has(conn, CONN_INSPECTING)) {
        conn_inspected(conn, result);
        return;
    }
    conn->detached_file = result;
    if (result < 0) {
        conn->end_status = (uint8_t)(result == -EINVAL ? PCE_UNSUPPORTED : failure_status(-result));
        conn->detached_file = -1;
    }
    struct io_uring_sqe *sqe = conn_sqe(conn);
    io_uring_prep_close_direct(sqe, (unsigned)conn->file);
    conn_submit(conn, sqe, RING_TAG_CLOSE);
}

static void conn_attend(struct list_link *link)
{
    struct conn *conn = CONTAINER_OF(link, struct conn, link);
    conn_unset(conn, CONN_ATTENDED);
    switch ((enum conn_state)conn->state) {
    case CONN_OPEN:
    case CONN_FINISHING:
        conn_send_step(conn);
        conn_receive_step(conn);
        if (conn->state == CONN_FINISHING)
            finish_step(conn);
        break;
    case CONN_CLOSING:
        close_step(conn);
        break;
    case CONN_DETACHING:
        if (conn->operations == 0)
            detach_step(conn);
        break;
    case CONN_FREE:
    case CONN_NAMING:
    case CONN_NEW:
    case CONN_DIALING:
    case CONN_CLOSED:
        break;
    }
}

void conn_life_init(struct ring *ring)
{
    ring->attend = conn_attend;
    ring->foresee = conn_foresee;
    ring->handlers[RING_TAG_RECEIVE] = on_conn_receive;
    ring->handlers[RING_TAG_SEND] = on_conn_send;
    ring->handlers[RING_TAG_UNACKED] = on_conn_unacked;
    ring->handlers[RING_TAG_CONNECT] = on_conn_connect;
    ring->handlers[RING_TAG_CANCEL] = on_cancel;
    ring->handlers[RING_TAG_SHUTDOWN] = on_shutdown;
    ring->handlers[RING_TAG_LINGER] = on_linger;
    ring->handlers[RING_TAG_INSTALL] = on_install;
    ring->handlers[RING_TAG_CLOSE] = on_close;
}

enum pce_status conn_adopt(struct conn_pool *pool, int descriptor, const struct conn_ops *ops,
                           void *owner, struct conn **out)
{
    thread_owner_check(&pool->ring->owner);
    struct conn *conn = conn_borrow(pool, descriptor, false);
    if (conn == NULL)
        return PCE_LIMIT;
    /* The ring waits for the socket only if the socket itself would. */
    int mode = fcntl(descriptor, F_GETFL);
    if (mode >= 0)
        (void)fcntl(descriptor, F_SETFL, mode & ~O_NONBLOCK);
    union address address;
    socklen_t size = sizeof address;
    if (getpeername(descriptor, &address.any, &size) != 0)
        address.any.sa_family = AF_UNSPEC;
    conn_set_peer(conn, &address);
    counter_add(&pool->counters.adopted, 1);
    if (ops != NULL)
        conn_hand_over(conn, ops, owner);
    *out = conn;
    return PCE_OK;
}

void conn_finish(struct conn *conn)
{
    if (conn->state == CONN_DIALING)
        conn_reset(conn);
    if (conn->state != CONN_OPEN)
        return;
    conn->state = CONN_FINISHING;
    /* The peer's FIN has to be seen, and its octets must not make our close a reset. */
    conn_unset(conn, CONN_PAUSED);
    if (conn_has(conn, CONN_BROKEN))
        conn_begin_close(conn, (enum pce_status)conn->end_status);
    conn_want_attention(conn);
}

void conn_reset(struct conn *conn)
{
    if (conn->state == CONN_CLOSED || conn->state == CONN_FREE)
        return;
    conn_set(conn, CONN_RESETTING);
    if (conn->state == CONN_NEW || conn->state == CONN_NAMING) {
        conn->ops = NULL; /* nobody owns it */
        conn->owner = NULL;
    }
    if (conn->state != CONN_DETACHING)
        conn_begin_close(conn, PCE_CANCELLED);
}

bool conn_is_closing(const struct conn *conn)
{
    return conn->state != CONN_OPEN && conn->state != CONN_NEW && conn->state != CONN_DIALING;
}

void conn_hand_over(struct conn *conn, const struct conn_ops *ops, void *owner)
{
    CHECK(conn->state != CONN_FREE && conn->state != CONN_NAMING && conn->state != CONN_DETACHING);
    CHECK(ops != NULL);
    if (conn->state == CONN_NEW)
        conn->state = CONN_OPEN;
    conn->ops = ops;
    conn->owner = owner;
    conn_unset(conn, CONN_PAUSED);
    conn_unset(conn, CONN_HELD);
    conn_unset(conn, CONN_PRESSED);
    conn_unset(conn, CONN_END_TOLD);
    if (conn->state == CONN_OPEN)
        conn_want_attention(conn);
}

void conn_turn_away(struct conn *conn)
{
    CHECK(conn->state != CONN_FREE && conn->state != CONN_NAMING && conn->state != CONN_DETACHING);
    conn->ops = NULL;
    conn->owner = NULL;
    conn_reset(conn);
}

void conn_check_left(const struct conn *conn, const void *owner)
{
    CHECK(conn->owner != owner);
}

void conn_detach(struct conn *conn, conn_detached_fn *done, void *context)
{
    CHECK(conn->state == CONN_NEW);
    conn->state = CONN_DETACHING;
    conn->detached = done;
    conn->owner = context;
    conn->end_status = PCE_OK;
    conn_want_attention(conn);
}

void *conn_owner(const struct conn *conn)
{
    return conn->owner;
}

const struct conn_ops *conn_ops_of(const struct conn *conn)
{
    return conn->state == CONN_DETACHING ? NULL : conn->ops;
}

const struct ip *conn_address(const struct conn *conn)
{
    return &conn->peer;
}

struct ip conn_peer(const struct conn *conn)
{
    return conn->peer;
}

uint16_t conn_peer_port(const struct conn *conn)
{
    return conn->peer_port;
}

static struct conn_local conn_local_of(const struct conn *conn)
{
    if (conn->local != CONN_LOCAL_ASK)
        return conn->pool->locals[conn->local];
    union address address = {.any.sa_family = AF_UNSPEC};
    socklen_t size = sizeof address;
    if (!conn_has(conn, CONN_DIRECT))
        (void)getsockname(conn->file, &address.any, &size);
    return (struct conn_local){address_ip(&address), address_port(&address)};
}

struct ip conn_local(const struct conn *conn)
{
    return conn_local_of(conn).ip;
}

uint16_t conn_local_port(const struct conn *conn)
{
    return conn_local_of(conn).port;
}
