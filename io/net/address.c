#include "io/net/address.h"

#include <arpa/inet.h>
#include <string.h>

int address_family(const struct ip *ip)
{
    if (ip->family == IP_V4)
        return AF_INET;
    return ip->family == IP_V6 ? AF_INET6 : AF_UNSPEC;
}

socklen_t address_from_ip(union address *address, const struct ip *ip, uint16_t port)
{
    memset(address, 0, sizeof *address);
    if (ip->family == IP_V4) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons(port);
        memcpy(&address->v4.sin_addr, ip->octets, 4);
        return sizeof address->v4;
    }
    if (ip->family == IP_V6) {
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_port = htons(port);
        memcpy(&address->v6.sin6_addr, ip->octets, 16);
        return sizeof address->v6;
    }
    return 0;
}

struct ip address_ip(const union address *address)
{
    struct ip ip = {.family = IP_NONE};
    if (address->any.sa_family == AF_INET) {
        ip.family = IP_V4;
        memcpy(ip.octets, &address->v4.sin_addr, 4);
    } else if (address->any.sa_family == AF_INET6) {
        ip.family = IP_V6;
        memcpy(ip.octets, &address->v6.sin6_addr, 16);
    }
    return ip;
}

/* What is of another family may be shorter than either. */
struct ip address_host(const struct sockaddr *address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    union address copy = {.any = {.sa_family = address->sa_family}};
    if (address->sa_family == AF_INET)
        memcpy(&copy, address, sizeof copy.v4);
    else if (address->sa_family == AF_INET6)
        memcpy(&copy, address, sizeof copy.v6);
    struct ip host = address_ip(&copy);
    if (host.family == IP_V6 && memcmp(host.octets, mapped, sizeof mapped) == 0)
        return ip_from_v4(host.octets + sizeof mapped);
    return host;
}

uint16_t address_port(const union address *address)
{
    if (address->any.sa_family == AF_INET)
        return ntohs(address->v4.sin_port);
    return address->any.sa_family == AF_INET6 ? ntohs(address->v6.sin6_port) : 0;
}
