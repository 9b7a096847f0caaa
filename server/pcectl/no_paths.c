#include "server/pcectl/no_paths.h"

#include "core/base/number.h"
#include "server/pcectl/command.h"
#include "server/pcectl/pages.h"
#include "server/pcectl/row.h"

#include <stdio.h>
#include <string.h>

#define WHY_SIZE 256

static void no_path_print_heading(void)
{
    printf("%9s %-15s %10s %5s %-15s %-15s %-8s %-9s  %s\n", "ASKED", "PEER", "REQUEST", "TIMES",
           "SOURCE", "DESTINATION", "SETUP", "PATH NOW", "WHY");
}

/* "bandwidth, affinities"; "-" where nothing is known to be in the way. */
static void no_path_join(const json_t *list, char text[WHY_SIZE])
{
    size_t i;
    json_t *item;
    size_t used = 0;
    (void)snprintf(text, WHY_SIZE, "-");
    json_array_foreach(list, i, item)
    {
        int size = snprintf(text + used, WHY_SIZE - used, "%s%s", i == 0 ? "" : ", ",
                            json_string_value(item));
        if (size < 0 || (size_t)size >= WHY_SIZE - used)
            return;
        used += (size_t)size;
    }
}

static void no_path_print_row(const json_t *row)
{
    char why[WHY_SIZE];
    char cured[32] = "-";
    const json_t *since = json_object_get(row, "cured_s");
    no_path_join(json_object_get(row, "why"), why);
    if (json_is_number(since))
        (void)snprintf(cured, sizeof cured, "%.0fs", json_number_value(since));
    printf("%8.0fs %-15s %10lld %5lld %-15s %-15s %-8s %-9s  %s\n",
           json_number_value(json_object_get(row, "asked_ago_s")), row_text(row, "peer"),
           (long long)json_integer_value(json_object_get(row, "request_id")),
           (long long)json_integer_value(json_object_get(row, "times")), row_text(row, "source"),
           row_text(row, "destination"), row_text(row, "setup_type"), cured, why);
}

static int no_paths_print(const json_t *rows, bool is_json)
{
    size_t i;
    json_t *row;
    bool has_cured = false;
    if (is_json) {
        pcectl_print_json(rows);
        return COMMAND_OK;
    }
    no_path_print_heading();
    json_array_foreach(rows, i, row)
    {
        no_path_print_row(row);
        has_cured = has_cured || json_is_true(json_object_get(row, "cured"));
    }
    if (has_cured)
        printf("\nTo have them asked again: pcectl session close PEER, or initiate the LSP.\n");
    return COMMAND_OK;
}

int pcectl_no_paths(int argc, char **argv)
{
    enum { PEER, CURED, COUNT };
    struct pages_argument given[COUNT + 1] = {{"peer", NULL}, {"cured", NULL}, {NULL, NULL}};
    const char *limit = NULL;
    const struct pcectl_option options[] = {
        {"--cured", &given[CURED].value}, {"--limit", &limit}, {NULL, NULL}};
    struct pcectl_arguments arguments;
    struct pages pages = {"/api/v1/no-paths", "no_paths", given, UINT64_MAX};
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    bool is_count = limit == NULL || number_parse(limit, UINT64_MAX, &pages.limit);
    if (arguments.count > 1 || !is_count || pages.limit == 0) {
        (void)fprintf(stderr, "usage: pcectl session no-paths [ADDRESS|PREFIX] "
                              "[--cured true|false] [--limit N]\n");
        return COMMAND_USAGE;
    }
    if (arguments.count == 1)
        given[PEER].value = arguments.words[0];
    json_t *rows = json_array();
    int code = pages_gather(&arguments.target, &pages, rows);
    if (code == COMMAND_OK)
        code = no_paths_print(rows, arguments.is_json);
    json_decref(rows);
    return code;
}
