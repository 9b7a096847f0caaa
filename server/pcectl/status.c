/* pcectl status. */
#include "server/pcectl/api.h"
#include "server/pcectl/command.h"

#include <stdio.h>
#include <string.h>

static void status_print_usage(FILE *file)
{
    (void)fprintf(
        file,
        "usage: pcectl status [--json] [--socket PATH | --api ADDRESS]\n"
        "\n"
        "  --json          JSON instead of a table, with all counters\n" PCECTL_TARGET_USAGE "\n"
        "Exit codes: 0 it runs, 2 wrong arguments, 3 the server cannot be asked.\n");
}

static long long integer_of(const json_t *json, const char *key)
{
    return (long long)json_integer_value(json_object_get(json, key));
}

static void print_topology(const json_t *topology)
{
    if (!json_is_object(topology)) {
        printf("%-12s none\n", "topology");
        return;
    }
    printf("%-12s %s: %lld nodes, %lld directed links\n", "topology",
           json_string_value(json_object_get(topology, "name")), integer_of(topology, "nodes"),
           integer_of(topology, "links"));
}

/* Counters that have counted something. */
static void print_counters(json_t *counters)
{
    const char *key;
    json_t *value;
    json_object_foreach(counters, key, value)
    {
        if (json_is_real(value) && json_real_value(value) != 0)
            printf("  %-24s %.3f\n", key, json_real_value(value));
        if (json_is_integer(value) && json_integer_value(value) != 0)
            printf("  %-24s %lld\n", key, (long long)json_integer_value(value));
    }
}

static void print_status(const json_t *json)
{
    const json_t *sessions = json_object_get(json, "sessions");
    json_t *counters = json_object_get(json, "counters");
    printf("%-12s %s\n", "version", json_string_value(json_object_get(json, "version")));
    printf("%-12s %.0fs\n", "uptime", json_number_value(json_object_get(json, "uptime_s")));
    printf("%-12s %lld\n", "shards", integer_of(json, "shards"));
    printf("%-12s %lld UP, %lld connected, %lld half-open, limit %lld\n", "sessions",
           integer_of(counters, "sessions_up"), integer_of(sessions, "peers"),
           integer_of(sessions, "half_open"), integer_of(sessions, "limit"));
    print_topology(json_object_get(json, "topology"));
    printf("counters\n");
    print_counters(counters);
}

int status_command(int argc, char **argv)
{
    const struct pcectl_option options[] = {{NULL, NULL}};
    struct pcectl_arguments arguments;
    int code;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        status_print_usage(stdout);
        return COMMAND_OK;
    }
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 0) {
        status_print_usage(stderr);
        return COMMAND_USAGE;
    }
    const struct pcectl_request request = {
        .target = &arguments.target, .method = "GET", .path = "/api/v1/status"};
    json_t *json = pcectl_ask(&request, &code);
    if (json == NULL)
        return code;
    if (arguments.is_json)
        pcectl_print_json(json);
    else
        print_status(json);
    json_decref(json);
    return COMMAND_OK;
}
