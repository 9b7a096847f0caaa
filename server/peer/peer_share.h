/* What a peer has a share of: limits.sessions.
 *
 * Thread: the shard. Owns: nothing. */
#ifndef PCED_SERVER_PEER_PEER_SHARE_H
#define PCED_SERVER_PEER_PEER_SHARE_H

#include "server/shard/shard.h"

/* One place of limits.sessions goes back. */
void peer_release_place(struct shard *shard);

#endif
