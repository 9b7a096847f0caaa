/* pcectl lsp list | show | pccs. */
#include "core/base/number.h"
#include "server/pcectl/command.h"
#include "server/pcectl/lsp_changes.h"
#include "server/pcectl/lsp_deletions.h"
#include "server/pcectl/lsp_groups.h"
#include "server/pcectl/lsp_order.h"
#include "server/pcectl/pages.h"
#include "server/pcectl/row.h"
#include "server/pcectl/show.h"

#include <stdio.h>
#include <string.h>

#define LSPS "/api/v1/lsps"
#define PCCS "/api/v1/pccs"

static void lsp_print_usage(FILE *file)
{
    (void)fprintf(
        file,
        "usage: pcectl lsp list [--pcc PREFIX] [--name NAME] [--state STATE] [--source PREFIX]\n"
        "                       [--destination PREFIX] [--setup TYPE] [--delegated true|false]\n"
        "                       [--stale true|false] [--limit N] [OPTIONS]\n"
        "       pcectl lsp show ID | PCC NAME [OPTIONS]\n"
        "       pcectl lsp pccs [--peer PREFIX] [--limit N] [OPTIONS]\n");
    lsp_order_print_usage(file);
    lsp_deletions_print_usage(file);
    lsp_changes_print_usage(file);
    lsp_groups_print_usage(file);
    (void)fprintf(
        file,
        "\n"
        "  --pcc PREFIX    only LSPs of these head-ends\n"
        "  --name NAME     only LSPs of this symbolic path name; what is not printable in it\n"
        "                  is \\xNN\n"
        "  --state STATE   of LSPs: down, up, active, \"going down\", \"going up\"\n"
        "  --setup TYPE    RSVP-TE, SR-MPLS, SRv6\n"
        "  --stale true    only those whose PCC has no session, or has not reported them in it\n"
        "  --limit N       at most so many; without it all are shown\n"
        "  --no-wait       do not wait for what the PCC says to an order; print its id\n"
        "  --json          JSON instead of a table\n" PCECTL_TARGET_USAGE
        "  --              ends the options: what follows is a PCC, a NAME, an ID\n"
        "\n"
        "Exit codes: 0 done, 1 there is no such LSP, or the PCC has not done it, 2 wrong "
        "arguments, 3 the server\n"
        "cannot be asked.\n");
}

static const char *lsp_flag_of(const json_t *row, const char *key)
{
    return json_is_true(json_object_get(row, key)) ? "yes" : "-";
}

static void lsp_format_number(const json_t *value, char *text, size_t size)
{
    if (json_is_number(value))
        (void)snprintf(text, size, "%.0f", json_number_value(value));
    else
        (void)snprintf(text, size, "-");
}

/* ---- list ---- */

static void lsp_print_row(const json_t *row)
{
    char bandwidth[32];
    lsp_format_number(json_object_get(row, "bandwidth"), bandwidth, sizeof bandwidth);
    printf("%-14s %-24s %-15s %-10s %-8s %-15s %-15s %-9s %-5s %12s %9.0fs\n", row_text(row, "id"),
           row_text(row, "name"), row_text(row, "pcc"), row_text(row, "state"),
           row_text(row, "setup_type"), row_text(row, "source"), row_text(row, "destination"),
           lsp_flag_of(row, "delegated"), lsp_flag_of(row, "stale"), bandwidth,
           json_number_value(json_object_get(row, "changed_ago_s")));
}

static void lsp_print_heading(void)
{
    printf("%-14s %-24s %-15s %-10s %-8s %-15s %-15s %-9s %-5s %12s %10s\n", "ID", "NAME", "PCC",
           "STATE", "SETUP", "SOURCE", "DESTINATION", "DELEGATED", "STALE", "BANDWIDTH", "CHANGED");
}

static void pcc_print_heading(void)
{
    printf("%-39s %-4s %-11s %10s %10s %-7s %-9s\n", "PCC", "UP", "SYNC", "LSPS", "STALE", "UPDATE",
           "INITIATE");
}

static void pcc_print_row(const json_t *row)
{
    printf("%-39s %-4s %-11s %10lld %10lld %-7s %-9s\n", row_text(row, "address"),
           lsp_flag_of(row, "up"), row_text(row, "sync"),
           (long long)json_integer_value(json_object_get(row, "lsps")),
           (long long)json_integer_value(json_object_get(row, "stale_lsps")),
           lsp_flag_of(row, "may_update"), lsp_flag_of(row, "may_initiate"));
}

/* How a list is shown as a table. */
struct lsp_table {
    void (*print_heading)(void);
    void (*print_row)(const json_t *row);
};

static int lsp_print_list(const json_t *all, bool is_json, const struct lsp_table *table)
{
    size_t i;
    json_t *row;
    if (is_json) {
        pcectl_print_json(all);
        return COMMAND_OK;
    }
    table->print_heading();
    json_array_foreach(all, i, row)
    {
        table->print_row(row);
    }
    return COMMAND_OK;
}

/* True: *rows is how many rows are wanted. */
static bool lsp_read_limit(const char *limit, uint64_t *rows)
{
    *rows = UINT64_MAX;
    return limit == NULL || (number_parse(limit, UINT64_MAX, rows) && *rows > 0);
}

static int lsp_run_list(struct pcectl_arguments *arguments, const struct pages *pages,
                        const struct lsp_table *table)
{
    json_t *all = json_array();
    int code = pages_gather(&arguments->target, pages, all);
    if (code == COMMAND_OK)
        code = lsp_print_list(all, arguments->is_json, table);
    json_decref(all);
    return code;
}

