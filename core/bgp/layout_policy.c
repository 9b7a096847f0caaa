/* Layouts of SR policies whose parts have sizes of their own (RFC 9857 4, 5). */
#include "core/bgp/layout.h"
#include "core/bgp/model.h"
#include "core/wire/field.h"

#define CANDIDATE_E  0x80 /* the endpoint is IPv6 */
#define CANDIDATE_O  0x40 /* the originator is */
#define BINDING_D    0x8000
#define LABEL_OCTETS 4 /* as a label stack entry */
#define SRV6_OCTETS  16

static enum ip_family family_of(uint8_t flags, uint8_t bit)
{
    return (flags & bit) != 0 ? IP_V6 : IP_V4;
}

bool bgp_decode_candidate_path(struct wire_reader *reader, void *body,
                               struct wire_decoding *decoding)
{
    struct bgp_candidate_path *path = body;
    (void)decoding;
    path->origin = wire_u8(reader);
    path->flags = wire_u8(reader);
    path->reserved = wire_u16(reader);
    path->endpoint = field_ip(reader, family_of(path->flags, CANDIDATE_E));
    path->color = wire_u32(reader);
    path->originator_as = wire_u32(reader);
    path->originator = field_ip(reader, family_of(path->flags, CANDIDATE_O));
    path->discriminator = wire_u32(reader);
    return !reader->failed;
}

void bgp_encode_candidate_path(struct wire_writer *writer, const void *body)
{
    const struct bgp_candidate_path *path = body;
    wire_put_u8(writer, path->origin);
    wire_put_u8(writer, path->flags);
    wire_put_u16(writer, path->reserved);
    field_put_ip(writer, &path->endpoint, ip_size(&path->endpoint));
    wire_put_u32(writer, path->color);
    wire_put_u32(writer, path->originator_as);
    field_put_ip(writer, &path->originator, ip_size(&path->originator));
    wire_put_u32(writer, path->discriminator);
}

static struct wire_span take_span(struct wire_reader *reader, size_t size)
{
    struct wire_reader part = wire_sub(reader, size);
    return wire_rest(&part);
}

bool bgp_decode_binding_sid(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_binding_sid *binding = body;
    (void)decoding;
    binding->flags = wire_u16(reader);
    binding->reserved = wire_u16(reader);
    size_t size = (binding->flags & BINDING_D) != 0 ? SRV6_OCTETS : LABEL_OCTETS;
    binding->binding_sid = take_span(reader, size);
    binding->specified = take_span(reader, size);
    return !reader->failed;
}

void bgp_encode_binding_sid(struct wire_writer *writer, const void *body)
{
    const struct bgp_binding_sid *binding = body;
    wire_put_u16(writer, binding->flags);
    wire_put_u16(writer, binding->reserved);
    wire_put_octets(writer, binding->binding_sid.octets, binding->binding_sid.size);
    wire_put_octets(writer, binding->specified.octets, binding->specified.size);
}

/* RFC 9857 5.7.1.1: what a segment of each type has. */
static const struct {
    uint8_t sid_octets;
    uint8_t descriptor_octets;
} segment_shapes[] = {
    [1] = {LABEL_OCTETS, 1},  [2] = {SRV6_OCTETS, 1},   [3] = {LABEL_OCTETS, 5},
    [4] = {LABEL_OCTETS, 17}, [5] = {LABEL_OCTETS, 8},  [6] = {LABEL_OCTETS, 8},
    [7] = {LABEL_OCTETS, 40}, [8] = {LABEL_OCTETS, 32}, [9] = {SRV6_OCTETS, 17},
    [10] = {SRV6_OCTETS, 40}, [11] = {SRV6_OCTETS, 32},
};

bool bgp_decode_segment(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_segment *segment = body;
    segment->type = wire_u8(reader);
    segment->reserved = wire_u8(reader);
    segment->flags = wire_u16(reader);
    if (segment->type == 0 || segment->type >= sizeof segment_shapes / sizeof segment_shapes[0])
        return wire_decoding_refuse(decoding, BGP_DECODING_BAD_VALUE, "segment of unknown type");
    segment->sid = take_span(reader, segment_shapes[segment->type].sid_octets);
    segment->descriptor = take_span(reader, segment_shapes[segment->type].descriptor_octets);
    return !reader->failed;
}

void bgp_encode_segment(struct wire_writer *writer, const void *body)
{
    const struct bgp_segment *segment = body;
    wire_put_u8(writer, segment->type);
    wire_put_u8(writer, segment->reserved);
    wire_put_u16(writer, segment->flags);
    wire_put_octets(writer, segment->sid.octets, segment->sid.size);
    wire_put_octets(writer, segment->descriptor.octets, segment->descriptor.size);
}

/* Sizes in front are in units of 4 octets. */
bool bgp_decode_affinity(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_affinity *affinity = body;
    (void)decoding;
    size_t exclude_any = wire_u8(reader);
    size_t include_any = wire_u8(reader);
    size_t include_all = wire_u8(reader);
    affinity->reserved = wire_u8(reader);
    affinity->exclude_any = take_span(reader, 4 * exclude_any);
    affinity->include_any = take_span(reader, 4 * include_any);
    affinity->include_all = take_span(reader, 4 * include_all);
    return !reader->failed;
}

void bgp_encode_affinity(struct wire_writer *writer, const void *body)
{
    const struct bgp_affinity *affinity = body;
    wire_put_u8(writer, (uint8_t)(affinity->exclude_any.size / 4));
    wire_put_u8(writer, (uint8_t)(affinity->include_any.size / 4));
    wire_put_u8(writer, (uint8_t)(affinity->include_all.size / 4));
    wire_put_u8(writer, affinity->reserved);
    wire_put_octets(writer, affinity->exclude_any.octets, affinity->exclude_any.size);
    wire_put_octets(writer, affinity->include_any.octets, affinity->include_any.size);
    wire_put_octets(writer, affinity->include_all.octets, affinity->include_all.size);
}
