/* Speaker's link: one TCP connection of a BGP-LS peer, between the socket and the protocol.
 *
 * Internal to server/topology.
 *
 * Thread: the topology thread. Owns: nothing but its connection. Bound: see speaker.h. */
#ifndef PCED_SERVER_TOPOLOGY_SPEAKER_LINK_H
#define PCED_SERVER_TOPOLOGY_SPEAKER_LINK_H

#include "io/net/conn.h"
#include "server/topology/speaker.h"

extern const struct conn_ops speaker_link_ops;
extern const struct bgp_peer_ops speaker_peer_ops;

/* The connection is the link's from now on. */
void speaker_link_begin(struct speaker_link *link, struct conn *conn);
/* What is due: a connection that could not be begun, one whose grace is over, progress. */
void speaker_link_turn(struct speaker_link *link, struct mono now);
struct mono speaker_link_deadline(const struct speaker_link *link);

#endif
