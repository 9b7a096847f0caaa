#include "server/control/http_socket.h"

#include "io/net/address.h"
#include "io/os/folder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Above what clients bring at once: a full one fails a connect to the UNIX socket that does not
 * block, and costs one over TCP a second. The kernel bounds it (net.core.somaxconn). */
#define BACKLOG 1024

/* Whether somebody serves the socket. */
static bool is_served(const struct sockaddr_un *address)
{
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return true;
    bool is_refused = connect(descriptor, (const struct sockaddr *)address, sizeof *address) != 0 &&
                      (errno == ECONNREFUSED || errno == ENOENT);
    (void)close(descriptor);
    return !is_refused;
}

static enum pce_status http_socket_check_path(const char *path, struct failure *failure)
{
    const size_t size_max = sizeof((struct sockaddr_un *)NULL)->sun_path - 1;
    if (strlen(path) <= size_max)
        return PCE_OK;
    return failure_set(failure, PCE_INVALID, "%s: the path of a socket has at most %zu octets",
                       path, size_max);
}

/* What may be in the way of a socket: a file that is none, and a process that serves it. */
static enum pce_status look_at_path(const char *path, bool *is_left_over, struct failure *failure)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat file;
    enum pce_status status = http_socket_check_path(path, failure);
    if (status != PCE_OK)
        return status;
    memcpy(address.sun_path, path, strlen(path));
    *is_left_over = lstat(path, &file) == 0;
    if (*is_left_over && !S_ISSOCK(file.st_mode))
        return failure_set(failure, PCE_DENIED, "%s: there is a file that is no socket", path);
    if (*is_left_over && is_served(&address))
        return failure_set(failure, PCE_EXISTS, "%s: another process serves this socket", path);
    return PCE_OK;
}

enum pce_status http_probe_unix(const char *path, struct failure *failure)
{
    bool is_left_over;
    enum pce_status status = look_at_path(path, &is_left_over, failure);
    return status == PCE_OK ? folder_may_create(path, failure) : status;
}

static enum pce_status bind_unix(struct http_socket *own, int descriptor, mode_t mode,
                                 struct failure *failure)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat file;
    bool is_left_over;
    enum pce_status status = look_at_path(own->path, &is_left_over, failure);
    if (status != PCE_OK)
        return status;
    if (is_left_over)
        (void)unlink(own->path);
    memcpy(address.sun_path, own->path, sizeof address.sun_path);
    /* Bound with no rights for others, so that nobody slips in before the mode is set. */
    mode_t before = umask(0177);
    int result = bind(descriptor, (const struct sockaddr *)&address, sizeof address);
    int error = errno;
    (void)umask(before);
    if (result != 0)
        return failure_set_errno(failure, error, "cannot open the socket %s", own->path);
    if (chmod(own->path, mode) != 0 || listen(descriptor, BACKLOG) != 0 ||
        lstat(own->path, &file) != 0)
        return failure_set_errno(failure, errno, "cannot open the socket %s", own->path);
    own->device = file.st_dev;
    own->inode = file.st_ino;
    return PCE_OK;
}

enum pce_status http_socket_open_unix(struct http_socket *own, const char *path, mode_t mode,
                                      struct failure *failure)
{
    own->path[0] = '\0';
    enum pce_status status = http_socket_check_path(path, failure);
    if (status != PCE_OK)
        return status;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return failure_set_errno(failure, errno, "cannot make a UNIX socket");
    (void)snprintf(own->path, sizeof own->path, "%s", path);
    status = bind_unix(own, descriptor, mode, failure);
    if (status == PCE_OK) {
        own->descriptor = descriptor;
        return PCE_OK;
    }
    own->path[0] = '\0';
    (void)close(descriptor);
    return status;
}

static enum pce_status cannot_serve(const struct ip *address, uint16_t port,
                                    struct failure *failure)
{
    char text[IP_TEXT_SIZE];
    return failure_set_errno(failure, errno, "cannot serve the API on %s port %u",
                             ip_format(address, text), port);
}

/* A bound socket, or the reason why there is none. */
static enum pce_status bind_tcp(const struct ip *address, uint16_t port, int *descriptor,
                                struct failure *failure)
{
    union address to;
    int on = 1;
    socklen_t size = address_from_ip(&to, address, port);
    *descriptor = socket(to.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*descriptor < 0)
        return failure_set_errno(failure, errno, "cannot make a TCP socket for the API");
    (void)setsockopt(*descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(*descriptor, &to.any, size) == 0)
        return PCE_OK;
    enum pce_status status = cannot_serve(address, port, failure);
    (void)close(*descriptor);
    return status;
}

enum pce_status http_socket_open_tcp(const struct ip *address, uint16_t port, int *descriptor,
                                     struct failure *failure)
{
    enum pce_status status = bind_tcp(address, port, descriptor, failure);
    if (status != PCE_OK || listen(*descriptor, BACKLOG) == 0)
        return status;
    status = cannot_serve(address, port, failure);
    (void)close(*descriptor);
    return status;
}

enum pce_status http_probe_tcp(const struct ip *address, uint16_t port, struct failure *failure)
{
    int descriptor;
    enum pce_status status = bind_tcp(address, port, &descriptor, failure);
    if (status == PCE_OK)
        (void)close(descriptor);
    return status;
}

void http_socket_remove(const struct http_socket *own)
{
    struct stat file;
    if (own->path[0] != '\0' && lstat(own->path, &file) == 0 && file.st_dev == own->device &&
        file.st_ino == own->inode)
        (void)unlink(own->path);
}
