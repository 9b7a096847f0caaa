/* pcectl topology source set | change | show | list | delete: networks that the server is told through its API. */
#include "server/pcectl/topology/topology.h"

#include "io/os/file.h"
#include "server/pcectl/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOURCES       "/api/v1/topology/sources"
#define FILE_SIZE_MAX ((size_t)3 << 20) /* octets: as much as the API takes */
#define PATH_SIZE     512

static const char *sources_text(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text == NULL ? "-" : text;
}

static long long sources_number(const json_t *row, const char *key)
{
    return (long long)json_integer_value(json_object_get(row, key));
}

static void sources_print_row(const json_t *row)
{
    printf("%-32s %6lld %-9s %8lld %8lld %9lld %8llds %-4s  %s\n", sources_text(row, "name"),
           sources_number(row, "rank"),
           json_is_true(json_object_get(row, "completes")) ? "completes" : "tells",
           sources_number(row, "nodes"), sources_number(row, "links"),
           sources_number(row, "octets"), sources_number(row, "age_s"),
           json_is_true(json_object_get(row, "kept")) ? "yes" : "no", sources_text(row, "why_not"));
}

static void sources_print_list(const json_t *answer)
{
    size_t i;
    json_t *row;
    printf("%-32s %6s %-9s %8s %8s %9s %9s %-4s  %s\n", "NAME", "RANK", "ROLE", "NODES", "LINKS",
           "OCTETS", "AGE", "KEPT", "WHY NOT IN THE TOPOLOGY");
    json_array_foreach(json_object_get(answer, "sources"), i, row)
    {
        sources_print_row(row);
    }
}

static void sources_print_text(const json_t *answer)
{
    printf("%s", sources_text(answer, "network"));
}

static void sources_print_outcome(const json_t *answer)
{
    const json_t *kept = json_object_get(answer, "kept");
    printf("%s %s%s\n", sources_text(answer, "outcome"), sources_text(answer, "name"),
           json_is_false(kept) ? " (the server has no store: gone when it ends)" : "");
    if (json_is_string(json_object_get(answer, "why_not")))
        printf("not in the topology yet: %s\n", sources_text(answer, "why_not"));
}

static int sources_ask(const struct pcectl_request *request, bool is_json,
                       void (*print)(const json_t *answer))
{
    int code;
    json_t *answer = pcectl_ask(request, &code);
    if (answer == NULL)
        return code;
    if (is_json)
        pcectl_print_json(answer);
    else
        print(answer);
    json_decref(answer);
    return COMMAND_OK;
}

/* set NAME FILE, change NAME FILE */
static int sources_tell(int argc, char **argv)
{
    const char *rank = NULL, *completes = NULL;
    const struct pcectl_option options[] = {
        {"--rank", &rank}, {"--completes", &completes}, {NULL, NULL}};
    bool is_set = strcmp(argv[0], "set") == 0;
    struct pcectl_arguments arguments;
    char path[PATH_SIZE] = SOURCES;
    struct failure failure;
    size_t size;
    char *text;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 2 || !pcectl_add_element(path, sizeof path, arguments.words[0]) ||
        (!is_set && (rank != NULL || completes != NULL)) ||
        (rank != NULL && !pcectl_add_argument(path, sizeof path, "rank", rank)) ||
        (completes != NULL && !pcectl_add_argument(path, sizeof path, "completes", completes)))
        return TOPOLOGY_MISUSED;
    if (file_read(arguments.words[1], FILE_SIZE_MAX, &text, &size, &failure) != PCE_OK) {
        (void)fprintf(stderr, "pcectl: %s\n", failure.text);
        return COMMAND_USAGE;
    }
    const struct pcectl_request request = {&arguments.target, is_set ? "PUT" : "PATCH", path, text};
    int code = sources_ask(&request, arguments.is_json, sources_print_outcome);
    free(text);
    return code;
}

/* list, show NAME, delete NAME */
static int sources_name(int argc, char **argv)
{
    const struct pcectl_option options[] = {{NULL, NULL}};
    bool is_delete = strcmp(argv[0], "delete") == 0;
    bool is_list = strcmp(argv[0], "list") == 0;
    struct pcectl_arguments arguments;
    char path[PATH_SIZE] = SOURCES;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != (is_list ? 0 : 1) ||
        (!is_list && !pcectl_add_element(path, sizeof path, arguments.words[0])))
        return TOPOLOGY_MISUSED;
    const struct pcectl_request request = {
        .target = &arguments.target, .method = is_delete ? "DELETE" : "GET", .path = path};
    return sources_ask(&request, arguments.is_json,
                       is_delete ? sources_print_outcome
                       : is_list ? sources_print_list
                                 : sources_print_text);
}

int topology_source_run(int argc, char **argv)
{
    static const struct {
        const char *name;
        command_fn *run;
    } verbs[] = {{"set", sources_tell},
                 {"change", sources_tell},
                 {"list", sources_name},
                 {"show", sources_name},
                 {"delete", sources_name}};
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(argc - 1, argv + 1);
    }
    return TOPOLOGY_MISUSED;
}
