/* Changes of LSPs, PCCs and sessions as JSON: rows of a list, and what streams say of them.
 *
 * Thread: the control thread. Owns: json_t by jansson's counting. */
#ifndef PCED_SERVER_CONTROL_CHANGE_JSON_H
#define PCED_SERVER_CONTROL_CHANGE_JSON_H

#include "server/northbound/change_view.h"

#include <jansson.h>

/* New references; NULL when memory ran out. */
json_t *change_json(const struct change_view *view);
/* The same with its time since 1970 in place of its age. */
json_t *change_event_json(const struct change_view *view, double now_s);
/* Of a session that came up or has ended. */
json_t *session_event_json(const struct change_view *view, double now_s);

#endif
