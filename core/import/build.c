/* A snapshot of what is left of a graph. A graph of no routers gets what routers have: router ids
 * from 10.0.0.1 on, a prefix SID for each node, interface ids and adjacency SIDs for each end of a
 * link, all by place. */
#include "core/base/check.h"
#include "core/import/names.h"
#include "core/import/pairs.h"
#include "core/ted/topology_impl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUTER_IDS     UINT32_C(0x0a000001)
#define SRGB_BASE      16000
#define SRGB_SIZE      8000 /* at least */
#define ADJ_LABEL_BASE 1000 /* up to SRGB_BASE */

/* What routers tell of a node, as far as a network may have it. */
struct build_told_node {
    struct ted_prefix_sid sids[TED_NODE_SIDS_MAX];
    struct ip addresses[TED_NODE_ADDRESSES_MAX];
};

struct build {
    struct graph *graph;
    struct import *import;
    struct ted_builder *builder;
    struct names names;
    struct pairs pairs;
    uint32_t *ends;          /* of each node of the snapshot: how many links' ends it has */
    struct ted_array labels; /* uint64_t: node and label, of adjacency SIDs that routers tell */
    struct slots label_index;
    uint32_t sid_at, address_at; /* in the graph's lists */
    struct ted_srgb srgb;        /* of nodes of no routers */
    struct build_told_node told; /* of the node that is added */
};

static bool build_fail(struct build *build, enum pce_status status, uint32_t line)
{
    struct ted_fault fault = *build->graph->fault;
    return graph_fail(build->graph, status, line, fault.element, "%s", fault.reason);
}

/* ---- nodes ---- */

/* Lists of the graph are in the order of the file, not of nodes: sorted once, walked with them. */
static int build_compare_sids(const void *left, const void *right)
{
    const struct graph_sid *a = left;
    const struct graph_sid *b = right;
    return (a->node > b->node) - (a->node < b->node);
}

static int build_compare_addresses(const void *left, const void *right)
{
    const struct graph_address *a = left;
    const struct graph_address *b = right;
    return (a->node > b->node) - (a->node < b->node);
}

static void build_take_sids(struct build *build, uint32_t node, struct ted_node_spec *spec)
{
    const struct graph_sid *sids = build->graph->sids.items;
    uint32_t size = spec->srgb_count > 0 ? spec->srgbs->size : 0;
    for (; build->sid_at < build->graph->sids.count && sids[build->sid_at].node <= node;
         build->sid_at++) {
        const struct ted_prefix_sid *sid = &sids[build->sid_at].sid;
        bool is_right = sid->algorithm < 2 || sid->algorithm > 127;
        bool fits = is_right && sid->index < size && spec->prefix_sid_count < TED_NODE_SIDS_MAX;
        if (fits)
            build->told.sids[spec->prefix_sid_count++] = *sid;
        else
            build->graph->notes[IMPORT_SIDS_LEFT_OUT]++;
    }
    spec->prefix_sids = build->told.sids;
}

static void build_take_addresses(struct build *build, uint32_t node, struct ted_node_spec *spec)
{
    const struct graph_address *addresses = build->graph->addresses.items;
    for (; build->address_at < build->graph->addresses.count &&
           addresses[build->address_at].node <= node;
         build->address_at++) {
        const struct ip *address = &addresses[build->address_at].address;
        if (ip_is_equal(address, &spec->router_id_v4) || ip_is_equal(address, &spec->router_id_v6))
            continue;
        if (spec->address_count < TED_NODE_ADDRESSES_MAX)
            build->told.addresses[spec->address_count++] = *address;
        else
            build->graph->notes[IMPORT_ADDRESSES_LEFT_OUT]++;
    }
    spec->addresses = build->told.addresses;
}

