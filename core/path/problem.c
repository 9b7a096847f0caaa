#include "core/path/problem.h"

#include "core/base/check.h"
#include "core/ted/flex.h"

static bool is_reachable_bound(double bound)
{
    return bound >= 0; /* false for NaN, too */
}

/* Of node SIDs none is unprotected, and of the links of a path without SIDs none is known to be
 * protected (RFC 9488 5). */
static void set_protection(struct problem *problem, const struct path_request *request)
{
    problem->protection = request->protection;
    problem->has_node_sids = request->protection != TED_UNPROTECTED_ONLY;
    if (!problem->wants_sids && request->protection == TED_PROTECTED_ONLY)
        problem->is_impossible = true;
}

static void set_sid_limit(struct problem *problem, const struct path_request *request)
{
    uint32_t most = problem->is_srv6 ? PATH_SRV6_SIDS_MAX : PATH_SIDS_MAX;
    bool is_limited = request->sids_max != 0 && request->sids_max < most;
    problem->sids_max = is_limited ? request->sids_max : most;
    if ((request->bound_mask & (1u << PATH_METRIC_SIDS)) == 0)
        return;
    double bound = request->bounds[PATH_METRIC_SIDS];
    problem->sids_impossible = !is_reachable_bound(bound);
    uint64_t whole = problem->sids_impossible ? 0 : link_metric_bound(PATH_METRIC_SIDS, bound);
    if (whole < problem->sids_max)
        problem->sids_max = (uint32_t)whole;
}

/* RFC 9933 5.2.2: the path is one of the algorithm's topology, and what is minimised is what its
 * definition says. A bound on the IGP metric, where that is another one, is kept by no search. */
static void set_algorithm(struct problem *problem, const struct path_request *request)
{
    if (request->algorithm == 0)
        return;
    const struct ted_flex_view *view = ted_flex_view_of(problem->snapshot, request->algorithm);
    bool bounds_igp = (problem->bounded & (1u << PATH_METRIC_IGP)) != 0;
    if (view == NULL || (view->metric != TED_FLEX_IGP && bounds_igp))
        problem->is_impossible = true;
    if (view == NULL)
        return;
    problem->snapshot = view->snapshot;
    problem->metric = PATH_METRIC_IGP;
}

struct problem problem_of_request(const struct ted_snapshot *snapshot,
                                  const struct path_request *request)
{
    CHECK(request->source < snapshot->node_count && request->destination < snapshot->node_count);
    CHECK((unsigned)request->metric < PATH_METRIC_COUNT);
    CHECK(request->excluded == NULL || request->excluded->snapshot == snapshot);
    CHECK(request->undesired == NULL || request->undesired->snapshot == snapshot);
    struct problem problem = {
        .snapshot = snapshot,
        .source = request->source,
        .destination = request->destination,
        .constraint = constraint_of_request(request),
        .metric = request->metric,
        .wants_sids = path_setup_is_sr(request->setup),
        .is_srv6 = request->setup == PATH_SETUP_SRV6,
        .algorithm = request->algorithm,
        .family = request->family,
    };
    problem.wants_hops = !problem.wants_sids && request->family != IP_NONE;
    if (request->metric == PATH_METRIC_SIDS) {
        problem.metric = PATH_METRIC_IGP;
        problem.fewest_sids = problem.wants_sids;
    }
    if (request->undesired != NULL && !path_avoid_is_empty(request->undesired))
        problem.undesired = request->undesired;
    problem.undesired_max = UINT32_MAX;
    problem.is_ranked = problem.fewest_sids || problem.undesired != NULL;
    for (uint32_t m = 0; m < ADDITIVE_METRIC_COUNT; m++) {
        if ((request->bound_mask & (1u << m)) == 0)
            continue;
        problem.bounded |= 1u << m;
        if (is_reachable_bound(request->bounds[m]))
            problem.bounds[m] = link_metric_bound((enum path_metric)m, request->bounds[m]);
        else
            problem.is_impossible = true;
    }
    problem.is_impossible |= !path_allows_bounds(request->bound_mask);
    set_algorithm(&problem, request);
    constraint_set_topology(&problem.constraint, problem.snapshot);
    set_sid_limit(&problem, request);
    set_protection(&problem, request);
    const struct ted_hops *hops = ted_hops_of_family(&snapshot->link_ends, request->family);
    if (problem.wants_hops && !hops->tell_links)
        problem.hops = hops;
    return problem;
}

uint64_t undesired_key_of_link(const struct problem *problem, uint32_t link)
{
    return path_avoid_has(problem->undesired, link, problem->source, problem->destination)
               ? KEY_UNDESIRED
               : 0;
}
