#include "core/path/segment.h"

#include "core/base/check.h"
#include "core/path/engine.h"
#include "core/path/sid.h"

#include <stdlib.h>

/* Nodes are settled in the order of their distance plus the minimum that leads on to where the
 * search goes, times 2^ORDER_BITS, plus their distance. So a node comes after all those that a
 * shortest path to it leads through, also where the bounds of the rest are exact. */
#define ORDER_BITS 10

static uint64_t order_of(uint64_t distance, uint32_t rest)
{
    return ((distance + rest) << ORDER_BITS) + distance;
}

static bool segment_make_room(struct segment_search *search, uint32_t count)
{
    void *states = search->states, *nodes = search->nodes, *order = search->order;
    bool is_enough = engine_grow(&states, &search->capacity, count, sizeof *search->states) &&
                     engine_grow(&nodes, &search->node_capacity, count, sizeof *search->nodes) &&
                     engine_grow(&order, &search->order_capacity, count, sizeof *search->order);
    search->states = states;
    search->nodes = nodes;
    search->order = order;
    return is_enough;
}

enum path_outcome segment_begin(struct path_engine *engine, const struct problem *problem,
                                const struct dimensions *dimensions, uint32_t from,
                                uint32_t towards)
{
    struct segment_search *search = &engine->segment;
    const struct ted_snapshot *snapshot = problem->snapshot;
    if (!segment_make_room(search, snapshot->node_count))
        return PATH_NO_MEMORY;
    if (engine_stamp_wraps(&search->stamp)) {
        for (uint32_t i = 0; i < search->capacity; i++)
            search->states[i].stamp = 0;
    }
    search->dimensions = *dimensions;
    search->settled_count = 0;
    search->admitted_waiting = 1;
    search->distance_end = UINT64_MAX;
    search->last = 0;
    search->partial = TED_NONE;
    search->potential.count = 0;
    /* Where links of metric 0 are, every node up to a distance says whether segments may have it.
     */
    if (towards != TED_NONE && snapshot->igp_metric_min > 0)
        search->potential = potential_between(snapshot, PATH_METRIC_IGP, from, towards, towards);
    search->states[from].key = 0;
    search->states[from].stamp = search->stamp;
    search->nodes[from] =
        (struct segment_node){.is_admitted = true, .index_end = snapshot->sid_index_ends[from]};
    engine->heap.count = 0;
    heap_add(&engine->heap, search->states, from,
             order_of(0, potential_to_goal(&search->potential, from)));
    return PATH_FOUND;
}

static bool segment_is_settled(const struct segment_search *search, uint32_t node)
{
    const struct spf_node *state = &search->states[node];
    return state->stamp == search->stamp && state->place == HEAP_SETTLED;
}

/* What the node where a reverse edge begins costs at worst when the edge is added to it. */
static struct segment_node segment_extend(const struct segment_search *search,
                                          const struct problem *problem, uint32_t index)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    const struct ted_edge *edge = &snapshot->reverse_edges[index];
    struct segment_node next = search->nodes[edge->node];
    next.worst_key += key_of_metric(reverse_edge_metric(snapshot, index, problem->metric)) +
                      undesired_key(problem, edge->link);
    for (uint32_t d = 0; d < search->dimensions.count; d++)
        next.worst[d] += reverse_edge_metric(snapshot, index, search->dimensions.metrics[d]);
    next.is_admitted =
        next.is_admitted && key_hops(next.worst_key) <= PATH_HOPS_MAX && edge->igp_metric > 0 &&
        constraint_admits_edge(&problem->constraint, &snapshot->reverse_columns, index);
    return next;
}

void segment_merge(const struct segment_search *search, struct segment_node *into,
                   const struct segment_node *other)
{
    if (other->worst_key > into->worst_key)
        into->worst_key = other->worst_key;
    for (uint32_t d = 0; d < search->dimensions.count; d++) {
        if (other->worst[d] > into->worst[d])
            into->worst[d] = other->worst[d];
    }
    if (other->index_end < into->index_end)
        into->index_end = other->index_end;
    into->is_admitted = into->is_admitted && other->is_admitted;
}

bool segment_is_last_link(const struct segment_search *search, const struct ted_edge *edge,
                          uint32_t node)
{
    return ted_igp_uses(edge, edge->node, search->order[0]) &&
           segment_is_settled(search, edge->node) &&
           search->states[edge->node].key + edge->igp_metric == search->states[node].key;
}

/* Works out what a settled node costs, from the nodes before it. */
static void segment_judge(struct path_engine *engine, const struct problem *problem, uint32_t node)
{
    struct segment_search *search = &engine->segment;
    const struct ted_snapshot *snapshot = problem->snapshot;
    struct segment_node judged = {.index_end = 0};
    bool is_first = true;
    for (uint32_t i = snapshot->reverse_first_edge[node];
         i < snapshot->reverse_first_edge[node + 1]; i++) {
        if (!segment_is_last_link(search, &snapshot->reverse_edges[i], node))
            continue;
        struct segment_node next = segment_extend(search, problem, i);
        if (is_first)
            judged = next;
        else
            segment_merge(search, &judged, &next);
        is_first = false;
    }
    if (snapshot->sid_index_ends[node] < judged.index_end)
        judged.index_end = snapshot->sid_index_ends[node];
    search->nodes[node] = judged;
    if (judged.is_admitted && search->partial != TED_NONE)
        search->nodes[node].is_admitted = partial_allows_segment(
            engine, problem, search->partial, node, &search->nodes[node].key_min);
}

