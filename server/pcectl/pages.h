/* Pages: a list of the API, however many pages it has.
 *
 * Thread: the only one. Owns: nothing. Bound: the server's answers, one after the other. */
#ifndef PCED_SERVER_PCECTL_PAGES_H
#define PCED_SERVER_PCECTL_PAGES_H

#include "server/pcectl/api.h"

#include <stdint.h>

#define PAGES_PATH_SIZE  1024
#define PAGES_CURSOR_MAX 128

/* One argument of the list. */
struct pages_argument {
    const char *name;
    const char *value; /* NULL: it is not there */
};

struct pages {
    const char *path;                       /* "/api/v1/lsps" */
    const char *member;                     /* of an answer: the rows */
    const struct pages_argument *arguments; /* up to one without a name */
    uint64_t limit;                         /* rows that are wanted */
};

/* Adds the rows to all; an exit code. What went wrong was said on stderr. */
int pages_gather(struct pcectl_target *target, const struct pages *pages, json_t *all);

#endif
