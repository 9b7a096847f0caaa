#include "io/os/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum pce_status folder_may_create(const char *path, struct failure *failure)
{
    char folder[FOLDER_PATH_SIZE];
    const char *slash = strrchr(path, '/');
    size_t size = slash == NULL ? 0 : (size_t)(slash - path);
    if (size >= sizeof folder)
        return failure_set(failure, PCE_INVALID, "%.60s…: the path is too long", path);
    if (slash == path)
        size = 1; /* the root keeps its name */
    (void)snprintf(folder, sizeof folder, "%.*s", (int)size, slash == NULL ? "" : path);
    const char *name = folder[0] == '\0' ? "." : folder;
    if (faccessat(AT_FDCWD, name, W_OK | X_OK, AT_EACCESS) != 0)
        return failure_set_errno(failure, errno, "cannot make %s in the folder %s",
                                 slash == NULL ? path : slash + 1, name);
    return PCE_OK;
}
