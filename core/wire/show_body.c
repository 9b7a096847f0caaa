#include "core/wire/show_body.h"

void show_hyphenated(struct wire_writer *out, const char *name)
{
    for (const char *at = name; *at != '\0'; at++)
        wire_put_u8(out, *at == '_' ? '-' : (uint8_t)*at);
}

bool show_hides(const struct wire_names *names, const struct wire_value *value)
{
    if (value->kind == WIRE_VALUE_OWN)
        return true; /* lines of their own */
    if (names->style == WIRE_STYLE_ADDRESS)
        return value->octets.size == 0;
    if (value->kind == WIRE_VALUE_ARRAY || value->kind == WIRE_VALUE_LIST)
        return names->style == WIRE_STYLE_FLAGS && value->count == 0;
    if (names->style != WIRE_STYLE_RESERVED && names->style != WIRE_STYLE_OPTIONAL)
        return false;
    if (value->kind == WIRE_VALUE_OCTETS)
        return value->octets.size == 0;
    return value->kind == WIRE_VALUE_IP ? value->ip.family == IP_NONE : value->number == 0;
}

/* One body of a list. */
static void show_element(struct wire_writer *out, const struct wire_field_table *table,
                         const void *body)
{
    const char *separator = "{";
    for (uint32_t i = 0; i < table->count; i++) {
        const struct wire_field *field = &table->fields[i];
        struct wire_value value = wire_field_load(field, body);
        if (show_hides(field->names, &value))
            continue;
        show_format(out, "%s", separator);
        show_hyphenated(out, field->name);
        show_format(out, " ");
        show_value(out, field, field->names, &value);
        separator = ", ";
    }
    show_format(out, "}");
}

void show_list(struct wire_writer *out, const struct wire_layout *layout,
               const struct wire_value *list)
{
    struct wire_field_table table = layout->fields();
    show_format(out, "(");
    for (uint32_t i = 0; i < list->count; i++) {
        show_format(out, i == 0 ? "" : ", ");
        show_element(out, &table, (const uint8_t *)list->array + (size_t)i * layout->body_size);
    }
    show_format(out, ")");
}

void show_body(struct wire_writer *out, const struct wire_layout *layout, const void *body)
{
    struct wire_field_table table = layout->fields();
    const char *separator = ": ";
    for (uint32_t i = 0; i < table.count; i++) {
        const struct wire_field *field = &table.fields[i];
        struct wire_value value = wire_field_load(field, body);
        if (show_hides(field->names, &value))
            continue;
        show_format(out, "%s", separator);
        separator = ", ";
        show_hyphenated(out, field->name);
        show_format(out, " ");
        if (value.kind == WIRE_VALUE_LIST)
            show_list(out, field->names->element, &value);
        else
            show_value(out, field, field->names, &value);
    }
}
