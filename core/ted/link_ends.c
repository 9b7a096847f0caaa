#include "core/ted/link_ends.h"

#define END_ADDRESSES 4 /* that name the end of a link: interface and node, of two families */

/* Of this family where there is one. */
static struct ip end_of(const struct ted_node *nodes, const struct ted_link *link, uint8_t family)
{
    const struct ted_node *node = &nodes[link->to];
    const struct ip wanted[END_ADDRESSES] = {link->remote_v4, node->router_id_v4, link->remote_v6,
                                             node->router_id_v6};
    const unsigned first = family == IP_V6 ? END_ADDRESSES / 2 : 0;
    for (unsigned i = 0; i < END_ADDRESSES; i++) {
        const struct ip *address = &wanted[(first + i) % END_ADDRESSES];
        if (address->family != IP_NONE)
            return *address;
    }
    return (struct ip){.family = IP_V4}; /* a node has a router id of one family at least */
}

/* Whether both families have the same addresses, as where there is only one. */
static bool is_alike(const struct ted_node *nodes, const struct ted_link *links, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct ip v4 = end_of(nodes, &links[i], IP_V4);
        const struct ip v6 = end_of(nodes, &links[i], IP_V6);
        if (!ip_is_equal(&v4, &v6))
            return false;
    }
    return true;
}

size_t link_ends_size(const struct ted_node *nodes, const struct ted_link *links, uint32_t count)
{
    return (is_alike(nodes, links, count) ? 1U : 2U) * count * sizeof(struct ip);
}

static const struct ip *fill(struct ip *to, const struct ted_node *nodes,
                             const struct ted_link *links, uint32_t count, uint8_t family)
{
    for (uint32_t i = 0; i < count; i++)
        to[i] = end_of(nodes, &links[i], family);
    return to;
}

struct ted_link_ends link_ends_fill(void *to, const struct ted_node *nodes,
                                    const struct ted_link *links, uint32_t count)
{
    struct ip *first = to;
    struct ted_link_ends ends;
    ends.v4 = fill(first, nodes, links, count, IP_V4);
    ends.v6 =
        is_alike(nodes, links, count) ? ends.v4 : fill(first + count, nodes, links, count, IP_V6);
    return ends;
}
