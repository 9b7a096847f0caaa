/* Looks at a peer's socket: what of its octets the kernel has, and the peer's TCP has not
 * acknowledged; and what that and the queue come to.
 *
 * Internal to server/peer.
 *
 * Thread: the shard. Owns: nothing. Bound: one question for each peer is open. */
#ifndef PCED_SERVER_PEER_PEER_LOOK_H
#define PCED_SERVER_PEER_PEER_LOOK_H

#include "server/peer/peer.h"

/* While a paused peer's queue is empty nothing comes from the kernel by itself: it is asked, soon
 * at first and then less and less often, up to the sampling period of the send hold. */
#define PEER_LOOK_FIRST_MS 20

/* Takes what is pending now into the sum of the shard. */
void peer_look_count(struct peer *peer);
/* Asks the kernel; peer_send_on_unacked has the answer. */
void peer_look(struct peer *peer);
/* When peer_look_on_time has something to do; MONO_NEVER. */
struct mono peer_look_deadline(const struct peer *peer);
void peer_look_on_time(struct peer *peer, struct mono now);

#endif
