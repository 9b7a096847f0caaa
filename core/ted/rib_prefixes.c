/* Addresses and SIDs of nodes: their router ids, then what they say of prefixes of one address. */
#include "core/base/check.h"
#include "core/ted/rib_merge.h"

#include <stdlib.h>

/* What a node says of one address. */
struct prefixes_item {
    const struct rib_entry *entry;
    uint32_t node;
    bool is_node;    /* it names the node */
    bool is_own;     /* it is this node's, and no other's */
    bool is_anycast; /* other nodes have it, too, and mean it */
};

/* ---- router ids ---- */

static void prefixes_find_twice(struct merge *merge, const struct ip *address, uint32_t node)
{
    char ip[IP_TEXT_SIZE], text[MERGE_TEXT_SIZE];
    merge_mark_delicate(merge, node, MERGE_DELICATE_NODE);
    merge_mark_delicate(merge, merge_owner_of(merge, address), MERGE_DELICATE_NODE);
    rib_findings_add(merge->findings, RIB_ADDRESS_TWICE, "%s, also of %s", ip_format(address, ip),
                     merge_node_text(merge, node, text));
}

static enum pce_status prefixes_claim_router_id(struct merge *merge, uint32_t node,
                                                struct ip *router_id)
{
    enum pce_status status = merge_claim_address(merge, router_id, node);
    if (status != PCE_EXISTS)
        return status;
    prefixes_find_twice(merge, router_id, node);
    *router_id = (struct ip){.family = IP_NONE};
    return PCE_OK;
}

/* OSPF calls a router by a number that is an address of it, as a rule. */
static void prefixes_name_by_ospf(struct merged_node *node)
{
    if (node->said.router_id_v4.family == IP_NONE && !node->is_lan &&
        node->name.octets[0] == RIB_SPEAKER_OSPF && node->name.size == RIB_DOMAIN_SIZE + 4)
        node->said.router_id_v4 = ip_from_v4(node->name.octets + RIB_DOMAIN_SIZE);
}

static enum pce_status prefixes_claim_router_ids(struct merge *merge)
{
    const uint32_t first = merge->due.first, end = first + merge->due.count;
    enum pce_status status = PCE_OK;
    for (uint32_t i = first; i < end && status == PCE_OK; i++) {
        struct merged_node *node = merge_node(merge, i);
        status = prefixes_claim_router_id(merge, i, &node->said.router_id_v4);
        if (status == PCE_OK)
            status = prefixes_claim_router_id(merge, i, &node->said.router_id_v6);
    }
    for (uint32_t i = first; i < end && status == PCE_OK; i++) {
        struct merged_node *node = merge_node(merge, i);
        prefixes_name_by_ospf(node);
        status = prefixes_claim_router_id(merge, i, &node->said.router_id_v4);
    }
    return status;
}

/* ---- whose a prefix is ---- */

static bool prefixes_is_host(const struct rib_entry *entry)
{
    return entry->bits == 8 * ip_size(&entry->prefix);
}

static uint32_t prefixes_take(const struct merge *merge, struct prefixes_item *items)
{
    const struct merge_entries *entries = &merge->entries[RIB_KIND_PREFIX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < entries->count; i++) {
        const struct rib_entry *entry = entries->at[i];
        uint32_t node = merge->node_of_name[entry->node];
        struct rib_prefix prefix;
        if (node == TED_NONE || !prefixes_is_host(entry) || !merge_is_told(merge, entry))
            continue;
        rib_record_unpack(&rib_prefix_layout, entry->record, &prefix);
        if ((prefix.flags & RIB_PREFIX_READVERTISED) != 0)
            continue;
        bool is_node = (prefix.flags & RIB_PREFIX_NODE) != 0;
        for (uint32_t j = 0; j < prefix.sid_count; j++)
            is_node = is_node || prefix.sids[j].is_node != 0;
        items[count++] =
            (struct prefixes_item){.entry = entry,
                                   .node = node,
                                   .is_node = is_node,
                                   .is_anycast = (prefix.flags & RIB_PREFIX_ANYCAST) != 0};
    }
    return count;
}

