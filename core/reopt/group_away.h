/* Group away: a group that is decided about by another thread, since it takes longer than a turn: the
 * group as it was, what comes of it, and whether it is still so.
 *
 * Internal to core/reopt: groups.c.
 *
 * Thread: the owner's; between errands_send_task and its return that of the compute thread.
 * Owns: itself, copies of what the members have told, and the paths that are found.
 * Bound: GROUP_MEMBERS_MAX members; GROUP_AWAY_OCTETS_MAX octets of scratch. */
#ifndef PCED_CORE_REOPT_GROUP_AWAY_H
#define PCED_CORE_REOPT_GROUP_AWAY_H

#include "core/reopt/group_decide.h"
#include "core/requests/computation.h"

#define GROUP_AWAY_OCTETS_MAX ((size_t)64 << 20)

struct group_away {
    struct computation_task task;
    struct group group; /* the copy */
    struct groups_scene scene;
    bool is_late;
    struct group_bench bench;
    struct arena arena;
    /* What comes of it. */
    enum group_outcome outcome;
    struct group_plan plan;
    struct late_path found[GROUP_MEMBERS_MAX]; /* the same, for another network */
};

/* NULL: no memory. */
struct group_away *group_away_create(const struct group *group, const struct groups_scene *scene,
                                     bool is_late);
static inline struct group_away *group_away_of(struct computation_task *task)
{
    return CONTAINER_OF(task, struct group_away, task);
}
/* Whether the group is what it was, whatever its members have said again. */
bool group_away_is_of(const struct group_away *away, const struct group *group);
/* Whether its members ask for what they did, wherever they are by now. */
bool group_away_asks(const struct group_away *away, const struct group *group);

#endif
