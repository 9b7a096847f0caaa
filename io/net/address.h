/* Between struct ip and the system's socket addresses, both ways: nobody else lays one out.
 *
 * Thread: any. Owns: nothing. Units: ports in host order. */
#ifndef PCED_IO_NET_ADDRESS_H
#define PCED_IO_NET_ADDRESS_H

#include "core/base/ip.h"

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

/* Either family; smaller than struct sockaddr_storage, as every connection has one. */
union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* The address's size, or 0 when ip has no family. */
socklen_t address_from_ip(union address *address, const struct ip *ip, uint16_t port);
struct ip address_ip(const union address *address);
/* The host of an address that a system call gave: one of IPv4 that came to a socket of IPv6
 * (RFC 4291 2.5.5.2) stays one of IPv4. IP_NONE: another family. */
struct ip address_host(const struct sockaddr *address);
uint16_t address_port(const union address *address);
/* AF_INET, AF_INET6 or AF_UNSPEC. */
int address_family(const struct ip *ip);

#endif
