/* SPEAKER-ENTITY-ID (RFC 8232 3.3.2): octets, of which there is at least one. */
#include "core/pcep/error.h"
#include "core/pcep/layout.h"
#include "core/pcep/model.h"

bool pcep_decode_speaker_entity_id(struct wire_reader *reader, void *body,
                                   struct wire_decoding *decoding)
{
    struct pcep_octets *id = body;
    *id = (struct pcep_octets){.octets = wire_rest(reader)};
    return id->octets.size > 0 ||
           wire_decoding_refuse(decoding, PCEP_ERROR_MALFORMED_OBJECT, "no entity identifier");
}

void pcep_encode_speaker_entity_id(struct wire_writer *writer, const void *body)
{
    const struct pcep_octets *id = body;
    wire_put_octets(writer, id->octets.octets, id->octets.size);
}
