/* Session as JSON, for the API.
 *
 * Thread: any. Owns: json_t by jansson's counting. */
#ifndef PCED_SERVER_CONTROL_SESSION_JSON_H
#define PCED_SERVER_CONTROL_SESSION_JSON_H

#include "server/northbound/session_view.h"

#include <jansson.h>

#define SESSION_ID_SIZE 36 /* "255-4294967295-4294967295" and its NUL */

/* A row of a list, and all that is known. New references; NULL when memory ran out. */
json_t *session_json_row(const struct session_view *view);
json_t *session_json_detail(const struct session_view *view);

/* "shard-index-generation". */
void session_id_format(const struct conn_handle *id, char text[SESSION_ID_SIZE]);
bool session_id_parse(const char *text, struct conn_handle *id);

#endif
