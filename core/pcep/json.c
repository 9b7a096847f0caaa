#include "core/pcep/json.h"

#include "core/base/check.h"
#include "core/pcep/model.h"
#include "core/pcep/names.h"
#include "core/pcep/segments.h"
#include "core/wire/json_value.h"

#include <stdio.h>

static bool is_left_out(const struct wire_field *field, const struct wire_value *value)
{
    bool is_zero = value->kind == WIRE_VALUE_NUMBER && value->number == 0;
    return wire_json_leaves_out(field, value) ||
           (field->names->style == PCEP_STYLE_ALGORITHM && is_zero);
}

/* The label of an SR subobject, and the rest of the stack entry where it counts. */
static json_t *json_sid_meaning(const struct pcep_sub_sr *sr)
{
    char text[PCEP_SEGMENT_TEXT_SIZE];
    return *pcep_segment_text(sr, text) == '\0' ? NULL : json_string(text);
}

static json_t *meaning_of(const struct wire_field *field, const struct wire_value *value,
                          const void *body)
{
    if (field->names->style == PCEP_STYLE_SR_SID)
        return json_sid_meaning(body);
    return wire_json_meaning(field, value);
}

/* One member, and in words what its number means. */
static void set_field(json_t *json, const struct wire_field *field, const struct wire_value *value,
                      const void *body)
{
    json_object_set_new(json, field->name, wire_json_value(field, value));
    json_t *meaning = meaning_of(field, value, body);
    if (meaning == NULL)
        return;
    char name[64];
    (void)snprintf(name, sizeof name, "%s_text", field->name);
    json_object_set_new(json, name, meaning);
}

static json_t *json_body(const struct wire_layout *layout, const void *body)
{
    json_t *json = json_object();
    struct wire_field_table table = layout->fields();
    for (uint32_t i = 0; i < table.count; i++) {
        const struct wire_field *field = &table.fields[i];
        struct wire_value value = wire_field_load(field, body);
        bool is_algorithm = field->names->style == PCEP_STYLE_ALGORITHM;
        if (value.kind == WIRE_VALUE_LIST)
            json_object_set_new(json, field->name, wire_json_list(field->names->element, &value));
        else if (!is_left_out(field, &value) ||
                 (is_algorithm && pcep_segment_has_algorithm(&table, body)))
            set_field(json, field, &value, body);
    }
    return json;
}

static void set_hex(json_t *json, const char *name, struct wire_span span)
{
    if (span.size > 0)
        json_object_set_new(json, name, wire_json_hex(span));
}

static json_t *json_tlv(const struct pcep_tlv *tlv)
{
    json_t *json = json_pack("{s:s, s:i}", "tlv", tlv->row == NULL ? "unknown" : tlv->row->name,
                             "type", tlv->type);
    if (tlv->row != NULL)
        json_object_set_new(json, "body", json_body(tlv->row->layout, tlv->body));
    else
        json_object_set_new(json, "octets",
                            wire_json_hex((struct wire_span){tlv->octets, tlv->size}));
    set_hex(json, "rest", tlv->rest);
    if (tlv->padding[0] != 0 || tlv->padding[1] != 0 || tlv->padding[2] != 0)
        set_hex(json, "padding", (struct wire_span){tlv->padding, sizeof tlv->padding});
    return json;
}

static json_t *json_tlvs(const struct pcep_tlv *tlvs, uint32_t count)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; i++) {
        CHECK(tlvs[i].sub_count == 0 || tlvs[i].row != NULL);
        json_t *json = json_tlv(&tlvs[i]);
        json_t *subs = tlvs[i].sub_count > 0 ? json_array() : NULL;
        for (uint32_t k = 0; k < tlvs[i].sub_count; k++)
            json_array_append_new(subs, json_tlv(&tlvs[i].subs[k]));
        if (subs != NULL)
            json_object_set_new(json, "tlvs", subs);
        json_array_append_new(list, json);
    }
    return list;
}

static json_t *json_one_subobject(const struct pcep_subobject *subobject)
{
    json_t *json = json_pack("{s:s, s:i, s:b}", "subobject",
                             subobject->row == NULL ? "unknown" : subobject->row->name, "type",
                             subobject->type, "loose", subobject->is_loose);
    if (subobject->row != NULL)
        json_object_set_new(json, "body", json_body(subobject->row->layout, subobject->body));
    else
        json_object_set_new(
            json, "octets",
            wire_json_hex((struct wire_span){subobject->octets, (size_t)subobject->size - 2}));
    return json;
}

/* A subobject with those inside it (RFC 5521 2.2). */
static json_t *json_subobject(const struct pcep_subobject *subobject)
{
    json_t *json = json_one_subobject(subobject);
    if (subobject->row == NULL || subobject->row->id != PCEP_SUBOBJECT_EXRS)
        return json;
    const struct pcep_sub_exrs *exrs = subobject->body;
    json_t *list = json_array();
    for (uint32_t i = 0; i < exrs->count; i++)
        json_array_append_new(list, json_one_subobject(&exrs->subobjects[i]));
    json_object_set_new(json, "subobjects", list);
    return json;
}

static json_t *json_fault(const struct pcep_fault *fault)
{
    return json_pack("{s:i, s:i, s:i, s:s}", "error_type", fault->error_type, "error_value",
                     fault->error_value, "offset", (int)fault->offset, "reason", fault->reason);
}

static json_t *json_object_of(const struct pcep_object *object)
{
    json_t *json = json_pack(
        "{s:s, s:i, s:i, s:i}", "object", pcep_object_name(object->class_, object->type), "class",
        object->class_, "type", object->type, "header_flags", object->header_flags);
    if (object->row == NULL) {
        json_object_set_new(
            json, "octets",
            wire_json_hex((struct wire_span){object->octets, (size_t)object->size - 4}));
    } else {
        json_object_set_new(json, "body", json_body(object->row->layout, object->body));
        if (object->tlv_count > 0)
            json_object_set_new(json, "tlvs", json_tlvs(object->tlvs, object->tlv_count));
        json_t *subobjects = object->subobject_count > 0 ? json_array() : NULL;
        for (uint32_t i = 0; i < object->subobject_count; i++)
            json_array_append_new(subobjects, json_subobject(&object->subobjects[i]));
        if (subobjects != NULL)
            json_object_set_new(json, "subobjects", subobjects);
        set_hex(json, "rest", object->rest);
    }
    if (object->fault != NULL)
        json_object_set_new(json, "fault", json_fault(object->fault));
    return json;
}

json_t *pcep_to_json(const struct pcep_message *message, const struct pcep_fault *fault)
{
    json_t *objects = json_array();
    for (uint32_t i = 0; i < message->object_count; i++)
        json_array_append_new(objects, json_object_of(&message->objects[i]));
    json_t *json =
        json_pack("{s:s, s:i, s:i, s:i, s:i, s:o}", "message", pcep_message_name(message->type),
                  "type", message->type, "version", message->version, "flags", message->flags,
                  "size", (int)message->size, "objects", objects);
    if (fault != NULL && pcep_fault_is_set(fault))
        json_object_set_new(json, "fault", json_fault(fault));
    return json;
}
