/* Changes of links followed: what lies between two nodes is merged anew, as a whole merge does it. */
#include "core/base/check.h"
#include "core/ted/builder_impl.h"
#include "core/ted/rib_build.h"
#include "core/ted/rib_follow.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is between two nodes ---- */

/* Who tells of both nodes, and the links that lead from either to the other one. */
static enum pce_status follow_collect(struct merge *merge, const struct follow_pair *pair)
{
    struct merge_entries *links = &merge->entries[RIB_KIND_LINK];
    uint32_t kept = 0;
    enum pce_status status = merge_collect_of(merge, RIB_KIND_NODE, pair->low, pair->high);
    if (status == PCE_OK)
        status = merge_collect_of(merge, RIB_KIND_LINK, pair->low, pair->high);
    for (uint32_t i = 0; i < links->count && status == PCE_OK; i++) {
        uint32_t to = merge_node_of(merge, links->at[i]->remote);
        if (to == pair->low || to == pair->high)
            links->at[kept++] = links->at[i];
    }
    links->count = kept;
    return status;
}

/* The merged links of a pair, both directions. PCE_UNSUPPORTED: something contradicts itself. */
static enum pce_status follow_merge_pair(struct following *following,
                                         const struct follow_pair *pair)
{
    struct merge *merge = following->merge;
    merge->halves.count = merge->links.count = 0;
    enum pce_status status = follow_collect(merge, pair);
    if (status == PCE_OK)
        status = merge_links(merge);
    if (status != PCE_OK)
        return status;
    merge_ends(merge);
    merge_sort_links(merge);
    return follow_is_clean(&following->findings) ? PCE_OK : PCE_UNSUPPORTED;
}

/* ---- places ---- */

/* The places of links from one node to another: they stand together. */
static struct ted_range follow_places(const struct ted_snapshot *before, uint32_t from, uint32_t to)
{
    uint32_t low = 0, high = before->link_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct ted_link *link = &before->links[middle];
        if (link->from < from || (link->from == from && link->to < to))
            low = middle + 1;
        else
            high = middle;
    }
    struct ted_range range = {.first = low};
    while (low < before->link_count && before->links[low].from == from &&
           before->links[low].to == to) {
        low++;
        range.count++;
    }
    return range;
}

static bool follow_is_taken(const struct following *following, uint32_t first, uint32_t place)
{
    const struct ted_patch_item *items = following->items.items;
    for (uint32_t i = first; i < following->items.count; i++)
        if (items[i].link == place)
            return true;
    return false;
}

static enum pce_status follow_add_item(struct following *following, uint32_t place,
                                       const struct ted_link_spec *spec)
{
    const struct ted_patch_item item = {.link = place, .spec = spec};
    enum pce_status status = ted_array_reserve(&following->items, 1);
    if (status == PCE_OK)
        (void)ted_array_append(&following->items, &item, 1);
    return status;
}

/* The first place of these ends that has no link yet. */
static enum pce_status follow_place_link(struct following *following, struct ted_range places,
                                         uint32_t first_item, const struct ted_link_spec *spec)
{
    for (uint32_t place = places.first; place < places.first + places.count; place++)
        if (ted_link_has_ends(&following->before->links[place], spec) &&
            !follow_is_taken(following, first_item, place))
            return follow_add_item(following, place, spec);
    return PCE_UNSUPPORTED;
}

/* ---- one direction ---- */

static bool follow_labels_clash(const struct following *following, uint32_t first_item)
{
    const struct ted_patch_item *items = following->items.items;
    for (uint32_t i = first_item; i < following->items.count; i++)
        for (uint32_t j = 0; items[i].spec != NULL && j < items[i].spec->adj_sid_count; j++)
            if (ted_label_may_clash(following->before, items[i].link,
                                    items[i].spec->adj_sids[j].label))
                return true;
    return false;
}

/* One that stays as long as the items that point into it. */
static struct merge_building *follow_new_building(struct following *following)
{
    struct merge_building *building = malloc(sizeof *building);
    if (building == NULL || ted_array_reserve(&following->buildings, 1) != PCE_OK) {
        free(building);
        return NULL;
    }
    (void)ted_array_append(&following->buildings, (const void *)&building, 1);
    return building;
}

