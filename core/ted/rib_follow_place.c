/* Where links that are followed stand in the snapshot: at the places that they had, or behind all; and what all
 * that is followed asks of what was found. */
#include "core/base/check.h"
#include "core/ted/builder_impl.h"
#include "core/ted/rib_build.h"
#include "core/ted/rib_follow.h"

#include <stdlib.h>

/* ---- findings ---- */

bool follow_is_clean(const struct rib_findings *findings)
{
    for (unsigned kind = 0; kind < RIB_FINDING_COUNT; kind++)
        if (kind != RIB_HALF_LINK && kind != RIB_OVERLOAD_IN_PART && findings->counts[kind] != 0)
            return false;
    return true;
}

/* ---- places ---- */

/* Those that the last whole merge made stand together. */
static uint32_t place_find(const struct following *following, uint32_t from, uint32_t to)
{
    const struct ted_link *links = following->before->links;
    uint32_t low = 0, high = following->merge->place_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (links[middle].from < from || (links[middle].from == from && links[middle].to < to))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum pce_status place_add(struct following *following, uint32_t place)
{
    if (ted_array_reserve(&following->places, 1) != PCE_OK)
        return PCE_NO_MEMORY;
    (void)ted_array_append(&following->places, &place, 1);
    return PCE_OK;
}

/* The places of links from one node to another, in their order. */
static enum pce_status place_take(struct following *following, uint32_t from, uint32_t to)
{
    const struct ted_snapshot *before = following->before;
    enum pce_status status = PCE_OK;
    following->places.count = 0;
    for (uint32_t i = place_find(following, from, to);
         i < following->merge->place_count && before->links[i].from == from &&
         before->links[i].to == to && status == PCE_OK;
         i++)
        status = place_add(following, i);
    for (uint32_t i = following->merge->place_count; i < before->link_count && status == PCE_OK;
         i++)
        if (before->links[i].from == from && before->links[i].to == to)
            status = place_add(following, i);
    return status;
}

static bool place_is_taken(const struct following *following, uint32_t first, uint32_t place)
{
    const struct ted_patch_item *items = following->items.items;
    for (uint32_t i = first; i < following->items.count; i++)
        if (items[i].link == place)
            return true;
    return false;
}

static enum pce_status place_add_item(struct following *following, uint32_t place,
                                      const struct ted_link_spec *spec)
{
    const struct ted_patch_item item = {.link = place, .spec = spec};
    enum pce_status status = ted_array_reserve(&following->items, 1);
    if (status == PCE_OK)
        (void)ted_array_append(&following->items, &item, 1);
    return status;
}

/* A place behind all others. */
static enum pce_status place_append(struct following *following, const struct ted_link_spec *spec)
{
    uint32_t place = following->before->link_count + following->new_count;
    if (place - following->merge->place_count >= FOLLOW_NEW_MAX)
        return PCE_UNSUPPORTED;
    following->new_count++;
    return place_add_item(following, place, spec);
}

/* The first place of these ends that has no link yet. */
static enum pce_status place_link(struct following *following, uint32_t first_item,
                                  const struct ted_link_spec *spec)
{
    const uint32_t *places = following->places.items;
    for (uint32_t i = 0; i < following->places.count; i++)
        if (ted_link_has_ends(&following->before->links[places[i]], spec) &&
            !place_is_taken(following, first_item, places[i]))
            return place_add_item(following, places[i], spec);
    return place_append(following, spec);
}

/* ---- what a link is known by ---- */

static bool place_labels_clash(const struct following *following, uint32_t first_item)
{
    const struct ted_patch_item *items = following->items.items;
    for (uint32_t i = first_item; i < following->items.count; i++)
        for (uint32_t j = 0; items[i].spec != NULL && j < items[i].spec->adj_sid_count; j++)
            if (ted_label_may_clash(following->before, &items[i], items[i].spec->adj_sids[j].label))
                return true;
    return false;
}

/* Whether another link has one of the interface ids at its end. */
static bool place_ids_clash(const struct ted_snapshot *before, const struct ted_patch_item *item)
{
    const struct ted_link_spec *spec = item->spec;
    const struct ted_link *links = before->links;
    if (links == NULL)
        return false;
    for (uint32_t i = before->first_edge[spec->from]; i < before->first_edge[spec->from + 1]; i++) {
        uint32_t other = before->edges[i].link;
        if (other != item->link && links[other].local_id == spec->local_id)
            return true;
    }
    for (uint32_t i = before->reverse_first_edge[spec->to];
         i < before->reverse_first_edge[spec->to + 1]; i++) {
        uint32_t other = before->reverse_edges[i].link;
        if (other != item->link && links[other].remote_id == spec->remote_id)
            return true;
    }
    return false;
}

/* Ids of links that come are claimed as labels are, each end apart. */
#define PLACE_LOCAL  (UINT32_C(1) << 30)
#define PLACE_REMOTE (UINT32_C(1) << 31)
_Static_assert(TED_NODES_MAX < PLACE_LOCAL, "a node's index leaves the bits free");

static enum pce_status place_claim_ids(struct following *following,
                                       const struct ted_patch_item *item)
{
    const struct ted_link *was = ted_link_before(following->before, item->link);
    const struct ted_link_spec *spec = item->spec;
    if (spec->local_id == 0 || (was != NULL && !was->is_gone))
        return PCE_OK;
    if (place_ids_clash(following->before, item))
        return PCE_UNSUPPORTED;
    enum pce_status status =
        merge_claim_label(following->merge, spec->from | PLACE_LOCAL, spec->local_id);
    if (status == PCE_OK)
        status = merge_claim_label(following->merge, spec->to | PLACE_REMOTE, spec->remote_id);
    return status == PCE_EXISTS ? PCE_UNSUPPORTED : status;
}

/* A new end of a link is whose it says, unless somebody has it. */
static enum pce_status place_claim_ends(struct following *following, const struct merged_link *link,
                                        const struct ted_link_spec *spec)
{
    const struct {
        const struct ip *address, *told;
        uint32_t node;
    } ends[] = {{&spec->local_v4, &link->local_v4, link->from},
                {&spec->local_v6, &link->local_v6, link->from},
                {&spec->remote_v4, &link->remote_v4, link->to},
                {&spec->remote_v6, &link->remote_v6, link->to}};
    enum pce_status status = PCE_OK;
    for (size_t i = 0; i < sizeof ends / sizeof *ends && status == PCE_OK; i++) {
        if (!ip_is_equal(ends[i].address, ends[i].told))
            return PCE_UNSUPPORTED;
        status = merge_claim_address(following->merge, ends[i].address, ends[i].node);
    }
    return status == PCE_EXISTS ? PCE_UNSUPPORTED : status;
}

/* ---- one direction ---- */

/* One that stays as long as the items that point into it. */
static struct merge_building *place_new_building(struct following *following)
{
    struct merge_building *building = malloc(sizeof *building);
    if (building == NULL || ted_array_reserve(&following->buildings, 1) != PCE_OK) {
        free(building);
        return NULL;
    }
    (void)ted_array_append(&following->buildings, (const void *)&building, 1);
    return building;
}

static enum pce_status place_one(struct following *following, uint32_t link, uint32_t first_item)
{
    const struct merged_link *links = following->merge->links.items;
    struct merge_building *building = place_new_building(following);
    if (building == NULL)
        return PCE_NO_MEMORY;
    enum pce_status status = merge_specify_link(following->merge, link, building);
    if (status == PCE_OK && !follow_is_clean(&following->findings))
        status = PCE_UNSUPPORTED;
    if (status == PCE_OK)
        status = place_claim_ends(following, &links[link], &building->spec);
    if (status == PCE_OK)
        status = place_link(following, first_item, &building->spec);
    if (status != PCE_OK)
        return status;
    const struct ted_patch_item *items = following->items.items;
    return place_claim_ids(following, &items[following->items.count - 1]);
}

static enum pce_status place_links(struct following *following, uint32_t from, uint32_t to)
{
    const struct merged_link *links = following->merge->links.items;
    uint32_t first_item = following->items.count;
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < following->merge->links.count && status == PCE_OK; i++)
        if (links[i].from == from && links[i].to == to)
            status = place_one(following, i, first_item);
    return status;
}

