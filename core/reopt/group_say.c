#include "core/reopt/group_say.h"

#include "core/base/map.h"

#include <stdlib.h>

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
void groups_refuse(struct groups *groups, const struct group_tell *tell, enum pcep_error_code error,
                   const char *why)
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
    const struct group_step *step = &plan->of[index];
    struct group_verdict *verdict =
        group_verdict_create(step->decision == GROUP_VERDICT_MOVE ? step->path : NULL);
    if (verdict == NULL)
        return NULL;
    verdict->head.key = group->key;
    verdict->head.member = tell->head.member;
    verdict->head.sequence = tell->head.sequence;
    verdict->decision = plan->of[index].decision;
    verdict->list = tell->list;
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

bool group_tell_all(struct groups *groups, const struct groups_scene *scene, struct group *group,
                    const struct group_plan *plan)
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
