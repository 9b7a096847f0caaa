#include "core/reopt/group_table.h"

#include "core/base/check.h"

#include <stdlib.h>

/* ---- the table ---- */

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

struct group *groups_make(struct groups *groups, const struct group_tell *tell, struct mono now)
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
    group->id = ++groups->last_id;
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

/* It waits for nothing any more. */
static void groups_unlink(struct groups *groups, struct group *group)
{
    bool is_linked = list_is_linked(&group->waiting);
    groups->counters.groups_heavy -= is_linked && group->is_heavy;
    groups->counters.groups_waiting -= is_linked && !group->is_heavy;
    groups->counters.groups_computing -= group->is_away;
    if (group->is_away)
        errands_forget(groups->errands, group->id);
    list_remove(&group->waiting);
}

/* The last one takes the slot: a walk may miss it, and sees nothing twice. */
static void groups_drop(struct groups *groups, struct group *group)
{
    groups_gauge(groups, group, false);
    struct group *last = groups->slots[--groups->slot_end];
    groups->slots[group->slot] = last;
    last->slot = group->slot;
    groups_unlink(groups, group);
    CHECK(map_remove(&groups->map, group_hash(&group->key), &group->key) == &group->node);
    groups->counters.groups--;
    free(group);
}

struct group *groups_find(struct groups *groups, const struct group_key *key)
{
    struct map_node *node = map_find(&groups->map, group_hash(key), key);
    return node == NULL ? NULL : CONTAINER_OF(node, struct group, node);
}

void groups_mark(struct groups *groups, struct group *group)
{
    if (group->is_away || list_is_linked(&group->waiting))
        return;
    list_push_back(&groups->waiting, &group->waiting);
    groups->counters.groups_waiting++;
}

void groups_mark_heavy(struct groups *groups, struct group *group)
{
    group->is_heavy = true;
    list_push_back(&groups->heavy, &group->waiting);
    groups->counters.groups_heavy++;
}

struct group *groups_pop(struct groups *groups)
{
    struct list_link *link = list_pop_front(&groups->waiting);
    groups->counters.groups_waiting -= link != NULL;
    return link == NULL ? NULL : CONTAINER_OF(link, struct group, waiting);
}

struct group *groups_pop_heavy(struct groups *groups)
{
    struct list_link *link = list_pop_front(&groups->heavy);
    if (link == NULL)
        return NULL;
    struct group *group = CONTAINER_OF(link, struct group, waiting);
    group->is_heavy = false;
    groups->counters.groups_heavy--;
    return group;
}

const struct group *groups_next(const struct groups *groups, uint32_t *slot, uint32_t *looks)
{
    if (*looks == 0 || *slot >= groups->slot_end)
        return NULL;
    (*looks)--;
    return groups->slots[(*slot)++];
}

/* ---- one group ---- */

void group_set_state(struct groups *groups, struct group *group, uint8_t state, struct mono now)
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

struct group_member *group_find_member(struct group *group, const struct group_member_id *id)
{
    for (uint32_t i = 0; i < group->count; i++) {
        const struct group_member_id *at = &group->members[i].tell->head.member;
        if (at->shard == id->shard && at->lsp.slot == id->lsp.slot &&
            at->lsp.generation == id->lsp.generation)
            return &group->members[i];
    }
    return NULL;
}

void group_remove_member(struct groups *groups, struct group *group, struct group_member *member)
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
