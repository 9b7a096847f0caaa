#include "io/net/conn_connect.h"

#include "io/net/conn_fsm.h"
#include "io/net/socket_options.h"

#include <errno.h>
#include <unistd.h>

/* Without a port of its own the socket gets one only when it connects: two that go to different
 * peers may then have the same. */
static bool bind_local(int descriptor, const struct conn_target *target)
{
    struct ip from = target->from;
    if (from.family == IP_NONE && target->from_port == 0)
        return true;
    if (from.family == IP_NONE)
        from.family = target->to.family; /* any address, that port */
    if (target->from_port == 0 &&
        !socket_set_option(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1))
        return false;
    union address address;
    socklen_t size = address_from_ip(&address, &from, target->from_port);
    return bind(descriptor, &address.any, size) == 0;
}

/* Few ask for them: nothing is done for the others. */
static bool hops_are_set(int descriptor, int family, const struct hop_limits *hops)
{
    return (hops->ttl == 0 && hops->ttl_min == 0) || hop_guard_set(descriptor, family, hops);
}

/* A bound socket, or -1 with the status and text set. */
static int connect_open_socket(const struct conn_target *target, enum pce_status *status,
                               struct failure *failure)
{
    char from[IP_TEXT_SIZE];
    char to[IP_TEXT_SIZE];
    (void)ip_format(&target->from, from);
    (void)ip_format(&target->to, to);
    int family = address_family(&target->to);
    int descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    bool is_bound =
        descriptor >= 0 &&
        socket_set_options(descriptor, family, target->send_buffer, target->not_sent_low_water) &&
        hops_are_set(descriptor, family, &target->hops) && bind_local(descriptor, target);
    if (!is_bound)
        *status = failure_set_errno(failure, errno, "connecting from %s port %u to %s port %u",
                                    from, target->from_port, to, target->to_port);
    else if (target->key != NULL)
        *status = tcp_key_set(descriptor, target->key, failure);
    else
        *status = PCE_OK;
    if (*status == PCE_OK)
        return descriptor;
    if (descriptor >= 0)
        (void)close(descriptor);
    return -1;
}

/* Without a free slot the plain descriptor stays. */
static void take_slot(struct conn *conn, int result)
{
    int slot = conn->next_file;
    conn->next_file = -1;
    if (result != 1)
        return;
    (void)close(conn->file);
    conn->file = slot;
    conn_set(conn, CONN_DIRECT);
}

static enum conn_event event_of(bool was_moving, int result)
{
    if (was_moving)
        return CONN_EVENT_PLACED;
    if (result == -EINTR || result == -EAGAIN)
        return CONN_EVENT_INTERRUPTED;
    return result < 0 ? CONN_EVENT_CONNECT_FAILED : CONN_EVENT_CONNECTED;
}

static enum pce_status status_of(int result)
{
    if (result == -EADDRNOTAVAIL || result == -EADDRINUSE)
        return PCE_EXISTS;
    return result < 0 ? failure_status(-result) : PCE_OK;
}

void on_conn_connect(void *object, int result, uint32_t flags)
{
    (void)flags;
    struct conn *conn = object;
    bool was_moving = conn_has(conn, CONN_MOVING);
    conn->operations--;
    conn_unset(conn, CONN_MOVING);
    conn_unset(conn, CONN_CALLING);
    conn_unset(conn, CONN_CANCEL_SEND);
    conn_want_attention(conn);
    if (was_moving)
        take_slot(conn, result);
    conn_happen(conn, event_of(was_moving, result), status_of(result));
}

enum pce_status conn_connect(struct conn_pool *pool, const struct conn_target *target,
                             struct conn **out, struct failure *failure)
{
    thread_owner_check(&pool->ring->owner);
    if (address_family(&target->to) == AF_UNSPEC || target->to_port == 0)
        return failure_set(failure, PCE_INVALID, "connecting: no address or port");
    enum pce_status status;
    int descriptor = connect_open_socket(target, &status, failure);
    if (descriptor < 0)
        return status;
    struct conn *conn = conn_borrow(pool, descriptor, false);
    if (conn == NULL) {
        (void)close(descriptor);
        return failure_set(failure, PCE_LIMIT, "connecting: no connection is free");
    }
    conn->peer = target->to;
    conn->peer_port = target->to_port;
    if (target->from.family != IP_NONE && !ip_is_unspecified(&target->from))
        conn->local = conn_pool_add_local(pool, target->from, target->from_port);
    struct conn_input input = {
        .event = CONN_EVENT_DIAL, .ops = target->ops, .owner = target->owner};
    conn_dispatch(conn, &input);
    *out = conn;
    return PCE_OK;
}
