/* What descriptors and attribute say of one direction of a link. */
#include "core/bgp/ls_impl.h"

#include <stddef.h>

#define MSD_BASE_MPLS    1       /* RFC 8491 */
#define LABEL_MAX        0xFFFFF /* 20 bits */
#define MT_MASK          0x0FFF  /* RFC 9552 5.2.2.1: four bits in front are reserved */
#define MT_IPV6          2       /* of IS-IS (RFC 5120 7.5) */
#define APPLICATION_SR   0x40    /* SR policy (RFC 9479 7.5), in the first octet of the mask */
#define APPLICATION_FLEX 0x10    /* flexible algorithm (RFC 9350 12) */
#define PEER_SID_BACKUP  0x20    /* RFC 9086 5 */

/* Flags of an adjacency SID: RFC 8667 2.2.1 and RFC 8665 6.1. */
struct adjacency_flags {
    uint8_t backup;
    uint8_t value;
};
static const struct adjacency_flags isis_flags_of_sid = {0x40, 0x20};
static const struct adjacency_flags ospf_flags_of_sid = {0x80, 0x40};
#define ISIS_SID_F 0x80 /* IPv6 */
/* Flags of an End.X SID: RFC 9352 8.1, and the same in RFC 9513 9.1. */
#define END_X_BACKUP 0x80
#define END_X_SET    0x40

static void set_address(struct ip *member, const void *body, uint32_t bit, struct rib_link *link)
{
    *member = *(const struct ip *)body;
    link->present |= bit;
}

static void read_descriptor(const struct bgp_tlv *tlv, struct rib_link *link)
{
    const struct bgp_link_identifiers *identifiers = tlv->body;
    switch (tlv->row->id) {
    case BGP_TLV_LINK_IDENTIFIERS:
        link->local_id = identifiers->local;
        link->remote_id = identifiers->remote;
        link->present |= RIB_LINK_LOCAL_ID | RIB_LINK_REMOTE_ID;
        break;
    case BGP_TLV_IPV4_INTERFACE:
        set_address(&link->local_v4, tlv->body, RIB_LINK_LOCAL_V4, link);
        break;
    case BGP_TLV_IPV4_NEIGHBOR:
        set_address(&link->remote_v4, tlv->body, RIB_LINK_REMOTE_V4, link);
        break;
    case BGP_TLV_IPV6_INTERFACE:
        set_address(&link->local_v6, tlv->body, RIB_LINK_LOCAL_V6, link);
        break;
    case BGP_TLV_IPV6_NEIGHBOR:
        set_address(&link->remote_v6, tlv->body, RIB_LINK_REMOTE_V6, link);
        break;
    default:
        break;
    }
}

static void read_descriptors(const struct ls_reading *reading, struct rib_link *link)
{
    for (uint32_t i = 0; i < reading->nlri->tlvs.count; i++) {
        if (reading->nlri->tlvs.tlvs[i].row != NULL)
            read_descriptor(&reading->nlri->tlvs.tlvs[i], link);
    }
}

/* RFC 9552 5.2.2.1: a link NLRI has at most one topology. */
static bool is_mt2(const struct ls_reading *reading)
{
    const struct bgp_topologies *topologies =
        bgp_tlvs_find_body(&reading->nlri->tlvs, BGP_TLV_MULTI_TOPOLOGY);
    return ls_is_isis(reading) && topologies != NULL && topologies->count > 0 &&
           (topologies->mt_ids[0] & MT_MASK) == MT_IPV6;
}

static void igp_metric_tlv(const struct ls_reading *reading, const struct bgp_igp_metric *metric,
                           struct rib_link *link)
{
    if (is_mt2(reading)) {
        link->igp_metric_mt2 = metric->metric;
        link->present |= RIB_LINK_IGP_METRIC_MT2;
    } else {
        link->igp_metric = metric->metric;
        link->present |= RIB_LINK_IGP_METRIC;
    }
}

static uint32_t sid_value(uint32_t sid, bool is_index)
{
    return is_index ? sid : sid & LABEL_MAX;
}

