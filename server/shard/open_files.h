/* Open files: what the system's limit leaves for sessions, and how its lack is told.
 *
 * Where sockets lie in the rings' own tables, each table is as large as the limit allows; the rest
 * of the process (listening sockets, mailboxes, rings, the API) needs descriptors of the process.
 *
 * Thread: main, at the start; open_files_refuse by any. Owns: nothing. Bound: the system's. */
#ifndef PCED_SERVER_SHARD_OPEN_FILES_H
#define PCED_SERVER_SHARD_OPEN_FILES_H

#include "io/os/failure.h"

#include <stdint.h>

struct shared;

/* Descriptors that a ring's own table leaves to the rest of the process (io/ring/ring.h). */
#define OPEN_FILES_KEPT 900
/* Peers are spread over the shards by a hash: a shard is planned to be full to all but this part.
 */
#define OPEN_FILES_SPREAD 16

/* `what` could not be made: says that it was for want of descriptors, with the limit and what to do
 * about it, where status is PCE_LIMIT; else for want of memory. */
PCE_MUST_CHECK enum pce_status open_files_refuse(struct failure *failure, enum pce_status status,
                                                 const char *what);

/* The shards are ready: warns where all of them together hold fewer connections than
 * limits.sessions allows, with the limit that it would take. */
void open_files_compare(const struct shared *shared);

#endif
