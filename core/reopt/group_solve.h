/* Group solve: paths for some members of a group that are apart from each other and from where the
 * others are.
 *
 * Two movers and more are computed together (core/path/path_set.h), around the paths of those that
 * stay. Members with the P flag are computed as if nobody else were there (RFC 8800 5.5); where a path as
 * good leaves room for the others, it is that one. What takes too long together is tried one after
 * the other, in each order of at most GROUP_ORDERS_MAX.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard. Owns: nothing. Bound: those of group_look.h. */
#ifndef PCED_CORE_REOPT_GROUP_SOLVE_H
#define PCED_CORE_REOPT_GROUP_SOLVE_H

#include "core/reopt/group_look.h"

#define GROUP_ORDERS_MAX 6

/* movers: bits of seats that get a path, all of which may move. Sets their `next`; false: not all of
 * them have one, and some may. strict: GROUP_… in which the paths are apart; 0: as far as can be. */
bool group_solve(struct group_look *look, uint32_t movers, uint8_t strict);
/* The same one after the other, each touching what is placed as little as can be by the group's
 * objective. */
bool group_solve_in_turn(struct group_look *look, uint32_t movers, uint8_t strict);

#endif
