#include "server/pcectl/lsp_groups.h"

#include "core/base/number.h"
#include "server/pcectl/command.h"
#include "server/pcectl/pages.h"
#include "server/pcectl/row.h"

#include <string.h>

#define WORDS_SIZE 64

void lsp_groups_print_usage(FILE *file)
{
    (void)fprintf(file, "       pcectl lsp groups [--pcc PREFIX] [--state STATE] [--limit N] "
                        "[OPTIONS]\n");
}

/* "link, node"; "-" where there is none. */
static void group_join(const json_t *list, char text[WORDS_SIZE])
{
    size_t i, used = 0;
    json_t *item;
    (void)snprintf(text, WORDS_SIZE, "-");
    json_array_foreach(list, i, item)
    {
        int size = snprintf(text + used, WORDS_SIZE - used, "%s%s", i == 0 ? "" : ", ",
                            json_string_value(item));
        if (size < 0 || (size_t)size >= WORDS_SIZE - used)
            return;
        used += (size_t)size;
    }
}

static const char *group_member_state(const json_t *member)
{
    if (json_is_true(json_object_get(member, "blocked")))
        return "no path for it";
    if (json_is_true(json_object_get(member, "moving")))
        return "being moved";
    if (!json_is_true(json_object_get(member, "has_path")))
        return "without a path";
    return json_is_true(json_object_get(member, "movable")) ? "has a path" : "has a path, stays";
}

static void group_print_member(const json_t *member)
{
    char status[WORDS_SIZE];
    group_join(json_object_get(member, "status"), status);
    printf("  %-15s %-24s %-13s %-18s %s\n", row_text(member, "pcc"), row_text(member, "name"),
           row_text(member, "role"), group_member_state(member), status);
}

static void group_print(const json_t *row)
{
    char wanted[WORDS_SIZE];
    const json_t *members = json_object_get(row, "members");
    const char *why = json_string_value(json_object_get(row, "why"));
    size_t i;
    json_t *member;
    group_join(json_object_get(row, "wanted"), wanted);
    printf("%s %lld of %s (%s), wanted: %s\n", row_text(row, "kind"),
           (long long)json_integer_value(json_object_get(row, "id")), row_text(row, "source"),
           json_string_length(json_object_get(row, "extended_id")) == 0
               ? "-"
               : row_text(row, "extended_id"),
           wanted);
    printf("  %s for %.0fs%s%s\n", row_text(row, "state"),
           json_number_value(json_object_get(row, "since_s")), why == NULL ? "" : ": ",
           why == NULL ? "" : why);
    json_array_foreach(members, i, member) group_print_member(member);
}

static int groups_print(const json_t *rows, bool is_json)
{
    size_t i;
    json_t *row;
    if (is_json) {
        pcectl_print_json(rows);
        return COMMAND_OK;
    }
    json_array_foreach(rows, i, row) group_print(row);
    return COMMAND_OK;
}

int lsp_groups_run(int argc, char **argv)
{
    enum { PCC, STATE, COUNT };
    struct pages_argument given[COUNT + 1] = {{"pcc", NULL}, {"state", NULL}, {NULL, NULL}};
    const char *limit = NULL;
    const struct pcectl_option options[] = {{"--pcc", &given[PCC].value},
                                            {"--state", &given[STATE].value},
                                            {"--limit", &limit},
                                            {NULL, NULL}};
    struct pcectl_arguments arguments;
    struct pages pages = {"/api/v1/groups", "groups", given, UINT64_MAX};
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    bool is_count = limit == NULL || number_parse(limit, UINT64_MAX, &pages.limit);
    if (arguments.count > 0 || !is_count || pages.limit == 0) {
        (void)fprintf(stderr, "usage:\n");
        lsp_groups_print_usage(stderr);
        return COMMAND_USAGE;
    }
    json_t *rows = json_array();
    int code = pages_gather(&arguments.target, &pages, rows);
    if (code == COMMAND_OK)
        code = groups_print(rows, arguments.is_json);
    json_decref(rows);
    return code;
}
