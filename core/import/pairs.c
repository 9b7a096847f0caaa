#include "core/import/pairs.h"

#include <stdlib.h>
#include <string.h>

struct pairs_edge {
    uint32_t low, high, edge;
    bool is_backward;
};

static int pairs_compare(const void *left, const void *right)
{
    const struct pairs_edge *a = left;
    const struct pairs_edge *b = right;
    if (a->low != b->low)
        return a->low > b->low ? 1 : -1;
    if (a->high != b->high)
        return a->high > b->high ? 1 : -1;
    if (a->is_backward != b->is_backward)
        return a->is_backward ? 1 : -1;
    return (a->edge > b->edge) - (a->edge < b->edge);
}

/* The edges between two nodes: those that have no direction are both, the others go two by two. */
static void pairs_run(struct pairs *pairs, struct graph *graph, struct pairs_edge *run,
                      uint32_t count)
{
    uint32_t links = 0, back = 0;
    while (back < count && !run[back].is_backward)
        back++;
    for (uint32_t i = 0; i < count; i++) {
        const struct graph_edge *edge = graph_edge_at(graph, run[i].edge);
        uint32_t own = run[i].edge;
        if (pairs->are_second[own])
            continue;
        links++;
        if (!edge->is_directed) {
            pairs->partners[own] = own;
            continue;
        }
        while (back < count &&
               (run[i].is_backward || !graph_edge_at(graph, run[back].edge)->is_directed))
            back++;
        if (run[i].is_backward || back == count) {
            graph->notes[IMPORT_ONE_WAY_LINKS]++;
            continue;
        }
        pairs->partners[own] = run[back].edge;
        pairs->are_second[run[back++].edge] = true;
    }
    graph->notes[IMPORT_PARALLEL_LINKS] += links - 1;
}

/* ---- what routers tell ---- */

static struct graph_told *pairs_told(const struct graph *graph, uint32_t edge)
{
    uint32_t told = graph_edge_at(graph, edge)->told;
    return &((struct graph_told *)graph->told.items)[told];
}

/* Addresses and SIDs of the IPv6 edge go to the IPv4 one. */
static void pairs_join_families(struct graph *graph, uint32_t v4, uint32_t v6)
{
    struct graph_told *to = pairs_told(graph, v4), *from = pairs_told(graph, v6);
    to->local_v6 = from->local_v6;
    to->remote_v6 = from->remote_v6;
    for (uint32_t i = 0; i < from->sid_count; i++) {
        if (to->sid_count == GRAPH_SIDS_MAX)
            graph->notes[IMPORT_SIDS_LEFT_OUT]++;
        else
            to->sids[to->sid_count++] = from->sids[i];
    }
    graph_edge_at(graph, v6)->is_gone = true;
    graph->notes[IMPORT_FAMILIES_JOINED]++;
}

/* Edges of one direction between two nodes. */
static void pairs_run_told(struct graph *graph, const struct pairs_edge *run, uint32_t count)
{
    uint32_t v4 = TED_NONE, v6 = TED_NONE;
    for (uint32_t i = 0; i < count && count == 2; i++) {
        const struct graph_told *told = pairs_told(graph, run[i].edge);
        bool has_v4 = told->local_v4.family != IP_NONE, has_v6 = told->local_v6.family != IP_NONE;
        if (has_v4 && !has_v6)
            v4 = run[i].edge;
        if (has_v6 && !has_v4)
            v6 = run[i].edge;
    }
    if (v4 != TED_NONE && v6 != TED_NONE)
        pairs_join_families(graph, v4, v6);
}

/* ---- the whole ---- */

static bool pairs_is_same_run(const struct graph *graph, const struct pairs_edge *a,
                              const struct pairs_edge *b)
{
    return a->low == b->low && a->high == b->high &&
           (!graph->is_told || a->is_backward == b->is_backward);
}

static void pairs_run_all(struct pairs *pairs, struct graph *graph, struct pairs_edge *edges,
                          uint32_t count)
{
    qsort(edges, count, sizeof *edges, pairs_compare);
    for (uint32_t first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count && pairs_is_same_run(graph, &edges[first], &edges[end]))
            end++;
        if (graph->is_told)
            pairs_run_told(graph, edges + first, end - first);
        else
            pairs_run(pairs, graph, edges + first, end - first);
    }
}

bool pairs_init(struct pairs *pairs, struct graph *graph)
{
    const size_t room = graph->edges.count + (size_t)1;
    struct pairs_edge *edges = calloc(room, sizeof *edges);
    uint32_t count = 0;
    pairs->partners = calloc(room, sizeof *pairs->partners);
    pairs->are_second = calloc(room, sizeof *pairs->are_second);
    if (edges == NULL || pairs->partners == NULL || pairs->are_second == NULL) {
        free(edges);
        return graph_fail_memory(graph);
    }
    for (uint32_t i = 0; i < graph->edges.count; i++) {
        const struct graph_edge *edge = graph_edge_at(graph, i);
        pairs->partners[i] = TED_NONE;
        if (edge->is_gone)
            continue;
        bool is_backward = edge->from > edge->to;
        edges[count++] = (struct pairs_edge){.low = is_backward ? edge->to : edge->from,
                                             .high = is_backward ? edge->from : edge->to,
                                             .edge = i,
                                             .is_backward = is_backward};
    }
    pairs_run_all(pairs, graph, edges, count);
    free(edges);
    return true;
}

void pairs_fini(struct pairs *pairs)
{
    free(pairs->partners);
    free(pairs->are_second);
}
