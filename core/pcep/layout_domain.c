/* DOMAIN-ID (RFC 8685 3.1): the number of an AS, an area of OSPF, or octets (an area of IS-IS, and
 * what has another size than its type wants). */
#include "core/pcep/error.h"
#include "core/pcep/layout.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"

enum { DOMAIN_AS2 = 1, DOMAIN_AS4 = 2, DOMAIN_OSPF_AREA = 3 };

bool pcep_decode_domain_id(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct pcep_domain_id *id = body;
    *id = (struct pcep_domain_id){.type = wire_u8(reader)};
    id->reserved = field_u24(reader);
    size_t size = wire_left(reader);
    if (reader->failed || size == 0)
        return wire_decoding_refuse(decoding, PCEP_ERROR_MALFORMED_OBJECT, "no domain");
    if (id->type == DOMAIN_AS2 && size == 2)
        id->as_number = wire_u16(reader);
    else if (id->type == DOMAIN_AS4 && size == 4)
        id->as_number = wire_u32(reader);
    else if (id->type == DOMAIN_OSPF_AREA && size == 4)
        id->area = field_ip(reader, IP_V4);
    else
        id->domain = wire_rest(reader);
    return true;
}

void pcep_encode_domain_id(struct wire_writer *writer, const void *body)
{
    const struct pcep_domain_id *id = body;
    wire_put_u8(writer, id->type);
    field_put_u24(writer, id->reserved);
    if (id->domain.size > 0)
        wire_put_octets(writer, id->domain.octets, id->domain.size);
    else if (id->type == DOMAIN_AS2)
        wire_put_u16(writer, (uint16_t)id->as_number);
    else if (id->type == DOMAIN_AS4)
        wire_put_u32(writer, id->as_number);
    else if (id->type == DOMAIN_OSPF_AREA)
        field_put_ip(writer, &id->area, 4);
}
