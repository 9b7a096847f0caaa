/* Changes of links followed: what lies between two nodes is merged anew, and the snapshot before is
 * patched with it.
 *
 * A merge reads of a link what its two nodes' entries say, who is believed of either node, and who
 * has which address, label and interface id. The first two are looked at here as a merge does. The
 * rest does not change as long as all links are among those of the last whole merge, by their
 * addresses and ids, and nothing contradicted itself there: nodes where it did are delicate, and
 * their links are not followed. */
#include "core/base/check.h"
#include "core/ted/builder_impl.h"
#include "core/ted/patch.h"
#include "core/ted/rib_build.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is between two nodes ---- */

struct follow_pair {
    uint32_t low, high; /* merged nodes */
};

struct following {
    struct rib *rib;
    const struct ted_snapshot *before;
    struct merge merge; /* the last one, with the links of one pair */
    struct rib_findings findings;
    struct rib_findings *all;    /* of the network */
    struct ted_array pairs;      /* struct follow_pair */
    struct ted_array entries;    /* const struct rib_entry *: of the pair */
    struct ted_array buildings;  /* struct merge_building * */
    struct ted_array items;      /* struct ted_patch_item */
    struct ted_array half_links; /* struct follow_half */
};

/* A direction that the other one has come to lack, or lacks no more. */
struct follow_half {
    uint32_t from, to; /* merged nodes */
    bool lacks;
};

static int follow_compare_pairs(const void *left, const void *right)
{
    const struct follow_pair *a = left, *b = right;
    int order = merge_compare_u32(a->low, b->low);
    return order != 0 ? order : merge_compare_u32(a->high, b->high);
}

static uint32_t follow_node_of(const struct merge *base, uint32_t name, uint32_t name_count)
{
    return name < name_count ? base->node_of_name[name] : TED_NONE;
}

/* Whether links of the node may be followed: it is a router, and nothing is odd about it. */
static bool follow_is_plain(const struct merge *base, uint32_t node)
{
    return !merge_node(base, node)->is_lan && merge_node(base, node)->index != TED_NONE &&
           base->is_delicate[node] == 0;
}

/* The pairs of nodes between which something has changed, each once. What ends at a node that
 * nobody tells of is no link. */
static enum pce_status follow_take_pairs(struct following *following)
{
    const struct rib *rib = following->rib;
    const struct rib_mark *marks = rib->marks.items;
    enum pce_status status = ted_array_reserve(&following->pairs, rib->marks.count);
    for (uint32_t i = 0; i < rib->marks.count && status == PCE_OK; i++) {
        uint32_t from = follow_node_of(rib->base, marks[i].from, rib->base->name_count);
        uint32_t to = follow_node_of(rib->base, marks[i].to, rib->base->name_count);
        if (from == TED_NONE || to == TED_NONE || from == to)
            continue;
        if (!follow_is_plain(rib->base, from) || !follow_is_plain(rib->base, to))
            return PCE_UNSUPPORTED;
        const struct follow_pair pair = {from < to ? from : to, from < to ? to : from};
        (void)ted_array_append(&following->pairs, &pair, 1);
    }
    if (following->pairs.count > 0)
        qsort(following->pairs.items, following->pairs.count, sizeof(struct follow_pair),
              follow_compare_pairs);
    return status;
}

/* Links that lead from the names of one node to those of another one. */
static enum pce_status follow_collect(struct following *following, uint32_t from, uint32_t to)
{
    const struct merge *base = following->rib->base;
    enum pce_status status = PCE_OK;
    for (uint32_t i = base->first_name[from]; i < base->first_name[from + 1]; i++) {
        LIST_FOR(link, &following->rib->named[base->names[i]]->links)
        {
            const struct rib_entry *entry = CONTAINER_OF(link, struct rib_entry, of_name);
            if (follow_node_of(base, entry->remote, base->name_count) != to)
                continue;
            status = ted_array_reserve(&following->entries, 1);
            if (status != PCE_OK)
                return status;
            (void)ted_array_append(&following->entries, (const void *)&entry, 1);
        }
    }
    return PCE_OK;
}

static bool follow_is_clean(const struct rib_findings *findings)
{
    for (unsigned kind = 0; kind < RIB_FINDING_COUNT; kind++)
        if (kind != RIB_HALF_LINK && findings->counts[kind] != 0)
            return false;
    return true;
}

