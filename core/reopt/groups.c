#include "core/reopt/groups.h"

#include "core/base/check.h"
#include "core/reopt/group_away.h"
#include "core/reopt/group_say.h"
#include "core/reopt/group_table.h"

#include <stdlib.h>

const char *group_state_text(enum group_state state)
{
    static const char *const texts[] = {
#define GROUP_STATE_TEXT(name, text) [GROUP_IS_##name] = text,
        GROUP_STATES(GROUP_STATE_TEXT)
#undef GROUP_STATE_TEXT
    };
    CHECK(state < GROUP_STATE_COUNT);
    return texts[state];
}

static bool groups_is_equal(const struct map_node *node, const void *key)
{
    const struct group *group =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct group, node);
    return group_keys_are_equal(&group->key, key);
}

void groups_init(struct groups *groups, const struct groups_ops *ops, void *owner)
{
    *groups = (struct groups){.ops = ops, .owner = owner, .groups_max = GROUPS_MAX};
    map_init(&groups->map, groups_is_equal, GROUPS_MAX);
    list_init(&groups->waiting);
    list_init(&groups->heavy);
}

void groups_fini(struct groups *groups)
{
    for (uint32_t i = 0; i < groups->slot_end; i++) {
        struct group *group = groups->slots[i];
        for (uint32_t k = 0; group != NULL && k < group->count; k++)
            free(group->members[k].tell);
        free(group);
    }
    free(groups->slots);
    map_fini(&groups->map);
    group_bench_fini(&groups->bench);
}

/* ---- here ---- */

static bool group_plan_moves(const struct group *group, const struct group_plan *plan)
{
    for (uint32_t i = 0; i < group->count; i++)
        if (plan->of[i].decision == GROUP_VERDICT_MOVE)
            return true;
    return false;
}

/* What was decided is so from now on. */
static void groups_conclude(struct groups *groups, struct groups_scene *scene, struct group *group,
                            const struct group_plan *plan)
{
    /* Who is told to move may have said something else meanwhile: then it is looked at once more. */
    group->is_better_wanted = group->is_better_wanted && group_plan_moves(group, plan);
    group->achieved = plan->achieved;
    group->why = plan->why;
    group->was_met = group->was_met || (plan->state == GROUP_IS_MET && group->count > 1);
    group_set_state(groups, group, plan->state, scene->now);
    if (!group_tell_all(groups, scene, group, plan))
        groups_mark(groups, group);
}

static void group_note_wait(struct group *group, const struct groups_scene *scene, bool waits)
{
    if (waits && !group->is_waiting_for_word)
        group->asked = scene->now;
    group->is_waiting_for_word = waits;
}

static void groups_settle(struct groups *groups, struct groups_scene *scene, struct group *group,
                          const struct group_plan *plan, enum group_outcome outcome)
{
    groups->counters.groups_no_memory += outcome == GROUP_FAILED;
    group_note_wait(group, scene, outcome == GROUP_WAITS);
    if (outcome == GROUP_DECIDED)
        groups_conclude(groups, scene, group, plan);
    else if (outcome == GROUP_HEAVY)
        groups_mark_heavy(groups, group);
    else
        groups_mark(groups, group); /* for a later turn */
}

static void groups_count(struct groups *groups, struct group_bench *bench)
{
    groups->counters.groups_computed += bench->computed;
    groups->counters.groups_work_exceeded += bench->work_exceeded;
    bench->computed = bench->work_exceeded = 0;
}

static bool groups_is_over(const struct groups_scene *scene, struct mono since)
{
    return mono_since_ns(scene->now, since) >= GROUP_PATIENCE_MS * MONO_NS_PER_MS;
}

/* Networks may come faster than words about them. */
static bool groups_is_late(const struct groups *groups, const struct groups_scene *scene,
                           const struct group *group)
{
    return groups_is_over(scene, groups->turned) ||
           (group->is_waiting_for_word && groups_is_over(scene, group->asked));
}

static uint64_t groups_work_max(const struct groups *groups)
{
    if (groups->errands == NULL || groups->work_inline == 0)
        return UINT64_MAX;
    return groups->work_inline < REOPT_WORK_PER_TURN ? groups->work_inline : REOPT_WORK_PER_TURN;
}

static void groups_look(struct groups *groups, struct groups_scene *scene, struct group *group)
{
    struct group_plan plan;
    const struct group_question question = {.group = group,
                                            .work_max = groups_work_max(groups),
                                            .is_late = groups_is_late(groups, scene, group)};
    enum group_outcome outcome = group_decide(&groups->bench, scene, &question, &plan);
    groups_count(groups, &groups->bench);
    groups_settle(groups, scene, group, &plan, outcome);
}

/* ---- elsewhere ---- */

static void groups_send(struct groups *groups, const struct groups_scene *scene)
{
    struct group *group;
    while (groups->errands != NULL && errands_has_room(groups->errands) &&
           (group = groups_pop_heavy(groups)) != NULL) {
        bool is_late = group->is_outdated || groups_is_late(groups, scene, group);
        struct group_away *away = group_away_create(group, scene, is_late);
        groups->counters.groups_no_memory += away == NULL;
        if (away == NULL ||
            errands_send_task(groups->errands, group->id, &away->task, scene->snapshot->serial,
                              group->is_outdated) != PCE_OK) {
            groups_mark_heavy(groups, group);
            return;
        }
        group->is_away = true;
        groups->counters.groups_computing++;
        groups->counters.groups_offloaded++;
    }
}

