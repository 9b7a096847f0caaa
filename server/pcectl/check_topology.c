/* pcectl check-topology: reads a topology file and says what is in it, or what is wrong with it. */
#include "io/os/failure.h"
#include "server/pcectl/command.h"
#include "server/topology/load.h"

#include <stdio.h>

int check_topology_command(int argc, char **argv)
{
    struct ted_snapshot *snapshot = NULL;
    char text[FAILURE_TEXT_SIZE];
    if (argc != 2 || argv[1][0] == '-') {
        (void)fprintf(stderr, "usage: pcectl check-topology FILE\n");
        return COMMAND_USAGE;
    }
    if (topology_load(argv[1], &snapshot, text, sizeof text) != PCE_OK) {
        (void)fprintf(stderr, "%s\n", text);
        return COMMAND_USAGE;
    }
    uint32_t sid_count = 0;
    for (uint32_t i = 0; i < snapshot->node_count; i++)
        sid_count += snapshot->nodes[i].prefix_sids.count;
    printf("%s: good: network \"%s\", %u nodes, %u directed links, %u prefix SIDs, %zu octets\n",
           argv[1], snapshot->name, snapshot->node_count, snapshot->link_count, sid_count,
           snapshot->octets);
    ted_snapshot_destroy(snapshot);
    return COMMAND_OK;
}
