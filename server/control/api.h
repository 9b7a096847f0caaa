/* API: what the HTTP requests of operators mean.
 *
 * The table of paths (api.c) stands on top of the endpoints, those on top of what they share: how a
 * request is answered (api_answer.h), what it says (api_arguments.h), how shards are asked
 * (api_ask.h), how an answer stays open (api_stream.h). An endpoint answers at once, from counters
 * and snapshots; or begins an ask, which answers later; or opens a stream, for which no shard need
 * be asked. Errors are 4xx or 5xx with a JSON body that names the field.
 *
 * Thread: the control thread. Owns: the asks that are not answered, the streams.
 * Bound: a request for each client of http_clients.h; those of api_ask.h and api_stream.h;
 * API_PAGE_MAX rows in one answer (api_arguments.h). */
#ifndef PCED_SERVER_CONTROL_API_H
#define PCED_SERVER_CONTROL_API_H

#include "io/share/snapshot.h"
#include "server/control/api_ask.h"
#include "server/control/api_stream.h"
#include "server/control/event_pump.h"
#include "server/control/topology_asks.h"

#include <jansson.h>

struct api {
    struct shared *shared;
    const struct http_counters *http; /* zeros without a server of HTTP */
    struct snapshot_reader *reader;
    struct asks asks;                   /* its reply_to is set before the first request */
    struct topology_asks topology_asks; /* likewise */
    struct streams streams;
    struct event_pump pump; /* what the streams say */
    uint32_t next_path;     /* the shard that computes the next one, going round */
};

void api_init(struct api *api, struct shared *shared);

http_request_fn api_on_request; /* context: struct api */
http_body_max_fn api_body_max;  /* likewise */

/* What /api/v1/status shows; NULL: memory ran out. */
json_t *api_status_json(const struct api *api);

/* What has waited for too long, and what streams have to say. */
void api_on_time(struct api *api, struct mono now);
/* How long that may wait. */
int api_wait_ms(const struct api *api);
/* Answers or ends everything that waits or is open; what shards still have stays listed. */
void api_end(struct api *api);
/* After asks_fini. */
void api_fini(struct api *api);
/* Nothing is with a shard, and no stream is open. */
bool api_is_idle(const struct api *api);

/* Answers, calls ask_start or stream_open, once. rest: the path behind the row's own part. */
typedef void api_endpoint_fn(struct api *api, struct http_request *request, const char *rest);

api_endpoint_fn api_list_sessions; /* api_sessions.c */
api_endpoint_fn api_show_session;  /* api_session.c */
api_endpoint_fn api_close_session;
api_endpoint_fn api_list_lsps;    /* api_lsps.c */
api_endpoint_fn api_show_lsp;     /* api_lsp.c */
api_endpoint_fn api_list_changes; /* api_changes.c */
api_endpoint_fn api_list_pccs;    /* api_pccs.c */
api_endpoint_fn api_ask_lsp;      /* api_lsp_ask.c */
api_endpoint_fn api_resync_pcc;
api_endpoint_fn api_bind_lsp;    /* api_lsp_bind.c */
api_endpoint_fn api_list_orders; /* api_orders.c */
api_endpoint_fn api_show_order;
api_endpoint_fn api_list_deletions; /* api_deletions.c */
api_endpoint_fn api_forget_deletion;
api_endpoint_fn api_list_no_paths; /* api_no_paths.c */
api_endpoint_fn api_list_groups;   /* api_groups.c */
api_endpoint_fn api_compute_path;  /* api_path.c */
api_endpoint_fn api_list_intents;  /* api_intents.c */
api_endpoint_fn api_show_intent;   /* api_intent.c */
api_endpoint_fn api_put_intent;
api_endpoint_fn api_delete_intent;
api_endpoint_fn api_list_history; /* api_history.c */
api_endpoint_fn api_list_peers;   /* api_topology.c */
api_endpoint_fn api_show_peer;
api_endpoint_fn api_reset_peer;
api_endpoint_fn api_refresh_peer;
api_endpoint_fn api_list_sources; /* api_sources.c */
api_endpoint_fn api_show_source;
api_endpoint_fn api_put_source;
api_endpoint_fn api_change_source;
api_endpoint_fn api_delete_source;
api_endpoint_fn api_show_topology; /* api_network.c */
api_endpoint_fn api_show_findings;
api_endpoint_fn api_show_status; /* api_status.c */
api_endpoint_fn api_show_health;
api_endpoint_fn api_show_metrics;
api_endpoint_fn api_show_topology_log; /* api_network_log.c */
api_endpoint_fn api_stream_events;     /* api_events.c */

#endif
