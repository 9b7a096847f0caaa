/* NLRIs of link state (RFC 9552 5.2). */
#include "core/bgp/codec_impl.h"
#include "core/bgp/layout.h"

/* Whether types and lengths fill the reader exactly. */
static bool nlri_count(struct wire_reader reader, uint32_t *count, uint32_t *bad_offset)
{
    for (*count = 0; wire_left(&reader) > 0; ++*count) {
        *bad_offset = wire_offset(&reader);
        wire_skip(&reader, 2);
        wire_skip(&reader, wire_u16(&reader));
    }
    return !reader.failed;
}

static uint8_t nlri_kind(unsigned type)
{
    switch (type) {
    case BGP_NLRI_IPV4_PREFIX:
        return BGP_DECODING_PREFIX;
    case BGP_NLRI_IPV6_PREFIX:
        return BGP_DECODING_PREFIX6;
    default:
        return BGP_DECODING_PLAIN;
    }
}

static bool tlv_is_before(const struct bgp_tlv *a, const struct bgp_tlv *b)
{
    if (a->type != b->type)
        return a->type < b->type;
    if (a->size != b->size)
        return a->size < b->size;
    return memcmp(a->octets, b->octets, a->size) <= 0;
}

/* RFC 9552 5.1: ascending by type, length, value. */
static bool list_ascends(const struct bgp_tlv_list *list)
{
    for (uint32_t i = 1; i < list->count; i++) {
        if (!tlv_is_before(&list->tlvs[i - 1], &list->tlvs[i]))
            return false;
    }
    return true;
}

/* RFC 9552 8.2.2: no sub-TLV comes twice in a node descriptor. */
static bool has_twice(const struct bgp_tlv_list *list)
{
    for (uint32_t i = 1; i < list->count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (list->tlvs[k].type == list->tlvs[i].type)
                return true;
        }
    }
    return false;
}

static bool is_node_descriptor(const struct bgp_tlv *tlv)
{
    return tlv->row != NULL &&
           (tlv->row->id == BGP_TLV_LOCAL_NODE || tlv->row->id == BGP_TLV_REMOTE_NODE);
}

/* A node descriptor of many sub-TLVs has one of them twice, or unknown ones: what is compared is
 * bounded before it is. */
#define NODE_DESCRIPTORS_MAX 64

static void nlri_judge(const struct bgp_codec *codec, struct bgp_nlri *nlri)
{
    nlri->is_unordered = !list_ascends(&nlri->tlvs);
    for (uint32_t i = 0; i < nlri->tlvs.count; i++) {
        const struct bgp_tlv *tlv = &nlri->tlvs.tlvs[i];
        if (!is_node_descriptor(tlv))
            continue;
        nlri->is_unordered |= !list_ascends(&tlv->subs);
        if (tlv->subs.count <= NODE_DESCRIPTORS_MAX && !has_twice(&tlv->subs))
            continue;
        nlri->action = BGP_ACTION_DISCARD;
        bgp_fault_set(codec->fault,
                      (struct bgp_fault){.action = BGP_ACTION_DISCARD,
                                         .error = BGP_ERROR_BAD_OPTIONAL_ATTRIBUTE,
                                         .offset = tlv->offset,
                                         .reason = "a sub-TLV comes twice in a node descriptor"});
    }
}

/* Protocol-ID, Identifier and descriptors, in all types that are known. */
static enum pce_status nlri_decode(const struct bgp_codec *codec, struct wire_reader value,
                                   struct bgp_nlri *nlri, uint32_t *bad_offset)
{
    nlri->row = bgp_nlri_find(nlri->type);
    if (nlri->row == NULL)
        return PCE_OK;
    *bad_offset = nlri->offset;
    nlri->protocol = wire_u8(&value);
    nlri->identifier = wire_u64(&value);
    if (value.failed)
        return PCE_INVALID;
    enum pce_status status =
        bgp_tlvs_decode(value, nlri_kind(nlri->type), codec->arena, &nlri->tlvs, bad_offset);
    if (status == PCE_OK)
        nlri_judge(codec, nlri);
    return status;
}

enum pce_status bgp_decode_nlris(const struct bgp_codec *codec, struct wire_reader reader,
                                 struct bgp_attribute *attribute, uint32_t *offset)
{
    uint32_t count;
    if (!nlri_count(reader, &count, offset))
        return PCE_INVALID;
    struct bgp_nlri *nlris = arena_alloc_array(codec->arena, count, sizeof *nlris);
    if (nlris == NULL)
        return PCE_LIMIT;
    for (uint32_t i = 0; i < count; i++) {
        nlris[i].offset = wire_offset(&reader);
        nlris[i].type = wire_u16(&reader);
        nlris[i].size = wire_u16(&reader);
        nlris[i].octets = reader.at;
        enum pce_status status =
            nlri_decode(codec, wire_sub_known(&reader, nlris[i].size), &nlris[i], offset);
        if (status != PCE_OK)
            return status;
    }
    attribute->nlris = nlris;
    attribute->nlri_count = count;
    return PCE_OK;
}
