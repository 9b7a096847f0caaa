/* Accept: a connection whose address belongs to this shard.
 *
 * Thread: the shard. Owns: nothing. */
#ifndef PCED_SERVER_PEER_ACCEPT_H
#define PCED_SERVER_PEER_ACCEPT_H

#include "server/shard/shard.h"

/* Begins a session, or tries the one that this peer has already, or turns the connection away. */
void peer_accept(struct shard *shard, struct conn *conn);

#endif
