/* What a patch makes of nodes: their records and lists, their names, whose their SIDs and addresses
 * are. */
#include "core/ted/builder_impl.h"
#include "core/ted/link_change.h"
#include "core/ted/patch_impl.h"

#include <string.h>

static struct ted_node *patch_node(const struct patching *patching, uint32_t node)
{
    return (struct ted_node *)(uintptr_t)&patching->after->nodes[node];
}

/* ---- what is different ---- */

static bool nodes_have_lists(const struct ted_snapshot *s, const struct ted_node *node,
                             const struct ted_node_spec *spec)
{
    return patch_has_items(s->addresses, sizeof *s->addresses, node->addresses, spec->addresses,
                           spec->address_count) &&
           patch_has_items(s->srgbs, sizeof *s->srgbs, node->srgbs, spec->srgbs,
                           spec->srgb_count) &&
           patch_has_items(s->prefix_sids, sizeof *s->prefix_sids, node->prefix_sids,
                           spec->prefix_sids, spec->prefix_sid_count) &&
           patch_has_items(s->algorithms, sizeof *s->algorithms, node->algorithms, spec->algorithms,
                           spec->algorithm_count) &&
           patch_has_items(s->flexes, sizeof *s->flexes, node->flexes, spec->flexes,
                           spec->flex_count) &&
           patch_has_srv6_sids(s, node->srv6_sids, spec->srv6_sids, spec->srv6_sid_count);
}

/* Whether all is as it was that paths read. */
static bool nodes_are_alike(const struct ted_snapshot *s, const struct ted_node *node,
                            const struct ted_node_spec *spec)
{
    return node->msd == spec->msd && node->srv6_msd == spec->srv6_msd &&
           node->is_overloaded == spec->is_overloaded && nodes_have_lists(s, node, spec);
}

bool ted_patch_changes_node(const struct ted_snapshot *before, const struct ted_patch_node *item)
{
    const struct ted_node *node = &before->nodes[item->node];
    const struct ted_node told = ted_node_of_spec(item->spec);
    bool has_position = told.has_position == node->has_position &&
                        !(told.latitude < node->latitude || told.latitude > node->latitude) &&
                        !(told.longitude < node->longitude || told.longitude > node->longitude);
    return !has_position || strcmp(node->name, item->spec->name) != 0 ||
           !nodes_are_alike(before, node, item->spec);
}

/* ---- names ---- */

/* Names of all nodes have moved with their part. */
static void nodes_move_names(struct ted_snapshot *after, const char *was)
{
    for (uint32_t i = 0; i < after->node_count; i++) {
        struct ted_node *node = (struct ted_node *)(uintptr_t)&after->nodes[i];
        node->name = after->name + (node->name - was);
    }
}

/* Room for one more. A name that is given up is still in the index, and leads to a node that has it no more. */
static bool nodes_have_room_for_name(struct patching *patching)
{
    const struct ted_snapshot *after = patching->after;
    const uint64_t slots = (uint64_t)after->name_index.mask + 1;
    if (patching->names_used == 0)
        for (uint64_t i = 0; i < slots; i++)
            patching->names_used += after->name_index.slots[i].value != TED_NONE;
    return 2 * (patching->names_used + 1) <= slots;
}

static enum pce_status nodes_write_name(struct patching *patching, uint32_t node, const char *name)
{
    struct ted_snapshot *after = patching->after;
    const char *was = after->name;
    uint32_t first;
    if (strcmp(after->nodes[node].name, name) == 0)
        return PCE_OK;
    if (ted_find_node_by_name(after, name) != TED_NONE || !nodes_have_room_for_name(patching))
        return PCE_UNSUPPORTED;
    enum pce_status status =
        patch_append(patching, TED_LIST_NAMES, name, (uint32_t)strlen(name) + 1, &first);
    if (status != PCE_OK)
        return status;
    if (after->name != was)
        nodes_move_names(after, was);
    patch_node(patching, node)->name = after->name + first;
    ted_slots_put(after->name_index, ted_hash_name(name), node);
    patching->names_used++;
    return PCE_OK;
}

/* ---- SIDs ---- */

static uint32_t *nodes_sid_owners(const struct patching *patching)
{
    return (uint32_t *)(uintptr_t)patching->after->sid_owners;
}

static void nodes_leave_sids(const struct patching *patching, uint32_t node)
{
    const struct ted_snapshot *before = patching->before;
    struct ted_range range = before->nodes[node].prefix_sids;
    for (uint32_t i = 0; i < range.count; i++) {
        const struct ted_prefix_sid *sid = &before->prefix_sids[range.first + i];
        if (!sid->is_anycast)
            nodes_sid_owners(patching)[sid->index] = TED_NONE;
    }
}

static enum pce_status nodes_take_sid(struct patching *patching, uint32_t node, uint32_t index)
{
    struct ted_snapshot *after = patching->after;
    const uint32_t none = TED_NONE;
    enum pce_status status = PCE_OK;
    uint32_t first;
    while (status == PCE_OK && after->sid_owner_count <= index) {
        status = patch_append(patching, TED_LIST_SID_OWNERS, &none, 1, &first);
        after->sid_owner_count = after->rooms[TED_LIST_SID_OWNERS].count;
    }
    if (status != PCE_OK)
        return status;
    if (after->sid_owners[index] != TED_NONE)
        return PCE_UNSUPPORTED;
    nodes_sid_owners(patching)[index] = node;
    return PCE_OK;
}

static enum pce_status nodes_take_sids(struct patching *patching, const struct ted_patch_node *item)
{
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < item->spec->prefix_sid_count && status == PCE_OK; i++)
        if (!item->spec->prefix_sids[i].is_anycast)
            status = nodes_take_sid(patching, item->node, item->spec->prefix_sids[i].index);
    return status;
}

