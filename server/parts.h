/* Parts: what the shards of this server do, one row for each part.
 *
 * Thread: any; constant. Owns: nothing. */
#ifndef PCED_SERVER_PARTS_H
#define PCED_SERVER_PARTS_H

#include "server/shard/part.h"

/* In the order of the turn (server/shard/part.h); NULL after the last. */
extern const struct shard_part *const server_parts[];

#endif
