/* API answer: what a request ends with.
 *
 * Thread: the control thread. Owns: nothing. */
#ifndef PCED_SERVER_CONTROL_API_ANSWER_H
#define PCED_SERVER_CONTROL_API_ANSWER_H

#include "server/control/http.h"

#include <jansson.h>

/* Takes the reference; NULL: memory ran out. */
void api_answer_json(struct http_request *request, unsigned status, json_t *json);
/* An error with a JSON body. field: which argument, part of the path or member of the body; NULL
 * for none. */
void api_refuse(struct http_request *request, unsigned status, const char *field,
                const char *message);
void api_refuse_memory(struct http_request *request);

/* The JSON that a request has as its body (a new reference), or NULL: it has none, which was
 * answered. */
json_t *api_read_json(struct http_request *request);
/* What is wrong in it. field: "" for all of it. */
void api_refuse_body(struct http_request *request, const char *field, const char *reason);

#endif
