/* Topology asks: requests of operators that the topology thread has to answer, one after the other.
 *
 * Thread: the control thread. Owns: the asks that were started, also while the topology thread has
 * them. Bound: one with the topology thread at a time, those that wait are one for each client of
 * http_clients.h; API_WAIT_MS for each. */
#ifndef PCED_SERVER_CONTROL_TOPOLOGY_ASKS_H
#define PCED_SERVER_CONTROL_TOPOLOGY_ASKS_H

#include "core/base/list.h"
#include "core/base/mono.h"
#include "server/control/http.h"
#include "server/topology/ask.h"

struct topology_request;

struct topology_asks {
    struct topology *topology;
    struct mailbox *reply_to; /* set before the first request, with the kind of its mail */
    uint32_t reply_kind;
    struct list_link waiting;     /* requests, the oldest first; `out`, too */
    struct topology_request *out; /* that the topology thread has; NULL: none */
};

/* Answers the request. */
typedef void topology_answer_fn(struct http_request *request, const struct topology_ask *ask);

void topology_asks_init(struct topology_asks *asks, struct topology *topology);
/* Answers all with 503; what the topology thread still has stays. */
void topology_asks_end(struct topology_asks *asks);
/* Frees what never came back; after the topology thread has ended. */
void topology_asks_fini(struct topology_asks *asks);
void topology_asks_on_time(struct topology_asks *asks, struct mono now);
void topology_asks_on_answer(struct topology_asks *asks, struct topology_ask *ask);

/* what: whom and what to ask, and nothing else of it; a text of its order is taken over. The request is answered once, now or later. */
void topology_asks_start(struct topology_asks *asks, struct http_request *request,
                         const struct topology_ask *what, topology_answer_fn *answer);

#endif
