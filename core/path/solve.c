#include "core/path/solve.h"

#include "core/path/bottleneck.h"
#include "core/path/bounded.h"
#include "core/path/sid.h"
#include "core/path/sid_list.h"
#include "core/path/sid_search.h"
#include "core/path/spf.h"

static bool keeps_bounds(const struct path_engine *engine, const struct problem *problem)
{
    for (uint32_t m = 0; m < ADDITIVE_METRIC_COUNT; m++) {
        if ((problem->bounded & (1u << m)) == 0)
            continue;
        uint64_t sum = 0;
        for (uint32_t i = 0; i < engine->link_count; i++)
            sum += link_metric(problem->snapshot, engine->links[i], (enum path_metric)m);
        if (sum > problem->bounds[m])
            return false;
    }
    return true;
}

/* The best path, its SID list apart. */
static enum path_outcome solve_path(struct path_engine *engine, const struct problem *problem)
{
    enum path_outcome outcome = spf_search(engine, &engine->tree, problem, problem->metric);
    if (outcome != PATH_FOUND)
        return outcome;
    bool is_short_enough = spf_walk(engine, problem) == PATH_FOUND;
    if (is_short_enough && keeps_bounds(engine, problem))
        return PATH_FOUND;
    return bounded_search(engine, problem);
}

static enum path_outcome solve_metric(struct path_engine *engine, const struct problem *problem)
{
    engine->sid_count = 0;
    engine->worst_mask = 0;
    if (problem->fewest_sids)
        return sid_search(engine, problem);
    enum path_outcome outcome = solve_path(engine, problem);
    if (outcome != PATH_FOUND || !problem->wants_sids)
        return outcome;
    outcome = sid_list_of_path(engine, problem);
    return outcome == PATH_NONE ? sid_search(engine, problem) : outcome;
}

static uint32_t undesired_links(const struct path_engine *engine, const struct problem *problem)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < engine->link_count; i++)
        count += undesired_key(problem, engine->links[i]) != 0;
    return count;
}

/* The fewest SIDs of the lists that have no more undesired links than the one that was found. */
static enum path_outcome solve_shortest_list(struct path_engine *engine, struct problem *problem,
                                             uint32_t undesired)
{
    uint32_t found = engine->sid_count;
    for (problem->sids_max = 1; problem->sids_max <= found; problem->sids_max++) {
        enum path_outcome outcome = solve_metric(engine, problem);
        bool is_answer = outcome == PATH_FOUND && undesired_links(engine, problem) == undesired;
        if (is_answer || (outcome != PATH_FOUND && outcome != PATH_NONE))
            return outcome;
    }
    return PATH_NONE;
}

/* The fewest undesired links, and then the objective. */
static enum path_outcome solve_undesired(struct path_engine *engine, const struct problem *problem)
{
    struct problem by_metric = *problem;
    by_metric.fewest_sids = false;
    enum path_outcome outcome = solve_metric(engine, &by_metric);
    if (outcome != PATH_FOUND)
        return outcome;
    uint32_t undesired = undesired_links(engine, problem);
    if (undesired > problem->undesired_max)
        return PATH_NONE;
    return problem->fewest_sids ? solve_shortest_list(engine, &by_metric, undesired) : PATH_FOUND;
}

/* From a node to itself: an ERO has to have a subobject all the same (RFC 8664 4.3), which is the
 * node's own SID. There is no hop that leads nowhere. */
static enum path_outcome stay(struct path_engine *engine, const struct problem *problem)
{
    engine->link_count = 0;
    engine->sid_count = 0;
    engine->worst_mask = 0;
    if (!problem->wants_sids)
        return problem->wants_hops ? PATH_NONE : PATH_FOUND;
    if (problem->sids_max == 0 ||
        !sid_of_node(problem, problem->source, problem->source, TED_NONE, &engine->sids[0]))
        return PATH_NONE;
    engine->sid_count = 1;
    return PATH_FOUND;
}

/* How few undesired links there can be does not depend on the objective. */
static enum path_outcome solve_undesired_first(struct path_engine *engine,
                                               const struct problem *problem)
{
    struct problem limited = *problem;
    limited.fewest_sids = problem->fewest_sids && problem->constraint.objective == PATH_MIN_METRIC;
    enum path_outcome outcome = solve_undesired(engine, &limited);
    if (outcome != PATH_FOUND || problem->constraint.objective == PATH_MIN_METRIC)
        return outcome;
    limited.fewest_sids = problem->fewest_sids;
    limited.undesired_max = undesired_links(engine, problem);
    return bottleneck_search(engine, &limited, solve_undesired);
}

static enum path_outcome solve_search(struct path_engine *engine, const struct problem *problem)
{
    if (problem->is_impossible || problem->sids_impossible)
        return PATH_NONE;
    if (problem->source == problem->destination)
        return stay(engine, problem);
    if (problem->undesired != NULL)
        return solve_undesired_first(engine, problem);
    if (problem->constraint.objective == PATH_MIN_METRIC)
        return solve_metric(engine, problem);
    return bottleneck_search(engine, problem, solve_metric);
}

enum path_outcome solve(struct path_engine *engine, const struct problem *problem)
{
    bool is_short = engine->work_left < engine->work_max;
    engine->work = 0;
    engine->work_limit = is_short ? engine->work_left : engine->work_max;
    enum path_outcome outcome = solve_search(engine, problem);
    if (is_short && engine->work > engine->work_left)
        engine->is_cut = true;
    engine->work_left -= engine->work < engine->work_left ? engine->work : engine->work_left;
    return outcome;
}
