/* Which two directed links are the two directions of one link; and what else there is between the
 * two nodes: whether anything leads back, and whether anything leads the same way.
 *
 * Both directions are looked at from the node of the lower index: those that have the same higher
 * node and the same addresses and interface ids at either end belong together, and among them the
 * first of one direction goes with the first of the other. Links are dealt out to their lower node
 * first, so that only the few links of one node are sorted at a time. */
#include "core/base/check.h"
#include "core/ted/builder_impl.h"

#include <stdlib.h>

struct candidate {
    struct ted_link *link;
    uint32_t index;
    bool is_backward; /* from the higher node to the lower one */
};

static uint32_t low_end(const struct ted_link *link)
{
    return link->from < link->to ? link->from : link->to;
}

static uint32_t high_end(const struct candidate *candidate)
{
    return candidate->is_backward ? candidate->link->from : candidate->link->to;
}

static int pair_compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

/* Order of two links of the same lower node by what a pair has in common. */
static int compare_pair(const struct candidate *a, const struct candidate *b)
{
    const struct ted_link *x = a->link;
    const struct ted_link *y = b->link;
    if (high_end(a) != high_end(b))
        return pair_compare_u32(high_end(a), high_end(b));
    int order = ip_compare(a->is_backward ? &x->remote_v4 : &x->local_v4,
                           b->is_backward ? &y->remote_v4 : &y->local_v4);
    if (order == 0)
        order = ip_compare(a->is_backward ? &x->local_v4 : &x->remote_v4,
                           b->is_backward ? &y->local_v4 : &y->remote_v4);
    if (order == 0)
        order = ip_compare(a->is_backward ? &x->remote_v6 : &x->local_v6,
                           b->is_backward ? &y->remote_v6 : &y->local_v6);
    if (order == 0)
        order = ip_compare(a->is_backward ? &x->local_v6 : &x->remote_v6,
                           b->is_backward ? &y->local_v6 : &y->remote_v6);
    if (order == 0)
        order = pair_compare_u32(a->is_backward ? x->remote_id : x->local_id,
                                 b->is_backward ? y->remote_id : y->local_id);
    if (order == 0)
        order = pair_compare_u32(a->is_backward ? x->local_id : x->remote_id,
                                 b->is_backward ? y->local_id : y->remote_id);
    return order;
}

static int pair_compare_candidates(const void *left, const void *right)
{
    const struct candidate *a = left;
    const struct candidate *b = right;
    int order = compare_pair(a, b);
    if (order != 0)
        return order;
    if (a->is_backward != b->is_backward)
        return a->is_backward ? 1 : -1;
    return (a->index > b->index) - (a->index < b->index);
}

/* Pairs a run of links that have all in common: the forward ones stand before the backward ones. */
static void pair_run(const struct candidate *run, uint32_t count)
{
    uint32_t forward = 0;
    while (forward < count && !run[forward].is_backward)
        forward++;
    for (uint32_t i = 0; i < forward && forward + i < count; i++) {
        run[i].link->reverse = run[forward + i].index;
        run[forward + i].link->reverse = run[i].index;
    }
}

/* Looks at all links between two nodes. */
static void look_between(const struct candidate *links, uint32_t count)
{
    uint32_t backward = 0;
    for (uint32_t i = 0; i < count; i++)
        backward += links[i].is_backward;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t same_way = links[i].is_backward ? backward : count - backward;
        links[i].link->is_two_way = same_way < count && !links[i].link->is_igp_unused;
        links[i].link->has_sibling = same_way > 1;
    }
}

static void pair_node(struct candidate *candidates, uint32_t count)
{
    qsort(candidates, count, sizeof *candidates, pair_compare_candidates);
    for (uint32_t first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count && high_end(&candidates[first]) == high_end(&candidates[end]))
            end++;
        look_between(&candidates[first], end - first);
    }
    for (uint32_t first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count && compare_pair(&candidates[first], &candidates[end]) == 0)
            end++;
        pair_run(&candidates[first], end - first);
    }
}

static struct candidate pair_candidate(struct ted_link *links, uint32_t index)
{
    CHECK(links[index].from !=
          links[index].to); /* the builder has refused it: it would be its own reverse */
    links[index].reverse = TED_NONE;
    return (struct candidate){
        .link = &links[index], .index = index, .is_backward = links[index].from > links[index].to};
}

enum pce_status ted_pair_between(struct ted_link *links, const uint32_t *indexes, uint32_t count)
{
    if (count == 0)
        return PCE_OK;
    struct candidate *candidates = malloc(count * sizeof *candidates);
    if (candidates == NULL)
        return PCE_NO_MEMORY;
    for (uint32_t i = 0; i < count; i++)
        candidates[i] = pair_candidate(links, indexes[i]);
    pair_node(candidates, count);
    free(candidates);
    return PCE_OK;
}

enum pce_status ted_pair_links(struct ted_link *links, uint32_t link_count, uint32_t node_count)
{
    if (link_count == 0)
        return PCE_OK;
    uint32_t *ends = calloc((size_t)node_count + 1, sizeof *ends);
    struct candidate *candidates = malloc(link_count * sizeof *candidates);
    if (ends == NULL || candidates == NULL) {
        free(ends);
        free(candidates);
        return PCE_NO_MEMORY;
    }
    for (uint32_t i = 0; i < link_count; i++)
        ends[low_end(&links[i]) + 1]++;
    for (uint32_t node = 0; node < node_count; node++)
        ends[node + 1] += ends[node];
    CHECK(ends[node_count] == link_count); /* cannot fail: each link was counted once */
    /* ends[node] starts as the first place of the node and walks to its end. */
    for (uint32_t i = 0; i < link_count; i++)
        candidates[ends[low_end(&links[i])]++] = pair_candidate(links, i);
    for (uint32_t node = 0, first = 0; node < node_count; first = ends[node], node++)
        pair_node(&candidates[first], ends[node] - first);
    free(ends);
    free(candidates);
    return PCE_OK;
}
