#include "core/path/last_segment.h"

#include "core/base/check.h"
#include "core/path/engine.h"
#include "core/path/sid.h"

#include <stdlib.h>

/* Of branches with more links, only a search from their beginning says whether they are too long.
 */
#define HOPS_SURE (PATH_HOPS_MAX / 2)

static bool last_segment_make_room(struct last_segment *last_segment, uint32_t count)
{
    void *states = last_segment->states, *nodes = last_segment->nodes;
    bool is_enough =
        engine_grow(&states, &last_segment->capacity, count, sizeof *last_segment->states) &&
        engine_grow(&nodes, &last_segment->node_capacity, count, sizeof *last_segment->nodes);
    last_segment->states = states;
    last_segment->nodes = nodes;
    if (is_enough && engine_stamp_wraps(&last_segment->stamp)) {
        for (uint32_t i = 0; i < last_segment->capacity; i++)
            last_segment->states[i].stamp = 0;
    }
    return is_enough;
}

/* What the node where a reverse edge begins costs at worst when it goes over the edge. */
static struct segment_node last_segment_extend(const struct last_segment *last_segment,
                                               const struct problem *problem,
                                               const struct dimensions *dimensions, uint32_t to,
                                               uint32_t index)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    const struct ted_edge *edge = &snapshot->reverse_edges[index];
    struct segment_node next = last_segment->nodes[to];
    next.worst_key += key_of_metric(reverse_edge_metric(snapshot, index, problem->metric)) +
                      undesired_key(problem, edge->link);
    for (uint32_t d = 0; d < dimensions->count; d++)
        next.worst[d] += reverse_edge_metric(snapshot, index, dimensions->metrics[d]);
    next.index_end++;
    next.is_admitted =
        next.is_admitted && snapshot->sid_index_ends[edge->node] >= last_segment->index_end_min &&
        constraint_admits_edge(&problem->constraint, &snapshot->reverse_columns, index);
    return next;
}

/* Another shortest path from a node: the worst of both. */
static void last_segment_merge(const struct dimensions *dimensions, struct segment_node *into,
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
static void last_segment_take(struct last_segment *last_segment,
                              const struct dimensions *dimensions, uint32_t from,
                              const struct segment_node *next, bool is_equal)
{
    struct segment_node *node = &last_segment->nodes[from];
    if (last_segment->states[from].stamp == last_segment->stamp)
        last_segment->admitted_waiting -= node->is_admitted;
    if (is_equal)
        last_segment_merge(dimensions, node, next);
    else
        *node = *next;
    last_segment->admitted_waiting += node->is_admitted;
}

/* No link has metric 0 here: a node that is settled has all its branches. */
static void last_segment_relax(struct path_engine *engine, const struct problem *problem,
                               const struct dimensions *dimensions, uint32_t at, uint32_t index)
{
    struct last_segment *last_segment = &engine->last_segment;
    const struct ted_edge *edge = &problem->snapshot->reverse_edges[index];
    uint64_t distance = last_segment->states[at].key + edge->igp_metric;
    struct spf_node *state = &last_segment->states[edge->node];
    bool is_known = state->stamp == last_segment->stamp;
    if (is_known && state->key < distance)
        return;
    bool is_equal = is_known && state->key == distance;
    struct segment_node next = last_segment_extend(last_segment, problem, dimensions, at, index);
    last_segment_take(last_segment, dimensions, edge->node, &next, is_equal);
    if (is_equal)
        return;
    state->key = distance;
    state->stamp = last_segment->stamp;
    if (is_known)
        heap_lower(&engine->heap, last_segment->states, edge->node, distance);
    else
        heap_add(&engine->heap, last_segment->states, edge->node, distance);
}

static enum path_outcome settle_all(struct path_engine *engine, const struct problem *problem,
                                    const struct dimensions *dimensions)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    struct last_segment *last_segment = &engine->last_segment;
    while (last_segment->admitted_waiting > 0) {
        uint32_t at = heap_pop(&engine->heap, last_segment->states).node;
        CHECK(last_segment->admitted_waiting >= last_segment->nodes[at].is_admitted);
        last_segment->admitted_waiting -= last_segment->nodes[at].is_admitted;
        if (at == problem->source && snapshot->nodes[at].is_overloaded)
            continue; /* its own segment is known, and nobody's leads through it */
        uint32_t first = snapshot->reverse_first_edge[at];
        uint32_t end = snapshot->reverse_first_edge[at + 1];
        engine->work += end - first;
        if (engine_is_exhausted(engine))
            return PATH_WORK_EXCEEDED;
        for (uint32_t i = first; i < end; i++)
            if (ted_igp_uses(&snapshot->reverse_edges[i], snapshot->reverse_edges[i].node,
                             problem->source))
                last_segment_relax(engine, problem, dimensions, at, i);
    }
    return PATH_FOUND;
}

enum path_outcome last_segment_search(struct path_engine *engine, const struct problem *problem,
                                      const struct dimensions *dimensions)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    struct last_segment *last_segment = &engine->last_segment;
    uint32_t destination = problem->destination;
    if (!last_segment_make_room(last_segment, snapshot->node_count))
        return PATH_NO_MEMORY;
    last_segment->admitted_waiting = 0;
    /* Where links of metric 0 are, it depends on the node where a segment begins. */
    last_segment->is_known = snapshot->igp_metric_min > 0;
    if (!last_segment->is_known ||
        !sid_is_of_node(problem, destination, &last_segment->index_end_min) ||
        snapshot->sid_index_ends[destination] < last_segment->index_end_min)
        return PATH_FOUND;
    last_segment->admitted_waiting = 1;
    last_segment->states[destination].key = 0;
    last_segment->states[destination].stamp = last_segment->stamp;
    last_segment->nodes[destination] = (struct segment_node){.is_admitted = true};
    engine->heap.count = 0;
    heap_add(&engine->heap, last_segment->states, destination, 0);
    return settle_all(engine, problem, dimensions);
}

enum last_segment_kind last_segment_of_node(const struct last_segment *last_segment, uint32_t node)
{
    if (!last_segment->is_known)
        return LAST_SEGMENT_UNKNOWN;
    if (last_segment->states[node].stamp != last_segment->stamp ||
        !last_segment->nodes[node].is_admitted)
        return LAST_SEGMENT_NONE;
    return last_segment->nodes[node].index_end <= HOPS_SURE ? LAST_SEGMENT_SEGMENT
                                                            : LAST_SEGMENT_UNKNOWN;
}

void last_segment_fini(struct last_segment *last_segment)
{
    free(last_segment->states);
    free(last_segment->nodes);
}

size_t last_segment_octets(const struct last_segment *last_segment)
{
    return last_segment->capacity * sizeof *last_segment->states +
           last_segment->node_capacity * sizeof *last_segment->nodes;
}