/* What the builder does not take of a router's word: SIDs first, then addresses. */
static bool build_put_node(struct build *build, struct ted_node_spec *spec, uint32_t line,
                           uint32_t *index)
{
    struct graph *graph = build->graph;
    enum pce_status status = ted_builder_add_node(build->builder, spec, index, graph->fault);
    if (status != PCE_OK && status != PCE_NO_MEMORY && spec->prefix_sid_count > 0) {
        graph->notes[IMPORT_SIDS_LEFT_OUT] += spec->prefix_sid_count;
        spec->prefix_sid_count = 0;
        status = ted_builder_add_node(build->builder, spec, index, graph->fault);
    }
    if (status != PCE_OK && status != PCE_NO_MEMORY && spec->address_count > 0) {
        graph->notes[IMPORT_ADDRESSES_LEFT_OUT] += spec->address_count;
        spec->address_count = 0;
        status = ted_builder_add_node(build->builder, spec, index, graph->fault);
    }
    return status == PCE_OK || build_fail(build, status, line);
}

static bool build_add_told_node(struct build *build, uint32_t at, struct ted_node_spec *spec,
                                uint32_t *index)
{
    struct graph_node *node = graph_node_at(build->graph, at);
    bool has_srgb = node->srgb.base >= TED_LABEL_MIN && node->srgb.base <= TED_LABEL_MAX &&
                    node->srgb.size > 0 && node->srgb.size - 1 <= TED_LABEL_MAX - node->srgb.base;
    spec->router_id_v4 = node->router_id_v4;
    spec->router_id_v6 = node->router_id_v6;
    spec->msd = node->msd;
    spec->srgbs = &node->srgb;
    spec->srgb_count = has_srgb;
    build_take_sids(build, at, spec);
    build_take_addresses(build, at, spec);
    if (spec->router_id_v4.family == IP_NONE && spec->router_id_v6.family == IP_NONE) {
        build->graph->notes[IMPORT_NODES_WITHOUT_ID]++;
        *index = TED_NONE;
        return true;
    }
    return build_put_node(build, spec, node->line, index);
}

#define NAME_TRIES 100

/* A label may look like another one with an id behind it, or be like another one as far as it fits.
 */
static void build_make_unique(struct build *build, char name[TED_NAME_SIZE_MAX + 1])
{
    char shorter[TED_NAME_SIZE_MAX + 1 - 16];
    uint32_t number = build->builder->nodes.count;
    if (ted_builder_find_node(build->builder, name) == TED_NONE)
        return;
    (void)names_copy(shorter, sizeof shorter, name);
    for (uint32_t i = 0; i < NAME_TRIES && ted_builder_find_node(build->builder, name) != TED_NONE;
         i++)
        (void)snprintf(name, TED_NAME_SIZE_MAX + 1, "%s #%u", shorter, number + i);
    build->graph->notes[IMPORT_TWIN_NAMES]++;
}

static bool build_add_node(struct build *build, uint32_t at)
{
    struct graph_node *node = graph_node_at(build->graph, at);
    char name[TED_NAME_SIZE_MAX + 1];
    uint32_t number = build->builder->nodes.count;
    const struct ted_prefix_sid sid = {.family = IP_V4, .index = number + 1};
    if (!names_make(&build->names, at, name))
        return false;
    build_make_unique(build, name);
    struct ted_node_spec spec = {
        .name = name, .has_position = node->has_place, .latitude = node->y, .longitude = node->x};
    if (build->graph->is_told)
        return build_add_told_node(build, at, &spec, &node->number);
    spec.router_id_v4 = ip_from_u32(ROUTER_IDS + number);
    spec.srgbs = &build->srgb;
    spec.srgb_count = 1;
    spec.prefix_sids = &sid;
    spec.prefix_sid_count = 1;
    return build_put_node(build, &spec, node->line, &node->number);
}

