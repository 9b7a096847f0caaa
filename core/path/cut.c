#include "core/path/cut.h"

#include "core/path/hop.h"
#include "core/path/relax.h"
#include "core/path/spf.h"

/* What of the request a link can break by itself. */
#define CUT_BITS                                                                                   \
    ((uint32_t)PATH_CONSTRAINT_BANDWIDTH | (uint32_t)PATH_CONSTRAINT_AFFINITY |                    \
     (uint32_t)PATH_CONSTRAINT_EXCLUSION | (uint32_t)PATH_CONSTRAINT_ALGORITHM |                   \
     (uint32_t)PATH_CONSTRAINT_HOPS)

/* One side: the nodes that are reached, over edges out of them or into them. */
struct cut_side {
    struct path_engine *engine;
    struct problem problem;
    bool is_reverse;
};

static bool cut_admits(struct cut_side *side, uint32_t link)
{
    const struct problem *problem = &side->problem;
    return constraint_admits(&problem->constraint, &problem->snapshot->links[link]) &&
           (problem->hops == NULL || hop_admits(problem, link, &side->engine->work));
}

static struct problem cut_problem(struct path_engine *engine, const struct ted_snapshot *snapshot,
                                  const struct path_request *request)
{
    struct problem problem = problem_of_request(snapshot, request);
    engine_show_residual(engine, &problem);
    return problem;
}

static bool cut_has(const struct cut_side *side, uint32_t node)
{
    return side->engine->tree.nodes[node].stamp == side->engine->tree.stamp;
}

/* Breadth first; the engine's heap is the queue, and its tree says who is reached. */
static bool cut_reach(struct cut_side *side)
{
    const struct ted_snapshot *snapshot = side->problem.snapshot;
    const uint32_t *first = side->is_reverse ? snapshot->reverse_first_edge : snapshot->first_edge;
    const struct ted_edge *edges = side->is_reverse ? snapshot->reverse_edges : snapshot->edges;
    struct spf_tree *tree = &side->engine->tree;
    struct heap_entry *queue = side->engine->heap.entries;
    uint32_t count = 1;
    if (!spf_begin(side->engine, tree, &side->problem)) /* from the destination */
        return false;
    uint32_t root = side->is_reverse ? side->problem.destination : side->problem.source;
    tree->nodes[side->problem.destination].stamp = 0;
    tree->nodes[root].stamp = tree->stamp;
    queue[0].node = root;
    for (uint32_t at = 0; at < count; at++) {
        uint32_t node = queue[at].node;
        for (uint32_t i = first[node]; i < first[node + 1]; i++) {
            if (cut_has(side, edges[i].node) || !cut_admits(side, edges[i].link))
                continue;
            tree->nodes[edges[i].node].stamp = tree->stamp;
            queue[count++].node = edges[i].node;
        }
    }
    return true;
}

/* What it breaks of all that is asked: each constraint is looked at without the others. */
static uint32_t cut_breaks(struct path_engine *engine, const struct ted_snapshot *snapshot,
                           const struct path_request *request, uint32_t link)
{
    uint32_t asked = relax_asked(snapshot, request), breaks = 0;
    for (uint32_t left = asked & CUT_BITS; left != 0; left &= left - 1) {
        uint32_t bit = left & (~left + 1);
        struct path_request alone = relax_without(request, asked & ~bit);
        if (bit == PATH_CONSTRAINT_HOPS)
            alone.family = request->family;
        struct cut_side side = {.engine = engine, .problem = cut_problem(engine, snapshot, &alone)};
        bool is_overloaded = side.problem.snapshot->links[link].is_first_only &&
                             side.problem.snapshot->links[link].from != request->source;
        if (!is_overloaded && !cut_admits(&side, link))
            breaks |= bit;
    }
    return breaks;
}

/* The links across, from the side of the source. */
static void cut_collect(struct cut_side *side, struct path_cut *cut)
{
    const struct ted_snapshot *snapshot = side->problem.snapshot;
    *cut = (struct path_cut){.total = 0};
    for (uint32_t node = 0; node < snapshot->node_count; node++) {
        if (cut_has(side, node) == side->is_reverse)
            continue;
        for (uint32_t i = snapshot->first_edge[node]; i < snapshot->first_edge[node + 1]; i++) {
            const struct ted_edge *edge = &snapshot->edges[i];
            if (cut_has(side, edge->node) != side->is_reverse)
                continue;
            if (cut->count < PATH_CUT_LINKS_MAX)
                cut->links[cut->count++].link = edge->link;
            cut->total++;
        }
    }
}

bool path_cut_find(struct path_engine *engine, const struct ted_snapshot *snapshot,
                   const struct path_request *request, struct path_cut *cut)
{
    struct path_cut other;
    *cut = (struct path_cut){.total = 0};
    if (!engine_reserve_heap(engine, snapshot->node_count) ||
        !residual_begin(&engine->residual, snapshot, request))
        return false;
    struct cut_side side = {.engine = engine, .problem = cut_problem(engine, snapshot, request)};
    if (!cut_reach(&side))
        return false;
    if (cut_has(&side, request->destination))
        return true;
    cut_collect(&side, cut);
    side.is_reverse = true;
    if (!cut_reach(&side))
        return false;
    cut_collect(&side, &other);
    if (other.total < cut->total)
        *cut = other;
    for (uint32_t i = 0; i < cut->count; i++)
        cut->links[i].breaks = cut_breaks(engine, snapshot, request, cut->links[i].link);
    return true;
}
