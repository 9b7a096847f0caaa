#include "core/intent/intent_segment.h"

#include "core/pcep/codec.h"
#include "core/requests/ero.h"

#define SHIFT_LABEL      12     /* RFC 8664 4.3.1: the label is the high 20 bits */
#define BEHAVIOR_UNKNOWN 0xFFFF /* RFC 9603 4.3.1 */

static const char unknown_node[] = "the node of a segment is not in the network";
static const char unknown_link[] = "the adjacency of a segment is not in the network";
static const char node_without_sid[] = "the node of a segment has no SID that can be used";
static const char link_without_sid[] = "the adjacency of a segment has no SID";

/* ---- the walk through the network ---- */

/* The node that a segment leads to; TED_NONE: it is not known. *before: where the segment begins, as
 * far as that is known. */
static uint32_t segment_go_to_node(struct intent_walk *walk, const struct ip *address,
                                   uint32_t *before)
{
    const struct ted_snapshot *snapshot = walk->snapshot;
    uint32_t node = snapshot == NULL ? TED_NONE : ted_find_node_by_address(snapshot, address);
    *before = walk->at == TED_NONE ? node : walk->at;
    walk->at = node;
    return node;
}

static bool segment_is_link(const struct ted_link *link, const struct intent_hop *hop)
{
    bool is_v4 = hop->local.family == IP_V4;
    return ip_is_equal(is_v4 ? &link->local_v4 : &link->local_v6, &hop->local) &&
           ip_is_equal(is_v4 ? &link->remote_v4 : &link->remote_v6, &hop->remote);
}

static uint32_t segment_find_link(const struct ted_snapshot *snapshot, const struct intent_hop *hop)
{
    uint32_t from = ted_find_node_by_address(snapshot, &hop->local);
    if (from == TED_NONE)
        return TED_NONE;
    for (uint32_t i = snapshot->first_edge[from]; i < snapshot->first_edge[from + 1]; i++)
        if (segment_is_link(&snapshot->links[snapshot->edges[i].link], hop))
            return snapshot->edges[i].link;
    return TED_NONE;
}

/* The link that a segment leads over; TED_NONE: it is not known. */
static uint32_t segment_go_over_link(struct intent_walk *walk, const struct intent_hop *hop)
{
    const struct ted_snapshot *snapshot = walk->snapshot;
    walk->at = TED_NONE;
    if (snapshot == NULL)
        return TED_NONE;
    uint32_t link = segment_find_link(snapshot, hop);
    if (link != TED_NONE)
        walk->at = snapshot->links[link].to;
    return link;
}

/* ---- segments of SR-MPLS ---- */

static const char *segment_find_node_label(struct intent_walk *walk, const struct intent_hop *hop,
                                           uint32_t *label)
{
    uint32_t before, node = segment_go_to_node(walk, &hop->address, &before);
    if (hop->label != INTENT_NO_LABEL)
        return NULL;
    if (node == TED_NONE)
        return unknown_node;
    const struct ted_prefix_sid *sid =
        ted_find_prefix_sid(walk->snapshot, node, 0, hop->address.family);
    *label = sid == NULL ? TED_NONE : ted_label_of_index(walk->snapshot, before, sid->index);
    return *label == TED_NONE ? node_without_sid : NULL;
}

static const char *segment_find_link_label(struct intent_walk *walk, const struct intent_hop *hop,
                                           uint32_t *label)
{
    uint32_t link = segment_go_over_link(walk, hop);
    if (hop->label != INTENT_NO_LABEL)
        return NULL;
    if (link == TED_NONE)
        return unknown_link;
    const struct ted_adj_sid *sid =
        ted_find_adj_sid(walk->snapshot, link, hop->local.family, TED_PROTECTED_PREFERRED);
    if (sid != NULL)
        *label = sid->label;
    return sid == NULL ? link_without_sid : NULL;
}

