/* Hop guard: packets of a peer that have come too far are dropped (RFC 5082).
 *
 * Who sends with a TTL (or hop limit) of 255 and is n hops away arrives with 256 - n: nobody who is
 * further away can send such a packet. A connecting socket has its one peer; a listening one has a
 * program with a rule for each, which its accepted sockets inherit, so that a stranger's SYN is
 * dropped as well.
 *
 * Thread: any; the kernel locks the socket. Owns: nothing. Bound: HOP_RULES_MAX rules. */
#ifndef PCED_IO_NET_HOP_GUARD_H
#define PCED_IO_NET_HOP_GUARD_H

#include "core/base/ip.h"
#include "core/base/status.h"
#include "io/os/failure.h"

#include <stdbool.h>
#include <stdint.h>

#define HOP_RULES_MAX  32
#define HOP_TTL_MAX    255
#define HOP_TTL_SYSTEM 64 /* what kernels send with, where nobody has said otherwise */

struct hop_rule {
    struct ip peer;
    uint8_t ttl_min; /* that its packets must have; 0: any */
};

/* What both ends of an own connection have. 0: as the system has it, no bound. */
struct hop_limits {
    uint8_t ttl; /* of what we send */
    uint8_t ttl_min;
};

/* hops: that the peer is away at most, so that both send with HOP_TTL_MAX; 0: it is not asked for, and
 * `ttl` is that of what we send. */
struct hop_limits hop_limits_of(uint16_t hops, uint16_t ttl);
/* False with errno set. */
bool hop_guard_set(int descriptor, int family, const struct hop_limits *limits);
/* Replaces the rules of a listening socket; those of another family are left out. */
PCE_MUST_CHECK enum pce_status hop_guard_attach(int descriptor, enum ip_family family,
                                                const struct hop_rule *rules, unsigned count,
                                                struct failure *failure);

#endif
