#include "core/pcep/plain.h"

#include "core/base/check.h"
#include "core/pcep/layout.h"
#include "core/pcep/segments.h"
#include "core/wire/field.h"

#define TLV_HEADER_SIZE 4
#define SRP_SIZE        20 /* with PATH-SETUP-TYPE */
#define LSP_SIZE_MIN    8
#define PLAIN_TLVS_MAX  2 /* of the LSP */

enum { PLACE_SRP, PLACE_LSP, PLACE_ERO, PLACE_ATTRIBUTES };

/* All that is decoded of one. */
struct plain {
    struct pcep_object objects[PLAIN_OBJECTS_MAX];
    struct pcep_tlv setup;
    struct pcep_tlv tlvs[PLAIN_TLVS_MAX];
    struct pcep_srp srp;
    struct pcep_path_setup_type setup_type;
    struct pcep_lsp lsp;
    struct pcep_symbolic_path_name name;
    struct pcep_ipv4_lsp_identifiers identifiers;
    union plain_attribute {
        struct pcep_lspa lspa;
        struct pcep_bandwidth bandwidth;
        struct pcep_metric metric;
    } attributes[PLAIN_OBJECTS_MAX - PLACE_ATTRIBUTES];
};

/* ---- the shape ---- */

/* The first four octets of an object or a TLV, as one number. */
#define OBJECT_HEADER(class_, type, size)                                                          \
    ((uint32_t)(class_) << 24 | (uint32_t)(type) << 20 | (uint32_t)(size))
#define OBJECT_HEADER_KIND     UINT32_C(0xFFF0FFFF) /* without its flags */
#define OBJECT_HEADER_CLASS    UINT32_C(0xFFF00000)
#define TLV_HEADER(type, size) ((uint32_t)(type) << 16 | (uint32_t)(size))

struct plain_kind {
    enum pcep_object_id id;
    uint32_t header; /* with the only size that it may have */
};

static const struct plain_kind plain_attributes[] = {
    {PCEP_OBJECT_METRIC, OBJECT_HEADER(PCEP_CLASS_METRIC, 1, 12)},
    {PCEP_OBJECT_BANDWIDTH, OBJECT_HEADER(PCEP_CLASS_BANDWIDTH, 1, 8)},
    {PCEP_OBJECT_LSPA, OBJECT_HEADER(PCEP_CLASS_LSPA, 1, 20)},
};
#define PLAIN_ATTRIBUTES (sizeof plain_attributes / sizeof plain_attributes[0])

static const struct plain_kind *attribute_find(uint32_t header)
{
    for (size_t i = 0; i < PLAIN_ATTRIBUTES; i++) {
        if ((header & OBJECT_HEADER_KIND) == plain_attributes[i].header)
            return &plain_attributes[i];
    }
    return NULL;
}

static size_t plain_padded(size_t size)
{
    return (size + 3) / 4 * 4;
}

/* Where each object begins: how many there are, 0: it is another shape. Sizes of the LSP and the
 * ERO are looked at with what is in them. */
static uint32_t plain_split(struct wire_span body, const uint8_t *places[PLAIN_OBJECTS_MAX])
{
    static const uint32_t heads[] = {
        [PLACE_SRP] = OBJECT_HEADER(PCEP_CLASS_SRP, 1, 0),
        [PLACE_LSP] = OBJECT_HEADER(PCEP_CLASS_LSP, 1, 0),
        [PLACE_ERO] = OBJECT_HEADER(PCEP_CLASS_ERO, 1, 0),
    };
    const uint8_t *const end = body.octets + body.size;
    uint32_t count = 0;
    for (const uint8_t *p = body.octets; p < end; count++) {
        if (count == PLAIN_OBJECTS_MAX || end - p < PCEP_OBJECT_HEADER_SIZE)
            return 0;
        const uint32_t header = field_load_u32(p);
        const size_t size = header & UINT16_MAX;
        const bool is_good = count < PLACE_ATTRIBUTES
                                 ? (header & OBJECT_HEADER_CLASS) == heads[count]
                                 : attribute_find(header) != NULL;
        if (!is_good || size < LSP_SIZE_MIN || size % 4 != 0 || (size_t)(end - p) < size)
            return 0;
        places[count] = p;
        p += size;
    }
    return count < PLACE_ATTRIBUTES ? 0 : count;
}

/* ---- the parts ---- */

struct plain_reading {
    const uint8_t *origin; /* of the message */
    struct arena *arena;
    struct plain *plain;
};