static const char *segment_write_label(struct intent_walk *walk, const struct intent_hop *hop,
                                       struct wire_writer *writer)
{
    const char *reason = NULL;
    uint32_t label = hop->label;
    struct pcep_sub_sr body = {.nt = PCEP_NAI_NONE, .flags = PCEP_SR_F | PCEP_SR_M};
    if (hop->address.family != IP_NONE) {
        reason = segment_find_node_label(walk, hop, &label);
        body.nt = hop->address.family == IP_V4 ? PCEP_NAI_IPV4_NODE : PCEP_NAI_IPV6_NODE;
        body.local = hop->address;
    } else if (hop->local.family != IP_NONE) {
        reason = segment_find_link_label(walk, hop, &label);
        body.nt = hop->local.family == IP_V4 ? PCEP_NAI_IPV4_ADJACENCY : PCEP_NAI_IPV6_ADJACENCY;
        body.local = hop->local;
        body.remote = hop->remote;
    } else {
        walk->at = TED_NONE;
    }
    if (body.nt != PCEP_NAI_NONE)
        body.flags = PCEP_SR_M;
    body.sid = label << SHIFT_LABEL;
    if (reason == NULL)
        pcep_subobject_put(writer, PCEP_SUBOBJECT_SR, false, &body);
    return reason;
}

/* ---- segments of SRv6 ---- */

/* What the network knows of a SID that the operator names; NULL: nothing. */
static const struct ted_srv6_sid *segment_find_named(const struct ted_snapshot *snapshot,
                                                     struct ted_range range, const struct ip *sid)
{
    for (uint32_t i = 0; i < range.count; i++)
        if (ip_is_equal(&snapshot->srv6_sids[range.first + i].sid, sid))
            return &snapshot->srv6_sids[range.first + i];
    return NULL;
}

static const char *segment_find_end(struct intent_walk *walk, const struct intent_hop *hop,
                                    const struct ted_srv6_sid **sid)
{
    uint32_t before, node = segment_go_to_node(walk, &hop->address, &before);
    const struct ted_snapshot *snapshot = walk->snapshot;
    bool is_named = hop->sid.family != IP_NONE;
    if (node != TED_NONE)
        *sid = is_named ? segment_find_named(snapshot, snapshot->nodes[node].srv6_sids, &hop->sid)
                        : ted_find_end_sid(snapshot, node, 0);
    if (is_named || *sid != NULL)
        return NULL;
    return node == TED_NONE ? unknown_node : node_without_sid;
}

static const char *segment_find_end_x(struct intent_walk *walk, const struct intent_hop *hop,
                                      const struct ted_srv6_sid **sid)
{
    uint32_t link = segment_go_over_link(walk, hop);
    const struct ted_snapshot *snapshot = walk->snapshot;
    bool is_named = hop->sid.family != IP_NONE;
    if (link != TED_NONE)
        *sid = is_named ? segment_find_named(snapshot, snapshot->links[link].srv6_sids, &hop->sid)
                        : ted_find_end_x_sid(snapshot, link, 0, TED_PROTECTED_PREFERRED);
    if (is_named || *sid != NULL)
        return NULL;
    return link == TED_NONE ? unknown_link : link_without_sid;
}

/* RFC 9603 4.3.1: NAIs of SRv6 are IPv6 addresses alone. */
static void segment_put_nai(const struct intent_hop *hop, struct pcep_sub_srv6 *body)
{
    if (hop->address.family == IP_V6) {
        body->nt = PCEP_NAI_IPV6_NODE;
        body->local = hop->address;
    } else if (hop->local.family == IP_V6) {
        body->nt = PCEP_NAI_IPV6_ADJACENCY;
        body->local = hop->local;
        body->remote = hop->remote;
    }
    if (body->nt != PCEP_NAI_NONE)
        body->flags &= (uint16_t)~PCEP_SRV6_F;
}

static const char *segment_write_srv6(struct intent_walk *walk, const struct intent_hop *hop,
                                      struct wire_writer *writer)
{
    const char *reason = NULL;
    const struct ted_srv6_sid named = {.sid = hop->sid, .behavior = BEHAVIOR_UNKNOWN};
    const struct ted_srv6_sid *sid = NULL;
    if (hop->address.family != IP_NONE)
        reason = segment_find_end(walk, hop, &sid);
    else if (hop->local.family != IP_NONE)
        reason = segment_find_end_x(walk, hop, &sid);
    else
        walk->at = TED_NONE;
    if (reason != NULL)
        return reason;
    struct pcep_sub_srv6 body = ero_srv6_of(sid == NULL ? &named : sid);
    segment_put_nai(hop, &body);
    pcep_subobject_put(writer, PCEP_SUBOBJECT_SRV6, false, &body);
    return NULL;
}

const char *intent_segment_write(struct intent_walk *walk, uint8_t setup_type,
                                 const struct intent_hop *hop, struct wire_writer *writer)
{
    return setup_type == PCEP_PST_SRV6 ? segment_write_srv6(walk, hop, writer)
                                       : segment_write_label(walk, hop, writer);
}
