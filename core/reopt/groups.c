#include "core/reopt/groups.h"

#include "core/base/check.h"
#include "core/reopt/group_admit.h"
#include "core/reopt/group_decide.h"

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

/* ---- the table ---- */

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
    group_sharer_fini(&groups->sharer);
    path_avoid_fini(&groups->avoid[0]);
    path_avoid_fini(&groups->avoid[1]);
    if (groups->set != NULL)
        path_set_destroy(groups->set);
}

static bool groups_has_slot(struct groups *groups)
{
    if (groups->slot_end < groups->slot_count)
        return true;
    uint32_t count = groups->slot_count == 0 ? 64 : 2 * groups->slot_count;
    struct group **grown = realloc(groups->slots, count * sizeof(struct group *));
    if (grown == NULL)
        return false;
    groups->slots = grown;
    groups->slot_count = count;
    return true;
}

/* NULL: the limit, or no memory, which are counted. */
static struct group *groups_make(struct groups *groups, const struct group_tell *tell,
                                 struct mono now)
{
    if (groups->map.count >= groups->groups_max) {
        groups->counters.groups_limit++;
        return NULL;
    }
    struct group *group = groups_has_slot(groups) ? calloc(1, sizeof *group) : NULL;
    if (group != NULL) {
        group->key = tell->head.key;
        group->want = tell->want;
        group->since = now;
        list_init(&group->waiting);
    }
    if (group == NULL ||
        map_insert(&groups->map, &group->node, group_hash(&group->key), &group->key) != PCE_OK) {
        groups->counters.groups_no_memory++;
        free(group);
        return NULL;
    }
    group->slot = groups->slot_end;
    groups->slots[groups->slot_end++] = group;
    groups->counters.groups++;
    return group;
}

static void groups_gauge(struct groups *groups, const struct group *group, bool is_added)
{
    const uint64_t one = is_added ? 1 : UINT64_MAX; /* modulo 2^64 */
    groups->counters.groups_relaxed += group->state == GROUP_IS_RELAXED ? one : 0;
    groups->counters.groups_blocked += group->state == GROUP_IS_BLOCKED ? one : 0;
}

/* The last one takes the slot: a walk may miss it, and sees nothing twice. */
static void groups_drop(struct groups *groups, struct group *group)
{
    groups_gauge(groups, group, false);
    struct group *last = groups->slots[--groups->slot_end];
    groups->slots[group->slot] = last;
    last->slot = group->slot;
    groups->counters.groups_waiting -= list_is_linked(&group->waiting);
    list_remove(&group->waiting);
    CHECK(map_remove(&groups->map, group_hash(&group->key), &group->key) == &group->node);
    groups->counters.groups--;
    free(group);
}

static struct group *groups_find(struct groups *groups, const struct group_key *key)
{
    struct map_node *node = map_find(&groups->map, group_hash(key), key);
    return node == NULL ? NULL : CONTAINER_OF(node, struct group, node);
}

static void groups_mark(struct groups *groups, struct group *group)
{
    if (!list_is_linked(&group->waiting)) {
        list_push_back(&groups->waiting, &group->waiting);
        groups->counters.groups_waiting++;
    }
}

const struct group *groups_next(const struct groups *groups, uint32_t *slot, uint32_t *looks)
{
    if (*looks == 0 || *slot >= groups->slot_end)
        return NULL;
    (*looks)--;
    return groups->slots[(*slot)++];
}

/* ---- members ---- */

static struct group_member *group_find_member(struct group *group, const struct group_member_id *id)
{
    for (uint32_t i = 0; i < group->count; i++) {
        const struct group_member_id *at = &group->members[i].tell->head.member;
        if (at->shard == id->shard && at->lsp.slot == id->lsp.slot &&
            at->lsp.generation == id->lsp.generation)
            return &group->members[i];
    }
    return NULL;
}

static void group_remove_member(struct groups *groups, struct group *group,
                                struct group_member *member)
{
    free(member->tell);
    group->count--;
    groups->counters.groups_members--;
    for (struct group_member *at = member; at < group->members + group->count; at++)
        *at = at[1];
    /* What all say is what the first one says. */
    if (group->count > 0)
        group->want = group->members[0].tell->want;
    if (group->count > 0)
        groups_mark(groups, group);
    else
        groups_drop(groups, group);
}

static bool groups_post(struct groups *groups, const struct group_member_id *to,
                        struct group_verdict *verdict)
{
    if (verdict != NULL && groups->ops->post(groups->owner, to->shard, &verdict->head))
        return true;
    groups->counters.groups_unposted += verdict != NULL;
    groups->counters.groups_no_memory += verdict == NULL;
    free(verdict);
    return false;
}

