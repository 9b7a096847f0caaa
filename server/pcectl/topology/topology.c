#include "server/pcectl/topology/topology.h"

#include "server/pcectl/target.h"

#include <stdio.h>
#include <string.h>

static const struct topology_verb topology_verbs[] = {
    {"import",
     "FILE [-o FILE] [--format FORMAT] [--capacity SPEED] [--external keep|drop]\n"
     "          [--demands FILE] [--with-demands FILE]",
     "make a topology file of a network in another format", topology_import_run},
    {"check", "[FILE] [--json]", "say what is odd about a network", topology_check_run},
    {"export", "[--from FILE|running] [--format yaml|json]",
     "write a network as a topology file or JSON", topology_export_run},
    {"diff", "OLDER [NEWER] [--json]", "say what differs between two networks", topology_diff_run},
    {"optimise",
     "[--topology FILE|running] --demands FILE [--segments 2..5] [--gain PERCENT] [--json]",
     "say which demands to move, and in which order, so that the most loaded link is loaded least",
     topology_optimise_run},
    {"peers", "[ADDRESS] [--json]", "the routers that tell the network by BGP-LS, or one in detail",
     topology_peers_run},
    {"refresh", "ADDRESS [--json]", "ask a peer to tell everything again (RFC 2918)",
     topology_refresh_run},
    {"reset", "ADDRESS [--text TEXT] [--json]",
     "end the session of a peer and begin anew; TEXT is for its operator (RFC 9003)",
     topology_reset_run},
    {"source",
     "set NAME FILE [--rank N] [--completes true|false] [--json]\n"
     "                         change NAME FILE [--json]\n"
     "                         list | show NAME | delete NAME [--json]",
     "tell the server's API a network, change it, see or withdraw it", topology_source_run},
    {"log", "[--since N] [--json]",
     "show what has changed of the server's network, and who told it", topology_log_run},
};

#define TOPOLOGY_VERB_COUNT (sizeof topology_verbs / sizeof topology_verbs[0])

static void topology_print_usage(FILE *file)
{
    (void)fprintf(file, "usage:\n");
    for (size_t i = 0; i < TOPOLOGY_VERB_COUNT; i++)
        (void)fprintf(file, "  pcectl topology %s %s\n      %s\n", topology_verbs[i].name,
                      topology_verbs[i].arguments, topology_verbs[i].help);
    (void)fprintf(file, "\n  --json          JSON instead of a table\n" PCECTL_TARGET_USAGE);
}

static int topology_run_verb(const struct topology_verb *verb, int argc, char **argv)
{
    int code = verb->run(argc, argv);
    if (code != TOPOLOGY_MISUSED)
        return code;
    (void)fprintf(stderr, "usage: pcectl topology %s %s\n", verb->name, verb->arguments);
    return COMMAND_USAGE;
}

int topology_command(int argc, char **argv)
{
    bool is_help = argc == 2 && strcmp(argv[1], "--help") == 0;
    for (size_t i = 0; i < TOPOLOGY_VERB_COUNT && argc > 1; i++) {
        if (strcmp(topology_verbs[i].name, argv[1]) == 0)
            return topology_run_verb(&topology_verbs[i], argc - 1, argv + 1);
    }
    if (!is_help && argc > 1)
        (void)fprintf(stderr, "pcectl: topology: there is no \"%s\"\n", argv[1]);
    topology_print_usage(is_help ? stdout : stderr);
    return is_help ? COMMAND_OK : COMMAND_USAGE;
}
