/* pcectl session list | show | close; history and no-paths have files of their own. */
#include "core/base/number.h"
#include "server/pcectl/api.h"
#include "server/pcectl/command.h"
#include "server/pcectl/history.h"
#include "server/pcectl/no_paths.h"
#include "server/pcectl/row.h"
#include "server/pcectl/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_SIZE 1024
#define SESSIONS  "/api/v1/sessions"
#define PAGE_MAX  1000 /* what one answer of the server holds */

static void session_print_usage(FILE *file)
{
    (void)fprintf(
        file,
        "usage: pcectl session list [--state STATE] [--peer PREFIX] [--pending-min N]\n"
        "                           [--progress-age-min S] [--sort KEY] [--limit N] [OPTIONS]\n"
        "       pcectl session show  ID|ADDRESS [OPTIONS]\n"
        "       pcectl session close ID|ADDRESS [--reason N] [OPTIONS]\n"
        "       pcectl session history [ADDRESS|PREFIX] [--limit N] [OPTIONS]\n"
        "       pcectl session no-paths [ADDRESS|PREFIX] [--cured true|false] [--limit N] "
        "[OPTIONS]\n"
        "\n"
        "  --state STATE   only sessions in this state: UP, OpenWait, KeepWait …\n"
        "  --peer PREFIX   only peers within it\n"
        "  --pending-min N only those for which at least N octets wait\n"
        "  --progress-age-min S\n"
        "                  only those that have taken no message for S seconds or more, while\n"
        "                  something waits for them\n"
        "  --sort KEY      by pending or progress-age; with - before it the largest first:\n"
        "                  --sort -pending --limit 20. At most the first 1000 are shown\n"
        "  --limit N       at most so many; without it all are shown\n"
        "  --reason N      of the Close: 1 (no explanation) to 255\n"
        "  --json          JSON instead of a table\n" PCECTL_TARGET_USAGE "\n"
        "Exit codes: 0 done, 1 there is no such session, 2 wrong arguments, 3 the server\n"
        "cannot be asked.\n");
}

static void print_heading(void)
{
    printf("%-14s %-39s %6s %-10s %10s %10s %9s %6s %9s %9s\n", "ID", "PEER", "PORT", "STATE",
           "FOR", "PENDING", "PROGRESS", "PAUSED", "RECEIVED", "SENT");
}

/* Seconds; "-" for null. */
static void format_seconds(const json_t *value, char *text, size_t size)
{
    if (json_is_number(value))
        (void)snprintf(text, size, "%.0fs", json_number_value(value));
    else
        (void)snprintf(text, size, "-");
}

static void session_print_row(const json_t *row)
{
    char age[32];
    char progress[32];
    format_seconds(json_object_get(row, "state_age_s"), age, sizeof age);
    format_seconds(json_object_get(row, "progress_age_s"), progress, sizeof progress);
    printf("%-14s %-39s %6lld %-10s %10s %10lld %9s %6s %9lld %9lld\n", row_text(row, "id"),
           row_text(row, "address"), (long long)json_integer_value(json_object_get(row, "port")),
           row_text(row, "state"), age,
           (long long)json_integer_value(json_object_get(row, "pending_octets")), progress,
           json_is_true(json_object_get(row, "paused")) ? "yes" : "-",
           (long long)json_integer_value(json_object_get(row, "messages_received")),
           (long long)json_integer_value(json_object_get(row, "messages_sent")));
}

/* ---- list ---- */

struct listing {
    const char *state;
    const char *peer;
    const char *limit;
    const char *pending_min;
    const char *progress_age_min;
    const char *sort;
    char order[32];   /* what the API calls `sort`; "" for none */
    uint64_t left;    /* sessions that are still wanted */
    json_int_t total; /* those that match; 0 while that is not known */
};

static const struct {
    const char *name; /* as the options that filter by it */
    const char *key;  /* the API's */
} sort_keys[] = {{"pending", "pending_octets"}, {"progress-age", "progress_age_s"}};

