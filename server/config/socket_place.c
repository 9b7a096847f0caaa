#include "server/config/socket_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A place whose path is too long for a socket is none. */
__attribute__((format(printf, 2, 3))) static void socket_place_add(struct socket_places *places,
                                                                   const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(places->paths[places->count], SOCKET_PLACE_SIZE, format, arguments);
    va_end(arguments);
    if (size > 0 && size < SOCKET_PLACE_SIZE)
        places->count++;
}

void socket_places_get(struct socket_places *places)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    places->count = 0;
    socket_place_add(places, "%s", SOCKET_PLACE_DEFAULT);
    if (runtime != NULL && runtime[0] == '/')
        socket_place_add(places, "%s/pced/pced.sock", runtime);
    socket_place_add(places, "/tmp/pced-%lu/pced.sock", (unsigned long)geteuid());
}

/* The path without its last element; false where it has none. */
static bool folder_of(const char *path, char folder[SOCKET_PLACE_SIZE])
{
    const char *end = strrchr(path, '/');
    size_t size = end == NULL ? 0 : (size_t)(end - path);
    if (size == 0 || size >= SOCKET_PLACE_SIZE)
        return false;
    memcpy(folder, path, size);
    folder[size] = '\0';
    return true;
}

/* A link is not followed: in /tmp it may be anybody's. */
static bool is_safe(const char *folder)
{
    struct stat found;
    if (lstat(folder, &found) != 0)
        return false;
    bool is_ours = found.st_uid == geteuid() || found.st_uid == 0;
    if (S_ISDIR(found.st_mode) && is_ours && (found.st_mode & (S_IWGRP | S_IWOTH)) == 0)
        return true;
    errno = EPERM;
    return false;
}

bool socket_place_prepare(const char *path)
{
    char folder[SOCKET_PLACE_SIZE];
    if (!folder_of(path, folder)) {
        errno = EINVAL;
        return false;
    }
    /* Everybody may look into the one under /run; the socket's own mode says who may use it. */
    mode_t mode = strcmp(path, SOCKET_PLACE_DEFAULT) == 0 ? 0755 : 0700;
    if (mkdir(folder, mode) != 0 && errno != EEXIST)
        return false;
    return is_safe(folder);
}

bool socket_place_probe(const char *path, bool *is_there)
{
    char folder[SOCKET_PLACE_SIZE];
    char parent[SOCKET_PLACE_SIZE];
    struct stat found;
    *is_there = false;
    if (!folder_of(path, folder)) {
        errno = EINVAL;
        return false;
    }
    *is_there = lstat(folder, &found) == 0;
    if (*is_there)
        return is_safe(folder);
    if (errno != ENOENT)
        return false;
    const char *where = folder_of(folder, parent) ? parent : "/";
    return faccessat(AT_FDCWD, where, W_OK | X_OK, AT_EACCESS) == 0;
}

bool socket_place_is_trusted(const char *path)
{
    char folder[SOCKET_PLACE_SIZE];
    struct stat found;
    if (strcmp(path, SOCKET_PLACE_DEFAULT) != 0)
        return folder_of(path, folder) && is_safe(folder);
    /* The package gives it to the user that pced runs as: who may write to /run decides that. */
    return folder_of(path, folder) && lstat(folder, &found) == 0 && S_ISDIR(found.st_mode) &&
           (found.st_mode & S_IWOTH) == 0;
}
