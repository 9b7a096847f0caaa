/* Address range: whom a list is about: all, a prefix, or one address.
 *
 * Thread: any; pure. Owns: nothing. */
#ifndef PCED_SERVER_NORTHBOUND_ADDRESS_RANGE_H
#define PCED_SERVER_NORTHBOUND_ADDRESS_RANGE_H

#include "core/base/ip.h"

struct address_range {
    struct ip ip; /* IP_NONE: all addresses */
    uint8_t bits;
};

static inline bool address_range_has(const struct address_range *range, const struct ip *address)
{
    return range->ip.family == IP_NONE ||
           (range->ip.family == address->family && ip_is_within(address, &range->ip, range->bits));
}

static inline bool address_range_is_one(const struct address_range *range)
{
    return range->ip.family != IP_NONE && range->bits == 8 * ip_size(&range->ip);
}

#endif
