#include "server/pcectl/lsp_deletions.h"

#include "core/base/number.h"
#include "server/pcectl/command.h"
#include "server/pcectl/pages.h"
#include "server/pcectl/row.h"

#define DELETIONS "/api/v1/deletions"

void lsp_deletions_print_usage(FILE *file)
{
    (void)fprintf(file, "       pcectl lsp deletions [--pcc ADDRESS] [--limit N] [OPTIONS]\n"
                        "       pcectl lsp forget PCC NAME [OPTIONS]\n");
}

static void deletion_print_row(const json_t *row)
{
    char text[32] = "-";
    const json_t *error = json_object_get(row, "error");
    if (json_is_object(error))
        (void)snprintf(text, sizeof text, "%lld/%lld",
                       (long long)json_integer_value(json_object_get(error, "error_type")),
                       (long long)json_integer_value(json_object_get(error, "error_value")));
    printf("%-15s %-24s %-10s %-8s %-12s %9.0fs  %s\n", row_text(row, "pcc"), row_text(row, "name"),
           row_text(row, "state"), text, row_text(row, "order"),
           json_number_value(json_object_get(row, "since_ago_s")), row_text(row, "reason"));
}

static void deletions_print(const json_t *all)
{
    size_t i;
    json_t *row;
    printf("%-15s %-24s %-10s %-8s %-12s %10s  %s\n", "PCC", "NAME", "STATE", "PCERR", "ORDER",
           "SINCE", "REASON");
    json_array_foreach(all, i, row)
    {
        deletion_print_row(row);
    }
}

int lsp_deletions_list(int argc, char **argv)
{
    struct pages_argument given[] = {{"pcc", NULL}, {NULL, NULL}};
    const char *limit = NULL;
    const struct pcectl_option options[] = {
        {"--pcc", &given[0].value}, {"--limit", &limit}, {NULL, NULL}};
    struct pages pages = {
        .path = DELETIONS, .member = "deletions", .arguments = given, .limit = UINT64_MAX};
    struct pcectl_arguments arguments;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    bool is_limit =
        limit == NULL || (number_parse(limit, UINT64_MAX, &pages.limit) && pages.limit > 0);
    if (arguments.count > 0 || !is_limit) {
        (void)fprintf(stderr, "usage:\n");
        lsp_deletions_print_usage(stderr);
        return COMMAND_USAGE;
    }
    json_t *all = json_array();
    int code = pages_gather(&arguments.target, &pages, all);
    if (code == COMMAND_OK && arguments.is_json)
        pcectl_print_json(all);
    else if (code == COMMAND_OK)
        deletions_print(all);
    json_decref(all);
    return code;
}

int lsp_deletions_forget(int argc, char **argv)
{
    const struct pcectl_option options[] = {{NULL, NULL}};
    struct pcectl_arguments arguments;
    char path[PAGES_PATH_SIZE] = DELETIONS;
    int code;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 2 || !pcectl_add_element(path, sizeof path, arguments.words[0]) ||
        !pcectl_add_element(path, sizeof path, arguments.words[1])) {
        (void)fprintf(stderr, "usage:\n");
        lsp_deletions_print_usage(stderr);
        return COMMAND_USAGE;
    }
    const struct pcectl_request request = {
        .target = &arguments.target, .method = "DELETE", .path = path};
    json_t *json = pcectl_ask(&request, &code);
    if (json == NULL)
        return code;
    if (arguments.is_json)
        pcectl_print_json(json);
    else
        printf("forgotten\n");
    json_decref(json);
    return COMMAND_OK;
}
