/* What the attribute says of a node. */
#include "core/bgp/ls_impl.h"

#define MSD_BASE_MPLS 1                    /* RFC 8491 */
#define MSD_H_ENCAPS  44                   /* RFC 9352 4.3 */
#define LABEL_MAX     0xFFFFF              /* 20 bits */
#define FLAG_OVERLOAD 0x80                 /* RFC 9552 5.3.1.1 */
#define FLEX_FLAG_M   UINT32_C(0x80000000) /* RFC 9350 6.4 */
#define FLAG_ATTACHED 0x40
#define FLAG_EXTERNAL 0x20
#define FLAG_ABR      0x10
#define FLAG_ROUTER   0x08 /* of OSPFv3: it forwards what is not for itself (RFC 5340 A.2) */

static void read_flags(const struct ls_reading *reading, const struct bgp_node_flags *flags,
                       struct rib_node *node)
{
    bool is_silent =
        reading->nlri->protocol == BGP_PROTOCOL_OSPF_3 && (flags->flags & FLAG_ROUTER) == 0;
    if ((flags->flags & FLAG_OVERLOAD) != 0 || is_silent)
        node->flags |= RIB_NODE_OVERLOADED;
    if ((flags->flags & FLAG_ATTACHED) != 0)
        node->flags |= RIB_NODE_ATTACHED;
    if ((flags->flags & FLAG_EXTERNAL) != 0)
        node->flags |= RIB_NODE_EXTERNAL;
    if ((flags->flags & FLAG_ABR) != 0)
        node->flags |= RIB_NODE_ABR;
    node->present |= RIB_NODE_FLAGS;
}

/* A type that comes twice counts with its first value. */
static bool msd_of(const struct bgp_msds *msds, unsigned type, uint8_t *msd)
{
    for (uint32_t i = 0; i < msds->count; i++) {
        if (msds->msds[i] >> 8 == type) {
            *msd = (uint8_t)msds->msds[i];
            return true;
        }
    }
    return false;
}

/* With 0 no routing header is added: one SID is left, the destination address (RFC 9352 4.3). */
static void read_srv6_msd(const struct bgp_msds *msds, struct rib_node *node)
{
    if (!msd_of(msds, MSD_H_ENCAPS, &node->srv6_msd))
        return;
    if (node->srv6_msd == 0)
        node->srv6_msd = 1;
    node->present |= RIB_NODE_SRV6_MSD;
}

/* Several TLVs are one list: IS-IS and OSPF have each range in one of their own. */
static void add_ranges(struct ls_reading *reading, const struct bgp_label_ranges *block,
                       const struct ted_srgb **list, uint32_t *count)
{
    const struct bgp_label_range *ranges = block->ranges.bodies;
    struct ted_srgb *grown = ls_grow(reading, *list, *count, block->ranges.count, sizeof *grown);
    if (grown == NULL)
        return;
    for (uint32_t i = 0; i < block->ranges.count && *count < RIB_LIST_MAX; i++) {
        uint32_t first = ranges[i].sid_octets == 3 ? ranges[i].first & LABEL_MAX : ranges[i].first;
        if (first <= LABEL_MAX && ranges[i].size > 0)
            grown[(*count)++] = (struct ted_srgb){first, ranges[i].size};
    }
    *list = grown;
}

static void add_algorithms(struct ls_reading *reading, const struct bgp_algorithms *algorithms,
                           struct rib_node *node)
{
    if (node->algorithm_count + algorithms->count > RIB_LIST_MAX)
        return;
    uint8_t *grown =
        ls_grow(reading, node->algorithms, node->algorithm_count, algorithms->count, 1);
    if (grown == NULL)
        return;
    if (algorithms->count > 0)
        memcpy(grown + node->algorithm_count, algorithms->algorithms, algorithms->count);
    node->algorithms = grown;
    node->algorithm_count += algorithms->count;
    node->present |= RIB_NODE_ALGORITHMS;
}

/* Bits past those that a link can have keep nobody off, and let nobody in. */
static bool take_groups(const struct bgp_admin_groups *groups, uint32_t words[TED_GROUP_WORDS_MAX])
{
    bool is_known = true;
    for (uint32_t i = 0; i < groups->count; i++) {
        if (i < TED_GROUP_WORDS_MAX)
            words[i] = groups->groups[i];
        else
            is_known = is_known && groups->groups[i] == 0;
    }
    return is_known;
}

static bool take_flex_srlgs(const struct bgp_srlgs *srlgs, struct ted_flex_definition *flex)
{
    if (srlgs->count > TED_FLEX_SRLGS_MAX)
        return false;
    flex->srlg_count = (uint8_t)srlgs->count;
    if (srlgs->count > 0)
        memcpy(flex->exclude_srlgs, srlgs->srlgs, srlgs->count * sizeof *srlgs->srlgs);
    return true;
}

static bool take_flex_flags(const struct bgp_flex_flags *flags, struct ted_flex_definition *flex)
{
    uint32_t others = 0;
    for (uint32_t i = 0; i < flags->count; i++)
        others |= i == 0 ? flags->flags[i] & ~FLEX_FLAG_M : flags->flags[i];
    flex->has_prefix_metric = flags->count > 0 && (flags->flags[0] & FLEX_FLAG_M) != 0;
    return others == 0;
}

