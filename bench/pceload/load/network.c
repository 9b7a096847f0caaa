#include "bench/pceload/load/network.h"

#include "bench/path_bench/mix.h"
#include "core/base/check.h"
#include "core/ted/topology_file.h"
#include "io/os/file.h"

#include <stdlib.h>
#include <string.h>

#define BANDWIDTH_UNLIMITED 1.25e8F /* octets/s: without a topology that says what there is */

static void set_end(struct end *end, const struct ip *address, uint32_t node)
{
    end->node = node;
    memcpy(end->octets, address->octets, sizeof end->octets);
}

/* ---- topology ---- */

static enum pce_status network_read_topology(struct network *network, const char *path,
                                             struct failure *failure)
{
    char *text = NULL;
    size_t size = 0;
    struct ted_fault fault = {0};
    enum pce_status status = file_read(path, TOPOLOGY_FILE_SIZE_MAX, &text, &size, failure);
    if (status != PCE_OK)
        return status;
    status = topology_file_read(text, size, &network->topology, &fault);
    free(text);
    if (status == PCE_OK)
        return PCE_OK;
    return failure_set(failure, status, "%s, line %u: %s: %s", path, fault.line, fault.element,
                       fault.reason);
}

static uint32_t count_indexes(const struct ted_snapshot *topology)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < topology->node_count; n++) {
        struct ted_range range = topology->nodes[n].prefix_sids;
        for (uint32_t i = 0; i < range.count; i++) {
            uint32_t index = topology->prefix_sids[range.first + i].index;
            if (index >= count && index <= TED_LABEL_MAX)
                count = index + 1;
        }
    }
    return count;
}

static void lay_node(struct network *network, uint32_t n, uint32_t *filled)
{
    const struct ted_snapshot *topology = network->topology;
    const struct ted_node *node = &topology->nodes[n];
    struct network_node *out = &network->nodes[n];
    *out = (struct network_node){.first = *filled};
    if (node->srgbs.count > 0) {
        out->base = topology->srgbs[node->srgbs.first].base;
        out->size = topology->srgbs[node->srgbs.first].size;
    }
    for (uint32_t i = 0; i < node->prefix_sids.count; i++) {
        const struct ted_prefix_sid *sid = &topology->prefix_sids[node->prefix_sids.first + i];
        if (sid->algorithm == 0 && sid->index < network->index_count)
            network->node_of_index[sid->index] = n;
    }
    for (uint32_t e = topology->first_edge[n]; e < topology->first_edge[n + 1]; e++) {
        const struct ted_link *link = &topology->links[topology->edges[e].link];
        for (uint32_t i = 0; i < link->adj_sids.count; i++)
            network->adjacencies[(*filled)++] = (struct network_label){
                topology->adj_sids[link->adj_sids.first + i].label, link->to};
    }
    out->count = *filled - out->first;
}

/* Only what the general search would say as well. */
static void lay_links(struct network *network)
{
    const struct ted_snapshot *topology = network->topology;
    for (uint32_t e = 0; e < topology->link_count; e++) {
        const struct ted_edge *edge = &topology->edges[e];
        const struct ip *address = &topology->links[edge->link].remote_v4;
        if (address->family == IP_NONE)
            address = &topology->nodes[edge->node].router_id_v4;
        bool is_known =
            address->family == IP_V4 && ted_find_node_by_address(topology, address) == edge->node;
        network->links[e].node = is_known ? edge->node : TED_NONE;
        memcpy(&network->links[e].address, address->octets, sizeof network->links[e].address);
    }
}

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Affinities that may be asked for without tearing the network apart. */
static void look_at_groups(struct network *network)
{
    const struct ted_snapshot *topology = network->topology;
    network->excludable = 0;
    for (uint32_t l = 0; l < topology->link_count; l++)
        network->groups |= topology->links[l].admin_group;
    for (uint32_t rest = network->groups; rest != 0; rest &= rest - 1) {
        uint32_t bit = rest & -rest;
        if (mix_links_with(topology, bit) <= topology->link_count / 4)
            network->excludable |= bit;
        if (mix_links_with(topology, network->groups & ~bit) >= topology->link_count / 4 * 3)
            network->missable |= bit;
    }
}

