/* HTTP socket: the sockets that the API listens on, and what may be in their way.
 *
 * Thread: any, one at a time. Owns: nothing; descriptors are the caller's.
 * Bound: the path of a UNIX socket has as many octets as the kernel takes. */
#ifndef PCED_SERVER_CONTROL_HTTP_SOCKET_H
#define PCED_SERVER_CONTROL_HTTP_SOCKET_H

#include "core/base/ip.h"
#include "core/base/status.h"
#include "io/os/failure.h"

#include <sys/types.h>
#include <sys/un.h>

/* A UNIX socket. */
struct http_socket {
    int descriptor;
    char path[sizeof((struct sockaddr_un *)NULL)->sun_path]; /* "" for none */
    dev_t device;                                            /* … and which file that is */
    ino_t inode;
};

/* With this mode, listening. One that is left over from a process that has ended is replaced; one
 * that is served is PCE_EXISTS. */
PCE_MUST_CHECK enum pce_status http_socket_open_unix(struct http_socket *own, const char *path,
                                                     mode_t mode, struct failure *failure);
/* Removes the file, unless another process has put a socket of its own there. */
void http_socket_remove(const struct http_socket *own);
PCE_MUST_CHECK enum pce_status http_socket_open_tcp(const struct ip *address, uint16_t port,
                                                    int *descriptor, struct failure *failure);
/* Whether these could succeed, without a trace: nothing is bound there. PCE_EXISTS: somebody serves
 * it now; PCE_DENIED: there is a file that is no socket. */
PCE_MUST_CHECK enum pce_status http_probe_unix(const char *path, struct failure *failure);
PCE_MUST_CHECK enum pce_status http_probe_tcp(const struct ip *address, uint16_t port,
                                              struct failure *failure);

#endif
