#include "core/path/segment.h"

#include "core/base/check.h"
#include "core/path/engine.h"

#include <stdlib.h>

static bool reserve(struct segment_search *search, uint32_t count)
{
    void *states = search->states, *nodes = search->nodes, *order = search->order;
    void *entries = search->heap.entries;
    bool is_enough =
        engine_grow(&states, &search->capacity, count, sizeof *search->states) &&
        engine_grow(&nodes, &search->node_capacity, count, sizeof *search->nodes) &&
        engine_grow(&order, &search->order_capacity, count, sizeof *search->order) &&
        engine_grow(&entries, &search->heap_capacity, count, sizeof *search->heap.entries);
    search->states = states;
    search->nodes = nodes;
    search->order = order;
    search->heap.entries = entries;
    return is_enough;
}

/* SID indexes that a node has labels for: those below this. */
static uint32_t index_end_of(const struct ted_snapshot *snapshot, uint32_t node)
{
    struct ted_range range = snapshot->nodes[node].srgbs;
    uint32_t end = 0;
    for (uint32_t i = 0; i < range.count; i++)
        end += snapshot->srgbs[range.first + i].size;
    return end;
}

enum path_outcome segment_begin(struct path_engine *engine, const struct problem *problem,
                                const struct dimensions *dimensions, uint32_t from)
{
    struct segment_search *search = &engine->segment;
    if (!reserve(search, problem->snapshot->node_count))
        return PATH_NO_MEMORY;
    if (engine_stamp_wraps(&search->stamp)) {
        for (uint32_t i = 0; i < search->capacity; i++)
            search->states[i].stamp = 0;
    }
    search->dimensions = *dimensions;
    search->settled_count = 0;
    search->admitted_waiting = 1;
    search->distance_end = UINT64_MAX;
    search->heap.count = 0;
    search->states[from].key = 0;
    search->states[from].stamp = search->stamp;
    search->nodes[from] = (struct segment_node){.is_admitted = true,
                                                .index_end = index_end_of(problem->snapshot, from)};
    heap_add(&search->heap, search->states, from, 0);
    return PATH_FOUND;
}

/* What `from` costs at worst when the link is added to it. */
static struct segment_node extend(const struct segment_search *search,
                                  const struct problem *problem, uint32_t from,
                                  const struct ted_link *link)
{
    struct segment_node next = search->nodes[from];
    next.worst_key += link_key(link, problem->metric);
    for (uint32_t d = 0; d < search->dimensions.count; d++)
        next.worst[d] += link_metric(link, search->dimensions.metrics[d]);
    uint32_t index_end = index_end_of(problem->snapshot, link->to);
    if (index_end < next.index_end)
        next.index_end = index_end;
    next.is_admitted = next.is_admitted && key_hops(next.worst_key) <= PATH_HOPS_MAX &&
                       link->igp_metric > 0 && constraint_admits(&problem->constraint, link);
    return next;
}

/* Another shortest path to a node: the worst of both. */
static void merge(const struct segment_search *search, struct segment_node *into,
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

static void relax(struct segment_search *search, const struct problem *problem, uint32_t from,
                  const struct ted_edge *edge)
{
    uint64_t distance = search->states[from].key + edge->igp_metric;
    struct spf_node *state = &search->states[edge->node];
    bool is_known = state->stamp == search->stamp;
    if (is_known && state->key < distance)
        return;
    struct segment_node *node = &search->nodes[edge->node];
    struct segment_node next = extend(search, problem, from, &problem->snapshot->links[edge->link]);
    if (is_known && state->key == distance) {
        if (state->place == HEAP_SETTLED) {
            /* Over a link of metric 0, back to where others have gone on from already. */
            if (distance < search->distance_end)
                search->distance_end = distance;
            return;
        }
        search->admitted_waiting -= node->is_admitted;
        merge(search, node, &next);
        search->admitted_waiting += node->is_admitted;
        return;
    }
    search->admitted_waiting += next.is_admitted;
    search->admitted_waiting -= is_known && node->is_admitted;
    *node = next;
    state->key = distance;
    state->stamp = search->stamp;
    if (is_known)
        heap_lower(&search->heap, search->states, edge->node, distance);
    else
        heap_add(&search->heap, search->states, edge->node, distance);
}

static bool is_settled(const struct segment_search *search, uint32_t node)
{
    const struct spf_node *state = &search->states[node];
    return state->stamp == search->stamp && state->place == HEAP_SETTLED;
}

/* Nodes of the same distance are settled together: a link of metric 0 between them shows only then.
 */
static bool goes_on(const struct segment_search *search, uint32_t node)
{
    if (node == TED_NONE ? search->admitted_waiting > 0 : !is_settled(search, node))
        return true;
    if (search->heap.count == 0 || search->settled_count == 0)
        return false;
    uint32_t last = search->order[search->settled_count - 1];
    return search->heap.entries[0].key == search->states[last].key;
}

enum path_outcome segment_settle(struct path_engine *engine, const struct problem *problem,
                                 uint32_t node)
{
    struct segment_search *search = &engine->segment;
    const struct ted_snapshot *snapshot = problem->snapshot;
    while (goes_on(search, node)) {
        if (search->heap.count == 0)
            return PATH_NONE;
        uint32_t at = heap_pop(&search->heap, search->states).node;
        search->admitted_waiting -= search->nodes[at].is_admitted;
        search->order[search->settled_count++] = at;
        uint32_t first = snapshot->first_edge[at], end = snapshot->first_edge[at + 1];
        engine->work += end - first;
        if (engine_is_exhausted(engine))
            return PATH_WORK_EXCEEDED;
        for (uint32_t i = first; i < end; i++)
            relax(search, problem, at, &snapshot->edges[i]);
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
        if (!is_settled(search, edge->node))
            continue;
        uint64_t distance = search->states[edge->node].key + edge->igp_metric;
        uint64_t key = search->nodes[edge->node].worst_key +
                       link_key(&snapshot->links[edge->link], problem->metric);
        if (distance != search->states[node].key || key != search->nodes[node].worst_key)
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

uint32_t segment_label(const struct segment_search *search, const struct problem *problem,
                       uint32_t from, uint32_t to)
{
    if (problem->algorithm != 0)
        return TED_NONE;
    const struct ted_prefix_sid *sid =
        ted_find_prefix_sid(problem->snapshot, to, problem->algorithm, problem->family);
    if (sid == NULL || sid->index >= search->nodes[to].index_end)
        return TED_NONE;
    return ted_label_of_index(problem->snapshot, from, sid->index);
}

void segment_fini(struct segment_search *search)
{
    free(search->states);
    free(search->nodes);
    free(search->order);
    free(search->heap.entries);
}
