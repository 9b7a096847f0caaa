/* Hex: octets as digits and back.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_WIRE_HEX_H
#define PCED_CORE_WIRE_HEX_H

#include "core/base/hex_digit.h"
#include "core/base/wire.h"

/* Writes 2 * size digits and a NUL. */
void hex_format(struct wire_span span, char *text);
/* Octets of a text of digits alone, text_size / 2 of them; false when it is not such a text. */
bool hex_parse(const char *text, size_t text_size, uint8_t *octets);

#endif
