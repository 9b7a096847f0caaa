/* pcectl intent put | list | show | delete. */
#include "core/base/number.h"
#include "server/pcectl/command.h"
#include "server/pcectl/pages.h"
#include "server/pcectl/row.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INTENTS       "/api/v1/intents"
#define FILE_SIZE_MAX 65536 /* octets: as much as the API takes */
#define PATH_SIZE     1024

static void intent_print_usage(FILE *file)
{
    (void)fprintf(
        file,
        "usage: pcectl intent put PCC NAME FILE [OPTIONS]\n"
        "       pcectl intent list [--pcc PREFIX] [--endpoint PREFIX] [--color N] [--state STATE]\n"
        "                          [--limit N] [OPTIONS]\n"
        "       pcectl intent show PCC NAME [OPTIONS]\n"
        "       pcectl intent delete PCC NAME [--forget true] [OPTIONS]\n"
        "\n"
        "  FILE            JSON, as docs/STATEFUL.md has it; - is the standard input\n"
        "  --state STATE   waiting, \"no path\", ordered, up, down, refused, unconfirmed, "
        "conflict,\n"
        "                  removing\n"
        "  --forget true   do not remove its LSPs from the router; for one that never comes back\n"
        "  --limit N       at most so many; without it all are shown\n"
        "  --json          JSON instead of text\n" PCECTL_TARGET_USAGE "\n"
        "Exit codes: 0 done, 1 there is no such intent, 2 wrong arguments or a wrong file,\n"
        "3 the server cannot be asked, or could not keep it.\n");
}

/* PCC and NAME behind the path of all intents; false when there is no room. */
static bool intent_path(const struct pcectl_arguments *arguments, char *path, size_t size)
{
    (void)snprintf(path, size, "%s", INTENTS);
    return pcectl_add_element(path, size, arguments->words[0]) &&
           pcectl_add_element(path, size, arguments->words[1]);
}

/* ---- put ---- */

/* NULL, and said on stderr: it cannot be read, or it is too long. */
static char *intent_read_file(const char *name)
{
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
    char *text = file == NULL ? NULL : calloc(1, FILE_SIZE_MAX + 2);
    size_t size = text == NULL ? 0 : fread(text, 1, FILE_SIZE_MAX + 1, file);
    bool is_good = text != NULL && ferror(file) == 0 && size <= FILE_SIZE_MAX;
    if (!is_good)
        (void)fprintf(stderr, "pcectl: %s: %s\n", name,
                      size > FILE_SIZE_MAX ? "it is longer than 65536 octets" : strerror(errno));
    if (file != NULL && file != stdin)
        (void)fclose(file);
    if (is_good)
        return text;
    free(text);
    return NULL;
}

static int intent_print_outcome(const json_t *answer, const struct pcectl_arguments *arguments)
{
    if (arguments->is_json)
        pcectl_print_json(answer);
    else
        printf("%s %s of %s\n", row_text(answer, "outcome"), row_text(answer, "name"),
               row_text(answer, "pcc"));
    return COMMAND_OK;
}

static int put_intent(int argc, char **argv)
{
    static const struct pcectl_option options[] = {{NULL, NULL}};
    struct pcectl_arguments arguments;
    char path[PATH_SIZE];
    int code;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 3 || !intent_path(&arguments, path, sizeof path)) {
        intent_print_usage(stderr);
        return COMMAND_USAGE;
    }
    char *text = intent_read_file(arguments.words[2]);
    if (text == NULL)
        return COMMAND_USAGE;
    const struct pcectl_request request = {&arguments.target, "PUT", path, text};
    json_t *answer = pcectl_ask(&request, &code);
    free(text);
    if (answer == NULL)
        return code;
    code = intent_print_outcome(answer, &arguments);
    json_decref(answer);
    return code;
}

/* ---- delete ---- */

static int delete_intent(int argc, char **argv)
{
    const char *forget = NULL;
    const struct pcectl_option options[] = {{"--forget", &forget}, {NULL, NULL}};
    struct pcectl_arguments arguments;
    char path[PATH_SIZE];
    int code;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 2 || !intent_path(&arguments, path, sizeof path) ||
        (forget != NULL && !pcectl_add_argument(path, sizeof path, "forget", forget))) {
        intent_print_usage(stderr);
        return COMMAND_USAGE;
    }
    const struct pcectl_request request = {&arguments.target, "DELETE", path, NULL};
    json_t *answer = pcectl_ask(&request, &code);
    if (answer == NULL)
        return code;
    code = intent_print_outcome(answer, &arguments);
    json_decref(answer);
    return code;
}

/* ---- show ---- */

