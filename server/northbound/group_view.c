#include "server/northbound/group_view.h"

#include "core/base/check.h"
#include "server/shard/groups.h"

static void group_view_member(const struct group_member *member, struct group_member_view *view)
{
    const struct group_tell *tell = member->tell;
    *view = (struct group_member_view){
        .id = tell->head.member,
        .pcc = tell->pcc,
        .flags = tell->want.flags,
        .status = member->status,
        .is_protection = tell->want.is_protection,
        .is_reverse = tell->want.is_reverse,
        .is_movable = tell->is_movable,
        .is_ordered = tell->is_ordered,
        .has_path = tell->keeps,
        .is_blocked = member->decision == GROUP_VERDICT_BLOCK,
        .name_size = tell->name_size,
    };
    memcpy(view->name, tell->name, tell->name_size);
}

static void group_view_copy(const struct group *group, struct mono now, struct group_view *view)
{
    view->key = group->key;
    view->want = group->want;
    view->state = group->state;
    view->achieved = group->achieved;
    view->why = group->why;
    view->since_ns = mono_since_ns(now, group->since);
    view->count = group->count;
    for (uint32_t i = 0; i < group->count; i++)
        group_view_member(&group->members[i], &view->members[i]);
}

static bool group_view_is_wanted(const struct group_list *list, const struct group *group)
{
    if (list->state != UINT8_MAX && list->state != group->state)
        return false;
    for (uint32_t i = 0; i < group->count; i++)
        if (address_range_has(&list->pcc, &group->members[i].tell->pcc))
            return true;
    return false;
}

void view_group_list(struct shard *shard, void *argument)
{
    struct group_list *list = argument;
    struct group_view *views = list->page.views;
    struct view_batch *batch = view_page_begin(&list->page);
    uint32_t looks = VIEW_BATCH;
    uint32_t slot = (uint32_t)list->page.place;
    while (batch->count < batch->room) {
        const struct group *group = groups_next(shard_groups(shard), &slot, &looks);
        list->page.place = slot;
        batch->is_over = group == NULL && looks > 0;
        if (group == NULL)
            return;
        if (group_view_is_wanted(list, group))
            group_view_copy(group, shard->now, &views[batch->count++]);
    }
}