static int prefixes_compare_address(const void *left, const void *right)
{
    const struct prefixes_item *a = left, *b = right;
    int order = ip_compare(&a->entry->prefix, &b->entry->prefix);
    if (order == 0)
        order = (int)b->is_node - (int)a->is_node;
    return order != 0 ? order : merge_compare_u32(a->node, b->node);
}

/* What is said of one of them decides what the others have. */
static void prefixes_mark_sharers(struct merge *merge, const struct prefixes_item *run,
                                  uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        merge_mark_delicate(merge, run[i].node, MERGE_DELICATE_NODE);
}

/* Those whose changes are followed alone: who has the address may share it with them, or have it no more. */
static void prefixes_mark_rivals(struct merge *merge, const struct prefixes_item *run,
                                 uint32_t count)
{
    prefixes_mark_sharers(merge, run, count);
    merge_mark_delicate(merge, merge_owner_of(merge, &run[0].entry->prefix), MERGE_DELICATE_NODE);
}

/* All who have one address: it is the first's that it names; where it names nobody, it is the
 * only one's, or an anycast address. */
static enum pce_status prefixes_judge(struct merge *merge, struct prefixes_item *run,
                                      uint32_t count)
{
    enum pce_status status;
    uint32_t owner = run[0].node;
    bool is_shared = false, is_anycast = false;
    for (uint32_t i = 0; i < count; i++) {
        is_shared = is_shared || run[i].node != owner;
        is_anycast = is_anycast || run[i].is_anycast;
    }
    is_anycast = is_anycast || (is_shared && !run[0].is_node);
    if (is_shared || is_anycast || merge_is_anycast(merge, &run[0].entry->prefix))
        prefixes_mark_sharers(merge, run, count);
    for (uint32_t i = 0; i < count && is_anycast; i++)
        run[i].is_anycast = true;
    if (is_anycast)
        return merge_add_anycast(merge, &run[0].entry->prefix);
    status = merge_claim_address(merge, &run[0].entry->prefix, owner);
    if (status == PCE_EXISTS)
        prefixes_mark_rivals(merge, run, count);
    for (uint32_t i = 0; i < count && status == PCE_OK; i++)
        run[i].is_own = run[i].node == owner;
    for (uint32_t i = 0; i < count; i++)
        if (run[i].is_node && (run[i].node != owner || status == PCE_EXISTS))
            prefixes_find_twice(merge, &run[i].entry->prefix, run[i].node);
    return status == PCE_EXISTS ? PCE_OK : status;
}

static enum pce_status prefixes_judge_all(struct merge *merge, struct prefixes_item *items,
                                          uint32_t count)
{
    enum pce_status status = PCE_OK;
    qsort(items, count, sizeof *items, prefixes_compare_address);
    for (uint32_t first = 0, end; first < count && status == PCE_OK; first = end) {
        end = first + 1;
        while (end < count && ip_is_equal(&items[first].entry->prefix, &items[end].entry->prefix))
            end++;
        status = prefixes_judge(merge, items + first, end - first);
    }
    return status;
}

/* ---- SIDs ---- */

static void prefixes_find_sid(struct merge *merge, enum rib_finding_kind kind, uint32_t node,
                              uint32_t value)
{
    char text[MERGE_TEXT_SIZE];
    const uint32_t *owners = merge->sid_owners.items;
    merge_mark_delicate(merge, node, MERGE_DELICATE_NODE);
    if (kind == RIB_SID_TWICE)
        merge_mark_delicate(merge, owners[value], MERGE_DELICATE_NODE);
    rib_findings_add(merge->findings, kind, "%u of %s", value, merge_node_text(merge, node, text));
}

