#include "core/pcep/codec.h"

#include "core/base/check.h"
#include "core/pcep/frame.h"
#include "core/pcep/layout.h"
#include "core/pcep/segments.h"

#define OBJECT_HEADER_SIZE    4
#define TLV_HEADER_SIZE       4
#define SUBOBJECT_HEADER_SIZE 2

/* What all steps of one decoding share. */
struct decoder {
    struct pcep_decoding decoding;
    struct pcep_fault *fault;   /* of the message: the first */
    struct pcep_object *object; /* being decoded */
};

static size_t padding_of(size_t size)
{
    return (4 - size % 4) % 4;
}

/* A fault inside an object: the message can be followed further, the object cannot be used. */
static void object_fault(struct decoder *d, uint8_t error_value, uint32_t offset,
                         const char *reason)
{
    pcep_fault_set(d->fault, PCEP_FAULT_MESSAGE, 10, error_value, offset, reason);
    if (d->object->fault != NULL)
        return;
    struct pcep_fault *fault = ARENA_NEW(d->decoding.arena, struct pcep_fault);
    if (fault == NULL) {
        d->decoding.is_full = true;
        return;
    }
    pcep_fault_set(fault, PCEP_FAULT_MESSAGE, 10, error_value, offset, reason);
    d->object->fault = fault;
}

/* The body that a layout reads from the reader; NULL when the octets are not one (the fault is set)
 * or the arena is full. `offset` is that of the thing whose body it is. */
static const void *decode_body(struct decoder *d, const struct pcep_layout *layout,
                               struct wire_reader *reader, uint32_t offset)
{
    void *body = arena_alloc(d->decoding.arena, layout->body_size);
    if (body == NULL) {
        d->decoding.is_full = true;
        return NULL;
    }
    if (__builtin_expect(layout->decode(reader, body, &d->decoding), 1))
        return body;
    if (d->decoding.is_full)
        return NULL;
    if (d->decoding.error_type == 0)
        pcep_decoding_refuse(&d->decoding, 10, 11, "too short for its fields");
    object_fault(d, d->decoding.error_value, offset, d->decoding.reason);
    d->decoding.error_type = 0;
    return NULL;
}

/* ---- TLVs ---- */

/* How many TLVs stand whole in the reader's octets. */
static uint32_t count_tlvs(struct wire_reader reader)
{
    uint32_t count = 0;
    while (wire_left(&reader) >= TLV_HEADER_SIZE) {
        wire_skip(&reader, 2);
        size_t size = wire_u16(&reader);
        wire_skip(&reader, size + padding_of(size));
        if (reader.failed)
            break;
        count++;
    }
    return count;
}

static void decode_tlv(struct decoder *d, struct wire_reader *reader, enum pcep_tlv_space space,
                       struct pcep_tlv *tlv)
{
    uint32_t offset = wire_offset(reader);
    uint16_t type = wire_u16(reader);
    uint16_t size = wire_u16(reader);
    struct wire_reader value = wire_sub(reader, size);
    *tlv = (struct pcep_tlv){
        .type = type,
        .size = size,
        .offset = offset,
        .octets = value.at,
    };
    if (size % 4 != 0)
        wire_copy(reader, tlv->padding, padding_of(size));
    const struct pcep_tlv_row *row = pcep_tlv_find(space, type);
    if (row == NULL)
        return;
    const void *body = decode_body(d, row->layout, &value, offset);
    if (body == NULL)
        return;
    tlv->rest = wire_rest(&value);
    if (row->subs == PCEP_TLV_SPACE_NONE && tlv->rest.size > 0) {
        /* Its own octets are kept; the fields alone would lose some of them. */
        tlv->rest = (struct wire_span){NULL, 0};
        object_fault(d, 11, offset, "TLV is longer than its fields");
        return;
    }
    tlv->row = row;
    tlv->body = body;
}

struct tlv_list {
    struct pcep_tlv *tlvs;
    uint32_t count;
};

