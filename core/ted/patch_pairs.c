/* What a patch makes of links between two nodes of which one is gone or back: which are two directions
 * of one, and how their ends are named. */
#include "core/ted/builder_impl.h"
#include "core/ted/link_ends.h"
#include "core/ted/patch_impl.h"

#include <stdlib.h>

/* A link that is gone, back, or used by the IGP where it was not or the other way round: what it
 * tells of others between its nodes changes. */
struct patch_turn {
    uint32_t low, high; /* its nodes */
    uint32_t link;
};

static int patch_compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int patch_compare_turns(const void *left, const void *right)
{
    const struct patch_turn *a = left, *b = right;
    int order = patch_compare_u32(a->low, b->low);
    if (order == 0)
        order = patch_compare_u32(a->high, b->high);
    return order != 0 ? order : patch_compare_u32(a->link, b->link);
}

static int patch_compare_places(const void *left, const void *right)
{
    return patch_compare_u32(*(const uint32_t *)left, *(const uint32_t *)right);
}

static uint32_t patch_take_turns(const struct patching *patching, struct patch_turn *turns)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < patching->count; i++) {
        uint32_t index = patching->items[i].link;
        const struct ted_link *link = &patching->after->links[index];
        const struct ted_link *was = ted_link_before(patching->before, index);
        if (patch_is_toggled(patching, index) || was == NULL ||
            was->is_igp_unused != link->is_igp_unused)
            turns[count++] = (struct patch_turn){
                .low = link->from < link->to ? link->from : link->to,
                .high = link->from < link->to ? link->to : link->from,
                .link = index,
            };
    }
    qsort(turns, count, sizeof *turns, patch_compare_turns);
    return count;
}

/* The links of one direction: those that were there and still are, and those of the turns that are
 * there now; in the order of their places. */
static enum pce_status patch_collect(const struct patching *patching, uint32_t from,
                                     const struct patch_turn *turns, uint32_t count,
                                     struct ted_array *links)
{
    const struct ted_snapshot *before = patching->before, *after = patching->after;
    const uint32_t to = from == turns->low ? turns->high : turns->low;
    const uint32_t first = before->first_edge[from], end = before->first_edge[from + 1];
    const uint32_t already = links->count;
    enum pce_status status = ted_array_reserve(links, end - first + count);
    if (status != PCE_OK)
        return status;
    for (uint32_t i = first; i < end; i++) {
        const uint32_t link = before->edges[i].link;
        if (before->edges[i].node == to && !after->links[link].is_gone)
            (void)ted_array_append(links, &link, 1);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct ted_link *link = &after->links[turns[i].link];
        if (link->from == from && !link->is_gone && patch_is_toggled(patching, turns[i].link))
            (void)ted_array_append(links, &turns[i].link, 1);
    }
    if (links->count > already)
        qsort((uint32_t *)links->items + already, links->count - already, sizeof(uint32_t),
              patch_compare_places);
    return PCE_OK;
}

/* The places of all links that are there between the nodes of these turns, by direction. */
static enum pce_status patch_collect_between(const struct patching *patching,
                                             const struct patch_turn *turns, uint32_t count,
                                             struct ted_array *links)
{
    links->count = 0;
    enum pce_status status = patch_collect(patching, turns->low, turns, count, links);
    return status == PCE_OK ? patch_collect(patching, turns->high, turns, count, links) : status;
}

static bool patch_is_same_hop(const struct ted_hop *a, const struct ted_hop *b)
{
    return a->kind == b->kind && a->interface_id == b->interface_id &&
           ip_is_equal(&a->address, &b->address);
}

/* The hops of links of one direction. */
static enum pce_status patch_hops(struct patching *patching, const uint32_t *run, uint32_t count,
                                  uint8_t family)
{
    struct ted_link_ends *ends = &patching->after->link_ends;
    struct ted_hops *of_family = family == IP_V6 ? &ends->v6 : &ends->v4;
    struct ted_hop *hops = malloc((count + (size_t)1) * sizeof *hops);
    enum pce_status status =
        hops == NULL ? PCE_NO_MEMORY : link_ends_of_run(patching->after, run, count, family, hops);
    for (uint32_t i = 0; i < count && status == PCE_OK; i++) {
        static const struct ted_hop none = {.kind = TED_HOP_NONE};
        const struct ted_hop *was =
            of_family->of_links == NULL ? &none : &of_family->of_links[run[i]];
        if (patch_is_same_hop(was, &hops[i]))
            continue;
        status = was == &none ? PCE_UNSUPPORTED : patch_own(patching, TED_PART_ENDS);
        if (status != PCE_OK)
            continue;
        ((struct ted_hop *)(uintptr_t)of_family->of_links)[run[i]] = hops[i];
        patch_note(patching, run[i]);
    }
    free(hops);
    return status;
}

static enum pce_status patch_name_ends(struct patching *patching, const struct ted_array *links)
{
    const uint32_t *places = links->items;
    enum pce_status status = PCE_OK;
    for (uint32_t first = 0, end; first < links->count && status == PCE_OK; first = end) {
        uint32_t from = patching->after->links[places[first]].from;
        end = first + 1;
        while (end < links->count && patching->after->links[places[end]].from == from)
            end++;
        status = patch_hops(patching, places + first, end - first, IP_V4);
        if (status == PCE_OK)
            status = patch_hops(patching, places + first, end - first, IP_V6);
    }
    return status;
}

static bool patch_is_same_pair(const struct ted_link *a, const struct ted_link *b)
{
    return a != NULL && a->is_two_way == b->is_two_way && a->has_sibling == b->has_sibling &&
           a->reverse == b->reverse;
}

static enum pce_status patch_pair(struct patching *patching, const struct patch_turn *turns,
                                  uint32_t count, struct ted_array *links)
{
    enum pce_status status = patch_collect_between(patching, turns, count, links);
    const uint32_t *places = links->items;
    if (status == PCE_OK)
        status = ted_pair_between(patch_link(patching, 0), places, links->count);
    if (status == PCE_OK)
        status = patch_name_ends(patching, links);
    for (uint32_t i = 0; i < links->count && status == PCE_OK; i++)
        if (!patch_is_same_pair(ted_link_before(patching->before, places[i]),
                                &patching->after->links[places[i]]))
            patch_note(patching, places[i]);
    return status;
}

/* The delta in the order of places, each once. */
static void patch_sort_delta(struct ted_delta *delta)
{
    uint32_t kept = 0;
    if (delta->count > 0)
        qsort(delta->links, delta->count, sizeof *delta->links, patch_compare_places);
    for (uint32_t i = 0; i < delta->count; i++)
        if (kept == 0 || delta->links[kept - 1] != delta->links[i])
            delta->links[kept++] = delta->links[i];
    delta->count = kept;
}

enum pce_status patch_pairs(struct patching *patching)
{
    struct patch_turn *turns = malloc((patching->count + (size_t)1) * sizeof *turns);
    struct ted_array links;
    enum pce_status status = PCE_OK;
    if (turns == NULL)
        return PCE_NO_MEMORY;
    ted_array_init(&links, sizeof(uint32_t));
    uint32_t count = patch_take_turns(patching, turns);
    for (uint32_t first = 0, end; first < count && status == PCE_OK; first = end) {
        end = first + 1;
        while (end < count && turns[end].low == turns[first].low &&
               turns[end].high == turns[first].high)
            end++;
        status = patch_pair(patching, turns + first, end - first, &links);
    }
    ted_array_fini(&links);
    free(turns);
    patch_sort_delta(patching->delta);
    return status;
}
