/* The making of the listening sockets, by the main thread at start. */
#include "core/base/number.h"
#include "io/net/address.h"
#include "io/net/listener_impl.h"
#include "io/net/socket_options.h"
#include "io/net/steering.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BACKLOG_DEFAULT 4096

static int system_backlog(void)
{
    FILE *file = fopen("/proc/sys/net/core/somaxconn", "re");
    if (file == NULL)
        return BACKLOG_DEFAULT;
    char line[16] = "";
    const char *at = line;
    uint64_t value = 0;
    if (fgets(line, sizeof line, file) != NULL)
        (void)number_take(&at, INT32_MAX, &value);
    (void)fclose(file);
    return value > 0 ? (int)value : BACKLOG_DEFAULT;
}

static int listener_open_socket(int family)
{
    return socket(family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
}

/* With SO_REUSEPORT a second server of the same user would silently take a part of the connections:
 * a bind without it finds out whether somebody listens. */
static int probe_port(const union address *address, socklen_t size, int family)
{
    int descriptor = listener_open_socket(family);
    if (descriptor < 0)
        return errno;
    int error = 0;
    if (!socket_set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1) ||
        (family == AF_INET6 && !socket_set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1)) ||
        bind(descriptor, &address->any, size) != 0)
        error = errno;
    (void)close(descriptor);
    return error;
}

/* Opens and binds one socket; returns an errno value. */
static int listener_bind(const struct listener_options *options, const union address *address,
                         socklen_t size, int *out)
{
    int descriptor = listener_open_socket(address->any.sa_family);
    if (descriptor < 0)
        return errno;
    *out = descriptor;
    if (!socket_set_options(descriptor, address->any.sa_family, options->send_buffer,
                            options->not_sent_low_water))
        return errno;
    return bind(descriptor, &address->any, size) == 0 ? 0 : errno;
}

static int bound_port(int descriptor, uint16_t *port)
{
    union address address;
    socklen_t size = sizeof address;
    if (getsockname(descriptor, &address.any, &size) != 0)
        return errno;
    *port = address_port(&address);
    return 0;
}

/* All sockets of one address: bound first, then put into the group one after the other. */
static enum pce_status listener_open_group(struct listeners *listeners, unsigned index,
                                           const struct listener_options *options,
                                           struct failure *failure)
{
    const struct ip *ip = &options->addresses[index];
    char text[IP_TEXT_SIZE];
    (void)ip_format(ip, text);
    union address address;
    socklen_t size = address_from_ip(&address, ip, options->port);
    uint16_t port = options->port;
    int error = port == 0 ? 0 : probe_port(&address, size, address_family(ip));
    for (unsigned shard = 0; shard < options->shard_count && error == 0; shard++) {
        struct listener *listener = listeners_get(listeners, index, shard);
        listener->family = (enum ip_family)ip->family;
        error = listener_bind(options, &address, size, &listener->descriptor);
        if (error == 0 && port == 0) {
            error = bound_port(listener->descriptor, &port);
            size = address_from_ip(&address, ip, port);
        }
    }
    if (error != 0)
        return failure_set_errno(failure, error, "listening on %s port %u", text, port);
    listeners->ports[index] = port;
    enum pce_status status =
        steering_attach(listeners_get(listeners, index, 0)->descriptor, (enum ip_family)ip->family,
                        options->shard_count, failure);
    for (unsigned shard = 0; shard < options->shard_count && status == PCE_OK; shard++) {
        if (listen(listeners_get(listeners, index, shard)->descriptor, (int)listeners->backlog) !=
            0)
            status = failure_set_errno(failure, errno, "listening on %s port %u", text, port);
    }
    return status;
}

static bool are_valid(const struct listener_options *options)
{
    if (options->shard_count == 0 || options->shard_count > LISTENER_SHARDS_MAX ||
        options->address_count == 0 || options->address_count > LISTENER_ADDRESSES_MAX)
        return false;
    for (unsigned i = 0; i < options->address_count; i++) {
        if (options->addresses[i].family != IP_V4 && options->addresses[i].family != IP_V6)
            return false;
    }
    return true;
}