/* All TLVs of the reader; what cannot be walked stays unread. */
static struct tlv_list decode_tlvs(struct decoder *d, struct wire_reader *reader,
                                   enum pcep_tlv_space space)
{
    struct tlv_list list = {NULL, count_tlvs(*reader)};
    if (list.count > 0) {
        list.tlvs = arena_alloc(d->decoding.arena, list.count * sizeof *list.tlvs);
        d->decoding.is_full |= list.tlvs == NULL;
    }
    if (list.tlvs == NULL)
        list.count = 0;
    for (uint32_t i = 0; i < list.count; i++)
        decode_tlv(d, reader, space, &list.tlvs[i]);
    if (wire_left(reader) > 0)
        object_fault(d, 11, wire_offset(reader), "TLV does not fit into what carries it");
    return list;
}

static void decode_sub_tlvs(struct decoder *d, struct pcep_tlv *tlv, const uint8_t *origin)
{
    if (tlv->row == NULL || tlv->row->subs == PCEP_TLV_SPACE_NONE || tlv->rest.size == 0)
        return;
    struct wire_reader reader = wire_reader_init(tlv->rest.octets, tlv->rest.size);
    reader.origin = origin;
    struct tlv_list list = decode_tlvs(d, &reader, tlv->row->subs);
    tlv->subs = list.tlvs;
    tlv->sub_count = list.count;
    tlv->rest = wire_rest(&reader);
}

static void decode_object_tlvs(struct decoder *d, struct wire_reader *reader)
{
    struct tlv_list list = decode_tlvs(d, reader, PCEP_TLV_SPACE_OBJECT);
    d->object->tlvs = list.tlvs;
    d->object->tlv_count = list.count;
    for (uint32_t i = 0; i < list.count; i++)
        decode_sub_tlvs(d, &list.tlvs[i], reader->origin);
}

/* ---- subobjects ---- */

static uint32_t count_subobjects(struct wire_reader reader)
{
    uint32_t count = 0;
    while (wire_left(&reader) >= SUBOBJECT_HEADER_SIZE) {
        wire_skip(&reader, 1);
        size_t size = wire_u8(&reader);
        if (size < SUBOBJECT_HEADER_SIZE)
            break;
        wire_skip(&reader, size - SUBOBJECT_HEADER_SIZE);
        if (reader.failed)
            break;
        count++;
    }
    return count;
}

static void decode_subobject(struct decoder *d, struct wire_reader *reader,
                             struct pcep_subobject *subobject)
{
    uint32_t offset = wire_offset(reader);
    uint8_t first = wire_u8(reader);
    uint8_t size = wire_u8(reader);
    struct wire_reader value = wire_sub(reader, (size_t)size - SUBOBJECT_HEADER_SIZE);
    *subobject = (struct pcep_subobject){
        .is_loose = (first & 0x80) != 0,
        .type = first & 0x7F,
        .size = size,
        .offset = offset,
        .octets = value.at,
    };
    /* RFC 3209 4.3.3: lengths are multiples of four. */
    if (size % 4 != 0)
        object_fault(d, 11, offset, "subobject length is no multiple of 4");
    const struct pcep_subobject_row *row = pcep_subobject_find(d->decoding.kind, subobject->type);
    if (row == NULL)
        return;
    const void *body = decode_body(d, row->layout, &value, offset);
    if (body == NULL)
        return;
    if (wire_left(&value) > 0) {
        object_fault(d, 11, offset, "subobject is longer than its fields");
        return;
    }
    subobject->row = row;
    subobject->body = body;
}

static void decode_subobjects(struct decoder *d, struct wire_reader *reader)
{
    uint32_t count = count_subobjects(*reader);
    struct pcep_subobject *subobjects = NULL;
    if (count > 0) {
        subobjects = arena_alloc(d->decoding.arena, count * sizeof *subobjects);
        d->decoding.is_full |= subobjects == NULL;
    }
    d->object->subobjects = subobjects;
    d->object->subobject_count = subobjects == NULL ? 0 : count;
    for (uint32_t i = 0; i < d->object->subobject_count; i++)
        decode_subobject(d, reader, &subobjects[i]);
    if (wire_left(reader) > 0)
        object_fault(d, 11, wire_offset(reader), "subobject does not fit into its object");
    if (d->object->fault != NULL)
        return;
    struct segments_fault mixed = pcep_segments_check(d->object);
    if (mixed.error_value != 0)
        object_fault(d, mixed.error_value, mixed.offset, mixed.reason);
}