/* What cannot be told now is said with the LSP's next tell: it tells again at each interval. */
static void groups_refuse(struct groups *groups, const struct group_tell *tell,
                          enum pcep_error_code error, const char *why)
{
    struct group_verdict *verdict = group_verdict_create(NULL);
    groups->counters.groups_refused++;
    if (verdict != NULL) {
        verdict->head.key = tell->head.key;
        verdict->head.member = tell->head.member;
        verdict->head.sequence = tell->head.sequence;
        verdict->decision = GROUP_VERDICT_REFUSE;
        verdict->error = error;
        verdict->why = why;
    }
    (void)groups_post(groups, &tell->head.member, verdict);
}

static void groups_take_leave(struct groups *groups, const struct group_letter *letter)
{
    struct group *group = groups_find(groups, &letter->key);
    struct group_member *member = group == NULL ? NULL : group_find_member(group, &letter->member);
    if (member != NULL)
        group_remove_member(groups, group, member);
}

/* Takes the tell into its group; false: it cannot be there, which has been told. */
static bool groups_put(struct groups *groups, struct group *group, struct group_tell *tell)
{
    const char *why = NULL;
    struct group_member *member = group_find_member(group, &tell->head.member);
    enum pcep_error_code error = group_admit(group, tell, &why);
    if (error == PCEP_ERROR_NONE && member == NULL && group->count == GROUP_MEMBERS_MAX) {
        error = PCEP_ERROR_ASSOCIATION_TOO_MANY_LSPS;
        why = "as many LSPs as a group may have";
    }
    if (error != PCEP_ERROR_NONE) {
        groups_refuse(groups, tell, error, why);
        if (member != NULL)
            group_remove_member(groups, group, member);
        return false;
    }
    if (member == NULL) {
        member = &group->members[group->count++];
        *member = (struct group_member){0};
        groups->counters.groups_members++;
    }
    free(member->tell);
    member->tell = tell;
    group->want = group->members[0].tell->want;
    groups_mark(groups, group);
    return true;
}

static void groups_take_tell(struct groups *groups, struct group_tell *tell, struct mono now)
{
    struct group *group = groups_find(groups, &tell->head.key);
    if (group == NULL)
        group = groups_make(groups, tell, now);
    if (group == NULL) {
        groups_refuse(groups, tell, PCEP_ERROR_NONE, "no place for another group");
        free(tell);
        return;
    }
    if (!groups_put(groups, group, tell))
        free(tell);
}

void groups_take(struct groups *groups, struct group_letter *letter, struct mono now)
{
    if (letter->kind == GROUP_LETTER_TELL) {
        groups_take_tell(groups, CONTAINER_OF(letter, struct group_tell, head), now);
        return;
    }
    groups_take_leave(groups, letter);
    free(letter);
}

/* ---- what is said ---- */

static void group_set_state(struct groups *groups, struct group *group, uint8_t state,
                            struct mono now)
{
    enum group_state from = (enum group_state)group->state;
    if (state == from)
        return;
    groups_gauge(groups, group, false);
    group->state = state;
    group->since = now;
    groups_gauge(groups, group, true);
    groups->counters.groups_failed += state == GROUP_IS_BLOCKED || state == GROUP_IS_RELAXED;
    groups->counters.groups_cured += state == GROUP_IS_MET;
    if (groups->ops->on_state != NULL)
        groups->ops->on_state(groups->owner, group, from);
}

/* What DISJOINTNESS-STATUS says to this member's PCC (RFC 8800 5.2). */
static uint8_t group_status_of(const struct group_plan *plan, uint32_t index)
{
    return plan->achieved | (plan->of[index].is_shortest ? GROUP_SHORTEST : 0);
}

static struct group_verdict *group_verdict_of(const struct groups_scene *scene,
                                              const struct group *group,
                                              const struct group_plan *plan, uint32_t index)
{
    const struct group_tell *tell = group->members[index].tell;
    struct group_verdict *verdict = group_verdict_create(plan->of[index].path);
    if (verdict == NULL)
        return NULL;
    verdict->head.key = group->key;
    verdict->head.member = tell->head.member;
    verdict->head.sequence = tell->head.sequence;
    verdict->decision = plan->of[index].decision;
    verdict->achieved = group_status_of(plan, index);
    verdict->has_status = group->want.kind == GROUP_DISJOINT && group->count > 1;
    verdict->why = plan->why;
    verdict->serial = scene->snapshot->serial;
    /* RFC 8800 5.6: a PCErr when it could never be; a path is taken away when it cannot be any more. */
    verdict->is_strict =
        group->want.kind == GROUP_DISJOINT && (group->want.flags & GROUP_STRICT) != 0;
    if (plan->state == GROUP_IS_BLOCKED && verdict->is_strict && !group->was_met)
        verdict->error = PCEP_ERROR_ASSOCIATION_NOT_JOINED;
    return verdict;
}

