/* RSVP-ERROR-SPEC (RFC 8231 7.3.4): one object of RSVP with its header. The ERROR_SPEC of either
 * address family (RFC 2205 A.5) is taken apart; a USER_ERROR_SPEC (RFC 5284) and whatever does not
 * look like an object is kept as octets: the TLV only tells why, and is no reason to refuse what
 * carries it. */
#include "core/pcep/layout.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"

#define HEADER_SIZE      4
#define CLASS_ERROR_SPEC 6
#define C_TYPE_IPV4      1
#define C_TYPE_IPV6      2

static enum ip_family node_family(const struct pcep_rsvp_error_spec *spec, size_t left)
{
    if (spec->class_number != CLASS_ERROR_SPEC)
        return IP_NONE;
    if (spec->c_type == C_TYPE_IPV4 && left == 8)
        return IP_V4;
    return spec->c_type == C_TYPE_IPV6 && left == 20 ? IP_V6 : IP_NONE;
}

bool pcep_decode_rsvp_error_spec(struct wire_reader *reader, void *body,
                                 struct wire_decoding *decoding)
{
    struct pcep_rsvp_error_spec *spec = body;
    struct wire_reader header = *reader;
    size_t size = wire_left(reader);
    (void)decoding;
    *spec = (struct pcep_rsvp_error_spec){.length = wire_u16(&header)};
    if (size < HEADER_SIZE || spec->length != size) {
        spec->length = 0;
        spec->octets = wire_rest(reader);
        return true;
    }
    spec->class_number = wire_u8(&header);
    spec->c_type = wire_u8(&header);
    *reader = header;
    enum ip_family family = node_family(spec, wire_left(reader));
    if (family != IP_NONE) {
        spec->node = field_ip(reader, family);
        spec->flags = wire_u8(reader);
        spec->code = wire_u8(reader);
        spec->value = wire_u16(reader);
    }
    spec->octets = wire_rest(reader);
    return true;
}

void pcep_encode_rsvp_error_spec(struct wire_writer *writer, const void *body)
{
    const struct pcep_rsvp_error_spec *spec = body;
    if (spec->length != 0) {
        wire_put_u16(writer, spec->length);
        wire_put_u8(writer, spec->class_number);
        wire_put_u8(writer, spec->c_type);
    }
    if (spec->node.family != IP_NONE) {
        field_put_ip(writer, &spec->node, spec->node.family == IP_V4 ? 4 : 16);
        wire_put_u8(writer, spec->flags);
        wire_put_u8(writer, spec->code);
        wire_put_u16(writer, spec->value);
    }
    wire_put_octets(writer, spec->octets.octets, spec->octets.size);
}
