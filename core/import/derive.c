/* What the edges of a graph do not say, by one rule: a link is as long as the great circle between
 * its ends; light needs 1 ms for 200 km of fibre; and a kilometre is one unit of the metric. What
 * routers tell is left as they tell it. */
#include "core/import/graph.h"
#include "core/ted/distance.h"
#include "core/ted/topology_impl.h"

#include <math.h>

#define UNKNOWN_KM      100.0
#define DELAY_US_MIN    10.0 /* equipment, and links within a house */
#define METRIC_MIN      1.0
#define METRIC_TOLD     10.0 /* as IS-IS has it */
#define POSITION_DIGITS 1e6

/* The nearest value of the range. */
static double derive_bend(struct graph *graph, double value, double min, double max)
{
    if (value >= min && value <= max)
        return value;
    graph->notes[IMPORT_VALUES_BENT]++;
    return value > max ? max : min;
}

/* Coordinates are degrees as long as all of them may be. */
static void derive_places(struct graph *graph)
{
    uint64_t placed = 0, unplaced = 0;
    for (uint32_t i = 0; i < graph->nodes.count; i++) {
        const struct graph_node *node = graph_node_at(graph, i);
        if (node->is_gone)
            continue;
        placed += node->has_place;
        unplaced += !node->has_place;
        if (node->has_place && !(fabs(node->y) <= 90 && fabs(node->x) <= 180))
            graph->is_plane = true;
    }
    if (graph->is_told)
        return;
    graph->notes[IMPORT_PLANE] += graph->is_plane ? placed : 0;
    graph->notes[IMPORT_UNPLACED_NODES] += unplaced;
    for (uint32_t i = 0; i < graph->nodes.count; i++) {
        struct graph_node *node = graph_node_at(graph, i);
        node->has_place = node->has_place && !graph->is_plane;
        if (!node->has_place)
            continue;
        node->x = round(node->x * POSITION_DIGITS) / POSITION_DIGITS;
        node->y = round(node->y * POSITION_DIGITS) / POSITION_DIGITS;
    }
}

static double derive_km(struct graph *graph, const struct graph_edge *edge)
{
    const struct graph_node *a = graph_node_at(graph, edge->from);
    const struct graph_node *b = graph_node_at(graph, edge->to);
    if (!isnan(edge->km))
        return derive_bend(graph, edge->km, 0, TED_IGP_METRIC_MAX);
    if (a->has_place && b->has_place)
        return ted_distance_km(a->y, a->x, b->y, b->x);
    graph->notes[IMPORT_LENGTHS_ASSUMED] += isnan(edge->metric) || isnan(edge->delay_us);
    return UNKNOWN_KM;
}

static void derive_edge(struct graph *graph, struct graph_edge *edge, double capacity)
{
    const double km = derive_km(graph, edge);
    if (isnan(edge->metric))
        edge->metric = fmax(round(km), METRIC_MIN);
    if (isnan(edge->delay_us))
        edge->delay_us = fmax(round(km / TED_FIBRE_KM_PER_MS * 1000), DELAY_US_MIN);
    if (isnan(edge->bits)) {
        edge->bits = capacity;
        graph->notes[IMPORT_CAPACITIES_ASSUMED]++;
    }
}

static void derive_told(struct graph_edge *edge)
{
    edge->metric = isnan(edge->metric) ? METRIC_TOLD : edge->metric;
    edge->delay_us = isnan(edge->delay_us) ? 0 : edge->delay_us;
    edge->bits = isnan(edge->bits) ? 0 : edge->bits;
}

bool graph_derive(struct graph *graph, const struct import_options *options)
{
    derive_places(graph);
    for (uint32_t i = 0; i < graph->edges.count; i++) {
        struct graph_edge *edge = graph_edge_at(graph, i);
        if (edge->is_gone)
            continue;
        if (graph->is_told)
            derive_told(edge);
        else
            derive_edge(graph, edge, options->capacity);
        edge->metric = derive_bend(graph, round(edge->metric), 0, TED_IGP_METRIC_MAX);
        edge->delay_us = derive_bend(graph, round(edge->delay_us), 0, TOPO_DELAY_US_MAX);
        edge->bits = derive_bend(graph, edge->bits, 0, TOPO_BANDWIDTH_MAX);
    }
    return true;
}
