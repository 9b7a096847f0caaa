/* No paths: the part of a shard that looks again, when the topology is another one, at requests that
 * had no path.
 *
 * Thread: the shard. Owns: the memory of them. Bound: that of core/requests/no_path_memory.h, with a
 * shard's share of limits.no-paths and limits.no-paths-per-session. */
#ifndef PCED_SERVER_SHARD_NO_PATHS_H
#define PCED_SERVER_SHARD_NO_PATHS_H

#include "server/shard/part.h"
#include "server/shard/shard.h"

extern const struct shard_part no_paths_part;

#endif
