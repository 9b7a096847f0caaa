/* The inside of a peer, for the files that make one up (peer_….c) and those that watch it.
 *
 * Thread: the shard. */
#ifndef PCED_SERVER_PEER_PEER_IMPL_H
#define PCED_SERVER_PEER_PEER_IMPL_H

#include "server/peer/peer.h"

extern const struct session_ops peer_session_ops;
extern const struct conn_ops peer_conn_ops;
wheel_fire_fn peer_on_time;

uint64_t peer_address_hash(const struct ip *address);
/* Stands in the map: what comes from its address now is a second connection. */
PCE_MUST_CHECK bool peer_list(struct peer *peer);
/* The session is over: another one of the same PCC may begin. */
void peer_unlist(struct peer *peer);
/* Counts in shard->peers->live_count until it is unlisted. */
void peer_count_live(struct peer *peer);
/* A peer with its places taken; NULL and why. */
struct peer *peer_admit(struct shard *shard, const struct ip *address, enum session_role role,
                        const char **why);
/* One that was admitted and has not begun. */
void peer_drop(struct peer *peer);
/* The connection is there: our Open. */
void peer_begin_session(struct peer *peer);
/* Our Open is held back no longer. */
void peer_end_greeting(struct peer *peer);
/* conn_connect has succeeded. */
void peer_on_connected(struct conn *conn);
/* What conn_inspect said, where peer_on_connected asked for our own address. */
void peer_on_local(struct peer *peer, const struct ip *local);

#endif