static enum pce_status follow_place_links(struct following *following, uint32_t from, uint32_t to,
                                          struct ted_range places)
{
    const struct merged_link *links = following->merge->links.items;
    uint32_t first_item = following->items.count;
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < following->merge->links.count && status == PCE_OK; i++) {
        if (links[i].from != from || links[i].to != to)
            continue;
        struct merge_building *building = follow_new_building(following);
        status =
            building == NULL ? PCE_NO_MEMORY : merge_specify_link(following->merge, i, building);
        if (status == PCE_OK && !follow_is_clean(&following->findings))
            status = PCE_UNSUPPORTED;
        if (status == PCE_OK)
            status = follow_place_link(following, places, first_item, &building->spec);
    }
    return status;
}

/* Items that change nothing are none. */
static void follow_keep_changes(struct following *following, uint32_t first_item)
{
    struct ted_patch_item *items = following->items.items;
    uint32_t kept = first_item;
    for (uint32_t i = first_item; i < following->items.count; i++)
        if (ted_patch_changes(following->before, &items[i]))
            items[kept++] = items[i];
    following->items.count = kept;
}

static enum pce_status follow_note_half(struct following *following, uint32_t from, uint32_t to,
                                        bool lacks)
{
    const struct follow_half half = {from, to, lacks};
    enum pce_status status = ted_array_reserve(&following->half_links, 1);
    if (status == PCE_OK)
        (void)ted_array_append(&following->half_links, &half, 1);
    return status;
}

struct follow_direction {
    bool was, is; /* whether there is a link */
};

static bool follow_has_lan(const struct merge *base, struct ted_range places)
{
    const uint8_t *lan_places = base->lan_places.items;
    for (uint32_t place = places.first; place < places.first + places.count; place++)
        if (lan_places[place] != 0)
            return true;
    return false;
}

static enum pce_status follow_direction(struct following *following, uint32_t from, uint32_t to,
                                        struct follow_direction *direction)
{
    const struct ted_snapshot *before = following->before;
    struct ted_range places = follow_places(before, merge_node(following->merge, from)->index,
                                            merge_node(following->merge, to)->index);
    uint32_t first_item = following->items.count;
    if (follow_has_lan(following->merge, places))
        return PCE_UNSUPPORTED;
    enum pce_status status = follow_place_links(following, from, to, places);
    direction->is = following->items.count > first_item;
    for (uint32_t i = places.first; i < places.first + places.count && status == PCE_OK; i++) {
        direction->was = direction->was || !before->links[i].is_gone;
        if (!before->links[i].is_gone && !follow_is_taken(following, first_item, i))
            status = follow_add_item(following, i, NULL);
    }
    if (status == PCE_OK && follow_labels_clash(following, first_item))
        status = PCE_UNSUPPORTED;
    follow_keep_changes(following, first_item);
    return status;
}

enum pce_status follow_pair(struct following *following, const struct follow_pair *pair)
{
    struct follow_direction up = {.was = false}, down = {.was = false};
    enum pce_status status = follow_merge_pair(following, pair);
    if (status == PCE_OK)
        status = follow_direction(following, pair->low, pair->high, &up);
    if (status == PCE_OK)
        status = follow_direction(following, pair->high, pair->low, &down);
    if (status == PCE_OK && (up.was && !down.was) != (up.is && !down.is))
        status = follow_note_half(following, pair->low, pair->high, up.is && !down.is);
    if (status == PCE_OK && (down.was && !up.was) != (down.is && !up.is))
        status = follow_note_half(following, pair->high, pair->low, down.is && !up.is);
    return status;
}

void follow_tell_halves(struct following *following)
{
    const struct follow_half *halves = following->half_links.items;
    for (uint32_t i = 0; i < following->half_links.count; i++) {
        char from[MERGE_TEXT_SIZE], to[MERGE_TEXT_SIZE];
        (void)merge_node_text(following->merge, halves[i].from, from);
        (void)merge_node_text(following->merge, halves[i].to, to);
        if (halves[i].lacks)
            rib_findings_add(following->all, RIB_HALF_LINK, "%s to %s", from, to);
        else
            rib_findings_drop(following->all, RIB_HALF_LINK, "%s to %s", from, to);
    }
}
