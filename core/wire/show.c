#include "core/wire/show.h"

#include "core/base/check.h"

#include <stdarg.h>
#include <stdio.h>

void show_format(struct wire_writer *out, const char *format, ...)
{
    char text[SHOW_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (size > 0)
        wire_put_octets(out, text, (size_t)size < sizeof text ? (size_t)size : sizeof text - 1);
}

void show_octets(struct wire_writer *out, struct wire_span span)
{
    static const char digits[] = "0123456789abcdef";
    if (span.size == 0)
        show_format(out, "(empty)");
    for (size_t i = 0; i < span.size; i++) {
        wire_put_u8(out, (uint8_t)digits[span.octets[i] >> 4]);
        wire_put_u8(out, (uint8_t)digits[span.octets[i] & 15]);
    }
}

/* Text of a peer: what is not printable ASCII is shown as \xNN. */
static void show_text(struct wire_writer *out, struct wire_span span)
{
    show_format(out, "\"");
    for (size_t i = 0; i < span.size; i++) {
        uint8_t c = span.octets[i];
        if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\')
            wire_put_u8(out, c);
        else
            show_format(out, "\\x%02x", c);
    }
    show_format(out, "\"");
}

static void show_ip(struct wire_writer *out, const struct ip *ip)
{
    char text[IP_TEXT_SIZE];
    show_format(out, "%s", ip_format(ip, text));
}

static void show_address(struct wire_writer *out, struct wire_span span)
{
    struct ip ip = {.family = IP_NONE};
    if (span.size == 4)
        ip = ip_from_v4(span.octets);
    else if (span.size == 16)
        ip = ip_from_v6(span.octets);
    if (ip.family == IP_NONE)
        show_octets(out, span);
    else
        show_ip(out, &ip);
}

static unsigned shift_of(uint64_t mask)
{
    CHECK(mask != 0);
    unsigned shift = 0;
    while ((mask >> shift & 1) == 0)
        shift++;
    return shift;
}

/* "0x00000021 [priority 1, loose]"; bits without a name are seen in the number. */
static void show_flags(struct wire_writer *out, const struct wire_names *names, uint64_t value,
                       int digits)
{
    show_format(out, "0x%0*llx", digits, (unsigned long long)value);
    bool has_names = false;
    for (uint32_t i = 0; i < names->count; i++) {
        uint64_t mask = names->rows[i].value;
        if ((value & mask) == 0)
            continue;
        show_format(out, "%s%s", has_names ? ", " : " [", names->rows[i].text);
        if ((mask & (mask - 1)) != 0)
            show_format(out, " %llu", (unsigned long long)((value & mask) >> shift_of(mask)));
        has_names = true;
    }
    if (has_names)
        show_format(out, "]");
}

static void show_number(struct wire_writer *out, const struct wire_names *names, uint64_t number,
                        int digits)
{
    const char *text = NULL;
    if (names->style == WIRE_STYLE_VALUES)
        text = wire_names_find(names, number);
    if (names->style == WIRE_STYLE_FLAGS)
        show_flags(out, names, number, digits);
    else if (names->style == WIRE_STYLE_HEX)
        show_format(out, "0x%0*llx", digits, (unsigned long long)number);
    else if (text != NULL)
        show_format(out, "%llu [%s]", (unsigned long long)number, text);
    else
        show_format(out, "%llu", (unsigned long long)number);
}

static int digits_of(const struct wire_field *field)
{
    uint64_t max = wire_field_number_max(field);
    int digits = 0;
    for (; max > 0; max >>= 4)
        digits++;
    return digits;
}

static void show_array(struct wire_writer *out, const struct wire_field *field,
                       const struct wire_value *value)
{
    show_format(out, "(");
    for (uint32_t i = 0; i < value->count; i++) {
        show_format(out, i == 0 ? "" : ", ");
        show_number(out, field->names, wire_value_element(field, value, i), digits_of(field));
    }
    show_format(out, ")");
}

static void show_ips(struct wire_writer *out, const struct wire_value *value)
{
    const struct ip *ips = value->array;
    show_format(out, "(");
    for (uint32_t i = 0; i < value->count; i++) {
        show_format(out, i == 0 ? "" : ", ");
        show_ip(out, &ips[i]);
    }
    show_format(out, ")");
}

void show_value(struct wire_writer *out, const struct wire_field *field,
                const struct wire_names *names, const struct wire_value *value)
{
    uint32_t bits = (uint32_t)value->number;
    float number;
    switch (value->kind) {
    case WIRE_VALUE_NUMBER:
        show_number(out, names, value->number, digits_of(field));
        break;
    case WIRE_VALUE_FLOAT:
        memcpy(&number, &bits, sizeof number);
        show_format(out, "%.9g", (double)number);
        break;
    case WIRE_VALUE_IP:
        show_ip(out, &value->ip);
        break;
    case WIRE_VALUE_ARRAY:
        show_array(out, field, value);
        break;
    case WIRE_VALUE_IPS:
        show_ips(out, value);
        break;
    case WIRE_VALUE_TEXT:
        show_text(out, value->octets);
        break;
    default:
        if (names->style == WIRE_STYLE_ADDRESS)
            show_address(out, value->octets);
        else
            show_octets(out, value->octets);
        break;
    }
}
