#include "server/pcectl/capture/packet.h"

#include "core/base/check.h"

#define LINK_NULL      0
#define LINK_ETHERNET  1
#define LINK_RAW_BSD   12
#define LINK_RAW_OTHER 14
#define LINK_RAW       101
#define LINK_LOOP      108
#define LINK_SLL       113
#define LINK_IPV4      228
#define LINK_IPV6      229
#define LINK_SLL2      276

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_IPV6 0x86DD

#define PROTOCOL_HOP_BY_HOP  0
#define PROTOCOL_TCP         6
#define PROTOCOL_ROUTING     43
#define PROTOCOL_FRAGMENT    44
#define PROTOCOL_AH          51
#define PROTOCOL_DESTINATION 60
#define PROTOCOL_MOBILITY    135
#define PROTOCOL_HIP         139
#define PROTOCOL_SHIM6       140

/* ---- link ---- */

/* Steps over VLAN tags; gives the type that is after them. */
static uint16_t skip_tags(struct wire_reader *reader, uint16_t type)
{
    for (unsigned i = 0; i < PACKET_TAGS_MAX; i++) {
        bool is_tag = type == 0x8100 || type == 0x88A8 || type == 0x9100 || type == 0x9200;
        if (!is_tag)
            break;
        wire_skip(reader, 2);
        type = wire_u16(reader);
    }
    return type;
}

/* The version that the loopback header of BSD promises: its numbers differ by system, and its byte
 * order by machine. */
static uint16_t loopback_type(struct wire_reader *reader)
{
    uint32_t family = wire_u32(reader);
    if (family > 0xFFFF)
        family = __builtin_bswap32(family);
    switch (family) {
    case 2:
        return ETHERTYPE_IPV4;
    case 10: /* Linux */
    case 24: /* NetBSD, OpenBSD */
    case 28: /* FreeBSD */
    case 30: /* Darwin */
        return ETHERTYPE_IPV6;
    default:
        return 0;
    }
}

static uint16_t raw_type(const struct wire_reader *reader)
{
    unsigned version = wire_left(reader) > 0 ? reader->at[0] >> 4 : 0;
    return version == 4 ? ETHERTYPE_IPV4 : version == 6 ? ETHERTYPE_IPV6 : 0;
}

/* Reads the header of the link; *type is the ethertype of what follows. */
static enum packet_result read_link(uint16_t link_type, struct wire_reader *reader, uint16_t *type)
{
    switch (link_type) {
    case LINK_ETHERNET:
        wire_skip(reader, 12);
        *type = skip_tags(reader, wire_u16(reader));
        break;
    case LINK_SLL:
        wire_skip(reader, 14);
        *type = skip_tags(reader, wire_u16(reader));
        break;
    case LINK_SLL2: {
        uint16_t protocol = wire_u16(reader);
        wire_skip(reader, 18);
        *type = skip_tags(reader, protocol);
        break;
    }
    case LINK_NULL:
    case LINK_LOOP:
        *type = loopback_type(reader);
        break;
    case LINK_RAW:
    case LINK_RAW_BSD:
    case LINK_RAW_OTHER:
    case LINK_IPV4:
    case LINK_IPV6:
        *type = raw_type(reader);
        break;
    default:
        return PACKET_LINK;
    }
    return reader->failed ? PACKET_CUT : PACKET_OK;
}

/* ---- IP ---- */

/* What the header says there is, and what of it was captured: the rest of the frame is padding. */
static void set_payload(struct packet_ip *out, struct wire_reader *reader, size_t size)
{
    struct wire_span payload = wire_rest(reader);
    if (payload.size > size)
        payload.size = size;
    out->payload = payload;
    out->payload_size = (uint32_t)size;
}

/* RFC 791 3.1. */
static enum packet_result read_ipv4(struct wire_reader *reader, struct packet_ip *out)
{
    uint8_t octets[4];
    uint8_t first = wire_u8(reader);
    size_t header = 4U * (first & 0x0FU);
    wire_skip(reader, 1);
    size_t total = wire_u16(reader);
    out->id = wire_u16(reader);
    uint16_t fragment = wire_u16(reader);
    wire_skip(reader, 1);
    out->protocol = wire_u8(reader);
    wire_skip(reader, 2);
    wire_copy(reader, octets, sizeof octets);
    out->source = ip_from_v4(octets);
    wire_copy(reader, octets, sizeof octets);
    out->destination = ip_from_v4(octets);
    if (reader->failed)
        return PACKET_CUT;
    /* No length: the sending machine left the cutting to its card (TSO). */
    if (total == 0)
        total = 20 + wire_left(reader);
    if (first >> 4 != 4 || header < 20 || total < header)
        return PACKET_BAD;
    wire_skip(reader, header - 20);
    if (reader->failed)
        return PACKET_CUT;
    out->offset = 8U * (fragment & 0x1FFFU);
    out->has_more = (fragment & 0x2000U) != 0;
    out->is_fragment = out->has_more || out->offset > 0;
    set_payload(out, reader, total - header);
    return PACKET_OK;
}

