/* Folder: whether a file could be made where a path says, without making it.
 *
 * Thread: any. Owns: nothing. Bound: FOLDER_PATH_SIZE octets of path. */
#ifndef PCED_IO_OS_FOLDER_H
#define PCED_IO_OS_FOLDER_H

#include "io/os/failure.h"

#define FOLDER_PATH_SIZE 4096

/* PCE_NOT_FOUND, PCE_DENIED …: the text names the folder. With the rights that the process has. */
PCE_MUST_CHECK enum pce_status folder_may_create(const char *path, struct failure *failure);

#endif
