/* Wait: requests that are not answered at once go into the queue, or are cancelled where that is
 * full (RFC 5440 7.14, PCNtf 1/2).
 *
 * Internal to core/requests.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REQUESTS_WAIT_H
#define PCED_CORE_REQUESTS_WAIT_H

#include "core/requests/request.h"

/* Whether a request of this session has to wait: the turn's work is used up, others wait, or the
 * peer does not take its answers. */
bool wait_is_due(struct request_context *context, struct session *session);
/* Whether those of all sessions have to. */
bool wait_is_general(const struct request_context *context);
/* Puts requests of the message into the queue, and those that are heavy into the hands of others
 * where these have room. Where there is no memory for one, sessions that have
 * far more in it lose their last ones; where none has, or the session has its limit, the request is
 * cancelled. No message may be open in any session. PCE_LIMIT: the arena is full, and they are
 * dropped. */
PCE_MUST_CHECK enum pce_status wait_begin(struct request_context *context, struct session *session,
                                          struct request_plan *plans, uint32_t count);
/* The same of one that is not decoded. */
void wait_begin_one(struct request_context *context, struct session *session,
                    const struct request_octets *request);

#endif