enum pce_status listeners_open(const struct listener_options *options, struct listeners **out,
                               struct failure *failure)
{
    *out = NULL;
    if (!are_valid(options))
        return failure_set(failure, PCE_INVALID, "listeners: 1 to %d addresses, 1 to %d shards",
                           LISTENER_ADDRESSES_MAX, LISTENER_SHARDS_MAX);
    struct listeners *listeners = calloc(1, sizeof *listeners);
    if (listeners == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "listeners: no memory");
    listeners->address_count = options->address_count;
    listeners->shard_count = options->shard_count;
    int backlog = options->backlog > 0 ? options->backlog : system_backlog();
    listeners->backlog = (unsigned)backlog;
    memcpy(listeners->addresses, options->addresses, sizeof listeners->addresses);
    size_t count = (size_t)options->address_count * options->shard_count;
    listeners->sockets = aligned_alloc(RING_ALIGN, count * sizeof(struct listener));
    if (listeners->sockets == NULL) {
        free(listeners);
        return failure_set(failure, PCE_NO_MEMORY, "listeners: no memory");
    }
    memset(listeners->sockets, 0, count * sizeof(struct listener));
    for (size_t i = 0; i < count; i++)
        listeners->sockets[i].descriptor = -1;
    enum pce_status status = PCE_OK;
    for (unsigned i = 0; i < options->address_count && status == PCE_OK; i++)
        status = listener_open_group(listeners, i, options, failure);
    if (status == PCE_OK)
        *out = listeners;
    else
        listeners_close(listeners);
    return status;
}

void listeners_close(struct listeners *listeners)
{
    if (listeners == NULL)
        return;
    size_t count = (size_t)listeners->address_count * listeners->shard_count;
    for (size_t i = 0; i < count; i++) {
        if (listeners->sockets[i].descriptor >= 0)
            (void)close(listeners->sockets[i].descriptor);
    }
    free(listeners->sockets);
    free(listeners);
}

void listeners_shut(struct listeners *listeners)
{
    for (size_t i = 0; i < (size_t)listeners->address_count * listeners->shard_count; i++)
        (void)shutdown(listeners->sockets[i].descriptor, SHUT_RDWR);
}

uint16_t listeners_port(const struct listeners *listeners, unsigned index)
{
    return index < listeners->address_count ? listeners->ports[index] : 0;
}

enum pce_status listeners_set_key(const struct listeners *listeners, const struct tcp_key *key,
                                  struct failure *failure)
{
    enum pce_status status = PCE_OK;
    for (unsigned i = 0; i < listeners->address_count * listeners->shard_count; i++) {
        const struct listener *listener = &listeners->sockets[i];
        if (listener->family == (enum ip_family)key->prefix.family && status == PCE_OK)
            status = tcp_key_set(listener->descriptor, key, failure);
    }
    return status;
}

void listeners_remove_key(const struct listeners *listeners, const struct tcp_key *key)
{
    for (unsigned i = 0; i < listeners->address_count * listeners->shard_count; i++) {
        const struct listener *listener = &listeners->sockets[i];
        if (listener->family == (enum ip_family)key->prefix.family)
            tcp_key_remove(listener->descriptor, key);
    }
}

enum pce_status listeners_set_hops(const struct listeners *listeners, const struct hop_rule *rules,
                                   unsigned count, uint8_t ttl, struct failure *failure)
{
    enum pce_status status = PCE_OK;
    const struct hop_limits limits = {.ttl = ttl};
    for (unsigned i = 0; i < listeners->address_count * listeners->shard_count; i++) {
        const struct listener *listener = &listeners->sockets[i];
        int family = listener->family == IP_V4 ? AF_INET : AF_INET6;
        if (status == PCE_OK && !hop_guard_set(listener->descriptor, family, &limits))
            status = failure_set_errno(failure, errno, "TTL %u of what is accepted", ttl);
        if (status == PCE_OK)
            status =
                hop_guard_attach(listener->descriptor, listener->family, rules, count, failure);
    }
    return status;
}
