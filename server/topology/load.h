/* Topology: reads the topology file into a snapshot that can be published.
 *
 * Thread: any, but never a shard: it blocks in the file and in the reading. Owns: nothing
 * afterwards. Bound: TOPOLOGY_FILE_SIZE_MAX. */
#ifndef PCED_SERVER_TOPOLOGY_LOAD_H
#define PCED_SERVER_TOPOLOGY_LOAD_H

#include "core/base/status.h"
#include "core/ted/ted.h"

#include <stddef.h>

/* The caller owns the snapshot. On failure there is none, and *text says "file:line: element:
 * reason". */
PCE_MUST_CHECK enum pce_status topology_load(const char *path, struct ted_snapshot **snapshot,
                                             char *text, size_t text_size);

#endif
