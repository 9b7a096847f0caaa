/* pcectl path, in two halves: what the command line asks as the body of POST /api/v1/paths, and the
 * answer for people.
 *
 * Thread: the only one. Owns: nothing; JSON by jansson's counting. */
#ifndef PCED_SERVER_PCECTL_PATH_H
#define PCED_SERVER_PCECTL_PATH_H

#include <jansson.h>

/* What the options say; NULL: it was not said. */
struct path_options {
    const char *topology; /* a file to compute on, in place of a server */
    const char *setup, *metric, *objective, *bounds, *bandwidth, *priority, *algorithm;
    const char *exclude_any, *include_any, *include_all, *depth, *protection;
    const char *exclude_nodes, *exclude_srlgs;
};

/* A new reference. NULL: memory ran out, or *wrong names the option that is no number. */
json_t *path_body(const char *from, const char *to, const struct path_options *options,
                  const char **wrong);
/* The exit code: COMMAND_OK for a path, else COMMAND_NO. */
int path_print(const json_t *answer);

#endif
