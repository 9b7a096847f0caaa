#include "server/pcectl/command.h"
#include "server/pcectl/path.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *path_text(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text == NULL ? "-" : text;
}

static void path_print_joined(const json_t *list, const char *between)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        printf("%s%s", i == 0 ? "" : between, json_string_value(item));
    }
    printf("%s\n", json_array_size(list) == 0 ? "-" : "");
}

static void path_print_number(const json_t *object, const char *member)
{
    const json_t *value = json_object_get(object, member);
    if (json_is_number(value))
        printf("%.10g", json_number_value(value));
    else
        printf("not known");
}

static void path_print_sids(const json_t *sids)
{
    size_t i;
    json_t *sid;
    json_array_foreach(sids, i, sid)
    {
        const json_t *label = json_object_get(sid, "label");
        printf("%-10s ", i == 0 ? "segments" : "");
        if (label != NULL)
            printf("%lld", (long long)json_integer_value(label));
        else
            printf("%s", path_text(sid, "sid"));
        printf(" (%s, to %s)\n", path_text(sid, "kind"), path_text(sid, "node"));
    }
}

static void path_print_metrics(json_t *metrics)
{
    const char *name;
    json_t *value;
    printf("%-10s", "metrics");
    json_object_foreach(metrics, name, value)
    {
        printf(" %s %.10g", name, json_number_value(value));
    }
    printf("\n");
}

/* What each constraint costs more than the best path without it. */
static void path_print_why(const json_t *why)
{
    size_t i;
    json_t *row;
    printf("%-10s %s ", "cost", path_text(why, "metric"));
    path_print_number(why, "cost");
    printf("; without any constraint ");
    path_print_number(why, "cost_unconstrained");
    printf("\n");
    json_array_foreach(json_object_get(why, "constraints"), i, row)
    {
        printf("%-10s without %s: ", i == 0 ? "why" : "", path_text(row, "constraint"));
        path_print_number(row, "cost_without");
        printf("\n");
    }
}

static const char *path_blame_text(const json_t *why)
{
    static const struct {
        const char *blame, *text;
    } rows[] = {
        {"each", "a path is there without any one of: "},
        {"least", "a path is there only without all of (and no fewer): "},
        {"enough", "a path is there without all of: "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].blame, path_text(why, "blame")) == 0)
            return rows[i].text;
    }
    return NULL;
}

static void path_print_why_not(const json_t *why)
{
    size_t i;
    json_t *row;
    const char *blame = path_blame_text(why);
    printf("%-10s %s", "why", blame == NULL ? "the nodes are not connected\n" : blame);
    if (blame != NULL)
        path_print_joined(json_object_get(why, "constraints"), ", ");
    json_array_foreach(json_object_get(why, "cut"), i, row)
    {
        printf("%-10s %s to %s: ", i == 0 ? "cut" : "", path_text(row, "from"),
               path_text(row, "to"));
        path_print_joined(json_object_get(row, "breaks"), ", ");
    }
    json_int_t total = json_integer_value(json_object_get(why, "cut_links"));
    if ((size_t)total > i)
        printf("%-10s and %lld more links\n", "", (long long)total - (long long)i);
    json_array_foreach(json_object_get(why, "bounds"), i, row)
    {
        printf("%-10s %s at most ", i == 0 ? "bounds" : "", path_text(row, "metric"));
        path_print_number(row, "bound");
        printf(", at least possible ");
        path_print_number(row, "least");
        printf("\n");
    }
}

int path_print(const json_t *answer)
{
    const char *outcome = path_text(answer, "outcome");
    bool is_path = strcmp(outcome, "path") == 0;
    if (!is_path) {
        const char *node = json_string_value(json_object_get(answer, "node"));
        printf("%s%s%s\n", outcome, node == NULL ? "" : ": ", node == NULL ? "" : node);
        if (json_object_get(answer, "why_not") != NULL)
            path_print_why_not(json_object_get(answer, "why_not"));
        return COMMAND_NO;
    }
    printf("%-10s ", "path");
    path_print_joined(json_object_get(answer, "nodes"), " > ");
    path_print_sids(json_object_get(answer, "sids"));
    path_print_metrics(json_object_get(answer, "metrics"));
    path_print_why(json_object_get(answer, "why"));
    return COMMAND_OK;
}
