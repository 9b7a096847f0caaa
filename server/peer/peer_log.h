/* What is written about a peer: one place for the words and fields of its life and of its messages.
 *
 * Thread: the shard. Owns: nothing. */
#ifndef PCED_SERVER_PEER_PEER_LOG_H
#define PCED_SERVER_PEER_PEER_LOG_H

#include "server/peer/peer.h"

void peer_log_connected(const struct peer *peer);
void peer_log_up(const struct peer *peer);
/* The session left `from` for good; its verdict says why. */
void peer_log_end(const struct peer *peer, enum session_state from);
void peer_log_paused(const struct peer *peer);
/* It was taken as stalled, for peer->stall; what was thrown away. */
void peer_log_stalled(const struct peer *peer, const struct send_dropped *dropped);
/* Static. */
const char *peer_stall_text(enum peer_stall why);
/* No peer was made of this connection. */
void peer_log_turned_away(const struct conn *conn, const char *why);

#endif
