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

/* The entries of all kinds, as they were told. */
static enum pce_status belief_take(const struct rib *rib, const uint32_t *ranks,
                                   struct ted_array items[RIB_KIND_COUNT])
{
    for (unsigned kind = 0; kind < RIB_KIND_COUNT; kind++)
        if (ted_array_reserve(&items[kind], rib->counts.objects[kind]) != PCE_OK)
            return PCE_NO_MEMORY;
    for (uint32_t i = 0; i < RIB_SOURCES_MAX; i++)
        LIST_FOR(link, &rib->sources[i].entries)
        {
            const struct rib_entry *entry = CONTAINER_OF(link, struct rib_entry, in_source);
            const struct belief_item item = {ranks[entry->node], rib, entry};
            (void)ted_array_append(&items[entry->kind], &item, 1);
        }
    return PCE_OK;
}

/* Ranks are less than rank_count. */
static enum pce_status belief_sort(struct merge *merge, enum rib_kind kind,
                                   const struct ted_array *items, uint32_t rank_count)
{
    struct merge_entries *entries = &merge->entries[kind];
    const struct belief_item *sorted = items->items;
    const struct deal deal = {.items = items->items,
                              .count = items->count,
                              .number_count = rank_count,
                              .item_size = sizeof *sorted,
                              .compare = belief_compare_items};
    enum pce_status status = deal_sort(&deal);
    if (status != PCE_OK)
        return status;
    free(entries->at);
    entries->count = 0;
    entries->at = malloc((deal.count + (size_t)1) * sizeof(const struct rib_entry *));
    if (entries->at == NULL)
        return PCE_NO_MEMORY;
    entries->count = deal.count;
    for (uint32_t i = 0; i < deal.count; i++)
        entries->at[i] = sorted[i].entry;
    return PCE_OK;
}

enum pce_status merge_collect(struct merge *merge)
{
    struct ted_array items[RIB_KIND_COUNT];
    uint32_t *ranks = belief_rank_names(merge->rib);
    for (unsigned kind = 0; kind < RIB_KIND_COUNT; kind++)
        ted_array_init(&items[kind], sizeof(struct belief_item));
    enum pce_status status = ranks == NULL ? PCE_NO_MEMORY : belief_take(merge->rib, ranks, items);
    for (unsigned kind = 0; kind < RIB_KIND_COUNT; kind++) {
        if (status == PCE_OK)
            status = belief_sort(merge, (enum rib_kind)kind, &items[kind], merge->rib->named_count);
        ted_array_fini(&items[kind]);
    }
    free(ranks);
    return status;
}

/* ---- the same of a few nodes ---- */

/* How many of the nodes' names come before this one, and how many there are. */
static uint32_t belief_rank_among(const struct merge *merge, const uint32_t *nodes,
                                  uint32_t node_count, uint32_t number, uint32_t *name_count)
{
    const struct rib_named *const *named = (const struct rib_named *const *)merge->rib->named;
    uint32_t rank = 0;
    *name_count = 0;
    for (uint32_t n = 0; n < node_count; n++)
        for (uint32_t i = merge->first_name[nodes[n]]; i < merge->first_name[nodes[n] + 1]; i++) {
            rank += rib_name_compare(&named[merge->names[i]]->name, &named[number]->name) < 0;
            ++*name_count;
        }
    return rank;
}

static enum pce_status belief_take_of(const struct rib *rib, const struct merge_choice *choice,
                                      uint32_t number, uint32_t rank, struct ted_array *items)
{
    LIST_FOR(link, &rib->named[number]->entries[choice->kind])
    {
        const struct rib_entry *entry = CONTAINER_OF(link, struct rib_entry, of_name);
        const struct belief_item item = {rank, rib, entry};
        if (choice->keep != NULL && !choice->keep(choice->context, entry))
            continue;
        if (ted_array_reserve(items, 1) != PCE_OK)
            return PCE_NO_MEMORY;
        (void)ted_array_append(items, &item, 1);
    }
    return PCE_OK;
}

enum pce_status merge_collect_of(struct merge *merge, const struct merge_choice *choice)
{
    uint32_t name_count = 0;
    struct ted_array items;
    enum pce_status status = PCE_OK;
    ted_array_init(&items, sizeof(struct belief_item));
    for (uint32_t n = 0; n < choice->node_count; n++) {
        const uint32_t *first = &merge->first_name[choice->nodes[n]];
        for (uint32_t i = first[0]; i < first[1] && status == PCE_OK; i++) {
            uint32_t number = merge->names[i];
            uint32_t rank =
                belief_rank_among(merge, choice->nodes, choice->node_count, number, &name_count);
            status = belief_take_of(merge->rib, choice, number, rank, &items);
        }
    }
    if (status == PCE_OK)
        status = belief_sort(merge, choice->kind, &items, name_count);
    ted_array_fini(&items);
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
