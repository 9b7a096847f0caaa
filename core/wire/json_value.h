/* JSON value: fields and bodies as JSON, by their field tables.
 *
 * Numbers are numbers, addresses and names strings, octets hex. What cannot be told in JSON's own
 * types is told exactly: a float that is not finite and a name that is not plain ASCII are
 * {"hex": "…"}. A member that ends in "_text" says in words what the member of that name means.
 *
 * Thread: any. Owns: json_t by jansson's counting; a call gives a new reference, or NULL when memory
 * is short. */
#ifndef PCED_CORE_WIRE_JSON_VALUE_H
#define PCED_CORE_WIRE_JSON_VALUE_H

#include "core/wire/value.h"

#include <jansson.h>

json_t *wire_json_hex(struct wire_span span);
/* Not of a list. */
json_t *wire_json_value(const struct wire_field *field, const struct wire_value *value);
/* "bound, computed" for flags, "SR-MPLS" for a value, a list of such for an array; NULL where there is
 * nothing to say. */
json_t *wire_json_meaning(const struct wire_field *field, const struct wire_value *value);
/* Whether a member that says nothing is not there. */
bool wire_json_leaves_out(const struct wire_field *field, const struct wire_value *value);
/* Bodies of one layout, which have no lists inside. */
json_t *wire_json_list(const struct wire_layout *layout, const struct wire_value *list);
json_t *wire_json_body(const struct wire_layout *layout, const void *body);

#endif
