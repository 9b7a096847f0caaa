/* The inside of a peer, for the files that make one up (peer_….c) and those that watch it.
 *
 * Thread: the shard. */
#ifndef PCED_SERVER_PEER_PEER_IMPL_H
#define PCED_SERVER_PEER_PEER_IMPL_H

#include "server/peer/peer.h"

extern const struct session_ops peer_session_ops;
extern const struct conn_ops peer_conn_ops;

uint64_t peer_address_hash(const struct ip *address);
/* Into the map and out of it, as the phases say (peer_fsm.h); false: there was no memory. */
PCE_MUST_CHECK bool peer_list(struct peer *peer);
/* Another one of the same PCC may begin, and watchers are told. */
void peer_unlist(struct peer *peer);
/* A peer with its places taken; NULL and why. */
struct peer *peer_admit(struct shard *shard, const struct ip *address, enum session_role role,
                        const char **why);
/* One that was admitted and has not begun. */
void peer_drop(struct peer *peer);
/* The connection is there: our Open. */
void peer_begin_session(struct peer *peer);
/* conn_connect has succeeded. */
void peer_on_connected(struct conn *conn);
/* What conn_inspect said, where peer_on_connected asked for our own address. */
void peer_on_local(struct peer *peer, const struct ip *local);

#endif
