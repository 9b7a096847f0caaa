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

/* running: the pced whose network it is; NULL: it is a file's. */
static int check_network(const struct ted_snapshot *snapshot, struct pcectl_target *running,
                         bool is_json)
{
    struct findings findings;
    findings_init(&findings);
    int code = running == NULL ? COMMAND_OK : source_add_findings(running, &findings);
    if (code == COMMAND_OK && network_check(snapshot, &findings) != PCE_OK) {
        (void)fprintf(stderr, "pcectl: no memory\n");
        code = COMMAND_FAILED;
    }
    if (code == COMMAND_OK)
        code = check_print(snapshot, &findings, is_json);
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
    if (arguments.count > 1)
        return TOPOLOGY_MISUSED;
    const char *file = arguments.count == 0 ? NULL : arguments.words[0];
    struct ted_snapshot *snapshot = source_read(file, &arguments.target, &code);
    if (snapshot == NULL)
        return code;
    code = check_network(snapshot, file == NULL ? &arguments.target : NULL, arguments.is_json);
    ted_snapshot_destroy(snapshot);
    return code;
}