/* A member that is not moved hears what its last tell does not know yet. */
static bool group_is_news(const struct group *group, const struct group_plan *plan, uint32_t index)
{
    const struct group_tell *tell = group->members[index].tell;
    const uint8_t decision = plan->of[index].decision;
    if (decision == GROUP_VERDICT_MOVE || tell->is_refused)
        return true;
    if (decision == GROUP_VERDICT_BLOCK)
        return !tell->is_blocked;
    bool has_news = group->want.kind == GROUP_DISJOINT && group->count > 1 &&
                    (!tell->has_status || tell->status != group_status_of(plan, index));
    return tell->is_blocked || (has_news && !tell->is_ordered && tell->is_movable);
}

/* What a verdict says. */
static uint64_t group_verdict_hash(const struct group_verdict *verdict)
{
    const uint64_t words[] = {verdict->head.sequence, verdict->decision, verdict->achieved,
                              verdict->error, verdict->serial};
    return map_hash_with(words, sizeof words,
                         map_hash(verdict->links, verdict->link_count * sizeof *verdict->links));
}

/* False: there was no room, or no memory. */
static bool group_tell_member(struct groups *groups, const struct groups_scene *scene,
                              struct group *group, const struct group_plan *plan, uint32_t index)
{
    struct group_member *member = &group->members[index];
    struct group_verdict *verdict = group_verdict_of(scene, group, plan, index);
    uint64_t hash = verdict == NULL ? 0 : group_verdict_hash(verdict);
    if (verdict != NULL && hash == member->told) {
        free(verdict);
        return true;
    }
    if (!groups_post(groups, &member->tell->head.member, verdict))
        return false;
    groups->counters.groups_moves += plan->of[index].decision == GROUP_VERDICT_MOVE;
    member->told = hash;
    return true;
}

/* False: not all could be told. */
static bool group_tell_all(struct groups *groups, const struct groups_scene *scene,
                           struct group *group, const struct group_plan *plan)
{
    bool is_whole = true;
    for (uint32_t i = 0; i < group->count; i++) {
        struct group_member *member = &group->members[i];
        member->decision = plan->of[i].decision;
        member->status = group_status_of(plan, i);
        if (group_is_news(group, plan, i))
            is_whole = group_tell_member(groups, scene, group, plan, i) && is_whole;
    }
    return is_whole;
}

/* ---- turns ---- */

static void groups_look(struct groups *groups, struct groups_scene *scene, struct group *group)
{
    struct group_plan plan;
    enum group_outcome outcome = group_decide(groups, scene, group, &plan);
    groups->counters.groups_no_memory += outcome == GROUP_FAILED;
    if (outcome != GROUP_DECIDED) {
        groups_mark(groups, group); /* for a later turn */
        return;
    }
    group->is_better_wanted = false;
    group->achieved = plan.achieved;
    group->why = plan.why;
    group->was_met = group->was_met || (plan.state == GROUP_IS_MET && group->count > 1);
    group_set_state(groups, group, plan.state, scene->now);
    if (!group_tell_all(groups, scene, group, &plan))
        groups_mark(groups, group);
}

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

bool groups_turn(struct groups *groups, struct groups_scene *scene)
{
    if (scene->snapshot == NULL || scene->snapshot->link_numbers == NULL)
        return false;
    groups_mark_some(groups, scene);
    /* Those that come back are for the next turn. */
    uint64_t left = groups->counters.groups_waiting, unposted = groups->counters.groups_unposted;
    for (; left > 0 && scene->work_left > 0 && unposted == groups->counters.groups_unposted;
         left--) {
        struct list_link *link = list_pop_front(&groups->waiting);
        groups->counters.groups_waiting--;
        scene->work_left -=
            scene->work_left < REOPT_WORK_OF_ONE ? scene->work_left : REOPT_WORK_OF_ONE;
        groups_look(groups, scene, CONTAINER_OF(link, struct group, waiting));
        arena_reset(scene->arena);
    }
    /* Those that have come back are not looked at again at once: they wait for a word, or for room. */
    return groups->is_marking || (left > 0 && unposted == groups->counters.groups_unposted);
}
