#include "io/os/file.h"

#include "core/base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_SIZE 16384
/* Who writes into a pipe in place of a file gets so long between two pieces. */
#define WAIT_MS 5000

/* Of a pipe that has a writer. */
static bool file_wait_for_more(int descriptor)
{
    struct pollfd more = {.fd = descriptor, .events = POLLIN};
    if (poll(&more, 1, WAIT_MS) > 0)
        return true;
    errno = ETIMEDOUT;
    return false;
}

/* Reads on until the end or one octet more than size_max; returns an errno value. */
static int read_all(int descriptor, size_t size_max, char **octets, size_t *size)
{
    size_t room = FIRST_SIZE;
    *size = 0;
    *octets = malloc(room);
    while (*octets != NULL) {
        CHECK(*size < room); /* the NUL has its octet */
        ssize_t got = read(descriptor, *octets + *size, room - 1 - *size);
        if (got < 0 && (errno == EINTR || (errno == EAGAIN && file_wait_for_more(descriptor))))
            continue;
        if (got < 0)
            return errno;
        if (got == 0) {
            (*octets)[*size] = '\0';
            return 0;
        }
        *size += (size_t)got;
        if (*size > size_max)
            return EFBIG;
        if (room - 1 > *size)
            continue;
        char *larger = realloc(*octets, 2 * room);
        if (larger == NULL)
            return ENOMEM;
        *octets = larger;
        room *= 2;
    }
    return ENOMEM;
}

enum pce_status file_read(const char *path, size_t size_max, char **octets, size_t *size,
                          struct failure *failure)
{
    *octets = NULL;
    *size = 0;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return failure_set_errno(failure, errno, "%s", path);
    struct stat stat;
    bool is_file = fstat(descriptor, &stat) == 0 && S_ISREG(stat.st_mode);
    int error = read_all(descriptor, size_max, octets, size);
    (void)close(descriptor);
    if (error == 0 && *size == 0 && !is_file)
        error = ENODATA; /* an empty file says something, a pipe without a writer does not */
    if (error == 0)
        return PCE_OK;
    free(*octets);
    *octets = NULL;
    *size = 0;
    if (error == EFBIG)
        return failure_set(failure, PCE_INVALID, "%s: larger than %zu octets", path, size_max);
    return failure_set_errno(failure, error, "%s", path);
}
