/* Patch: a snapshot made of another one, some of whose links are different, gone or back. Nodes and
 * the places of links are the same in both, and what did not change is the same memory.
 *
 * The result is what a builder would make of the links that are there, but for their places. What
 * cannot be had so is refused (PCE_UNSUPPORTED), and the network is to be made as a whole: lists that
 * are longer than they were, addresses that no link had before, unreserved bandwidths that make a
 * column of their own necessary.
 *
 * Thread: of who owns the result; `before` may be read by any. Owns: nothing afterwards.
 * Bound: the places of links. O(edges), of which little is touched. */
#ifndef PCED_CORE_TED_PATCH_H
#define PCED_CORE_TED_PATCH_H

#include "core/ted/builder.h"
#include "core/ted/part.h"

struct ted_patch_item {
    uint32_t link; /* its place; each comes once */
    /* From and to are those of the place, the addresses those that it had. NULL: it is gone. */
    const struct ted_link_spec *spec;
};

/* What is different. */
struct ted_delta {
    struct ted_part part;
    uint64_t serial; /* of the snapshot before */
    uint32_t count;
    uint32_t links[]; /* places; what changed of the link or of what leads beside or against it */
};

/* Whether the link stands between the same nodes, with the same addresses and interface ids. */
bool ted_link_has_ends(const struct ted_link *link, const struct ted_link_spec *spec);
/* Whether the item says anything else than what is there. */
bool ted_patch_changes(const struct ted_snapshot *before, const struct ted_patch_item *item);

/* Whether a label that is new on a link may be another link's of the same node. */
bool ted_label_may_clash(const struct ted_snapshot *before, uint32_t link, uint32_t label);

PCE_MUST_CHECK enum pce_status ted_snapshot_patch(const struct ted_snapshot *before,
                                                  const struct ted_patch_item *items,
                                                  uint32_t count, struct ted_snapshot **snapshot);

#endif