static uint8_t sid_family(const struct ls_reading *reading, uint8_t flags)
{
    switch (reading->domain.speaker) {
    case RIB_SPEAKER_ISIS:
        return (flags & ISIS_SID_F) != 0 ? IP_V6 : IP_V4;
    case RIB_SPEAKER_OSPF:
        return IP_V4;
    case RIB_SPEAKER_OSPFV3:
        return IP_V6;
    default:
        return IP_NONE;
    }
}

static void add_adjacency(struct ls_reading *reading, const struct rib_adj_sid *sid,
                          struct rib_link *link)
{
    if (link->adj_sid_count >= RIB_LIST_MAX)
        return;
    struct rib_adj_sid *sids =
        ls_grow(reading, link->adj_sids, link->adj_sid_count, 1, sizeof *sids);
    if (sids == NULL)
        return;
    sids[link->adj_sid_count++] = *sid;
    link->adj_sids = sids;
    link->present |= RIB_LINK_ADJ_SIDS;
}

static void read_adjacency(struct ls_reading *reading, const struct bgp_adjacency_sid *adjacency,
                           struct wire_span neighbor, struct rib_link *link)
{
    const struct adjacency_flags *flags =
        ls_is_isis(reading) ? &isis_flags_of_sid : &ospf_flags_of_sid;
    bool is_index = adjacency->sid_octets == 4 && (adjacency->flags & flags->value) == 0;
    struct rib_adj_sid sid = {
        .value = sid_value(adjacency->sid, is_index),
        .is_index = is_index,
        .family = sid_family(reading, adjacency->flags),
        .is_protected = (adjacency->flags & flags->backup) != 0,
        .weight = adjacency->weight,
        .neighbor = ls_name(reading, neighbor),
    };
    add_adjacency(reading, &sid, link);
}

static void read_lan_adjacency(struct ls_reading *reading, const struct bgp_lan_adjacency_sid *lan,
                               struct rib_link *link)
{
    struct bgp_adjacency_sid adjacency = {
        .flags = lan->flags, .weight = lan->weight, .sid = lan->sid, .sid_octets = lan->sid_octets};
    read_adjacency(reading, &adjacency, lan->neighbor, link);
}

static void read_peer_sid(struct ls_reading *reading, const struct bgp_peer_sid *peer,
                          struct rib_link *link)
{
    bool is_index = peer->sid_octets == 4 && (peer->flags & 0x80) == 0;
    struct rib_adj_sid sid = {.value = sid_value(peer->sid, is_index),
                              .is_index = is_index,
                              .is_protected = (peer->flags & PEER_SID_BACKUP) != 0,
                              .weight = peer->weight};
    add_adjacency(reading, &sid, link);
}

static void add_end_x(struct ls_reading *reading, const struct rib_end_x *end_x,
                      struct rib_link *link)
{
    if (link->end_x_count >= RIB_LIST_MAX)
        return;
    struct rib_end_x *grown = ls_grow(reading, link->end_xs, link->end_x_count, 1, sizeof *grown);
    if (grown == NULL)
        return;
    grown[link->end_x_count++] = *end_x;
    link->end_xs = grown;
    link->present |= RIB_LINK_END_XS;
}

static struct ted_srv6_sid end_x_sid(const struct ip *sid, uint16_t behavior, uint8_t flags,
                                     uint8_t algorithm)
{
    return (struct ted_srv6_sid){.sid = *sid,
                                 .behavior = behavior,
                                 .algorithm = algorithm,
                                 .is_protected = (flags & END_X_BACKUP) != 0,
                                 .is_shared = (flags & END_X_SET) != 0};
}

static void link_end_x(struct ls_reading *reading, const struct bgp_tlv *tlv, struct rib_link *link)
{
    const struct bgp_srv6_end_x *body = tlv->body;
    struct rib_end_x end_x = {
        .sid = end_x_sid(&body->sid, body->behavior, body->flags, body->algorithm)};
    ls_read_structure(&tlv->subs, &end_x.sid);
    add_end_x(reading, &end_x, link);
}

