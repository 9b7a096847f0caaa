/* Requests: the part of a shard that serves path requests.
 *
 * Its queue, its cache of replies and its path engine; what takes longer than a turn goes to the
 * threads of compute.h and comes back as mail.
 *
 * Thread: the shard. Owns: queue, cache, engine.
 * Bound: limits.request-queue and limits.reply-cache. */
#ifndef PCED_SERVER_SHARD_REQUESTS_H
#define PCED_SERVER_SHARD_REQUESTS_H

#include "server/shard/part.h"
#include "server/shard/shard.h"

extern const struct shard_part requests_part;

/* For the events of the requests. */
bool requests_offload(struct request_context *context, struct computation *computation);
bool requests_own_route(struct request_context *context, struct session *session,
                        const struct request_lsp *lsp, struct request_own *own);

#endif
