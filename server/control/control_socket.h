/* Control socket: where the API's UNIX socket is to be, for the start and for --check-config alike.
 *
 * What the configuration names is the only place. Without that, or where it names the default, the
 * places of socket_place.h are tried in their order; where none can be had the server goes without
 * a socket.
 *
 * Thread: the main thread. Owns: the places, inside the struct: it stays where it is.
 * Bound: SOCKET_PLACES_MAX tries. */
#ifndef PCED_SERVER_CONTROL_CONTROL_SOCKET_H
#define PCED_SERVER_CONTROL_CONTROL_SOCKET_H

#include "io/os/failure.h"
#include "server/config/config.h"
#include "server/config/socket_place.h"

struct control_socket {
    struct socket_places places;
    const char *path;      /* NULL: there is none; of the configuration, or in `places` */
    struct failure detour; /* why it is not the default that was wanted; "" where it is */
};

/* Opens the socket there. */
typedef enum pce_status control_socket_open_fn(void *context, const char *path,
                                               struct failure *failure);

/* Probes each place and opens the first that can be had, its folder made where need be. open NULL:
 * only says which that would be, without a trace. Fails, with the text, only for a place that the
 * configuration names (PCE_EXISTS: somebody serves it now). */
PCE_MUST_CHECK enum pce_status control_socket_choose(const struct config_control *config,
                                                     control_socket_open_fn *open, void *context,
                                                     struct control_socket *chosen,
                                                     struct failure *failure);

#endif