static void link_lan_end_x(struct ls_reading *reading, const struct bgp_tlv *tlv,
                           struct rib_link *link)
{
    const struct bgp_srv6_lan_end_x *body = tlv->body;
    struct rib_end_x end_x = {
        .sid = end_x_sid(&body->sid, body->behavior, body->flags, body->algorithm),
        .neighbor = ls_name(reading, body->neighbor)};
    ls_read_structure(&tlv->subs, &end_x.sid);
    add_end_x(reading, &end_x, link);
}

/* Several TLVs are one list. */
static void add_numbers(struct ls_reading *reading, const uint32_t *numbers, uint32_t count,
                        const uint32_t **list, uint32_t *list_count)
{
    uint32_t room = RIB_LIST_MAX - *list_count;
    uint32_t more = count < room ? count : room;
    uint32_t *grown = ls_grow(reading, *list, *list_count, more, sizeof *grown);
    if (grown == NULL)
        return;
    if (more > 0)
        memcpy(grown + *list_count, numbers, more * sizeof *grown);
    *list = grown;
    *list_count += more;
}

static void link_unreserved(const struct bgp_unreserved *body, struct rib_link *link)
{
    const float values[TED_PRIORITIES] = {body->priority_0, body->priority_1, body->priority_2,
                                          body->priority_3, body->priority_4, body->priority_5,
                                          body->priority_6, body->priority_7};
    memcpy(link->unreserved, values, sizeof values);
    link->present |= RIB_LINK_UNRESERVED;
}

static void read_msd(const struct bgp_msds *msds, struct rib_link *link)
{
    for (uint32_t i = 0; i < msds->count; i++) {
        if (msds->msds[i] >> 8 != MSD_BASE_MPLS)
            continue;
        link->msd = (uint8_t)msds->msds[i];
        link->present |= RIB_LINK_MSD;
        return;
    }
}

/* Members of 4 octets that are taken over as they are: numbers and floats. */
#define TAKEN(tlv, body, member, to, bit)                                                          \
    {                                                                                              \
        BGP_TLV_##tlv, offsetof(struct bgp_##body, member), offsetof(struct rib_link, to),         \
            RIB_LINK_##bit                                                                         \
    }
struct taken {
    enum bgp_tlv_id id;
    size_t from; /* in the body */
    size_t to;   /* in the link */
    uint32_t bit;
};
/* Measures and metrics, which may also be an application's own. */
static const struct taken measures[] = {
    TAKEN(ADMIN_GROUP, admin_group, group, admin_group, ADMIN_GROUP),
    TAKEN(TE_METRIC, number, value, te_metric, TE_METRIC),
    TAKEN(LINK_DELAY, link_delay, delay_us, delay_us, DELAY),
    TAKEN(MIN_MAX_DELAY, min_max_delay, min_us, delay_min_us, DELAY_MIN),
    TAKEN(MIN_MAX_DELAY, min_max_delay, max_us, delay_max_us, DELAY_MAX),
    TAKEN(DELAY_VARIATION, delay_variation, variation_us, delay_variation_us, DELAY_VARIATION),
    TAKEN(LINK_LOSS, link_loss, loss, loss, LOSS),
    TAKEN(RESIDUAL_BANDWIDTH, bandwidth, bandwidth, residual, RESIDUAL),
    TAKEN(AVAILABLE_BANDWIDTH, bandwidth, bandwidth, available, AVAILABLE),
    TAKEN(UTILIZED_BANDWIDTH, bandwidth, bandwidth, utilized, UTILIZED),
};
static const struct taken capacities[] = {
    TAKEN(MAX_BANDWIDTH, bandwidth, bandwidth, capacity, CAPACITY),
    TAKEN(MAX_RESERVABLE, bandwidth, bandwidth, max_reservable, MAX_RESERVABLE),
};

static bool take(const struct taken *rows, size_t count, const struct bgp_tlv *tlv,
                 struct rib_link *link)
{
    bool is_taken = false;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].id != tlv->row->id)
            continue;
        memcpy((uint8_t *)link + rows[i].to, (const uint8_t *)tlv->body + rows[i].from,
               sizeof(uint32_t));
        link->present |= rows[i].bit;
        is_taken = true;
    }
    return is_taken;
}