static bool take_sort(struct listing *listing)
{
    if (listing->sort == NULL)
        return true;
    const char *sign = listing->sort[0] == '-' ? "-" : "";
    const char *name = listing->sort + strlen(sign);
    for (size_t i = 0; i < sizeof sort_keys / sizeof sort_keys[0]; i++) {
        if (strcmp(name, sort_keys[i].name) != 0 && strcmp(name, sort_keys[i].key) != 0)
            continue;
        (void)snprintf(listing->order, sizeof listing->order, "%s%s", sign, sort_keys[i].key);
        return true;
    }
    (void)fprintf(stderr, "pcectl: --sort: must be pending or progress-age, with - before it for "
                          "the largest first\n");
    return false;
}

static bool add_optional(char *path, const char *name, const char *value)
{
    return value == NULL || pcectl_add_argument(path, PATH_SIZE, name, value);
}

static bool make_path(const struct listing *listing, const char *cursor, char *path)
{
    char size[16];
    (void)snprintf(path, PATH_SIZE, "%s", SESSIONS);
    (void)snprintf(size, sizeof size, "%u",
                   (unsigned)(listing->left < PAGE_MAX ? listing->left : PAGE_MAX));
    return pcectl_add_argument(path, PATH_SIZE, "limit", size) &&
           add_optional(path, "state", listing->state) &&
           add_optional(path, "peer", listing->peer) &&
           add_optional(path, "pending_octets_min", listing->pending_min) &&
           add_optional(path, "progress_age_s_min", listing->progress_age_min) &&
           add_optional(path, "sort", listing->order[0] == '\0' ? NULL : listing->order) &&
           add_optional(path, "cursor", cursor);
}

/* Adds one page to all; the cursor of the next one, "" after the last, NULL when it failed. */
static const char *session_take_page(const json_t *page, json_t *all, char *cursor, size_t size)
{
    const char *next = json_string_value(json_object_get(page, "next"));
    json_t *rows = json_object_get(page, "sessions");
    if (json_array_extend(all, rows) != 0)
        return NULL;
    (void)snprintf(cursor, size, "%s", next == NULL ? "" : next);
    return cursor;
}

/* All pages; an exit code. */
static int gather(struct pcectl_arguments *arguments, struct listing *listing, json_t *all)
{
    char path[PATH_SIZE];
    char cursor[64] = "";
    int code;
    do {
        if (!make_path(listing, cursor[0] == '\0' ? NULL : cursor, path)) {
            (void)fprintf(stderr, "pcectl: the arguments are too long\n");
            return COMMAND_USAGE;
        }
        const struct pcectl_request request = {
            .target = &arguments->target, .method = "GET", .path = path};
        json_t *page = pcectl_ask(&request, &code);
        if (page == NULL)
            return code;
        size_t before = json_array_size(all);
        const char *next = session_take_page(page, all, cursor, sizeof cursor);
        listing->total = json_integer_value(json_object_get(page, "total"));
        json_decref(page);
        if (next == NULL) {
            (void)fprintf(stderr, "pcectl: no memory\n");
            return COMMAND_FAILED;
        }
        listing->left -= json_array_size(all) - before;
    } while (cursor[0] != '\0' && listing->left > 0);
    return COMMAND_OK;
}

/* A sorted list is one page, and who has set no limit expects all. */
static void say_what_is_left(const struct listing *listing, size_t shown)
{
    if (listing->left > 0 && listing->total > (json_int_t)shown)
        (void)fprintf(stderr, "pcectl: the first %zu of %lld are shown\n", shown,
                      (long long)listing->total);
}

static int print_list(const json_t *all, bool is_json)
{
    size_t i;
    json_t *row;
    if (is_json) {
        pcectl_print_json(all);
        return COMMAND_OK;
    }
    print_heading();
    json_array_foreach(all, i, row)
    {
        session_print_row(row);
    }
    return COMMAND_OK;
}

