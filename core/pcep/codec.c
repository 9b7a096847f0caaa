#include "core/pcep/codec.h"

#include "core/base/check.h"
#include "core/pcep/error.h"
#include "core/pcep/frame.h"
#include "core/pcep/layout.h"
#include "core/pcep/plain.h"
#include "core/pcep/segments.h"
#include "core/wire/field.h"

#define TLV_HEADER_SIZE       4
#define SUBOBJECT_HEADER_SIZE 2

/* What all steps of one decoding share. */
struct decoder {
    struct wire_decoding decoding;
    struct pcep_fault *fault;   /* of the message: the first */
    struct pcep_object *object; /* being decoded */
};

static size_t padding_of(size_t size)
{
    return (4 - size % 4) % 4;
}

/* A fault inside an object: the message can be followed further, the object cannot be used. */
static void object_fault(struct decoder *d, enum pcep_error_code error, uint32_t offset,
                         const char *reason)
{
    CHECK(d->object != NULL); /* outside objects a fault is one of framing */
    pcep_fault_set(d->fault, PCEP_FAULT_MESSAGE, error, offset, reason);
    if (d->object->fault != NULL)
        return;
    struct pcep_fault *fault = ARENA_NEW(d->decoding.arena, struct pcep_fault);
    if (fault == NULL) {
        d->decoding.is_full = true;
        return;
    }
    pcep_fault_set(fault, PCEP_FAULT_MESSAGE, error, offset, reason);
    d->object->fault = fault;
}

/* A layout has not read its body: the fault is set, unless the arena is full. */
static const void *refuse_body(struct decoder *d, uint32_t offset)
{
    if (d->decoding.is_full)
        return NULL;
    if (d->decoding.error == PCEP_ERROR_NONE)
        wire_decoding_refuse(&d->decoding, PCEP_ERROR_MALFORMED_OBJECT, "too short for its fields");
    object_fault(d, d->decoding.error, offset, d->decoding.reason);
    d->decoding.error = PCEP_ERROR_NONE;
    return NULL;
}

/* The body that a layout reads from the reader; NULL when the octets are not one (the fault is set)
 * or the arena is full. `offset` is that of the thing whose body it is. */
static inline const void *decode_body(struct decoder *d, const struct wire_layout *layout,
                                      struct wire_reader *reader, uint32_t offset)
{
    void *body = arena_alloc(d->decoding.arena, layout->body_size);
    if (__builtin_expect(body != NULL, 1) &&
        __builtin_expect(layout->decode(reader, body, &d->decoding), 1))
        return body;
    d->decoding.is_full |= body == NULL;
    return refuse_body(d, offset);
}

/* ---- TLVs ---- */

/* A list that grows in the arena by doubling: what was there is left behind, so that a list of any
 * length costs at most twice its size, and no octet need be read to know how long it will be. */
struct growing {
    void *elements;
    uint32_t count;
    uint32_t room;
};

static bool enlarge(struct decoder *d, struct growing *list, size_t element_size, uint32_t room_min)
{
    CHECK(list->count == list->room);
    uint32_t room = list->room == 0 ? room_min : 2 * list->room;
    void *elements = arena_alloc(d->decoding.arena, room * element_size);
    if (elements == NULL) {
        d->decoding.is_full = true;
        return false;
    }
    if (list->count > 0)
        memcpy(elements, list->elements, list->count * element_size);
    list->elements = elements;
    list->room = room;
    return true;
}

/* Room for one more element; NULL when the arena is full. The others may have moved. */
static inline void *codec_grow(struct decoder *d, struct growing *list, size_t element_size,
                               uint32_t room_min)
{
    if (__builtin_expect(list->count == list->room, 0) && !enlarge(d, list, element_size, room_min))
        return NULL;
    return (uint8_t *)list->elements + element_size * list->count++;
}

/* A guess at how many things of about that size the reader holds; never 0. */
static uint32_t guess_count(const struct wire_reader *reader, uint32_t size, uint32_t max)
{
    size_t count = wire_left(reader) / size + 1;
    return count < max ? (uint32_t)count : max;
}

