/* Share: what members of a set share, by the links that their paths use.
 *
 * Thread: the set's. Owns: nothing. Bound: the links of all members for each question; SRLGs of two
 * members are compared link by link. */
#ifndef PCED_CORE_PATH_SET_SHARE_H
#define PCED_CORE_PATH_SET_SHARE_H

#include "core/path/set_impl.h"

/* Room for marks of the snapshot. false: memory ran out. */
bool set_share_reserve(struct path_set *set);

/* Whether a conflict was decided in favour of sharing. */
typedef bool set_may_share_fn(const void *owner, const struct set_conflict *conflict);

/* The first thing that two of these members must not share by the set's stage, but do. paths[] of those
 * that are not in use are not looked at. may_share NULL: nothing may be. */
struct set_conflict set_share_find(struct path_set *set, const struct set_path *paths,
                                   const bool *in_use, set_may_share_fn *may_share,
                                   const void *owner);

/* Links that two members share, counted for each two of them between which something is asked. */
uint64_t set_share_links(struct path_set *set, const struct set_path *paths, const bool *in_use);

/* Whether a path uses a directed link. */
bool set_share_takes(const struct path_set *set, const struct set_path *path, uint32_t link);
/* Whether a directed link has the bandwidth for these members together. */
bool set_share_fits(const struct path_set *set, const bool *takes, uint32_t link);
/* Whether a directed link has the bandwidth for all members in use whose paths have it, and for one
 * more; TED_NONE: for no more. */
bool set_share_has_room(struct path_set *set, const struct set_path *paths, const bool *in_use,
                        uint32_t link, uint32_t more);

/* What is shared in the end, and so which diversity holds. */
void set_share_report(struct path_set *set, const struct set_path *paths, const bool *in_use,
                      struct path_set_result *result);

#endif
