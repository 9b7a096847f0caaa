#include "core/reopt/group_side.h"

#include "core/reopt/group_told.h"
#include "core/reopt/job_group.h"

#include <stdlib.h>
#include <string.h>

/* ---- leaving ---- */

static bool side_post(struct group_side *side, struct group_letter *letter)
{
    if (letter == NULL) {
        side->reopt->counters.reopt_no_memory++;
        return false;
    }
    if (side->ops->post(side->owner, group_owner(&letter->key, side->shard_count), letter))
        return true;
    side->unposted++;
    free(letter);
    return false;
}

static bool side_leave(struct group_side *side, struct group_told *told, uint32_t index)
{
    struct group_letter *letter = calloc(1, sizeof *letter);
    if (letter != NULL) {
        letter->kind = GROUP_LETTER_LEAVE;
        letter->key = told->groups[index].key;
        letter->member = (struct group_member_id){side->shard, told->lsp};
    }
    if (!side_post(side, letter))
        return false;
    told->groups[index] = told->groups[--told->count];
    return true;
}

static bool side_leave_all(struct group_side *side, struct group_told *told)
{
    while (told->count > 0)
        if (!side_leave(side, told, told->count - 1))
            return false;
    told_drop(side, told);
    return true;
}

/* ---- the groups of an LSP ---- */

/* What the LSP says of its groups now. */
struct side_groups {
    uint32_t count;
    struct group_key keys[GROUPS_OF_LSP_MAX];
    struct group_want wants[GROUPS_OF_LSP_MAX];
    bool has_extra;
    struct group_key extra; /* a bidirectional group beside another one */
};

/* RFC 9059 5.7: an LSP is in one bidirectional group at most; of several the lowest name counts. */
static void side_add_group(struct side_groups *groups, const struct group_key *key,
                           const struct group_want *want)
{
    uint32_t at = groups->count;
    for (uint32_t i = 0; i < groups->count; i++)
        if (want->kind == GROUP_BIDIRECTIONAL && groups->wants[i].kind == GROUP_BIDIRECTIONAL)
            at = i;
    bool is_extra = at < groups->count, is_lower = memcmp(key, &groups->keys[at], sizeof *key) < 0;
    if (is_extra) {
        groups->has_extra = true;
        groups->extra = is_lower ? groups->keys[at] : *key;
    }
    if (is_extra && !is_lower)
        return;
    groups->keys[at] = *key;
    groups->wants[at] = *want;
    groups->count += !is_extra;
}

static void side_read_groups(struct group_side *side, const struct lsp *lsp,
                             struct side_groups *groups)
{
    struct group_key key;
    struct group_want want;
    *groups = (struct side_groups){0};
    for (const struct lsp_membership *m = lsp->memberships; m != NULL; m = m->next) {
        if (groups->count == GROUPS_OF_LSP_MAX) {
            side->reopt->counters.reopt_unsupported++;
            return;
        }
        if (group_read(m, side->reopt->arena, &key, &want))
            side_add_group(groups, &key, &want);
    }
}

/* Its PCC hears once that it is in one group too many. */
static void side_tell_extra(struct group_side *side, const struct lsp *lsp, struct group_told *told,
                            const struct side_groups *groups)
{
    const struct group_verdict verdict = {.head.key = groups->extra,
                                          .decision = GROUP_VERDICT_REFUSE,
                                          .error = PCEP_ERROR_BIDIRECTIONAL_GROUP_MISMATCH,
                                          .why = "it is in another bidirectional group"};
    bool is_news = groups->has_extra && !told->is_extra_told;
    told->is_extra_told = groups->has_extra;
    side->refused += is_news;
    if (is_news && side->ops->on_refused != NULL)
        side->ops->on_refused(side->owner, lsp, &verdict);
}

static bool side_has_group(const struct side_groups *groups, const struct group_key *key)
{
    for (uint32_t i = 0; i < groups->count; i++)
        if (group_keys_are_equal(&groups->keys[i], key))
            return true;
    return false;
}

