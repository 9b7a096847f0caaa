#include "core/path/set_member.h"

#include "core/base/check.h"

#include <string.h>

bool set_member_begin(struct path_set *set, uint32_t member)
{
    const struct path_request *request = &set->members[member].request;
    if (!path_avoid_begin(&set->excluded, set->snapshot) ||
        !path_avoid_begin(&set->undesired, set->snapshot))
        return false;
    if (request->excluded != NULL)
        path_avoid_add(&set->excluded, request->excluded);
    if (request->undesired != NULL)
        path_avoid_add(&set->undesired, request->undesired);
    return true;
}

static void member_avoid_srlg(struct path_set *set, uint32_t srlg)
{
    (void)set_pay(set, set->snapshot->link_count);
    path_avoid_srlg(&set->excluded, srlg);
}

bool set_member_avoid(struct path_set *set, uint32_t member, const struct set_conflict *conflict)
{
    const struct path_request *request = &set->members[member].request;
    switch (conflict->kind) {
    case SET_LINK:
        path_avoid_both_ways(&set->excluded, conflict->id);
        break;
    case SET_NODE:
        if (conflict->id == request->source || conflict->id == request->destination)
            return false;
        path_avoid_node(&set->excluded, conflict->id);
        break;
    case SET_SRLG:
        member_avoid_srlg(set, conflict->id);
        break;
    case SET_ROOM:
        path_avoid_link(&set->excluded, conflict->id);
        break;
    case SET_NOTHING:
        break;
    }
    return true;
}

void set_member_avoid_links(struct path_set *set, uint32_t diversity, const uint32_t *links,
                            uint32_t count)
{
    for (uint32_t i = 0; i < count && (diversity & PATH_DIVERSE_SRLG) != 0; i++)
        (void)set_pay(set, (uint64_t)set->snapshot->links[links[i]].srlgs.count *
                               set->snapshot->link_count);
    path_diversity_avoid(set->stage.may_share ? &set->undesired : &set->excluded, diversity, links,
                         count);
}

static enum path_metric member_metric(const struct path_request *request)
{
    return request->metric == PATH_METRIC_SIDS ? PATH_METRIC_IGP : request->metric;
}

/* What the member minimises, the sharing of links apart. */
static struct set_cost member_cost(const struct path_set *set, uint32_t member,
                                   const struct path_result *answer)
{
    const struct path_request *request = &set->members[member].request;
    bool by_sids = request->metric == PATH_METRIC_SIDS && path_setup_is_sr(request->setup);
    struct set_cost cost = {.rank = by_sids ? answer->sid_count : 0,
                            .metric = set->uses.metric * set_weight(&set->members[member])};
    for (uint32_t i = 0; i < answer->link_count && request->undesired != NULL; i++) {
        if (path_avoid_has(request->undesired, answer->links[i], request->source,
                           request->destination))
            cost.rank += SET_RANK_UNDESIRED;
    }
    return cost;
}

/* How bad the worst link is that the path uses. */
static uint64_t member_badness(const struct path_set *set, const struct path_request *request)
{
    const struct constraint constraint = constraint_of_request(request);
    uint64_t worst = 0;
    for (uint32_t i = 0; i < set->uses.count && request->objective != PATH_MIN_METRIC; i++) {
        uint32_t link = set->uses.links[i];
        double left =
            residual_of_all(set->snapshot, request->reservations, link, request->priority) +
            residual_own(request->reservations, link, request->priority);
        uint64_t badness =
            constraint_badness(&constraint, (float)left, set->snapshot->links[link].capacity);
        worst = badness > worst ? badness : worst;
    }
    return worst;
}

static enum path_outcome member_take_uses(struct path_set *set, const struct path_request *request,
                                          struct set_path *path)
{
    enum path_outcome outcome =
        path_uses_find(&set->uses, set->engine, set->snapshot, request, set->engine->work_max);
    bool is_paid = set_pay(set, set->engine->work);
    if (outcome != PATH_FOUND)
        return outcome;
    if (!is_paid || set->uses.count > PATH_SET_LINKS_MAX - set->pool_count)
        return PATH_WORK_EXCEEDED;
    void *pool = set->pool;
    uint32_t needed = set->pool_count + set->uses.count;
    if (!engine_grow(&pool, &set->pool_capacity, needed, sizeof *set->pool))
        return PATH_NO_MEMORY;
    set->pool = pool;
    *path = (struct set_path){.first = set->pool_count, .count = set->uses.count};
    if (set->uses.count > 0)
        memcpy(&set->pool[set->pool_count], set->uses.links, set->uses.count * sizeof *set->pool);
    set->pool_count = needed;
    return PATH_FOUND;
}

enum path_outcome set_member_compute(struct path_set *set, uint32_t member, bool is_diagnosed,
                                     struct set_path *path, struct path_result *answer)
{
    struct path_request request = set->members[member].request;
    request.excluded = &set->excluded;
    request.undesired = &set->undesired;
    if (is_diagnosed)
        path_compute_within(set->engine, set->snapshot, &request, set->work_left, answer);
    else
        path_attempt(set->engine, set->snapshot, &request, set->work_left, answer);
    bool is_paid = set_pay(set, answer->work);
    if (answer->outcome != PATH_FOUND)
        return answer->outcome;
    if (!is_paid)
        return PATH_WORK_EXCEEDED;
    enum path_outcome outcome = member_take_uses(set, &request, path);
    if (outcome != PATH_FOUND)
        return outcome;
    path->cost = member_cost(set, member, answer);
    path->badness = member_badness(set, &request);
    /* Where links are shared, `metrics` are of the branch that shares most. */
    enum path_metric metric = member_metric(&request);
    answer->metrics[metric] = link_metric_tell(metric, set->uses.metric);
    return PATH_FOUND;
}

void set_member_keep(struct set_bank *bank, uint32_t member, const struct set_path *path,
                     const struct path_result *answer)
{
    CHECK(answer->link_count <= PATH_HOPS_MAX && answer->sid_count <= PATH_SIDS_MAX);
    struct path_result *kept = &bank->results[member];
    *kept = *answer;
    memcpy(bank->links[member], answer->links, answer->link_count * sizeof *answer->links);
    memcpy(bank->sids[member], answer->sids, answer->sid_count * sizeof *answer->sids);
    kept->links = bank->links[member];
    kept->sids = bank->sids[member];
    kept->undesired = (uint32_t)(path->cost.rank / SET_RANK_UNDESIRED); /* of its own request's */
    bank->paths[member] = *path;
    bank->is_placed[member] = true;
    bank->placed++;
}

void set_bank_clear(struct set_bank *bank)
{
    for (uint32_t m = 0; m < PATH_SET_MAX; m++) {
        bank->results[m] = (struct path_result){.outcome = PATH_NONE};
        bank->is_placed[m] = false;
    }
    bank->placed = 0;
    bank->cost = (struct set_cost){0, 0, 0};
}
