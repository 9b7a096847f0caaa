/* Show: the value of a field as text for people, "0x21 [priority 1, loose]", by its table of names.
 *
 * What does not fit is for the writer to count (core/base/wire.h). A style that is not of
 * core/wire/names.h is shown as WIRE_STYLE_PLAIN.
 *
 * Thread: any. Owns: nothing. Bound: SHOW_TEXT_MAX octets for one piece that is formatted. */
#ifndef PCED_CORE_WIRE_SHOW_H
#define PCED_CORE_WIRE_SHOW_H

#include "core/wire/value.h"

#define SHOW_TEXT_MAX 256

__attribute__((format(printf, 2, 3))) void show_format(struct wire_writer *out, const char *format,
                                                       ...);
/* Hexadecimal digits, or "(empty)". */
void show_octets(struct wire_writer *out, struct wire_span span);
/* names: the field's, or those that stand in their place here. Not for lists, whose bodies have
 * tables of their own. */
void show_value(struct wire_writer *out, const struct wire_field *field,
                const struct wire_names *names, const struct wire_value *value);

#endif
