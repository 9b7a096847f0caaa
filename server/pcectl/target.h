/* Target: which pced the commands of pcectl ask, and how it is reached.
 *
 * In order: what the command line names, what the environment names (PCED_API, PCED_SOCKET), the
 * first place where a pced without a configured socket puts it (socket_place.h).
 *
 * Thread: the only one. Owns: nothing. */
#ifndef PCED_SERVER_PCECTL_TARGET_H
#define PCED_SERVER_PCECTL_TARGET_H

#include "server/config/socket_place.h"

#include <stddef.h>

#define PCECTL_HOST_SIZE 300

struct pcectl_target {
    const char *socket; /* path; NULL: TCP, or to be found */
    const char *api;    /* HOST:PORT, http:// before it or not; NULL: a socket */
    struct socket_places places;
    char host[PCECTL_HOST_SIZE]; /* of the URL */
};

/* Fills in what the command line left open, and `host`. False, and said on stderr: nothing is
 * there, or api is no address. */
bool pcectl_target_find(struct pcectl_target *target);

/* Says on stderr why nobody answers and what to do. error: errno of the attempt, 0 where it is not
 * known; text: what the library says then. */
void pcectl_target_explain(const struct pcectl_target *target, int error, const char *text);

/* For the usage of a command. */
#define PCECTL_TARGET_USAGE                                                                        \
    "  --socket PATH   the server's UNIX socket; else $PCED_SOCKET, else where pced puts it by\n"  \
    "                  itself\n"                                                                   \
    "  --api ADDRESS   HOST:PORT of control.listen instead; else $PCED_API\n"

#endif
