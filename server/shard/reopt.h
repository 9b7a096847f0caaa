/* Reoptimisation: the part of a shard that lays the LSPs of its PCCs onto the network, and has them
 * moved when it changes (core/reopt/reopt.h).
 *
 * Thread: the shard; reopt_post_topology: the publisher of the topology. Owns: the routes of LSPs.
 * Bound: the work that core/reopt has for a turn. */
#ifndef PCED_SERVER_SHARD_REOPT_H
#define PCED_SERVER_SHARD_REOPT_H

#include "server/shard/part.h"
#include "server/shard/shard.h"

extern const struct shard_part reopt_part;

/* The network was published: shards that sleep look at it at once. */
void reopt_post_topology(struct shared *shared);

#endif
