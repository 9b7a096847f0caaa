/* Notify: the PCNtf messages that a PCE sends about requests and its own load (RFC 5440 6.6, 7.14).
 *
 * For core/requests and core/handlers. No message may be open in the session.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REQUESTS_NOTIFY_H
#define PCED_CORE_REQUESTS_NOTIFY_H

#include "core/requests/requests.h"

/* These requests will not be served: 1/2 with their RPs, in as many messages as reply_size_max asks
 * for. */
void notify_cancelled(struct request_context *context, struct session *session, const uint32_t *ids,
                      uint32_t id_count);
/* 2/1, with OVERLOADED-DURATION. false: there was no room for it. */
bool notify_overloaded(struct request_context *context, struct session *session,
                       uint32_t duration_s);
/* 2/2. */
void notify_available(struct request_context *context, struct session *session);

#endif
