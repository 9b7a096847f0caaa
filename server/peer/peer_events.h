/* Peer events: what requests and handlers tell the peer whose message they have worked on.
 *
 * Thread: the shard. Owns: nothing. */
#ifndef PCED_SERVER_PEER_PEER_EVENTS_H
#define PCED_SERVER_PEER_PEER_EVENTS_H

#include "server/peer/peer.h"

extern const struct request_events peer_request_events;
extern const struct handler_events peer_handler_events;

#endif