static void segment_relax(struct segment_search *search, struct heap *heap, uint32_t from,
                          const struct ted_edge *edge)
{
    if (!ted_igp_uses(edge, from, search->order[0]))
        return;
    uint64_t distance = search->states[from].key + edge->igp_metric;
    struct spf_node *state = &search->states[edge->node];
    struct segment_node *node = &search->nodes[edge->node];
    bool is_admitted = search->nodes[from].is_admitted;
    bool is_known = state->stamp == search->stamp;
    if (is_known && state->key < distance)
        return;
    if (is_known && state->key == distance) {
        bool is_loop = state->place == HEAP_SETTLED;
        if (is_loop && distance < search->distance_end)
            search->distance_end = distance; /* over a link of metric 0, back to a settled node */
        if (!is_loop && node->is_admitted && !is_admitted) {
            node->is_admitted = false;
            search->admitted_waiting--;
        }
        return;
    }
    uint64_t before = state->key;
    search->admitted_waiting += is_admitted;
    search->admitted_waiting -= is_known && node->is_admitted;
    node->is_admitted = is_admitted;
    state->key = distance;
    state->stamp = search->stamp;
    if (is_known)
        heap_lower(heap, search->states, edge->node,
                   heap->entries[state->place].key - order_of(before - distance, 0));
    else
        heap_add(heap, search->states, edge->node,
                 order_of(distance, potential_to_goal(&search->potential, edge->node)));
}

/* Nodes of the same distance are settled together: a link of metric 0 between them shows only then.
 */
static bool goes_on(const struct segment_search *search, const struct heap *heap, uint32_t node)
{
    if (node == TED_NONE ? search->admitted_waiting > 0 : !segment_is_settled(search, node))
        return true;
    return heap->count > 0 && search->settled_count > 0 && heap->entries[0].key == search->last;
}

enum path_outcome segment_settle(struct path_engine *engine, const struct problem *problem,
                                 uint32_t node)
{
    struct segment_search *search = &engine->segment;
    struct heap *heap = &engine->heap;
    const struct ted_snapshot *snapshot = problem->snapshot;
    while (goes_on(search, heap, node)) {
        if (heap->count == 0)
            return PATH_NONE;
        struct heap_entry top = heap_pop(heap, search->states);
        search->last = top.key;
        search->admitted_waiting -= search->nodes[top.node].is_admitted;
        /* Beyond a node that no segment may lead to, nothing has to be known but distances. */
        if (search->settled_count > 0 && search->nodes[top.node].is_admitted)
            segment_judge(engine, problem, top.node);
        search->order[search->settled_count++] = top.node;
        uint32_t first = snapshot->first_edge[top.node], end = snapshot->first_edge[top.node + 1];
        engine->work += end - first;
        if (engine_is_exhausted(engine))
            return PATH_WORK_EXCEEDED;
        for (uint32_t i = first; i < end; i++)
            segment_relax(search, heap, top.node, &snapshot->edges[i]);
    }
    return PATH_FOUND;
}

bool segment_is_admissible(const struct segment_search *search, uint32_t node)
{
    return search->nodes[node].is_admitted && search->states[node].key < search->distance_end;
}

/* The last link of the branch to a node that segment_walk takes. */
static const struct ted_edge *previous_edge(const struct segment_search *search,
                                            const struct problem *problem, uint32_t node)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    const struct ted_edge *best = NULL;
    for (uint32_t i = snapshot->reverse_first_edge[node];
         i < snapshot->reverse_first_edge[node + 1]; i++) {
        const struct ted_edge *edge = &snapshot->reverse_edges[i];
        if (!segment_is_last_link(search, edge, node))
            continue;
        uint64_t key = search->nodes[edge->node].worst_key +
                       key_of_metric(reverse_edge_metric(snapshot, i, problem->metric)) +
                       undesired_key(problem, edge->link);
        if (key != search->nodes[node].worst_key)
            continue;
        if (best == NULL || edge->node < best->node ||
            (edge->node == best->node && edge->link < best->link))
            best = edge;
    }
    return best;
}

enum path_outcome segment_walk(struct path_engine *engine, const struct problem *problem,
                               uint32_t from, uint32_t to)
{
    uint32_t first = engine->link_count;
    for (uint32_t node = to; node != from;) {
        if (engine->link_count == PATH_HOPS_MAX)
            return PATH_NONE;
        const struct ted_edge *edge = previous_edge(&engine->segment, problem, node);
        /* Each node that is admitted has its worst key from the last link that previous_edge finds
         * again, and all nodes before it are admitted and settled. */
        CHECK(edge != NULL);
        engine->links[engine->link_count++] = edge->link;
        node = edge->node;
    }
    for (uint32_t last = engine->link_count; first + 1 < last; first++, last--) {
        uint32_t link = engine->links[first];
        engine->links[first] = engine->links[last - 1];
        engine->links[last - 1] = link;
    }
    return PATH_FOUND;
}

bool segment_sid(const struct segment_search *search, const struct problem *problem, uint32_t from,
                 uint32_t to, struct path_sid *sid)
{
    return sid_of_node(problem, from, to, search->nodes[to].index_end, sid);
}

void segment_fini(struct segment_search *search)
{
    free(search->states);
    free(search->nodes);
    free(search->order);
}

size_t segment_octets(const struct segment_search *search)
{
    return search->capacity * sizeof *search->states +
           search->node_capacity * sizeof *search->nodes +
           search->order_capacity * sizeof *search->order;
}
