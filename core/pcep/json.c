#include "core/pcep/json.h"

#include "core/base/check.h"
#include "core/pcep/model.h"
#include "core/pcep/names.h"
#include "core/pcep/segments.h"
#include "core/wire/hex.h"
#include "core/wire/value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static json_t *json_hex(struct wire_span span)
{
    char *text = malloc(2 * span.size + 1);
    if (text == NULL)
        return NULL;
    hex_format(span, text);
    json_t *json = json_string(text);
    free(text);
    return json;
}

static json_t *json_wrapped_hex(struct wire_span span)
{
    return json_pack("{s:o}", "hex", json_hex(span));
}

/* Plain printable ASCII stands as it is. */
static json_t *json_name(struct wire_span span)
{
    for (size_t i = 0; i < span.size; i++) {
        if (span.octets[i] < 0x20 || span.octets[i] >= 0x7F)
            return json_wrapped_hex(span);
    }
    return json_stringn((const char *)span.octets, span.size);
}

static json_t *json_float(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    if (isfinite(value))
        return json_real((double)value);
    uint8_t octets[4] = {(uint8_t)(bits >> 24), (uint8_t)(bits >> 16), (uint8_t)(bits >> 8),
                         (uint8_t)bits};
    return json_wrapped_hex((struct wire_span){octets, sizeof octets});
}

static json_t *json_ip(const struct ip *ip)
{
    char text[IP_TEXT_SIZE];
    return json_string(ip_format(ip, text));
}

static json_t *json_array_of(const struct wire_field *field, const struct wire_value *value)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < value->count; i++)
        json_array_append_new(array, json_integer((json_int_t)wire_value_element(field, value, i)));
    return array;
}

static json_t *json_ips(const struct wire_value *value)
{
    const struct ip *ips = value->array;
    json_t *array = json_array();
    for (uint32_t i = 0; i < value->count; i++)
        json_array_append_new(array, json_ip(&ips[i]));
    return array;
}

static json_t *json_value(const struct wire_field *field, const struct wire_value *value)
{
    switch (value->kind) {
    case WIRE_VALUE_NUMBER:
        return json_integer((json_int_t)value->number);
    case WIRE_VALUE_FLOAT:
        return json_float((uint32_t)value->number);
    case WIRE_VALUE_IP:
        return json_ip(&value->ip);
    case WIRE_VALUE_ARRAY:
        return json_array_of(field, value);
    case WIRE_VALUE_IPS:
        return json_ips(value);
    case WIRE_VALUE_TEXT:
        return json_name(value->octets);
    default:
        return json_hex(value->octets);
    }
}

static void put_flag(struct wire_writer *writer, const struct wire_name *row, uint64_t number)
{
    char text[64];
    const char *separator = wire_written(writer) > 0 ? ", " : "";
    uint64_t lowest = row->value & (~row->value + 1);
    if (row->value == lowest)
        (void)snprintf(text, sizeof text, "%s%s", separator, row->text);
    else
        (void)snprintf(text, sizeof text, "%s%s %llu", separator, row->text,
                       (unsigned long long)((number & row->value) / lowest));
    wire_put_octets(writer, text, strlen(text));
}

/* "bound, computed" for flags, "SR-MPLS" for a value; NULL where there is nothing to say. */
static json_t *json_meaning(const struct wire_names *names, uint64_t number)
{
    uint8_t text[1024];
    struct wire_writer writer = wire_writer_init(text, sizeof text);
    if (names->style == WIRE_STYLE_VALUES) {
        const char *name = wire_names_find(names, number);
        return name == NULL ? NULL : json_string(name);
    }
    if (names->style != WIRE_STYLE_FLAGS)
        return NULL;
    for (uint32_t i = 0; i < names->count; i++) {
        if ((number & names->rows[i].value) != 0)
            put_flag(&writer, &names->rows[i], number);
    }
    if (wire_written(&writer) == 0)
        return NULL;
    return json_stringn((const char *)text, wire_written(&writer));
}

