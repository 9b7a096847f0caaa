/* Peers: the part of a shard that has PCEP peers: who gets in, and how all of them end.
 *
 * Thread: the shard. Owns: the map of peers, the settings that sessions share, the history.
 * Bound: limits.sessions over all shards. */
#ifndef PCED_SERVER_PEER_PEERS_H
#define PCED_SERVER_PEER_PEERS_H

#include "server/shard/part.h"
#include "server/shard/shard.h"

extern const struct shard_part peers_part;

#endif