/* A layout's own decoder, which has all its octets. */
static const void *plain_body(const struct wire_layout *layout, struct wire_span octets, void *body)
{
    struct wire_reader reader = wire_reader_init(octets.octets, octets.size);
    struct wire_decoding decoding = {.arena = NULL}; /* these need none */
    CHECK(layout->decode(&reader, body, &decoding));
    return body;
}

static void plain_put(struct plain_reading *reading, uint32_t place, const uint8_t *p,
                      enum pcep_object_id id)
{
    const uint32_t header = field_load_u32(p);
    reading->plain->objects[place] = (struct pcep_object){
        .row = pcep_object_get(id),
        .class_ = (uint8_t)(header >> 24),
        .type = header >> 20 & 0x0F,
        .header_flags = header >> 16 & 0x0F,
        .size = (uint16_t)header,
        .offset = (uint32_t)(p - reading->origin),
        .octets = p + PCEP_OBJECT_HEADER_SIZE,
    };
}

/* `body`: room for what its layout reads. */
static void plain_put_tlv(struct plain_reading *reading, struct pcep_tlv *tlv, const uint8_t *p,
                          enum pcep_tlv_id id, void *body)
{
    const struct pcep_tlv_row *row = pcep_tlv_get(id);
    const uint16_t size = field_load_u16(p + 2);
    const struct wire_span value = {p + TLV_HEADER_SIZE, size};
    *tlv = (struct pcep_tlv){.row = row,
                             .type = row->type,
                             .size = size,
                             .offset = (uint32_t)(p - reading->origin),
                             .octets = value.octets,
                             .rest = {value.octets + size, 0}};
    memcpy(tlv->padding, value.octets + size, plain_padded(size) - size);
    tlv->body = plain_body(row->layout, value, body);
}

static bool plain_put_srp(struct plain_reading *reading, const uint8_t *p)
{
    struct plain *plain = reading->plain;
    struct pcep_object *object = &plain->objects[PLACE_SRP];
    const uint8_t *tlv = p + PCEP_OBJECT_HEADER_SIZE + 8;
    if (field_load_u16(p + 2) != SRP_SIZE || field_load_u32(tlv) != TLV_HEADER(28, 4))
        return false;
    plain_put(reading, PLACE_SRP, p, PCEP_OBJECT_SRP);
    object->body =
        plain_body(object->row->layout, (struct wire_span){object->octets, 8}, &plain->srp);
    plain_put_tlv(reading, &plain->setup, tlv, PCEP_TLV_PATH_SETUP_TYPE, &plain->setup_type);
    object->tlvs = &plain->setup;
    object->tlv_count = 1;
    object->rest = (struct wire_span){p + SRP_SIZE, 0};
    return true;
}

/* The next TLV of the LSP; NULL: it is none of these. */
static const uint8_t *plain_take_tlv(struct plain_reading *reading, struct pcep_object *object,
                                     const uint8_t *p, const uint8_t *end)
{
    struct plain *plain = reading->plain;
    const uint32_t header = field_load_u32(p);
    const size_t size = TLV_HEADER_SIZE + plain_padded(header & UINT16_MAX);
    struct pcep_tlv *tlv = &plain->tlvs[object->tlv_count];
    if (object->tlv_count == PLAIN_TLVS_MAX || (size_t)(end - p) < size ||
        (object->tlv_count == 1 && plain->tlvs[0].type == header >> 16))
        return NULL;
    if (header == TLV_HEADER(18, 16))
        plain_put_tlv(reading, tlv, p, PCEP_TLV_IPV4_LSP_IDENTIFIERS, &plain->identifiers);
    else if (header >> 16 == 17)
        plain_put_tlv(reading, tlv, p, PCEP_TLV_SYMBOLIC_PATH_NAME, &plain->name);
    else
        return NULL;
    object->tlv_count++;
    return p + size;
}

static bool plain_put_lsp(struct plain_reading *reading, const uint8_t *p)
{
    struct plain *plain = reading->plain;
    struct pcep_object *object = &plain->objects[PLACE_LSP];
    const uint8_t *const end = p + field_load_u16(p + 2);
    plain_put(reading, PLACE_LSP, p, PCEP_OBJECT_LSP);
    object->body =
        plain_body(object->row->layout, (struct wire_span){object->octets, 4}, &plain->lsp);
    for (const uint8_t *tlv = p + LSP_SIZE_MIN; tlv < end;) {
        tlv = plain_take_tlv(reading, object, tlv, end);
        if (tlv == NULL)
            return false;
    }
    object->tlvs = plain->tlvs;
    object->rest = (struct wire_span){end, 0};
    /* Without a TLV there is no list, and nothing is left behind it. */
    return object->tlv_count > 0 && (plain->lsp.flags & PCEP_LSP_N) == 0;
}

