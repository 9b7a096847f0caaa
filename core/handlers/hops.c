#include "core/handlers/hops.h"

#define HOP_ADDRESSES 4 /* that name the end of a link: interface and node, of two families */

static struct ip hop_of(const struct ted_snapshot *snapshot, uint32_t link_index, uint8_t family)
{
    const struct ted_link *link = &snapshot->links[link_index];
    const struct ted_node *node = &snapshot->nodes[link->to];
    const struct ip wanted[HOP_ADDRESSES] = {link->remote_v4, node->router_id_v4, link->remote_v6,
                                             node->router_id_v6};
    const unsigned first = family == IP_V6 ? HOP_ADDRESSES / 2 : 0;
    for (unsigned i = 0; i < HOP_ADDRESSES; i++) {
        const struct ip *address = &wanted[(first + i) % HOP_ADDRESSES];
        if (address->family != IP_NONE)
            return *address;
    }
    return (struct ip){.family = IP_V4}; /* a node has a router id of one family at least */
}

void hops_of_links(const struct ted_snapshot *snapshot, uint8_t family, const uint32_t *links,
                   uint32_t link_count, struct ip *hops)
{
    for (uint32_t i = 0; i < link_count; i++)
        hops[i] = hop_of(snapshot, links[i], family);
}
