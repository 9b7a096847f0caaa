/* Groups of LSPs as JSON.
 *
 * Thread: the control thread. Owns: nothing; json_t by jansson's counting. */
#ifndef PCED_SERVER_CONTROL_GROUP_JSON_H
#define PCED_SERVER_CONTROL_GROUP_JSON_H

#include "server/northbound/group_view.h"

#include <jansson.h>

/* A row of the list. A new reference; NULL when memory ran out. */
json_t *group_json_row(const struct group_view *view);
/* "as asked" …; false: it is none. */
bool group_state_parse(const char *text, uint8_t *state);

#endif
