/* Segments of a path that is resolved: SR-MPLS labels, SRv6 SIDs, and what they are called. */
#include "core/base/map.h"
#include "core/pcep/model.h"
#include "core/reopt/resolve_walk.h"

#include <stdlib.h>

#define LABEL_SHIFT 12 /* RFC 8664 4.3.1: the label is the high 20 bits */
/* 0 is the IGP's shortest path, 1 the same without a policy on the way (RFC 8402 3.1.1). */
#define SHORTEST_STRICT 1

struct srv6_owner {
    const struct ted_srv6_sid *sid; /* of the snapshot */
    uint32_t node;                  /* that has it, and that its locator leads to */
    uint32_t link;                  /* of an End.X; else TED_NONE */
};

/* ---- NAI ---- */

/* The two ends of an adjacency. */
struct adjacency {
    const struct ip *local, *remote;
    uint32_t local_interface, remote_interface;
};

static bool segment_has_addresses(const struct ted_snapshot *snapshot, const struct ted_link *link,
                                  const void *wanted)
{
    const struct adjacency *adjacency = wanted;
    bool is_v6 = adjacency->local->family == IP_V6;
    (void)snapshot;
    return ip_is_equal(is_v6 ? &link->local_v6 : &link->local_v4, adjacency->local) &&
           ip_is_equal(is_v6 ? &link->remote_v6 : &link->remote_v4, adjacency->remote);
}

static bool segment_has_interfaces(const struct ted_snapshot *snapshot, const struct ted_link *link,
                                   const void *wanted)
{
    const struct adjacency *adjacency = wanted;
    (void)snapshot;
    return link->local_id == adjacency->local_interface &&
           link->remote_id == adjacency->remote_interface;
}

static enum resolve_reason segment_adjacency(struct resolve_walk *walk, resolve_fits_fn *fits,
                                             const struct adjacency *adjacency)
{
    uint32_t link = resolve_find_link(walk, fits, adjacency);
    return link == TED_NONE ? RESOLVE_UNKNOWN_ADJACENCY : resolve_step_link(walk, link);
}

/* what_else: why the SID alone did not do, where there is no NAI. */
static enum resolve_reason segment_nai(struct resolve_walk *walk, uint8_t nt,
                                       const struct adjacency *nai, enum resolve_reason what_else)
{
    uint32_t node;
    switch (nt) {
    case PCEP_NAI_IPV4_NODE:
    case PCEP_NAI_IPV6_NODE:
        node = ted_find_node_by_address(walk->snapshot, nai->local);
        return node == TED_NONE ? RESOLVE_UNKNOWN_ADDRESS : resolve_step_igp(walk, node);
    case PCEP_NAI_IPV4_ADJACENCY:
    case PCEP_NAI_IPV6_ADJACENCY:
        return segment_adjacency(walk, segment_has_addresses, nai);
    case PCEP_NAI_UNNUMBERED:
    case PCEP_NAI_IPV6_LINK_LOCAL:
        return segment_adjacency(walk, segment_has_interfaces, nai);
    default:
        return what_else;
    }
}

/* ---- SR-MPLS ---- */

static bool segment_has_label(const struct ted_snapshot *snapshot, const struct ted_link *link,
                              const void *wanted)
{
    const uint32_t *label = wanted;
    for (uint32_t i = 0; i < link->adj_sids.count; i++)
        if (snapshot->adj_sids[link->adj_sids.first + i].label == *label)
            return true;
    return false;
}

static enum resolve_reason segment_index(struct resolve_walk *walk, uint32_t index)
{
    uint32_t node;
    const struct ted_prefix_sid *sid = ted_find_sid_of_index(walk->snapshot, index, &node);
    if (sid == NULL)
        return RESOLVE_UNKNOWN_LABEL;
    return resolve_step_algorithm(walk, sid->algorithm, node);
}

static enum resolve_reason segment_label(struct resolve_walk *walk, uint32_t label)
{
    if (label < TED_LABEL_MIN) /* explicit null: no step */
        return RESOLVE_RESOLVED;
    uint32_t index = ted_index_of_label(walk->snapshot, walk->path->end, label);
    if (index != TED_NONE)
        return segment_index(walk, index);
    uint32_t link = resolve_find_link(walk, segment_has_label, &label);
    return link == TED_NONE ? RESOLVE_UNKNOWN_LABEL : resolve_step_link(walk, link);
}

enum resolve_reason resolve_sr(struct resolve_walk *walk, const struct pcep_subobject *subobject)
{
    const struct pcep_sub_sr *sr = subobject->body;
    const struct adjacency nai = {&sr->local, &sr->remote, sr->local_interface,
                                  sr->remote_interface};
    enum resolve_reason reason = RESOLVE_UNKNOWN_SID;
    if ((sr->flags & PCEP_SR_S) == 0 && (sr->flags & PCEP_SR_M) != 0)
        reason = segment_label(walk, sr->sid >> LABEL_SHIFT);
    else if ((sr->flags & PCEP_SR_S) == 0)
        reason = segment_index(walk, sr->sid);
    if (reason != RESOLVE_UNKNOWN_LABEL && reason != RESOLVE_UNKNOWN_SID)
        return reason;
    return segment_nai(walk, (sr->flags & PCEP_SR_F) != 0 ? PCEP_NAI_NONE : sr->nt, &nai, reason);
}

/* ---- SRv6 ---- */

