#include "core/path/expansion.h"

#include "core/base/check.h"
#include "core/path/engine.h"

/* What the node where a reverse edge begins costs at worst when the edge is added to it. */
static struct segment_node expansion_extend(const struct segment_search *search,
                                            const struct problem *problem, uint32_t index)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    uint32_t from = snapshot->reverse_edges[index].node;
    if (search->states[from].stamp != search->stamp ||
        !constraint_admits_edge(&problem->constraint, &snapshot->reverse_columns, index))
        return (struct segment_node){.is_admitted = false};
    struct segment_node next = search->nodes[from];
    next.worst_key += key_of_metric(reverse_edge_metric(snapshot, index, problem->metric)) +
                      undesired_key(problem, snapshot->reverse_edges[index].link);
    for (uint32_t d = 0; d < search->dimensions.count; d++)
        next.worst[d] += reverse_edge_metric(snapshot, index, search->dimensions.metrics[d]);
    next.is_admitted = key_hops(next.worst_key) <= PATH_HOPS_MAX;
    return next;
}

/* Works out what the node of an entry costs, its other last links included. */
static struct segment_node expansion_judge(const struct segment_search *search,
                                           const struct problem *problem,
                                           const struct near_tree *near_tree, uint32_t place)
{
    uint32_t index_end = problem->snapshot->sid_index_ends[near_tree->entries[place].node];
    struct segment_node judged = expansion_extend(
        search, problem, near_tree_edge(problem->snapshot, &near_tree->entries[place]));
    for (uint32_t i = place + 1; i < near_tree->count && near_tree->entries[i].size == 0; i++) {
        struct segment_node other = expansion_extend(
            search, problem, near_tree_edge(problem->snapshot, &near_tree->entries[i]));
        segment_merge(search, &judged, &other);
    }
    if (index_end < judged.index_end)
        judged.index_end = index_end;
    return judged;
}

/* Whether a segment to a node is looked for now. */
static bool expansion_is_wanted(struct path_engine *engine, const struct problem *problem,
                                uint32_t to)
{
    struct segment_search *search = &engine->segment;
    struct segment_node *node = &search->nodes[to];
    if (!node->is_admitted)
        return false;
    /* No branch of the segment costs more than the part that it stands for. */
    if (search->partial == TED_NONE)
        return (node->worst_key >> KEY_HOP_BITS) + potential_to_goal(&search->potential, to) <=
               search->key_limit >> KEY_HOP_BITS;
    if (!partial_allows_segment(engine, problem, search->partial, to, &node->key_min) ||
        partial_is_dominated(engine, search->partial, to))
        return false;
    if (node->key_min <= search->key_limit)
        return true;
    if (node->key_min < search->key_beyond)
        search->key_beyond = node->key_min;
    return false;
}

/* The place of an edge among the reverse edges. */
static uint32_t reverse_of(const struct ted_snapshot *snapshot, const struct ted_edge *edge)
{
    uint32_t i = snapshot->reverse_first_edge[edge->node];
    while (snapshot->reverse_edges[i].link != edge->link)
        i++;
    return i;
}

/* Whether a segment may lead on from a node to another one that the near tree does not have. */
static bool leads_out(struct path_engine *engine, const struct problem *problem,
                      const struct near_tree *near_tree, uint32_t node)
{
    struct segment_search *search = &engine->segment;
    const struct ted_snapshot *snapshot = problem->snapshot;
    for (uint32_t i = snapshot->first_edge[node]; i < snapshot->first_edge[node + 1]; i++) {
        const struct ted_edge *edge = &snapshot->edges[i];
        if (!ted_igp_uses(edge, node, search->order[0]) ||
            search->states[edge->node].stamp == search->stamp ||
            search->states[node].key + edge->igp_metric < near_tree->radius)
            continue;
        search->nodes[edge->node] = expansion_extend(search, problem, reverse_of(snapshot, edge));
        if (expansion_is_wanted(engine, problem, edge->node))
            return true;
    }
    return false;
}

static void expansion_take(struct segment_search *search, const struct ted_snapshot *snapshot,
                           const struct near_tree_entry *entry)
{
    const struct ted_edge *edge = &snapshot->reverse_edges[near_tree_edge(snapshot, entry)];
    search->states[entry->node].stamp = search->stamp;
    search->states[entry->node].key = search->states[edge->node].key + edge->igp_metric;
    search->order[search->settled_count++] = entry->node;
}

/* Goes through the near tree. false: a larger one is needed. */
static bool go_through(struct path_engine *engine, const struct problem *problem,
                       const struct near_tree *near_tree)
{
    struct segment_search *search = &engine->segment;
    for (uint32_t place = 1; place < near_tree->count;) {
        const struct near_tree_entry *entry = &near_tree->entries[place];
        search->nodes[entry->node] = expansion_judge(search, problem, near_tree, place);
        engine->work++;
        if (!expansion_is_wanted(engine, problem, entry->node)) {
            place += entry->size;
            continue;
        }
        expansion_take(search, problem->snapshot, entry);
        if (entry->is_rim && leads_out(engine, problem, near_tree, entry->node))
            return false;
        place++;
        while (place < near_tree->count && near_tree->entries[place].size == 0)
            place++;
    }
    return true;
}

/* segment.partial and segment.key_limit say what is wanted. */
static enum path_outcome expand(struct path_engine *engine, const struct problem *problem,
                                const struct dimensions *dimensions, uint32_t from)
{
    struct segment_search *search = &engine->segment;
    uint32_t partial = search->partial, nodes_min = NEAR_TREE_NODES_FIRST;
    for (;;) {
        const struct near_tree *near_tree;
        enum path_outcome outcome =
            near_tree_of_node(engine, problem->snapshot, from, nodes_min, &near_tree);
        if (outcome == PATH_FOUND)
            outcome = segment_begin(engine, problem, dimensions, from, TED_NONE);
        if (outcome != PATH_FOUND)
            return outcome;
        search->partial = partial;
        if (partial == TED_NONE)
            search->potential = potential_between(problem->snapshot, problem->metric, from,
                                                  problem->destination, problem->destination);
        search->key_beyond = KEY_NONE;
        search->order[search->settled_count++] = from;
        if (go_through(engine, problem, near_tree))
            return engine_is_exhausted(engine) ? PATH_WORK_EXCEEDED : PATH_FOUND;
        nodes_min = near_tree->node_count * 2;
    }
}

enum path_outcome expansion_search(struct path_engine *engine, const struct problem *problem,
                                   uint32_t partial, uint64_t key_limit)
{
    CHECK(partial != TED_NONE);
    engine->segment.partial = partial;
    engine->segment.key_limit = key_limit;
    return expand(engine, problem, &engine->partials.dimensions,
                  engine->partials.all[partial].node);
}

enum path_outcome expansion_along(struct path_engine *engine, const struct problem *problem,
                                  const struct dimensions *dimensions, uint32_t from, uint64_t rest)
{
    engine->segment.partial = TED_NONE;
    engine->segment.key_limit = rest;
    return expand(engine, problem, dimensions, from);
}

bool expansion_has(const struct path_engine *engine, uint32_t node)
{
    return engine->segment.states[node].stamp == engine->segment.stamp;
}