static void intent_print_lsp(const json_t *lsp)
{
    const json_t *preference = json_object_get(lsp, "preference");
    const json_t *type = json_object_get(lsp, "error_type");
    char number[24] = "-";
    char error[24] = "";
    if (json_is_integer(preference))
        (void)snprintf(number, sizeof number, "%lld", (long long)json_integer_value(preference));
    if (json_is_integer(type))
        (void)snprintf(error, sizeof error, " (PCErr %lld/%lld)",
                       (long long)json_integer_value(type),
                       (long long)json_integer_value(json_object_get(lsp, "error_value")));
    printf("%-32s %-10s %-12s %s%s\n", row_text(lsp, "lsp"), number, row_text(lsp, "state"),
           row_text(lsp, "reason"), error);
}

static int intent_print(const json_t *answer, bool is_json)
{
    size_t i;
    json_t *lsp;
    if (is_json) {
        pcectl_print_json(answer);
        return COMMAND_OK;
    }
    printf("%-32s %-10s %-12s %s\n", "LSP", "PREFERENCE", "STATE", "REASON");
    json_array_foreach(json_object_get(answer, "lsps"), i, lsp)
    {
        intent_print_lsp(lsp);
    }
    printf("\n");
    pcectl_print_json(json_object_get(answer, "intent"));
    return COMMAND_OK;
}

static int show_intent(int argc, char **argv)
{
    static const struct pcectl_option options[] = {{NULL, NULL}};
    struct pcectl_arguments arguments;
    char path[PATH_SIZE];
    int code;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 2 || !intent_path(&arguments, path, sizeof path)) {
        intent_print_usage(stderr);
        return COMMAND_USAGE;
    }
    const struct pcectl_request request = {&arguments.target, "GET", path, NULL};
    json_t *answer = pcectl_ask(&request, &code);
    if (answer == NULL)
        return code;
    code = intent_print(answer, arguments.is_json);
    json_decref(answer);
    return code;
}

/* ---- list ---- */

static void intent_print_row(const json_t *row)
{
    const json_t *color = json_object_get(row, "color");
    char number[24] = "-";
    if (json_is_integer(color))
        (void)snprintf(number, sizeof number, "%lld", (long long)json_integer_value(color));
    printf("%-15s %-24s %-15s %-10s %-8s %5lld %-12s %s\n", row_text(row, "pcc"),
           row_text(row, "name"), row_text(row, "endpoint"), number, row_text(row, "setup_type"),
           (long long)json_integer_value(json_object_get(row, "paths")), row_text(row, "state"),
           row_text(row, "reason"));
}

static void intent_print_list(const json_t *all, bool is_json)
{
    size_t i;
    json_t *row;
    if (is_json) {
        pcectl_print_json(all);
        return;
    }
    printf("%-15s %-24s %-15s %-10s %-8s %5s %-12s %s\n", "PCC", "NAME", "ENDPOINT", "COLOR",
           "SETUP", "PATHS", "STATE", "REASON");
    json_array_foreach(all, i, row)
    {
        intent_print_row(row);
    }
}

static int list_intents(int argc, char **argv)
{
    enum { PCC, ENDPOINT, COLOR, STATE, COUNT };
    struct pages_argument given[COUNT + 1] = {
        {"pcc", NULL}, {"endpoint", NULL}, {"color", NULL}, {"state", NULL}, {NULL, NULL}};
    const char *limit = NULL;
    const struct pcectl_option options[] = {{"--pcc", &given[PCC].value},
                                            {"--endpoint", &given[ENDPOINT].value},
                                            {"--color", &given[COLOR].value},
                                            {"--state", &given[STATE].value},
                                            {"--limit", &limit},
                                            {NULL, NULL}};
    struct pages pages = {
        .path = INTENTS, .member = "intents", .arguments = given, .limit = UINT64_MAX};
    struct pcectl_arguments arguments;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 0 ||
        (limit != NULL && (!number_parse(limit, UINT64_MAX, &pages.limit) || pages.limit == 0))) {
        intent_print_usage(stderr);
        return COMMAND_USAGE;
    }
    json_t *all = json_array();
    int code = pages_gather(&arguments.target, &pages, all);
    if (code == COMMAND_OK)
        intent_print_list(all, arguments.is_json);
    json_decref(all);
    return code;
}

int intent_command(int argc, char **argv)
{
    static const struct command verbs[] = {{"put", "", put_intent},
                                           {"list", "", list_intents},
                                           {"show", "", show_intent},
                                           {"delete", "", delete_intent}};
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(argc - 1, argv + 1);
    }
    bool is_help = argc > 1 && strcmp(argv[1], "--help") == 0;
    intent_print_usage(is_help ? stdout : stderr);
    return is_help ? COMMAND_OK : COMMAND_USAGE;
}
