/* Between struct ip and the system's socket addresses; for io/ alone.
 *
 * Thread: any. */
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
uint16_t address_port(const union address *address);
/* AF_INET, AF_INET6 or AF_UNSPEC. */
int address_family(const struct ip *ip);

#endif
