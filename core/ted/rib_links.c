/* Which entries are one direction of one link.
 *
 * All entries that lead from one node to another are looked at together: first those are one link
 * that have the same addresses or interface ids; then what has none is given to what is left, by
 * its order. Two that contradict each other in any address or id are never one. */
#include "core/base/check.h"
#include "core/ted/deal.h"
#include "core/ted/rib_match.h"
#include "core/ted/rib_merge.h"

#include <stdlib.h>

/* ---- which entries there are ---- */

static void links_find(struct merge *merge, enum rib_finding_kind kind,
                       const struct rib_entry *entry)
{
    char from[RIB_NAME_TEXT_SIZE], to[RIB_NAME_TEXT_SIZE];
    rib_findings_add(merge->findings, kind, "%s to %s",
                     rib_name_format(&merge->rib->named[entry->node]->name, from),
                     rib_name_format(&merge->rib->named[entry->remote]->name, to));
}

/* A complement may say more than is there. */
enum rib_finding_kind merge_find_odd_link(const struct merge *merge, uint32_t from, uint32_t to,
                                          bool is_complement)
{
    uint32_t a = merge_node_of(merge, from), b = merge_node_of(merge, to);
    if (a == TED_NONE || b == TED_NONE)
        return is_complement ? RIB_FINDING_COUNT : RIB_LINK_WITHOUT_NODE;
    return a == b ? RIB_LINK_TO_ITSELF : RIB_FINDING_COUNT;
}

/* The answer for the entry before, which is mostly of the same node. */
struct links_told {
    const struct rib_entry *of;
    bool is_told;
};

static bool links_is_told(const struct merge *merge, const struct rib_entry *entry,
                          struct links_told *last)
{
    bool is_alike = last->of != NULL && last->of->node == entry->node &&
                    last->of->part == entry->part && last->of->source == entry->source;
    *last = (struct links_told){entry, is_alike ? last->is_told : merge_is_told(merge, entry)};
    return last->is_told;
}

static void links_add_half(struct merge *merge, const struct rib_entry *entry,
                           struct links_told *last)
{
    struct merge_half half = {
        .entry = entry,
        .from = merge_node_of(merge, entry->node),
        .to = merge_node_of(merge, entry->remote),
        .is_told = links_is_told(merge, entry, last),
    };
    bool is_complement = merge->rib->sources[entry->source].is_complement;
    enum rib_finding_kind odd =
        merge_find_odd_link(merge, entry->node, entry->remote, is_complement);
    if (odd != RIB_FINDING_COUNT)
        links_find(merge, odd, entry);
    else if (half.from != TED_NONE && half.to != TED_NONE)
        (void)ted_array_append(&merge->halves, &half, 1);
}

struct links_item {
    uint32_t from;
    const struct rib *rib;
    struct merge_half half;
};

static int links_compare_items(const void *left, const void *right)
{
    const struct links_item *a = left, *b = right;
    int order = merge_compare_u32(a->from, b->from);
    if (order == 0)
        order = merge_compare_u32(a->half.to, b->half.to);
    if (order == 0)
        order = merge_compare_u32(a->half.set, b->half.set);
    return order != 0 ? order : merge_compare_belief(a->rib, a->half.entry, b->half.entry);
}

static enum pce_status links_sort(const struct merge *merge, struct merge_half *halves,
                                  uint32_t count)
{
    struct links_item *items = malloc((count + (size_t)1) * sizeof *items);
    const struct deal deal = {.items = items,
                              .count = count,
                              .number_count = merge->nodes.count,
                              .item_size = sizeof *items,
                              .compare = links_compare_items};
    if (items == NULL)
        return PCE_NO_MEMORY;
    for (uint32_t i = 0; i < count; i++)
        items[i] = (struct links_item){halves[i].from, merge->rib, halves[i]};
    enum pce_status status = deal_sort(&deal);
    for (uint32_t i = 0; i < count; i++)
        halves[i] = items[i].half;
    free(items);
    return status;
}

/* ---- which are one ---- */

static uint32_t links_run(const struct merge *merge, uint32_t first)
{
    const struct merge_half *halves = merge->halves.items;
    uint32_t end = first + 1;
    while (end < merge->halves.count && halves[first].from == halves[end].from &&
           halves[first].to == halves[end].to)
        end++;
    return end - first;
}