/* The index of a label in the node's ranges; TED_NONE: it is in none. */
static uint32_t prefixes_index_of(const struct rib_node *node, uint32_t label)
{
    uint32_t before = 0;
    for (uint32_t i = 0; i < node->srgb_count; i++) {
        const struct ted_srgb *range = &node->srgbs[i];
        if (label >= range->base && label - range->base < range->size)
            return before + label - range->base;
        before += range->size;
    }
    return TED_NONE;
}

static bool prefixes_has_index(const struct rib_node *node, uint32_t index)
{
    uint64_t size = 0;
    for (uint32_t i = 0; i < node->srgb_count; i++)
        size += node->srgbs[i].size;
    return index <= TED_LABEL_MAX && (node->srgb_count == 0 || index < size);
}

/* PCE_EXISTS: the node has one for the algorithm and family already, or has no more room. */
static enum pce_status prefixes_is_new(const struct merge *merge, uint32_t node,
                                       const struct ted_prefix_sid *sid)
{
    const struct ted_range *range = &merge_node(merge, node)->prefix_sids;
    const struct ted_prefix_sid *sids = merge->prefix_sids.items;
    for (uint32_t i = range->first; i < range->first + range->count; i++)
        if ((sids[i].algorithm == sid->algorithm && sids[i].family == sid->family &&
             sids[i].is_anycast == sid->is_anycast && !sid->is_anycast) ||
            sids[i].index == sid->index)
            return PCE_EXISTS;
    return range->count < TED_NODE_SIDS_MAX ? PCE_OK : PCE_EXISTS;
}

static enum pce_status prefixes_add_sid(struct merge *merge, uint32_t node,
                                        const struct ted_prefix_sid *sid)
{
    if (!prefixes_has_index(&merge_node(merge, node)->said, sid->index)) {
        prefixes_find_sid(merge, RIB_SID_INVALID, node, sid->index);
        return PCE_OK;
    }
    if (prefixes_is_new(merge, node, sid) != PCE_OK)
        return PCE_OK;
    enum pce_status status = sid->is_anycast ? PCE_OK : merge_claim_index(merge, sid->index, node);
    if (status == PCE_EXISTS)
        prefixes_find_sid(merge, RIB_SID_TWICE, node, sid->index);
    if (status != PCE_OK)
        return status == PCE_EXISTS ? PCE_OK : status;
    if (ted_array_reserve(&merge->prefix_sids, 1) != PCE_OK)
        return PCE_NO_MEMORY;
    (void)ted_array_append(&merge->prefix_sids, sid, 1);
    merge_node(merge, node)->prefix_sids.count++;
    return PCE_OK;
}

static enum pce_status prefixes_add_sids(struct merge *merge, const struct prefixes_item *item)
{
    enum pce_status status = PCE_OK;
    struct rib_prefix prefix;
    rib_record_unpack(&rib_prefix_layout, item->entry->record, &prefix);
    for (uint32_t i = 0; i < prefix.sid_count && status == PCE_OK; i++) {
        const struct rib_prefix_sid *told = &prefix.sids[i];
        struct ted_prefix_sid sid = {.algorithm = told->algorithm,
                                     .family = item->entry->prefix.family,
                                     .is_anycast = item->is_anycast,
                                     .index = told->value};
        if (told->is_node == 0 && !item->is_anycast)
            continue;
        if (told->is_label != 0)
            sid.index = prefixes_index_of(&merge_node(merge, item->node)->said, told->value);
        status = prefixes_add_sid(merge, item->node, &sid);
    }
    return status;
}

/* ---- node by node ---- */

static bool prefixes_has_address(const struct merge *merge, const struct merged_node *node,
                                 const struct ip *address)
{
    const struct ip *addresses = merge->addresses.items;
    for (uint32_t i = 0; i < node->addresses.count; i++)
        if (ip_is_equal(&addresses[node->addresses.first + i], address))
            return true;
    return ip_is_equal(address, &node->said.router_id_v4) ||
           ip_is_equal(address, &node->said.router_id_v6);
}

