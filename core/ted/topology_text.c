#include "core/ted/topology_text.h"

#include "core/base/utf8.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_ROOM_FIRST 256

void topo_text_init(struct topo_text *text, enum topology_form form)
{
    *text = (struct topo_text){.form = form};
}

void topo_text_fini(struct topo_text *text)
{
    free(text->octets);
    text->octets = NULL;
}

void topo_text_clear(struct topo_text *text)
{
    text->size = 0;
    if (text->octets != NULL)
        text->octets[0] = '\0';
}

static bool topo_text_grow(struct topo_text *text, size_t more)
{
    size_t room = text->room == 0 ? TEXT_ROOM_FIRST : text->room;
    if (text->has_failed || more > SIZE_MAX / 4 - text->size)
        return false;
    while (room - text->size <= more)
        room *= 2;
    if (room == text->room)
        return true;
    char *grown = realloc(text->octets, room);
    if (grown == NULL)
        return false;
    text->octets = grown;
    text->room = room;
    return true;
}

void topo_text_add(struct topo_text *text, const char *octets, size_t size)
{
    if (!topo_text_grow(text, size)) {
        text->has_failed = true;
        return;
    }
    if (size > 0)
        memcpy(text->octets + text->size, octets, size);
    text->size += size;
    text->octets[text->size] = '\0';
}

void topo_text_put(struct topo_text *text, const char *octets)
{
    topo_text_add(text, octets, strlen(octets));
}

void topo_text_print(struct topo_text *text, const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (size < 0 || (size_t)size >= sizeof line)
        text->has_failed = true;
    else
        topo_text_add(text, line, (size_t)size);
}

static bool topo_text_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters first, so that nobody takes it for a number; and none of the words that YAML 1.1 has for
 * true, false and nothing. */
static bool topo_text_is_plain(const char *string)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on",
                                        "off",  "null",  "y",   "n"};
    char lower[8] = "";
    size_t size = strlen(string);
    if (!topo_text_is_letter(string[0]))
        return false;
    for (size_t i = 0; i < size; i++) {
        char c = string[i];
        if (!topo_text_is_letter(c) && !(c >= '0' && c <= '9') && strchr("-_./", c) == NULL)
            return false;
        if (i < sizeof lower - 1)
            lower[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (size < sizeof lower && strcmp(lower, words[i]) == 0)
            return false;
    }
    return true;
}

/* What YAML does not print, or takes for the end of a line: C1 controls, U+2028, U+2029, the byte
 * order mark and what is no character. */
static bool topo_text_is_hidden(uint32_t character)
{
    return (character >= 0x7f && character < 0xa0) || character == 0x2028 || character == 0x2029 ||
           character == 0xfeff || character == 0xfffe || character == 0xffff;
}

static uint32_t topo_text_decode(const uint8_t *octets, size_t size)
{
    if (size < 2)
        return octets[0];
    uint32_t character = octets[0] & (0xffU >> (size + 1));
    for (size_t i = 1; i < size; i++)
        character = character << 6 | (octets[i] & 0x3fU);
    return character;
}

void topo_text_string(struct topo_text *text, const char *string)
{
    const uint8_t *at = (const uint8_t *)string;
    size_t left = strlen(string);
    if (text->form == TOPOLOGY_YAML && topo_text_is_plain(string)) {
        topo_text_add(text, string, left);
        return;
    }
    topo_text_put(text, "\"");
    while (left > 0) {
        size_t size = utf8_character_size(at, left);
        uint32_t character = size == 0 ? 0xfffd : topo_text_decode(at, size);
        size_t step = size == 0 ? 1 : size;
        if (character == '"' || character == '\\')
            topo_text_print(text, "\\%c", (int)character);
        else if (size == 0 || character < 0x20 || topo_text_is_hidden(character))
            topo_text_print(text, "\\u%04x", character);
        else
            topo_text_add(text, (const char *)at, size);
        at += step;
        left -= step;
    }
    topo_text_put(text, "\"");
}

void topo_text_key(struct topo_text *text, const char *key)
{
    const char *quote = text->form == TOPOLOGY_JSON ? "\"" : "";
    topo_text_print(text, "%s%s%s: ", quote, key, quote);
}

static bool topo_text_is_same(double a, double b, double scale)
{
    if (scale > 0) {
        a = (double)(float)(a * scale);
        b = (double)(float)(b * scale);
    }
    return a >= b && a <= b;
}

void topo_text_decimal(struct topo_text *text, double value, double scale)
{
    char digits[64];
    for (int decimals = 0; decimals < TOPO_DIGITS_MAX; decimals++) {
        char longer[64];
        (void)snprintf(longer, sizeof longer, "%.*f", decimals, value);
        size_t size = strlen(longer) - (longer[0] == '-') - (decimals > 0);
        if (decimals > 0 && size > TOPO_DIGITS_MAX)
            break;
        memcpy(digits, longer, sizeof digits);
        if (topo_text_is_same(strtod(digits, NULL), value, scale))
            break;
    }
    topo_text_put(text, digits);
}

void topo_text_bandwidth(struct topo_text *text, float octets)
{
    static const struct {
        const char *suffix;
        double factor;
    } units[] = {{"T", 1e12}, {"G", 1e9}, {"M", 1e6}, {"k", 1e3}, {"", 1}};
    double bits = (double)octets * 8;
    size_t unit = sizeof units / sizeof units[0] - 1;
    for (size_t i = unit; i-- > 0 && text->form == TOPOLOGY_YAML;) {
        if (bits >= units[i].factor)
            unit = i;
    }
    topo_text_decimal(text, bits / units[unit].factor, units[unit].factor / 8);
    topo_text_put(text, units[unit].suffix);
}

void topo_text_ip(struct topo_text *text, const struct ip *ip)
{
    char digits[IP_TEXT_SIZE];
    /* Colons mean something within YAML's brackets. */
    bool is_quoted = text->form == TOPOLOGY_JSON || ip->family == IP_V6;
    topo_text_print(text, is_quoted ? "\"%s\"" : "%s", ip_format(ip, digits));
}
