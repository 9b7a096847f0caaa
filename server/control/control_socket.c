#include "server/control/control_socket.h"

#include "server/control/http_socket.h"

#include <errno.h>
#include <string.h>

/* What a start would find out here, found out before anything is made. */
static enum pce_status probe(const char *path, struct failure *failure)
{
    bool is_there;
    if (!socket_place_probe(path, &is_there))
        return failure_set_errno(failure, errno, "cannot open the socket %s", path);
    return is_there ? http_probe_unix(path, failure) : PCE_OK;
}

static enum pce_status try_place(const char *path, control_socket_open_fn *open, void *context,
                                 struct failure *failure)
{
    enum pce_status status = probe(path, failure);
    if (status != PCE_OK || open == NULL)
        return status;
    if (!socket_place_prepare(path))
        return failure_set_errno(failure, errno, "cannot open the socket %s", path);
    return open(context, path, failure);
}

/* The reason why the package's own place could not be had is the one that helps, so it is kept. */
static void try_places(control_socket_open_fn *open, void *context, struct control_socket *chosen)
{
    socket_places_get(&chosen->places);
    for (unsigned i = 0; i < chosen->places.count; i++) {
        const char *path = chosen->places.paths[i];
        struct failure other = {.text = ""};
        struct failure *reason = i == 0 ? &chosen->detour : &other;
        if (try_place(path, open, context, reason) == PCE_OK) {
            chosen->path = path;
            return;
        }
    }
}

enum pce_status control_socket_choose(const struct config_control *config,
                                      control_socket_open_fn *open, void *context,
                                      struct control_socket *chosen, struct failure *failure)
{
    chosen->path = NULL;
    chosen->detour.text[0] = '\0';
    if (config->socket[0] == '\0')
        return PCE_OK;
    if (strcmp(config->socket, SOCKET_PLACE_DEFAULT) == 0) {
        try_places(open, context, chosen);
        return PCE_OK;
    }
    chosen->path = config->socket;
    return open == NULL ? http_probe_unix(config->socket, failure)
                        : open(context, config->socket, failure);
}
