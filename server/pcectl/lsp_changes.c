#include "server/pcectl/lsp_changes.h"

#include "server/pcectl/api.h"
#include "server/pcectl/command.h"
#include "server/pcectl/row.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHANGES         "/api/v1/changes"
#define PATH_SIZE       8192 /* the cursor has a number for each shard */
#define FOLLOW_EACH_MS  500
#define CHANGES_AT_ONCE "1000"

struct following {
    struct pcectl_target *target;
    const char *pcc;
    bool is_json;
    bool goes_on;
    char cursor[PATH_SIZE - 256];
};

void lsp_changes_print_usage(FILE *file)
{
    (void)fprintf(file, "       pcectl lsp changes [--pcc PREFIX] [--follow] [OPTIONS]\n");
}

static void change_print(const json_t *row)
{
    char when[ROW_TIME_SIZE];
    time_t at = time(NULL) - (time_t)json_number_value(json_object_get(row, "ago_s"));
    printf("%-20s %-15s %-24s %-26s %s\n", row_time((double)at, when), row_text(row, "pcc"),
           row_text(row, "name"), row_text(row, "change"), row_text(row, "by"));
}

/* One page; *more: another is there at once. */
static int changes_take(struct following *following, bool *more)
{
    char path[PATH_SIZE] = CHANGES;
    int code = COMMAND_USAGE;
    bool fits =
        pcectl_add_argument(path, sizeof path, "limit", CHANGES_AT_ONCE) &&
        (following->pcc == NULL || pcectl_add_argument(path, sizeof path, "pcc", following->pcc)) &&
        (following->cursor[0] == '\0' ||
         pcectl_add_argument(path, sizeof path, "cursor", following->cursor));
    if (!fits) {
        (void)fprintf(stderr, "pcectl: the arguments are too long\n");
        return code;
    }
    const struct pcectl_request request = {
        .target = following->target, .method = "GET", .path = path};
    json_t *page = pcectl_ask(&request, &code);
    if (page == NULL)
        return code;
    (void)snprintf(following->cursor, sizeof following->cursor, "%s", row_text(page, "next"));
    *more = json_is_true(json_object_get(page, "more"));
    pcectl_print_changes(page, following->is_json, 12, change_print);
    json_decref(page);
    return COMMAND_OK;
}

static int changes_follow(struct following *following)
{
    const struct timespec pause = {.tv_nsec = FOLLOW_EACH_MS * 1000000L};
    bool more = true;
    int code = COMMAND_OK;
    while (code == COMMAND_OK && (more || following->goes_on) && ferror(stdout) == 0) {
        if (!more)
            (void)nanosleep(&pause, NULL);
        code = changes_take(following, &more);
    }
    return code;
}

/* --follow takes no value, so that it is taken out before the others are read. */
static bool changes_take_follow(int *argc, char **argv)
{
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        if (strcmp(argv[i], "--follow") != 0)
            argv[kept++] = argv[i];
    }
    bool is_there = kept < *argc;
    *argc = kept;
    return is_there;
}

int lsp_changes_run(int argc, char **argv)
{
    const char *pcc = NULL;
    const struct pcectl_option options[] = {{"--pcc", &pcc}, {NULL, NULL}};
    struct pcectl_arguments arguments;
    bool goes_on = changes_take_follow(&argc, argv);
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 0) {
        (void)fprintf(stderr, "usage:\n");
        lsp_changes_print_usage(stderr);
        return COMMAND_USAGE;
    }
    struct following following = {
        .target = &arguments.target, .pcc = pcc, .is_json = arguments.is_json, .goes_on = goes_on};
    return changes_follow(&following);
}
