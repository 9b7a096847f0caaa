/* A part of a test's own among those of a shard: its fini comes just before that of the peers, when
 * what they have is still there and must be empty.
 *
 * Thread: one. Owns: nothing; the rows are the caller's. */
#ifndef PCED_TESTS_LIB_END_PART_H
#define PCED_TESTS_LIB_END_PART_H

#include "core/base/check.h"
#include "server/parts.h"
#include "server/peer/peers.h"

/* Those of the server, and `end` behind the first, which is that of the peers. */
static inline void end_part_insert(const struct shard_part *parts[SHARD_PARTS_MAX + 2],
                                   const struct shard_part *end)
{
    CHECK(server_parts[0] == &peers_part);
    parts[0] = server_parts[0];
    parts[1] = end;
    for (unsigned i = 1; server_parts[i] != NULL; i++)
        parts[i + 1] = server_parts[i];
}

#endif
