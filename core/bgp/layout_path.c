/* Layouts of path attributes whose form depends on the session, or whose values are limited. */
#include "core/bgp/layout.h"
#include "core/bgp/model.h"
#include "core/wire/field.h"

#define ORIGIN_MAX       2
#define SEGMENT_KIND_MIN 1
#define SEGMENT_KIND_MAX 4 /* RFC 5065 3 has the confederation's */

/* RFC 7606 7.1: an undefined value is malformed. */
bool bgp_decode_origin(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_origin *origin = body;
    origin->origin = wire_u8(reader);
    if (origin->origin > ORIGIN_MAX)
        return wire_decoding_refuse(decoding, BGP_DECODING_BAD_VALUE, "undefined ORIGIN");
    return !reader->failed;
}

void bgp_encode_origin(struct wire_writer *writer, const void *body)
{
    const struct bgp_origin *origin = body;
    wire_put_u8(writer, origin->origin);
}

static uint8_t as_size(const struct wire_decoding *decoding)
{
    return decoding->kind == BGP_DECODING_AS4 ? 4 : 2;
}

static uint32_t read_as(struct wire_reader *reader, uint8_t octets)
{
    return octets == 4 ? wire_u32(reader) : wire_u16(reader);
}

static void put_as(struct wire_writer *writer, uint32_t number, uint8_t octets)
{
    if (octets == 4)
        wire_put_u32(writer, number);
    else
        wire_put_u16(writer, (uint16_t)number);
}

/* RFC 7606 7.2: an unknown kind and a segment without an AS are malformed. */
bool bgp_decode_as_segment(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_as_segment *segment = body;
    uint8_t octets = as_size(decoding);
    segment->kind = wire_u8(reader);
    uint8_t count = wire_u8(reader);
    struct wire_reader ases = wire_sub(reader, (size_t)count * octets);
    if (reader->failed)
        return false;
    if (segment->kind < SEGMENT_KIND_MIN || segment->kind > SEGMENT_KIND_MAX || count == 0)
        return wire_decoding_refuse(decoding, BGP_DECODING_BAD_VALUE,
                                    "AS_PATH segment of unknown type or without an AS");
    uint32_t *values = arena_alloc(decoding->arena, count * sizeof *values);
    decoding->is_full |= values == NULL;
    for (unsigned i = 0; values != NULL && i < count; i++)
        values[i] = read_as(&ases, octets);
    segment->ases = values;
    segment->count = count;
    return values != NULL;
}

static void put_segment(struct wire_writer *writer, const struct bgp_as_segment *segment,
                        uint8_t octets)
{
    wire_put_u8(writer, segment->kind);
    wire_put_u8(writer, (uint8_t)segment->count);
    for (uint32_t i = 0; i < segment->count; i++)
        put_as(writer, segment->ases[i], octets);
}

void bgp_encode_as_segment(struct wire_writer *writer, const void *body)
{
    put_segment(writer, body, 4);
}

bool bgp_decode_as_path(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_as_path *path = body;
    path->as_octets = as_size(decoding);
    return bgp_decode_list(reader, &bgp_layout_as_segment, &path->segments, decoding);
}

void bgp_encode_as_path(struct wire_writer *writer, const void *body)
{
    const struct bgp_as_path *path = body;
    const struct bgp_as_segment *segments = path->segments.bodies;
    for (uint32_t i = 0; i < path->segments.count; i++)
        put_segment(writer, &segments[i], path->as_octets);
}

bool bgp_decode_aggregator(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_aggregator *aggregator = body;
    aggregator->as_octets = as_size(decoding);
    aggregator->as_number = read_as(reader, aggregator->as_octets);
    aggregator->address = field_ip(reader, IP_V4);
    return !reader->failed;
}

void bgp_encode_aggregator(struct wire_writer *writer, const void *body)
{
    const struct bgp_aggregator *aggregator = body;
    put_as(writer, aggregator->as_number, aggregator->as_octets);
    field_put_ip(writer, &aggregator->address, 4);
}

bool bgp_decode_large_communities(struct wire_reader *reader, void *body,
                                  struct wire_decoding *decoding)
{
    struct bgp_large_communities *large = body;
    return bgp_decode_list(reader, &bgp_layout_large_community, &large->communities, decoding);
}

void bgp_encode_large_communities(struct wire_writer *writer, const void *body)
{
    const struct bgp_large_communities *large = body;
    bgp_encode_list(writer, &bgp_layout_large_community, &large->communities);
}

bool bgp_decode_mp_reach(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_mp_reach *reach = body;
    (void)decoding;
    reach->afi = wire_u16(reader);
    reach->safi = wire_u8(reader);
    struct wire_reader next_hop = wire_sub(reader, wire_u8(reader));
    reach->next_hop = wire_rest(&next_hop);
    reach->reserved = wire_u8(reader);
    return !reader->failed;
}

void bgp_encode_mp_reach(struct wire_writer *writer, const void *body)
{
    const struct bgp_mp_reach *reach = body;
    wire_put_u16(writer, reach->afi);
    wire_put_u8(writer, reach->safi);
    wire_put_u8(writer, (uint8_t)reach->next_hop.size);
    wire_put_octets(writer, reach->next_hop.octets, reach->next_hop.size);
    wire_put_u8(writer, reach->reserved);
}
