/* Send: the messages that the session itself writes. All are control messages.
 *
 * Internal to core/session.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_SESSION_SEND_H
#define PCED_CORE_SESSION_SEND_H

#include "core/pcep/error.h"
#include "core/session/open.h"

/* Each gives false when the owner has no room for it. */
bool session_send_open(struct session *session, struct mono now);
bool session_send_keepalive(struct session *session, struct mono now);
bool session_send_close(struct session *session, uint8_t reason, struct mono now);
/* PCErr with one PCEP-ERROR and nothing else. */
bool session_send_plain_error(struct session *session, enum pcep_error_code error, struct mono now);
/* PCErr 1/4 with the OPEN that we would accept. */
bool session_send_proposal(struct session *session, const struct session_open_view *view,
                           struct mono now);

#endif