/* ---- objects ---- */

static void decode_object(struct decoder *d, struct wire_reader *reader)
{
    struct pcep_object *object = d->object;
    uint32_t offset = wire_offset(reader);
    uint8_t class_ = wire_u8(reader);
    uint8_t second = wire_u8(reader);
    uint16_t size = wire_u16(reader);
    struct wire_reader value = wire_sub(reader, (size_t)size - OBJECT_HEADER_SIZE);
    *object = (struct pcep_object){
        .class_ = class_,
        .type = second >> 4,
        .header_flags = second & 0x0F,
        .size = size,
        .offset = offset,
        .octets = value.at,
    };
    const struct pcep_object_row *row = pcep_object_find(class_, object->type);
    if (row == NULL)
        return;
    d->decoding.kind = row->tail;
    object->body = decode_body(d, row->layout, &value, offset);
    if (object->body == NULL)
        return;
    object->row = row;
    if (wire_left(&value) == 0)
        return;
    if (row->tail == PCEP_TAIL_TLVS)
        decode_object_tlvs(d, &value);
    else if (row->tail < PCEP_TAIL_KINDS)
        decode_subobjects(d, &value);
    else
        object_fault(d, 11, wire_offset(&value), "object is longer than its fields");
    object->rest = wire_rest(&value);
}

/* How many objects stand whole in the message; what does not fit is a fault of the message
 * (RFC 5440 7.2). */
static uint32_t count_objects(struct wire_reader reader, struct pcep_fault *fault)
{
    uint32_t count = 0;
    while (wire_left(&reader) > 0) {
        uint32_t offset = wire_offset(&reader);
        wire_skip(&reader, 2);
        size_t size = wire_u16(&reader);
        if (size < OBJECT_HEADER_SIZE || size % 4 != 0) {
            pcep_fault_set(fault, PCEP_FAULT_SESSION, 10, 11, offset,
                           "object length is below 4 or no multiple of 4");
            break;
        }
        wire_skip(&reader, size - OBJECT_HEADER_SIZE);
        if (reader.failed) {
            pcep_fault_set(fault, PCEP_FAULT_SESSION, 10, 11, offset,
                           "object does not fit into the message");
            break;
        }
        count++;
    }
    return count;
}

/* Reads the common header (RFC 5440 6.1). */
static bool decode_header(struct wire_reader *reader, struct pcep_message *message,
                          struct pcep_fault *fault)
{
    uint8_t first = wire_u8(reader);
    message->version = first >> 5;
    message->flags = first & 0x1F;
    message->type = wire_u8(reader);
    message->size = wire_u16(reader);
    message->row = pcep_message_find(message->type);
    size_t left = wire_left(reader);
    if (reader->failed)
        pcep_fault_set(fault, PCEP_FAULT_SESSION, 0, 0, 0, "message is shorter than its header");
    else if (message->version != PCEP_VERSION)
        pcep_fault_set(fault, PCEP_FAULT_SESSION, 1, 8, 0, "PCEP version is not 1");
    else if (message->size != left + PCEP_HEADER_SIZE)
        pcep_fault_set(fault, PCEP_FAULT_SESSION, 0, 0, 2,
                       "message length is not that of its octets");
    else
        return true;
    return false;
}

enum pce_status pcep_decode(struct wire_span octets, struct arena *arena,
                            struct pcep_message *message, struct pcep_fault *fault)
{
    struct wire_reader reader = wire_reader_init(octets.octets, octets.size);
    *message = (struct pcep_message){.row = NULL};
    *fault = (struct pcep_fault){.scope = PCEP_FAULT_NONE};
    if (!decode_header(&reader, message, fault))
        return PCE_INVALID;

    struct decoder d = {.decoding = {.arena = arena}, .fault = fault};
    struct pcep_fault framing = {.scope = PCEP_FAULT_NONE};
    uint32_t count = count_objects(reader, &framing);
    if (count > 0) {
        message->objects = arena_alloc(arena, count * sizeof *message->objects);
        if (message->objects == NULL)
            return PCE_LIMIT;
    }
    for (uint32_t i = 0; i < count; i++) {
        d.object = &message->objects[i];
        decode_object(&d, &reader);
        if (d.decoding.is_full)
            return PCE_LIMIT;
        message->object_count++;
    }
    if (!pcep_fault_is_set(&framing))
        return PCE_OK;
    *fault = framing;
    return PCE_INVALID;
}

