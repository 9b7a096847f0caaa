/* LSPs: the part of a shard that keeps what its PCCs report of their LSPs.
 *
 * limits.lsps and limits.lsp-memory are of all shards together. Each publishes what it has, and at
 * the beginning of a turn takes over what the others had: so the limits are exact to what one turn
 * of each shard brings.
 *
 * Thread: the shard. Owns: the database. Bound: the limits of core/lsp/lsp_db.h. */
#ifndef PCED_SERVER_SHARD_LSPS_H
#define PCED_SERVER_SHARD_LSPS_H

#include "server/shard/part.h"
#include "server/shard/shard.h"

extern const struct shard_part lsps_part;

#endif
