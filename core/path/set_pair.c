#include "core/path/set_pair.h"

#include "core/path/set_order.h"
#include "core/path/set_share.h"

static bool alike_is_additive(const struct path_member *member)
{
    const struct path_request *request = &member->request;
    bool has_undesired = request->undesired != NULL && !path_avoid_is_empty(request->undesired);
    return !member->is_first && request->algorithm == 0 && !has_undesired &&
           request->objective == PATH_MIN_METRIC &&
           !(request->metric == PATH_METRIC_SIDS && path_setup_is_sr(request->setup));
}

/* The two members that have paths, if they are a pair. */
static bool alike_members(const struct path_set *set, uint32_t members[2])
{
    uint32_t count = 0;
    for (uint32_t m = 0; m < set->count; m++) {
        if (!set->alone->is_placed[m])
            continue;
        if (count == 2 || !alike_is_additive(&set->members[m]))
            return false;
        members[count++] = m;
    }
    if (count < 2)
        return false;
    const struct path_request *a = &set->members[members[0]].request;
    const struct path_request *b = &set->members[members[1]].request;
    return set_diversity_between(set, members[0], members[1]) != 0 &&
           set_weight(&set->members[members[0]]) == set_weight(&set->members[members[1]]) &&
           a->source == b->source && a->destination == b->destination &&
           a->source != a->destination && a->metric == b->metric;
}

/* Whether both ask the same of links, so that one need be asked alone. */
static bool alike_asks_same(const struct path_request *a, const struct path_request *b)
{
    return a->setup == b->setup && a->family == b->family && a->bound_mask == b->bound_mask &&
           a->bound_mask == 0 && a->bandwidth == b->bandwidth && a->priority == b->priority &&
           a->exclude_any == b->exclude_any && a->include_any == b->include_any &&
           a->include_all == b->include_all && a->excluded == b->excluded &&
           a->reservations == b->reservations;
}

static bool alike_state(struct path_set *set, const struct path_request *request,
                        struct residual *residual, struct problem *problem)
{
    *problem = problem_of_request(set->snapshot, request);
    if (!residual_begin(residual, set->snapshot, request))
        return false;
    if (request->reservations != NULL && request->bandwidth > 0)
        constraint_show_residual(&problem->constraint, residual);
    return true;
}

struct alike_owner {
    const struct path_set *set;
    bool takes[PATH_SET_MAX];
};

static bool alike_may_share(void *owner, uint32_t link)
{
    const struct alike_owner *pair = owner;
    return set_share_fits(pair->set, pair->takes, link);
}

/* What both paths cost, and the links that they share. */
static struct set_cost alike_cost(const struct path_set *set, enum path_metric metric,
                                  uint32_t weight)
{
    const struct path_pair *pair = &set->pair;
    struct set_cost cost = {.shared = pair->shared_count};
    for (uint32_t which = 0; which < 2; which++) {
        for (uint32_t i = 0; i < pair->counts[which]; i++)
            cost.metric += link_metric(set->snapshot, pair->links[which][i], metric);
    }
    cost.metric *= weight;
    return cost;
}

/* One member around the path that is left to the other one, and then the other one around it: together
 * they cost no more than both paths, if their other constraints allow it. */
static enum path_outcome alike_place(struct path_set *set, const uint32_t members[2])
{
    enum path_outcome outcome = PATH_FOUND;
    for (uint32_t first = 0; first < 2 && outcome == PATH_FOUND && !set_order_is_best(set);
         first++) {
        const struct set_order order = {.members = {members[first], members[1 - first]},
                                        .count = 2,
                                        .ahead = set->pair.links[1 - first],
                                        .ahead_count = set->pair.counts[1 - first]};
        outcome = set_order_place(set, &order);
    }
    return outcome;
}

enum path_outcome set_pair_try(struct path_set *set)
{
    uint32_t members[2];
    struct problem problems[2];
    if (!alike_members(set, members))
        return PATH_FOUND;
    struct alike_owner owner = {.set = set};
    owner.takes[members[0]] = owner.takes[members[1]] = true;
    const struct path_request *requests[2] = {&set->members[members[0]].request,
                                              &set->members[members[1]].request};
    if (!alike_state(set, requests[0], &set->residuals[0], &problems[0]) ||
        !alike_state(set, requests[1], &set->residuals[1], &problems[1]))
        return PATH_NO_MEMORY;
    bool is_alike = alike_asks_same(requests[0], requests[1]);
    const struct path_pair_ask ask = {
        .problems = {&problems[0], &problems[is_alike ? 0 : 1]},
        .by_node = (set_diversity_between(set, members[0], members[1]) & PATH_DIVERSE_NODE) != 0,
        .may_share = set->stage.may_share ? alike_may_share : NULL,
        .owner = &owner,
    };
    enum path_outcome outcome = path_pair_find(&set->pair, set->engine, &ask, set->work_left);
    (void)set_pay(set, set->engine->work);
    set->is_impossible = outcome == PATH_NONE;
    if (outcome == PATH_NONE || outcome == PATH_WORK_EXCEEDED)
        return PATH_FOUND; /* the search may know more */
    if (outcome != PATH_FOUND)
        return outcome;
    set->bound = alike_cost(set, problems[0].metric, set_weight(&set->members[members[0]]));
    return alike_place(set, members);
}