/* RFC 8200 3. */
static enum packet_result read_ipv6(struct wire_reader *reader, struct packet_ip *out)
{
    uint8_t octets[16];
    uint32_t first = wire_u32(reader);
    size_t size = wire_u16(reader);
    out->protocol = wire_u8(reader);
    wire_skip(reader, 1);
    wire_copy(reader, octets, sizeof octets);
    out->source = ip_from_v6(octets);
    wire_copy(reader, octets, sizeof octets);
    out->destination = ip_from_v6(octets);
    if (reader->failed)
        return PACKET_CUT;
    if (first >> 28 != 6)
        return PACKET_BAD;
    if (size == 0) /* a jumbogram (RFC 2675), or one that the card is to cut */
        size = wire_left(reader);
    set_payload(out, reader, size);
    return PACKET_OK;
}

/* ---- extension headers ---- */

/* RFC 8200 4.5: what follows is a part of a datagram. */
static void read_fragment(struct wire_reader *reader, struct packet_ip *ip)
{
    ip->protocol = wire_u8(reader);
    wire_skip(reader, 1);
    uint16_t offset = wire_u16(reader);
    ip->id = wire_u32(reader);
    ip->offset = offset & 0xFFF8U;
    ip->has_more = (offset & 1U) != 0;
    /* RFC 6946: both zero is a whole datagram. */
    ip->is_fragment = ip->has_more || ip->offset > 0;
}

/* Steps over one header when it is an extension; false when it is none. */
static bool skip_extension(struct wire_reader *reader, struct packet_ip *ip)
{
    uint8_t next;
    switch (ip->protocol) {
    case PROTOCOL_FRAGMENT:
        read_fragment(reader, ip);
        return true;
    case PROTOCOL_AH: /* RFC 4302 2.2: counts in words of 32 bits */
        next = wire_u8(reader);
        wire_skip(reader, 4U * (wire_u8(reader) + 2U) - 2U);
        break;
    case PROTOCOL_HOP_BY_HOP:
    case PROTOCOL_ROUTING:
    case PROTOCOL_DESTINATION:
    case PROTOCOL_MOBILITY:
    case PROTOCOL_HIP:
    case PROTOCOL_SHIM6:
        next = wire_u8(reader);
        wire_skip(reader, 8U * (wire_u8(reader) + 1U) - 2U);
        break;
    default:
        return false;
    }
    ip->protocol = next;
    return true;
}

/* Up to TCP, or to a part of a datagram, or to something else. */
static enum packet_result skip_extensions(struct packet_ip *ip)
{
    CHECK(ip->payload.size <= ip->payload_size); /* what was captured of what there is */
    struct wire_reader reader = wire_reader_init(ip->payload.octets, ip->payload.size);
    for (unsigned i = 0; i < PACKET_EXTENSIONS_MAX && !ip->is_fragment; i++) {
        if (!skip_extension(&reader, ip))
            break;
    }
    if (reader.failed)
        return PACKET_CUT;
    ip->payload_size -= (uint32_t)(ip->payload.size - wire_left(&reader));
    ip->payload = wire_rest(&reader);
    return PACKET_OK;
}

enum packet_result packet_read_ip(uint16_t link_type, struct wire_span octets,
                                  struct packet_ip *out)
{
    struct wire_reader reader = wire_reader_init(octets.octets, octets.size);
    uint16_t type = 0;
    *out = (struct packet_ip){.protocol = 0};
    enum packet_result result = read_link(link_type, &reader, &type);
    if (result != PACKET_OK)
        return result;
    if (type == ETHERTYPE_IPV4)
        result = read_ipv4(&reader, out);
    else if (type == ETHERTYPE_IPV6)
        result = read_ipv6(&reader, out);
    else
        return PACKET_OTHER;
    return result == PACKET_OK ? skip_extensions(out) : result;
}

/* ---- TCP ---- */

/* RFC 9293 3.1. */
enum packet_result packet_read_tcp(const struct packet_ip *ip, struct packet_tcp *out)
{
    struct packet_ip inner = *ip;
    *out = (struct packet_tcp){.flags = 0};
    enum packet_result result = skip_extensions(&inner);
    if (result != PACKET_OK)
        return result;
    if (inner.protocol != PROTOCOL_TCP || inner.is_fragment)
        return PACKET_OTHER;
    struct wire_reader reader = wire_reader_init(inner.payload.octets, inner.payload.size);
    out->source_port = wire_u16(&reader);
    out->destination_port = wire_u16(&reader);
    out->sequence = wire_u32(&reader);
    out->acknowledged = wire_u32(&reader);
    size_t header = 4U * (wire_u8(&reader) >> 4);
    out->flags = wire_u8(&reader);
    wire_skip(&reader, 6); /* window, checksum, urgent pointer */
    if (reader.failed)
        return PACKET_CUT;
    if (header < 20 || header > inner.payload_size)
        return PACKET_BAD;
    wire_skip(&reader, header - 20);
    if (reader.failed)
        return PACKET_CUT;
    out->payload = wire_rest(&reader);
    out->payload_size = inner.payload_size - (uint32_t)header;
    return PACKET_OK;
}
