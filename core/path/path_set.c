#include "core/path/path_set.h"

#include "core/base/check.h"
#include "core/path/set_member.h"
#include "core/path/set_order.h"
#include "core/path/set_pair.h"
#include "core/path/set_search.h"
#include "core/path/set_share.h"

#include <stdlib.h>

struct path_set *path_set_create(void)
{
    return calloc(1, sizeof(struct path_set));
}

void path_set_destroy(struct path_set *set)
{
    if (set == NULL)
        return;
    path_avoid_fini(&set->excluded);
    path_avoid_fini(&set->undesired);
    for (uint32_t m = 0; m < PATH_SET_MAX; m++)
        path_avoid_fini(&set->ceilings[m]);
    path_uses_fini(&set->uses);
    residual_fini(&set->residuals[0]);
    residual_fini(&set->residuals[1]);
    path_pair_fini(&set->pair);
    free(set->link_marks);
    free(set->node_marks);
    free(set->steps);
    free(set->heap);
    free(set->pool);
    free(set);
}

size_t path_set_octets(const struct path_set *set)
{
    size_t words = (size_t)set->link_mark_capacity + set->node_mark_capacity + set->heap_capacity +
                   set->pool_capacity;
    size_t ceilings = 0;
    for (uint32_t m = 0; m < PATH_SET_MAX; m++)
        ceilings += path_avoid_octets(&set->ceilings[m]);
    return sizeof *set + ceilings + words * sizeof(uint32_t) +
           set->step_capacity * sizeof *set->steps + path_uses_octets(&set->uses) +
           path_pair_octets(&set->pair) + path_avoid_octets(&set->excluded) +
           path_avoid_octets(&set->undesired) +
           ((size_t)set->residuals[0].capacity + set->residuals[1].capacity) *
               sizeof(struct residual_entry);
}

/* The path that each member has alone, or why it has none. */
static enum path_outcome set_place_alone(struct path_set *set)
{
    struct set_bank *bank = set->alone;
    set_bank_clear(bank);
    for (uint32_t m = 0; m < set->count; m++) {
        struct path_result answer;
        struct set_path path;
        if (!set_member_begin(set, m))
            return PATH_NO_MEMORY;
        enum path_outcome outcome = set_member_compute(set, m, true, &path, &answer);
        if (outcome == PATH_NO_MEMORY)
            return outcome;
        bank->results[m] = answer;
        if (outcome != PATH_FOUND)
            bank->results[m].outcome = outcome;
        else
            set_member_keep(bank, m, &path, &answer);
        if (outcome == PATH_FOUND)
            bank->cost = set_cost_sum(bank->cost, path.cost);
    }
    return PATH_FOUND;
}

/* What is asked, and what it is relaxed to: from a node to its links, from SRLGs to the links that have
 * them. The count. */
static uint32_t set_stages(const struct path_set_request *request, struct set_stage stages[5])
{
    const uint32_t levels[] = {PATH_DIVERSE_NODE | PATH_DIVERSE_SRLG, PATH_DIVERSE_NODE,
                               PATH_DIVERSE_SRLG, 0};
    uint32_t count = 0, asked = request->diversity & levels[0];
    for (uint32_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        if ((levels[i] & ~asked) == 0 && (count == 0 || !request->is_strict))
            stages[count++] = (struct set_stage){.diversity = levels[i] | PATH_DIVERSE_LINK};
    }
    if (!request->is_strict)
        stages[count++] = (struct set_stage){.diversity = PATH_DIVERSE_LINK, .may_share = true};
    return count;
}

/* The least that members cost is known to be the least only where it is a sum of theirs. */
static bool set_can_prove(const struct path_set *set)
{
    for (uint32_t m = 0; m < set->count; m++) {
        const struct path_request *request = &set->members[m].request;
        bool has_undesired = request->undesired != NULL && !path_avoid_is_empty(request->undesired);
        if (set->alone->is_placed[m] && (has_undesired || request->objective != PATH_MIN_METRIC))
            return false;
    }
    return true;
}

static void set_begin_stage(struct path_set *set, const struct set_stage *stage)
{
    set->stage = *stage;
    set->bound = set->alone->cost;
    set->has_best = false;
    set->is_impossible = false;
    set->is_proven = false;
    set_bank_clear(set->best);
}

/* Two members that are a pair need not be looked at alone, as long as they get what is asked for the
 * least that a pair can cost. */