static bool measure_tlv(struct ls_reading *reading, const struct bgp_tlv *tlv,
                        struct rib_link *link)
{
    const struct bgp_admin_groups *groups = tlv->body;
    const struct bgp_srlgs *srlgs = tlv->body;
    switch (tlv->row->id) {
    case BGP_TLV_SRLGS:
        add_numbers(reading, srlgs->srlgs, srlgs->count, &link->srlgs, &link->srlg_count);
        link->present |= RIB_LINK_SRLGS;
        return true;
    case BGP_TLV_EXTENDED_ADMIN_GROUP:
        link->extended_group_count = 0;
        add_numbers(reading, groups->groups, groups->count, &link->extended_groups,
                    &link->extended_group_count);
        link->present |= RIB_LINK_EXTENDED_GROUPS;
        return true;
    default:
        return take(measures, sizeof measures / sizeof measures[0], tlv, link);
    }
}

static bool sid_tlv(struct ls_reading *reading, const struct bgp_tlv *tlv, struct rib_link *link)
{
    bool has_peer_adjacency = bgp_tlvs_find(reading->tlvs, BGP_TLV_PEER_ADJACENCY_SID) != NULL;
    switch (tlv->row->id) {
    case BGP_TLV_ADJACENCY_SID:
        read_adjacency(reading, tlv->body, (struct wire_span){NULL, 0}, link);
        return true;
    case BGP_TLV_LAN_ADJACENCY_SID:
        read_lan_adjacency(reading, tlv->body, link);
        return true;
    case BGP_TLV_PEER_ADJACENCY_SID:
        read_peer_sid(reading, tlv->body, link);
        return true;
    case BGP_TLV_PEER_NODE_SID:
        if (!has_peer_adjacency)
            read_peer_sid(reading, tlv->body, link);
        return !has_peer_adjacency;
    case BGP_TLV_SRV6_END_X:
        link_end_x(reading, tlv, link);
        return true;
    case BGP_TLV_SRV6_LAN_END_X_ISIS:
    case BGP_TLV_SRV6_LAN_END_X_OSPF:
        link_lan_end_x(reading, tlv, link);
        return true;
    default:
        return false;
    }
}

static bool link_tlv(struct ls_reading *reading, const struct bgp_tlv *tlv, struct rib_link *link)
{
    const struct bgp_name *name = tlv->body;
    switch (tlv->row->id) {
    case BGP_TLV_IGP_METRIC:
        igp_metric_tlv(reading, tlv->body, link);
        return true;
    case BGP_TLV_UNRESERVED:
        link_unreserved(tlv->body, link);
        return true;
    case BGP_TLV_LINK_NAME:
        link->text = (const char *)name->name.octets;
        link->text_count = (uint32_t)name->name.size;
        link->present |= RIB_LINK_TEXT;
        return true;
    case BGP_TLV_LINK_MSD:
        read_msd(tlv->body, link);
        return false; /* of other types it is kept as well */
    default:
        return take(capacities, sizeof capacities / sizeof capacities[0], tlv, link) ||
               measure_tlv(reading, tlv, link) || sid_tlv(reading, tlv, link);
    }
}

/* RFC 9479 4.2: without a mask they are for every application. */
static bool is_for(const struct bgp_application_attributes *attributes, uint8_t application)
{
    if (attributes->standard.size == 0)
        return attributes->user_defined.size == 0;
    return (attributes->standard.octets[0] & application) != 0;
}

/* A list of an application stands in place of the one for all, and is not added to it. */
static void read_applications(struct ls_reading *reading, struct rib_link *link)
{
    bool has_srlgs = false;
    for (uint32_t i = 0; i < reading->tlvs->count; i++) {
        const struct bgp_tlv *tlv = &reading->tlvs->tlvs[i];
        if (tlv->row == NULL || tlv->row->id != BGP_TLV_APPLICATION_ATTRIBUTES ||
            !is_for(tlv->body, APPLICATION_SR))
            continue;
        for (uint32_t k = 0; k < tlv->subs.count; k++) {
            const struct bgp_tlv *sub = &tlv->subs.tlvs[k];
            if (sub->row == NULL)
                continue;
            if (sub->row->id == BGP_TLV_SRLGS && !has_srlgs)
                link->srlg_count = 0;
            has_srlgs |= sub->row->id == BGP_TLV_SRLGS;
            (void)measure_tlv(reading, sub, link);
        }
    }
}

