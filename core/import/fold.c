/* What a file of a graph has and a network of routers has not: nodes of others, nodes that stand for
 * a link of many ends, links that lead back to their node. */
#include "core/import/graph.h"

#include <math.h>
#include <stdlib.h>

#define HUB_ENDS_MAX 64 /* as LANs of the RIB */

/* ---- directions that the format does not tell ---- */

struct fold_place {
    uint32_t low, high;
    bool is_backward;
};

static int fold_compare_places(const void *left, const void *right)
{
    const struct fold_place *a = left;
    const struct fold_place *b = right;
    if (a->low != b->low)
        return a->low > b->low ? 1 : -1;
    if (a->high != b->high)
        return a->high > b->high ? 1 : -1;
    return a->is_backward - b->is_backward;
}

static bool fold_find_directions(struct graph *graph)
{
    uint32_t count = graph->edges.count;
    if (!graph->has_unsaid_directions || count == 0)
        return true;
    struct fold_place *places = calloc(count, sizeof *places);
    if (places == NULL)
        return graph_fail_memory(graph);
    for (uint32_t i = 0; i < count; i++) {
        const struct graph_edge *edge = graph_edge_at(graph, i);
        bool is_backward = edge->from > edge->to;
        places[i] = (struct fold_place){.low = is_backward ? edge->to : edge->from,
                                        .high = is_backward ? edge->from : edge->to,
                                        .is_backward = is_backward};
    }
    qsort(places, count, sizeof *places, fold_compare_places);
    bool is_directed = false;
    for (uint32_t i = 1; i < count && !is_directed; i++)
        is_directed = places[i].low == places[i - 1].low && places[i].high == places[i - 1].high &&
                      places[i].is_backward != places[i - 1].is_backward;
    free(places);
    for (uint32_t i = 0; i < count; i++)
        graph_edge_at(graph, i)->is_directed = is_directed;
    return true;
}

/* ---- nodes of others ---- */

static void fold_external(struct graph *graph, bool keeps)
{
    for (uint32_t i = 0; i < graph->nodes.count; i++) {
        struct graph_node *node = graph_node_at(graph, i);
        /* What stands for a link is nobody's router, whatever else is said of it. */
        if (!node->is_external || node->is_hyperedge)
            continue;
        node->is_gone = !keeps;
        graph->notes[keeps ? IMPORT_EXTERNAL_KEPT : IMPORT_EXTERNAL_NODES]++;
    }
    for (uint32_t i = 0; i < graph->edges.count; i++) {
        struct graph_edge *edge = graph_edge_at(graph, i);
        if (graph_node_at(graph, edge->from)->is_gone || graph_node_at(graph, edge->to)->is_gone)
            edge->is_gone = true;
    }
}

static void fold_loops(struct graph *graph)
{
    for (uint32_t i = 0; i < graph->edges.count; i++) {
        struct graph_edge *edge = graph_edge_at(graph, i);
        if (edge->is_gone || edge->from != edge->to)
            continue;
        edge->is_gone = true;
        graph->notes[IMPORT_LOOPS]++;
    }
}

/* ---- hyperedges ---- */

/* The edges of each node, as lists: an entry is twice the edge, and one more at its `to`. */
struct fold_hubs {
    struct graph *graph;
    uint32_t *heads;        /* of nodes; TED_NONE: no more */
    struct ted_array nexts; /* of entries */
};

static bool fold_hubs_add(struct fold_hubs *hubs, uint32_t edge)
{
    const struct graph_edge *at = graph_edge_at(hubs->graph, edge);
    const uint32_t nexts[2] = {hubs->heads[at->from], hubs->heads[at->to]};
    if (ted_array_reserve(&hubs->nexts, 2) != PCE_OK)
        return graph_fail_memory(hubs->graph);
    (void)ted_array_append(&hubs->nexts, nexts, 2);
    hubs->heads[at->from] = 2 * edge;
    hubs->heads[at->to] = 2 * edge + 1;
    return true;
}

struct fold_end {
    uint32_t edge;
    uint32_t node;            /* at the other end */
    bool leads_in, leads_out; /* to the hub, from it */
};

