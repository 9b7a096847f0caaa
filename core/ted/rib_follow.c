/* Changes followed: what is told of some nodes, and between some, is merged anew, and the snapshot
 * before is patched with it.
 *
 * A merge reads of a node what is told of it, and of a link what is told by its two nodes, who is
 * believed of either, and who has which address, index, label and interface id. What is told is looked
 * at here as a merge does. Whose something is changes with the nodes that are looked at, as long as
 * nobody else wants it; where somebody did, or something contradicted itself, nodes are delicate, and
 * are not followed. */
#include "core/ted/rib_follow.h"

#include "core/ted/rib_build.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is to be looked at ---- */

static int follow_compare_pairs(const void *left, const void *right)
{
    const struct follow_pair *a = left, *b = right;
    int order = merge_compare_u32(a->low, b->low);
    return order != 0 ? order : merge_compare_u32(a->high, b->high);
}

static int follow_compare_nodes(const void *left, const void *right)
{
    const struct follow_node *a = left, *b = right;
    return merge_compare_u32(a->node, b->node);
}

/* Whether a node's links, or itself, may be followed: it is a router, and nothing is odd about it. */
static bool follow_is_plain(const struct merge *merge, uint32_t node, unsigned delicate)
{
    return !merge_node(merge, node)->is_lan && merge_node(merge, node)->index != TED_NONE &&
           (merge->delicate[node] & delicate) == 0;
}

static enum pce_status follow_add_routers(struct following *following, uint32_t a, uint32_t b)
{
    const struct merge *merge = following->merge;
    const struct follow_pair pair = {a < b ? a : b, a < b ? b : a};
    if (a == b)
        return PCE_OK;
    if (!follow_is_plain(merge, a, MERGE_DELICATE_LINKS) ||
        !follow_is_plain(merge, b, MERGE_DELICATE_LINKS))
        return PCE_UNSUPPORTED;
    if (ted_array_reserve(&following->pairs, 1) != PCE_OK)
        return PCE_NO_MEMORY;
    (void)ted_array_append(&following->pairs, &pair, 1);
    return PCE_OK;
}

/* A router's link to a LAN, or the LAN's to it, is one to each router that the LAN knows. */
static enum pce_status follow_add_lan(struct following *following, uint32_t lan, uint32_t router)
{
    struct merge *merge = following->merge;
    const struct follow_port port = {lan, router};
    if ((merge->delicate[lan] & MERGE_DELICATE_LINKS) != 0 || merge_node(merge, router)->is_lan)
        return PCE_UNSUPPORTED;
    if (ted_array_reserve(&following->ports, 1) != PCE_OK)
        return PCE_NO_MEMORY;
    (void)ted_array_append(&following->ports, &port, 1);
    const struct merge_choice of_lan = {.kind = RIB_KIND_LINK, .nodes = &lan, .node_count = 1};
    enum pce_status status = merge_collect_of(merge, &of_lan);
    const struct merge_entries *links = &merge->entries[RIB_KIND_LINK];
    following->looked += links->count;
    if (status == PCE_OK && links->count >= RIB_LAN_ROUTERS_MAX)
        return PCE_UNSUPPORTED; /* which routers are left out is said by the whole */
    for (uint32_t i = 0; i < links->count && status == PCE_OK; i++) {
        uint32_t other = merge_node_of(merge, links->at[i]->remote);
        if (other != TED_NONE && !merge_node(merge, other)->is_lan)
            status = follow_add_routers(following, router, other);
    }
    return status;
}

/* What ends at a node that nobody tells of is no link. */
static enum pce_status follow_add_pair(struct following *following, uint32_t from_name,
                                       uint32_t to_name)
{
    const struct merge *merge = following->merge;
    uint32_t from = merge_node_of(merge, from_name), to = merge_node_of(merge, to_name);
    if (from == TED_NONE || to == TED_NONE)
        return PCE_OK;
    if (merge_node(merge, from)->is_lan)
        return follow_add_lan(following, from, to);
    if (merge_node(merge, to)->is_lan)
        return follow_add_lan(following, to, from);
    return follow_add_routers(following, from, to);
}

/* Whether somebody tells of a node that bears the name. */
static bool follow_is_told(const struct rib *rib, uint32_t name)
{
    LIST_FOR(link, &rib->named[name]->entries[RIB_KIND_NODE])
    {
        if (!rib->sources[CONTAINER_OF(link, struct rib_entry, of_name)->source].is_complement)
            return true;
    }
    return false;
}