static bool set_is_plain_pair(struct path_set *set, const struct set_stage *stage)
{
    set_bank_clear(set->alone);
    set->alone->placed = set->count;
    for (uint32_t m = 0; m < set->count; m++)
        set->alone->is_placed[m] = true;
    set_begin_stage(set, stage);
    return set_pair_try(set) == PATH_FOUND && set_order_is_best(set);
}

static enum path_outcome set_run_stage(struct path_set *set, const struct set_stage *stage)
{
    set_begin_stage(set, stage);
    enum path_outcome outcome = set_pair_try(set);
    if (outcome == PATH_FOUND && !set->is_impossible && !set_order_is_best(set))
        outcome = set_order_try(set);
    if (outcome == PATH_FOUND && !set->is_impossible && !set_order_is_best(set))
        outcome = set_search_run(set);
    set->is_proven = set->is_proven || set_order_is_best(set);
    return outcome == PATH_WORK_EXCEEDED ? PATH_FOUND : outcome;
}

/* Goes from what is asked to what is allowed; half of the work that is left is for the next one. */
static enum path_outcome set_run(struct path_set *set, const struct path_set_request *request,
                                 bool *is_proven)
{
    struct set_stage stages[5];
    uint32_t count = set_stages(request, stages);
    uint64_t work_max = set->work_left;
    *is_proven = set->count == 2 && set_is_plain_pair(set, &stages[0]);
    if (*is_proven)
        return PATH_FOUND;
    enum path_outcome outcome = set_place_alone(set);
    uint32_t pool_count = set->pool_count;
    *is_proven = true;
    for (uint32_t i = 0; i < count && outcome == PATH_FOUND; i++) {
        uint64_t left = work_max > set->work ? work_max - set->work : 0;
        set->work_left = i + 1 < count ? left / 2 : left;
        set->pool_count = pool_count;
        outcome = set_run_stage(set, &stages[i]);
        *is_proven = *is_proven && (set->is_impossible || (set->is_proven && set_can_prove(set)));
        if (set->has_best)
            return outcome;
    }
    /* There is no set for all of them: as many as can be. */
    if (outcome == PATH_FOUND && set->best->placed == 0)
        outcome = set_order_try(set);
    return outcome == PATH_WORK_EXCEEDED ? PATH_FOUND : outcome;
}

static bool set_has_impossible(const struct path_set *set)
{
    for (uint32_t m = 0; m < set->count; m++) {
        if (set->alone->results[m].outcome == PATH_NONE)
            return true;
    }
    return false;
}

static void set_tell(struct path_set *set, uint32_t asked, bool is_proven,
                     struct path_set_result *result)
{
    const struct set_bank *bank = set->best;
    for (uint32_t m = 0; m < set->count; m++)
        result->members[m] = bank->results[m];
    result->placed = bank->placed;
    set_share_report(set, bank->paths, bank->is_placed, result);
    result->diversity &= asked;
    bool is_whole = bank->placed == set->count;
    bool is_none = (is_proven && set->alone->placed == set->count) || set_has_impossible(set);
    result->outcome = is_whole ? PATH_FOUND : is_none ? PATH_NONE : PATH_WORK_EXCEEDED;
    result->is_optimal = is_whole && is_proven;
    result->cost = (double)bank->cost.metric;
    bool is_bounded =
        is_whole && set->bound.shared == bank->cost.shared && set->bound.rank == bank->cost.rank;
    result->cost_min = result->is_optimal ? result->cost
                       : is_bounded       ? (double)set->bound.metric
                                          : 0;
}

void path_set_compute(struct path_set *set, struct path_engine *engine,
                      const struct ted_snapshot *snapshot, const struct path_set_request *request,
                      struct path_set_result *result)
{
    CHECK(request->count >= 2 && request->count <= PATH_SET_MAX);
    CHECK(request->diversity != 0);
    set_result_init(result, request->count);
    set->engine = engine;
    set->snapshot = snapshot;
    set->members = request->members;
    set->count = request->count;
    set->between = request->between;
    set->alone = &set->banks[0];
    set->best = &set->banks[1];
    set->tried = &set->banks[2];
    set->work = 0;
    set->work_left = request->work_max == 0 ? PATH_SET_WORK_MAX : request->work_max;
    set->pool_count = 0;
    set->stage = (struct set_stage){.diversity = request->diversity | PATH_DIVERSE_LINK};
    bool is_proven = false;
    if (!set_share_reserve(set) || set_run(set, request, &is_proven) == PATH_NO_MEMORY ||
        set_order_explain(set) == PATH_NO_MEMORY)
        return;
    set_tell(set, request->diversity, is_proven, result);
    result->work = set->work;
}
