/* Refusal: a connection that is told why it is not wanted, and then ended.
 *
 * A second connection of a PCC whose session lives gets PCErr 9 (RFC 5440 7.15); the session that
 * is there stays. The connection gets a short time to take the message.
 *
 * Thread: the shard. Owns: a small record for each, until the connection is released.
 * Bound: REFUSALS_MAX for each shard; past it the connection is reset without a word. */
#ifndef PCED_SERVER_PEER_REFUSAL_H
#define PCED_SERVER_PEER_REFUSAL_H

#include "server/shard/shard.h"

#define REFUSALS_MAX 256

/* Takes the connection over from whoever has it, or turns it away. It is counted with the peer
 * whose session lives, and in the history; why: static, for that and the log. */
void refusal_begin(struct shard *shard, struct conn *conn, const char *why);

#endif
