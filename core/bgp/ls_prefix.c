/* What the attribute says of a prefix, and of an SRv6 SID. */
#include "core/bgp/ls_impl.h"

#define SID_N     0x40    /* of IS-IS: a node SID (RFC 8667 2.1.1) */
#define SID_V     0x08    /* a label, no index: IS-IS and OSPF (RFC 8667 2.1.1, RFC 8665 5) */
#define LABEL_MAX 0xFFFFF /* 20 bits */

/* RFC 9085 2.3.2: the octet as the protocol has it. */
static uint8_t isis_flags(uint8_t flags) /* RFC 7794 2.1, RFC 9352 6: anycast clears N */
{
    if ((flags & 0x08) != 0)
        flags &= (uint8_t)~0x20U;
    return (uint8_t)(((flags & 0x80) != 0 ? RIB_PREFIX_EXTERNAL : 0) |
                     ((flags & 0x40) != 0 ? RIB_PREFIX_READVERTISED : 0) |
                     ((flags & 0x20) != 0 ? RIB_PREFIX_NODE : 0) |
                     ((flags & 0x08) != 0 ? RIB_PREFIX_ANYCAST : 0));
}

static uint8_t ospf_flags(uint8_t flags) /* RFC 7684 2.1 */
{
    return (flags & 0x40) != 0 ? RIB_PREFIX_NODE : 0;
}

static uint8_t ospfv3_flags(uint8_t flags) /* PrefixOptions: RFC 8362 3.1, RFC 9513 9 */
{
    return (uint8_t)(((flags & 0x20) != 0 ? RIB_PREFIX_NODE : 0) |
                     ((flags & 0x80) != 0 ? RIB_PREFIX_ANYCAST : 0));
}

static void read_prefix_flags(const struct ls_reading *reading,
                              const struct bgp_prefix_flags *flags, struct rib_prefix *prefix)
{
    if (flags->flags.size == 0)
        return;
    uint8_t octet = flags->flags.octets[0];
    if (ls_is_isis(reading))
        prefix->flags |= isis_flags(octet);
    else if (reading->domain.speaker == RIB_SPEAKER_OSPF)
        prefix->flags |= ospf_flags(octet);
    else if (reading->domain.speaker == RIB_SPEAKER_OSPFV3)
        prefix->flags |= ospfv3_flags(octet);
    prefix->present |= RIB_PREFIX_FLAGS;
}

static void add_sid(struct ls_reading *reading, const struct bgp_prefix_sid *sid,
                    struct rib_prefix *prefix)
{
    if (prefix->sid_count >= RIB_LIST_MAX)
        return;
    struct rib_prefix_sid *sids =
        ls_grow(reading, prefix->sids, prefix->sid_count, 1, sizeof *sids);
    if (sids == NULL)
        return;
    bool is_label = sid->sid_octets == 3 || (sid->flags & SID_V) != 0;
    sids[prefix->sid_count++] = (struct rib_prefix_sid){
        .value = is_label ? sid->sid & LABEL_MAX : sid->sid,
        .is_label = is_label,
        .algorithm = sid->algorithm,
        .is_node = ls_is_isis(reading) && (sid->flags & SID_N) != 0,
    };
    prefix->sids = sids;
    prefix->present |= RIB_PREFIX_SIDS;
}

static bool prefix_tlv(struct ls_reading *reading, const struct bgp_tlv *tlv,
                       struct rib_prefix *prefix)
{
    switch (tlv->row->id) {
    case BGP_TLV_PREFIX_METRIC:
        prefix->metric = ((const struct bgp_number *)tlv->body)->value;
        prefix->present |= RIB_PREFIX_METRIC;
        return true;
    case BGP_TLV_PREFIX_FLAGS:
        read_prefix_flags(reading, tlv->body, prefix);
        return true;
    case BGP_TLV_PREFIX_SID:
        add_sid(reading, tlv->body, prefix);
        return true;
    default:
        return false;
    }
}

/* OSPF has the N flag of a SID in the flags of its prefix, which may come after it. */
static void mark_node_sids(struct ls_reading *reading, struct rib_prefix *prefix)
{
    if (ls_is_isis(reading) || (prefix->flags & RIB_PREFIX_NODE) == 0 || prefix->sid_count == 0)
        return;
    struct rib_prefix_sid *sids =
        ls_grow(reading, prefix->sids, prefix->sid_count, 0, sizeof *sids);
    for (uint32_t i = 0; sids != NULL && i < prefix->sid_count; i++)
        sids[i].is_node = true;
    if (sids != NULL)
        prefix->sids = sids;
}

void ls_read_prefix(struct ls_reading *reading, struct rib_prefix *prefix)
{
    for (uint32_t i = 0; i < reading->tlvs->count; i++) {
        const struct bgp_tlv *tlv = &reading->tlvs->tlvs[i];
        if (tlv->row == NULL || !prefix_tlv(reading, tlv, prefix))
            ls_keep(reading, tlv);
    }
    mark_node_sids(reading, prefix);
    prefix->rest = reading->rest;
    prefix->rest_count = reading->rest_count;
    if (prefix->rest_count > 0)
        prefix->present |= RIB_PREFIX_REST;
}

void ls_read_structure(const struct bgp_tlv_list *tlvs, struct ted_srv6_sid *sid)
{
    const struct bgp_srv6_structure *structure = bgp_tlvs_find_body(tlvs, BGP_TLV_SRV6_STRUCTURE);
    if (structure == NULL)
        return;
    sid->block_bits = structure->locator_block_bits;
    sid->node_bits = structure->locator_node_bits;
    sid->function_bits = structure->function_bits;
    sid->argument_bits = structure->argument_bits;
}

void ls_read_srv6_sid(struct ls_reading *reading, struct ted_srv6_sid *sid)
{
    const struct bgp_srv6_sid *information =
        bgp_tlvs_find_body(&reading->nlri->tlvs, BGP_TLV_SRV6_SID);
    const struct bgp_srv6_behavior *behavior =
        bgp_tlvs_find_body(reading->tlvs, BGP_TLV_SRV6_BEHAVIOR);
    if (information != NULL)
        sid->sid = information->sid;
    if (behavior != NULL) {
        sid->behavior = behavior->behavior;
        sid->algorithm = behavior->algorithm;
    }
    ls_read_structure(reading->tlvs, sid);
}
