/* Throttle: a peer that asks faster than it can be served is not read until part of what it asked
 * is answered.
 *
 * Requests that found the turn's work used up wait in the shard's queue (core/requests). A peer of
 * which a quarter of its limits.requests-in-flight waits, or less while very many wait in the shard
 * (request_queue_mark), is paused, so that what it goes on to send waits in its own TCP window
 * instead of being read, copied and refused; below half of that it is read again. The limit itself is for what has been received by then. What else the peer sends, a
 * cancellation for one, waits behind its requests; its dead timer spares it while it does.
 *
 * Thread: the shard. Owns: a small record for each peer that is throttled.
 * Bound: THROTTLE_LOOKS peers are looked at in a turn, one after the other. */
#ifndef PCED_SERVER_PEER_THROTTLE_H
#define PCED_SERVER_PEER_THROTTLE_H

#include "server/peer/peer.h"

#define THROTTLE_LOOKS 64

/* After octets of the peer were worked on. */
void throttle_check(struct peer *peer);
/* Its turn is behind that of the requests. */
extern const struct shard_part throttle_part;
/* The session is over; a connection that is finished is read again without being told. Harmless when
 * it is not throttled. */
void throttle_end(struct peer *peer);

#endif
