/* How things are found in a snapshot. */
#include "core/ted/builder_impl.h"

#include "core/base/check.h"

#include <string.h>

uint64_t ted_hash_address(const struct ip *address)
{
    return map_hash(address->octets, ip_size(address));
}

uint64_t ted_hash_name(const char *name)
{
    return map_hash(name, strlen(name));
}

bool ted_is_node_address(const struct ip *address)
{
    if (address->family != IP_V6)
        return address->family == IP_V4;
    /* fe80::/10 (RFC 4291 2.5.6) means another node on every link. */
    return !(address->octets[0] == 0xfe && (address->octets[1] & 0xc0) == 0x80);
}

static bool lookup_has_address(const void *context, uint32_t value, const void *key)
{
    const struct ted_snapshot *snapshot = context;
    return ip_is_equal(&snapshot->address_nodes[value].address, key);
}

uint32_t ted_find_address_place(const struct ted_snapshot *snapshot, const struct ip *address)
{
    return slots_find(snapshot->address_index, ted_hash_address(address), lookup_has_address,
                      snapshot, address);
}

uint32_t ted_find_node_by_address(const struct ted_snapshot *snapshot, const struct ip *address)
{
    uint32_t found = ted_find_address_place(snapshot, address);
    return found == TED_NONE ? TED_NONE : snapshot->address_nodes[found].node;
}

static bool lookup_has_name(const void *context, uint32_t value, const void *key)
{
    const struct ted_snapshot *snapshot = context;
    return strcmp(snapshot->nodes[value].name, key) == 0;
}

uint32_t ted_find_node_by_name(const struct ted_snapshot *snapshot, const char *name)
{
    return slots_find(snapshot->name_index, ted_hash_name(name), lookup_has_name, snapshot, name);
}

uint32_t ted_label_of_index(const struct ted_snapshot *snapshot, uint32_t at, uint32_t index)
{
    CHECK(at < snapshot->node_count);
    struct ted_range range = snapshot->nodes[at].srgbs;
    for (uint32_t i = 0; i < range.count; i++) {
        struct ted_srgb srgb = snapshot->srgbs[range.first + i];
        if (index < srgb.size)
            return srgb.base + index;
        index -= srgb.size;
    }
    return TED_NONE;
}

uint32_t ted_index_of_label(const struct ted_snapshot *snapshot, uint32_t at, uint32_t label)
{
    CHECK(at < snapshot->node_count);
    struct ted_range range = snapshot->nodes[at].srgbs;
    uint32_t before = 0;
    for (uint32_t i = 0; i < range.count; i++) {
        struct ted_srgb srgb = snapshot->srgbs[range.first + i];
        if (label >= srgb.base && label - srgb.base < srgb.size)
            return before + (label - srgb.base);
        before += srgb.size;
    }
    return TED_NONE;
}

const struct ted_prefix_sid *ted_find_sid_of_index(const struct ted_snapshot *snapshot,
                                                   uint32_t index, uint32_t *node)
{
    *node = index < snapshot->sid_owner_count ? snapshot->sid_owners[index] : TED_NONE;
    if (*node == TED_NONE)
        return NULL;
    CHECK(*node < snapshot->node_count);
    struct ted_range range = snapshot->nodes[*node].prefix_sids;
    for (uint32_t i = 0; i < range.count; i++) {
        const struct ted_prefix_sid *sid = &snapshot->prefix_sids[range.first + i];
        if (sid->index == index)
            return sid;
    }
    return NULL;
}

uint8_t ted_msd_of_node(const struct ted_snapshot *snapshot, uint32_t node)
{
    CHECK(node < snapshot->node_count);
    uint8_t least = 0;
    if (snapshot->nodes[node].msd != 0)
        return snapshot->nodes[node].msd;
    for (uint32_t i = snapshot->first_edge[node]; i < snapshot->first_edge[node + 1]; i++) {
        uint8_t msd = snapshot->links[snapshot->edges[i].link].msd;
        if (msd != 0 && (least == 0 || msd < least))
            least = msd;
    }
    return least;
}

const struct ted_prefix_sid *ted_find_prefix_sid(const struct ted_snapshot *snapshot, uint32_t node,
                                                 uint8_t algorithm, uint8_t family)
{
    CHECK(node < snapshot->node_count);
    struct ted_range range = snapshot->nodes[node].prefix_sids;
    for (uint32_t i = 0; i < range.count; i++) {
        const struct ted_prefix_sid *sid = &snapshot->prefix_sids[range.first + i];
        if (sid->algorithm == algorithm && sid->family == family && !sid->is_anycast)
            return sid;
    }
    return NULL;
}

const struct ted_adj_sid *ted_find_adj_sid(const struct ted_snapshot *snapshot, uint32_t link,
                                           uint8_t family, enum ted_protection protection)
{
    CHECK(link < snapshot->link_count);
    bool wants_protected = ted_wants_protected(protection), is_strict = ted_is_strict(protection);
    struct ted_range range = snapshot->links[link].adj_sids;
    const struct ted_adj_sid *found = NULL;
    for (uint32_t i = 0; i < range.count; i++) {
        const struct ted_adj_sid *sid = &snapshot->adj_sids[range.first + i];
        if (family != IP_NONE && sid->family != IP_NONE && sid->family != family)
            continue;
        if (sid->is_protected == wants_protected)
            return sid;
        if (found == NULL && !is_strict)
            found = sid;
    }
    return found;
}
