/* pcectl topology check: what is odd about a network, one row for each. */
#include "server/pcectl/api.h"
#include "server/pcectl/topology/network_check.h"
#include "server/pcectl/topology/source.h"
#include "server/pcectl/topology/topology.h"

#include <stdio.h>

static int check_print(const struct ted_snapshot *snapshot, const struct findings *findings,
                       bool is_json)
{
    if (!is_json) {
        printf("network \"%s\": %u nodes, %u directed links\n", snapshot->name,
               snapshot->node_count, snapshot->link_count);
        findings_print(findings);
    } else {
        json_t *json =
            json_pack("{s:s,s:I,s:I,s:o}", "network", snapshot->name, "nodes",
                      (json_int_t)snapshot->node_count, "links", (json_int_t)snapshot->link_count,
                      "findings", findings_json(findings));
        if (json == NULL) {
            (void)fprintf(stderr, "pcectl: no memory\n");
            return COMMAND_FAILED;
        }
        pcectl_print_json(json);
        json_decref(json);
    }
    return findings_worst(findings) == FINDING_NOTE ? COMMAND_OK : COMMAND_NO;
}

static int check_network(const struct ted_snapshot *snapshot, bool is_json)
{
    struct findings findings;
    findings_init(&findings);
    int code = COMMAND_FAILED;
    if (network_check(snapshot, &findings) == PCE_OK)
        code = check_print(snapshot, &findings, is_json);
    else
        (void)fprintf(stderr, "pcectl: no memory\n");
    findings_fini(&findings);
    return code;
}

int topology_check_run(int argc, char **argv)
{
    static const struct pcectl_option options[] = {{NULL, NULL}};
    struct pcectl_arguments arguments;
    int code;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count != 1)
        return topology_refuse_usage("check");
    struct ted_snapshot *snapshot = source_read_file(arguments.words[0], &code);
    if (snapshot == NULL)
        return code;
    code = check_network(snapshot, arguments.is_json);
    ted_snapshot_destroy(snapshot);
    return code;
}
