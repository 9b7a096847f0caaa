#include "core/path/bottleneck.h"

#include "core/base/check.h"
#include "core/path/hop.h"
#include "core/path/spf.h"

/* Relaxes the links that lead to a settled node. */
static void bottleneck_relax(struct path_engine *engine, const struct problem *problem,
                             struct heap_entry at)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    const struct ted_columns *columns = &snapshot->reverse_columns;
    struct spf_tree *tree = &engine->tree;
    uint32_t first = snapshot->reverse_first_edge[at.node];
    uint32_t end = snapshot->reverse_first_edge[at.node + 1];
    engine->work += end - first;
    for (uint32_t i = first; i < end; i++) {
        const struct ted_edge *edge = &snapshot->reverse_edges[i];
        struct spf_node *state = &tree->nodes[edge->node];
        bool is_known = state->stamp == tree->stamp;
        if (is_known && state->key <= at.key)
            continue;
        if (!constraint_admits_edge(&problem->constraint, columns, i) ||
            (problem->hops != NULL && !hop_admits(problem, edge->link, &engine->work)))
            continue;
        if (engine_is_exhausted(engine))
            return;
        uint64_t key = constraint_badness(
            &problem->constraint, constraint_unreserved_edge(&problem->constraint, columns, i),
            columns->capacity[i]);
        key = key > at.key ? key : at.key;
        if (is_known && state->key <= key)
            continue;
        state->key = key;
        state->stamp = tree->stamp;
        if (is_known)
            heap_lower(&engine->heap, tree->nodes, edge->node, key);
        else
            heap_add(&engine->heap, tree->nodes, edge->node, key);
    }
}

/* The badness of the best path's worst link, by Dijkstra's algorithm with the worst link in the
 * place of the sum. */
static enum path_outcome find_badness_min(struct path_engine *engine, const struct problem *problem,
                                          uint64_t *badness)
{
    if (!spf_begin(engine, &engine->tree, problem))
        return PATH_NO_MEMORY;
    while (engine->heap.count > 0) {
        struct heap_entry top = heap_pop(&engine->heap, engine->tree.nodes);
        *badness = top.key;
        if (top.node == problem->source)
            return PATH_FOUND;
        bottleneck_relax(engine, problem, top);
        if (engine_is_exhausted(engine))
            return PATH_WORK_EXCEEDED;
    }
    return PATH_NONE;
}

static void bottleneck_sift_down(uint64_t *values, uint32_t place, uint32_t count)
{
    for (;;) {
        uint64_t child = (uint64_t)place * 2 + 1;
        if (child >= count)
            return;
        if (child + 1 < count && values[child + 1] > values[child])
            child++;
        if (values[place] >= values[child])
            return;
        uint64_t value = values[place];
        values[place] = values[child];
        values[child] = value;
        place = (uint32_t)child;
    }
}

/* Heap sort, in place: the C library's qsort may allocate. */
static void bottleneck_sort(uint64_t *values, uint32_t count)
{
    for (uint32_t i = count / 2; i-- > 0;)
        bottleneck_sift_down(values, i, count);
    for (uint32_t end = count; end > 1;) {
        uint64_t value = values[--end];
        values[end] = values[0];
        values[0] = value;
        bottleneck_sift_down(values, 0, end);
    }
}

/* The values of all admitted links that are worse than `badness_min`, ascending. */
static bool bottleneck_collect(struct path_engine *engine, const struct problem *problem,
                               uint64_t badness_min, uint32_t *count)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    void *values = engine->badness;
    if (!engine_grow(&values, &engine->badness_capacity, snapshot->link_count, sizeof(uint64_t)))
        return false;
    engine->badness = values;
    *count = 0;
    engine->work += snapshot->link_count;
    for (uint32_t i = 0; i < snapshot->link_count; i++) {
        const struct ted_link *link = &snapshot->links[i];
        uint64_t badness =
            constraint_badness(&problem->constraint,
                               constraint_unreserved(&problem->constraint, link), link->capacity);
        if (badness > badness_min && !link->is_gone &&
            constraint_admits(&problem->constraint, link))
            engine->badness[(*count)++] = badness;
    }
    bottleneck_sort(engine->badness, *count);
    return true;
}

static enum path_outcome solve_at(struct path_engine *engine, const struct problem *problem,
                                  bottleneck_solve_fn *solve, uint64_t badness_max)
{
    struct problem limited = *problem;
    constraint_limit_badness(&limited.constraint, badness_max);
    return solve(engine, &limited);
}

enum path_outcome bottleneck_search(struct path_engine *engine, const struct problem *problem,
                                    bottleneck_solve_fn *solve)
{
    uint64_t badness_min = 0;
    enum path_outcome outcome = find_badness_min(engine, problem, &badness_min);
    if (outcome != PATH_FOUND)
        return outcome;
    outcome = solve_at(engine, problem, solve, badness_min);
    if (outcome != PATH_NONE)
        return outcome;
    outcome = solve(engine, problem);
    if (outcome != PATH_FOUND)
        return outcome;
    uint32_t count;
    if (!bottleneck_collect(engine, problem, badness_min, &count))
        return PATH_NO_MEMORY;
    CHECK(count > 0); /* else all links were admitted at badness_min, where there was no path */
    /* values[high] leaves a path, everything below low does not. */
    uint32_t low = 0, high = count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        outcome = solve_at(engine, problem, solve, engine->badness[middle]);
        if (outcome == PATH_FOUND)
            high = middle;
        else if (outcome == PATH_NONE)
            low = middle + 1;
        else
            return outcome;
    }
    return solve_at(engine, problem, solve, engine->badness[high]);
}
