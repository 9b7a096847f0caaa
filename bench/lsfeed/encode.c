#include "bench/lsfeed/encode.h"

#define ENCODE_AFI        16388
#define ENCODE_SAFI       71
#define ENCODE_ISIS_2     2
#define ENCODE_METRIC_MAX 0xFFFFFFU
#define ENCODE_NLRI_MAX   200 /* octets of a link's, with its type and length */

enum encode_nlri {
    ENCODE_NODE = 1,
    ENCODE_LINK,
    ENCODE_PREFIX_V4,
    ENCODE_PREFIX_V6,
    ENCODE_SRV6_SID = 6
};

/* ---- lengths ---- */

/* Room for a length of two octets, to be patched by encode_close. */
static size_t encode_length(struct wire_writer *writer)
{
    wire_put_u16(writer, 0);
    return wire_written(writer);
}

static void encode_close(struct wire_writer *writer, size_t start)
{
    wire_patch_u16(writer, start - 2, wire_written(writer) - start);
}

static size_t encode_begin_tlv(struct wire_writer *writer, uint16_t type)
{
    wire_put_u16(writer, type);
    return encode_length(writer);
}

static void encode_octets_tlv(struct wire_writer *writer, uint16_t type, const void *octets,
                              size_t size)
{
    wire_put_u16(writer, type);
    wire_put_u16(writer, (uint16_t)size);
    wire_put_octets(writer, octets, size);
}

static void encode_u32_tlv(struct wire_writer *writer, uint16_t type, uint32_t value)
{
    wire_put_u16(writer, type);
    wire_put_u16(writer, 4);
    wire_put_u32(writer, value);
}

static void encode_f32_tlv(struct wire_writer *writer, uint16_t type, float value)
{
    wire_put_u16(writer, type);
    wire_put_u16(writer, 4);
    wire_put_f32(writer, value);
}

static void encode_address_tlv(struct wire_writer *writer, uint16_t type, const struct ip *address)
{
    if (address->family != IP_NONE)
        encode_octets_tlv(writer, type, address->octets, ip_size(address));
}

static void encode_u24(struct wire_writer *writer, uint32_t value)
{
    wire_put_u8(writer, (uint8_t)(value >> 16));
    wire_put_u16(writer, (uint16_t)value);
}

static uint32_t encode_least(uint32_t value, uint32_t max)
{
    return value < max ? value : max;
}

/* ---- messages ---- */

/* Where the message begins; encode_end patches its length. */
static size_t encode_begin(struct wire_writer *writer, uint8_t type)
{
    static const uint8_t marker[16] = {255, 255, 255, 255, 255, 255, 255, 255,
                                       255, 255, 255, 255, 255, 255, 255, 255};
    size_t start = wire_written(writer);
    wire_put_octets(writer, marker, sizeof marker);
    wire_put_u16(writer, 0);
    wire_put_u8(writer, type);
    return start;
}

static void encode_end(struct wire_writer *writer, size_t start)
{
    wire_patch_u16(writer, start + 16, wire_written(writer) - start);
}

static void encode_capability(struct wire_writer *writer, uint8_t code, uint8_t size)
{
    wire_put_u8(writer, code);
    wire_put_u8(writer, size);
}

/* Link state, route refresh, AS numbers of 4 octets, extended messages, graceful restart. */
static void encode_capabilities(struct wire_writer *writer, const struct encode_open *open)
{
    encode_capability(writer, 1, 4);
    wire_put_u16(writer, ENCODE_AFI);
    wire_put_u16(writer, ENCODE_SAFI);
    encode_capability(writer, 2, 0);
    encode_capability(writer, 65, 4);
    wire_put_u32(writer, open->as);
    encode_capability(writer, 6, 0);
    if (open->restart_s == 0)
        return;
    encode_capability(writer, 64, 6);
    wire_put_u16(writer,
                 (uint16_t)((open->is_restarted ? 0x8000U : 0U) | (open->restart_s & 0xFFFU)));
    wire_put_u16(writer, ENCODE_AFI);
    wire_put_u8(writer, ENCODE_SAFI);
    wire_put_u8(writer, 0x80); /* its state was kept */
}

void encode_open(struct wire_writer *writer, const struct encode_open *open)
{
    uint8_t octets[64];
    struct wire_writer capabilities = wire_writer_init(octets, sizeof octets);
    encode_capabilities(&capabilities, open);
    uint8_t size = (uint8_t)wire_written(&capabilities);
    size_t start = encode_begin(writer, ENCODE_OPEN);
    wire_put_u8(writer, 4);
    wire_put_u16(writer, open->as > UINT16_MAX ? 23456 : (uint16_t)open->as); /* RFC 6793 9 */
    wire_put_u16(writer, open->hold_s);
    wire_put_octets(writer, open->identifier.octets, 4);
    wire_put_u8(writer, (uint8_t)(size + 2));
    encode_capability(writer, 2, size); /* a parameter is shaped like a capability */
    wire_put_octets(writer, octets, size);
    encode_end(writer, start);
}

