/* Socket place: where the API's UNIX socket is when nobody has named one, so that pced without a
 * package and pcectl find each other.
 *
 * In order: /run/pced (the package's, or root's), $XDG_RUNTIME_DIR/pced, /tmp/pced-UID. A folder
 * that others may write to, or that somebody else owns, is not used: whoever can put a socket there
 * would speak for pced.
 *
 * Thread: any. Owns: nothing. Bound: SOCKET_PLACES_MAX paths of SOCKET_PLACE_SIZE octets. */
#ifndef PCED_SERVER_CONFIG_SOCKET_PLACE_H
#define PCED_SERVER_CONFIG_SOCKET_PLACE_H

#include <stdbool.h>

#define SOCKET_PLACE_DEFAULT "/run/pced/pced.sock"
#define SOCKET_PLACES_MAX    3
#define SOCKET_PLACE_SIZE    108 /* sun_path of sockaddr_un */

struct socket_places {
    unsigned count;
    char paths[SOCKET_PLACES_MAX][SOCKET_PLACE_SIZE];
};

/* All places of this user and environment; SOCKET_PLACE_DEFAULT is the first. */
void socket_places_get(struct socket_places *places);

/* The place's folder exists, or has been made for our eyes alone, and nobody else may write to it.
 * False, with errno: it does not, or must not be used (EPERM). */
bool socket_place_prepare(const char *path);
/* Whether that would succeed now, without a trace; *is_there: the folder exists. */
bool socket_place_probe(const char *path, bool *is_there);

/* Whether what stands there may be trusted to be pced's: root's folder or ours. */
bool socket_place_is_trusted(const char *path);

#endif
