/* Group mirror: co-routed LSPs (RFC 9059 3.3): those of one direction take the same links, those of
 * the other direction the same links in reverse.
 *
 *   they do                       they stay
 *   one has a path that the       the others follow it; one that cannot be moved comes first, then
 *     others can take               a forward LSP
 *   none has                      a path is computed for a forward LSP over links whose reverse the
 *                                   others may take, and all follow it
 *
 * Who follows takes exactly these links: with segment routing one adjacency segment a link, since a
 * node segment may lead elsewhere.
 *
 * Internal to core/reopt: group_decide.c.
 *
 * Thread: the owning shard. Owns: nothing. Bound: those of group_look.h. */
#ifndef PCED_CORE_REOPT_GROUP_MIRROR_H
#define PCED_CORE_REOPT_GROUP_MIRROR_H

#include "core/reopt/group_decide.h"
#include "core/reopt/group_look.h"

void group_mirror(struct group_look *look, struct group_plan *plan);
/* The same of paths that were found on another network, which are the members' `next`; with none of them
 * there was none. False: they are not the same links. */
bool group_mirror_late(struct group_look *look, struct group_plan *plan);

#endif