void encode_keepalive(struct wire_writer *writer)
{
    encode_end(writer, encode_begin(writer, ENCODE_KEEPALIVE));
}

void encode_notification(struct wire_writer *writer, uint8_t code, uint8_t subcode)
{
    size_t start = encode_begin(writer, ENCODE_NOTIFICATION);
    wire_put_u8(writer, code);
    wire_put_u8(writer, subcode);
    encode_end(writer, start);
}

/* ---- updates ---- */

/* An UPDATE is open from begin to end: its own start, that of its path attributes, and that of the
 * attribute that is being written. */
struct encode_update {
    size_t message, path, attribute;
};

static struct encode_update encode_update_begin(struct wire_writer *writer)
{
    struct encode_update update = {.message = encode_begin(writer, 2)};
    wire_put_u16(writer, 0); /* withdrawn routes of IPv4 */
    update.path = encode_length(writer);
    return update;
}

/* With the flags of an attribute that is longer than 255 octets, as FRR has them all. */
static void encode_next_attribute(struct wire_writer *writer, struct encode_update *update,
                                  uint8_t flags, uint8_t type)
{
    if (update->attribute != 0)
        encode_close(writer, update->attribute);
    wire_put_u8(writer, (uint8_t)(flags | 0x10U));
    wire_put_u8(writer, type);
    update->attribute = encode_length(writer);
}

static void encode_update_end(struct wire_writer *writer, const struct encode_update *update)
{
    encode_close(writer, update->attribute);
    encode_close(writer, update->path);
    encode_end(writer, update->message);
}

/* Up to where the NLRI comes. */
static void encode_reach(struct wire_writer *writer, struct encode_update *update)
{
    static const uint8_t next_hop[4] = {192, 0, 2, 1};
    *update = encode_update_begin(writer);
    encode_next_attribute(writer, update, 0x80, 14);
    wire_put_u16(writer, ENCODE_AFI);
    wire_put_u8(writer, ENCODE_SAFI);
    wire_put_u8(writer, sizeof next_hop);
    wire_put_octets(writer, next_hop, sizeof next_hop);
    wire_put_u8(writer, 0);
}

static void encode_unreach(struct wire_writer *writer, struct encode_update *update)
{
    *update = encode_update_begin(writer);
    encode_next_attribute(writer, update, 0x80, 15);
    wire_put_u16(writer, ENCODE_AFI);
    wire_put_u8(writer, ENCODE_SAFI);
}

/* From behind the NLRI to where the TLVs of the BGP-LS attribute come. */
static void encode_said(struct wire_writer *writer, struct encode_update *update)
{
    encode_next_attribute(writer, update, 0x40, 1);
    wire_put_u8(writer, 2); /* ORIGIN INCOMPLETE */
    encode_next_attribute(writer, update, 0x40, 2);
    encode_next_attribute(writer, update, 0x40, 5);
    wire_put_u32(writer, 100);
    encode_next_attribute(writer, update, 0x80, 29);
}

void encode_end_of_rib(struct wire_writer *writer)
{
    struct encode_update update;
    encode_unreach(writer, &update);
    encode_update_end(writer, &update);
}

/* ---- NLRIs ---- */

static size_t encode_nlri_begin(struct wire_writer *writer, enum encode_nlri type)
{
    size_t start = encode_begin_tlv(writer, (uint16_t)type);
    wire_put_u8(writer, ENCODE_ISIS_2);
    wire_put_u64(writer, 0);
    return start;
}

/* The system id is the node's number, from 1. */
static void encode_node_name(struct wire_writer *writer, uint16_t type, uint32_t node)
{
    size_t start = encode_begin_tlv(writer, type);
    size_t inner = encode_begin_tlv(writer, 515);
    wire_put_u16(writer, 0);
    wire_put_u32(writer, node + 1);
    encode_close(writer, inner);
    encode_close(writer, start);
}

static void encode_link_nlri(struct wire_writer *writer, const struct ted_link *link)
{
    size_t start = encode_nlri_begin(writer, ENCODE_LINK);
    encode_node_name(writer, 256, link->from);
    encode_node_name(writer, 257, link->to);
    if (link->local_id != 0) {
        size_t inner = encode_begin_tlv(writer, 258);
        wire_put_u32(writer, link->local_id);
        wire_put_u32(writer, link->remote_id);
        encode_close(writer, inner);
    }
    encode_address_tlv(writer, 259, &link->local_v4);
    encode_address_tlv(writer, 260, &link->remote_v4);
    encode_address_tlv(writer, 261, &link->local_v6);
    encode_address_tlv(writer, 262, &link->remote_v6);
    encode_close(writer, start);
}