/* ---- records ---- */

static enum pce_status nodes_write_lists(struct patching *patching,
                                         const struct ted_node_spec *spec, struct ted_node *node)
{
    const struct {
        const void *items;
        uint32_t count;
        enum ted_list list;
        struct ted_range *range;
    } lists[] = {
        {spec->addresses, spec->address_count, TED_LIST_ADDRESSES, &node->addresses},
        {spec->srgbs, spec->srgb_count, TED_LIST_SRGBS, &node->srgbs},
        {spec->prefix_sids, spec->prefix_sid_count, TED_LIST_PREFIX_SIDS, &node->prefix_sids},
        {spec->algorithms, spec->algorithm_count, TED_LIST_ALGORITHMS, &node->algorithms},
        {spec->flexes, spec->flex_count, TED_LIST_FLEXES, &node->flexes},
    };
    enum pce_status status = PCE_OK;
    for (size_t i = 0; i < sizeof lists / sizeof *lists && status == PCE_OK; i++)
        status = patch_write_list(patching, lists[i].list, lists[i].items, lists[i].count,
                                  lists[i].range);
    return status == PCE_OK ? patch_write_srv6_sids(patching, spec->srv6_sids, spec->srv6_sid_count,
                                                    &node->srv6_sids)
                            : status;
}

/* Links of a node that carries no transit are for paths that begin there. */
static enum pce_status nodes_write_transit(struct patching *patching, uint32_t node)
{
    const struct ted_snapshot *before = patching->before;
    enum pce_status status = PCE_OK;
    if (before->nodes[node].is_overloaded == patching->after->nodes[node].is_overloaded)
        return PCE_OK;
    for (uint32_t i = before->first_edge[node];
         i < before->first_edge[node + 1] && status == PCE_OK; i++) {
        status = patch_own(patching, TED_PART_LINKS);
        if (status != PCE_OK)
            return status;
        patch_link(patching, before->edges[i].link)->is_first_only =
            patching->after->nodes[node].is_overloaded;
        patch_note(patching, before->edges[i].link);
    }
    return status;
}

static void nodes_sum_srgbs(const struct patching *patching, uint32_t node)
{
    const struct ted_snapshot *after = patching->after;
    uint32_t *end = (uint32_t *)(uintptr_t)&after->sid_index_ends[node];
    struct ted_range range = after->nodes[node].srgbs;
    *end = 0;
    for (uint32_t i = 0; i < range.count; i++)
        *end += after->srgbs[range.first + i].size;
}

static enum pce_status nodes_write(struct patching *patching, const struct ted_patch_node *item)
{
    const struct ted_node *was = &patching->before->nodes[item->node];
    struct ted_node now = ted_node_of_spec(item->spec);
    struct ted_fault fault;
    if (!ip_is_equal(&was->router_id_v4, &now.router_id_v4) ||
        !ip_is_equal(&was->router_id_v6, &now.router_id_v6) ||
        ted_check_node(item->spec, &fault) != PCE_OK)
        return PCE_UNSUPPORTED;
    now.addresses = was->addresses;
    now.srgbs = was->srgbs;
    now.prefix_sids = was->prefix_sids;
    now.srv6_sids = was->srv6_sids;
    now.algorithms = was->algorithms;
    now.flexes = was->flexes;
    enum pce_status status = nodes_write_lists(patching, item->spec, &now);
    now.name = patching->after->nodes[item->node].name;
    *patch_node(patching, item->node) = now;
    if (status == PCE_OK)
        status = nodes_write_name(patching, item->node, item->spec->name);
    if (status == PCE_OK)
        status = nodes_take_sids(patching, item);
    if (status == PCE_OK)
        status = nodes_write_transit(patching, item->node);
    nodes_sum_srgbs(patching, item->node);
    return status;
}

static void nodes_note(struct patching *patching, const struct ted_patch_node *item)
{
    const struct ted_snapshot *before = patching->before, *after = patching->after;
    const struct ted_node *was = &before->nodes[item->node];
    patching->is_read = patching->is_read || !nodes_are_alike(before, was, item->spec);
    patching->delta->is_relabelled =
        patching->delta->is_relabelled ||
        ted_node_is_relabelled(before, was, after, &after->nodes[item->node]);
}

enum pce_status patch_nodes(struct patching *patching)
{
    if (patching->node_count == 0)
        return PCE_OK;
    enum pce_status status = patch_own(patching, TED_PART_GROUND);
    for (uint32_t i = 0; i < patching->node_count && status == PCE_OK; i++)
        nodes_leave_sids(patching, patching->nodes[i].node);
    for (uint32_t i = 0; i < patching->node_count && status == PCE_OK; i++)
        status = nodes_write(patching, &patching->nodes[i]);
    for (uint32_t i = 0; i < patching->node_count && status == PCE_OK; i++)
        nodes_note(patching, &patching->nodes[i]);
    return status;
}

/* ---- addresses ---- */

static enum pce_status nodes_own(struct patching *patching, const struct ted_snapshot *s,
                                 uint32_t node)
{
    struct ted_range range = s->nodes[node].addresses;
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < range.count && status == PCE_OK; i++) {
        const struct ip address = s->addresses[range.first + i];
        status = patch_owner(patching, &address, node);
    }
    return status;
}

enum pce_status patch_node_owners(struct patching *patching)
{
    enum pce_status status = PCE_OK;
    /* What one gives up another one may have. */
    for (uint32_t i = 0; i < patching->node_count && status == PCE_OK; i++)
        status = nodes_own(patching, patching->before, patching->nodes[i].node);
    for (uint32_t i = 0; i < patching->node_count && status == PCE_OK; i++)
        status = nodes_own(patching, patching->after, patching->nodes[i].node);
    return status;
}