/* The next TLV; false when what is left is not one, and stays unread. */
static bool decode_tlv(struct decoder *d, struct wire_reader *reader, enum pcep_tlv_space space,
                       struct growing *list)
{
    const uint8_t *p = reader->at;
    uint32_t offset = wire_offset(reader);
    size_t left = wire_left(reader);
    if (left < TLV_HEADER_SIZE)
        return false;
    uint16_t type = field_load_u16(p);
    uint16_t size = field_load_u16(p + 2);
    size_t padding = padding_of(size);
    if (left - TLV_HEADER_SIZE < size + padding)
        return false;
    struct pcep_tlv *tlv = codec_grow(d, list, sizeof *tlv, guess_count(reader, 8, 4));
    if (tlv == NULL)
        return false;
    (void)wire_sub_known(reader, TLV_HEADER_SIZE);
    struct wire_reader value = wire_sub_known(reader, size);
    *tlv = (struct pcep_tlv){
        .type = type,
        .size = size,
        .offset = offset,
        .octets = value.at,
    };
    if (padding > 0)
        wire_copy(reader, tlv->padding, padding);
    const struct pcep_tlv_row *row = pcep_tlv_find(space, type);
    /* RFC 5440 7.1: a TLV that is not known is passed over, and kept as octets. */
    if (row == NULL)
        return true;
    const void *body = decode_body(d, row->layout, &value, offset);
    if (body == NULL)
        return true;
    tlv->rest = wire_rest(&value);
    if (row->subs == PCEP_TLV_SPACE_NONE && tlv->rest.size > 0) {
        /* Its own octets are kept; the fields alone would lose some of them. */
        tlv->rest = (struct wire_span){NULL, 0};
        object_fault(d, PCEP_ERROR_MALFORMED_OBJECT, offset, "TLV is longer than its fields");
        return true;
    }
    tlv->row = row;
    tlv->body = body;
    return true;
}

struct tlv_list {
    struct pcep_tlv *tlvs;
    uint32_t count;
};

