#include "core/path/set_search.h"

#include "core/base/check.h"
#include "core/path/set_member.h"
#include "core/path/set_share.h"

#include <string.h>

/* The steps on the way to one, by which a question is decided. */
struct search_way {
    const struct path_set *set;
    uint32_t step;
};

static bool search_is_before(const struct path_set *set, uint32_t a, uint32_t b)
{
    int order = set_cost_compare(&set->steps[a].cost, &set->steps[b].cost);
    return order != 0 ? order < 0 : a > b; /* the newer one is nearer to an answer */
}

static void search_push(struct path_set *set, uint32_t step)
{
    uint32_t place = set->heap_count++;
    while (place > 0 && search_is_before(set, step, set->heap[(place - 1) / 2])) {
        set->heap[place] = set->heap[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    set->heap[place] = step;
}

static uint32_t search_pop(struct path_set *set)
{
    CHECK(set->heap_count > 0);
    uint32_t first = set->heap[0], last = set->heap[--set->heap_count], place = 0;
    for (;;) {
        uint32_t child = 2 * place + 1;
        if (child >= set->heap_count)
            break;
        if (child + 1 < set->heap_count &&
            search_is_before(set, set->heap[child + 1], set->heap[child]))
            child++;
        if (!search_is_before(set, set->heap[child], last))
            break;
        set->heap[place] = set->heap[child];
        place = child;
    }
    set->heap[place] = last;
    return first;
}

static bool search_is_same(const struct set_conflict *a, const struct set_conflict *b)
{
    return a->kind == b->kind && a->id == b->id && a->members[0] == b->members[0] &&
           a->members[1] == b->members[1];
}

static bool search_may_share(const void *owner, const struct set_conflict *conflict)
{
    const struct search_way *way = owner;
    for (uint32_t i = way->step; i != TED_NONE; i = way->set->steps[i].parent) {
        const struct set_step *step = &way->set->steps[i];
        if (step->member == TED_NONE && search_is_same(&step->decided, conflict))
            return true;
    }
    return false;
}

/* The paths of all members at a step. */
static void search_gather(const struct path_set *set, uint32_t step, struct set_path *paths)
{
    bool is_known[PATH_SET_MAX] = {false};
    memcpy(paths, set->alone->paths, sizeof set->alone->paths);
    for (uint32_t i = step; i != TED_NONE; i = set->steps[i].parent) {
        uint32_t member = set->steps[i].member;
        if (member == TED_NONE || is_known[member])
            continue;
        is_known[member] = true;
        paths[member] = set->steps[i].path;
    }
}

/* Adds a step, whose next conflict is looked for. */
static enum path_outcome search_add(struct path_set *set, struct set_step step,
                                    const struct set_path *paths)
{
    if (set->step_count == PATH_SET_STEPS_MAX)
        return PATH_WORK_EXCEEDED;
    void *steps = set->steps, *heap = set->heap;
    bool is_enough =
        engine_grow(&steps, &set->step_capacity, set->step_count + 1, sizeof *set->steps) &&
        engine_grow(&heap, &set->heap_capacity, set->step_count + 1, sizeof *set->heap);
    set->steps = steps;
    set->heap = heap;
    if (!is_enough)
        return PATH_NO_MEMORY;
    uint32_t index = set->step_count++;
    const struct search_way way = {set, index};
    set->steps[index] = step;
    set->steps[index].next =
        set_share_find(set, paths, set->alone->is_placed, search_may_share, &way);
    search_push(set, index);
    return PATH_FOUND;
}

/* What a member avoids at a step, and one thing more. false: it cannot; *outcome says when memory ran
 * out. */
static bool search_avoid(struct path_set *set, uint32_t member, uint32_t at,
                         const struct set_conflict *more, enum path_outcome *outcome)
{
    bool has_begun = set_member_begin(set, member);
    *outcome = has_begun ? PATH_FOUND : PATH_NO_MEMORY;
    for (uint32_t i = at; has_begun && i != TED_NONE; i = set->steps[i].parent) {
        if (set->steps[i].member == member)
            (void)set_member_avoid(set, member, &set->steps[i].decided);
    }
    return has_begun && set_member_avoid(set, member, more);
}

/* One of the steps on: a member avoids what is in conflict. */
static enum path_outcome search_avoid_next(struct path_set *set, uint32_t at, uint32_t member,
                                           struct set_path *paths)
{
    const struct set_conflict conflict = set->steps[at].next;
    struct set_step step = {.parent = at, .member = member, .decided = conflict};
    struct path_result answer;
    enum path_outcome outcome;
    if (!search_avoid(set, member, at, &conflict, &outcome))
        return outcome;
    outcome = set_member_compute(set, member, false, &step.path, &answer);
    if (outcome != PATH_FOUND)
        return outcome == PATH_NONE ? PATH_FOUND : outcome;
    if (set->members[member].is_first && set_path_is_worse(&step.path, &set->alone->paths[member]))
        return PATH_FOUND;
    struct set_path before = paths[member];
    step.cost = set_cost_sum(set_cost_without(set->steps[at].cost, before.cost), step.path.cost);
    if (set->has_best && set_cost_compare(&step.cost, &set->best->cost) >= 0)
        return PATH_FOUND;
    paths[member] = step.path;
    outcome = search_add(set, step, paths);
    paths[member] = before;
    return outcome;
}

/* The other one: the link is shared. */
static enum path_outcome search_share_next(struct path_set *set, uint32_t at,
                                           const struct set_path *paths)
{
    struct set_step step = {.parent = at,
                            .member = TED_NONE,
                            .decided = set->steps[at].next,
                            .cost = set->steps[at].cost};
    step.cost.shared++;
    return search_add(set, step, paths);
}

/* Who has to be tried at a conflict: both, or of a link without room all that take it. */
static bool search_concerns(const struct path_set *set, const struct set_conflict *conflict,
                            const struct set_path *paths, uint32_t member)
{
    if (conflict->kind != SET_ROOM)
        return member == conflict->members[0] || member == conflict->members[1];
    return set->alone->is_placed[member] && set->members[member].request.bandwidth > 0 &&
           set_share_takes(set, &paths[member], conflict->id);
}

static enum path_outcome search_expand(struct path_set *set, uint32_t at)
{
    struct set_path paths[PATH_SET_MAX];
    search_gather(set, at, paths);
    enum path_outcome outcome = PATH_FOUND;
    for (uint32_t m = 0; m < set->count && outcome == PATH_FOUND; m++) {
        if (search_concerns(set, &set->steps[at].next, paths, m))
            outcome = search_avoid_next(set, at, m, paths);
    }
    if (outcome == PATH_FOUND && set->stage.may_share && set->steps[at].next.kind == SET_LINK)
        outcome = search_share_next(set, at, paths);
    return outcome;
}

/* Computes the paths of a step that is an answer once more, for their links and SIDs. What others take
 * of the bandwidth meanwhile may have changed them: then it is none. */
static enum path_outcome search_take(struct path_set *set, uint32_t at)
{
    const struct set_conflict nothing = {.kind = SET_NOTHING};
    const struct search_way way = {set, at};
    struct set_bank *bank = set->tried;
    uint64_t work_left = set->work_left;
    enum path_outcome outcome = PATH_FOUND;
    set_bank_clear(bank);
    for (uint32_t m = 0; m < set->count && outcome == PATH_FOUND; m++) {
        struct path_result answer;
        struct set_path path;
        if (!set->alone->is_placed[m])
            continue;
        set->work_left = 2 * set->engine->work_max; /* each was found within as much */
        if (search_avoid(set, m, at, &nothing, &outcome))
            outcome = set_member_compute(set, m, false, &path, &answer);
        if (outcome == PATH_FOUND)
            set_member_keep(bank, m, &path, &answer);
    }
    set->work_left = work_left;
    if (outcome != PATH_FOUND)
        return outcome;
    if (set_share_find(set, bank->paths, bank->is_placed, search_may_share, &way).kind !=
        SET_NOTHING)
        return PATH_WORK_EXCEEDED;
    bank->cost = set->steps[at].cost;
    set->tried = set->best;
    set->best = bank;
    set->has_best = true;
    return PATH_FOUND;
}

/* At a limit: the cheapest answer that waits for its turn may be better than what there is. */
static void search_take_waiting(struct path_set *set)
{
    uint32_t found = TED_NONE;
    for (uint32_t i = 0; i < set->heap_count; i++) {
        uint32_t step = set->heap[i];
        if (set->steps[step].next.kind == SET_NOTHING &&
            (found == TED_NONE || search_is_before(set, step, found)))
            found = step;
    }
    if (found != TED_NONE &&
        (!set->has_best || set_cost_compare(&set->steps[found].cost, &set->best->cost) < 0))
        (void)search_take(set, found);
}

/* Takes steps by their cost. */
static enum path_outcome search_go(struct path_set *set)
{
    while (set->heap_count > 0) {
        uint32_t at = search_pop(set);
        if (set_cost_compare(&set->bound, &set->steps[at].cost) < 0)
            set->bound = set->steps[at].cost;
        set->is_proven = set->has_best && set_cost_compare(&set->best->cost, &set->bound) <= 0;
        if (set->is_proven)
            return PATH_FOUND;
        bool is_answer = set->steps[at].next.kind == SET_NOTHING;
        enum path_outcome outcome = is_answer ? search_take(set, at) : search_expand(set, at);
        set->is_proven = is_answer && outcome == PATH_FOUND;
        if (set->is_proven || outcome != PATH_FOUND)
            return outcome;
    }
    set->is_proven = set->has_best;
    set->is_impossible = !set->has_best;
    return PATH_FOUND;
}

enum path_outcome set_search_run(struct path_set *set)
{
    struct set_path paths[PATH_SET_MAX];
    memcpy(paths, set->alone->paths, sizeof paths);
    set->step_count = 0;
    set->heap_count = 0;
    const struct set_step root = {.parent = TED_NONE, .member = TED_NONE, .cost = set->alone->cost};
    enum path_outcome outcome = search_add(set, root, paths);
    if (outcome == PATH_FOUND)
        outcome = search_go(set);
    if (outcome == PATH_WORK_EXCEEDED)
        search_take_waiting(set);
    return outcome;
}