/* ---- what is for flexible algorithms ---- */

static void flex_add_srlgs(struct rib_flex_link *flex, const struct bgp_srlgs *srlgs)
{
    for (uint32_t i = 0; i < srlgs->count && flex->srlg_count < RIB_FLEX_SRLGS_MAX; i++)
        flex->srlgs[flex->srlg_count++] = srlgs->srlgs[i];
}

static void flex_take_groups(struct rib_flex_link *flex, const struct bgp_admin_groups *groups)
{
    uint32_t count = groups->count < TED_GROUP_WORDS_MAX ? groups->count : TED_GROUP_WORDS_MAX;
    for (uint32_t i = 0; i < count; i++)
        flex->groups[i] |= groups->groups[i];
    flex->group_count = count > flex->group_count ? count : flex->group_count;
}

static void flex_take_group(struct rib_flex_link *flex, const struct bgp_admin_group *group)
{
    flex->groups[0] |= group->group;
    flex->group_count = flex->group_count == 0 ? 1 : flex->group_count;
}

static void flex_take(struct rib_flex_link *flex, const struct bgp_tlv *sub)
{
    if (sub->row == NULL)
        return;
    switch (sub->row->id) {
    case BGP_TLV_TE_METRIC:
        flex->te_metric = ((const struct bgp_number *)sub->body)->value;
        break;
    case BGP_TLV_MIN_MAX_DELAY:
        flex->delay_min_us = ((const struct bgp_min_max_delay *)sub->body)->min_us;
        break;
    case BGP_TLV_ADMIN_GROUP:
        flex_take_group(flex, sub->body);
        break;
    case BGP_TLV_EXTENDED_ADMIN_GROUP:
        flex_take_groups(flex, sub->body);
        break;
    case BGP_TLV_SRLGS:
        flex_add_srlgs(flex, sub->body);
        break;
    default:
        break;
    }
}

/* Those that name the application hide those that are for all (RFC 9479 4.2). */
static bool flex_read(const struct ls_reading *reading, bool with_mask, struct rib_flex_link *flex)
{
    bool is_told = false;
    for (uint32_t i = 0; i < reading->tlvs->count; i++) {
        const struct bgp_tlv *tlv = &reading->tlvs->tlvs[i];
        if (tlv->row == NULL || tlv->row->id != BGP_TLV_APPLICATION_ATTRIBUTES)
            continue;
        const struct bgp_application_attributes *attributes = tlv->body;
        if ((attributes->standard.size > 0) != with_mask || !is_for(attributes, APPLICATION_FLEX))
            continue;
        is_told = true;
        for (uint32_t k = 0; k < tlv->subs.count; k++)
            flex_take(flex, &tlv->subs.tlvs[k]);
    }
    return is_told;
}

static void link_read_flex(struct ls_reading *reading, struct rib_link *link)
{
    struct rib_flex_link told = {.te_metric = TED_NONE, .delay_min_us = TED_NONE};
    if (!flex_read(reading, true, &told) && !flex_read(reading, false, &told))
        return;
    struct rib_flex_link *flex = ls_grow(reading, NULL, 0, 1, sizeof *flex);
    if (flex == NULL)
        return;
    *flex = told;
    link->flex_links = flex;
    link->flex_link_count = 1;
    link->present |= RIB_LINK_FLEX_LINKS;
}

void ls_read_link(struct ls_reading *reading, struct rib_link *link)
{
    read_descriptors(reading, link);
    for (uint32_t i = 0; i < reading->tlvs->count; i++) {
        const struct bgp_tlv *tlv = &reading->tlvs->tlvs[i];
        if (tlv->row == NULL || !link_tlv(reading, tlv, link))
            ls_keep(reading, tlv);
    }
    read_applications(reading, link);
    link_read_flex(reading, link);
    link->rest = reading->rest;
    link->rest_count = reading->rest_count;
    if (link->rest_count > 0)
        link->present |= RIB_LINK_REST;
}
