/* Near trees of a snapshot that was patched: those of the snapshot before that a change cannot touch.
 *
 * To make a near tree, links are followed from its nodes and from no others, and what it names of a
 * link is its place among those that lead to the node. So it stays what it is unless a link from one
 * of its nodes is another one to the IGP, or a link to one of them has gone or come. */
#include "core/path/near_tree.h"
#include "core/ted/patch.h"

#include <stdlib.h>

/* What has changed, and how much may be looked at. */
struct trees_follow {
    uint8_t *is_touched; /* by node */
    uint64_t left;       /* entries */
};

/* Marks the nodes whose near trees, and those that have them, a change of a link may touch; how many. */
static uint32_t trees_mark(const struct ted_snapshot *before, const struct ted_snapshot *snapshot,
                           uint8_t *is_touched)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < snapshot->delta->count; i++) {
        uint32_t place = snapshot->delta->links[i];
        const struct ted_link *link = &snapshot->links[place];
        const struct ted_link *was = place < before->link_count ? &before->links[place] : NULL;
        bool is_moved = was == NULL || was->is_gone != link->is_gone;
        if (!is_moved && was->is_two_way == link->is_two_way &&
            was->is_first_only == link->is_first_only && was->igp_metric == link->igp_metric)
            continue;
        count++;
        is_touched[link->from] = 1;
        if (is_moved)
            is_touched[link->to] = 1;
    }
    return count;
}

static bool trees_hold(const struct ted_block *block, void *context)
{
    const struct near_tree *tree = (const struct near_tree *)(const void *)block;
    struct trees_follow *follow = context;
    if (tree->count > follow->left)
        return false;
    follow->left -= tree->count;
    for (uint32_t i = 0; i < tree->count; i++)
        if (follow->is_touched[tree->entries[i].node] != 0)
            return false;
    return true;
}

void near_trees_follow(const struct ted_snapshot *before, struct ted_snapshot *snapshot)
{
    struct trees_follow follow = {.is_touched = calloc(snapshot->node_count + (size_t)1, 1),
                                  .left = NEAR_TREES_LOOK_MAX};
    if (follow.is_touched != NULL && trees_mark(before, snapshot, follow.is_touched) == 0)
        ted_derived_share(before, snapshot);
    else if (ted_derived_prepare(snapshot, NEAR_TREES_OCTETS_MAX) && follow.is_touched != NULL)
        ted_derived_take(before, snapshot, trees_hold, &follow);
    free(follow.is_touched);
}
