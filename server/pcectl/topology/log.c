/* pcectl topology log: what has changed of the server's network, one row for each. */
#include "server/pcectl/api.h"
#include "server/pcectl/row.h"
#include "server/pcectl/topology/topology.h"

#include <stdio.h>

#define LOG_PATH         "/api/v1/topology/log"
#define LOG_PATH_SIZE    256
#define LOG_ROWS_AT_ONCE "1000"

static void log_print_row(const json_t *row)
{
    char when[ROW_TIME_SIZE], nodes[168];
    const char *remote = row_words(row, "remote");
    (void)snprintf(nodes, sizeof nodes, "%s%s%s", row_words(row, "node"),
                   remote[0] == '-' ? "" : " to ", remote[0] == '-' ? "" : remote);
    printf("%-7lld %-20s %-8s %-8s %-36s %-16s %s\n",
           (long long)json_integer_value(json_object_get(row, "sequence")),
           row_time(json_number_value(json_object_get(row, "at")), when), row_words(row, "kind"),
           row_words(row, "what"), nodes, row_words(row, "source"), row_words(row, "text"));
}

/* One page; *next: where the following one begins, "" when there is none. */
static int log_take(struct pcectl_arguments *arguments, const char *since, char next[24])
{
    char path[LOG_PATH_SIZE] = LOG_PATH;
    int code = COMMAND_USAGE;
    if (!pcectl_add_argument(path, sizeof path, "limit", LOG_ROWS_AT_ONCE) ||
        (since != NULL && !pcectl_add_argument(path, sizeof path, "since", since))) {
        (void)fprintf(stderr, "pcectl: the arguments are too long\n");
        return code;
    }
    const struct pcectl_request request = {
        .target = &arguments->target, .method = "GET", .path = path};
    json_t *page = pcectl_ask(&request, &code);
    if (page == NULL)
        return code;
    next[0] = '\0';
    if (json_is_true(json_object_get(page, "more")))
        (void)snprintf(next, 24, "%lld",
                       (long long)json_integer_value(json_object_get(page, "next")));
    pcectl_print_changes(page, arguments->is_json, 15, log_print_row);
    json_decref(page);
    return COMMAND_OK;
}

int topology_log_run(int argc, char **argv)
{
    const char *since = NULL;
    const struct pcectl_option options[] = {{"--since", &since}, {NULL, NULL}};
    struct pcectl_arguments arguments;
    char places[2][24] = {"", ""};
    unsigned page = 0;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 0)
        return TOPOLOGY_MISUSED;
    for (;; page++) {
        char *next = places[page % 2];
        int code = log_take(&arguments, since, next);
        if (code != COMMAND_OK || next[0] == '\0' || ferror(stdout) != 0)
            return code;
        since = next;
    }
}
