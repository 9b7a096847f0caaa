/* API: what the HTTP requests of operators mean.
 *
 * Counters are read as they are; sessions are asked of their shards, one bounded question at a time
 * for each shard (api_ask.h). Errors are 4xx or 5xx with a JSON body that names the field.
 *
 * Thread: the control thread. Owns: the questions that are not answered.
 * Bound: a request for each client of http_clients.h; one question out for each shard;
 * API_PAGE_MAX rows in one answer (api_arguments.h); API_WAIT_MS for each question. */
#ifndef PCED_SERVER_CONTROL_API_H
#define PCED_SERVER_CONTROL_API_H

#include "core/base/list.h"
#include "io/net/listener.h"
#include "io/share/snapshot.h"
#include "server/control/http.h"
#include "server/northbound/session_view.h"
#include "server/shard/shared.h"

#include <jansson.h>

#define API_WAIT_MS 5000

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

/* What /api/v1/status shows; NULL: memory ran out. */
json_t *api_status_json(const struct api *api);

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
