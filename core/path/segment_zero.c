#include "core/path/segment_zero.h"

#include "core/path/engine.h"

#include <stdlib.h>

enum zero_colour { ZERO_NEW, ZERO_OPEN, ZERO_DONE };

struct zero_node {
    uint32_t next_edge; /* at which the walk goes on */
    uint32_t seen;      /* in which search for a way around */
    enum zero_colour colour;
};

struct zero_walk {
    struct path_engine *engine;
    const struct ted_snapshot *snapshot;
    uint32_t from, to;
    struct spf_node *states; /* distances to the end */
    struct zero_node *nodes;
    struct heap heap;
    uint32_t *stack, *around; /* of the walk, of a search for a way around */
    uint32_t *order;          /* nodes that are done, each before those that lead to it */
    uint32_t order_count, searches;
};

static bool zero_reserve(struct zero_walk *walk)
{
    size_t count = walk->snapshot->node_count;
    walk->states = calloc(count, sizeof *walk->states);
    walk->nodes = calloc(count, sizeof *walk->nodes);
    walk->heap.entries = calloc(count, sizeof *walk->heap.entries);
    walk->stack = malloc(3 * count * sizeof *walk->stack);
    if (walk->stack == NULL)
        return false;
    walk->around = walk->stack + count;
    walk->order = walk->around + count;
    return walk->states != NULL && walk->nodes != NULL && walk->heap.entries != NULL;
}

static void zero_free(const struct zero_walk *walk)
{
    free(walk->states);
    free(walk->nodes);
    free(walk->heap.entries);
    free(walk->stack);
}

/* ---- distances to the end ---- */

static bool zero_is_settled(const struct zero_walk *walk, uint32_t node)
{
    return walk->states[node].stamp != 0 && walk->states[node].place == HEAP_SETTLED;
}

static void zero_relax(struct zero_walk *walk, uint64_t distance, const struct ted_edge *edge)
{
    struct spf_node *state = &walk->states[edge->node];
    bool is_known = state->stamp != 0;
    distance += edge->igp_metric;
    if (!ted_igp_uses(edge, edge->node, walk->from) || (is_known && state->key <= distance))
        return;
    state->key = distance;
    state->stamp = 1;
    if (is_known)
        heap_lower(&walk->heap, walk->states, edge->node, distance);
    else
        heap_add(&walk->heap, walk->states, edge->node, distance);
}

/* Whether an edge leads back to a start that carries no transit: for others it leads nowhere. */
static bool zero_leads_back(const struct zero_walk *walk, uint32_t to)
{
    return to == walk->from && walk->snapshot->nodes[to].is_overloaded;
}

/* Settles all that is as near as the start, or nearer. */
static enum pce_status zero_settle(struct zero_walk *walk)
{
    const struct ted_snapshot *snapshot = walk->snapshot;
    uint64_t limit = UINT64_MAX;
    walk->states[walk->to].stamp = 1;
    heap_add(&walk->heap, walk->states, walk->to, 0);
    while (walk->heap.count > 0 && walk->heap.entries[0].key <= limit) {
        struct heap_entry top = heap_pop(&walk->heap, walk->states);
        uint32_t first = snapshot->reverse_first_edge[top.node];
        uint32_t end = snapshot->reverse_first_edge[top.node + 1];
        if (top.node == walk->from)
            limit = top.key;
        walk->engine->work += end - first;
        if (engine_is_exhausted(walk->engine))
            return PCE_LIMIT;
        for (uint32_t i = first; i < end && !zero_leads_back(walk, top.node); i++)
            zero_relax(walk, top.key, &snapshot->reverse_edges[i]);
    }
    return zero_is_settled(walk, walk->from) ? PCE_OK : PCE_NOT_FOUND;
}

/* ---- where a router sends ---- */

static bool zero_is_tight(const struct zero_walk *walk, uint32_t node, const struct ted_edge *edge)
{
    return ted_igp_uses(edge, node, walk->from) && !zero_leads_back(walk, edge->node) &&
           zero_is_settled(walk, edge->node) &&
           walk->states[edge->node].key + edge->igp_metric == walk->states[node].key;
}

