/* Changes of nodes followed: what is told of a node is merged anew, as a whole merge does it, and what
 * it had and has is given up and claimed again. */
#include "core/ted/rib_build.h"
#include "core/ted/rib_follow.h"

#include <stdlib.h>
#include <string.h>

static const struct ted_node *node_before(const struct following *following,
                                          const struct merged_node *merged)
{
    return &following->before->nodes[merged->index];
}

/* ---- what it had ---- */

static enum pce_status node_leave_indexes(struct following *following, const struct ted_node *had,
                                          uint32_t node)
{
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < had->prefix_sids.count && status == PCE_OK; i++) {
        const struct ted_prefix_sid *sid =
            &following->before->prefix_sids[had->prefix_sids.first + i];
        if (!sid->is_anycast)
            status = merge_leave_index(following->merge, sid->index, node);
    }
    return status;
}

/* What a list has no room for may have been claimed all the same. */
static enum pce_status node_leave(struct following *following, const struct follow_node *item)
{
    const struct ted_node *had = node_before(following, &item->before);
    struct merge *merge = following->merge;
    if (had->addresses.count == TED_NODE_ADDRESSES_MAX)
        return PCE_UNSUPPORTED;
    enum pce_status status = merge_leave_address(merge, &had->router_id_v4, item->node);
    if (status == PCE_OK)
        status = merge_leave_address(merge, &had->router_id_v6, item->node);
    for (uint32_t i = 0; i < had->addresses.count && status == PCE_OK; i++)
        status = merge_leave_address(merge, &following->before->addresses[had->addresses.first + i],
                                     item->node);
    return status == PCE_OK ? node_leave_indexes(following, had, item->node) : status;
}

/* ---- what it has ---- */

/* The node is made of entries of the same names, and somebody tells of it. */
static bool node_is_there(const struct merge *merge)
{
    const struct merge_entries *entries = &merge->entries[RIB_KIND_NODE];
    for (uint32_t i = 0; i < entries->count; i++)
        if (!merge->rib->sources[entries->at[i]->source].is_complement)
            return true;
    return false;
}

static enum pce_status node_collect(struct merge *merge, uint32_t node)
{
    static const enum rib_kind kinds[] = {RIB_KIND_NODE, RIB_KIND_PREFIX, RIB_KIND_SRV6_SID};
    enum pce_status status = PCE_OK;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && status == PCE_OK; i++)
        status = merge_collect_of(
            merge, &(const struct merge_choice){.kind = kinds[i], .nodes = &node, .node_count = 1});
    return status == PCE_OK && !node_is_there(merge) ? PCE_UNSUPPORTED : status;
}

/* An address that it has given up is the end of a link all the same. */
static enum pce_status node_claim_link(struct merge *merge, const struct ip *v4,
                                       const struct ip *v6, uint32_t node)
{
    enum pce_status status = merge_claim_address(merge, v4, node);
    if (status == PCE_OK)
        status = merge_claim_address(merge, v6, node);
    return status == PCE_EXISTS ? PCE_UNSUPPORTED : status;
}

static enum pce_status node_claim_links(struct following *following, uint32_t node)
{
    const struct ted_snapshot *s = following->before;
    uint32_t index = merge_node(following->merge, node)->index;
    enum pce_status status = PCE_OK;
    for (uint32_t i = s->first_edge[index]; i < s->first_edge[index + 1] && status == PCE_OK; i++) {
        const struct ted_link *link = &s->links[s->edges[i].link];
        status = node_claim_link(following->merge, &link->local_v4, &link->local_v6, node);
    }
    for (uint32_t i = s->reverse_first_edge[index];
         i < s->reverse_first_edge[index + 1] && status == PCE_OK; i++) {
        const struct ted_link *link = &s->links[s->reverse_edges[i].link];
        status = node_claim_link(following->merge, &link->remote_v4, &link->remote_v6, node);
    }
    return status;
}

static enum pce_status node_merge(struct following *following, const struct follow_node *item)
{
    struct merge *merge = following->merge;
    struct merged_node *merged = merge_node(merge, item->node);
    *merged = (struct merged_node){.name = item->before.name, .index = item->before.index};
    merge->due = (struct ted_range){.first = item->node, .count = 1};
    enum pce_status status = node_collect(merge, item->node);
    if (status == PCE_OK)
        status = merge_read_nodes(merge);
    if (status == PCE_OK)
        status = merge_prefixes(merge);
    if (status == PCE_OK)
        status = merge_srv6_sids(merge);
    if (status == PCE_OK)
        status = node_claim_links(following, item->node);
    return status;
}

