/* Who is believed first. */
#include "core/ted/deal.h"
#include "core/ted/rib_merge.h"

#include <stdlib.h>
#include <string.h>

static int belief_order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

int merge_compare_belief(const struct rib *rib, const struct rib_entry *a,
                         const struct rib_entry *b)
{
    const struct rib_source *x = &rib->sources[a->source];
    const struct rib_source *y = &rib->sources[b->source];
    int order = (int)rib_entry_is_stale(rib, a) - (int)rib_entry_is_stale(rib, b);
    if (order == 0)
        order = (int)x->is_complement - (int)y->is_complement;
    if (order == 0)
        order = belief_order(x->rank, y->rank);
    if (order == 0 && x != y)
        order = strcmp(x->name, y->name);
    if (order == 0)
        order = belief_order(a->part, b->part);
    if (order == 0)
        order = belief_order(a->size, b->size);
    if (order == 0)
        order = memcmp(a->record, b->record, a->size);
    return order != 0 ? order : memcmp(a->key, b->key, sizeof a->key);
}

struct belief_item {
    uint32_t rank; /* of its name among all names */
    const struct rib *rib;
    const struct rib_entry *entry;
};

static int belief_compare_items(const void *left, const void *right)
{
    const struct belief_item *x = left, *y = right;
    int order = belief_order(x->rank, y->rank);
    if (order == 0)
        order = belief_order(x->entry->part, y->entry->part);
    return order != 0 ? order : merge_compare_belief(x->rib, x->entry, y->entry);
}

static int belief_compare_names(const void *left, const void *right)
{
    const struct rib_named *const *a = left, *const *b = right;
    return rib_name_compare(&(*a)->name, &(*b)->name);
}

/* By the number of a name, its place among all; those that nobody has count, too. NULL: memory ran
 * out. */
static uint32_t *belief_rank_names(const struct rib *rib)
{
    size_t count = rib->named_count;
    uint32_t *ranks = malloc((count + 1) * sizeof *ranks);
    const struct rib_named **named = malloc((count + 1) * sizeof(const struct rib_named *));
    bool has_memory = ranks != NULL && named != NULL;
    if (has_memory && count > 0) {
        memcpy(named, rib->named, count * sizeof(const struct rib_named *));
        qsort(named, count, sizeof(const struct rib_named *), belief_compare_names);
        for (uint32_t rank = 0; rank < count; rank++)
            ranks[named[rank]->number] = rank;
    }
    free(named);
    if (has_memory)
        return ranks;
    free(ranks);
    return NULL;
}

/* The entries of all kinds, as they were told; false: memory ran out. */
static bool belief_take(const struct rib *rib, const uint32_t *ranks,
                        struct belief_item *items[RIB_KIND_COUNT])
{
    uint32_t counts[RIB_KIND_COUNT] = {0};
    for (unsigned kind = 0; kind < RIB_KIND_COUNT; kind++) {
        items[kind] = malloc((rib->counts.objects[kind] + (size_t)1) * sizeof *items[kind]);
        if (items[kind] == NULL)
            return false;
    }
    for (uint32_t i = 0; i < RIB_SOURCES_MAX; i++)
        LIST_FOR(link, &rib->sources[i].entries)
        {
            const struct rib_entry *entry = CONTAINER_OF(link, struct rib_entry, in_source);
            items[entry->kind][counts[entry->kind]++] =
                (struct belief_item){ranks[entry->node], rib, entry};
        }
    return true;
}

static enum pce_status belief_sort(struct merge *merge, enum rib_kind kind,
                                   struct belief_item *items)
{
    struct merge_entries *entries = &merge->entries[kind];
    const struct deal deal = {.items = items,
                              .count = merge->rib->counts.objects[kind],
                              .number_count = merge->rib->named_count,
                              .item_size = sizeof *items,
                              .compare = belief_compare_items};
    enum pce_status status = deal_sort(&deal);
    if (status != PCE_OK)
        return status;
    entries->at = malloc((deal.count + (size_t)1) * sizeof(const struct rib_entry *));
    if (entries->at == NULL)
        return PCE_NO_MEMORY;
    entries->count = deal.count;
    for (uint32_t i = 0; i < deal.count; i++)
        entries->at[i] = items[i].entry;
    return PCE_OK;
}

enum pce_status merge_collect(struct merge *merge)
{
    struct belief_item *items[RIB_KIND_COUNT] = {NULL};
    uint32_t *ranks = belief_rank_names(merge->rib);
    enum pce_status status =
        ranks != NULL && belief_take(merge->rib, ranks, items) ? PCE_OK : PCE_NO_MEMORY;
    for (unsigned kind = 0; kind < RIB_KIND_COUNT; kind++) {
        if (status == PCE_OK)
            status = belief_sort(merge, (enum rib_kind)kind, items[kind]);
        free(items[kind]);
    }
    free(ranks);
    return status;
}

/* The first node entry of this name and part: sorted by name, part, belief. NULL: there is none. */
static const struct rib_entry *belief_find_node(const struct merge *merge,
                                                const struct rib_entry *of)
{
    const struct merge_entries *nodes = &merge->entries[RIB_KIND_NODE];
    const struct rib_named *const *named = (const struct rib_named *const *)merge->rib->named;
    uint32_t low = 0, high = nodes->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct rib_entry *node = nodes->at[middle];
        int order = node->node == of->node
                        ? 0
                        : rib_name_compare(&named[node->node]->name, &named[of->node]->name);
        if (order < 0 || (order == 0 && node->part < of->part))
            low = middle + 1;
        else
            high = middle;
    }
    bool is_it =
        low < nodes->count && nodes->at[low]->node == of->node && nodes->at[low]->part == of->part;
    return is_it ? nodes->at[low] : NULL;
}

bool merge_is_told(const struct merge *merge, const struct rib_entry *entry)
{
    const struct rib_entry *node = belief_find_node(merge, entry);
    return node != NULL && node->source == entry->source &&
           !merge->rib->sources[node->source].is_complement;
}
