/* Questions about a socket that the ring does not answer (TCP_INFO, getsockname). */
#include "io/net/conn_impl.h"

#include <errno.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define STATE_ESTABLISHED 1 /* of the kernel's TCP */
#define STATE_CLOSE_WAIT  8

enum pce_status conn_inspect(struct conn *conn)
{
    if (!conn_is_owned(conn))
        return PCE_CLOSED;
    if (conn_has(conn, CONN_INSPECTING))
        return PCE_AGAIN;
    conn_set(conn, CONN_INSPECTING);
    struct io_uring_sqe *sqe = conn_sqe(conn);
    if (conn_has(conn, CONN_DIRECT))
        uring_prep_install(sqe, conn->file);
    else
        io_uring_prep_nop(sqe); /* the socket is asked when it completes */
    conn_submit(conn, sqe, RING_TAG_INSTALL);
    return PCE_OK;
}

/* 0, or an errno value. */
static int inspect_look(int descriptor, struct conn_inspection *inspection)
{
    struct tcp_info info;
    memset(&info, 0, sizeof info);
    socklen_t size = sizeof info;
    if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return errno;
    int unread = 0;
    int unacked = 0;
    if (ioctl(descriptor, SIOCINQ, &unread) != 0 || ioctl(descriptor, SIOCOUTQ, &unacked) != 0)
        return errno;
    union address address = {.any.sa_family = AF_UNSPEC};
    socklen_t address_size = sizeof address;
    (void)getsockname(descriptor, &address.any, &address_size);
    bool has_window = size >= offsetof(struct tcp_info, tcpi_snd_wnd) + sizeof info.tcpi_snd_wnd;
    *inspection = (struct conn_inspection){
        .local = address_ip(&address),
        .local_port = address_port(&address),
        .is_established =
            info.tcpi_state == STATE_ESTABLISHED || info.tcpi_state == STATE_CLOSE_WAIT,
        .unread = unread > 0 ? (uint32_t)unread : 0,
        .unacked = unacked > 0 ? (uint32_t)unacked : 0,
        .in_flight = info.tcpi_unacked,
        .retransmits = info.tcpi_retransmits,
        .last_ack_ms = info.tcpi_last_ack_recv,
        .send_window = has_window ? info.tcpi_snd_wnd : UINT32_MAX,
    };
    return 0;
}

void conn_inspected(struct conn *conn, int result)
{
    struct conn_inspection inspection;
    bool is_direct = conn_has(conn, CONN_DIRECT);
    conn_unset(conn, CONN_INSPECTING);
    conn_want_attention(conn);
    int descriptor = is_direct ? result : conn->file;
    int error = result < 0 ? -result : inspect_look(descriptor, &inspection);
    if (is_direct && result >= 0)
        (void)close(result);
    if (!conn_is_owned(conn) || conn->ops->on_inspected == NULL)
        return;
    if (error != 0)
        conn->ops->on_inspected(conn, failure_status(error), NULL);
    else
        conn->ops->on_inspected(conn, PCE_OK, &inspection);
}

static void set_option(struct conn *conn, int level, int name, const int *value)
{
    if (!conn_has(conn, CONN_DIRECT)) {
        (void)setsockopt(conn->file, level, name, value, sizeof *value);
        return;
    }
    struct io_uring_sqe *sqe = conn_sqe(conn);
    struct uring_option option = {level, name, sizeof *value, (uint64_t)(uintptr_t)value};
    uring_prep_socket_option(sqe, URING_SOCKET_SETSOCKOPT, conn->file, option);
    conn_submit(conn, sqe, RING_TAG_LINGER); /* whose completion only counts */
}

void conn_set_probing(struct conn *conn, bool is_on)
{
    static const int off = 0;
    static const int one = 1;
    static const int two = 2;
    if (!conn_is_owned(conn))
        return;
    set_option(conn, IPPROTO_TCP, TCP_KEEPIDLE, &one);
    set_option(conn, IPPROTO_TCP, TCP_KEEPINTVL, &one);
    set_option(conn, IPPROTO_TCP, TCP_KEEPCNT, &two);
    set_option(conn, SOL_SOCKET, SO_KEEPALIVE, is_on ? &one : &off);
}