/* Items that change nothing are none. */
static void place_keep_changes(struct following *following, uint32_t first_item)
{
    struct ted_patch_item *items = following->items.items;
    uint32_t kept = first_item;
    for (uint32_t i = first_item; i < following->items.count; i++)
        if (ted_patch_changes(following->before, &items[i]))
            items[kept++] = items[i];
    following->items.count = kept;
}

enum pce_status follow_direction(struct following *following, uint32_t from, uint32_t to,
                                 struct follow_direction *direction)
{
    const struct ted_snapshot *before = following->before;
    uint32_t first_item = following->items.count;
    enum pce_status status = place_take(following, merge_node(following->merge, from)->index,
                                        merge_node(following->merge, to)->index);
    if (status == PCE_OK)
        status = place_links(following, from, to);
    direction->is = following->items.count > first_item;
    for (uint32_t i = 0; i < following->places.count && status == PCE_OK; i++) {
        uint32_t place = ((const uint32_t *)following->places.items)[i];
        direction->was = direction->was || !before->links[place].is_gone;
        if (!before->links[place].is_gone && !place_is_taken(following, first_item, place))
            status = place_add_item(following, place, NULL);
    }
    if (status == PCE_OK && place_labels_clash(following, first_item))
        status = PCE_UNSUPPORTED;
    place_keep_changes(following, first_item);
    return status;
}