static int list_lsps(int argc, char **argv)
{
    enum { PCC, NAME, STATE, SOURCE, DESTINATION, SETUP, DELEGATED, STALE, COUNT };
    static const struct lsp_table table = {lsp_print_heading, lsp_print_row};
    struct pages_argument given[COUNT + 1] = {
        {"pcc", NULL},       {"name", NULL},        {"state", NULL},
        {"source", NULL},    {"destination", NULL}, {"setup_type", NULL},
        {"delegated", NULL}, {"stale", NULL},       {NULL, NULL}};
    const char *limit = NULL;
    const struct pcectl_option options[] = {{"--pcc", &given[PCC].value},
                                            {"--name", &given[NAME].value},
                                            {"--state", &given[STATE].value},
                                            {"--source", &given[SOURCE].value},
                                            {"--destination", &given[DESTINATION].value},
                                            {"--setup", &given[SETUP].value},
                                            {"--delegated", &given[DELEGATED].value},
                                            {"--stale", &given[STALE].value},
                                            {"--limit", &limit},
                                            {NULL, NULL}};
    struct pages pages = {.path = LSPS, .member = "lsps", .arguments = given};
    struct pcectl_arguments arguments;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 0 || !lsp_read_limit(limit, &pages.limit)) {
        lsp_print_usage(stderr);
        return COMMAND_USAGE;
    }
    return lsp_run_list(&arguments, &pages, &table);
}

static int list_pccs(int argc, char **argv)
{
    static const struct lsp_table table = {pcc_print_heading, pcc_print_row};
    struct pages_argument given[] = {{"peer", NULL}, {NULL, NULL}};
    const char *limit = NULL;
    const struct pcectl_option options[] = {
        {"--peer", &given[0].value}, {"--limit", &limit}, {NULL, NULL}};
    struct pages pages = {.path = PCCS, .member = "pccs", .arguments = given};
    struct pcectl_arguments arguments;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 0 || !lsp_read_limit(limit, &pages.limit)) {
        lsp_print_usage(stderr);
        return COMMAND_USAGE;
    }
    return lsp_run_list(&arguments, &pages, &table);
}

/* ---- show ---- */

/* By its id, or by PCC and name. */
static bool lsp_make_path(const struct pcectl_arguments *arguments, char path[PAGES_PATH_SIZE])
{
    (void)snprintf(path, PAGES_PATH_SIZE, "%s", LSPS);
    for (int i = 0; i < arguments->count; i++) {
        if (!pcectl_add_element(path, PAGES_PATH_SIZE, arguments->words[i])) {
            (void)fprintf(stderr, "pcectl: the name is too long\n");
            return false;
        }
    }
    return true;
}

static void lsp_print_hops(const char *what, const json_t *paths)
{
    size_t i;
    size_t hop;
    json_t *path;
    json_t *text;
    json_array_foreach(paths, i, path)
    {
        printf("%s\n", what);
        json_array_foreach(path, hop, text)
        {
            printf("  %2zu  %s\n", hop + 1, json_string_value(text));
        }
    }
}

/* What the table of members shows as a whole is taken out of them, and shown after it. */
static void lsp_print_detail(json_t *json)
{
    size_t i;
    json_t *row;
    json_t *reported = json_incref(json_object_get(json, "reported"));
    json_t *history = json_incref(json_object_get(json, "history"));
    (void)json_object_del(json, "reported");
    (void)json_object_del(json, "history");
    pcectl_print_detail(json);
    json_array_foreach(reported, i, row)
    {
        printf("\ninstance with LSP-ID %lld\n",
               (long long)json_integer_value(json_object_get(row, "lsp_id")));
        lsp_print_hops("intended path (ERO)", json_object_get(row, "path"));
        lsp_print_hops("actual path (RRO)", json_object_get(row, "recorded"));
    }
    if (json_array_size(history) > 0)
        printf("\nhistory, the newest first\n");
    json_array_foreach(history, i, row)
    {
        printf("  %9.0fs ago  %-26s by %s\n", json_number_value(json_object_get(row, "ago_s")),
               row_text(row, "change"), row_text(row, "by"));
    }
    json_decref(reported);
    json_decref(history);
}

static int show_lsp(int argc, char **argv)
{
    const struct pcectl_option options[] = {{NULL, NULL}};
    struct pcectl_arguments arguments;
    char path[PAGES_PATH_SIZE];
    int code;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 1 && arguments.count != 2) {
        lsp_print_usage(stderr);
        return COMMAND_USAGE;
    }
    if (!lsp_make_path(&arguments, path))
        return COMMAND_USAGE;
    const struct pcectl_request request = {
        .target = &arguments.target, .method = "GET", .path = path};
    json_t *json = pcectl_ask(&request, &code);
    if (json == NULL)
        return code;
    if (arguments.is_json)
        pcectl_print_json(json);
    else
        lsp_print_detail(json);
    json_decref(json);
    return COMMAND_OK;
}

int lsp_command(int argc, char **argv)
{
    for (int i = 1; i < pcectl_options_end(argc, argv); i++) {
        if (strcmp(argv[i], "--help") != 0)
            continue;
        lsp_print_usage(stdout);
        return COMMAND_OK;
    }
    if (argc >= 2 && strcmp(argv[1], "list") == 0)
        return list_lsps(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "show") == 0)
        return show_lsp(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "pccs") == 0)
        return list_pccs(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "changes") == 0)
        return lsp_changes_run(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "groups") == 0)
        return lsp_groups_run(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "orders") == 0)
        return lsp_order_list(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "bind") == 0)
        return lsp_order_bind(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "deletions") == 0)
        return lsp_deletions_list(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "forget") == 0)
        return lsp_deletions_forget(argc - 1, argv + 1);
    if (argc >= 2 && lsp_order_is_one(argv[1]))
        return lsp_order_run(argc - 1, argv + 1);
    lsp_print_usage(stderr);
    return COMMAND_USAGE;
}