static bool look_at_links(struct network *network)
{
    const struct ted_snapshot *topology = network->topology;
    float *free_bandwidth = calloc(topology->link_count + 1, sizeof *free_bandwidth);
    if (free_bandwidth == NULL)
        return false;
    for (uint32_t l = 0; l < topology->link_count; l++)
        free_bandwidth[l] = topology->links[l].unreserved[0];
    look_at_groups(network);
    qsort(free_bandwidth, topology->link_count, sizeof *free_bandwidth, compare_floats);
    network->bandwidth_max = free_bandwidth[topology->link_count / 10];
    free(free_bandwidth);
    return true;
}

/* The root of a node's area, while areas are joined. */
static uint32_t root_of(uint32_t *areas, uint32_t node)
{
    while (areas[node] != node) {
        areas[node] = areas[areas[node]];
        node = areas[node];
    }
    return node;
}

/* Links that nothing leads back from are none for the IGP (RFC 2328 16.1), so that who reaches a
 * node is reached by it. */
static void lay_areas(struct network *network)
{
    const struct ted_snapshot *topology = network->topology;
    for (uint32_t n = 0; n < topology->node_count; n++)
        network->areas[n] = n;
    for (uint32_t l = 0; l < topology->link_count; l++) {
        const struct ted_link *link = &topology->links[l];
        if (link->is_two_way)
            network->areas[root_of(network->areas, link->from)] = root_of(network->areas, link->to);
    }
    for (uint32_t n = 0; n < topology->node_count; n++)
        network->areas[n] = root_of(network->areas, n);
}

static bool lay_topology(struct network *network)
{
    const struct ted_snapshot *topology = network->topology;
    uint32_t filled = 0, sid_count = 1;
    for (uint32_t l = 0; l < topology->link_count; l++)
        sid_count += topology->links[l].adj_sids.count;
    network->index_count = count_indexes(topology);
    network->nodes = calloc(topology->node_count + 1, sizeof *network->nodes);
    network->adjacencies = calloc(sid_count, sizeof *network->adjacencies);
    network->links = calloc(topology->link_count + 1, sizeof *network->links);
    network->areas = calloc(topology->node_count + 1, sizeof *network->areas);
    network->node_of_index = malloc((network->index_count + 1) * sizeof *network->node_of_index);
    if (network->nodes == NULL || network->adjacencies == NULL || network->links == NULL ||
        network->node_of_index == NULL || network->areas == NULL)
        return false;
    memset(network->node_of_index, 0xff, network->index_count * sizeof *network->node_of_index);
    for (uint32_t n = 0; n < topology->node_count; n++)
        lay_node(network, n, &filled);
    lay_links(network);
    lay_areas(network);
    return network_lay_sids(network) && look_at_links(network);
}

/* The nodes that have a router id of the family. */
static bool list_nodes(struct network *network)
{
    const struct ted_snapshot *topology = network->topology;
    network->ends = calloc(topology->node_count + 1, sizeof *network->ends);
    if (network->ends == NULL)
        return false;
    for (uint32_t n = 0; n < topology->node_count; n++) {
        const struct ted_node *node = &topology->nodes[n];
        const struct ip *address = network->is_v6 ? &node->router_id_v6 : &node->router_id_v4;
        if (address->family != IP_NONE)
            set_end(&network->ends[network->end_count++], address, n);
    }
    return true;
}

