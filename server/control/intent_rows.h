/* Intents as JSON, for the API: rows of a list, and one with the states of its LSPs.
 *
 * Thread: any. Owns: nothing; results are new references. Bound: none of its own. */
#ifndef PCED_SERVER_CONTROL_INTENT_ROWS_H
#define PCED_SERVER_CONTROL_INTENT_ROWS_H

#include "server/northbound/intent_view.h"

#include <jansson.h>

/* NULL when memory ran out. */
json_t *intent_row(const struct intent_view *view);
json_t *intent_row_detail(const struct intent_detail *detail);
/* "up", "no path" …; false: it is none. */
bool intent_state_parse(const char *text, uint8_t *state);

#endif
