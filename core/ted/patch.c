#include "core/ted/patch.h"

#include "core/ted/patch_impl.h"
#include "core/ted/snapshot_impl.h"

#include <stdlib.h>

/* A head with the parts of the one before. NULL: memory ran out. */
static struct ted_snapshot *patch_head(const struct ted_snapshot *before)
{
    struct ted_snapshot *after = malloc(sizeof *after);
    if (after == NULL)
        return NULL;
    *after = *before;
    after->serial = ted_next_serial();
    after->landmarks = NULL;
    after->derived = NULL;
    after->link_numbers = NULL;
    after->delta = NULL;
    after->flex_views = NULL;
    after->recent = NULL;
    for (unsigned i = 0; i < TED_PART_COUNT; i++)
        (void)ted_part_share(after->parts[i]);
    return after;
}

/* All links between the ends of what is patched may be in the delta, once for their pair and once for
 * each family of their hops. */
static uint32_t patch_delta_max(const struct patching *patching)
{
    const struct ted_snapshot *before = patching->before;
    const uint64_t most = 3 * (uint64_t)before->link_count + 7 * (uint64_t)patching->count;
    uint64_t max = 4 * (uint64_t)patching->count;
    for (uint32_t i = 0; i < patching->count && max < most; i++) {
        const struct ted_patch_item *item = &patching->items[i];
        const struct ted_link *link = ted_link_before(before, item->link);
        const uint32_t *from = before->first_edge + (link == NULL ? item->spec->from : link->from);
        const uint32_t *to = before->first_edge + (link == NULL ? item->spec->to : link->to);
        max += 3 * (uint64_t)(from[1] - from[0]) + 3 * (uint64_t)(to[1] - to[0]);
    }
    max = max < most ? max : most;
    /* What an overloaded node's links are for is different of all of them. */
    for (uint32_t i = 0; i < patching->node_count; i++) {
        const uint32_t *first = before->first_edge + patching->nodes[i].node;
        max += first[1] - first[0];
    }
    return (uint32_t)max;
}

static enum pce_status patch_begin(struct patching *patching)
{
    const size_t head = sizeof(struct ted_delta) - sizeof(struct ted_part);
    patching->delta_max = patch_delta_max(patching);
    struct ted_part *part = ted_part_create(head + patching->delta_max * sizeof(uint32_t));
    patching->after = patch_head(patching->before);
    if (patching->after == NULL || part == NULL) {
        ted_part_leave(part);
        return PCE_NO_MEMORY;
    }
    patching->delta = (struct ted_delta *)(void *)part;
    patching->delta->serial = patching->before->serial;
    patching->delta->count = 0;
    patching->delta->is_relabelled = false;
    patching->after->delta = patching->delta;
    return PCE_OK;
}

static void patch_measure(struct ted_snapshot *after)
{
    after->octets = sizeof *after;
    for (unsigned i = 0; i < TED_PART_COUNT; i++)
        after->octets += after->parts[i]->octets;
}

enum pce_status ted_snapshot_patch(const struct ted_snapshot *before,
                                   const struct ted_patch_item *items, uint32_t count,
                                   struct ted_snapshot **snapshot)
{
    const struct ted_patch patch = {.links = items, .link_count = count};
    return ted_snapshot_patch_all(before, &patch, snapshot);
}

enum pce_status ted_snapshot_patch_all(const struct ted_snapshot *before,
                                       const struct ted_patch *patch,
                                       struct ted_snapshot **snapshot)
{
    typedef enum pce_status patch_step(struct patching * patching);
    patch_step *const steps[] = {patch_begin, patch_nodes,  patch_links,       patch_pairs,
                                 patch_edges, patch_owners, patch_node_owners, patch_recent};
    struct patching patching = {.before = before,
                                .items = patch->links,
                                .count = patch->link_count,
                                .nodes = patch->nodes,
                                .node_count = patch->node_count};
    enum pce_status status = PCE_OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == PCE_OK; i++)
        status = steps[i](&patching);
    if (status != PCE_OK) {
        ted_snapshot_destroy(patching.after);
        return status;
    }
    patch_measure(patching.after);
    *snapshot = patching.after;
    return PCE_OK;
}
