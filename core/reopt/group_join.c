/* What members tell: they join, change, and leave. */
#include "core/reopt/group_admit.h"
#include "core/reopt/group_say.h"
#include "core/reopt/group_table.h"

#include <stdlib.h>

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
