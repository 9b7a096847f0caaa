/* Reads a whole file that has a limit. A pipe in its place is read while it is being
 * written, and refused when nothing comes.
 *
 * Thread: any; it blocks, so never a shard. */
#ifndef PCED_IO_OS_FILE_H
#define PCED_IO_OS_FILE_H

#include "io/os/failure.h"

#include <stddef.h>

/* All octets of the file and a NUL behind them (which size does not count), from malloc; the caller
 * frees *octets. PCE_LIMIT when it has more than size_max octets, PCE_NOT_FOUND, PCE_DENIED,
 * PCE_INVALID when it is a directory; the failure's text names the path. */
PCE_MUST_CHECK enum pce_status file_read(const char *path, size_t size_max, char **octets,
                                         size_t *size, struct failure *failure);

#endif
