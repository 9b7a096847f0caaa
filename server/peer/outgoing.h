/* Outgoing: the sessions that we open ourselves, to the peers that the configuration names
 * (peers[].connect), with retry and back-off (core/session/connect_policy.h).
 *
 * A peer that we connect to belongs to the shard of its address, as if it had come to us. While it
 * has a session, whoever opened it, nothing is tried; when that ends the next attempt follows by
 * the policy. A reload takes up new ones, changes others from their next attempt on, and forgets
 * those that are gone: their sessions stay.
 *
 * Thread: the shard. Owns: a record for each such peer of the shard.
 * Bound: CONFIG_PEERS_MAX over all shards. */
#ifndef PCED_SERVER_PEER_OUTGOING_H
#define PCED_SERVER_PEER_OUTGOING_H

#include "server/peer/peer.h"

struct outgoing;
struct peer_watcher;

extern const struct shard_part outgoing_part;

/* Takes over the settings of this turn; once for each generation. */
void outgoing_apply(struct shard *shard);

/* The attempt to reach that address that is under way, or the session that came of one; else NULL.
 */
struct peer *outgoing_find(struct shard *shard, const struct ip *address);

extern const struct peer_watcher outgoing_watcher;

#endif
