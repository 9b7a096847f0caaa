#include "core/pcep/segments.h"

#include "core/pcep/model.h"

#include <stdio.h>

static bool segments_is_of(const struct pcep_subobject *subobject, enum pcep_subobject_id id)
{
    return subobject->row != NULL && subobject->row->id == id;
}

static struct segments_fault segments_refuse(const struct pcep_subobject *subobject,
                                             uint8_t error_value, const char *reason)
{
    return (struct segments_fault){error_value, subobject->offset, reason};
}

/* Segments of one kind go with no other subobject. */
static struct segments_fault check_mix(const struct pcep_object *object, enum pcep_subobject_id id,
                                       uint8_t error_value)
{
    bool is_first = segments_is_of(&object->subobjects[0], id);
    for (uint32_t i = 1; i < object->subobject_count; i++) {
        if (segments_is_of(&object->subobjects[i], id) != is_first)
            return segments_refuse(&object->subobjects[i], error_value,
                                   "segments are mixed with other subobjects");
    }
    return (struct segments_fault){0, 0, NULL};
}

/* What a SID is: label, index, or absent. */
static uint16_t sid_kind(const struct pcep_subobject *subobject)
{
    const struct pcep_sub_sr *sr = subobject->body;
    return sr->flags & (PCEP_SR_S | PCEP_SR_M);
}

static struct segments_fault check_sid_kinds(const struct pcep_object *object)
{
    for (uint32_t i = 1; i < object->subobject_count; i++) {
        if (sid_kind(&object->subobjects[i]) != sid_kind(&object->subobjects[0]))
            return segments_refuse(&object->subobjects[i], 20,
                                   "labels, indexes and absent SIDs are mixed");
    }
    return (struct segments_fault){0, 0, NULL};
}

struct segments_fault pcep_segments_check(const struct pcep_object *object)
{
    struct segments_fault fault = {0, 0, NULL};
    bool is_rro = object->row->tail == PCEP_TAIL_RRO;
    if (object->subobject_count == 0)
        return fault;
    fault = check_mix(object, PCEP_SUBOBJECT_SR, is_rro ? 10 : 5);
    if (fault.error_value == 0)
        fault = check_mix(object, PCEP_SUBOBJECT_SRV6, is_rro ? 36 : 43);
    if (fault.error_value == 0 && segments_is_of(&object->subobjects[0], PCEP_SUBOBJECT_SR))
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
