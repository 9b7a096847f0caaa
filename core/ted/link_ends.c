#include "core/ted/link_ends.h"

#include "core/ted/builder_impl.h"

#include <stdlib.h>

/* A link that others lead beside, with the address that is to tell it from them. */
struct numbered {
    const struct ted_link *link;
    struct ted_hop *hop;
};

static const struct ip *router_id_of(const struct ted_node *node, uint8_t family)
{
    return family == IP_V6 ? &node->router_id_v6 : &node->router_id_v4;
}

/* The interface's own address. An IPv6 link-local one means another node on every link, and a
 * router id that stands for the interface is the node's. */
static bool is_numbered(const struct ted_node *node, const struct ted_link *link, uint8_t family)
{
    const struct ip *remote = family == IP_V6 ? &link->remote_v6 : &link->remote_v4;
    return ted_is_node_address(remote) && !ip_is_equal(remote, router_id_of(node, family));
}

/* Without the interface's address. RFC 3477 4 has room for an IPv4 router id only. */
static struct ted_hop unnumbered_hop(const struct ted_node *node, const struct ted_link *link,
                                     uint8_t family)
{
    struct ted_hop hop = {.address = *router_id_of(node, family)};
    if (hop.address.family == IP_NONE)
        return hop;
    if (family == IP_V4)
        hop.interface_id = link->remote_id;
    hop.kind = hop.interface_id == 0 && link->has_sibling ? TED_HOP_NODE : TED_HOP_LINK;
    return hop;
}

static struct ted_hop link_ends_hop_of(const struct ted_node *node, const struct ted_link *link,
                                       uint8_t family)
{
    if (!is_numbered(node, link, family))
        return unnumbered_hop(node, link, family);
    return (struct ted_hop){.address = family == IP_V6 ? link->remote_v6 : link->remote_v4,
                            .kind = TED_HOP_LINK};
}

static bool has_hops(const struct ted_node *nodes, const struct ted_link *links, uint32_t count,
                     uint8_t family)
{
    for (uint32_t i = 0; i < count; i++) {
        if (link_ends_hop_of(&nodes[links[i].to], &links[i], family).kind != TED_HOP_NONE)
            return true;
    }
    return false;
}

size_t link_ends_size(const struct ted_node *nodes, const struct ted_link *links, uint32_t count)
{
    size_t families = (has_hops(nodes, links, count, IP_V4) ? 1U : 0U) +
                      (has_hops(nodes, links, count, IP_V6) ? 1U : 0U);
    return families * count * sizeof(struct ted_hop);
}

static int link_ends_compare(const void *left, const void *right)
{
    const struct numbered *a = left;
    const struct numbered *b = right;
    if (a->link->from != b->link->from)
        return a->link->from < b->link->from ? -1 : 1;
    if (a->link->to != b->link->to)
        return a->link->to < b->link->to ? -1 : 1;
    return ip_compare(&a->hop->address, &b->hop->address);
}

/* An address that two links between the same nodes share tells neither. */
static void demote_shared(struct numbered *numbered, uint32_t count, const struct ted_node *nodes,
                          uint8_t family)
{
    qsort(numbered, count, sizeof *numbered, link_ends_compare);
    for (uint32_t first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count && link_ends_compare(&numbered[first], &numbered[end]) == 0)
            end++;
        for (uint32_t i = first; end - first > 1 && i < end; i++) {
            const struct ted_link *link = numbered[i].link;
            struct ted_hop hop = unnumbered_hop(&nodes[link->to], link, family);
            if (hop.kind == TED_HOP_LINK)
                *numbered[i].hop = hop;
            else
                numbered[i].hop->kind = TED_HOP_NODE;
        }
    }
}

static enum pce_status tell_apart(struct ted_hop *hops, const struct ted_node *nodes,
                                  const struct ted_link *links, uint32_t count, uint8_t family)
{
    uint32_t numbered_count = 0;
    for (uint32_t i = 0; i < count; i++)
        numbered_count +=
            links[i].has_sibling && is_numbered(&nodes[links[i].to], &links[i], family);
    if (numbered_count == 0)
        return PCE_OK;
    struct numbered *numbered = malloc(numbered_count * sizeof *numbered);
    if (numbered == NULL)
        return PCE_NO_MEMORY;
    numbered_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (links[i].has_sibling && is_numbered(&nodes[links[i].to], &links[i], family))
            numbered[numbered_count++] = (struct numbered){&links[i], &hops[i]};
    }
    demote_shared(numbered, numbered_count, nodes, family);
    free(numbered);
    return PCE_OK;
}

struct named_links {
    const struct ted_node *nodes;
    const struct ted_link *links;
    uint32_t count;
};

static enum pce_status link_ends_fill_hops(struct ted_hop *to, const struct named_links *named,
                                           uint8_t family, struct ted_hops *hops)
{
    const struct ted_link *links = named->links;
    hops->of_links = to;
    for (uint32_t i = 0; i < named->count; i++)
        to[i] = link_ends_hop_of(&named->nodes[links[i].to], &links[i], family);
    enum pce_status status = tell_apart(to, named->nodes, links, named->count, family);
    hops->tell_links = true;
    for (uint32_t i = 0; i < named->count; i++)
        hops->tell_links = hops->tell_links && to[i].kind == TED_HOP_LINK;
    return status;
}

enum pce_status link_ends_fill(void *to, const struct ted_node *nodes, const struct ted_link *links,
                               uint32_t count, struct ted_link_ends *ends)
{
    const struct named_links named = {nodes, links, count};
    struct ted_hop *next = to;
    *ends = (struct ted_link_ends){.v4.tell_links = count == 0, .v6.tell_links = count == 0};
    enum pce_status status = PCE_OK;
    if (has_hops(nodes, links, count, IP_V4)) {
        status = link_ends_fill_hops(next, &named, IP_V4, &ends->v4);
        next += count;
    }
    if (status == PCE_OK && has_hops(nodes, links, count, IP_V6))
        status = link_ends_fill_hops(next, &named, IP_V6, &ends->v6);
    return status;
}

enum pce_status link_ends_of_run(const struct ted_snapshot *snapshot, const uint32_t *run,
                                 uint32_t count, uint8_t family, struct ted_hop *hops)
{
    struct numbered *numbered = malloc((count + (size_t)1) * sizeof *numbered);
    uint32_t numbered_count = 0;
    if (numbered == NULL)
        return PCE_NO_MEMORY;
    for (uint32_t i = 0; i < count; i++) {
        const struct ted_link *link = &snapshot->links[run[i]];
        const struct ted_node *node = &snapshot->nodes[link->to];
        hops[i] = link_ends_hop_of(node, link, family);
        if (link->has_sibling && is_numbered(node, link, family))
            numbered[numbered_count++] = (struct numbered){link, &hops[i]};
    }
    demote_shared(numbered, numbered_count, snapshot->nodes, family);
    free(numbered);
    return PCE_OK;
}
