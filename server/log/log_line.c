/* Putting a line together: fields as name=value or as members of one JSON object. */
#include "core/base/check.h"
#include "server/log/log.h"

#include "core/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What the end of every line needs: "}" and the newline, and the mark that fields are missing. */
#define TAIL_SIZE 24
_Static_assert(sizeof ",\"cut\":true}" <= TAIL_SIZE, "the end of a line has its room");

static bool is_plain(unsigned char c)
{
    return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '=';
}

/* Whether a text value can stand without quotes in a text line. */
static bool log_line_is_word(const char *value)
{
    if (value[0] == '\0')
        return false;
    for (const char *c = value; *c != '\0'; c++) {
        if (!is_plain((unsigned char)*c))
            return false;
    }
    return true;
}

/* Appends all of it or nothing; false when it does not fit. */
__attribute__((format(printf, 2, 3))) static bool log_line_append(struct log_line *line,
                                                                  const char *format, ...)
{
    CHECK(line->size <= sizeof line->octets - TAIL_SIZE);
    size_t room = sizeof line->octets - TAIL_SIZE - line->size;
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line->octets + line->size, room, format, arguments);
    va_end(arguments);
    if (size < 0 || (size_t)size >= room)
        return false;
    line->size += (size_t)size;
    return true;
}

/* The controls of C1, two octets each, move a terminal's cursor as those below 0x20 do. */
static bool is_control(const char *c, size_t size)
{
    unsigned char first = (unsigned char)c[0];
    return size == 1 ? first < 0x20 || first == 0x7f : first == 0xc2 && (unsigned char)c[1] < 0xa0;
}

/* One character of a quoted value, or one octet that belongs to none; *size: how many octets it
 * was. Controls are escaped, so that a value never makes a line of its own. An octet that is no
 * UTF-8 (a peer may name a path with any) is written as \xNN; the backslash of that is itself
 * escaped, as JSON knows no octets. */
static bool append_escaped(struct log_line *line, const char *c, size_t *size)
{
    *size = utf8_character_size((const uint8_t *)c, strnlen(c, 4));
    unsigned char first = (unsigned char)c[0];
    if (*size == 0) {
        *size = 1;
        return log_line_append(line, "\\\\x%02x", first);
    }
    if (is_control(c, *size))
        return log_line_append(line, "\\u%04x", *size == 1 ? first : (unsigned char)c[1]);
    if (first == '"' || first == '\\')
        return log_line_append(line, "\\%c", first);
    return log_line_append(line, "%.*s", (int)*size, c);
}

static bool append_all_escaped(struct log_line *line, const char *value)
{
    bool fits = true;
    size_t size;
    for (const char *c = value; *c != '\0' && fits; c += size)
        fits = append_escaped(line, c, &size);
    return fits;
}

static bool append_quoted(struct log_line *line, const char *value)
{
    return log_line_append(line, "\"") && append_all_escaped(line, value) &&
           log_line_append(line, "\"");
}

static bool append_name(struct log_line *line, const char *name)
{
    return line->is_json ? log_line_append(line, ",\"%s\":", name)
                         : log_line_append(line, " %s=", name);
}

/* A field that did not fit whole is taken back. */
static void finish_field(struct log_line *line, size_t before, bool fits)
{
    if (!fits) {
        line->size = before;
        line->is_cut = true;
    }
}

void log_text(struct log_line *line, const char *name, const char *value)
{
    size_t before = line->size;
    bool fits = append_name(line, name);
    if (!line->is_json && log_line_is_word(value))
        fits = fits && log_line_append(line, "%s", value);
    else
        fits = fits && append_quoted(line, value);
    finish_field(line, before, fits);
}

static bool append_array(struct log_line *line, const char *const *values, uint32_t count)
{
    bool fits = log_line_append(line, "[");
    for (uint32_t i = 0; i < count && fits; i++)
        fits = log_line_append(line, i == 0 ? "" : ",") && append_quoted(line, values[i]);
    return fits && log_line_append(line, "]");
}

static bool append_joined(struct log_line *line, const char *const *values, uint32_t count)
{
    bool fits = log_line_append(line, "\"");
    for (uint32_t i = 0; i < count && fits; i++)
        fits = log_line_append(line, i == 0 ? "" : ", ") && append_all_escaped(line, values[i]);
    return fits && log_line_append(line, "\"");
}

void log_list(struct log_line *line, const char *name, const char *const *values, uint32_t count)
{
    CHECK(count > 0); /* a field without a value is no field */
    size_t before = line->size;
    if (count == 1 && !line->is_json) {
        log_text(line, name, values[0]);
        return;
    }
    bool fits = append_name(line, name) && (line->is_json ? append_array(line, values, count)
                                                          : append_joined(line, values, count));
    finish_field(line, before, fits);
}

void log_number(struct log_line *line, const char *name, uint64_t value)
{
    size_t before = line->size;
    bool fits = append_name(line, name) && log_line_append(line, "%llu", (unsigned long long)value);
    finish_field(line, before, fits);
}

/* Infinity and NaN have no JSON form; they come as text. */
void log_real(struct log_line *line, const char *name, double value)
{
    char text[32];
    bool is_finite = value - value == 0.0;
    (void)snprintf(text, sizeof text, "%.9g", value);
    if (!is_finite) {
        log_text(line, name, text);
        return;
    }
    size_t before = line->size;
    bool fits = append_name(line, name) && log_line_append(line, "%s", text);
    finish_field(line, before, fits);
}

void log_ip(struct log_line *line, const char *name, const struct ip *ip)
{
    char text[IP_TEXT_SIZE];
    log_text(line, name, ip_format(ip, text));
}

void log_peer(struct log_line *line, const struct ip *ip, uint16_t port)
{
    log_ip(line, "peer", ip);
    if (port != 0)
        log_number(line, "port", port);
}
