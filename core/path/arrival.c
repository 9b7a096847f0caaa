#include "core/path/arrival.h"

#include "core/path/engine.h"

#include <stdlib.h>

/* Of branches with more links, only a search from their beginning says whether they are too long.
 */
#define HOPS_SURE (PATH_HOPS_MAX / 2)

static bool reserve(struct arrival *arrival, uint32_t count)
{
    void *states = arrival->states, *nodes = arrival->nodes;
    bool is_enough = engine_grow(&states, &arrival->capacity, count, sizeof *arrival->states) &&
                     engine_grow(&nodes, &arrival->node_capacity, count, sizeof *arrival->nodes);
    arrival->states = states;
    arrival->nodes = nodes;
    if (is_enough && engine_stamp_wraps(&arrival->stamp)) {
        for (uint32_t i = 0; i < arrival->capacity; i++)
            arrival->states[i].stamp = 0;
    }
    return is_enough;
}

/* What the node where a reverse edge begins costs at worst when it goes over the edge. */
static struct segment_node extend(const struct arrival *arrival, const struct problem *problem,
                                  const struct dimensions *dimensions, uint32_t to, uint32_t index)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    const struct ted_edge *edge = &snapshot->reverse_edges[index];
    struct segment_node next = arrival->nodes[to];
    next.worst_key += key_of_metric(reverse_edge_metric(snapshot, index, problem->metric));
    for (uint32_t d = 0; d < dimensions->count; d++)
        next.worst[d] += reverse_edge_metric(snapshot, index, dimensions->metrics[d]);
    next.index_end++;
    next.is_admitted =
        next.is_admitted && snapshot->sid_index_ends[edge->node] > arrival->sid_index &&
        constraint_admits_edge(&problem->constraint, &snapshot->reverse_columns, index);
    return next;
}

/* Another shortest path from a node: the worst of both. */
static void merge(const struct dimensions *dimensions, struct segment_node *into,
                  const struct segment_node *other)
{
    if (other->worst_key > into->worst_key)
        into->worst_key = other->worst_key;
    for (uint32_t d = 0; d < dimensions->count; d++) {
        if (other->worst[d] > into->worst[d])
            into->worst[d] = other->worst[d];
    }
    if (other->index_end > into->index_end)
        into->index_end = other->index_end;
    into->is_admitted = into->is_admitted && other->is_admitted;
}

/* Adds a shortest path to what is known of a node, or begins anew with a shorter one. */
static void take(struct arrival *arrival, const struct dimensions *dimensions, uint32_t from,
                 const struct segment_node *next, bool is_equal)
{
    struct segment_node *node = &arrival->nodes[from];
    if (arrival->states[from].stamp == arrival->stamp)
        arrival->admitted_waiting -= node->is_admitted;
    if (is_equal)
        merge(dimensions, node, next);
    else
        *node = *next;
    arrival->admitted_waiting += node->is_admitted;
}

/* No link has metric 0 here: a node that is settled has all its branches. */
static void relax(struct path_engine *engine, const struct problem *problem,
                  const struct dimensions *dimensions, uint32_t at, uint32_t index)
{
    struct arrival *arrival = &engine->arrival;
    const struct ted_edge *edge = &problem->snapshot->reverse_edges[index];
    uint64_t distance = arrival->states[at].key + edge->igp_metric;
    struct spf_node *state = &arrival->states[edge->node];
    bool is_known = state->stamp == arrival->stamp;
    if (is_known && state->key < distance)
        return;
    bool is_equal = is_known && state->key == distance;
    struct segment_node next = extend(arrival, problem, dimensions, at, index);
    take(arrival, dimensions, edge->node, &next, is_equal);
    if (is_equal)
        return;
    state->key = distance;
    state->stamp = arrival->stamp;
    if (is_known)
        heap_lower(&engine->heap, arrival->states, edge->node, distance);
    else
        heap_add(&engine->heap, arrival->states, edge->node, distance);
}

static enum path_outcome settle_all(struct path_engine *engine, const struct problem *problem,
                                    const struct dimensions *dimensions)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    struct arrival *arrival = &engine->arrival;
    while (arrival->admitted_waiting > 0) {
        uint32_t at = heap_pop(&engine->heap, arrival->states).node;
        arrival->admitted_waiting -= arrival->nodes[at].is_admitted;
        uint32_t first = snapshot->reverse_first_edge[at];
        uint32_t end = snapshot->reverse_first_edge[at + 1];
        engine->work += end - first;
        if (engine_is_exhausted(engine))
            return PATH_WORK_EXCEEDED;
        for (uint32_t i = first; i < end; i++)
            if (!snapshot->reverse_edges[i].is_one_way)
                relax(engine, problem, dimensions, at, i);
    }
    return PATH_FOUND;
}

enum path_outcome arrival_search(struct path_engine *engine, const struct problem *problem,
                                 const struct dimensions *dimensions)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    struct arrival *arrival = &engine->arrival;
    uint32_t destination = problem->destination;
    if (!reserve(arrival, snapshot->node_count))
        return PATH_NO_MEMORY;
    arrival->admitted_waiting = 0;
    /* Where links of metric 0 are, it depends on the node where a segment begins. */
    arrival->is_known = snapshot->igp_metric_min > 0;
    const struct ted_prefix_sid *sid =
        ted_find_prefix_sid(snapshot, destination, problem->algorithm, problem->family);
    if (!arrival->is_known || !problem->has_node_sids || sid == NULL ||
        sid->index >= snapshot->sid_index_ends[destination])
        return PATH_FOUND;
    arrival->sid_index = sid->index;
    arrival->admitted_waiting = 1;
    arrival->states[destination].key = 0;
    arrival->states[destination].stamp = arrival->stamp;
    arrival->nodes[destination] = (struct segment_node){.is_admitted = true};
    engine->heap.count = 0;
    heap_add(&engine->heap, arrival->states, destination, 0);
    return settle_all(engine, problem, dimensions);
}

enum arrival_kind arrival_of_node(const struct arrival *arrival, uint32_t node)
{
    if (!arrival->is_known)
        return ARRIVAL_UNKNOWN;
    if (arrival->states[node].stamp != arrival->stamp || !arrival->nodes[node].is_admitted)
        return ARRIVAL_NONE;
    return arrival->nodes[node].index_end <= HOPS_SURE ? ARRIVAL_SEGMENT : ARRIVAL_UNKNOWN;
}

void arrival_fini(struct arrival *arrival)
{
    free(arrival->states);
    free(arrival->nodes);
}

size_t arrival_octets(const struct arrival *arrival)
{
    return arrival->capacity * sizeof *arrival->states +
           arrival->node_capacity * sizeof *arrival->nodes;
}
