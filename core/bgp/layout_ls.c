/* Layouts of link state whose parts have sizes of their own. */
#include "core/bgp/layout.h"
#include "core/bgp/model.h"
#include "core/wire/field.h"

#define IGP_METRIC_OCTETS_MAX 3

bool bgp_decode_address(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_address *address = body;
    size_t size = wire_left(reader);
    (void)decoding;
    if (size != 4 && size != 16)
        return false;
    address->address = field_ip(reader, size == 4 ? IP_V4 : IP_V6);
    return true;
}

void bgp_encode_address(struct wire_writer *writer, const void *body)
{
    const struct bgp_address *address = body;
    field_put_ip(writer, &address->address, ip_size(&address->address));
}

/* RFC 9552 5.2.3.2: as many octets as the bits need. Bits behind them are kept. */
bool bgp_decode_reachability(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_reachability *prefix = body;
    unsigned bits_max = decoding->kind == BGP_DECODING_PREFIX6 ? 128 : 32;
    prefix->bits = wire_u8(reader);
    prefix->prefix = (struct ip){.family = bits_max == 32 ? IP_V4 : IP_V6};
    if (prefix->bits > bits_max)
        return wire_decoding_refuse(decoding, BGP_DECODING_BAD_VALUE, "prefix of too many bits");
    wire_copy(reader, prefix->prefix.octets, ((size_t)prefix->bits + 7) / 8);
    return !reader->failed;
}

void bgp_encode_reachability(struct wire_writer *writer, const void *body)
{
    const struct bgp_reachability *prefix = body;
    wire_put_u8(writer, prefix->bits);
    wire_put_octets(writer, prefix->prefix.octets, ((size_t)prefix->bits + 7) / 8);
}

/* RFC 9552 5.3.2.4. Routers send wide metrics in as few octets as they need, so that one octet is
 * no sign of a metric of 6 bits. */
bool bgp_decode_igp_metric(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct bgp_igp_metric *metric = body;
    size_t size = wire_left(reader);
    (void)decoding;
    if (size == 0 || size > IGP_METRIC_OCTETS_MAX)
        return false;
    metric->metric_octets = (uint8_t)size;
    metric->metric = 0;
    for (size_t i = 0; i < size; i++)
        metric->metric = metric->metric << 8 | wire_u8(reader);
    return true;
}

void bgp_encode_igp_metric(struct wire_writer *writer, const void *body)
{
    const struct bgp_igp_metric *metric = body;
    for (unsigned i = metric->metric_octets; i > 0; i--)
        wire_put_u8(writer, (uint8_t)(metric->metric >> 8 * (i - 1)));
}

static bool read_lan_end_x(struct wire_reader *reader, struct bgp_srv6_lan_end_x *end_x,
                           size_t neighbor_octets)
{
    end_x->behavior = wire_u16(reader);
    end_x->flags = wire_u8(reader);
    end_x->algorithm = wire_u8(reader);
    end_x->weight = wire_u8(reader);
    end_x->reserved = wire_u8(reader);
    struct wire_reader neighbor = wire_sub(reader, neighbor_octets);
    end_x->neighbor = wire_rest(&neighbor);
    end_x->sid = field_ip(reader, IP_V6);
    return !reader->failed;
}

bool bgp_decode_srv6_lan_end_x(struct wire_reader *reader, void *body,
                               struct wire_decoding *decoding)
{
    (void)decoding;
    return read_lan_end_x(reader, body, 6);
}

void bgp_encode_srv6_lan_end_x(struct wire_writer *writer, const void *body)
{
    const struct bgp_srv6_lan_end_x *end_x = body;
    wire_put_u16(writer, end_x->behavior);
    wire_put_u8(writer, end_x->flags);
    wire_put_u8(writer, end_x->algorithm);
    wire_put_u8(writer, end_x->weight);
    wire_put_u8(writer, end_x->reserved);
    wire_put_octets(writer, end_x->neighbor.octets, end_x->neighbor.size);
    field_put_ip(writer, &end_x->sid, 16);
}

bool bgp_decode_srv6_lan_end_x_ospf(struct wire_reader *reader, void *body,
                                    struct wire_decoding *decoding)
{
    (void)decoding;
    return read_lan_end_x(reader, body, 4);
}

/* RFC 9294 2: a mask has 0, 4 or 8 octets. */
static bool mask_size_is_valid(uint8_t size)
{
    return size == 0 || size == 4 || size == 8;
}

bool bgp_decode_application_attributes(struct wire_reader *reader, void *body,
                                       struct wire_decoding *decoding)
{
    struct bgp_application_attributes *attributes = body;
    uint8_t standard_size = wire_u8(reader);
    uint8_t user_size = wire_u8(reader);
    attributes->reserved = wire_u16(reader);
    if (!mask_size_is_valid(standard_size) || !mask_size_is_valid(user_size))
        return wire_decoding_refuse(decoding, BGP_DECODING_BAD_VALUE, "mask of another size");
    struct wire_reader standard = wire_sub(reader, standard_size);
    struct wire_reader user_defined = wire_sub(reader, user_size);
    attributes->standard = wire_rest(&standard);
    attributes->user_defined = wire_rest(&user_defined);
    return !reader->failed;
}

void bgp_encode_application_attributes(struct wire_writer *writer, const void *body)
{
    const struct bgp_application_attributes *attributes = body;
    wire_put_u8(writer, (uint8_t)attributes->standard.size);
    wire_put_u8(writer, (uint8_t)attributes->user_defined.size);
    wire_put_u16(writer, attributes->reserved);
    wire_put_octets(writer, attributes->standard.octets, attributes->standard.size);
    wire_put_octets(writer, attributes->user_defined.octets, attributes->user_defined.size);
}
