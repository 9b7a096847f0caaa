/* Group share: what two paths have in common.
 *
 *   links   a link in either direction is the same link
 *   nodes   on both paths, but for those where both begin or end: such ends cannot be apart
 *   SRLGs   of any link of both
 *
 * Thread: the owner's. Owns: its marks. Bound: 4 octets for each link and node of the largest
 * snapshot; GROUP_SRLGS_MAX groups of risk of one path: past them all count as shared. */
#ifndef PCED_CORE_REOPT_GROUP_SHARE_H
#define PCED_CORE_REOPT_GROUP_SHARE_H

#include "core/ted/ted.h"

#define GROUP_SRLGS_MAX 65536

/* A path, links in any order. */
struct group_way {
    uint32_t source, destination; /* nodes */
    const uint32_t *links;
    uint32_t count;
};

struct group_shared {
    uint32_t links, nodes, srlgs;
};

struct group_sharer {
    uint32_t *links; /* by link: the stamp of the path that took it last */
    uint32_t *nodes;
    uint32_t link_count, node_count;
    uint32_t stamp;
    uint32_t *srlgs; /* of the first path, ascending */
};

/* Room for a snapshot; false: no memory. */
bool group_sharer_reserve(struct group_sharer *sharer, const struct ted_snapshot *snapshot);
void group_sharer_fini(struct group_sharer *sharer);

/* There is room for the snapshot. */
struct group_shared group_share(struct group_sharer *sharer, const struct ted_snapshot *snapshot,
                                const struct group_way *a, const struct group_way *b);
/* GROUP_LINK | GROUP_NODE | GROUP_SRLG: what of them is not shared. */
uint8_t group_apart(const struct group_shared *shared);

#endif
