/* EXRS (RFC 5521 2.2): an IRO's hop that excludes, with subobjects of an XRO inside. One level: an
 * XRO has no EXRS. When one of them cannot be read, the whole EXRS is malformed and kept as octets.
 */
#include "core/pcep/codec.h"
#include "core/pcep/error.h"
#include "core/pcep/layout.h"
#include "core/pcep/model.h"

#define HEADER_SIZE 2

static uint32_t count_subobjects(struct wire_reader reader)
{
    uint32_t count = 0;
    while (wire_left(&reader) > 0) {
        wire_skip(&reader, 1);
        size_t size = wire_u8(&reader);
        if (size < HEADER_SIZE)
            return 0;
        wire_skip(&reader, size - HEADER_SIZE);
        if (reader.failed)
            return 0;
        count++;
    }
    return count;
}

/* One subobject; its octets are known to be there. */
static bool decode_one(struct wire_reader *reader, struct pcep_subobject *subobject,
                       struct wire_decoding *decoding)
{
    uint32_t offset = wire_offset(reader);
    uint8_t first = wire_u8(reader);
    uint8_t size = wire_u8(reader);
    struct wire_reader value = wire_sub(reader, (size_t)size - HEADER_SIZE);
    *subobject = (struct pcep_subobject){
        .is_loose = (first & 0x80) != 0,
        .type = first & 0x7F,
        .size = size,
        .offset = offset,
        .octets = value.at,
    };
    const struct pcep_subobject_row *row = pcep_subobject_find(PCEP_TAIL_XRO, subobject->type);
    if (row == NULL)
        return true;
    void *body = arena_alloc(decoding->arena, row->layout->body_size);
    if (body == NULL) {
        decoding->is_full = true;
        return false;
    }
    struct wire_decoding inner = {.arena = decoding->arena, .kind = PCEP_TAIL_XRO};
    bool is_read = row->layout->decode(&value, body, &inner);
    decoding->is_full |= inner.is_full;
    subobject->row = row;
    subobject->body = body;
    return is_read && wire_left(&value) == 0;
}

bool pcep_decode_sub_exrs(struct wire_reader *reader, void *body, struct wire_decoding *decoding)
{
    struct pcep_sub_exrs *exrs = body;
    *exrs = (struct pcep_sub_exrs){.reserved = wire_u16(reader)};
    exrs->count = count_subobjects(*reader);
    if (reader->failed || exrs->count == 0)
        return wire_decoding_refuse(decoding, PCEP_ERROR_MALFORMED_OBJECT,
                                    "no subobjects to exclude");
    exrs->subobjects = arena_alloc(decoding->arena, exrs->count * sizeof *exrs->subobjects);
    decoding->is_full |= exrs->subobjects == NULL;
    for (uint32_t i = 0; !decoding->is_full && i < exrs->count; i++) {
        if (!decode_one(reader, &exrs->subobjects[i], decoding))
            return wire_decoding_refuse(decoding, PCEP_ERROR_MALFORMED_OBJECT,
                                        "malformed subobject in an EXRS");
    }
    return !decoding->is_full;
}

/* The length of what was written from an offset on, in one octet. */
static void close_one(struct wire_writer *writer, size_t offset)
{
    size_t size = wire_written(writer) - offset;
    if (size > UINT8_MAX)
        writer->failed = true;
    if (!writer->failed)
        writer->start[offset + 1] = (uint8_t)size;
}

void pcep_encode_sub_exrs(struct wire_writer *writer, const void *body)
{
    const struct pcep_sub_exrs *exrs = body;
    wire_put_u16(writer, exrs->reserved);
    for (uint32_t i = 0; i < exrs->count; i++) {
        const struct pcep_subobject *subobject = &exrs->subobjects[i];
        size_t offset = wire_written(writer);
        wire_put_u8(writer, (uint8_t)((subobject->is_loose ? 0x80 : 0) | subobject->type));
        wire_put_u8(writer, 0);
        if (subobject->row != NULL)
            subobject->row->layout->encode(writer, subobject->body);
        else
            wire_put_octets(writer, subobject->octets, (size_t)subobject->size - HEADER_SIZE);
        close_one(writer, offset);
    }
}
