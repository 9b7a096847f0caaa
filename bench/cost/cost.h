/* Cost: one session of a shard and what it is served with, without a socket or a thread.
 *
 * Thread: one. Owns: all of it. */
#ifndef PCED_BENCH_COST_COST_H
#define PCED_BENCH_COST_COST_H

#include "core/handlers/handlers.h"
#include "core/path/path_set.h"
#include "core/reopt/reopt.h"
#include "io/net/send_queue.h"

struct cost {
    struct session session; /* first: the callbacks find the rest by it */
    struct session_config config;
    struct request_context context;
    struct request_counters counters;
    struct handler_context handler;
    struct handler_counters handled;
    struct wheel wheel;
    struct lsp_db lsps;
    struct lsp_orders orders;
    struct arena arena;
    struct ted_snapshot *snapshot;
    struct send_pool *pool;
    struct send_queue queue;
    struct mono now;
    uint64_t messages; /* committed */
    struct wire_span request;
    size_t id_offset, bandwidth_offset;
    uint8_t octets[256]; /* of the request */
    struct wire_span report;
    size_t label_offset;
    size_t plsp_id_offset, name_offset;
    uint8_t report_octets[256];
    struct path_set *set;
    struct reopt *reopt; /* NULL: LSPs are not moved */
    struct ted_link_registry *links;
};

void cost_receive(struct cost *cost, const uint8_t *octets, size_t size);
/* All that waits is taken by the kernel. */
void cost_send_all(struct cost *cost);

#endif