static enum pce_status follow_add_node(struct following *following, uint32_t name)
{
    const struct follow_node node = {.node = merge_node_of(following->merge, name),
                                     .before = {.index = TED_NONE}};
    if (node.node == TED_NONE)
        return follow_is_told(following->rib, name) ? PCE_UNSUPPORTED : PCE_OK;
    if (!follow_is_plain(following->merge, node.node, MERGE_DELICATE_NODE))
        return PCE_UNSUPPORTED;
    if (ted_array_reserve(&following->nodes, 1) != PCE_OK)
        return PCE_NO_MEMORY;
    (void)ted_array_append(&following->nodes, &node, 1);
    return PCE_OK;
}

/* All links that are told of from the name. */
static enum pce_status follow_add_links(struct following *following, uint32_t name)
{
    enum pce_status status = PCE_OK;
    LIST_FOR(link, &following->rib->named[name]->entries[RIB_KIND_LINK])
    {
        const struct rib_entry *entry = CONTAINER_OF(link, struct rib_entry, of_name);
        following->looked++;
        if (status == PCE_OK)
            status = follow_add_pair(following, name, entry->remote);
    }
    return status;
}

static enum pce_status follow_add(struct following *following, const struct rib_mark *mark)
{
    if (following->looked > FOLLOW_LOOKED_MAX)
        return PCE_UNSUPPORTED;
    if (mark->kind == RIB_MARK_LINK)
        return follow_add_pair(following, mark->from, mark->to);
    enum pce_status status = follow_add_node(following, mark->from);
    return status == PCE_OK && mark->kind == RIB_MARK_TELLER
               ? follow_add_links(following, mark->from)
               : status;
}

/* Sorted, each once. */
static void follow_sort(struct ted_array *array, int (*compare)(const void *, const void *))
{
    char *items = array->items;
    uint32_t kept = 0;
    if (array->count > 0)
        qsort(items, array->count, array->item_size, compare);
    for (uint32_t i = 0; i < array->count; i++) {
        char *item = items + (size_t)i * array->item_size;
        if (kept > 0 && compare(items + (size_t)(kept - 1) * array->item_size, item) == 0)
            continue;
        memmove(items + (size_t)kept++ * array->item_size, item, array->item_size);
    }
    array->count = kept;
}

static int follow_compare_ports(const void *left, const void *right)
{
    const struct follow_port *a = left, *b = right;
    int order = merge_compare_u32(a->lan, b->lan);
    return order != 0 ? order : merge_compare_u32(a->router, b->router);
}

/* Those that have left a LAN together are no neighbours any more either. */
static enum pce_status follow_add_ports(struct following *following)
{
    enum pce_status status = PCE_OK;
    follow_sort(&following->ports, follow_compare_ports);
    const struct follow_port *ports = following->ports.items;
    for (uint32_t i = 0; i < following->ports.count; i++)
        for (uint32_t j = i + 1; j < following->ports.count && ports[j].lan == ports[i].lan; j++) {
            if (status == PCE_OK && j - i > RIB_LAN_ROUTERS_MAX)
                status = PCE_UNSUPPORTED;
            if (status != PCE_OK)
                return status;
            status = follow_add_routers(following, ports[i].router, ports[j].router);
        }
    return status;
}

static enum pce_status follow_take_marks(struct following *following)
{
    const struct rib_mark *marks = following->rib->marks.items;
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < following->rib->marks.count && status == PCE_OK; i++)
        status = follow_add(following, &marks[i]);
    if (status == PCE_OK)
        status = follow_add_ports(following);
    follow_sort(&following->pairs, follow_compare_pairs);
    follow_sort(&following->nodes, follow_compare_nodes);
    return status;
}

/* ---- all ---- */

static enum pce_status follow_pairs(struct following *following)
{
    const struct follow_pair *pairs = following->pairs.items;
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < following->pairs.count && status == PCE_OK; i++)
        status = follow_pair(following, &pairs[i]);
    return status;
}

