/* Layouts with a SID that is a label of 3 octets or an index of 4 (RFC 9085 2.1.1, RFC 9086 5). */
#include "core/bgp/layout.h"
#include "core/bgp/model.h"
#include "core/wire/field.h"

#define LABEL_OCTETS      3
#define INDEX_OCTETS      4
#define ISIS_SYSTEM_ID    6
#define OSPF_ROUTER_ID    4
#define SID_LABEL_TYPE    1161 /* RFC 9085 2.1.1 */
#define SID_HEADER_OCTETS 4    /* flags, weight or algorithm, reserved */

/* All that is left. */
static bool read_sid(struct wire_reader *reader, uint32_t *sid, uint8_t *octets)
{
    size_t size = wire_left(reader);
    if (size != LABEL_OCTETS && size != INDEX_OCTETS)
        return false;
    *octets = (uint8_t)size;
    *sid = size == LABEL_OCTETS ? field_u24(reader) : wire_u32(reader);
    return !reader->failed;
}

static void put_sid(struct wire_writer *writer, uint32_t sid, uint8_t octets)
{
    if (octets == LABEL_OCTETS)
        field_put_u24(writer, sid);
    else
        wire_put_u32(writer, sid);
}

bool bgp_decode_sid_label(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_sid_label *label = body;
    (void)decoding;
    return read_sid(reader, &label->sid, &label->sid_octets);
}

void bgp_encode_sid_label(struct wire_writer *writer, const void *body)
{
    const struct bgp_sid_label *label = body;
    put_sid(writer, label->sid, label->sid_octets);
}

bool bgp_decode_adjacency_sid(struct wire_reader *reader, void *body,
                              struct wire_decoding *decoding)
{
    struct bgp_adjacency_sid *adjacency = body;
    (void)decoding;
    adjacency->flags = wire_u8(reader);
    adjacency->weight = wire_u8(reader);
    adjacency->reserved = wire_u16(reader);
    return read_sid(reader, &adjacency->sid, &adjacency->sid_octets);
}

void bgp_encode_adjacency_sid(struct wire_writer *writer, const void *body)
{
    const struct bgp_adjacency_sid *adjacency = body;
    wire_put_u8(writer, adjacency->flags);
    wire_put_u8(writer, adjacency->weight);
    wire_put_u16(writer, adjacency->reserved);
    put_sid(writer, adjacency->sid, adjacency->sid_octets);
}

/* RFC 9086 5 has the members of the adjacency SID, with flags of its own. */
bool bgp_decode_peer_sid(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_peer_sid *peer = body;
    (void)decoding;
    peer->flags = wire_u8(reader);
    peer->weight = wire_u8(reader);
    peer->reserved = wire_u16(reader);
    return read_sid(reader, &peer->sid, &peer->sid_octets);
}

void bgp_encode_peer_sid(struct wire_writer *writer, const void *body)
{
    const struct bgp_peer_sid *peer = body;
    wire_put_u8(writer, peer->flags);
    wire_put_u8(writer, peer->weight);
    wire_put_u16(writer, peer->reserved);
    put_sid(writer, peer->sid, peer->sid_octets);
}

bool bgp_decode_prefix_sid(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_prefix_sid *prefix = body;
    (void)decoding;
    prefix->flags = wire_u8(reader);
    prefix->algorithm = wire_u8(reader);
    prefix->reserved = wire_u16(reader);
    return read_sid(reader, &prefix->sid, &prefix->sid_octets);
}

void bgp_encode_prefix_sid(struct wire_writer *writer, const void *body)
{
    const struct bgp_prefix_sid *prefix = body;
    wire_put_u8(writer, prefix->flags);
    wire_put_u8(writer, prefix->algorithm);
    wire_put_u16(writer, prefix->reserved);
    put_sid(writer, prefix->sid, prefix->sid_octets);
}

/* RFC 9085 2.2.2: 13 or 14 octets are of IS-IS, 11 or 12 of OSPF, so that the length alone tells
 * the neighbor's size. */
bool bgp_decode_lan_adjacency_sid(struct wire_reader *reader, void *body,
                                  struct wire_decoding *decoding)
{
    struct bgp_lan_adjacency_sid *adjacency = body;
    size_t size = wire_left(reader);
    bool is_isis = size >= SID_HEADER_OCTETS + ISIS_SYSTEM_ID + LABEL_OCTETS;
    (void)decoding;
    adjacency->flags = wire_u8(reader);
    adjacency->weight = wire_u8(reader);
    adjacency->reserved = wire_u16(reader);
    struct wire_reader neighbor = wire_sub(reader, is_isis ? ISIS_SYSTEM_ID : OSPF_ROUTER_ID);
    adjacency->neighbor = wire_rest(&neighbor);
    return read_sid(reader, &adjacency->sid, &adjacency->sid_octets);
}

void bgp_encode_lan_adjacency_sid(struct wire_writer *writer, const void *body)
{
    const struct bgp_lan_adjacency_sid *adjacency = body;
    wire_put_u8(writer, adjacency->flags);
    wire_put_u8(writer, adjacency->weight);
    wire_put_u16(writer, adjacency->reserved);
    wire_put_octets(writer, adjacency->neighbor.octets, adjacency->neighbor.size);
    put_sid(writer, adjacency->sid, adjacency->sid_octets);
}

/* RFC 9085 2.1.2: a size, and the first label as a SID/Label TLV. */
bool bgp_decode_label_range(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_label_range *range = body;
    range->size = field_u24(reader);
    uint16_t type = wire_u16(reader);
    struct wire_reader first = wire_sub(reader, wire_u16(reader));
    if (reader->failed)
        return false;
    if (type != SID_LABEL_TYPE)
        return wire_decoding_refuse(decoding, BGP_DECODING_BAD_VALUE,
                                    "range without a SID/Label TLV");
    return read_sid(&first, &range->first, &range->sid_octets);
}

void bgp_encode_label_range(struct wire_writer *writer, const void *body)
{
    const struct bgp_label_range *range = body;
    field_put_u24(writer, range->size);
    wire_put_u16(writer, SID_LABEL_TYPE);
    wire_put_u16(writer, range->sid_octets);
    put_sid(writer, range->first, range->sid_octets);
}

bool bgp_decode_label_ranges(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_label_ranges *block = body;
    block->flags = wire_u8(reader);
    block->reserved = wire_u8(reader);
    return bgp_decode_list(reader, &bgp_layout_label_range, &block->ranges, decoding) &&
           !reader->failed;
}

void bgp_encode_label_ranges(struct wire_writer *writer, const void *body)
{
    const struct bgp_label_ranges *block = body;
    wire_put_u8(writer, block->flags);
    wire_put_u8(writer, block->reserved);
    bgp_encode_list(writer, &bgp_layout_label_range, &block->ranges);
}
