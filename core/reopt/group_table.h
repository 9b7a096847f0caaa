/* Group table: the groups that a shard owns, by name and by slot, and those of them that wait.
 *
 * Internal to core/reopt: groups.c, group_table.c, group_join.c.
 *
 * Thread: the owning shard. Owns: groups, through struct groups. Bound: that of groups.h. */
#ifndef PCED_CORE_REOPT_GROUP_TABLE_H
#define PCED_CORE_REOPT_GROUP_TABLE_H

#include "core/reopt/groups.h"

struct group *groups_find(struct groups *groups, const struct group_key *key);
/* NULL: the limit, or no memory, which are counted. */
struct group *groups_make(struct groups *groups, const struct group_tell *tell, struct mono now);

/* It is to be looked at; one that is computed elsewhere is when it comes back. */
void groups_mark(struct groups *groups, struct group *group);
/* It takes longer than a turn, and is to be computed elsewhere. It waits for nothing else. */
void groups_mark_heavy(struct groups *groups, struct group *group);
/* The next one, which waits no more; NULL: there is none. */
struct group *groups_pop(struct groups *groups);
struct group *groups_pop_heavy(struct groups *groups);

void group_set_state(struct groups *groups, struct group *group, uint8_t state, struct mono now);
struct group_member *group_find_member(struct group *group, const struct group_member_id *id);
/* A group without members goes. */
void group_remove_member(struct groups *groups, struct group *group, struct group_member *member);

#endif
