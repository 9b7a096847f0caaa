/* UTF-8: which octets of a text from outside may be shown as they are.
 *
 * Names come from peers and files; RFC 8231 lets a symbolic name be any octets. JSON and terminals
 * take whole characters alone.
 *
 * Thread: any; pure. Owns: nothing. Bound: looks at four octets at most. */
#ifndef PCED_CORE_BASE_UTF8_H
#define PCED_CORE_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* How many octets the character at the beginning has, 1 to 4; 0 when there is none: an overlong
 * form, a surrogate, a part of a character, no octet at all (RFC 3629 4). */
size_t utf8_character_size(const uint8_t *octets, size_t size);

/* The octets of a text that was cut off behind `size` of them, without the part of a character at the
 * end. */
size_t utf8_whole_size(const char *text, size_t size);

#endif