/* ---- writing ---- */

static void put_padding(struct wire_writer *writer, size_t value_offset)
{
    wire_put_zeros(writer, padding_of(wire_written(writer) - value_offset));
}

/* Patches the length of what was opened at an offset: from there to the end. */
static void patch_size(struct wire_writer *writer, size_t length_offset, size_t from)
{
    wire_patch_u16(writer, length_offset, wire_written(writer) - from);
}

size_t pcep_message_open(struct wire_writer *writer, enum pcep_message_type type)
{
    size_t offset = wire_written(writer);
    wire_put_u8(writer, PCEP_VERSION << 5);
    wire_put_u8(writer, (uint8_t)type);
    wire_put_u16(writer, 0);
    return offset;
}

void pcep_message_close(struct wire_writer *writer, size_t message_offset)
{
    patch_size(writer, message_offset + 2, message_offset);
}

static size_t put_object_header(struct wire_writer *writer, uint8_t class_, uint8_t type,
                                uint8_t flags)
{
    size_t offset = wire_written(writer);
    wire_put_u8(writer, class_);
    wire_put_u8(writer, (uint8_t)(type << 4 | (flags & 0x0F)));
    wire_put_u16(writer, 0);
    return offset;
}

size_t pcep_object_open(struct wire_writer *writer, enum pcep_object_id id, uint8_t header_flags,
                        const void *body)
{
    const struct pcep_object_row *row = pcep_object_get(id);
    size_t offset = put_object_header(writer, row->class_, row->type, header_flags);
    row->layout->encode(writer, body);
    return offset;
}

void pcep_object_close(struct wire_writer *writer, size_t object_offset)
{
    /* RFC 5440 7.2: an object is a multiple of four; a body that is not is padded (RFC 7470 2). */
    put_padding(writer, object_offset);
    patch_size(writer, object_offset + 2, object_offset);
}

void pcep_object_put(struct wire_writer *writer, enum pcep_object_id id, uint8_t header_flags,
                     const void *body)
{
    pcep_object_close(writer, pcep_object_open(writer, id, header_flags, body));
}

static size_t put_tlv_header(struct wire_writer *writer, uint16_t type)
{
    size_t offset = wire_written(writer);
    wire_put_u16(writer, type);
    wire_put_u16(writer, 0);
    return offset;
}

size_t pcep_tlv_open(struct wire_writer *writer, enum pcep_tlv_id id, const void *body)
{
    const struct pcep_tlv_row *row = pcep_tlv_get(id);
    size_t offset = put_tlv_header(writer, row->type);
    row->layout->encode(writer, body);
    return offset;
}

void pcep_tlv_close(struct wire_writer *writer, size_t tlv_offset)
{
    patch_size(writer, tlv_offset + 2, tlv_offset + TLV_HEADER_SIZE);
    put_padding(writer, tlv_offset);
}

void pcep_tlv_put(struct wire_writer *writer, enum pcep_tlv_id id, const void *body)
{
    pcep_tlv_close(writer, pcep_tlv_open(writer, id, body));
}

/* The length of a subobject is one octet. */
static size_t put_subobject_header(struct wire_writer *writer, uint8_t type, bool is_loose)
{
    size_t offset = wire_written(writer);
    wire_put_u8(writer, (uint8_t)((is_loose ? 0x80 : 0) | type));
    wire_put_u8(writer, 0);
    return offset;
}

static void close_subobject(struct wire_writer *writer, size_t offset)
{
    size_t size = wire_written(writer) - offset;
    if (size > UINT8_MAX)
        writer->failed = true;
    if (!writer->failed)
        writer->start[offset + 1] = (uint8_t)size;
}

void pcep_subobject_put(struct wire_writer *writer, enum pcep_subobject_id id, bool is_loose,
                        const void *body)
{
    const struct pcep_subobject_row *row = pcep_subobject_get(id);
    size_t offset = put_subobject_header(writer, row->type, is_loose);
    row->layout->encode(writer, body);
    close_subobject(writer, offset);
}

