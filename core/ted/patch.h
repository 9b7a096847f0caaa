/* Patch: a snapshot made of another one, some of whose nodes are different, and some of whose links are
 * different, gone, back or new. The places of nodes and links are the same in both, those of new links
 * are behind them, and what did not change is the same memory.
 *
 * The result is what a builder would make of the nodes and links that are there, but for their places.
 * What cannot be had so is refused (PCE_UNSUPPORTED), and the network is to be made as a whole: other
 * router ids, what somebody else has, too, unreserved bandwidths that make a column of their own
 * necessary, and changes without end, which each leave a little behind that nobody finds any more.
 *
 * Thread: of who owns the result; `before` may be read by any. Owns: nothing afterwards.
 * Bound: the places of links. O(edges), of which little is touched. */
#ifndef PCED_CORE_TED_PATCH_H
#define PCED_CORE_TED_PATCH_H

#include "core/ted/builder.h"
#include "core/ted/part.h"

struct ted_patch_item {
    uint32_t link; /* its place; each comes once; new ones in their order, without a gap */
    /* From and to are those of the place, the addresses those that it had. NULL: it is gone. */
    const struct ted_link_spec *spec;
};

struct ted_patch_node {
    uint32_t node; /* each comes once; its router ids stay */
    const struct ted_node_spec *spec;
};

struct ted_patch {
    const struct ted_patch_node *nodes;
    uint32_t node_count;
    const struct ted_patch_item *links;
    uint32_t link_count;
};

/* What is different. */
struct ted_delta {
    struct ted_part part;
    uint64_t serial; /* of the snapshot before */
    uint32_t count;
    bool is_relabelled; /* a node has other SIDs, or other labels for them */
    uint32_t links[];   /* places; what changed of the link or of what leads beside or against it */
};

/* Whether the link stands between the same nodes, with the same addresses and interface ids. */
bool ted_link_has_ends(const struct ted_link *link, const struct ted_link_spec *spec);
/* Whether the item says anything else than what is there. */
bool ted_patch_changes(const struct ted_snapshot *before, const struct ted_patch_item *item);

bool ted_patch_changes_node(const struct ted_snapshot *before, const struct ted_patch_node *item);

/* Whether a label that is new on a link may be another link's of the same node. */
bool ted_label_may_clash(const struct ted_snapshot *before, const struct ted_patch_item *item,
                         uint32_t label);

/* NULL: the link is new. */
static inline const struct ted_link *ted_link_before(const struct ted_snapshot *before,
                                                     uint32_t link)
{
    return link < before->link_count ? &before->links[link] : NULL;
}

PCE_MUST_CHECK enum pce_status ted_snapshot_patch_all(const struct ted_snapshot *before,
                                                      const struct ted_patch *patch,
                                                      struct ted_snapshot **snapshot);
/* Links alone. */
PCE_MUST_CHECK enum pce_status ted_snapshot_patch(const struct ted_snapshot *before,
                                                  const struct ted_patch_item *items,
                                                  uint32_t count, struct ted_snapshot **snapshot);

#endif
