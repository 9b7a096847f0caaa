/* pcectl events: what happens in a running pced, as it happens. */
#include "core/base/number.h"
#include "server/pcectl/api.h"
#include "server/pcectl/command.h"
#include "server/pcectl/row.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EVENTS       "/api/v1/events"
#define PATH_SIZE    1024
#define LINE_SIZE    16384 /* of one event: names and texts have bounds */
#define ID_SIZE      64
#define COME_BACK_MS 1000
#define TIME_SIZE    40

struct listening {
    const char *kind;
    const char *change;
    const char *pcc;
    const char *name;
    bool is_json;
    uint64_t count;        /* events that are still wanted */
    char id[ID_SIZE];      /* of the last one; "" before it */
    char next_id[ID_SIZE]; /* of the one that is read: a stream may be cut in it */
    char event[16];
    char line[LINE_SIZE];
    size_t used;
};

static void events_print_usage(FILE *file)
{
    (void)fprintf(
        file, "usage: pcectl events [--kind KINDS] [--change WORDS] [--pcc PREFIX] [--name NAME]\n"
              "                     [--count N] [OPTIONS]\n\n"
              "KINDS: lsp, pcc, session, topology, with commas; NAME: of an LSP, or its beginning\n"
              "and *; OPTIONS: --socket PATH, --api HOST:PORT, --json (one object a line).\n"
              "It goes on when the server comes back, until N events were printed.\n");
}

static void event_time_format(double at_s, char text[TIME_SIZE])
{
    struct tm parts;
    char seconds[24];
    const time_t whole = (time_t)at_s;
    (void)snprintf(text, TIME_SIZE, "-");
    if (gmtime_r(&whole, &parts) != NULL &&
        strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &parts) > 0)
        (void)snprintf(text, TIME_SIZE, "%s.%03dZ", seconds, (int)(1000 * (at_s - (double)whole)));
}

static void event_print_topology(const json_t *event)
{
    printf("%s %s %s: %s", row_words(event, "kind"), row_words(event, "what"),
           row_words(event, "source"), row_words(event, "node"));
    if (row_words(event, "remote")[0] != '-')
        printf(" -> %s", row_words(event, "remote"));
    printf(" %s\n", row_words(event, "text"));
}

static void event_print_change(const json_t *event)
{
    const json_t *error = json_object_get(event, "error");
    const char *why = row_words(event, "why");
    printf("%s %s, by %s", row_words(event, "pcc"), row_words(event, "change"),
           row_words(event, "by"));
    if (row_words(event, "name")[0] != '-')
        printf(": %s", row_words(event, "name"));
    if (why[0] != '-')
        printf(": %s", why);
    if (json_is_object(error))
        printf(" (PCErr %lld/%lld)",
               (long long)json_integer_value(json_object_get(error, "error_type")),
               (long long)json_integer_value(json_object_get(error, "error_value")));
    printf("\n");
}

static void event_print(const char *kind, const json_t *event)
{
    char time[TIME_SIZE];
    event_time_format(json_number_value(json_object_get(event, "at")), time);
    printf("%s %-8s ", time, kind);
    if (strcmp(kind, "topology") == 0)
        event_print_topology(event);
    else
        event_print_change(event);
}

static void events_on_data(struct listening *own, const char *data)
{
    json_t *event = json_loads(data, 0, NULL);
    if (strcmp(own->event, "missed") == 0) {
        (void)fprintf(stderr, "pcectl: %lld events are not there any more\n",
                      (long long)json_integer_value(json_object_get(event, "missed")));
    } else {
        if (own->is_json)
            printf("%s\n", data);
        else
            event_print(own->event, event);
        own->count--;
    }
    json_decref(event);
    (void)fflush(stdout);
}

/* The rest of a line that begins so, or NULL. */
static const char *event_field(const char *line, const char *field)
{
    const size_t size = strlen(field);
    return strncmp(line, field, size) == 0 ? line + size : NULL;
}

static void events_on_line(struct listening *own, const char *line)
{
    const char *rest;
    if ((rest = event_field(line, "id: ")) != NULL)
        (void)snprintf(own->next_id, sizeof own->next_id, "%s", rest);
    else if ((rest = event_field(line, "event: ")) != NULL)
        (void)snprintf(own->event, sizeof own->event, "%s", rest);
    else if ((rest = event_field(line, "data: ")) != NULL)
        events_on_data(own, rest);
    else if (line[0] == '\0')
        memcpy(own->id, own->next_id, sizeof own->id);
}

static bool events_take(void *context, const char *octets, size_t size)
{
    struct listening *own = context;
    for (size_t i = 0; i < size && own->count > 0; i++) {
        if (octets[i] != '\n') {
            if (own->used < sizeof own->line - 1)
                own->line[own->used++] = octets[i];
            continue;
        }
        own->line[own->used] = '\0';
        own->used = 0;
        events_on_line(own, own->line);
    }
    return own->count > 0 && ferror(stdout) == 0;
}

static bool events_make_path(const struct listening *own, char *path, size_t size)
{
    const struct {
        const char *name;
        const char *value;
    } arguments[] = {{"kind", own->kind},
                     {"change", own->change},
                     {"pcc", own->pcc},
                     {"name", own->name},
                     {"since", own->id[0] == '\0' ? NULL : own->id}};
    (void)snprintf(path, size, EVENTS);
    for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++) {
        if (arguments[i].value != NULL &&
            !pcectl_add_argument(path, size, arguments[i].name, arguments[i].value)) {
            (void)fprintf(stderr, "pcectl: the arguments are too long\n");
            return false;
        }
    }
    return true;
}

/* A server that has said something once is waited for: it may be restarted. */
static int events_listen(struct listening *own, struct pcectl_target *target)
{
    const struct timespec pause = {.tv_sec = COME_BACK_MS / 1000};
    char path[PATH_SIZE];
    int code = COMMAND_OK;
    const struct pcectl_stream stream = {
        .target = target, .path = path, .take = events_take, .context = own};
    while (own->count > 0 && ferror(stdout) == 0) {
        own->used = 0;
        memcpy(own->next_id, own->id, sizeof own->id);
        if (!events_make_path(own, path, sizeof path))
            return COMMAND_USAGE;
        code = pcectl_read_stream(&stream);
        if (code == COMMAND_USAGE || own->id[0] == '\0')
            return code;
        if (own->count > 0)
            (void)nanosleep(&pause, NULL);
    }
    return COMMAND_OK;
}

int events_command(int argc, char **argv)
{
    const char *count = NULL;
    struct listening own = {.count = UINT64_MAX};
    const struct pcectl_option options[] = {{"--kind", &own.kind}, {"--change", &own.change},
                                            {"--pcc", &own.pcc},   {"--name", &own.name},
                                            {"--count", &count},   {NULL, NULL}};
    struct pcectl_arguments arguments;
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        events_print_usage(stdout);
        return COMMAND_OK;
    }
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 0 ||
        (count != NULL && (!number_parse(count, UINT64_MAX, &own.count) || own.count == 0))) {
        events_print_usage(stderr);
        return COMMAND_USAGE;
    }
    own.is_json = arguments.is_json;
    return events_listen(&own, &arguments.target);
}
