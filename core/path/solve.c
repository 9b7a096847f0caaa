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
            sum += link_metric(&problem->snapshot->links[engine->links[i]], (enum path_metric)m);
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

/* From a node to itself: an ERO has to have a subobject all the same (RFC 8664 4.3), which is the
 * node's own SID. There is no hop that leads nowhere. */
static enum path_outcome stay(struct path_engine *engine, const struct problem *problem)
{
    engine->link_count = 0;
    engine->sid_count = 0;
    engine->worst_mask = 0;
    if (!problem->wants_sids)
        return problem->wants_hops ? PATH_NONE : PATH_FOUND;
    uint32_t label = sid_label_of_node(problem, problem->source);
    if (label == TED_NONE || problem->sids_max == 0)
        return PATH_NONE;
    engine->sids[engine->sid_count++] = sid_of_node(label, problem->source);
    return PATH_FOUND;
}

static enum path_outcome solve_search(struct path_engine *engine, const struct problem *problem)
{
    if (problem->is_impossible || problem->sids_impossible)
        return PATH_NONE;
    if (problem->source == problem->destination)
        return stay(engine, problem);
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
