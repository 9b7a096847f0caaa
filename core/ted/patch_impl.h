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
    const struct ted_patch_node *nodes;
    uint32_t node_count;
    struct ted_delta *delta; /* room for delta_max links */
    uint32_t delta_max;
    bool is_structural;     /* a link is gone or back */
    bool is_read;           /* what paths read of a node is different */
    uint64_t names_used;    /* slots of names that lead somewhere; 0: not counted yet */
    uint64_t sids_compared; /* SRv6 SIDs with those that come */
};

/* Where more is to be compared, making the whole is cheaper. */
#define PATCH_SIDS_COMPARED_MAX 50000000

/* Makes a part of the new snapshot one of its own, if it is not yet. PCE_NO_MEMORY. */
PCE_MUST_CHECK enum pce_status patch_own(struct patching *patching, enum ted_part_kind kind);

/* ---- arrays that become longer (patch_own.c) ---- */

#define PATCH_ROOM_MIN    64     /* items more than are needed */
#define PATCH_GROWTH_MAX  2      /* times as long as it was made, a part may become … */
#define PATCH_GROWTH_FREE 262144 /* … and so many octets longer */

/* Its items, which may be written once the part is owned. */
char *patch_list_items(const struct patching *patching, enum ted_list list);
size_t patch_list_item_size(enum ted_list list);
PCE_MUST_CHECK enum pce_status patch_own_list(struct patching *patching, enum ted_list list);
/* Adds items. PCE_UNSUPPORTED: the part would become too long. */
PCE_MUST_CHECK enum pce_status patch_append(struct patching *patching, enum ted_list list,
                                            const void *items, uint32_t count, uint32_t *first);

/* ---- lists of one node or link (patch_lists.c) ---- */

/* Where it has room for them, the items come to where the list was. */
PCE_MUST_CHECK enum pce_status patch_write_list(struct patching *patching, enum ted_list list,
                                                const void *items, uint32_t count,
                                                struct ted_range *range);
/* Whether the list has these items. */
bool patch_has_items(const void *array, size_t item_size, struct ted_range range, const void *items,
                     uint32_t count);
bool patch_has_srv6_sids(const struct ted_snapshot *before, struct ted_range range,
                         const struct ted_srv6_sid *sids, uint32_t count);
/* PCE_UNSUPPORTED: others have one of those that come or go, too. */
PCE_MUST_CHECK enum pce_status patch_write_srv6_sids(struct patching *patching,
                                                     const struct ted_srv6_sid *sids,
                                                     uint32_t count, struct ted_range *range);

/* ---- the steps ---- */

/* Takes a link into the delta. */
void patch_note(struct patching *patching, uint32_t link);
/* What nodes have, and their addresses once links are there (patch_nodes.c). */
PCE_MUST_CHECK enum pce_status patch_nodes(struct patching *patching);
PCE_MUST_CHECK enum pce_status patch_node_owners(struct patching *patching);
/* Whose the address is after the patch, if it was this node's or is now. */
PCE_MUST_CHECK enum pce_status patch_owner(struct patching *patching, const struct ip *address,
                                           uint32_t node);
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
    const struct ted_link *was = ted_link_before(patching->before, link);
    return (was == NULL || was->is_gone) != patching->after->links[link].is_gone;
}

/* The parts belong to the snapshot that is made, alone: these are its arrays before it is given. */
static inline struct ted_link *patch_link(const struct patching *patching, uint32_t link)
{
    return (struct ted_link *)(uintptr_t)&patching->after->links[link];
}

#endif
