/* Shed: what is done when the pending octets of all sessions together pass limits.pending-total,
 * or when memory for a message is refused: the worst offender goes first.
 *
 * Each shard adds what its pending octets changed by to one sum of the server, once a turn, and
 * publishes how bad its worst peer is, as a power of two. The shard that sees the sum past the
 * limit takes its own worst peers as stalled unless another shard has a worse one: then that shard
 * is told, by its mailbox. So the worst is found without a lock and without a walk over sessions,
 * and is right to a factor of two. At most SHED_BATCH peers go in one turn of a shard.
 *
 * Thread: the shard. Owns: nothing. Bound: SHED_BATCH. */
#ifndef PCED_SERVER_PEER_SHED_H
#define PCED_SERVER_PEER_SHED_H

#include "server/shard/shard.h"

#define SHED_BATCH 8

/* Its turn is at the end. */
extern const struct shard_part shed_part;

#endif
