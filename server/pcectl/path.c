/* pcectl path compute: a path, and why this one or why none, on a file or by a running server. */
#include "server/pcectl/path.h"

#include "core/intent/path_query.h"
#include "core/ted/flex.h"
#include "io/os/failure.h"
#include "server/pcectl/api.h"
#include "server/pcectl/command.h"
#include "server/topology/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void path_print_usage(FILE *file)
{
    (void)fprintf(
        file,
        "usage: pcectl path compute FROM TO [OPTIONS]\n"
        "\n"
        "FROM and TO are names or addresses of nodes. Without a path it is said what is in the\n"
        "way; with one, what each constraint costs.\n"
        "\n"
        "  --topology FILE     on this network, without a server\n"
        "  --setup WORD        SR-MPLS (without it), SRv6 or RSVP-TE\n"
        "  --metric WORD       igp (without it), te, hops, delay, min-delay, delay-variation,\n"
        "                      loss or sids: what is minimised\n"
        "  --objective WORD    metric (without it), load or residual-bandwidth\n"
        "  --bounds LIST       METRIC=VALUE,…: at most so much; delays in microseconds, loss in\n"
        "                      percent\n"
        "  --bandwidth NUMBER  octets a second, at --priority NUMBER (7)\n"
        "  --exclude-any, --include-any, --include-all MASK   affinities, 0x… or decimal\n"
        "  --exclude-nodes LIST, --exclude-srlgs LIST         what it keeps off\n"
        "  --depth NUMBER      the longest list of segments\n"
        "  --protection WORD   unprotected-preferred, protected-preferred, unprotected-only or\n"
        "                      protected-only\n"
        "  --algorithm NUMBER  a flexible algorithm, 128 to 255\n"
        "  --json              JSON instead of text\n" PCECTL_TARGET_USAGE "\n"
        "Exit codes: 0 a path, 1 none, 2 wrong arguments or a wrong file, 3 the server cannot be\n"
        "asked.\n");
}

/* NULL, and said on stderr: *code is the exit code. */
static json_t *path_ask(struct pcectl_target *target, const json_t *body, int *code)
{
    char *text = json_dumps(body, JSON_COMPACT);
    const struct pcectl_request request = {
        .target = target, .method = "POST", .path = "/api/v1/paths", .body = text};
    json_t *answer = NULL;
    *code = COMMAND_FAILED;
    if (text != NULL)
        answer = pcectl_ask(&request, code);
    free(text);
    return answer;
}

static json_t *path_compute_here(const char *file, const json_t *body, int *code)
{
    struct ted_snapshot *snapshot = NULL;
    struct intent_fault fault = {.field = ""};
    struct path_query query;
    char text[FAILURE_TEXT_SIZE];
    json_t *answer = NULL;
    *code = COMMAND_USAGE;
    if (!path_query_read(body, &query, &fault)) {
        (void)fprintf(stderr, "pcectl: %s: %s\n", fault.field, fault.reason);
        return NULL;
    }
    if (topology_load(file, &snapshot, text, sizeof text) != PCE_OK) {
        (void)fprintf(stderr, "%s\n", text);
        return NULL;
    }
    struct path_engine *engine = path_engine_create(0);
    if (engine != NULL && ted_flex_views_make(snapshot) == PCE_OK)
        answer = path_query_answer(&query, engine, snapshot, NULL);
    if (answer == NULL) {
        (void)fprintf(stderr, "pcectl: memory ran out\n");
        *code = COMMAND_FAILED;
    }
    path_engine_destroy(engine);
    ted_snapshot_destroy(snapshot);
    return answer;
}

static int path_compute_one(struct pcectl_arguments *arguments, const struct path_options *options)
{
    const char *wrong;
    int code;
    json_t *body = path_body(arguments->words[1], arguments->words[2], options, &wrong);
    if (body == NULL) {
        (void)fprintf(stderr, "pcectl: %s%s\n", wrong == NULL ? "memory ran out" : wrong,
                      wrong == NULL ? "" : ": must be a number");
        return wrong == NULL ? COMMAND_FAILED : COMMAND_USAGE;
    }
    json_t *answer = options->topology == NULL ? path_ask(&arguments->target, body, &code)
                                               : path_compute_here(options->topology, body, &code);
    json_decref(body);
    if (answer == NULL)
        return code;
    if (arguments->is_json)
        pcectl_print_json(answer);
    const char *outcome = json_string_value(json_object_get(answer, "outcome"));
    bool is_path = outcome != NULL && strcmp(outcome, "path") == 0;
    code = arguments->is_json ? (is_path ? COMMAND_OK : COMMAND_NO) : path_print(answer);
    json_decref(answer);
    return code;
}

int path_command(int argc, char **argv)
{
    struct path_options given = {.topology = NULL};
    const struct pcectl_option options[] = {
        {"--topology", &given.topology},
        {"--setup", &given.setup},
        {"--metric", &given.metric},
        {"--objective", &given.objective},
        {"--bounds", &given.bounds},
        {"--bandwidth", &given.bandwidth},
        {"--priority", &given.priority},
        {"--algorithm", &given.algorithm},
        {"--exclude-any", &given.exclude_any},
        {"--include-any", &given.include_any},
        {"--include-all", &given.include_all},
        {"--exclude-nodes", &given.exclude_nodes},
        {"--exclude-srlgs", &given.exclude_srlgs},
        {"--depth", &given.depth},
        {"--protection", &given.protection},
        {NULL, NULL},
    };
    struct pcectl_arguments arguments;
    if (argc > 1 && strcmp(argv[argc - 1], "--help") == 0) {
        path_print_usage(stdout);
        return COMMAND_OK;
    }
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 3 || strcmp(arguments.words[0], "compute") != 0) {
        path_print_usage(stderr);
        return COMMAND_USAGE;
    }
    return path_compute_one(&arguments, &given);
}
