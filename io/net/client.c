#include "io/net/client.h"

#include "io/net/address.h"
#include "io/os/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

/* Waits until the descriptor is ready for events; PCE_TIMEOUT at the deadline. */
static enum pce_status wait_for(int descriptor, short events, struct mono deadline)
{
    for (;;) {
        uint64_t wait_ns = mono_since_ns(deadline, clock_now());
        struct timespec wait = {
            .tv_sec = (time_t)(wait_ns / MONO_NS_PER_S),
            .tv_nsec = (long)(wait_ns % MONO_NS_PER_S),
        };
        struct pollfd watched = {.fd = descriptor, .events = events};
        int result = ppoll(&watched, 1, mono_is_never(deadline) ? NULL : &wait, NULL);
        if (result > 0)
            return PCE_OK;
        if (result == 0)
            return PCE_TIMEOUT;
        if (errno != EINTR)
            return failure_status(errno);
    }
}

static int bind_source(int descriptor, const struct client_options *options)
{
    if (options->from.family == IP_NONE && options->from_port == 0)
        return 0;
    int on = 1;
    (void)setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (options->from_port != 0)
        (void)setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    struct ip from = options->from;
    if (from.family == IP_NONE)
        from.family = options->to.family;
    union address address;
    socklen_t size = address_from_ip(&address, &from, options->from_port);
    return bind(descriptor, &address.any, size) == 0 ? 0 : errno;
}

/* Returns an errno value. */
static int connect_until(int descriptor, const struct client_options *options)
{
    union address address;
    socklen_t size = address_from_ip(&address, &options->to, options->to_port);
    if (connect(descriptor, &address.any, size) == 0)
        return 0;
    if (errno != EINPROGRESS)
        return errno;
    enum pce_status status = wait_for(descriptor, POLLOUT, options->deadline);
    if (status != PCE_OK)
        return status == PCE_TIMEOUT ? ETIMEDOUT : EIO;
    int error = 0;
    socklen_t error_size = sizeof error;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &error_size) != 0)
        return errno;
    return error;
}

enum pce_status client_connect(struct client *client, const struct client_options *options,
                               struct failure *failure)
{
    char to[IP_TEXT_SIZE];
    char from[IP_TEXT_SIZE];
    (void)ip_format(&options->to, to);
    (void)ip_format(&options->from, from);
    client->descriptor = socket(address_family(&options->to),
                                SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (client->descriptor < 0)
        return failure_set_errno(failure, errno, "socket for %s", to);
    if (options->receive_buffer > 0)
        (void)setsockopt(client->descriptor, SOL_SOCKET, SO_RCVBUF, &options->receive_buffer,
                         sizeof options->receive_buffer);
    /* A small message after another one must not wait for an acknowledgement. */
    int on = 1;
    (void)setsockopt(client->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    int error = bind_source(client->descriptor, options);
    if (error == 0)
        error = connect_until(client->descriptor, options);
    if (error == 0)
        return PCE_OK;
    client_close(client);
    return failure_set_errno(failure, error, "connecting to %s port %u from %s port %u", to,
                             options->to_port, from, options->from_port);
}

static enum pce_status stream_status(int error)
{
    if (error == EPIPE)
        return PCE_CLOSED;
    return error == ETIMEDOUT ? PCE_IO : failure_status(error);
}

enum pce_status client_send(struct client *client, const void *octets, size_t size,
                            struct mono deadline)
{
    const uint8_t *at = octets;
    while (size > 0) {
        ssize_t sent = send(client->descriptor, at, size, MSG_NOSIGNAL);
        if (sent >= 0) {
            at += sent;
            size -= (size_t)sent;
            continue;
        }
        if (errno == EINTR)
            continue;
        if (errno != EAGAIN)
            return stream_status(errno);
        enum pce_status status = wait_for(client->descriptor, POLLOUT, deadline);
        if (status != PCE_OK)
            return status;
    }
    return PCE_OK;
}

enum pce_status client_receive(struct client *client, void *octets, size_t size_max, size_t *size,
                               struct mono deadline)
{
    for (;;) {
        ssize_t got = recv(client->descriptor, octets, size_max, 0);
        *size = got > 0 ? (size_t)got : 0;
        if (got > 0)
            return PCE_OK;
        if (got == 0)
            return PCE_CLOSED;
        if (errno == EINTR)
            continue;
        if (errno != EAGAIN)
            return stream_status(errno);
        enum pce_status status = wait_for(client->descriptor, POLLIN, deadline);
        if (status != PCE_OK)
            return status;
    }
}

enum pce_status client_receive_all(struct client *client, void *octets, size_t size,
                                   struct mono deadline)
{
    uint8_t *at = octets;
    while (size > 0) {
        size_t got;
        enum pce_status status = client_receive(client, at, size, &got, deadline);
        if (status != PCE_OK)
            return status;
        at += got;
        size -= got;
    }
    return PCE_OK;
}

void client_shutdown(struct client *client)
{
    (void)shutdown(client->descriptor, SHUT_WR);
}

void client_close(struct client *client)
{
    if (client->descriptor >= 0)
        (void)close(client->descriptor);
    client->descriptor = -1;
}

void client_reset(struct client *client)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    if (client->descriptor >= 0)
        (void)setsockopt(client->descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    client_close(client);
}