/* All TLVs of the reader; what cannot be walked stays unread. */
static struct tlv_list decode_tlvs(struct decoder *d, struct wire_reader *reader,
                                   enum pcep_tlv_space space)
{
    struct growing list = {NULL, 0, 0};
    while (wire_left(reader) > 0 && decode_tlv(d, reader, space, &list))
        continue;
    if (wire_left(reader) > 0)
        object_fault(d, PCEP_ERROR_MALFORMED_OBJECT, wire_offset(reader),
                     "TLV does not fit into what carries it");
    return (struct tlv_list){list.elements, list.count};
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

/* The next subobject; false when what is left is not one, and stays unread. */
static bool decode_subobject(struct decoder *d, struct wire_reader *reader, struct growing *list)
{
    const uint8_t *p = reader->at;
    uint32_t offset = wire_offset(reader);
    size_t left = wire_left(reader);
    if (left < SUBOBJECT_HEADER_SIZE || p[1] < SUBOBJECT_HEADER_SIZE || left < p[1])
        return false;
    struct pcep_subobject *subobject =
        codec_grow(d, list, sizeof *subobject, guess_count(reader, 8, UINT16_MAX));
    if (subobject == NULL)
        return false;
    uint8_t size = p[1];
    (void)wire_sub_known(reader, SUBOBJECT_HEADER_SIZE);
    struct wire_reader value = wire_sub_known(reader, (size_t)size - SUBOBJECT_HEADER_SIZE);
    *subobject = (struct pcep_subobject){
        .is_loose = (p[0] & 0x80) != 0,
        .type = p[0] & 0x7F,
        .size = size,
        .offset = offset,
        .octets = value.at,
    };
    /* RFC 3209 4.3.3: lengths are multiples of four. */
    if (size % 4 != 0)
        object_fault(d, PCEP_ERROR_MALFORMED_OBJECT, offset,
                     "subobject length is no multiple of 4");
    const struct pcep_subobject_row *row = pcep_subobject_find(d->decoding.kind, subobject->type);
    if (row == NULL)
        return true;
    const void *body = decode_body(d, row->layout, &value, offset);
    if (body == NULL)
        return true;
    if (wire_left(&value) > 0) {
        object_fault(d, PCEP_ERROR_MALFORMED_OBJECT, offset, "subobject is longer than its fields");
        return true;
    }
    subobject->row = row;
    subobject->body = body;
    return true;
}

static void decode_subobjects(struct decoder *d, struct wire_reader *reader)
{
    if (d->decoding.kind <= PCEP_TAIL_RRO &&
        pcep_segments_take_labels(reader, d->decoding.arena, d->object)) {
        d->decoding.is_full |= d->object->subobjects == NULL;
        return;
    }
    struct growing list = {NULL, 0, 0};
    while (wire_left(reader) > 0 && decode_subobject(d, reader, &list))
        continue;
    d->object->subobjects = list.elements;
    d->object->subobject_count = list.count;
    if (wire_left(reader) > 0)
        object_fault(d, PCEP_ERROR_MALFORMED_OBJECT, wire_offset(reader),
                     "subobject does not fit into its object");
    if (d->object->fault != NULL)
        return;
    struct segments_fault mixed = pcep_segments_check(d->object);
    if (mixed.error != PCEP_ERROR_NONE)
        object_fault(d, mixed.error, mixed.offset, mixed.reason);
}

/* ---- objects ---- */

/* The next object's header; its octets are decoded when the whole message has been walked. False:
 * the fault is set, or the arena is full. (RFC 5440 7.2) */
static bool codec_walk_object(struct decoder *d, struct wire_reader *reader, struct growing *list,
                              struct pcep_fault *framing)
{
    const uint8_t *p = reader->at;
    size_t left = wire_left(reader);
    uint32_t size = left < PCEP_OBJECT_HEADER_SIZE ? 0 : field_load_u16(p + 2);
    if (size < PCEP_OBJECT_HEADER_SIZE || size % 4 != 0) {
        pcep_fault_set(
            framing, PCEP_FAULT_SESSION, PCEP_ERROR_MALFORMED_OBJECT, wire_offset(reader),
            left < PCEP_OBJECT_HEADER_SIZE ? "object is shorter than its header"
                                           : "object length is below 4 or no multiple of 4");
        return false;
    }
    if (left < size) {
        pcep_fault_set(framing, PCEP_FAULT_SESSION, PCEP_ERROR_MALFORMED_OBJECT,
                       wire_offset(reader), "object does not fit into the message");
        return false;
    }
    struct pcep_object *object = codec_grow(d, list, sizeof *object, guess_count(reader, 8, 16));
    if (object == NULL)
        return false;
    *object = (struct pcep_object){
        .class_ = p[0],
        .type = p[1] >> 4,
        .header_flags = p[1] & 0x0F,
        .size = (uint16_t)size,
        .offset = wire_offset(reader),
        .octets = p + PCEP_OBJECT_HEADER_SIZE,
    };
    (void)wire_sub_known(reader, size);
    return true;
}

static void decode_object(struct decoder *d, const uint8_t *origin)
{
    struct pcep_object *object = d->object;
    const struct pcep_object_row *row = pcep_object_find(object->class_, object->type);
    if (row == NULL)
        return;
    struct wire_reader value = {
        .origin = origin,
        .at = object->octets,
        .end = object->octets + object->size - PCEP_OBJECT_HEADER_SIZE,
    };
    d->decoding.kind = (uint8_t)row->tail;
    object->body = decode_body(d, row->layout, &value, object->offset);
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
        object_fault(d, PCEP_ERROR_MALFORMED_OBJECT, wire_offset(&value),
                     "object is longer than its fields");
    object->rest = wire_rest(&value);
}

static struct pcep_message message_of(struct frame_message framed)
{
    return (struct pcep_message){
        .row = pcep_message_find(framed.type),
        .version = framed.version,
        .flags = framed.flags,
        .type = framed.type,
        .size = framed.size,
    };
}

enum pce_status pcep_decode_at_length(struct frame_message framed, struct arena *arena,
                                      struct pcep_message *message, struct pcep_fault *fault)
{
    *message = message_of(framed);
    *fault = (struct pcep_fault){.scope = PCEP_FAULT_NONE};
    struct wire_reader reader = wire_reader_init(framed.octets, framed.size);
    wire_skip(&reader, PCEP_HEADER_SIZE);
    struct decoder d = {.decoding = {.arena = arena}, .fault = fault};
    struct pcep_fault framing = {.scope = PCEP_FAULT_NONE};
    struct growing list = {NULL, 0, 0};
    /* First all headers: the list moves while it grows, and a length that does not fit ends the
     * session whatever the objects before it say. */
    while (wire_left(&reader) > 0 && codec_walk_object(&d, &reader, &list, &framing))
        continue;
    message->objects = list.elements;
    for (uint32_t i = 0; i < list.count && !d.decoding.is_full; i++) {
        d.object = &message->objects[i];
        decode_object(&d, framed.octets);
        message->object_count++;
    }
    if (d.decoding.is_full)
        return PCE_LIMIT;
    if (!pcep_fault_is_set(&framing))
        return PCE_OK;
    *fault = framing; /* it reaches further than what objects before it had */
    return PCE_INVALID;
}

enum pce_status pcep_decode_framed(struct frame_message framed, struct arena *arena,
                                   struct pcep_message *message, struct pcep_fault *fault)
{
    if (!pcep_plain_decode(framed, arena, message))
        return pcep_decode_at_length(framed, arena, message, fault);
    *fault = (struct pcep_fault){.scope = PCEP_FAULT_NONE};
    return PCE_OK;
}

enum pce_status pcep_decode(struct wire_span octets, struct arena *arena,
                            struct pcep_message *message, struct pcep_fault *fault)
{
    struct frame_message framed;
    *fault = (struct pcep_fault){.scope = PCEP_FAULT_NONE};
    if (frame_read_whole(octets, &framed, fault))
        return pcep_decode_framed(framed, arena, message, fault);
    *message = message_of(framed);
    return PCE_INVALID;
}

/* ---- writing ---- */

static void put_padding(struct wire_writer *writer, size_t value_offset)
{
    size_t padding = padding_of(wire_written(writer) - value_offset);
    if (__builtin_expect(padding > 0, 0))
        wire_put_zeros(writer, padding);
}

/* The length of what was opened at an offset: from there to the end. */
static inline void patch_size(struct wire_writer *writer, size_t length_offset, size_t from)
{
    CHECK(writer->failed || from <= wire_written(writer)); /* opened on this writer */
    size_t size = wire_written(writer) - from;
    if (__builtin_expect(size > UINT16_MAX, 0))
        writer->failed = true;
    if (!writer->failed)
        field_store_u16(writer->start + length_offset, (uint32_t)size);
}

size_t pcep_message_open(struct wire_writer *writer, enum pcep_message_type type)
{
    size_t offset = wire_written(writer);
    uint8_t *p = wire_reserve(writer, PCEP_HEADER_SIZE);
    if (p != NULL)
        field_store_u32(p, (uint32_t)PCEP_VERSION << 29 | (uint32_t)type << 16);
    return offset;
}

void pcep_message_close(struct wire_writer *writer, size_t message_offset)
{
    patch_size(writer, message_offset + 2, message_offset);
}

static inline size_t put_object_header(struct wire_writer *writer, uint8_t class_, uint8_t type,
                                       uint8_t flags)
{
    size_t offset = wire_written(writer);
    uint8_t *p = wire_reserve(writer, PCEP_OBJECT_HEADER_SIZE);
    if (p != NULL)
        field_store_u32(p, (uint32_t)class_ << 24 | (uint32_t)(type & 0x0F) << 20 |
                               (uint32_t)(flags & 0x0F) << 16);
    return offset;
}

static inline size_t open_object(struct wire_writer *writer, enum pcep_object_id id,
                                 uint8_t header_flags, const void *body)
{
    const struct pcep_object_row *row = pcep_object_get(id);
    size_t offset = put_object_header(writer, row->class_, row->type, header_flags);
    row->layout->encode(writer, body);
    return offset;
}

/* RFC 5440 7.2: an object is a multiple of four; a body that is not is padded (RFC 7470 2). */
static inline void close_object(struct wire_writer *writer, size_t object_offset)
{
    put_padding(writer, object_offset);
    patch_size(writer, object_offset + 2, object_offset);
}

size_t pcep_object_open(struct wire_writer *writer, enum pcep_object_id id, uint8_t header_flags,
                        const void *body)
{
    return open_object(writer, id, header_flags, body);
}

void pcep_object_close(struct wire_writer *writer, size_t object_offset)
{
    close_object(writer, object_offset);
}

void pcep_object_put(struct wire_writer *writer, enum pcep_object_id id, uint8_t header_flags,
                     const void *body)
{
    close_object(writer, open_object(writer, id, header_flags, body));
}

static inline size_t put_tlv_header(struct wire_writer *writer, uint16_t type)
{
    size_t offset = wire_written(writer);
    uint8_t *p = wire_reserve(writer, TLV_HEADER_SIZE);
    if (p != NULL)
        field_store_u32(p, (uint32_t)type << 16);
    return offset;
}

static inline size_t open_tlv(struct wire_writer *writer, enum pcep_tlv_id id, const void *body)
{
    const struct pcep_tlv_row *row = pcep_tlv_get(id);
    size_t offset = put_tlv_header(writer, row->type);
    row->layout->encode(writer, body);
    return offset;
}

static inline void close_made_tlv(struct wire_writer *writer, size_t tlv_offset)
{
    patch_size(writer, tlv_offset + 2, tlv_offset + TLV_HEADER_SIZE);
    put_padding(writer, tlv_offset);
}

size_t pcep_tlv_open(struct wire_writer *writer, enum pcep_tlv_id id, const void *body)
{
    return open_tlv(writer, id, body);
}

void pcep_tlv_close(struct wire_writer *writer, size_t tlv_offset)
{
    close_made_tlv(writer, tlv_offset);
}

void pcep_tlv_put(struct wire_writer *writer, enum pcep_tlv_id id, const void *body)
{
    close_made_tlv(writer, open_tlv(writer, id, body));
}

/* A subobject: its header is reserved, the body follows, then the length is known. It is one octet.
 */
static inline void put_subobject(struct wire_writer *writer, const struct pcep_subobject_row *row,
                                 bool is_loose, const void *body)
{
    uint8_t *p = wire_reserve(writer, SUBOBJECT_HEADER_SIZE);
    if (p == NULL)
        return;
    p[0] = (uint8_t)((unsigned)is_loose << 7 | row->type);
    row->layout->encode(writer, body);
    size_t size = (size_t)(writer->at - p);
    if (__builtin_expect(size > UINT8_MAX, 0))
        writer->failed = true;
    p[1] = (uint8_t)size;
}

void pcep_subobject_put(struct wire_writer *writer, enum pcep_subobject_id id, bool is_loose,
                        const void *body)
{
    put_subobject(writer, pcep_subobject_get(id), is_loose, body);
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
        if (subobject->row != NULL) {
            put_subobject(writer, subobject->row, subobject->is_loose, subobject->body);
            continue;
        }
        wire_put_u8(writer, (uint8_t)((subobject->is_loose ? 0x80U : 0U) | subobject->type));
        wire_put_u8(writer, subobject->size);
        CHECK(subobject->size >= SUBOBJECT_HEADER_SIZE);
        wire_put_octets(writer, subobject->octets, (size_t)subobject->size - SUBOBJECT_HEADER_SIZE);
    }
}

static void encode_object(struct wire_writer *writer, const struct pcep_object *object)
{
    size_t offset = put_object_header(writer, object->class_, object->type, object->header_flags);
    if (object->row == NULL) {
        CHECK(object->size >= PCEP_OBJECT_HEADER_SIZE);
        wire_put_octets(writer, object->octets, (size_t)object->size - PCEP_OBJECT_HEADER_SIZE);
    } else {
        object->row->layout->encode(writer, object->body);
        encode_tlvs(writer, object);
        encode_subobjects(writer, object);
        wire_put_octets(writer, object->rest.octets, object->rest.size);
    }
    close_object(writer, offset);
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