/* Groups that the LSP is not in any more are told, and new ones are noted. False: no room now. */
static bool side_sort_groups(struct group_side *side, struct group_told *told,
                             const struct side_groups *groups)
{
    for (uint32_t i = told->count; i-- > 0;)
        if (!side_has_group(groups, &told->groups[i].key) && !side_leave(side, told, i))
            return false;
    for (uint32_t i = 0; i < groups->count; i++) {
        struct told_group *known = told_find_group(told, &groups->keys[i]);
        if (known == NULL) {
            known = &told->groups[told->count++];
            *known = (struct told_group){.key = groups->keys[i]};
        }
        known->want = groups->wants[i];
    }
    return true;
}

/* ---- telling ---- */

static bool side_tell_group(struct group_side *side, const struct group_told *told,
                            const struct told_group *group, const struct group_tell *tell)
{
    struct group_tell *copy = group_tell_copy(tell);
    if (copy != NULL) {
        copy->head.key = group->key;
        copy->head.member = (struct group_member_id){side->shard, told->lsp};
        copy->head.sequence = told->sequence;
        copy->want = group->want;
        /* Both directions of a pair take one path: of several lists it is not said which ones belong together. */
        copy->is_computable =
            tell->is_computable && (tell->list == 0 || group->want.kind != GROUP_BIDIRECTIONAL);
        copy->is_movable = tell->is_movable && (group->is_refused || group == told_mover(told));
        copy->is_refused = group->is_refused;
        copy->has_status = group->has_status;
        copy->status = group->status;
    }
    return side_post(side, copy == NULL ? NULL : &copy->head);
}

static bool side_tell_all(struct group_side *side, struct reopt_scene *scene, struct lsp *lsp,
                          struct group_told *told)
{
    const struct job_ordered ordered = {told->ordered, told->ordered_count};
    struct group_tell *tell = job_group_tell(side->reopt, scene, lsp, &ordered);
    bool is_told = tell != NULL;
    if (is_told && !tell->is_ordered)
        told_forget_order(told);
    told->sequence = ++side->sequence;
    for (uint32_t i = 0; i < told->count && is_told; i++)
        is_told = side_tell_group(side, told, &told->groups[i], tell);
    free(tell);
    return is_told;
}

/* False: something could not be told, and the slot is to be taken again. */
static bool side_speak(struct group_side *side, struct reopt_scene *scene, uint32_t slot)
{
    struct side_groups groups;
    struct lsp *lsp = lsp_slots_at(&side->reopt->db->slots, slot);
    struct group_told *told = told_find(side, slot);
    if (told != NULL && (lsp == NULL || lsp->generation != told->lsp.generation)) {
        if (!side_leave_all(side, told))
            return false;
        told = NULL;
    }
    if (lsp == NULL || (lsp->memberships == NULL && told == NULL))
        return true;
    side_read_groups(side, lsp, &groups);
    if (told == NULL && groups.count > 0) {
        told = told_make(side, lsp);
        side->reopt->counters.reopt_no_memory += told == NULL;
    }
    if (told == NULL)
        return groups.count == 0;
    side_tell_extra(side, lsp, told, &groups);
    if (!side_sort_groups(side, told, &groups))
        return false;
    if (told->count > 0)
        return side_tell_all(side, scene, lsp, told);
    told_drop(side, told);
    return true;
}

bool group_side_turn(struct group_side *side, struct reopt_scene *scene)
{
    struct reopt *reopt = side->reopt;
    uint32_t slot, left = reopt->grouped.count;
    if (scene->snapshot == NULL || scene->snapshot->link_numbers == NULL)
        return false;
    for (; left > 0 && scene->work_left > 0 && slot_set_take(&reopt->grouped, &slot); left--) {
        bool is_told = side_speak(side, scene, slot);
        arena_reset(reopt->arena);
        if (is_told)
            continue;
        reopt->counters.reopt_no_memory += !slot_set_add(&reopt->grouped, slot);
        return false; /* who has no room now is not asked again at once */
    }
    return reopt->grouped.count > 0;
}