/* false: it says what nobody here knows, so that nobody may compute by it (RFC 9350 5.3). */
static bool take_flex_part(const struct bgp_tlv *sub, struct ted_flex_definition *flex)
{
    if (sub->row == NULL)
        return false;
    switch (sub->row->id) {
    case BGP_TLV_FLEX_EXCLUDE_ANY:
        return take_groups(sub->body, flex->exclude_any);
    case BGP_TLV_FLEX_INCLUDE_ANY:
        return take_groups(sub->body, flex->include_any);
    case BGP_TLV_FLEX_INCLUDE_ALL:
        return take_groups(sub->body, flex->include_all);
    case BGP_TLV_FLEX_EXCLUDE_SRLG:
        return take_flex_srlgs(sub->body, flex);
    case BGP_TLV_FLEX_FLAGS:
        return take_flex_flags(sub->body, flex);
    default: /* RFC 9351 3.6 among them: the peer did not know all of it */
        return false;
    }
}

/* The first definition of a number counts (RFC 9350 5.1). */
static bool has_flex(const struct rib_node *node, uint8_t algorithm)
{
    for (uint32_t i = 0; i < node->flex_count; i++)
        if (node->flexes[i].algorithm == algorithm)
            return true;
    return false;
}

static void add_flex(struct ls_reading *reading, const struct bgp_tlv *tlv, struct rib_node *node)
{
    const struct bgp_flex_algorithm *body = tlv->body;
    if (body->algorithm < TED_FLEX_ALGORITHM_MIN || has_flex(node, body->algorithm) ||
        node->flex_count == TED_NODE_FLEXES_MAX)
        return;
    struct ted_flex_definition flex = {.algorithm = body->algorithm,
                                       .metric_type = body->metric_type,
                                       .calculation_type = body->calculation_type,
                                       .priority = body->priority};
    for (uint32_t i = 0; i < tlv->subs.count; i++)
        if (!take_flex_part(&tlv->subs.tlvs[i], &flex))
            flex.is_partial = 1;
    struct ted_flex_definition *grown =
        ls_grow(reading, node->flexes, node->flex_count, 1, sizeof *grown);
    if (grown == NULL)
        return;
    grown[node->flex_count++] = flex;
    node->flexes = grown;
    node->present |= RIB_NODE_FLEXES;
}

/* The first router id of a family counts: others are alternatives that nobody names it by. */
static void read_router_id(const struct ip *address, struct rib_node *node)
{
    uint32_t bit = address->family == IP_V4 ? RIB_NODE_ROUTER_ID_V4 : RIB_NODE_ROUTER_ID_V6;
    if ((node->present & bit) != 0)
        return;
    node->present |= bit;
    if (address->family == IP_V4)
        node->router_id_v4 = *address;
    else
        node->router_id_v6 = *address;
}

static void read_text(const struct bgp_name *name, struct rib_node *node)
{
    node->text = (const char *)name->name.octets;
    node->text_count = (uint32_t)name->name.size;
    node->present |= RIB_NODE_TEXT;
}

/* false: it has no place in the object. */
static bool node_tlv(struct ls_reading *reading, const struct bgp_tlv *tlv, struct rib_node *node)
{
    switch (tlv->row->id) {
    case BGP_TLV_NODE_FLAGS:
        read_flags(reading, tlv->body, node);
        return true;
    case BGP_TLV_NODE_MSD:
        if (msd_of(tlv->body, MSD_BASE_MPLS, &node->msd))
            node->present |= RIB_NODE_MSD;
        read_srv6_msd(tlv->body, node);
        return false; /* of other types it is kept as well */
    case BGP_TLV_NODE_NAME:
        read_text(tlv->body, node);
        return true;
    case BGP_TLV_LOCAL_ROUTER_ID_V4:
        read_router_id(&((const struct bgp_ipv4 *)tlv->body)->address, node);
        return true;
    case BGP_TLV_LOCAL_ROUTER_ID_V6:
        read_router_id(&((const struct bgp_ipv6 *)tlv->body)->address, node);
        return true;
    case BGP_TLV_SR_CAPABILITIES:
        add_ranges(reading, tlv->body, &node->srgbs, &node->srgb_count);
        node->present |= RIB_NODE_SRGBS;
        return true;
    case BGP_TLV_SR_LOCAL_BLOCK:
        add_ranges(reading, tlv->body, &node->srlbs, &node->srlb_count);
        node->present |= RIB_NODE_SRLBS;
        return true;
    case BGP_TLV_SR_ALGORITHMS:
        add_algorithms(reading, tlv->body, node);
        return true;
    case BGP_TLV_FLEX_ALGORITHM:
        add_flex(reading, tlv, node);
        return true;
    default:
        return false;
    }
}

void ls_read_node(struct ls_reading *reading, struct rib_node *node)
{
    for (uint32_t i = 0; i < reading->tlvs->count; i++) {
        const struct bgp_tlv *tlv = &reading->tlvs->tlvs[i];
        if (tlv->row == NULL || !node_tlv(reading, tlv, node))
            ls_keep(reading, tlv);
    }
    node->rest = reading->rest;
    node->rest_count = reading->rest_count;
    if (node->rest_count > 0)
        node->present |= RIB_NODE_REST;
}