static int list_sessions(int argc, char **argv)
{
    struct listing listing = {.left = 0};
    const struct pcectl_option options[] = {{"--state", &listing.state},
                                            {"--peer", &listing.peer},
                                            {"--pending-min", &listing.pending_min},
                                            {"--progress-age-min", &listing.progress_age_min},
                                            {"--sort", &listing.sort},
                                            {"--limit", &listing.limit},
                                            {NULL, NULL}};
    struct pcectl_arguments arguments;
    if (!pcectl_parse(argc, argv, options, &arguments) || !take_sort(&listing))
        return COMMAND_USAGE;
    bool is_limit = listing.limit == NULL || number_parse(listing.limit, UINT64_MAX, &listing.left);
    if (listing.limit == NULL)
        listing.left = UINT64_MAX;
    if (arguments.count != 0 || !is_limit || listing.left == 0) {
        session_print_usage(stderr);
        return COMMAND_USAGE;
    }
    json_t *all = json_array();
    int code = gather(&arguments, &listing, all);
    if (code == COMMAND_OK)
        code = print_list(all, arguments.is_json);
    if (code == COMMAND_OK)
        say_what_is_left(&listing, json_array_size(all));
    json_decref(all);
    return code;
}

/* ---- show ---- */

/* One session by its id or address; suffix and method say what is asked. */
static json_t *ask_one(struct pcectl_arguments *arguments, const char *suffix, const char *method,
                       const char *body, int *code)
{
    char path[PATH_SIZE] = SESSIONS;
    *code = COMMAND_USAGE;
    if (!pcectl_add_element(path, sizeof path, arguments->words[0]) ||
        strlen(path) + strlen(suffix) >= sizeof path) {
        (void)fprintf(stderr, "pcectl: the name is too long\n");
        return NULL;
    }
    size_t used = strlen(path);
    (void)snprintf(path + used, sizeof path - used, "%s", suffix);
    const struct pcectl_request request = {
        .target = &arguments->target, .method = method, .path = path, .body = body};
    return pcectl_ask(&request, code);
}

static int show_session(int argc, char **argv)
{
    const struct pcectl_option options[] = {{NULL, NULL}};
    struct pcectl_arguments arguments;
    int code;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 1) {
        session_print_usage(stderr);
        return COMMAND_USAGE;
    }
    json_t *json = ask_one(&arguments, "", "GET", NULL, &code);
    if (json == NULL)
        return code;
    if (arguments.is_json)
        pcectl_print_json(json);
    else
        pcectl_print_detail(json);
    json_decref(json);
    return COMMAND_OK;
}

/* ---- close ---- */

static int close_session(int argc, char **argv)
{
    const char *reason = "1";
    const struct pcectl_option options[] = {{"--reason", &reason}, {NULL, NULL}};
    struct pcectl_arguments arguments;
    char body[64];
    int code;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    uint64_t number;
    if (arguments.count != 1 || !number_parse(reason, UINT8_MAX, &number) || number == 0) {
        session_print_usage(stderr);
        return COMMAND_USAGE;
    }
    (void)snprintf(body, sizeof body, "{\"reason\": %u}", (unsigned)number);
    json_t *json = ask_one(&arguments, "/close", "POST", body, &code);
    if (json == NULL)
        return code;
    if (arguments.is_json)
        pcectl_print_json(json);
    else
        printf("closed %s\n", row_text(json, "closed"));
    json_decref(json);
    return COMMAND_OK;
}

int session_command(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") != 0)
            continue;
        session_print_usage(stdout);
        return COMMAND_OK;
    }
    if (argc >= 2 && strcmp(argv[1], "list") == 0)
        return list_sessions(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "show") == 0)
        return show_session(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "close") == 0)
        return close_session(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "history") == 0)
        return pcectl_history(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "no-paths") == 0)
        return pcectl_no_paths(argc - 1, argv + 1);
    session_print_usage(stderr);
    return COMMAND_USAGE;
}