static bool plain_put_ero(struct plain_reading *reading, const uint8_t *p)
{
    struct pcep_object *object = &reading->plain->objects[PLACE_ERO];
    struct wire_reader reader = wire_reader_init(
        p + PCEP_OBJECT_HEADER_SIZE, (size_t)field_load_u16(p + 2) - PCEP_OBJECT_HEADER_SIZE);
    reader.origin = reading->origin;
    plain_put(reading, PLACE_ERO, p, PCEP_OBJECT_ERO);
    if (!pcep_segments_take_labels(&reader, reading->arena, object) || object->subobjects == NULL)
        return false;
    object->body = object->subobjects; /* it has no fields */
    object->rest = wire_rest(&reader);
    return true;
}

static void plain_put_attribute(struct plain_reading *reading, uint32_t place, const uint8_t *p)
{
    struct pcep_object *object = &reading->plain->objects[place];
    plain_put(reading, place, p, attribute_find(field_load_u32(p))->id);
    object->body = plain_body(
        object->row->layout,
        (struct wire_span){object->octets, (size_t)object->size - PCEP_OBJECT_HEADER_SIZE},
        &reading->plain->attributes[place - PLACE_ATTRIBUTES]);
}

/* ---- all of it ---- */

bool pcep_plain_decode(struct frame_message framed, struct arena *arena,
                       struct pcep_message *message)
{
    const uint8_t *places[PLAIN_OBJECTS_MAX];
    if (framed.type != PCEP_MESSAGE_PCRPT)
        return false;
    const uint32_t count = plain_split(frame_message_body(framed), places);
    if (count == 0)
        return false;
    struct plain_reading reading = {framed.octets, arena, arena_alloc(arena, sizeof(struct plain))};
    if (reading.plain == NULL || !plain_put_srp(&reading, places[PLACE_SRP]) ||
        !plain_put_lsp(&reading, places[PLACE_LSP]) || !plain_put_ero(&reading, places[PLACE_ERO]))
        return false;
    for (uint32_t i = PLACE_ATTRIBUTES; i < count; i++)
        plain_put_attribute(&reading, i, places[i]);
    *message = (struct pcep_message){
        .row = pcep_message_find(framed.type),
        .version = framed.version,
        .flags = framed.flags,
        .type = framed.type,
        .size = framed.size,
        .objects = reading.plain->objects,
        .object_count = count,
        .is_plain = true,
    };
    return true;
}

static void plain_state(const struct pcep_message *message, struct pcep_lsp_state *state)
{
    const struct pcep_object *objects = message->objects;
    const struct pcep_path_setup_type *setup = objects[PLACE_SRP].tlvs[0].body;
    CHECK(message->is_plain);
    memset(state, 0, offsetof(struct pcep_lsp_state, metrics)); /* these are counted */
    state->end = objects + message->object_count;
    state->srp = pcep_optional_of(&objects[PLACE_SRP]);
    state->lsp = pcep_optional_of(&objects[PLACE_LSP]);
    state->ero = pcep_optional_of(&objects[PLACE_ERO]);
    state->setup_type = setup->pst;
    for (const struct pcep_object *at = objects + PLACE_ATTRIBUTES; at < state->end; at++) {
        if (at->row->id == PCEP_OBJECT_METRIC)
            state->metrics[state->metric_count++] = at;
        else if (at->row->id == PCEP_OBJECT_LSPA && state->lspa == NULL)
            state->lspa = pcep_optional_of(at);
        else if (at->row->id == PCEP_OBJECT_BANDWIDTH && state->bandwidth == NULL)
            state->bandwidth = pcep_optional_of(at);
    }
}

enum pce_status pcep_plain_parse(const struct pcep_message *message, struct arena *arena,
                                 struct pcep_lsp_state_list *list)
{
    list->states = arena_alloc(arena, sizeof *list->states);
    list->state_count = list->states == NULL ? 0 : 1;
    if (list->states == NULL)
        return PCE_LIMIT;
    plain_state(message, list->states);
    return PCE_OK;
}

_Static_assert(PLAIN_OBJECTS_MAX - PLACE_ATTRIBUTES <= PCEP_REQUEST_METRICS_MAX,
               "more METRICs than a state may have are another shape");
