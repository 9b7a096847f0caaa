/* Patch's inside.
 *
 * Internal to core/ted. Thread, Owns, Bound: as patch.h says. */
#ifndef PCED_CORE_TED_PATCH_IMPL_H
#define PCED_CORE_TED_PATCH_IMPL_H

#include "core/ted/patch.h"

struct patching {
    const struct ted_snapshot *before;
    struct ted_snapshot *after;
    const struct ted_patch_item *items;
    uint32_t count;
    struct ted_delta *delta; /* room for delta_max links */
    uint32_t delta_max;
    bool is_structural; /* a link is gone or back */
};

/* Makes a part of the new snapshot one of its own, if it is not yet. PCE_NO_MEMORY. */
PCE_MUST_CHECK enum pce_status patch_own(struct patching *patching, enum ted_part_kind kind);

/* Takes a link into the delta. */
void patch_note(struct patching *patching, uint32_t link);
/* Links and their lists, owners of addresses (patch_links.c). */
PCE_MUST_CHECK enum pce_status patch_links(struct patching *patching);
PCE_MUST_CHECK enum pce_status patch_owners(struct patching *patching);
/* Pairs and hops; the delta is complete (patch_pairs.c). */
PCE_MUST_CHECK enum pce_status patch_pairs(struct patching *patching);
/* Edges and their columns, of all links of the delta (patch_edges.c). */
PCE_MUST_CHECK enum pce_status patch_edges(struct patching *patching);

/* What is different, for those who ask later (patch_recent.c). */
PCE_MUST_CHECK enum pce_status patch_recent(struct patching *patching);

static inline bool patch_is_toggled(const struct patching *patching, uint32_t link)
{
    return patching->before->links[link].is_gone != patching->after->links[link].is_gone;
}

/* The parts belong to the snapshot that is made, alone: these are its arrays before it is given. */
static inline struct ted_link *patch_link(const struct patching *patching, uint32_t link)
{
    return (struct ted_link *)(uintptr_t)&patching->after->links[link];
}

#endif
