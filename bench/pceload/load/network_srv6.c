/* SRv6 SIDs of the topology, by their octets. */
#include "bench/pceload/load/network.h"

#include <stdlib.h>
#include <string.h>

static int network_compare_sids(const void *a, const void *b)
{
    return memcmp(a, b, sizeof((struct network_sid *)NULL)->octets);
}

static void network_add_sids(struct network *network, struct ted_range range, uint32_t owner,
                             uint32_t node)
{
    for (uint32_t i = range.first; i < range.first + range.count; i++) {
        struct network_sid *sid = &network->sids[network->sid_count++];
        *sid = (struct network_sid){.owner = owner, .node = node};
        memcpy(sid->octets, network->topology->srv6_sids[i].sid.octets, sizeof sid->octets);
    }
}

bool network_lay_sids(struct network *network)
{
    const struct ted_snapshot *topology = network->topology;
    size_t count = 1;
    for (uint32_t n = 0; n < topology->node_count; n++)
        count += topology->nodes[n].srv6_sids.count;
    for (uint32_t l = 0; l < topology->link_count; l++)
        count += topology->links[l].srv6_sids.count;
    network->sids = calloc(count, sizeof *network->sids);
    if (network->sids == NULL)
        return false;
    for (uint32_t n = 0; n < topology->node_count; n++)
        network_add_sids(network, topology->nodes[n].srv6_sids, n, n);
    for (uint32_t l = 0; l < topology->link_count; l++)
        network_add_sids(network, topology->links[l].srv6_sids, topology->links[l].from,
                         topology->links[l].to);
    qsort(network->sids, network->sid_count, sizeof *network->sids, network_compare_sids);
    return true;
}

uint32_t network_follow_sid(const struct network *network, uint32_t at, const uint8_t *octets)
{
    const struct network_sid *sid = bsearch(octets, network->sids, network->sid_count,
                                            sizeof *network->sids, network_compare_sids);
    if (sid == NULL || network_reach(network, at, sid->owner) == TED_NONE)
        return TED_NONE;
    return sid->node;
}