/* Links that lead to nobody, or to where they come from: each as it is told. */
static void follow_tell_odd(const struct following *following)
{
    const struct rib *rib = following->rib;
    const struct rib_mark *marks = rib->marks.items;
    for (uint32_t i = 0; i < rib->marks.count; i++) {
        char from[RIB_NAME_TEXT_SIZE], to[RIB_NAME_TEXT_SIZE];
        if (marks[i].kind != RIB_MARK_LINK || marks[i].step == 0)
            continue;
        enum rib_finding_kind kind = merge_find_odd_link(following->merge, marks[i].from,
                                                         marks[i].to, marks[i].is_complement);
        if (kind == RIB_FINDING_COUNT)
            continue;
        (void)rib_name_format(&rib->named[marks[i].from]->name, from);
        (void)rib_name_format(&rib->named[marks[i].to]->name, to);
        if (marks[i].step > 0)
            rib_findings_add(following->all, kind, "%s to %s", from, to);
        else
            rib_findings_drop(following->all, kind, "%s to %s", from, to);
    }
}

static enum pce_status follow_patch(const struct following *following,
                                    struct ted_snapshot **snapshot)
{
    const struct ted_patch patch = {.nodes = following->node_items.items,
                                    .node_count = following->node_items.count,
                                    .links = following->items.items,
                                    .link_count = following->items.count};
    if (patch.node_count == 0 && patch.link_count == 0)
        return PCE_OK;
    return ted_snapshot_patch_all(following->before, &patch, snapshot);
}

static struct following *follow_begin(struct rib *rib, const struct ted_snapshot *before,
                                      struct rib_findings *findings)
{
    struct following *following = calloc(1, sizeof *following);
    if (following == NULL)
        return NULL;
    following->rib = rib;
    following->before = before;
    following->all = findings;
    following->merge = rib->base;
    following->merge->findings = &following->findings;
    following->merge->keeps_claims = true;
    ted_array_init(&following->pairs, sizeof(struct follow_pair));
    ted_array_init(&following->ports, sizeof(struct follow_port));
    ted_array_init(&following->nodes, sizeof(struct follow_node));
    ted_array_init(&following->buildings, sizeof(struct merge_building *));
    ted_array_init(&following->items, sizeof(struct ted_patch_item));
    ted_array_init(&following->node_items, sizeof(struct ted_patch_node));
    ted_array_init(&following->half_links, sizeof(struct follow_half));
    ted_array_init(&following->places, sizeof(uint32_t));
    return following;
}

static void follow_end(struct following *following)
{
    struct merge_building **buildings = following->buildings.items;
    const struct follow_node *nodes = following->nodes.items;
    for (uint32_t i = 0; i < following->buildings.count; i++)
        free(buildings[i]);
    for (uint32_t i = 0; i < following->nodes.count; i++)
        free(nodes[i].building);
    ted_array_fini(&following->pairs);
    ted_array_fini(&following->ports);
    ted_array_fini(&following->nodes);
    ted_array_fini(&following->buildings);
    ted_array_fini(&following->items);
    ted_array_fini(&following->node_items);
    ted_array_fini(&following->half_links);
    ted_array_fini(&following->places);
    ted_array_fini(&following->merge->claims);
    merge_drop_scratch(following->merge);
    following->merge->findings = NULL;
    free(following);
}

enum pce_status rib_merge_changes(struct rib *rib, const struct ted_snapshot *before,
                                  struct ted_snapshot **snapshot, struct rib_findings *findings)
{
    typedef enum pce_status follow_step(struct following * following);
    follow_step *const steps[] = {follow_take_marks, follow_nodes, follow_pairs};
    enum pce_status status = PCE_OK;
    *snapshot = NULL;
    if (rib->base == NULL || rib->is_whole_due || before == NULL ||
        before->serial != rib->base_serial)
        return PCE_UNSUPPORTED;
    struct following *following = follow_begin(rib, before, findings);
    if (following == NULL)
        return PCE_NO_MEMORY;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == PCE_OK; i++)
        status = steps[i](following);
    if (status == PCE_OK)
        status = follow_patch(following, snapshot);
    if (status == PCE_OK) {
        follow_tell_nodes(following, *snapshot);
        follow_tell_halves(following);
        rib->base_serial = *snapshot == NULL ? rib->base_serial : (*snapshot)->serial;
        follow_tell_odd(following);
        rib_drop_marks(rib);
    } else {
        follow_undo_nodes(following);
    }
    follow_end(following);
    return status;
}
