#include "io/net/socket_options.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#define NOT_SENT_LOW_WATER 16384

bool socket_set_option(int descriptor, int level, int name, int value)
{
    return setsockopt(descriptor, level, name, &value, sizeof value) == 0;
}

bool socket_set_options(int descriptor, int family, int send_buffer, int low_water)
{
    if (low_water == 0)
        low_water = NOT_SENT_LOW_WATER;
    return socket_set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1) &&
           socket_set_option(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) &&
           (family != AF_INET6 || socket_set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1)) &&
           socket_set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1) &&
           (send_buffer <= 0 ||
            socket_set_option(descriptor, SOL_SOCKET, SO_SNDBUF, send_buffer)) &&
           (low_water < 0 ||
            socket_set_option(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, low_water));
}