/* ---- nodes ---- */

static void encode_srgbs(struct wire_writer *writer, const struct ted_snapshot *snapshot,
                         const struct ted_node *node)
{
    if (node->srgbs.count == 0)
        return;
    size_t start = encode_begin_tlv(writer, 1034);
    wire_put_u16(writer, 0xC000); /* IPv4 and IPv6 */
    for (uint32_t i = 0; i < node->srgbs.count; i++) {
        const struct ted_srgb *srgb = &snapshot->srgbs[node->srgbs.first + i];
        encode_u24(writer, srgb->size);
        size_t inner = encode_begin_tlv(writer, 1161);
        encode_u24(writer, srgb->base);
        encode_close(writer, inner);
    }
    encode_close(writer, start);
}

void encode_node(struct wire_writer *writer, const struct ted_snapshot *snapshot, uint32_t index)
{
    const struct ted_node *node = &snapshot->nodes[index];
    const uint8_t msd[2] = {1, node->msd};
    struct encode_update update;
    encode_reach(writer, &update);
    size_t start = encode_nlri_begin(writer, ENCODE_NODE);
    encode_node_name(writer, 256, index);
    encode_close(writer, start);
    encode_said(writer, &update);
    if (node->msd != 0)
        encode_octets_tlv(writer, 266, msd, sizeof msd);
    encode_octets_tlv(writer, 1026, node->name, strlen(node->name));
    encode_address_tlv(writer, 1028, &node->router_id_v4);
    encode_address_tlv(writer, 1029, &node->router_id_v6);
    encode_srgbs(writer, snapshot, node);
    encode_update_end(writer, &update);
}

/* ---- addresses ---- */

static void encode_prefix_sids(struct wire_writer *writer, const struct ted_snapshot *snapshot,
                               const struct ted_node *node, uint8_t family)
{
    for (uint32_t i = 0; i < node->prefix_sids.count; i++) {
        const struct ted_prefix_sid *sid = &snapshot->prefix_sids[node->prefix_sids.first + i];
        if (sid->family != family)
            continue;
        size_t start = encode_begin_tlv(writer, 1158);
        wire_put_u8(writer, 0x40); /* a node SID (RFC 8667 2.1.1) */
        wire_put_u8(writer, sid->algorithm);
        wire_put_u16(writer, 0);
        wire_put_u32(writer, sid->index);
        encode_close(writer, start);
    }
}

void encode_address(struct wire_writer *writer, const struct ted_snapshot *snapshot, uint32_t index,
                    const struct ip *address)
{
    const struct ted_node *node = &snapshot->nodes[index];
    const uint8_t node_flag = 0x20; /* RFC 7794 2.1 */
    struct encode_update update;
    encode_reach(writer, &update);
    size_t start =
        encode_nlri_begin(writer, address->family == IP_V4 ? ENCODE_PREFIX_V4 : ENCODE_PREFIX_V6);
    encode_node_name(writer, 256, index);
    size_t inner = encode_begin_tlv(writer, 265);
    wire_put_u8(writer, (uint8_t)(8 * ip_size(address)));
    wire_put_octets(writer, address->octets, ip_size(address));
    encode_close(writer, inner);
    encode_close(writer, start);
    encode_said(writer, &update);
    encode_u32_tlv(writer, 1155, 0);
    if (ip_is_equal(address, &node->router_id_v4) || ip_is_equal(address, &node->router_id_v6))
        encode_prefix_sids(writer, snapshot, node, address->family);
    encode_octets_tlv(writer, 1170, &node_flag, 1);
    encode_update_end(writer, &update);
}

static void encode_structure(struct wire_writer *writer, const struct ted_srv6_sid *sid)
{
    const uint8_t bits[] = {sid->block_bits, sid->node_bits, sid->function_bits,
                            sid->argument_bits};
    encode_octets_tlv(writer, 1252, bits, sizeof bits);
}

void encode_srv6_sid(struct wire_writer *writer, uint32_t node, const struct ted_srv6_sid *sid)
{
    struct encode_update update;
    encode_reach(writer, &update);
    size_t start = encode_nlri_begin(writer, ENCODE_SRV6_SID);
    encode_node_name(writer, 256, node);
    encode_address_tlv(writer, 518, &sid->sid);
    encode_close(writer, start);
    encode_said(writer, &update);
    size_t inner = encode_begin_tlv(writer, 1250);
    wire_put_u16(writer, sid->behavior);
    wire_put_u8(writer, 0);
    wire_put_u8(writer, sid->algorithm);
    encode_close(writer, inner);
    encode_structure(writer, sid);
    encode_update_end(writer, &update);
}

