/* PATH-SETUP-TYPE-CAPABILITY (RFC 8408 3): a counted list of setup types, padded to four octets, in
 * front of sub-TLVs. */
#include "core/pcep/error.h"
#include "core/pcep/layout.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"

bool pcep_decode_path_setup_type_capability(struct wire_reader *reader, void *body,
                                            struct wire_decoding *decoding)
{
    struct pcep_path_setup_type_capability *capability = body;
    capability->reserved = field_u24(reader);
    capability->count = wire_u8(reader);
    capability->psts = wire_take(reader, capability->count);
    capability->padding = 0;
    for (uint32_t left = (4 - capability->count % 4) % 4; left > 0; left--)
        capability->padding |= (uint32_t)wire_u8(reader) << (8 * (left - 1));
    /* RFC 8408 3: at least one setup type; a TLV that is not well formed is 10/11. */
    if (reader->failed || capability->count == 0)
        return wire_decoding_refuse(decoding, PCEP_ERROR_MALFORMED_OBJECT,
                                    "malformed list of path setup types");
    return true;
}

void pcep_encode_path_setup_type_capability(struct wire_writer *writer, const void *body)
{
    const struct pcep_path_setup_type_capability *capability = body;
    field_put_u24(writer, capability->reserved);
    wire_put_u8(writer, (uint8_t)capability->count);
    wire_put_octets(writer, capability->psts, capability->count);
    for (uint32_t left = (4 - capability->count % 4) % 4; left > 0; left--)
        wire_put_u8(writer, (uint8_t)(capability->padding >> (8 * (left - 1))));
}