static enum pce_status prefixes_add_address(struct merge *merge, uint32_t node,
                                            const struct ip *address)
{
    struct merged_node *merged = merge_node(merge, node);
    if (merged->addresses.count == TED_NODE_ADDRESSES_MAX ||
        prefixes_has_address(merge, merged, address))
        return PCE_OK;
    if (ted_array_reserve(&merge->addresses, 1) != PCE_OK)
        return PCE_NO_MEMORY;
    (void)ted_array_append(&merge->addresses, address, 1);
    merged->addresses.count++;
    return PCE_OK;
}

/* What the node's own entry says: a file gives addresses and SIDs so. */
static enum pce_status prefixes_add_said(struct merge *merge, uint32_t node)
{
    const struct rib_node said = merge_node(merge, node)->said;
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < said.prefix_sid_count && status == PCE_OK; i++)
        status = prefixes_add_sid(merge, node, &said.prefix_sids[i]);
    for (uint32_t i = 0; i < said.address_count && status == PCE_OK; i++) {
        status = merge_claim_address(merge, &said.addresses[i], node);
        if (status == PCE_EXISTS)
            prefixes_find_twice(merge, &said.addresses[i], node);
        if (status == PCE_OK)
            status = prefixes_add_address(merge, node, &said.addresses[i]);
        status = status == PCE_EXISTS ? PCE_OK : status;
    }
    return status;
}

struct prefixes_order {
    const struct rib *rib;
    struct prefixes_item item;
};

static int prefixes_compare_node(const void *left, const void *right)
{
    const struct prefixes_order *a = left, *b = right;
    int order = merge_compare_u32(a->item.node, b->item.node);
    if (order == 0)
        order = merge_compare_belief(a->rib, a->item.entry, b->item.entry);
    return order;
}

static void prefixes_sort_by_node(const struct merge *merge, struct prefixes_item *items,
                                  uint32_t count, struct prefixes_order *orders)
{
    for (uint32_t i = 0; i < count; i++)
        orders[i] = (struct prefixes_order){merge->rib, items[i]};
    qsort(orders, count, sizeof *orders, prefixes_compare_node);
    for (uint32_t i = 0; i < count; i++)
        items[i] = orders[i].item;
}

static enum pce_status prefixes_give(struct merge *merge, const struct prefixes_item *items,
                                     uint32_t count)
{
    enum pce_status status = PCE_OK;
    const uint32_t end = merge->due.first + merge->due.count;
    for (uint32_t node = merge->due.first, at = 0; node < end && status == PCE_OK; node++) {
        struct merged_node *merged = merge_node(merge, node);
        merged->addresses.first = merge->addresses.count;
        merged->prefix_sids.first = merge->prefix_sids.count;
        for (; at < count && items[at].node == node && status == PCE_OK; at++) {
            if (!items[at].is_own && !items[at].is_anycast)
                continue;
            if (!items[at].is_anycast)
                status = prefixes_add_address(merge, node, &items[at].entry->prefix);
            if (status == PCE_OK)
                status = prefixes_add_sids(merge, &items[at]);
        }
        if (status == PCE_OK)
            status = prefixes_add_said(merge, node);
    }
    return status;
}

enum pce_status merge_prefixes(struct merge *merge)
{
    size_t room = merge->entries[RIB_KIND_PREFIX].count + (size_t)1;
    struct prefixes_item *items = malloc(room * sizeof *items);
    struct prefixes_order *orders = malloc(room * sizeof *orders);
    enum pce_status status = PCE_NO_MEMORY;
    if (items != NULL && orders != NULL) {
        uint32_t count = prefixes_take(merge, items);
        status = prefixes_claim_router_ids(merge);
        if (status == PCE_OK)
            status = prefixes_judge_all(merge, items, count);
        if (status == PCE_OK) {
            prefixes_sort_by_node(merge, items, count, orders);
            status = prefixes_give(merge, items, count);
        }
    }
    free(orders);
    free(items);
    return status;
}
