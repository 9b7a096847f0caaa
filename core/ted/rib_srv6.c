/* SRv6 SIDs of nodes. */
#include "core/ted/rib_merge.h"

#include <stdlib.h>
#include <string.h>

struct srv6_item {
    struct ted_srv6_sid sid;
    uint32_t node;
};

static int srv6_compare(const void *left, const void *right)
{
    const struct srv6_item *a = left, *b = right;
    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    int order = ip_compare(&a->sid.sid, &b->sid.sid);
    return order != 0 ? order : (int)a->sid.behavior - (int)b->sid.behavior;
}

static uint32_t srv6_take(const struct merge *merge, struct srv6_item *items)
{
    const struct merge_entries *entries = &merge->entries[RIB_KIND_SRV6_SID];
    uint32_t count = 0;
    for (uint32_t i = 0; i < entries->count; i++) {
        uint32_t node = merge->node_of_name[entries->at[i]->node];
        if (node == TED_NONE || !merge_is_told(merge, entries->at[i]))
            continue;
        items[count].node = node;
        memcpy(&items[count++].sid, entries->at[i]->record, sizeof items->sid);
    }
    qsort(items, count, sizeof *items, srv6_compare);
    return count;
}

static enum pce_status srv6_add(struct merge *merge, uint32_t node, const struct ted_srv6_sid *sid)
{
    struct merged_node *merged = merge_node(merge, node);
    if (merged->srv6_sids.count == TED_NODE_SIDS_MAX)
        return PCE_OK;
    if (ted_array_reserve(&merge->srv6_sids, 1) != PCE_OK)
        return PCE_NO_MEMORY;
    (void)ted_array_append(&merge->srv6_sids, sid, 1);
    merged->srv6_sids.count++;
    return PCE_OK;
}

enum pce_status merge_srv6_sids(struct merge *merge)
{
    size_t room = merge->entries[RIB_KIND_SRV6_SID].count + (size_t)1;
    struct srv6_item *items = malloc(room * sizeof *items);
    enum pce_status status = PCE_OK;
    if (items == NULL)
        return PCE_NO_MEMORY;
    uint32_t count = srv6_take(merge, items);
    const uint32_t end = merge->due.first + merge->due.count;
    for (uint32_t node = merge->due.first, at = 0; node < end && status == PCE_OK; node++) {
        const struct rib_node said = merge_node(merge, node)->said;
        merge_node(merge, node)->srv6_sids.first = merge->srv6_sids.count;
        for (; at < count && items[at].node == node && status == PCE_OK; at++)
            status = srv6_add(merge, node, &items[at].sid);
        for (uint32_t i = 0; i < said.srv6_sid_count && status == PCE_OK; i++)
            status = srv6_add(merge, node, &said.srv6_sids[i]);
    }
    free(items);
    return status;
}