/* ---- links ---- */

static void encode_bandwidths(struct wire_writer *writer, const struct ted_link *link)
{
    encode_f32_tlv(writer, 1089, link->capacity);
    encode_f32_tlv(writer, 1090, link->max_reservable);
    size_t start = encode_begin_tlv(writer, 1091);
    for (unsigned i = 0; i < TED_PRIORITIES; i++)
        wire_put_f32(writer, link->unreserved[i]);
    encode_close(writer, start);
}

static void encode_adjacency(struct wire_writer *writer, const struct ted_adj_sid *sid, bool is_v6)
{
    size_t start = encode_begin_tlv(writer, 1099);
    /* A label that is local; F: IPv6, B: protected (RFC 8667 2.2.1) */
    wire_put_u8(writer, (uint8_t)(0x30U | (is_v6 ? 0x80U : 0U) | (sid->is_protected ? 0x40U : 0U)));
    wire_put_u8(writer, 0);
    wire_put_u16(writer, 0);
    encode_u24(writer, sid->label);
    encode_close(writer, start);
}

static void encode_adjacencies(struct wire_writer *writer, const struct ted_snapshot *snapshot,
                               const struct ted_link *link)
{
    for (uint32_t i = 0; i < link->adj_sids.count; i++) {
        const struct ted_adj_sid *sid = &snapshot->adj_sids[link->adj_sids.first + i];
        if (sid->family != IP_V6)
            encode_adjacency(writer, sid, false);
        if (sid->family == IP_V6 || (sid->family == IP_NONE && link->local_v6.family == IP_V6))
            encode_adjacency(writer, sid, true);
    }
}

static void encode_end_xs(struct wire_writer *writer, const struct ted_snapshot *snapshot,
                          const struct ted_link *link)
{
    for (uint32_t i = 0; i < link->srv6_sids.count; i++) {
        const struct ted_srv6_sid *sid = &snapshot->srv6_sids[link->srv6_sids.first + i];
        size_t start = encode_begin_tlv(writer, 1106);
        wire_put_u16(writer, sid->behavior);
        wire_put_u8(writer, 0);
        wire_put_u8(writer, sid->algorithm);
        wire_put_u16(writer, 0);
        wire_put_octets(writer, sid->sid.octets, sizeof sid->sid.octets);
        encode_structure(writer, sid);
        encode_close(writer, start);
    }
}

static void encode_metrics(struct wire_writer *writer, const struct ted_link *link)
{
    uint32_t metric =
        link->is_igp_unused ? ENCODE_METRIC_MAX : encode_least(link->igp_metric, ENCODE_METRIC_MAX);
    unsigned octets = metric > 0xFFFF ? 3 : metric > 0xFF ? 2 : 1;
    encode_u32_tlv(writer, 1092, link->te_metric);
    size_t start = encode_begin_tlv(writer, 1095);
    for (unsigned i = octets; i-- > 0;)
        wire_put_u8(writer, (uint8_t)(metric >> (8 * i)));
    encode_close(writer, start);
}

void encode_link(struct wire_writer *writer, const struct ted_snapshot *snapshot,
                 const struct ted_link *link)
{
    struct encode_update update;
    encode_reach(writer, &update);
    encode_link_nlri(writer, link);
    encode_said(writer, &update);
    encode_u32_tlv(writer, 1088, link->admin_group);
    encode_bandwidths(writer, link);
    encode_metrics(writer, link);
    if (link->srlgs.count > 0) {
        size_t start = encode_begin_tlv(writer, 1096);
        for (uint32_t i = 0; i < link->srlgs.count; i++)
            wire_put_u32(writer, snapshot->srlgs[link->srlgs.first + i]);
        encode_close(writer, start);
    }
    encode_adjacencies(writer, snapshot, link);
    encode_end_xs(writer, snapshot, link);
    encode_u32_tlv(writer, 1114, encode_least(link->delay_us, ENCODE_METRIC_MAX));
    encode_update_end(writer, &update);
}

void encode_withdrawal(struct wire_writer *writer, const struct ted_snapshot *snapshot,
                       const uint32_t *links, uint32_t count, uint32_t *at)
{
    struct encode_update update;
    encode_unreach(writer, &update);
    while (*at < count && (size_t)(writer->end - writer->at) >= ENCODE_NLRI_MAX)
        encode_link_nlri(writer, &snapshot->links[links[(*at)++]]);
    encode_update_end(writer, &update);
}
