#include "core/pcep/segments.h"

#include "core/base/check.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"
#include "core/wire/value.h"

#include <stdio.h>
#include <string.h>

/* ---- labels alone ---- */

#define LABEL_SIZE          8 /* of the subobject: header, NAI type and flags, label */
#define LABEL_IMPLICIT_NULL 3
#define LOOSE               0x80

static bool labels_are_bare(const uint8_t *octets, size_t size)
{
    const uint8_t type = pcep_subobject_get(PCEP_SUBOBJECT_SR)->type;
    for (const uint8_t *p = octets; p < octets + size; p += LABEL_SIZE) {
        if ((p[0] & ~LOOSE) != type || p[1] != LABEL_SIZE ||
            field_load_u16(p + 2) != (PCEP_SR_M | PCEP_SR_F) ||
            field_load_u32(p + 4) >> 12 == LABEL_IMPLICIT_NULL)
            return false;
    }
    return true;
}

static void label_decode(const uint8_t *p, uint32_t offset, struct pcep_subobject *subobject,
                         struct pcep_sub_sr *sr)
{
    *sr = (struct pcep_sub_sr){.flags = PCEP_SR_M | PCEP_SR_F,
                               .sid = field_load_u32(p + 4),
                               .extension = {p + LABEL_SIZE, 0}};
    *subobject = (struct pcep_subobject){.row = pcep_subobject_get(PCEP_SUBOBJECT_SR),
                                         .is_loose = (p[0] & LOOSE) != 0,
                                         .type = p[0] & 0x7F,
                                         .size = LABEL_SIZE,
                                         .offset = offset,
                                         .body = sr,
                                         .octets = p + 2};
}

bool pcep_segments_take_labels(struct wire_reader *reader, struct arena *arena,
                               struct pcep_object *object)
{
    const size_t size = wire_left(reader);
    if (size == 0 || size % LABEL_SIZE != 0 || !labels_are_bare(reader->at, size))
        return false;
    const uint32_t count = (uint32_t)(size / LABEL_SIZE);
    struct pcep_subobject *subobjects = arena_alloc(arena, count * sizeof *subobjects);
    struct pcep_sub_sr *bodies = arena_alloc(arena, count * sizeof *bodies);
    if (subobjects == NULL || bodies == NULL)
        return true;
    for (uint32_t i = 0; i < count; i++, wire_skip(reader, LABEL_SIZE))
        label_decode(reader->at, wire_offset(reader), &subobjects[i], &bodies[i]);
    object->subobjects = subobjects;
    object->subobject_count = count;
    return true;
}

/* ---- what segments have in common ---- */

static bool segments_is_of(const struct pcep_subobject *subobject, enum pcep_subobject_id id)
{
    return subobject->row != NULL && subobject->row->id == id;
}

static struct segments_fault segments_refuse(const struct pcep_subobject *subobject,
                                             enum pcep_error_code error, const char *reason)
{
    return (struct segments_fault){error, subobject->offset, reason};
}

/* Segments of one kind go with no other subobject. */
static struct segments_fault check_mix(const struct pcep_object *object, enum pcep_subobject_id id,
                                       enum pcep_error_code error)
{
    bool is_first = segments_is_of(&object->subobjects[0], id);
    for (uint32_t i = 1; i < object->subobject_count; i++) {
        if (segments_is_of(&object->subobjects[i], id) != is_first)
            return segments_refuse(&object->subobjects[i], error,
                                   "segments are mixed with other subobjects");
    }
    return (struct segments_fault){PCEP_ERROR_NONE, 0, NULL};
}

/* What a SID is: label, index, or absent. */
static uint16_t sid_kind(const struct pcep_subobject *subobject)
{
    const struct pcep_sub_sr *sr = subobject->body;
    return sr->flags & (PCEP_SR_S | PCEP_SR_M);
}

static struct segments_fault check_sid_kinds(const struct pcep_object *object)
{
    const uint16_t kind = sid_kind(&object->subobjects[0]);
    for (uint32_t i = 1; i < object->subobject_count; i++) {
        if (sid_kind(&object->subobjects[i]) != kind)
            return segments_refuse(&object->subobjects[i], PCEP_ERROR_SID_KINDS_MIXED,
                                   "labels, indexes and absent SIDs are mixed");
    }
    return (struct segments_fault){PCEP_ERROR_NONE, 0, NULL};
}

struct segments_fault pcep_segments_check(const struct pcep_object *object)
{
    CHECK(object->row->tail < PCEP_TAIL_KINDS);
    struct segments_fault fault = {PCEP_ERROR_NONE, 0, NULL};
    bool is_rro = object->row->tail == PCEP_TAIL_RRO;
    if (object->subobject_count == 0)
        return fault;
    fault = check_mix(object, PCEP_SUBOBJECT_SR,
                      is_rro ? PCEP_ERROR_SR_RRO_MIXED : PCEP_ERROR_SR_ERO_MIXED);
    /* Where all are of the one kind, none is of the other. */
    if (fault.error == PCEP_ERROR_NONE &&
        !segments_is_of(&object->subobjects[0], PCEP_SUBOBJECT_SR))
        fault = check_mix(object, PCEP_SUBOBJECT_SRV6,
                          is_rro ? PCEP_ERROR_SRV6_RRO_MIXED : PCEP_ERROR_SRV6_ERO_MIXED);
    if (fault.error == PCEP_ERROR_NONE && segments_is_of(&object->subobjects[0], PCEP_SUBOBJECT_SR))
        fault = check_sid_kinds(object);
    return fault;
}

const char *pcep_segment_text(const struct pcep_sub_sr *sr, char text[PCEP_SEGMENT_TEXT_SIZE])
{
    text[0] = '\0';
    if ((sr->flags & PCEP_SR_S) != 0 || (sr->flags & PCEP_SR_M) == 0)
        return text;
    if ((sr->flags & PCEP_SR_C) == 0)
        (void)snprintf(text, PCEP_SEGMENT_TEXT_SIZE, "label %u", sr->sid >> 12);
    else
        (void)snprintf(text, PCEP_SEGMENT_TEXT_SIZE, "label %u, TC %u, S %u, TTL %u", sr->sid >> 12,
                       sr->sid >> 9 & 7, sr->sid >> 8 & 1, sr->sid & 0xFF);
    return text;
}

bool pcep_segment_has_algorithm(const struct wire_field_table *table, const void *body)
{
    for (uint32_t i = 0; i < table->count; i++) {
        if (strcmp(table->fields[i].name, "flags") == 0)
            return (wire_field_load(&table->fields[i], body).number & PCEP_SR_A) != 0;
    }
    return false;
}
