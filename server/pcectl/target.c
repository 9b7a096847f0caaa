#include "server/pcectl/target.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char *from_environment(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* errno of a connection to the socket; 0 and EAGAIN (its backlog is full): somebody serves it. */
static int try_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return errno;
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int error =
        connect(descriptor, (const struct sockaddr *)&address, sizeof address) == 0 ? 0 : errno;
    (void)close(descriptor);
    return error;
}

/* A socket that is there and may not be used is the answer, too: pcectl_target_explain says why. */
static const char *target_find_place(const struct socket_places *places)
{
    const char *leftover = NULL;
    for (unsigned i = 0; i < places->count; i++) {
        const char *path = places->paths[i];
        int error = socket_place_is_trusted(path) ? try_socket(path) : ENOENT;
        if (error == 0 || error == EAGAIN || error == EACCES)
            return path;
        if (error == ECONNREFUSED && leftover == NULL)
            leftover = path;
    }
    return leftover;
}

static bool take_host(struct pcectl_target *target)
{
    const char *scheme = "http://";
    const char *host = target->api;
    if (strncmp(host, scheme, strlen(scheme)) == 0)
        host += strlen(scheme);
    size_t size = strcspn(host, "/");
    const char *colon = strrchr(host, ':');
    bool is_closed = host[0] != '[' || strstr(host, "]:") != NULL;
    bool is_clean = size > 0 && size < sizeof target->host &&
                    strspn(host + size, "/") == strlen(host + size) &&
                    strpbrk(host, "@?# ") == NULL;
    if (!is_clean || !is_closed || colon == NULL || colon == host) {
        (void)fprintf(stderr, "pcectl: \"%s\" is no HOST:PORT of an API\n", target->api);
        return false;
    }
    (void)snprintf(target->host, sizeof target->host, "%.*s", (int)size, host);
    return true;
}

static void say_nothing_found(const struct socket_places *places)
{
    (void)fprintf(stderr, "pcectl: no pced is found; there is no socket at");
    for (unsigned i = 0; i < places->count; i++)
        (void)fprintf(stderr, "%s %s",
                      i == 0                   ? ""
                      : i + 1 == places->count ? " or"
                                               : ",",
                      places->paths[i]);
    (void)fprintf(stderr, ".\n"
                          "Start pced, or say where its API is: --socket PATH (control.socket), "
                          "--api HOST:PORT (control.listen),\n"
                          "or PCED_SOCKET or PCED_API in the environment.\n");
}

bool pcectl_target_find(struct pcectl_target *target)
{
    if (target->socket == NULL && target->api == NULL) {
        target->api = from_environment("PCED_API");
        target->socket = target->api == NULL ? from_environment("PCED_SOCKET") : NULL;
    }
    if (target->api != NULL)
        return take_host(target);
    (void)snprintf(target->host, sizeof target->host, "localhost");
    if (target->socket != NULL)
        return true;
    socket_places_get(&target->places);
    target->socket = target_find_place(&target->places);
    if (target->socket == NULL)
        say_nothing_found(&target->places);
    return target->socket != NULL;
}

static const char *advice_for(const struct pcectl_target *target, int error)
{
    if (target->socket == NULL)
        return error == ECONNREFUSED
                   ? "nobody listens there: is pced running, with this address as control.listen?"
                   : NULL;
    switch (error) {
    case ENOENT:
        return "there is no such socket: is pced running, with this path as control.socket?";
    case ECONNREFUSED:
        return "a socket is left there, but nobody serves it: pced does not run";
    case EACCES:
        return "you may not use it: control.socket-mode says who may (its owner, its group, all)";
    case EAGAIN:
        return "others wait for it already, and pced takes none of them: is it stopped?";
    default:
        return NULL;
    }
}

void pcectl_target_explain(const struct pcectl_target *target, int error, const char *text)
{
    const char *advice = advice_for(target, error);
    (void)fprintf(stderr, "pcectl: cannot ask pced at %s: %s\n",
                  target->socket != NULL ? target->socket : target->host,
                  advice != NULL ? advice : text);
}
