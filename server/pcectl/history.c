#include "server/pcectl/history.h"

#include "core/base/number.h"
#include "server/pcectl/api.h"
#include "server/pcectl/command.h"
#include "server/pcectl/row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_SIZE 1024
#define HISTORY   "/api/v1/history"
#define PAGE      "1000" /* what one answer of the server holds */

static double history_number_of(const json_t *row, const char *key)
{
    return json_number_value(json_object_get(row, key));
}

/* The newest first: shards tell theirs one after the other. */
static int history_compare(const void *left, const void *right)
{
    double a = history_number_of(*(json_t *const *)left, "ended");
    double b = history_number_of(*(json_t *const *)right, "ended");
    return (a < b) - (a > b);
}

/* A new array of the newest `limit` rows; NULL: no memory. */
static json_t *history_sort(const json_t *all, size_t limit)
{
    size_t count = json_array_size(all);
    /* Pointers are meant, here and below. NOLINTNEXTLINE(bugprone-sizeof-expression) */
    json_t **rows = calloc(count + 1, sizeof *rows);
    json_t *sorted = json_array();
    for (size_t i = 0; rows != NULL && i < count; i++)
        rows[i] = json_array_get(all, i);
    if (rows != NULL)
        qsort(rows, count, sizeof *rows, history_compare); /* NOLINT(bugprone-sizeof-expression) */
    for (size_t i = 0; rows != NULL && sorted != NULL && i < count && i < limit; i++)
        (void)json_array_append(sorted, rows[i]);
    if (rows == NULL) {
        json_decref(sorted);
        sorted = NULL;
    }
    free(rows);
    return sorted;
}

/* One page after the cursor ("" at first); false: *code says how it went. */
static bool history_take_page(struct pcectl_arguments *arguments, char cursor[128], json_t *all,
                              int *code)
{
    char path[PATH_SIZE] = HISTORY;
    bool fits = pcectl_add_argument(path, sizeof path, "limit", PAGE) &&
                (arguments->count == 0 ||
                 pcectl_add_argument(path, sizeof path, "peer", arguments->words[0])) &&
                (cursor[0] == '\0' || pcectl_add_argument(path, sizeof path, "cursor", cursor));
    if (!fits) {
        (void)fprintf(stderr, "pcectl: the arguments are too long\n");
        *code = COMMAND_USAGE;
        return false;
    }
    const struct pcectl_request request = {
        .target = &arguments->target, .method = "GET", .path = path};
    json_t *page = pcectl_ask(&request, code);
    if (page == NULL)
        return false;
    const char *next = json_string_value(json_object_get(page, "next"));
    bool is_taken = json_array_extend(all, json_object_get(page, "ended")) == 0;
    (void)snprintf(cursor, 128, "%s", next == NULL ? "" : next);
    json_decref(page);
    *code = is_taken ? COMMAND_OK : COMMAND_FAILED;
    return is_taken;
}

static void history_print_row(const json_t *row)
{
    char when[ROW_TIME_SIZE];
    printf("%-20s %-39s %6.0f %-10s %9.0fs %5.0f %-7s %9.0f %9.0f  %s\n",
           row_time(history_number_of(row, "ended"), when), row_text(row, "address"),
           history_number_of(row, "port"), row_text(row, "state"),
           history_number_of(row, "state_s"), history_number_of(row, "times"), row_text(row, "by"),
           history_number_of(json_object_get(row, "counters"), "messages_received"),
           history_number_of(json_object_get(row, "counters"), "messages_sent"),
           row_text(row, "why"));
}

static int print_rows(const json_t *rows, bool is_json)
{
    size_t i;
    json_t *row;
    if (is_json) {
        pcectl_print_json(rows);
        return COMMAND_OK;
    }
    printf("%-20s %-39s %6s %-10s %10s %5s %-7s %9s %9s  %s\n", "ENDED", "PEER", "PORT", "STATE",
           "FOR", "TIMES", "BY", "RECEIVED", "SENT", "WHY");
    json_array_foreach(rows, i, row)
    {
        history_print_row(row);
    }
    return COMMAND_OK;
}

static int history_show(struct pcectl_arguments *arguments, size_t limit)
{
    char cursor[128] = "";
    int code;
    json_t *all = json_array();
    do {
        if (!history_take_page(arguments, cursor, all, &code)) {
            json_decref(all);
            return code;
        }
    } while (cursor[0] != '\0');
    json_t *rows = history_sort(all, limit);
    json_decref(all);
    if (rows == NULL) {
        (void)fprintf(stderr, "pcectl: no memory\n");
        return COMMAND_FAILED;
    }
    code = print_rows(rows, arguments->is_json);
    json_decref(rows);
    return code;
}

int pcectl_history(int argc, char **argv)
{
    const char *limit = NULL;
    const struct pcectl_option options[] = {{"--limit", &limit}, {NULL, NULL}};
    struct pcectl_arguments arguments;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    uint64_t count = UINT64_MAX;
    bool is_count = limit == NULL || number_parse(limit, UINT64_MAX, &count);
    if (arguments.count > 1 || !is_count || count == 0) {
        (void)fprintf(stderr, "usage: pcectl session history [ADDRESS|PREFIX] [--limit N]\n");
        return COMMAND_USAGE;
    }
    return history_show(&arguments, count);
}
