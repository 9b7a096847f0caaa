/* Who is believed first. */
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
    const struct rib *rib;
    const struct rib_entry *entry;
};

static int belief_compare_items(const void *left, const void *right)
{
    const struct belief_item *x = left, *y = right;
    const struct rib_entry *a = x->entry, *b = y->entry;
    int order = 0;
    if (a->node != b->node)
        order = rib_name_compare(&x->rib->named[a->node]->name, &x->rib->named[b->node]->name);
    if (order == 0)
        order = belief_order(a->part, b->part);
    return order != 0 ? order : merge_compare_belief(x->rib, a, b);
}

/* The entries of a kind, sorted; NULL: memory ran out. */
static struct belief_item *belief_sort(const struct rib *rib, enum rib_kind kind)
{
    uint32_t count = 0;
    struct belief_item *items = malloc((rib->counts.objects[kind] + (size_t)1) * sizeof *items);
    if (items == NULL)
        return NULL;
    for (uint32_t i = 0; i < RIB_SOURCES_MAX; i++)
        LIST_FOR(link, &rib->sources[i].entries)
        {
            const struct rib_entry *entry = CONTAINER_OF(link, struct rib_entry, in_source);
            if (entry->kind == kind)
                items[count++] = (struct belief_item){rib, entry};
        }
    qsort(items, count, sizeof *items, belief_compare_items);
    return items;
}

static enum pce_status belief_collect(struct merge *merge, enum rib_kind kind)
{
    struct merge_entries *entries = &merge->entries[kind];
    uint32_t count = merge->rib->counts.objects[kind];
    struct belief_item *items = belief_sort(merge->rib, kind);
    entries->at =
        items == NULL ? NULL : malloc((count + (size_t)1) * sizeof(const struct rib_entry *));
    for (uint32_t i = 0; entries->at != NULL && i < count; i++)
        entries->at[i] = items[i].entry;
    entries->count = entries->at == NULL ? 0 : count;
    free(items);
    return entries->at == NULL ? PCE_NO_MEMORY : PCE_OK;
}

enum pce_status merge_collect(struct merge *merge)
{
    enum pce_status status = PCE_OK;
    for (unsigned kind = 0; kind < RIB_KIND_COUNT && status == PCE_OK; kind++)
        status = belief_collect(merge, (enum rib_kind)kind);
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
