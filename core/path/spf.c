#include "core/path/spf.h"

#include "core/base/check.h"
#include "core/path/hop.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* Gives a node its first key, or a better one. Its order is the key plus the minimum that leads
 * from the source to it; that part does not change, and is worked out once. */
ALWAYS_INLINE void put(struct heap *heap, struct spf_tree *tree, uint32_t node, uint64_t key,
                       bool is_known)
{
    struct spf_node *state = &tree->nodes[node];
    uint64_t before = state->key;
    state->key = key;
    if (is_known) {
        heap_lower(heap, tree->nodes, node, heap->entries[state->place].key - (before - key));
        return;
    }
    uint64_t rest = potential_from_goal(&tree->potential, node);
    state->stamp = tree->stamp;
    heap_add(heap, tree->nodes, node, key + (rest << KEY_HOP_BITS));
}

/* What a search asks of an edge. */
enum spf_asks {
    SPF_ASKS_NOTHING,
    SPF_ASKS_CONSTRAINT,
    SPF_ASKS_UNDESIRED, /* and whether it is undesired */
};

/* The inner loop. metric and asks are constants in every caller that is in a hurry, so that each gets
 * a loop of its own. The constraint is asked after the key: most edges need not be asked. */
ALWAYS_INLINE enum path_outcome run(struct path_engine *engine, struct spf_tree *tree,
                                    const struct problem *problem, enum path_metric metric,
                                    enum spf_asks asks)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    const struct ted_columns *columns = &snapshot->reverse_columns;
    struct spf_node *nodes = tree->nodes;
    const uint32_t stamp = tree->stamp;
    struct heap *heap = &engine->heap;
    const bool is_constrained = asks != SPF_ASKS_NOTHING;
    while (heap->count > 0 && heap->entries[0].key <= tree->limit) {
        uint32_t at = heap_pop(heap, nodes).node;
        uint64_t at_key = nodes[at].key;
        if (at == tree->target) {
            /* Of those that are as good as the target, the walk may need each. */
            tree->limit = at_key;
            continue;
        }
        uint32_t end = snapshot->reverse_first_edge[at + 1];
        uint32_t first = snapshot->reverse_first_edge[at];
        engine->work += end - first;
        if (engine_is_exhausted(engine))
            return PATH_WORK_EXCEEDED;
        for (uint32_t i = first; i < end; i++) {
            const struct ted_edge *edge = &snapshot->reverse_edges[i];
            struct spf_node *state = &nodes[edge->node];
            uint64_t key = at_key + key_of_metric(reverse_edge_metric(snapshot, i, metric));
            bool is_known = state->stamp == stamp;
            if (asks == SPF_ASKS_UNDESIRED)
                key += undesired_key(problem, edge->link);
            if ((is_known && state->key <= key) || (asks == SPF_ASKS_UNDESIRED && key > KEY_MAX))
                continue;
            if (is_constrained && !constraint_admits_edge(&problem->constraint, columns, i))
                continue;
            bool asks_hop = is_constrained && problem->hops != NULL;
            bool is_admitted = !asks_hop || hop_admits(problem, edge->link, &engine->work);
            if (asks_hop && engine_is_exhausted(engine))
                return PATH_WORK_EXCEEDED;
            if (!is_admitted)
                continue;
            put(heap, tree, edge->node, key, is_known);
        }
    }
    return tree->target == TED_NONE || spf_is_settled(tree, tree->target) ? PATH_FOUND : PATH_NONE;
}

/* Undesired links count in the tree of the objective, not in those of bounds. */
static enum path_outcome run_metric(struct path_engine *engine, struct spf_tree *tree,
                                    const struct problem *problem, enum path_metric metric)
{
    bool is_constrained = !problem->constraint.is_trivial || problem->hops != NULL;
    if (problem->undesired != NULL && tree == &engine->tree)
        return run(engine, tree, problem, metric, SPF_ASKS_UNDESIRED);
    switch (metric) {
    case PATH_METRIC_TE:
        return is_constrained ? run(engine, tree, problem, PATH_METRIC_TE, SPF_ASKS_CONSTRAINT)
                              : run(engine, tree, problem, PATH_METRIC_TE, SPF_ASKS_NOTHING);
    case PATH_METRIC_HOPS:
        return is_constrained ? run(engine, tree, problem, PATH_METRIC_HOPS, SPF_ASKS_CONSTRAINT)
                              : run(engine, tree, problem, PATH_METRIC_HOPS, SPF_ASKS_NOTHING);
    case PATH_METRIC_DELAY:
        return run(engine, tree, problem, PATH_METRIC_DELAY, SPF_ASKS_CONSTRAINT);
    case PATH_METRIC_IGP:
        return is_constrained ? run(engine, tree, problem, PATH_METRIC_IGP, SPF_ASKS_CONSTRAINT)
                              : run(engine, tree, problem, PATH_METRIC_IGP, SPF_ASKS_NOTHING);
    default:
        return run(engine, tree, problem, metric, SPF_ASKS_CONSTRAINT);
    }
}