static bool build_add_nodes(struct build *build)
{
    struct graph *graph = build->graph;
    uint32_t count = 0;
    for (uint32_t i = 0; i < graph->nodes.count; i++)
        count += !graph_node_at(graph, i)->is_gone;
    if (count == 0)
        return graph_fail(graph, PCE_INVALID, 1, "nodes", "none is left");
    build->srgb = (struct ted_srgb){SRGB_BASE, count < SRGB_SIZE ? SRGB_SIZE : count + 1};
    if (graph->sids.count > 0)
        qsort(graph->sids.items, graph->sids.count, sizeof(struct graph_sid), build_compare_sids);
    if (graph->addresses.count > 0)
        qsort(graph->addresses.items, graph->addresses.count, sizeof(struct graph_address),
              build_compare_addresses);
    for (uint32_t i = 0; i < graph->nodes.count; i++) {
        graph_node_at(graph, i)->number = TED_NONE;
        if (!graph_node_at(graph, i)->is_gone && !build_add_node(build, i))
            return false;
    }
    if (build->builder->nodes.count == 0)
        return graph_fail(graph, PCE_INVALID, 1, "nodes", "none is left");
    return true;
}

/* ---- links ---- */

static void build_fill_spec(const struct build *build, const struct graph_edge *edge,
                            struct ted_link_spec *spec)
{
    *spec = (struct ted_link_spec){
        .from = graph_node_at(build->graph, edge->from)->number,
        .to = graph_node_at(build->graph, edge->to)->number,
        .igp_metric = (uint32_t)edge->metric,
        .te_metric = (uint32_t)edge->metric,
        .delay_us = (uint32_t)edge->delay_us,
        .capacity = (float)(edge->bits / 8),
        .max_reservable = (float)(edge->bits / 8),
    };
    for (unsigned i = 0; i < TED_PRIORITIES; i++)
        spec->unreserved[i] = spec->max_reservable;
}

static bool build_add_link(struct build *build, const struct ted_link_spec *spec, uint32_t line)
{
    uint32_t index;
    enum pce_status status =
        ted_builder_add_link(build->builder, spec, &index, build->graph->fault);
    return status == PCE_OK || build_fail(build, status, line);
}

static struct ted_adj_sid build_adj_sid(uint32_t end)
{
    return (struct ted_adj_sid){.label = ADJ_LABEL_BASE + end};
}

/* A direction of a link of no routers: which ends of their nodes it has. */
static bool build_add_plain(struct build *build, const struct graph_edge *edge, bool is_turned,
                            const uint32_t ends[2])
{
    struct ted_link_spec spec;
    const struct ted_adj_sid sid = build_adj_sid(ends[0]);
    build_fill_spec(build, edge, &spec);
    if (is_turned) {
        uint32_t from = spec.from;
        spec.from = spec.to;
        spec.to = from;
    }
    spec.local_id = ends[0] + 1;
    spec.remote_id = ends[1] + 1;
    spec.adj_sids = &sid;
    spec.adj_sid_count = sid.label < SRGB_BASE;
    build->graph->notes[IMPORT_SIDS_LEFT_OUT] += spec.adj_sid_count == 0;
    return build_add_link(build, &spec, edge->line);
}

static bool build_add_pair(struct build *build, uint32_t at)
{
    const struct graph_edge *edge = graph_edge_at(build->graph, at);
    uint32_t partner = build->pairs.partners[at];
    uint32_t from = graph_node_at(build->graph, edge->from)->number;
    uint32_t to = graph_node_at(build->graph, edge->to)->number;
    const uint32_t ends[2] = {build->ends[from]++, build->ends[to]++};
    const uint32_t back[2] = {ends[1], ends[0]};
    if (!build_add_plain(build, edge, false, ends))
        return false;
    if (partner == TED_NONE)
        return true;
    return build_add_plain(build, graph_edge_at(build->graph, partner), partner == at, back);
}

/* ---- links that routers tell ---- */

static bool build_has_label(const void *context, uint32_t value, const void *key)
{
    const struct ted_array *labels = context;
    return ((const uint64_t *)labels->items)[value] == *(const uint64_t *)key;
}

/* One adjacency of a node for each label, and none of its SRGB's (docs/TOPOLOGY.md). False after a
 * failure. */
