/* What changes of the network, for the log of the network: as sources tell it, object by object. */
#include "core/ted/rib_change.h"
#include "io/os/clock.h"
#include "server/settings/network_figures.h"
#include "server/settings/network_log.h"
#include "server/topology/topology_impl.h"

#include <stdio.h>

_Static_assert(sizeof((struct network_change){0}.node) >= RIB_CHANGE_NODE_SIZE,
               "a node's name has room");

static struct network_change topology_log_begin(const struct topology *topology, const char *what,
                                                const char *kind, const char *source)
{
    struct network_change change = {
        .generation = counter_get(&topology->options.figures->topology_published) + 1,
        .at_s = clock_wall_s(),
        .what = what,
        .kind = kind,
    };
    (void)snprintf(change.source, sizeof change.source, "%s", source);
    return change;
}

void topology_log_change(void *context, const struct rib_change *told)
{
    const struct topology *topology = context;
    struct network_change change = topology_log_begin(topology, rib_change_id(told->what),
                                                      rib_change_kind(told), told->source);
    rib_change_nodes(told, change.node, change.remote);
    (void)rib_change_text(told, change.text, sizeof change.text);
    network_log_add(topology->options.log, &change);
}

void topology_log_file(const struct topology *topology, const char *file,
                       const struct ted_snapshot *snapshot)
{
    struct network_change change =
        topology_log_begin(topology, snapshot == NULL ? "withdrawn" : "read", "file", file);
    if (snapshot != NULL)
        (void)snprintf(change.text, sizeof change.text, "%u nodes, %u links", snapshot->node_count,
                       snapshot->edge_count);
    network_log_add(topology->options.log, &change);
}