/* The same of a list: a text for each number, "" where there is nothing to say. */
static json_t *json_meanings(const struct wire_field *field, const struct wire_value *value)
{
    bool has_meaning =
        field->names->style == WIRE_STYLE_FLAGS || field->names->style == WIRE_STYLE_VALUES;
    if (!has_meaning || value->count == 0)
        return NULL;
    json_t *list = json_array();
    for (uint32_t i = 0; i < value->count; i++) {
        json_t *meaning = json_meaning(field->names, wire_value_element(field, value, i));
        json_array_append_new(list, meaning == NULL ? json_string("") : meaning);
    }
    return list;
}

static bool is_left_out(const struct wire_field *field, const struct wire_value *value)
{
    if (value->kind == WIRE_VALUE_OWN)
        return true; /* beside the body */
    if (value->kind == WIRE_VALUE_IP)
        return value->ip.family == IP_NONE;
    unsigned style = field->names->style;
    if (value->kind == WIRE_VALUE_OCTETS)
        return value->octets.size == 0 &&
               (style == WIRE_STYLE_OPTIONAL || style == WIRE_STYLE_ADDRESS);
    bool may_be = style == WIRE_STYLE_RESERVED || style == WIRE_STYLE_OPTIONAL ||
                  style == PCEP_STYLE_ALGORITHM;
    return may_be && value->kind == WIRE_VALUE_NUMBER && value->number == 0;
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
    if (value->kind == WIRE_VALUE_NUMBER)
        return json_meaning(field->names, value->number);
    return value->kind == WIRE_VALUE_ARRAY ? json_meanings(field, value) : NULL;
}

/* One member, and in words what its number means. */
static void set_field(json_t *json, const struct wire_field *field, const struct wire_value *value,
                      const void *body)
{
    json_object_set_new(json, field->name, json_value(field, value));
    json_t *meaning = meaning_of(field, value, body);
    if (meaning == NULL)
        return;
    char name[64];
    (void)snprintf(name, sizeof name, "%s_text", field->name);
    json_object_set_new(json, name, meaning);
}

/* One body of a list. It has no lists inside. */
static json_t *json_element(const struct wire_field_table *table, const void *body)
{
    json_t *json = json_object();
    for (uint32_t i = 0; i < table->count; i++) {
        struct wire_value value = wire_field_load(&table->fields[i], body);
        if (!is_left_out(&table->fields[i], &value))
            set_field(json, &table->fields[i], &value, body);
    }
    return json;
}

static json_t *json_list(const struct wire_layout *layout, const struct wire_value *list)
{
    struct wire_field_table table = layout->fields();
    json_t *array = json_array();
    for (uint32_t i = 0; i < list->count; i++)
        json_array_append_new(array, json_element(&table, (const uint8_t *)list->array +
                                                              (size_t)i * layout->body_size));
    return array;
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
            json_object_set_new(json, field->name, json_list(field->names->element, &value));
        else if (!is_left_out(field, &value) ||
                 (is_algorithm && pcep_segment_has_algorithm(&table, body)))
            set_field(json, field, &value, body);
    }
    return json;
}

static void set_hex(json_t *json, const char *name, struct wire_span span)
{
    if (span.size > 0)
        json_object_set_new(json, name, json_hex(span));
}

static json_t *json_tlv(const struct pcep_tlv *tlv)
{
    json_t *json = json_pack("{s:s, s:i}", "tlv", tlv->row == NULL ? "unknown" : tlv->row->name,
                             "type", tlv->type);
    if (tlv->row != NULL)
        json_object_set_new(json, "body", json_body(tlv->row->layout, tlv->body));
    else
        json_object_set_new(json, "octets", json_hex((struct wire_span){tlv->octets, tlv->size}));
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
            json_hex((struct wire_span){subobject->octets, (size_t)subobject->size - 2}));
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
        json_object_set_new(json, "octets",
                            json_hex((struct wire_span){object->octets, (size_t)object->size - 4}));
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