/* The ends of a hub; HUB_ENDS_MAX + 1 when there are more. */
static uint32_t fold_hub_ends(const struct fold_hubs *hubs, uint32_t hub,
                              struct fold_end ends[HUB_ENDS_MAX])
{
    const uint32_t *nexts = hubs->nexts.items;
    uint32_t count = 0;
    for (uint32_t at = hubs->heads[hub]; at != TED_NONE; at = nexts[at]) {
        const struct graph_edge *edge = graph_edge_at(hubs->graph, at / 2);
        if (edge->is_gone)
            continue;
        if (count == HUB_ENDS_MAX)
            return HUB_ENDS_MAX + 1;
        bool is_in = at % 2 == 1;
        ends[count++] = (struct fold_end){.edge = at / 2,
                                          .node = is_in ? edge->from : edge->to,
                                          .leads_in = is_in || !edge->is_directed,
                                          .leads_out = !is_in || !edge->is_directed};
    }
    return count;
}

/* A link between two ends: as long as both parts, as fast as the slower one. */
static bool fold_join(struct fold_hubs *hubs, const struct fold_end *a, const struct fold_end *b)
{
    struct graph *graph = hubs->graph;
    const struct graph_edge *x = graph_edge_at(graph, a->edge), *y = graph_edge_at(graph, b->edge);
    bool is_there = a->leads_in && b->leads_out, is_back = b->leads_in && a->leads_out;
    struct graph_edge edge = graph_plain_edge(a->node, b->node, x->line);
    if (a->node == b->node || (!is_there && !is_back))
        return true;
    if (!is_there) {
        edge.from = b->node;
        edge.to = a->node;
    }
    edge.is_directed = !is_there || !is_back;
    edge.km = x->km + y->km;
    edge.delay_us = x->delay_us + y->delay_us;
    edge.metric = x->metric + y->metric;
    edge.bits = fmin(x->bits, y->bits); /* the other one, where one is not known */
    return graph_add_edge(graph, &edge) && fold_hubs_add(hubs, graph->edges.count - 1);
}

static bool fold_hub(struct fold_hubs *hubs, uint32_t hub)
{
    struct fold_end ends[HUB_ENDS_MAX];
    struct graph_node *node = graph_node_at(hubs->graph, hub);
    uint32_t count = fold_hub_ends(hubs, hub, ends);
    if (count > HUB_ENDS_MAX) {
        hubs->graph->notes[IMPORT_WIDE_HYPEREDGES]++;
        return true;
    }
    hubs->graph->notes[IMPORT_HYPEREDGES]++;
    node->is_gone = true;
    for (uint32_t i = 0; i < count; i++)
        graph_edge_at(hubs->graph, ends[i].edge)->is_gone = true;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = i + 1; j < count; j++) {
            if (!fold_join(hubs, &ends[i], &ends[j]))
                return false;
        }
    }
    return true;
}

static bool fold_hubs_run(struct fold_hubs *hubs)
{
    struct graph *graph = hubs->graph;
    for (uint32_t i = 0; i < graph->nodes.count; i++)
        hubs->heads[i] = TED_NONE;
    for (uint32_t i = 0, count = graph->edges.count; i < count; i++) {
        if (!fold_hubs_add(hubs, i))
            return false;
    }
    for (uint32_t i = 0; i < graph->nodes.count; i++) {
        if (graph_node_at(graph, i)->is_hyperedge && !fold_hub(hubs, i))
            return false;
    }
    return true;
}

static bool fold_hyperedges(struct graph *graph)
{
    bool has_hub = false;
    for (uint32_t i = 0; i < graph->nodes.count; i++)
        has_hub = has_hub || graph_node_at(graph, i)->is_hyperedge;
    if (!has_hub)
        return true;
    struct fold_hubs hubs = {.graph = graph,
                             .heads = calloc(graph->nodes.count, sizeof *hubs.heads)};
    ted_array_init(&hubs.nexts, sizeof(uint32_t));
    bool is_done = hubs.heads == NULL ? graph_fail_memory(graph) : fold_hubs_run(&hubs);
    free(hubs.heads);
    ted_array_fini(&hubs.nexts);
    return is_done;
}

bool graph_fold(struct graph *graph, const struct import_options *options)
{
    if (!fold_find_directions(graph))
        return false;
    fold_external(graph, options->keeps_external);
    fold_loops(graph);
    return fold_hyperedges(graph);
}
