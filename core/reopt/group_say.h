/* Group say: what the owner of a group says to the shards of its members.
 *
 * Internal to core/reopt: groups.c, group_join.c.
 *
 * Thread: the owning shard. Owns: a verdict until it is posted. Bound: one for each member. */
#ifndef PCED_CORE_REOPT_GROUP_SAY_H
#define PCED_CORE_REOPT_GROUP_SAY_H

#include "core/reopt/group_decide.h"

/* The LSP cannot be in the group. why: static text. */
void groups_refuse(struct groups *groups, const struct group_tell *tell, enum pcep_error_code error,
                   const char *why);
/* Whoever is to hear of the plan; what was said already is not said again. False: not all could be told. */
bool group_tell_all(struct groups *groups, const struct groups_scene *scene, struct group *group,
                    const struct group_plan *plan);

#endif