/* Whether a shortest path leads from a node to the end around another one. */
static bool zero_leads_around(struct zero_walk *walk, uint32_t node, uint32_t other)
{
    const struct ted_snapshot *snapshot = walk->snapshot;
    uint32_t count = 0, search = ++walk->searches;
    walk->around[count++] = node;
    walk->nodes[node].seen = walk->nodes[other].seen = search;
    while (count > 0) {
        uint32_t at = walk->around[--count];
        uint32_t first = snapshot->first_edge[at], end = snapshot->first_edge[at + 1];
        if (at == walk->to)
            return true;
        walk->engine->work += end - first;
        for (uint32_t i = first; i < end; i++) {
            uint32_t next = snapshot->edges[i].node;
            if (walk->nodes[next].seen == search || !zero_is_tight(walk, at, &snapshot->edges[i]))
                continue;
            walk->nodes[next].seen = search;
            walk->around[count++] = next;
        }
    }
    return false;
}

static bool zero_takes(struct zero_walk *walk, uint32_t node, const struct ted_edge *edge)
{
    return node != walk->to && zero_is_tight(walk, node, edge) &&
           (edge->igp_metric > 0 || zero_leads_around(walk, edge->node, node));
}

/* ---- what traffic takes ---- */

static enum pce_status zero_walk_on(struct zero_walk *walk, uint32_t *depth)
{
    const struct ted_snapshot *snapshot = walk->snapshot;
    uint32_t at = walk->stack[*depth - 1];
    struct zero_node *node = &walk->nodes[at];
    if (node->next_edge == snapshot->first_edge[at + 1]) {
        node->colour = ZERO_DONE;
        walk->order[walk->order_count++] = at;
        --*depth;
        return PCE_OK;
    }
    const struct ted_edge *edge = &snapshot->edges[node->next_edge++];
    if (++walk->engine->work > walk->engine->work_limit)
        return PCE_LIMIT;
    if (!zero_takes(walk, at, edge) || walk->nodes[edge->node].colour == ZERO_DONE)
        return PCE_OK;
    if (walk->nodes[edge->node].colour == ZERO_OPEN)
        return PCE_UNSUPPORTED;
    walk->nodes[edge->node].colour = ZERO_OPEN;
    walk->nodes[edge->node].next_edge = snapshot->first_edge[edge->node];
    walk->stack[(*depth)++] = edge->node;
    return PCE_OK;
}

static enum pce_status zero_walk_all(struct zero_walk *walk)
{
    enum pce_status status = PCE_OK;
    uint32_t depth = 1;
    walk->stack[0] = walk->from;
    walk->nodes[walk->from].colour = ZERO_OPEN;
    walk->nodes[walk->from].next_edge = walk->snapshot->first_edge[walk->from];
    while (depth > 0 && status == PCE_OK)
        status = zero_walk_on(walk, &depth);
    return status;
}

/* Each node's links come behind all that lead to it. */
static enum pce_status zero_collect(struct zero_walk *walk, struct segment_links *links)
{
    const struct ted_snapshot *snapshot = walk->snapshot;
    links->branches = false;
    for (uint32_t i = walk->order_count; i-- > 0;) {
        uint32_t at = walk->order[i], before = links->count;
        for (uint32_t e = snapshot->first_edge[at]; e < snapshot->first_edge[at + 1]; e++) {
            if (!zero_takes(walk, at, &snapshot->edges[e]))
                continue;
            if (links->count == links->links_max || engine_is_exhausted(walk->engine))
                return PCE_LIMIT;
            links->links[links->count++] = snapshot->edges[e].link;
        }
        links->branches = links->branches || links->count > before + 1;
    }
    return PCE_OK;
}

enum pce_status segment_zero_links(struct path_engine *engine, const struct ted_snapshot *snapshot,
                                   uint32_t from, uint32_t to, struct segment_links *links)
{
    struct zero_walk walk = {.engine = engine, .snapshot = snapshot, .from = from, .to = to};
    enum pce_status status = zero_reserve(&walk) ? PCE_OK : PCE_NO_MEMORY;
    engine->work = 0;
    engine->work_limit = links->work_max;
    links->count = 0;
    if (status == PCE_OK)
        status = zero_settle(&walk);
    if (status == PCE_OK)
        status = zero_walk_all(&walk);
    if (status == PCE_OK)
        status = zero_collect(&walk, links);
    links->work = engine->work;
    zero_free(&walk);
    return status;
}
