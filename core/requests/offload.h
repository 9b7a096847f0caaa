/* Offload: requests that are too long for a turn are computed by other threads (computation.h).
 *
 * A shard tries each request with work_inline steps of the engine. What that does not suffice for
 * is heavy: its entry waits for room among the computations, in turns by session (request_line.h);
 * one that asks what is computed already waits for that one, at once and without being tried. When
 * a computation is back its entries are answered, so many in a turn; answers of one session that
 * follow each other share PCReps. What has waited for a computation comes in no order with other
 * answers of its session: RFC 5440 asks for none, request-IDs name them.
 *
 * A session that takes no answers when its computation comes back is answered later, and computed
 * again for that.
 *
 * Internal to core/requests.
 *
 * Thread: the owning shard. Owns: nothing.
 * Bound: the table of computations; the queue's limits hold for what is computed as for what
 * waits. */
#ifndef PCED_CORE_REQUESTS_OFFLOAD_H
#define PCED_CORE_REQUESTS_OFFLOAD_H

#include "core/requests/request.h"

#define OFFLOAD_ANSWERS_MAX 512 /* of computations that are back, in one turn */
#define OFFLOAD_BEGIN_MAX   64  /* requests that are given to computations in one turn */

/* The entry, which is heavy, waits for the computation of its plan from now on: one that is under
 * way, or a new one where there is room and nobody waits for that. Gives false when there is none:
 * it stays heavy. */
bool offload_try(struct request_context *context, struct request_entry *entry,
                 struct request_plan *plan);
/* Once a turn: answers what has come back, and begins what there is room for. Resets the arena.
 * Gives true when more could be done at once. */
bool offload_turn(struct request_context *context);

#endif