static bool build_take_label(struct build *build, uint32_t node, const struct ted_srgb *srgb,
                             uint32_t label, bool *is_taken)
{
    uint64_t key = (uint64_t)node << 32 | label, hash = map_hash(&key, sizeof key);
    bool is_global = srgb->size > 0 && label >= srgb->base && label - srgb->base < srgb->size;
    *is_taken = label >= TED_LABEL_MIN && label <= TED_LABEL_MAX && !is_global &&
                slots_find(slots_view(&build->label_index), hash, build_has_label, &build->labels,
                           &key) == TED_NONE;
    if (!*is_taken) {
        build->graph->notes[IMPORT_SIDS_LEFT_OUT]++;
        return true;
    }
    if (ted_array_reserve(&build->labels, 1) != PCE_OK ||
        slots_reserve(&build->label_index, 1) != PCE_OK)
        return graph_fail_memory(build->graph);
    slots_insert(&build->label_index, hash, ted_array_append(&build->labels, &key, 1));
    return true;
}

static bool build_take_adj_sids(struct build *build, const struct graph_edge *edge,
                                struct graph_told *told, struct ted_link_spec *spec)
{
    const struct graph_node *node = graph_node_at(build->graph, edge->from);
    spec->adj_sids = told->sids;
    for (uint32_t i = 0; i < told->sid_count; i++) {
        bool is_taken;
        if (!build_take_label(build, spec->from, &node->srgb, told->sids[i].label, &is_taken))
            return false;
        if (is_taken)
            told->sids[spec->adj_sid_count++] = told->sids[i];
    }
    return true;
}

static float build_bandwidth(struct build *build, double bits, float otherwise)
{
    if (isnan(bits))
        return otherwise;
    bool is_right = bits >= 0 && bits <= TOPO_BANDWIDTH_MAX;
    build->graph->notes[IMPORT_VALUES_BENT] += !is_right;
    return (float)((is_right ? bits : bits > 0 ? (double)TOPO_BANDWIDTH_MAX : 0) / 8);
}

static void build_take_bandwidths(struct build *build, const struct graph_told *told,
                                  struct ted_link_spec *spec)
{
    bool is_bent = false;
    spec->max_reservable = build_bandwidth(build, told->reservable, spec->capacity);
    for (unsigned i = 0; i < TED_PRIORITIES; i++) {
        spec->unreserved[i] = build_bandwidth(build, told->unreserved[i], spec->max_reservable);
        if (spec->unreserved[i] <= spec->max_reservable)
            continue;
        spec->unreserved[i] = spec->max_reservable;
        is_bent = true;
    }
    build->graph->notes[IMPORT_UNRESERVED_BENT] += is_bent;
}

/* The addresses of both ends, or of none. */
static void build_take_ends(const struct graph_told *told, struct ted_link_spec *spec)
{
    if (told->local_v4.family != IP_NONE && told->remote_v4.family != IP_NONE) {
        spec->local_v4 = told->local_v4;
        spec->remote_v4 = told->remote_v4;
    }
    if (told->local_v6.family != IP_NONE && told->remote_v6.family != IP_NONE) {
        spec->local_v6 = told->local_v6;
        spec->remote_v6 = told->remote_v6;
    }
}

static bool build_offer_link(struct build *build, struct ted_link_spec *spec, uint32_t line)
{
    struct graph *graph = build->graph;
    uint32_t index;
    enum pce_status status = ted_builder_add_link(build->builder, spec, &index, graph->fault);
    if (status == PCE_OK || status == PCE_NO_MEMORY)
        return status == PCE_OK || build_fail(build, status, line);
    /* An address is another node's, or both ends have one. */
    graph->notes[IMPORT_ADDRESSES_LEFT_OUT]++;
    spec->local_v4 = spec->remote_v4 = spec->local_v6 = spec->remote_v6 =
        (struct ip){.family = IP_NONE};
    return build_add_link(build, spec, line);
}

