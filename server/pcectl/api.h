/* The API as pcectl asks it: one request over the server's UNIX socket, or TCP.
 *
 * Thread: the only one. Owns: nothing. Bound: PCECTL_ANSWER_MAX octets of answer,
 * PCECTL_CONNECT_S and PCECTL_WAIT_S. */
#ifndef PCED_SERVER_PCECTL_API_H
#define PCED_SERVER_PCECTL_API_H

#include "server/pcectl/target.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define PCECTL_ANSWER_MAX ((size_t)64 << 20)
#define PCECTL_WAIT_S     30
#define PCECTL_SILENCE_S  45 /* of a stream, that breaks its silence each 15 s */
#define PCECTL_CONNECT_S  10 /* while the backlog of the UNIX socket is full */

/* One request; argument values must be escaped where they need it (pcectl_escape). */
struct pcectl_request {
    struct pcectl_target *target; /* is found by the first request */
    const char *method;
    const char *path; /* "/api/v1/status" */
    const char *body; /* NULL: none */
};

/* The JSON of an answer 2xx (a new reference), or NULL: what went wrong was said on stderr, and
 * *code is the exit code of the program. */
json_t *pcectl_ask(const struct pcectl_request *request, int *code);

/* An answer that stays open. */
struct pcectl_stream {
    struct pcectl_target *target;
    const char *path;
    /* Takes what has come; false: no more is wanted. */
    bool (*take)(void *context, const char *octets, size_t size);
    void *context;
};

/* Reads on until the server or `take` ends it; an exit code, and with COMMAND_FAILED and
 * COMMAND_USAGE what went wrong was said on stderr. */
int pcectl_read_stream(const struct pcectl_stream *stream);

/* What --socket PATH, --api ADDRESS, --json and the like leave. */
struct pcectl_arguments {
    struct pcectl_target target;
    bool is_json;
    int count; /* what is no option, in order */
    char **words;
};

/* An option that takes a value, with where it goes. */
struct pcectl_option {
    const char *name; /* "--state" */
    const char **value;
};

/* Takes --socket, --api, --json and those of the command (the list ends with a NULL name) out of
 * argv, up to "--": what follows it is no option, whatever it looks like. False, and said on stderr, when there is another one or its value is missing. */
bool pcectl_parse(int argc, char **argv, const struct pcectl_option *options,
                  struct pcectl_arguments *arguments);

/* Where the options of these arguments end: the index of the first "--" behind the command's own
 * name, or argc. */
int pcectl_options_end(int argc, char **argv);

/* Appends "name=value", escaped, with ? or &, to a path; false when there is no room. */
bool pcectl_add_argument(char *path, size_t size, const char *name, const char *value);
/* Appends one element of a path, escaped. */
bool pcectl_add_element(char *path, size_t size, const char *value);

/* One JSON document on stdout. */
void pcectl_print_json(const json_t *json);
/* The changes of one page, and on stderr how many are gone. With --json a change is a line, so that a
 * program can read on while more come; digits: of its real numbers. */
void pcectl_print_changes(const json_t *page, bool is_json, size_t digits,
                          void (*print)(const json_t *row));

#endif