enum pce_status network_init(struct network *network, const struct options *options,
                             struct failure *failure)
{
    *network = (struct network){
        .is_v6 = options->is_v6, .bandwidth_max = BANDWIDTH_UNLIMITED, .excludable = UINT32_MAX};
    enum pce_status status = PCE_OK;
    if (options->topology != NULL) {
        status = network_read_topology(network, options->topology, failure);
        if (status == PCE_OK && !lay_topology(network))
            status = failure_set(failure, PCE_NO_MEMORY, "no memory for the labels and links of %s",
                                 options->topology);
    }
    if (status == PCE_OK && options->pairs != NULL)
        status = network_read_pairs(network, options->pairs, failure);
    else if (status == PCE_OK && network->topology != NULL && !list_nodes(network))
        status = failure_set(failure, PCE_NO_MEMORY, "no memory for the nodes");
    if (status == PCE_OK && options_has_load(options) && network_pair_count(network) == 0)
        status = failure_set(failure, PCE_INVALID, "there is no pair of addresses to ask for");
    return status;
}

void network_fini(struct network *network)
{
    if (network->topology != NULL)
        ted_snapshot_destroy(network->topology);
    free(network->ends);
    free(network->pairs);
    free(network->nodes);
    free(network->adjacencies);
    free(network->links);
    free(network->areas);
    free(network->node_of_index);
    free(network->sids);
    *network = (struct network){0};
}

/* ---- questions ---- */

uint64_t network_pair_count(const struct network *network)
{
    if (network->pairs != NULL)
        return network->listed;
    return network->end_count < 2 ? 0 : (uint64_t)network->end_count * (network->end_count - 1);
}

struct pair network_pair(const struct network *network, uint64_t number)
{
    if (network->pairs != NULL)
        return network->pairs[number];
    CHECK(network->end_count >= 2);
    uint32_t others = network->end_count - 1;
    uint32_t source = (uint32_t)(number / others), destination = (uint32_t)(number % others);
    return (struct pair){source, destination + (destination >= source)};
}

/* The index by any but the first range (RFC 8660 2.4: they run on one after the other). */
static uint32_t index_by_ranges(const struct network *network, uint32_t at, uint32_t label)
{
    struct ted_range ranges = network->topology->nodes[at].srgbs;
    uint32_t before = 0;
    for (uint32_t i = 0; i < ranges.count; i++) {
        const struct ted_srgb *srgb = &network->topology->srgbs[ranges.first + i];
        if (label - srgb->base < srgb->size)
            return before + (label - srgb->base);
        before += srgb->size;
    }
    return TED_NONE;
}

uint32_t network_reach(const struct network *network, uint32_t at, uint32_t node)
{
    return node != TED_NONE && network->areas[node] == network->areas[at] ? node : TED_NONE;
}

static uint32_t follow_index(const struct network *network, uint32_t at, uint32_t index)
{
    return network_reach(network, at, network_node_of_index(network, index));
}

uint32_t network_follow(const struct network *network, uint32_t at, uint32_t label)
{
    CHECK(at < network->topology->node_count);
    const struct network_node *node = &network->nodes[at];
    if (label - node->base < node->size)
        return follow_index(network, at, label - node->base);
    for (uint32_t i = node->first; i < node->first + node->count; i++) {
        if (network->adjacencies[i].label == label)
            return network->adjacencies[i].node;
    }
    return follow_index(network, at, index_by_ranges(network, at, label));
}

uint32_t network_far_interface(const struct network *network, uint32_t at,
                               const struct ip *router_id, uint32_t interface_id)
{
    const struct ted_snapshot *topology = network->topology;
    for (uint32_t e = topology->first_edge[at]; e < topology->first_edge[at + 1]; e++) {
        const struct ted_edge *edge = &topology->edges[e];
        if (interface_id != 0 && topology->links[edge->link].remote_id == interface_id &&
            ip_is_equal(&topology->nodes[edge->node].router_id_v4, router_id))
            return edge->node;
    }
    return TED_NONE;
}

bool network_is_adjacent(const struct network *network, uint32_t from, uint32_t to)
{
    const struct ted_snapshot *topology = network->topology;
    for (uint32_t e = topology->first_edge[from]; e < topology->first_edge[from + 1]; e++) {
        if (topology->edges[e].node == to)
            return true;
    }
    return false;
}
