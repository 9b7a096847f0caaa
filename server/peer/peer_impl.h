/* The inside of a peer, for peer.c, peer_begin.c and challenge.c.
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
/* conn_connect has succeeded. */
void peer_on_connected(struct conn *conn);
/* What conn_inspect said, where peer_on_connected asked for our own address. */
void peer_on_local(struct peer *peer, const struct ip *local);

#endif