/* The merged links of a pair, both directions. PCE_UNSUPPORTED: something contradicts itself. */
static enum pce_status follow_merge_pair(struct following *following,
                                         const struct follow_pair *pair)
{
    struct merge *merge = &following->merge;
    following->entries.count = merge->halves.count = merge->links.count = 0;
    memset(&following->findings, 0, offsetof(struct rib_findings, items));
    enum pce_status status = follow_collect(following, pair->low, pair->high);
    if (status == PCE_OK)
        status = follow_collect(following, pair->high, pair->low);
    merge->entries[RIB_KIND_LINK] =
        (struct merge_entries){following->entries.items, following->entries.count};
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
    const struct merged_link *links = following->merge.links.items;
    uint32_t first_item = following->items.count;
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < following->merge.links.count && status == PCE_OK; i++) {
        if (links[i].from != from || links[i].to != to)
            continue;
        struct merge_building *building = follow_new_building(following);
        status =
            building == NULL ? PCE_NO_MEMORY : merge_specify_link(&following->merge, i, building);
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
    struct ted_range places = follow_places(before, merge_node(&following->merge, from)->index,
                                            merge_node(&following->merge, to)->index);
    uint32_t first_item = following->items.count;
    if (follow_has_lan(&following->merge, places))
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

static enum pce_status follow_pair(struct following *following, const struct follow_pair *pair)
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

/* ---- all ---- */

static void follow_tell_halves(struct following *following)
{
    const struct follow_half *halves = following->half_links.items;
    for (uint32_t i = 0; i < following->half_links.count; i++) {
        char from[MERGE_TEXT_SIZE], to[MERGE_TEXT_SIZE];
        (void)merge_node_text(&following->merge, halves[i].from, from);
        (void)merge_node_text(&following->merge, halves[i].to, to);
        if (halves[i].lacks)
            rib_findings_add(following->all, RIB_HALF_LINK, "%s to %s", from, to);
        else
            rib_findings_drop(following->all, RIB_HALF_LINK, "%s to %s", from, to);
    }
}

static enum pce_status follow_all(struct following *following)
{
    const struct follow_pair *pairs = following->pairs.items;
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < following->pairs.count && status == PCE_OK; i++)
        if (i == 0 || follow_compare_pairs(&pairs[i - 1], &pairs[i]) != 0)
            status = follow_pair(following, &pairs[i]);
    return status;
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
    following->merge = *rib->base;
    following->merge.findings = &following->findings;
    ted_array_init(&following->merge.halves, sizeof(struct merge_half));
    ted_array_init(&following->merge.links, sizeof(struct merged_link));
    ted_array_init(&following->merge.labels, sizeof(uint64_t));
    ted_array_init(&following->pairs, sizeof(struct follow_pair));
    ted_array_init(&following->entries, sizeof(const struct rib_entry *));
    ted_array_init(&following->buildings, sizeof(struct merge_building *));
    ted_array_init(&following->items, sizeof(struct ted_patch_item));
    ted_array_init(&following->half_links, sizeof(struct follow_half));
    return following;
}

static void follow_end(struct following *following)
{
    struct merge_building **buildings = following->buildings.items;
    for (uint32_t i = 0; i < following->buildings.count; i++)
        free(buildings[i]);
    ted_array_fini(&following->merge.halves);
    ted_array_fini(&following->merge.links);
    ted_array_fini(&following->merge.labels);
    slots_fini(&following->merge.label_index);
    ted_array_fini(&following->pairs);
    ted_array_fini(&following->entries);
    ted_array_fini(&following->buildings);
    ted_array_fini(&following->items);
    ted_array_fini(&following->half_links);
    free(following);
}

enum pce_status rib_merge_changes(struct rib *rib, const struct ted_snapshot *before,
                                  struct ted_snapshot **snapshot, struct rib_findings *findings)
{
    *snapshot = NULL;
    if (rib->base == NULL || rib->is_whole_due || before == NULL ||
        before->serial != rib->base_serial)
        return PCE_UNSUPPORTED;
    struct following *following = follow_begin(rib, before, findings);
    if (following == NULL)
        return PCE_NO_MEMORY;
    enum pce_status status = follow_take_pairs(following);
    if (status == PCE_OK)
        status = follow_all(following);
    if (status == PCE_OK && following->items.count > 0)
        status =
            ted_snapshot_patch(before, following->items.items, following->items.count, snapshot);
    if (status == PCE_OK) {
        follow_tell_halves(following);
        rib->base_serial = *snapshot == NULL ? rib->base_serial : (*snapshot)->serial;
        rib->marks.count = 0;
    }
    follow_end(following);
    return status;
}