static bool build_add_told(struct build *build, const struct graph_edge *edge)
{
    struct graph_told *told = &((struct graph_told *)build->graph->told.items)[edge->told];
    struct ted_link_spec spec;
    build_fill_spec(build, edge, &spec);
    spec.admin_group = told->admin_group;
    spec.srlgs = told->srlgs;
    spec.srlg_count = told->srlg_count;
    if (!isnan(told->te_metric))
        spec.te_metric = (uint32_t)fmin(fmax(told->te_metric, 0), UINT32_MAX);
    build_take_ends(told, &spec);
    build_take_bandwidths(build, told, &spec);
    return build_take_adj_sids(build, edge, told, &spec) &&
           build_offer_link(build, &spec, edge->line);
}

static bool build_add_links(struct build *build)
{
    struct graph *graph = build->graph;
    for (uint32_t i = 0; i < graph->edges.count; i++) {
        const struct graph_edge *edge = graph_edge_at(graph, i);
        if (edge->is_gone || build->pairs.are_second[i])
            continue;
        if (graph_node_at(graph, edge->from)->number == TED_NONE ||
            graph_node_at(graph, edge->to)->number == TED_NONE) {
            graph->notes[IMPORT_LINKS_WITHOUT_END]++;
            continue;
        }
        if (!(edge->told == TED_NONE ? build_add_pair(build, i) : build_add_told(build, edge)))
            return false;
    }
    return true;
}

/* ---- demands ---- */

static bool build_add_demands(struct build *build)
{
    struct graph *graph = build->graph;
    const struct graph_demand *demands = graph->demands.items;
    for (uint32_t i = 0; i < graph->demands.count; i++) {
        const uint32_t ends[2] = {graph_find_node(graph, graph_text(graph, demands[i].from)),
                                  graph_find_node(graph, graph_text(graph, demands[i].to))};
        if (ends[0] == TED_NONE || ends[1] == TED_NONE)
            return graph_fail(
                graph, PCE_INVALID, demands[i].line, "demands", "there is no node %.80s",
                graph_text(graph, ends[0] == TED_NONE ? demands[i].from : demands[i].to));
        struct import_demand demand = {graph_node_at(graph, ends[0])->number,
                                       graph_node_at(graph, ends[1])->number, demands[i].bits};
        bool is_self = ends[0] == ends[1];
        bool is_lost = demand.from == TED_NONE || demand.to == TED_NONE || !(demand.bits >= 0) ||
                       demand.bits > TOPO_BANDWIDTH_MAX;
        graph->notes[IMPORT_SELF_DEMANDS] += is_self;
        graph->notes[IMPORT_LOST_DEMANDS] += is_lost && !is_self;
        if (is_self || is_lost)
            continue;
        if (ted_array_reserve(&build->import->demands, 1) != PCE_OK)
            return graph_fail_memory(graph);
        (void)ted_array_append(&build->import->demands, &demand, 1);
    }
    return true;
}

/* ---- the whole ---- */

static bool build_run(struct build *build)
{
    struct graph *graph = build->graph;
    if (build->builder == NULL)
        return graph_fail_memory(graph);
    if (!pairs_init(&build->pairs, graph) || !build_add_nodes(build))
        return false;
    build->ends = calloc(build->builder->nodes.count, sizeof *build->ends);
    if (build->ends == NULL)
        return graph_fail_memory(graph);
    if (!build_add_links(build) || !build_add_demands(build))
        return false;
    enum pce_status status =
        ted_builder_snapshot(build->builder, &build->import->snapshot, graph->fault);
    if (status != PCE_OK)
        build->import->snapshot = NULL;
    return status == PCE_OK || build_fail(build, status, 0);
}

bool graph_build(struct graph *graph, struct import *import)
{
    char name[TED_NAME_SIZE_MAX + 1];
    (void)names_copy(name, sizeof name, graph->name);
    struct build build = {.graph = graph, .import = import, .builder = ted_builder_create(name)};
    names_init(&build.names, graph);
    ted_array_init(&build.labels, sizeof(uint64_t));
    bool is_done = build_run(&build);
    names_fini(&build.names);
    pairs_fini(&build.pairs);
    ted_builder_destroy(build.builder);
    ted_array_fini(&build.labels);
    slots_fini(&build.label_index);
    free(build.ends);
    return is_done;
}
