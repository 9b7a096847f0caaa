#include "core/bgp/ls.h"

#include "core/bgp/ls_impl.h"
#include "core/bgp/ls_key.h"

static enum rib_speaker speaker_of(uint8_t protocol)
{
    switch (protocol) {
    case BGP_PROTOCOL_ISIS_1:
    case BGP_PROTOCOL_ISIS_2:
        return RIB_SPEAKER_ISIS;
    case BGP_PROTOCOL_OSPF_2:
        return RIB_SPEAKER_OSPF;
    case BGP_PROTOCOL_OSPF_3:
        return RIB_SPEAKER_OSPFV3;
    case BGP_PROTOCOL_BGP:
        return RIB_SPEAKER_BGP;
    default:
        return RIB_SPEAKER_OTHER;
    }
}

/* The name that a node descriptor gives, in a domain of its own AS. A BGP router has no IGP's id
 * (RFC 9086 4.2). */
static struct rib_name name_of_descriptor(const struct ls_reading *reading,
                                          const struct bgp_tlv_list *descriptor)
{
    const struct bgp_tlv *igp = bgp_tlvs_find(descriptor, BGP_TLV_IGP_ROUTER_ID);
    const struct bgp_tlv *bgp = bgp_tlvs_find(descriptor, BGP_TLV_BGP_ROUTER_ID);
    const struct bgp_tlv *id = igp != NULL ? igp : bgp;
    if (id == NULL)
        return (struct rib_name){.size = 0};
    const struct bgp_number *asn = bgp_tlvs_find_body(descriptor, BGP_TLV_AUTONOMOUS_SYSTEM);
    struct ls_reading of_its_own = {.domain = reading->domain};
    of_its_own.domain.asn = asn == NULL ? 0 : asn->value;
    return ls_name(&of_its_own, (struct wire_span){id->octets, id->size});
}

static uint32_t part_of(const struct bgp_nlri *nlri, const struct bgp_tlv_list *descriptor)
{
    const struct bgp_router_id *area = bgp_tlvs_find_body(descriptor, BGP_TLV_OSPF_AREA);
    if (nlri->protocol == BGP_PROTOCOL_ISIS_1 || nlri->protocol == BGP_PROTOCOL_ISIS_2)
        return nlri->protocol;
    if (area == NULL)
        return 0;
    const uint8_t *o = area->router_id.octets;
    return (uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 | (uint32_t)o[2] << 8 | o[3];
}

static bool ls_kind(const struct bgp_nlri *nlri, enum rib_kind *kind)
{
    switch (nlri->type) {
    case BGP_NLRI_NODE:
        *kind = RIB_KIND_NODE;
        return true;
    case BGP_NLRI_LINK:
        *kind = RIB_KIND_LINK;
        return true;
    case BGP_NLRI_IPV4_PREFIX:
    case BGP_NLRI_IPV6_PREFIX:
        *kind = RIB_KIND_PREFIX;
        return true;
    case BGP_NLRI_SRV6_SID:
        *kind = RIB_KIND_SRV6_SID;
        return true;
    default:
        return false;
    }
}

enum pce_status bgp_ls_identify(const struct bgp_nlri *nlri, struct arena *arena,
                                struct bgp_ls_object *object)
{
    struct wire_span key;
    *object = (struct bgp_ls_object){.kind = RIB_KIND_NODE};
    if (nlri->row == NULL || nlri->action != BGP_ACTION_NONE || !ls_kind(nlri, &object->kind))
        return PCE_UNSUPPORTED;
    if (bgp_ls_key(nlri, arena, &key) != PCE_OK || key.size > RIB_KEY_SIZE_MAX)
        return PCE_LIMIT;
    object->key = (struct rib_key){key.octets, key.size};
    return PCE_OK;
}

/* Bits behind the length are no part of a prefix, and may have been sent. */
static void mask_prefix(struct ip *address, unsigned bits)
{
    for (unsigned i = 0; i < sizeof address->octets; i++) {
        unsigned left = bits > 8 * i ? bits - 8 * i : 0;
        if (left < 8)
            address->octets[i] &= (uint8_t)(0xFF00U >> left);
    }
}

static bool ls_prefix_object(struct ls_reading *reading, struct bgp_ls_object *object)
{
    const struct bgp_reachability *prefix =
        bgp_tlvs_find_body(&reading->nlri->tlvs, BGP_TLV_IP_REACHABILITY);
    if (prefix == NULL)
        return false;
    object->as_prefix.address = prefix->prefix;
    object->as_prefix.bits = prefix->bits;
    mask_prefix(&object->as_prefix.address, prefix->bits);
    ls_read_prefix(reading, &object->as_prefix.prefix);
    return true;
}

static bool ls_link_object(struct ls_reading *reading, struct bgp_ls_object *object)
{
    const struct bgp_tlv *remote = bgp_tlvs_find(&reading->nlri->tlvs, BGP_TLV_REMOTE_NODE);
    if (remote == NULL)
        return false;
    object->as_link.remote = name_of_descriptor(reading, &remote->subs);
    if (object->as_link.remote.size == 0)
        return false;
    ls_read_link(reading, &object->as_link.link);
    return true;
}

static bool ls_object(struct ls_reading *reading, struct bgp_ls_object *object)
{
    switch (object->kind) {
    case RIB_KIND_NODE:
        ls_read_node(reading, &object->as_node);
        return true;
    case RIB_KIND_LINK:
        return ls_link_object(reading, object);
    case RIB_KIND_PREFIX:
        return ls_prefix_object(reading, object);
    default:
        ls_read_srv6_sid(reading, &object->as_srv6_sid);
        return object->as_srv6_sid.sid.family != IP_NONE;
    }
}

enum pce_status bgp_ls_read(const struct bgp_nlri *nlri, const struct bgp_attribute *attribute,
                            struct arena *arena, struct bgp_ls_object *object)
{
    static const struct bgp_tlv_list nothing = {NULL, 0};
    enum pce_status status = bgp_ls_identify(nlri, arena, object);
    if (status != PCE_OK)
        return status;
    struct ls_reading reading = {
        .nlri = nlri,
        .tlvs = attribute == NULL ? &nothing : &attribute->tlvs,
        .attribute_size = attribute == NULL ? 0 : attribute->size,
        .arena = arena,
        .domain = {.speaker = speaker_of(nlri->protocol), .instance = nlri->identifier},
    };
    const struct bgp_tlv *local = bgp_tlvs_find(&nlri->tlvs, BGP_TLV_LOCAL_NODE);
    if (local == NULL)
        return PCE_INVALID;
    const struct bgp_number *asn = bgp_tlvs_find_body(&local->subs, BGP_TLV_AUTONOMOUS_SYSTEM);
    reading.domain.asn = asn == NULL ? 0 : asn->value;
    object->has_attribute = attribute != NULL;
    object->node = name_of_descriptor(&reading, &local->subs);
    object->part = part_of(nlri, &local->subs);
    if (object->node.size == 0 || !ls_object(&reading, object))
        return PCE_INVALID;
    return reading.is_full ? PCE_LIMIT : PCE_OK;
}
