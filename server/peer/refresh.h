/* Refresh: how a shard takes over settings that were published: the limits and the send-hold time
 * of sessions that stand, and the peers that it connects to.
 *
 * Thread: the shard. Owns: nothing.
 * Bound: REFRESH_BATCH sessions a turn, so that a reload holds nobody up. */
#ifndef PCED_SERVER_PEER_REFRESH_H
#define PCED_SERVER_PEER_REFRESH_H

#include "server/shard/shard.h"

#define REFRESH_BATCH 512

extern const struct shard_part refresh_part;

#endif
