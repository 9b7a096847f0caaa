/* Handover: a connection that landed on another shard than its address belongs to.
 *
 * The steering of the listeners makes this rare (it happens while listeners come and go, and where
 * the kernel refuses the program). The socket is taken out of this shard's ring and posted to the
 * right one, so that two connections of one PCC always meet.
 *
 * Thread: the shard that calls. Owns: the socket while it travels.
 * Bound: the receiving shard's mailbox; a socket that does not fit is closed and counted. */
#ifndef PCED_SERVER_PEER_HANDOVER_H
#define PCED_SERVER_PEER_HANDOVER_H

#include "server/shard/shard.h"

void handover_send(struct shard *shard, struct conn *conn, unsigned home);
/* On the right shard: takes the sockets over. */
extern const struct shard_part handover_part;

#endif
