/* What the owner asks of a connection, what completions bring and what a turn does: events for its
 * table. Receiving and sending are in files of their own. */
#include "io/net/conn.h"

#include "core/base/check.h"
#include "io/net/conn_fsm.h"

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

static void cancel_all(struct conn *conn)
{
    if (conn_has(conn, CONN_ASKING_NAME))
        return; /* the answer comes at once, and there is nothing to cancel or to clear */
    if (conn_has(conn, CONN_RECEIVING))
        conn_cancel(conn, RING_TAG_RECEIVE, CONN_CANCEL_RECEIVE);
    if (conn_has(conn, CONN_CALLING))
        conn_cancel(conn, RING_TAG_CONNECT, CONN_CANCEL_SEND);
    if (conn_has(conn, CONN_SENDING))
        conn_cancel(conn, RING_TAG_SEND, CONN_CANCEL_SEND);
    else
        send_queue_clear(conn->pool->send, &conn->queue);
}

static void on_shutdown(void *object, int result, uint32_t flags)
{
    (void)flags;
    struct conn *conn = object;
    conn->operations--;
    if (result < 0)
        conn_happen(conn, CONN_EVENT_FAILED, failure_status(-result));
    conn_want_attention(conn);
}

static void on_linger(void *object, int result, uint32_t flags)
{
    (void)result;
    (void)flags;
    struct conn *conn = object;
    conn->operations--;
    if (conn_is_letting_go(conn)) /* it was another option, and the close waits for it */
        conn_want_attention(conn);
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
    conn_happen(conn, CONN_EVENT_CLOSED, PCE_OK);
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
    struct conn_input input = {.event = CONN_EVENT_INSTALLED, .result = result};
    conn_dispatch(conn, &input);
}

static bool is_sent_out(const struct conn *conn)
{
    return send_queue_octets(&conn->queue) == 0 && !conn_has(conn, CONN_SENDING);
}

static void conn_attend(struct list_link *link)
{
    struct conn *conn = CONTAINER_OF(link, struct conn, link);
    conn_unset(conn, CONN_ATTENDED);
    if (conn_is_carrying(conn)) {
        conn_send_step(conn);
        conn_receive_step(conn);
        if (!conn_is_finishing(conn) || !is_sent_out(conn))
            return; /* nearly always: no event */
        conn_happen(conn, CONN_EVENT_SENT_OUT, PCE_OK);
    }
    if (conn_is_letting_go(conn))
        cancel_all(conn);
    if (conn->operations == 0)
        conn_happen(conn, CONN_EVENT_LAST_COMPLETION, PCE_OK);
}

void conn_life_init(struct ring *ring)
{
    ring->attend = conn_attend;
    ring->prefetch = conn_prefetch;
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
    conn_happen(conn, CONN_EVENT_NAMED, PCE_OK);
    if (ops != NULL)
        conn_hand_over(conn, ops, owner);
    *out = conn;
    return PCE_OK;
}

void conn_finish(struct conn *conn)
{
    conn_check_thread(conn);
    conn_happen(conn, CONN_EVENT_FINISH, PCE_OK);
}

void conn_reset(struct conn *conn)
{
    conn_check_thread(conn);
    conn_happen(conn, CONN_EVENT_RESET, PCE_CANCELLED);
}

bool conn_is_closing(const struct conn *conn)
{
    return !conn_is_within(conn, CONN_NEW, CONN_BROKEN_NEWS);
}

void conn_hand_over(struct conn *conn, const struct conn_ops *ops, void *owner)
{
    conn_check_thread(conn);
    CHECK(ops != NULL);
    CHECK(conn_has_step(conn, CONN_EVENT_HAND_OVER));
    struct conn_input input = {.event = CONN_EVENT_HAND_OVER, .ops = ops, .owner = owner};
    conn_dispatch(conn, &input);
}

void conn_turn_away(struct conn *conn)
{
    conn_check_thread(conn);
    CHECK(conn_has_step(conn, CONN_EVENT_TURN_AWAY));
    conn_happen(conn, CONN_EVENT_TURN_AWAY, PCE_CANCELLED);
}

void conn_check_left(const struct conn *conn, const void *owner)
{
    CHECK(conn->owner != owner);
}

void conn_detach(struct conn *conn, conn_detached_fn *done, void *context)
{
    conn_check_thread(conn);
    CHECK(conn_has_step(conn, CONN_EVENT_DETACH));
    struct conn_input input = {.event = CONN_EVENT_DETACH, .detached = done, .owner = context};
    conn_dispatch(conn, &input);
}

void *conn_owner(const struct conn *conn)
{
    return conn->owner;
}

const struct conn_ops *conn_ops_of(const struct conn *conn)
{
    return conn_is_detaching(conn) ? NULL : conn->ops;
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