bool spf_begin(struct path_engine *engine, struct spf_tree *tree, const struct problem *problem)
{
    void *nodes = tree->nodes;
    uint32_t node_count = problem->snapshot->node_count;
    if (!engine_grow(&nodes, &tree->capacity, node_count, sizeof *tree->nodes))
        return false;
    tree->nodes = nodes;
    if (engine_stamp_wraps(&tree->stamp)) {
        for (uint32_t i = 0; i < tree->capacity; i++)
            tree->nodes[i].stamp = 0;
    }
    struct spf_node *root = &tree->nodes[problem->destination];
    root->key = 0;
    root->stamp = tree->stamp;
    tree->target = TED_NONE;
    tree->limit = UINT64_MAX;
    tree->potential.count = 0;
    engine->heap.count = 0;
    heap_add(&engine->heap, tree->nodes, problem->destination, 0);
    return true;
}

static struct potential potential_of(const struct problem *problem, enum path_metric metric)
{
    return potential_between(problem->snapshot, metric, problem->source, problem->destination,
                             problem->source);
}

enum path_outcome spf_search(struct path_engine *engine, struct spf_tree *tree,
                             const struct problem *problem, enum path_metric metric)
{
    if (!spf_begin(engine, tree, problem))
        return PATH_NO_MEMORY;
    tree->target = problem->source;
    tree->potential = potential_of(problem, metric);
    return run_metric(engine, tree, problem, metric);
}

enum path_outcome spf_search_tree(struct path_engine *engine, struct spf_tree *tree,
                                  const struct problem *problem, enum path_metric metric,
                                  uint64_t metric_max)
{
    if (!spf_begin(engine, tree, problem))
        return PATH_NO_MEMORY;
    if (metric_max < UINT64_MAX >> KEY_HOP_BITS) {
        tree->limit = metric_max << KEY_HOP_BITS | KEY_HOP_MASK;
        tree->potential = potential_of(problem, metric);
    }
    return run_metric(engine, tree, problem, metric);
}

/* The edge of `node` that the shortest path takes, as documented in the header. */
static const struct ted_edge *next_edge(struct path_engine *engine, const struct problem *problem,
                                        uint32_t node)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    uint64_t key = spf_key(&engine->tree, node);
    const struct ted_edge *best = NULL;
    for (uint32_t i = snapshot->first_edge[node]; i < snapshot->first_edge[node + 1]; i++) {
        const struct ted_edge *edge = &snapshot->edges[i];
        uint64_t rest = spf_key(&engine->tree, edge->node);
        if (rest >= key || rest + key_of_metric(edge_metric(snapshot, edge, problem->metric)) +
                                   undesired_key(problem, edge->link) !=
                               key)
            continue;
        if (best != NULL &&
            (best->node < edge->node || (best->node == edge->node && best->link < edge->link)))
            continue;
        if (constraint_admits(&problem->constraint, &snapshot->links[edge->link]) &&
            (problem->hops == NULL || hop_admits(problem, edge->link, &engine->work)))
            best = edge;
    }
    return best;
}

enum path_outcome spf_walk(struct path_engine *engine, const struct problem *problem)
{
    engine->link_count = 0;
    for (uint32_t node = problem->source; node != problem->destination;) {
        if (engine->link_count == PATH_HOPS_MAX)
            return PATH_NONE;
        const struct ted_edge *edge = next_edge(engine, problem, node);
        /* The search has given the node its key over an edge that next_edge finds again: both ask
         * the same of the same constant snapshot, and no key on a shortest path has changed since
         * (the potentials are consistent). A search that ran out of work or memory is not walked.
         */
        CHECK(edge != NULL);
        engine->links[engine->link_count++] = edge->link;
        node = edge->node;
    }
    return PATH_FOUND;
}
