/* API: what the HTTP requests of operators mean.
 *
 * Counters are read as they are; sessions are asked of their shards, one bounded question at a time
 * for each shard (api_ask.h). Errors are 4xx or 5xx with a JSON body that names the field.
 *
 * Thread: the control thread. Owns: the questions that are not answered.
 * Bound: a request for each client of http_clients.h; one question out for each shard;
 * API_PAGE_MAX sessions in one answer; API_WAIT_MS for each question. */
#ifndef PCED_SERVER_CONTROL_API_H
#define PCED_SERVER_CONTROL_API_H

#include "core/base/list.h"
#include "io/net/listener.h"
#include "io/share/snapshot.h"
#include "server/control/http.h"
#include "server/northbound/session_view.h"
#include "server/shard/shared.h"

#include <jansson.h>

#define API_PAGE_DEFAULT 100
#define API_PAGE_MAX     1000
#define API_WAIT_MS      5000

struct api {
    struct shared *shared;
    const struct http_counters *http; /* zeros without a server of HTTP */
    struct mailbox *mailbox;          /* answers of shards come here */
    uint32_t answer_kind;             /* … as mail of this kind */
    struct snapshot_reader *reader;
    struct list_link asks;
    uint32_t out_count; /* questions that shards have */
    bool is_busy[LISTENER_SHARDS_MAX];
};

/* The mailbox is set before the first request. */
void api_init(struct api *api, struct shared *shared, uint32_t answer_kind);
/* Answers everything that waits with 503; what shards still have stays listed. */
void api_end(struct api *api);
/* Frees what shards never gave back; after the shards have ended. */
void api_fini(struct api *api);

http_request_fn api_on_request; /* context: struct api */
http_request_fn api_on_gone;
/* A shard has answered. */
void api_on_answer(struct api *api, struct view_question *question);
/* Gives up what has waited for too long. */
void api_on_time(struct api *api, struct mono now);

/* ---- for the endpoints ---- */

/* Takes the reference; NULL: memory ran out. */
void api_answer_json(struct http_request *request, unsigned status, json_t *json);
/* field: which argument, part of the path or member of the body; NULL for none. */
void api_refuse(struct http_request *request, unsigned status, const char *field,
                const char *message);
/* What /api/v1/status shows; NULL: memory ran out. */
json_t *api_status_json(const struct api *api);
/* The value of an argument, or NULL. */
const char *api_argument(const struct http_request *request, const char *name);
/* False when there is another argument than those; it was refused. names: ends with NULL. */
bool api_check_arguments(struct http_request *request, const char *const *names);
/* Decimal digits alone, at most `greatest`. */
bool api_parse_number(const char *text, uint64_t greatest, uint64_t *number);

/* The arguments "peer" and "limit" of a list into these; the name of the one that is wrong, or
 * NULL. */
const char *api_read_list(const struct http_request *request, struct view_question *question,
                          uint64_t *limit);
/* What one of a list's arguments must be. */
const char *api_explain(const char *field);

/* rest: the path behind the row's own part. */
typedef void api_endpoint_fn(struct api *api, struct http_request *request, const char *rest);

api_endpoint_fn api_list_sessions; /* api_sessions.c */
api_endpoint_fn api_show_session;
api_endpoint_fn api_close_session;
api_endpoint_fn api_list_history; /* api_history.c */
api_endpoint_fn api_show_status;  /* api_status.c */
api_endpoint_fn api_show_health;
api_endpoint_fn api_show_metrics; /* metrics.c */

#endif
