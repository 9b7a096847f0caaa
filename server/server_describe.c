/* What a server is, for the line of its start. */
#include "server/server.h"

#include "core/ted/ted.h"
#include "io/share/snapshot.h"

#include <stdio.h>

static void describe_topology(const struct server *server, char *text, size_t size)
{
    const struct ted_snapshot *snapshot = snapshot_get(&server->shared.topology);
    if (snapshot == NULL)
        (void)snprintf(text, size, "no topology");
    else
        (void)snprintf(text, size, "topology %s: %u nodes, %u directed links",
                       snapshot->name[0] == '\0' ? server->shared.config.topology.file
                                                 : snapshot->name,
                       snapshot->node_count, snapshot->link_count);
}

void server_describe(const struct server *server, char *text, size_t size)
{
    const struct config_addresses *addresses = &server->shared.config.listen.addresses;
    size_t used = (size_t)snprintf(text, size, "listening on ");
    for (uint32_t i = 0; i < addresses->count && used < size; i++) {
        char ip[IP_TEXT_SIZE];
        bool is_v6 = addresses->items[i].family == IP_V6;
        used += (size_t)snprintf(text + used, size - used, "%s%s%s%s:%u", i == 0 ? "" : ", ",
                                 is_v6 ? "[" : "", ip_format(&addresses->items[i], ip),
                                 is_v6 ? "]" : "", server->shared.config.listen.port);
    }
    if (used < size)
        used +=
            (size_t)snprintf(text + used, size - used, ", %u shard%s, ", server->shared.shard_count,
                             server->shared.shard_count == 1 ? "" : "s");
    if (used >= size)
        return;
    snapshot_enter(server->reader);
    describe_topology(server, text + used, size - used);
    snapshot_leave(server->reader);
}
