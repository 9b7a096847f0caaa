/* EXTENDED-ASSOCIATION-ID (RFC 8697 6.1.2): octets whose meaning the type of the association gives.
 * All that is assigned has a colour and an endpoint of either family (RFC 9862 4.1); what has
 * another size is kept as octets. */
#include "core/pcep/layout.h"
#include "core/pcep/model.h"

#define SIZE_V4 8
#define SIZE_V6 20

bool pcep_decode_extended_association_id(struct wire_reader *reader, void *body,
                                         struct wire_decoding *decoding)
{
    struct pcep_extended_association_id *id = body;
    size_t size = wire_left(reader);
    (void)decoding;
    *id = (struct pcep_extended_association_id){.color = 0};
    if (size != SIZE_V4 && size != SIZE_V6) {
        id->octets = wire_rest(reader);
        return true;
    }
    id->color = wire_u32(reader);
    id->endpoint = wire_rest(reader);
    return true;
}

void pcep_encode_extended_association_id(struct wire_writer *writer, const void *body)
{
    const struct pcep_extended_association_id *id = body;
    if (id->endpoint.size > 0) {
        wire_put_u32(writer, id->color);
        wire_put_octets(writer, id->endpoint.octets, id->endpoint.size);
    }
    wire_put_octets(writer, id->octets.octets, id->octets.size);
}
