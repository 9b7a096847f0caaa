/* Source: the network that a verb works on: a file's, or the one that a pced has now.
 *
 * Thread: the only one. Owns: nothing. Bound: the limits of ted.h. */
#ifndef PCED_SERVER_PCECTL_TOPOLOGY_SOURCE_H
#define PCED_SERVER_PCECTL_TOPOLOGY_SOURCE_H

#include "core/ted/ted.h"

/* The network of a topology file; the caller's to destroy. NULL: what is wrong was said on stderr,
 * and *code is the exit code of the program. */
struct ted_snapshot *source_read_file(const char *path, int *code);

#endif