/* The halves between two nodes, in the order of their sets. */
static enum pce_status links_match_run(struct merge *merge, uint32_t first, uint32_t count)
{
    struct merge_half *halves = (struct merge_half *)merge->halves.items + first;
    bool is_ambiguous = false;
    enum pce_status status = rib_match(halves, count, &is_ambiguous);
    if (is_ambiguous) {
        links_find(merge, RIB_PAIRED_BY_ORDER, halves[0].entry);
        merge_mark_delicate(merge, halves[0].from, MERGE_DELICATE_LINKS);
        merge_mark_delicate(merge, halves[0].to, MERGE_DELICATE_LINKS);
    }
    return status == PCE_OK && count > 1 ? links_sort(merge, halves, count) : status;
}

static enum pce_status links_match(struct merge *merge)
{
    enum pce_status status = PCE_OK;
    for (uint32_t first = 0, count; first < merge->halves.count && status == PCE_OK;
         first += count) {
        count = links_run(merge, first);
        status = links_match_run(merge, first, count);
    }
    return status;
}

/* ---- the links ---- */

static void links_name_ends(struct merged_link *link, const struct merge_half *halves)
{
    struct rib_link said = {.present = 0};
    rib_record_unpack_ends(halves[link->halves.first].entry->record, &said);
    for (uint32_t i = 1; i < link->halves.count; i++) {
        struct rib_link told = {.present = 0};
        rib_record_unpack_ends(halves[link->halves.first + i].entry->record, &told);
        rib_record_complete(&rib_link_layout, &said, &told);
    }
    link->local_v4 = said.local_v4;
    link->remote_v4 = said.remote_v4;
    link->local_v6 = said.local_v6;
    link->remote_v6 = said.remote_v6;
    link->local_id = said.local_id;
    link->remote_id = said.remote_id;
}

/* A set that nobody tells of who is to be believed is no link. */
static void links_add(struct merge *merge, uint32_t first, uint32_t count)
{
    const struct merge_half *halves = merge->halves.items;
    struct merged_link link = {.from = halves[first].from,
                               .to = halves[first].to,
                               .halves = {first, count},
                               .lan = TED_NONE};
    bool is_told = false;
    for (uint32_t i = first; i < first + count; i++)
        is_told = is_told || halves[i].is_told;
    if (!is_told)
        return;
    links_name_ends(&link, halves);
    (void)ted_array_append(&merge->links, &link, 1);
}

/* There is room for as many links as halves. */
static void links_make(struct merge *merge)
{
    const struct merge_half *halves = merge->halves.items;
    for (uint32_t first = 0, end; first < merge->halves.count; first = end) {
        end = first + 1;
        while (end < merge->halves.count && halves[first].from == halves[end].from &&
               halves[first].to == halves[end].to && halves[first].set == halves[end].set)
            end++;
        links_add(merge, first, end - first);
    }
}

uint32_t merge_find_link(const struct merge *merge, uint32_t from, uint32_t to)
{
    const struct merged_link *links = merge->links.items;
    uint32_t low = 0, high = merge->links.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (links[middle].from < from || (links[middle].from == from && links[middle].to < to))
            low = middle + 1;
        else
            high = middle;
    }
    bool is_it = low < merge->links.count && links[low].from == from && links[low].to == to;
    return is_it ? low : TED_NONE;
}

enum pce_status merge_links(struct merge *merge)
{
    const struct merge_entries *entries = &merge->entries[RIB_KIND_LINK];
    struct links_told last = {.of = NULL};
    enum pce_status status = ted_array_reserve(&merge->halves, entries->count);
    for (uint32_t i = 0; status == PCE_OK && i < entries->count; i++)
        links_add_half(merge, entries->at[i], &last);
    if (status == PCE_OK)
        status = links_sort(merge, merge->halves.items, merge->halves.count);
    if (status == PCE_OK)
        status = links_match(merge);
    if (status == PCE_OK)
        status = ted_array_reserve(&merge->links, merge->halves.count);
    if (status == PCE_OK)
        links_make(merge);
    return status;
}
