#include "core/wire/json_value.h"

#include "core/wire/hex.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

json_t *wire_json_hex(struct wire_span span)
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
    return json_pack("{s:o}", "hex", wire_json_hex(span));
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

json_t *wire_json_value(const struct wire_field *field, const struct wire_value *value)
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
        return wire_json_hex(value->octets);
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
static json_t *number_meaning(const struct wire_names *names, uint64_t number)
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
static json_t *array_meanings(const struct wire_field *field, const struct wire_value *value)
{
    bool has_meaning =
        field->names->style == WIRE_STYLE_FLAGS || field->names->style == WIRE_STYLE_VALUES;
    if (!has_meaning || value->count == 0)
        return NULL;
    json_t *list = json_array();
    for (uint32_t i = 0; i < value->count; i++) {
        json_t *meaning = number_meaning(field->names, wire_value_element(field, value, i));
        json_array_append_new(list, meaning == NULL ? json_string("") : meaning);
    }
    return list;
}

json_t *wire_json_meaning(const struct wire_field *field, const struct wire_value *value)
{
    if (value->kind == WIRE_VALUE_NUMBER)
        return number_meaning(field->names, value->number);
    return value->kind == WIRE_VALUE_ARRAY ? array_meanings(field, value) : NULL;
}

bool wire_json_leaves_out(const struct wire_field *field, const struct wire_value *value)
{
    if (value->kind == WIRE_VALUE_OWN)
        return true; /* beside the body */
    if (value->kind == WIRE_VALUE_IP)
        return value->ip.family == IP_NONE;
    unsigned style = field->names->style;
    if (value->kind == WIRE_VALUE_OCTETS)
        return value->octets.size == 0 &&
               (style == WIRE_STYLE_OPTIONAL || style == WIRE_STYLE_ADDRESS);
    bool may_be = style == WIRE_STYLE_RESERVED || style == WIRE_STYLE_OPTIONAL;
    return may_be && value->kind == WIRE_VALUE_NUMBER && value->number == 0;
}

/* One member, and in words what its number means. */
static void set_member(json_t *json, const struct wire_field *field, const struct wire_value *value)
{
    json_object_set_new(json, field->name, wire_json_value(field, value));
    json_t *meaning = wire_json_meaning(field, value);
    if (meaning == NULL)
        return;
    char name[64];
    (void)snprintf(name, sizeof name, "%s_text", field->name);
    json_object_set_new(json, name, meaning);
}

static json_t *json_members(const struct wire_field_table *table, const void *body)
{
    json_t *json = json_object();
    for (uint32_t i = 0; i < table->count; i++) {
        struct wire_value value = wire_field_load(&table->fields[i], body);
        if (!wire_json_leaves_out(&table->fields[i], &value))
            set_member(json, &table->fields[i], &value);
    }
    return json;
}

json_t *wire_json_list(const struct wire_layout *layout, const struct wire_value *list)
{
    struct wire_field_table table = layout->fields();
    json_t *array = json_array();
    for (uint32_t i = 0; i < list->count; i++)
        json_array_append_new(array, json_members(&table, (const uint8_t *)list->array +
                                                              (size_t)i * layout->body_size));
    return array;
}

json_t *wire_json_body(const struct wire_layout *layout, const void *body)
{
    json_t *json = json_object();
    struct wire_field_table table = layout->fields();
    for (uint32_t i = 0; i < table.count; i++) {
        const struct wire_field *field = &table.fields[i];
        struct wire_value value = wire_field_load(field, body);
        if (value.kind == WIRE_VALUE_LIST)
            json_object_set_new(json, field->name, wire_json_list(field->names->element, &value));
        else if (!wire_json_leaves_out(field, &value))
            set_member(json, field, &value);
    }
    return json;
}