static bool segment_has_sid(const struct ted_snapshot *snapshot, const struct ted_link *link,
                            const void *wanted)
{
    for (uint32_t i = 0; i < link->srv6_sids.count; i++)
        if (ip_is_equal(&snapshot->srv6_sids[link->srv6_sids.first + i].sid, wanted))
            return true;
    return false;
}

static bool segment_owns_sid(const void *context, uint32_t value, const void *key)
{
    const struct srv6_owner *owners = context;
    return ip_is_equal(&owners[value].sid->sid, key);
}

static uint64_t segment_hash_sid(const struct ip *sid)
{
    return map_hash(sid->octets, sizeof sid->octets);
}

/* The place of a link that is gone keeps what it had, until the link is back. */
static struct ted_range segment_sids_of_link(const struct ted_snapshot *snapshot, uint32_t link)
{
    const struct ted_link *at = &snapshot->links[link];
    return at->is_gone ? (struct ted_range){.count = 0} : at->srv6_sids;
}

static uint32_t segment_count_sids(const struct ted_snapshot *snapshot)
{
    uint32_t count = 0;
    for (uint32_t node = 0; node < snapshot->node_count; node++)
        count += snapshot->nodes[node].srv6_sids.count;
    for (uint32_t link = 0; link < snapshot->link_count; link++)
        count += segment_sids_of_link(snapshot, link).count;
    return count;
}

/* Of a SID that comes twice the first one: what is shared says so itself. */
static uint32_t segment_add_sids(struct resolver *resolver, const struct ted_snapshot *snapshot,
                                 struct ted_range range, struct srv6_owner owner, uint32_t next)
{
    for (uint32_t i = 0; i < range.count; i++) {
        owner.sid = &snapshot->srv6_sids[range.first + i];
        uint64_t hash = segment_hash_sid(&owner.sid->sid);
        if (slots_find(slots_view(&resolver->srv6_sids), hash, segment_owns_sid,
                       resolver->srv6_owners, &owner.sid->sid) != TED_NONE)
            continue;
        resolver->srv6_owners[next] = owner;
        slots_insert(&resolver->srv6_sids, hash, next++);
    }
    return next;
}

static void segment_fill_table(struct resolver *resolver, const struct ted_snapshot *snapshot)
{
    uint32_t next = 0;
    for (uint32_t node = 0; node < snapshot->node_count; node++)
        next = segment_add_sids(resolver, snapshot, snapshot->nodes[node].srv6_sids,
                                (struct srv6_owner){.node = node, .link = TED_NONE}, next);
    for (uint32_t link = 0; link < snapshot->link_count; link++)
        next = segment_add_sids(
            resolver, snapshot, segment_sids_of_link(snapshot, link),
            (struct srv6_owner){.node = snapshot->links[link].from, .link = link}, next);
}

/* The table of a snapshot's SIDs, made once. */
static bool segment_make_table(struct resolver *resolver, const struct ted_snapshot *snapshot)
{
    if (resolver->serial == snapshot->serial)
        return true;
    resolver->serial = 0;
    slots_fini(&resolver->srv6_sids);
    free(resolver->srv6_owners);
    uint32_t count = segment_count_sids(snapshot);
    resolver->srv6_owners = calloc((size_t)count + 1, sizeof *resolver->srv6_owners);
    if (resolver->srv6_owners == NULL || slots_reserve(&resolver->srv6_sids, count) != PCE_OK)
        return false;
    segment_fill_table(resolver, snapshot);
    resolver->serial = snapshot->serial;
    return true;
}

/* By the IGP to the node that a SID's locator leads to, and over the link of an End.X. */
static enum resolve_reason segment_step_to(struct resolve_walk *walk,
                                           const struct srv6_owner *owner)
{
    if (owner->sid->is_shared)
        return RESOLVE_MANY_NODES;
    if (owner->sid->algorithm > SHORTEST_STRICT && owner->node != walk->path->end)
        return RESOLVE_OTHER_ALGORITHM;
    enum resolve_reason reason = resolve_step_igp(walk, owner->node);
    if (reason != RESOLVE_RESOLVED || owner->link == TED_NONE)
        return reason;
    return resolve_step_link(walk, owner->link);
}

static enum resolve_reason segment_sid(struct resolve_walk *walk, const struct ip *sid)
{
    uint32_t link = resolve_find_link(walk, segment_has_sid, sid);
    if (link != TED_NONE)
        return resolve_step_link(walk, link);
    struct resolver *resolver = walk->resolver;
    if (!segment_make_table(resolver, walk->snapshot))
        return RESOLVE_NO_MEMORY;
    uint32_t found = slots_find(slots_view(&resolver->srv6_sids), segment_hash_sid(sid),
                                segment_owns_sid, resolver->srv6_owners, sid);
    return found == TED_NONE ? RESOLVE_UNKNOWN_SID
                             : segment_step_to(walk, &resolver->srv6_owners[found]);
}

enum resolve_reason resolve_srv6(struct resolve_walk *walk, const struct pcep_subobject *subobject)
{
    const struct pcep_sub_srv6 *srv6 = subobject->body;
    const struct adjacency nai = {&srv6->local, &srv6->remote, srv6->local_interface,
                                  srv6->remote_interface};
    enum resolve_reason reason = RESOLVE_UNKNOWN_SID;
    if ((srv6->flags & PCEP_SRV6_S) == 0)
        reason = segment_sid(walk, &srv6->sid);
    if (reason != RESOLVE_UNKNOWN_SID)
        return reason;
    return segment_nai(walk, (srv6->flags & PCEP_SRV6_F) != 0 ? PCEP_NAI_NONE : srv6->nt, &nai,
                       reason);
}
