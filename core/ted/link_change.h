/* Link change: what is different about a link, or a node's SIDs, in two snapshots.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_TED_LINK_CHANGE_H
#define PCED_CORE_TED_LINK_CHANGE_H

#include "core/ted/ted.h"

enum {
    TED_LINK_WORSE = 1 << 0,
    TED_LINK_BETTER = 1 << 1,
    TED_LINK_RELABELLED = 1 << 2,
};

/* The bits that hold of the newer link. */
unsigned ted_link_change(const struct ted_snapshot *before, uint32_t old_link,
                         const struct ted_snapshot *snapshot, uint32_t link);

/* Whether a node has other SIDs, or other labels for them. */
bool ted_node_is_relabelled(const struct ted_snapshot *before, const struct ted_node *a,
                            const struct ted_snapshot *snapshot, const struct ted_node *b);
/* Whether a node that is in both has other SIDs, or other labels for them. */
bool ted_labels_differ(const struct ted_snapshot *before, const struct ted_snapshot *snapshot);

#endif
