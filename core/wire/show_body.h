/* Show body: what printers of bodies share, beside the values themselves (show.h).
 *
 * Thread: any. Owns: nothing. Bound: the writer's room. */
#ifndef PCED_CORE_WIRE_SHOW_BODY_H
#define PCED_CORE_WIRE_SHOW_BODY_H

#include "core/wire/show.h"

/* A member's name with hyphens, as the documents write them. */
void show_hyphenated(struct wire_writer *out, const char *name);
/* Whether a value says nothing: reserved and zero, absent, or shown elsewhere. */
bool show_hides(const struct wire_names *names, const struct wire_value *value);
/* "({prefix 192.0.2.0, bits 24}, …)". Bodies have no lists inside. */
void show_list(struct wire_writer *out, const struct wire_layout *layout,
               const struct wire_value *list);
/* ": name value, name value" of a whole body. */
void show_body(struct wire_writer *out, const struct wire_layout *layout, const void *body);

#endif