/* ---- encoding of a decoded message ---- */

static void encode_tlv(struct wire_writer *writer, const struct pcep_tlv *tlv)
{
    if (tlv->row != NULL)
        tlv->row->layout->encode(writer, tlv->body);
    else
        wire_put_octets(writer, tlv->octets, tlv->size);
}

static void close_tlv(struct wire_writer *writer, const struct pcep_tlv *tlv, size_t offset)
{
    wire_put_octets(writer, tlv->rest.octets, tlv->rest.size);
    patch_size(writer, offset + 2, offset + TLV_HEADER_SIZE);
    wire_put_octets(writer, tlv->padding, padding_of(wire_written(writer) - offset));
}

static void encode_tlvs(struct wire_writer *writer, const struct pcep_object *object)
{
    for (uint32_t i = 0; i < object->tlv_count; i++) {
        const struct pcep_tlv *tlv = &object->tlvs[i];
        size_t offset = put_tlv_header(writer, tlv->type);
        encode_tlv(writer, tlv);
        for (uint32_t k = 0; k < tlv->sub_count; k++) {
            size_t sub_offset = put_tlv_header(writer, tlv->subs[k].type);
            encode_tlv(writer, &tlv->subs[k]);
            close_tlv(writer, &tlv->subs[k], sub_offset);
        }
        close_tlv(writer, tlv, offset);
    }
}

static void encode_subobjects(struct wire_writer *writer, const struct pcep_object *object)
{
    for (uint32_t i = 0; i < object->subobject_count; i++) {
        const struct pcep_subobject *subobject = &object->subobjects[i];
        size_t offset = put_subobject_header(writer, subobject->type, subobject->is_loose);
        if (subobject->row != NULL)
            subobject->row->layout->encode(writer, subobject->body);
        else
            wire_put_octets(writer, subobject->octets,
                            (size_t)subobject->size - SUBOBJECT_HEADER_SIZE);
        close_subobject(writer, offset);
    }
}

static void encode_object(struct wire_writer *writer, const struct pcep_object *object)
{
    size_t offset = put_object_header(writer, object->class_, object->type, object->header_flags);
    if (object->row == NULL) {
        wire_put_octets(writer, object->octets, (size_t)object->size - OBJECT_HEADER_SIZE);
    } else {
        object->row->layout->encode(writer, object->body);
        encode_tlvs(writer, object);
        encode_subobjects(writer, object);
        wire_put_octets(writer, object->rest.octets, object->rest.size);
    }
    pcep_object_close(writer, offset);
}

enum pce_status pcep_encode(const struct pcep_message *message, struct wire_writer *writer)
{
    size_t offset = wire_written(writer);
    wire_put_u8(writer, (uint8_t)(message->version << 5 | (message->flags & 0x1F)));
    wire_put_u8(writer, message->type);
    wire_put_u16(writer, 0);
    for (uint32_t i = 0; i < message->object_count; i++)
        encode_object(writer, &message->objects[i]);
    pcep_message_close(writer, offset);
    return writer->failed ? PCE_LIMIT : PCE_OK;
}

/* ---- finding ---- */

const struct pcep_tlv *pcep_find_tlv_entry(const struct pcep_object *object, enum pcep_tlv_id id)
{
    for (uint32_t i = 0; i < object->tlv_count; i++) {
        if (object->tlvs[i].row != NULL && object->tlvs[i].row->id == id)
            return &object->tlvs[i];
    }
    return NULL;
}

const void *pcep_find_tlv(const struct pcep_object *object, enum pcep_tlv_id id)
{
    const struct pcep_tlv *tlv = pcep_find_tlv_entry(object, id);
    return tlv == NULL ? NULL : tlv->body;
}

const void *pcep_find_sub_tlv(const struct pcep_tlv *tlv, enum pcep_tlv_id id)
{
    for (uint32_t i = 0; i < tlv->sub_count; i++) {
        if (tlv->subs[i].row != NULL && tlv->subs[i].row->id == id)
            return tlv->subs[i].body;
    }
    return NULL;
}