static bool groups_is_current(const struct groups_scene *scene, const struct group *group,
                              const struct computation *computation)
{
    return !computation->is_stale && computation->ran_serial == scene->snapshot->serial &&
           group_away_is_of(group_away_of(computation->task), group);
}

/* What was found on another network, or among other words, is looked at on this one. False: it does
 * not hold, and nothing has come of it. */
static bool groups_use_late(struct groups *groups, struct groups_scene *scene, struct group *group,
                            const struct computation *computation)
{
    struct group_plan plan;
    const struct group_away *away = group_away_of(computation->task);
    const struct group_question question = {
        .group = group, .work_max = UINT64_MAX, .is_late = true, .found = away->found};
    if (!group->is_outdated || computation->is_stale || away->outcome != GROUP_DECIDED ||
        !group_away_asks(away, group) ||
        group_decide(&groups->bench, scene, &question, &plan) != GROUP_DECIDED)
        return false;
    groups_conclude(groups, scene, group, &plan);
    return true;
}

/* Where no paths were found as asked they are looked for again. */
static void groups_go_on(struct groups *groups, struct group *group)
{
    group->is_outdated = group->state == GROUP_IS_BLOCKED || group->state == GROUP_IS_RELAXED;
    if (group->is_outdated)
        groups_mark(groups, group);
}

static void groups_take_one(struct groups *groups, struct groups_scene *scene,
                            const struct computation *computation)
{
    struct group_away *away = group_away_of(computation->task);
    struct group *group = groups_find(groups, &away->group.key);
    CHECK(group != NULL && group->is_away); /* one that goes forgets its errand */
    group->is_away = false;
    groups->counters.groups_computing--;
    groups_count(groups, &away->bench);
    if (groups_is_current(scene, group, computation)) {
        group->is_outdated = false;
        groups_settle(groups, scene, group, &away->plan, away->outcome);
    } else if (groups_use_late(groups, scene, group, computation)) {
        groups->counters.groups_past++;
        groups_go_on(groups, group);
    } else {
        groups->counters.groups_late++;
        group->is_outdated = true;
        groups_mark(groups, group);
    }
    arena_reset(scene->arena);
}

static void groups_take_back(struct groups *groups, struct groups_scene *scene)
{
    const struct computation *computation;
    uint64_t id;
    while (groups->errands != NULL && scene->work_left > 0 &&
           (computation = errands_next(groups->errands, &id)) != NULL) {
        groups_spend(scene, REOPT_WORK_OF_ONE);
        groups_take_one(groups, scene, computation);
    }
}

/* ---- a new network ---- */

static bool group_is_well(const struct group *group)
{
    return group->state == GROUP_IS_MET || group->state == GROUP_IS_ALONE;
}

static void groups_mark_begin(struct groups *groups, const struct groups_scene *scene)
{
    uint32_t turn = scene->snapshot->link_numbers->turn;
    uint64_t interval_ns = scene->settings.interval_s * MONO_NS_PER_S;
    bool is_over = interval_ns != 0 && mono_since_ns(scene->now, groups->looked) >= interval_ns;
    if (turn == groups->seen_turn && !is_over)
        return;
    if (turn != groups->seen_turn)
        groups->turned = scene->now;
    groups->is_marking_all = is_over || groups->is_marking_all;
    groups->looked = is_over ? scene->now : groups->looked;
    groups->seen_turn = turn;
    groups->mark_slot = 0;
    groups->is_marking = true;
}

/* A new network may cure what is not as asked, and may have given links other SRLGs. */
static void groups_mark_some(struct groups *groups, const struct groups_scene *scene)
{
    groups_mark_begin(groups, scene);
    for (unsigned i = 0; i < GROUPS_PER_TURN && groups->is_marking; i++) {
        if (groups->mark_slot >= groups->slot_end) {
            groups->is_marking = false;
            groups->is_marking_all = false;
            return;
        }
        struct group *group = groups->slots[groups->mark_slot++];
        group->is_better_wanted =
            group->is_better_wanted || (groups->is_marking_all && group_is_well(group));
        groups_mark(groups, group);
    }
}

static bool groups_has_more(const struct groups *groups)
{
    /* Those that are heavy wait for room, or for memory. */
    return groups->is_marking || (groups->errands != NULL && errands_is_back(groups->errands));
}

bool groups_turn(struct groups *groups, struct groups_scene *scene)
{
    if (scene->snapshot == NULL || scene->snapshot->link_numbers == NULL)
        return false;
    groups_mark_some(groups, scene);
    groups_take_back(groups, scene);
    /* Those that come back are for the next turn. */
    uint64_t left = groups->counters.groups_waiting, unposted = groups->counters.groups_unposted;
    for (; left > 0 && scene->work_left > 0 && unposted == groups->counters.groups_unposted;
         left--) {
        groups_spend(scene, REOPT_WORK_OF_ONE);
        groups_look(groups, scene, groups_pop(groups));
        arena_reset(scene->arena);
    }
    groups_send(groups, scene);
    /* Those that have come back are not looked at again at once: they wait for a word, or for room. */
    return groups_has_more(groups) || (left > 0 && unposted == groups->counters.groups_unposted);
}