/* ---- what a patch is to make of it ---- */

/* What was found of links names their nodes. */
static bool node_has_half_link(const struct ted_snapshot *s, uint32_t index)
{
    for (uint32_t i = s->first_edge[index]; i < s->first_edge[index + 1]; i++)
        if (s->edges[i].is_one_way)
            return true;
    for (uint32_t i = s->reverse_first_edge[index]; i < s->reverse_first_edge[index + 1]; i++)
        if (s->reverse_edges[i].is_one_way)
            return true;
    return false;
}

static bool node_may_be_called(const struct following *following, uint32_t index, const char *name)
{
    const struct ted_snapshot *before = following->before;
    return strcmp(before->nodes[index].name, name) == 0 ||
           (following->all->counts[RIB_NAME_TWICE] == 0 && !node_has_half_link(before, index) &&
            ted_find_node_by_name(before, name) == TED_NONE);
}

static enum pce_status node_specify(struct following *following, struct follow_node *item)
{
    uint32_t index = item->before.index;
    item->building = malloc(sizeof *item->building);
    if (item->building == NULL)
        return PCE_NO_MEMORY;
    const struct ted_patch_node patched = {.node = index, .spec = &item->building->spec};
    if (merge_specify_node(following->merge, item->node, item->building) != PCE_OK ||
        !node_may_be_called(following, index, item->building->name) ||
        !follow_is_clean(&following->findings) ||
        (following->merge->delicate[item->node] & MERGE_DELICATE_NODE) != 0)
        return PCE_UNSUPPORTED;
    if (!ted_patch_changes_node(following->before, &patched))
        return PCE_OK;
    if (ted_array_reserve(&following->node_items, 1) != PCE_OK)
        return PCE_NO_MEMORY;
    (void)ted_array_append(&following->node_items, &patched, 1);
    return PCE_OK;
}

/* ---- all ---- */

enum pce_status follow_nodes(struct following *following)
{
    struct follow_node *nodes = following->nodes.items;
    uint32_t count = following->nodes.count;
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < count; i++)
        nodes[i].before = *merge_node(following->merge, nodes[i].node);
    for (uint32_t i = 0; i < count && status == PCE_OK; i++)
        status = node_leave(following, &nodes[i]);
    for (uint32_t i = 0; i < count && status == PCE_OK; i++)
        status = node_merge(following, &nodes[i]);
    /* Lists stay where they are from here on. */
    for (uint32_t i = 0; i < count && status == PCE_OK; i++)
        status = node_specify(following, &nodes[i]);
    return status;
}

void follow_undo_nodes(struct following *following)
{
    const struct follow_node *nodes = following->nodes.items;
    for (uint32_t i = 0; i < following->nodes.count; i++)
        if (nodes[i].before.index != TED_NONE)
            *merge_node(following->merge, nodes[i].node) = nodes[i].before;
    merge_undo_claims(following->merge);
}

/* ---- what was found ---- */

static void node_tell_overload(const struct following *following, const struct follow_node *item,
                               const struct ted_snapshot *snapshot)
{
    const struct merged_node *was = &item->before, *is = merge_node(following->merge, item->node);
    if (was->is_overloaded && was->is_passed)
        rib_findings_drop(following->all, RIB_OVERLOAD_IN_PART, "%s",
                          node_before(following, was)->name);
    if (is->is_overloaded && is->is_passed)
        rib_findings_add(following->all, RIB_OVERLOAD_IN_PART, "%s",
                         snapshot->nodes[is->index].name);
}

void follow_tell_nodes(const struct following *following, const struct ted_snapshot *snapshot)
{
    const struct follow_node *nodes = following->nodes.items;
    if (snapshot == NULL)
        snapshot = following->before;
    for (uint32_t i = 0; i < following->nodes.count; i++)
        node_tell_overload(following, &nodes[i], snapshot);
    if (following->node_items.count == 0)
        return;
    rib_findings_forget(following->all, RIB_FLEX_CONFLICT);
    rib_findings_forget(following->all, RIB_FLEX_UNKNOWN);
    following->merge->findings = following->all;
    merge_find_flexes(following->merge, snapshot);
}
