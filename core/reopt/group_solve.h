/* Group solve: paths for some members of a group that are apart from each other and from where the
 * others are.
 *
 * Members with the P flag come first and are computed as if nobody else were there (RFC 8800 5.5);
 * where a path as good leaves room for the others, it is that one. Others are computed together as
 * far as the path engine can, else one after the other, in each order of at most
 * GROUP_ORDERS_MAX.
 *
 * Where strictness allows less than all that is asked, this is tried: all but the SRLGs, all but
 * the nodes, the links alone, nothing; what is not asked of all is touched as little as can be. With an
 * objective (RFC 8800 5.3) what that counts comes first.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard. Owns: nothing. Bound: those of group_look.h. */
#ifndef PCED_CORE_REOPT_GROUP_SOLVE_H
#define PCED_CORE_REOPT_GROUP_SOLVE_H

#include "core/reopt/group_look.h"

#define GROUP_ORDERS_MAX 6

/* movers: bits of seats that get a path, all of which may move. Sets their `next`; false: not all of them have one
 * that keeps strictly apart, as far as `strict` (GROUP_…) says. */
bool group_solve(struct group_look *look, uint32_t movers, uint8_t strict);

#endif
