/* What is written about a peer: one place for the words and fields of its life and of its messages.
 *
 * Thread: the shard. Owns: nothing. */
#ifndef PCED_SERVER_PEER_PEER_LOG_H
#define PCED_SERVER_PEER_PEER_LOG_H

#include "server/peer/peer.h"

/* Why a connection is refused: each has its counter in shard_counters.h, which the log names. */
enum peer_refusal {
    PEER_REFUSED_SECOND,
    PEER_REFUSED_ACCESS,
    PEER_REFUSED_LIMIT,
    PEER_REFUSAL_COUNT
};

void peer_log_connected(const struct peer *peer);
void peer_log_up(const struct peer *peer);
/* The session left `from` for good; its verdict says why. */
void peer_log_end(const struct peer *peer, enum session_state from);
void peer_log_paused(const struct peer *peer);
/* It was taken as stalled, for peer->stall; what was thrown away. */
void peer_log_stalled(const struct peer *peer, const struct send_dropped *dropped);
/* Static. */
const char *peer_stall_text(enum peer_stall why);
/* No peer is made of this connection: counts that, and says so. why: static. */
void peer_note_refusal(struct shard *shard, const struct conn *conn, enum peer_refusal refusal,
                       const char *why);

/* What the handlers have done and met (core/requests/requests.h, core/handlers/handlers.h); the
 * events of that name. */
void peer_log_reply(struct request_context *context, struct session *session,
                    const struct request_reply *reply);
void peer_log_cached_reply(struct request_context *context, struct session *session,
                           uint32_t request_id, const struct reply_entry *known);
void peer_log_report(struct handler_context *context, struct session *session,
                     const struct pcep_lsp_state *report);
void peer_log_refused(struct request_context *context, struct session *session,
                      const struct pcep_fault *fault);
void peer_log_error(struct handler_context *context, struct session *session, uint8_t error_type,
                    uint8_t error_value);
void peer_log_notification(struct handler_context *context, struct session *session, uint8_t type,
                           uint8_t value);

#endif
