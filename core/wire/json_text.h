/* JSON text: a value as text, whole or not at all.
 *
 * json_dumps of jansson 2.14 does not look at what the writing of a key gives: where memory is refused at that moment
 * the text lacks the key, and comes as if it were good.
 *
 * Thread: any. Owns: nothing; the text is the caller's. Bound: memory. */
#ifndef PCED_CORE_WIRE_JSON_TEXT_H
#define PCED_CORE_WIRE_JSON_TEXT_H

#include <jansson.h>

/* flags: of jansson. To be freed. NULL: memory ran out, or json is NULL. */
char *wire_json_text(const json_t *json, size_t flags);

#endif
