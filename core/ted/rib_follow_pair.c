/* Changes of links followed: what lies between two routers is merged anew, as a whole merge does it. */
#include "core/ted/rib_follow.h"

/* ---- what is told ---- */

/* Nodes of which a pair is made: the two routers first, then the LANs that both may be on. */
struct pair_nodes {
    struct following *following;
    struct ted_array at; /* uint32_t */
};

static bool pair_has(const struct ted_array *nodes, uint32_t node)
{
    for (uint32_t i = 0; i < nodes->count; i++)
        if (((const uint32_t *)nodes->items)[i] == node)
            return true;
    return false;
}

/* Links of the two that end at the other one, or at any LAN. */
static bool pair_keeps_outer(void *context, const struct rib_entry *entry)
{
    const struct pair_nodes *nodes = context;
    const struct merge *merge = nodes->following->merge;
    uint32_t to = merge_node_of(merge, entry->remote);
    nodes->following->looked++;
    return to != TED_NONE && (merge_node(merge, to)->is_lan || pair_has(&nodes->at, to));
}

static bool pair_keeps_inner(void *context, const struct rib_entry *entry)
{
    const struct pair_nodes *nodes = context;
    nodes->following->looked++;
    return pair_has(&nodes->at, merge_node_of(nodes->following->merge, entry->remote));
}

static enum pce_status pair_collect_kind(struct pair_nodes *nodes, enum rib_kind kind,
                                         merge_keep_fn *keep)
{
    const struct merge_choice choice = {.kind = kind,
                                        .nodes = nodes->at.items,
                                        .node_count = nodes->at.count,
                                        .keep = keep,
                                        .context = nodes};
    return merge_collect_of(nodes->following->merge, &choice);
}

/* The LANs that links of either router lead to; what the other one is not on adds nothing. */
static enum pce_status pair_take_lans(struct pair_nodes *nodes)
{
    struct merge *merge = nodes->following->merge;
    const struct merge_entries *links = &merge->entries[RIB_KIND_LINK];
    for (uint32_t i = 0; i < links->count; i++) {
        uint32_t to = merge_node_of(merge, links->at[i]->remote);
        if (pair_has(&nodes->at, to))
            continue;
        if ((merge->delicate[to] & MERGE_DELICATE_LINKS) != 0 ||
            nodes->at.count >= 2 + FOLLOW_LANS_MAX)
            return PCE_UNSUPPORTED;
        if (ted_array_reserve(&nodes->at, 1) != PCE_OK)
            return PCE_NO_MEMORY;
        (void)ted_array_append(&nodes->at, &to, 1);
    }
    return PCE_OK;
}

/* Who tells of the nodes, and the links between them. */
static enum pce_status pair_collect(struct following *following, const struct follow_pair *pair)
{
    struct pair_nodes nodes = {.following = following};
    ted_array_init(&nodes.at, sizeof(uint32_t));
    enum pce_status status = ted_array_reserve(&nodes.at, 2);
    if (status == PCE_OK) {
        (void)ted_array_append(&nodes.at, &pair->low, 1);
        (void)ted_array_append(&nodes.at, &pair->high, 1);
        status = pair_collect_kind(&nodes, RIB_KIND_LINK, pair_keeps_outer);
    }
    if (status == PCE_OK)
        status = pair_take_lans(&nodes);
    if (status == PCE_OK && nodes.at.count > 2)
        status = pair_collect_kind(&nodes, RIB_KIND_LINK, pair_keeps_inner);
    if (status == PCE_OK)
        status = pair_collect_kind(&nodes, RIB_KIND_NODE, NULL);
    ted_array_fini(&nodes.at);
    return status == PCE_OK && following->looked > FOLLOW_LOOKED_MAX ? PCE_UNSUPPORTED : status;
}

/* The merged links of a pair, both directions. PCE_UNSUPPORTED: something contradicts itself. */
static enum pce_status pair_merge(struct following *following, const struct follow_pair *pair)
{
    struct merge *merge = following->merge;
    merge->halves.count = merge->links.count = 0;
    enum pce_status status = pair_collect(following, pair);
    if (status == PCE_OK)
        status = merge_links(merge);
    if (status == PCE_OK)
        status = merge_lans(merge);
    if (status != PCE_OK)
        return status;
    merge_ends(merge);
    merge_sort_links(merge);
    return follow_is_clean(&following->findings) ? PCE_OK : PCE_UNSUPPORTED;
}

/* ---- what is found of it ---- */

static enum pce_status follow_note_half(struct following *following, uint32_t from, uint32_t to,
                                        bool lacks)
{
    const struct follow_half half = {from, to, lacks};
    enum pce_status status = ted_array_reserve(&following->half_links, 1);
    if (status == PCE_OK)
        (void)ted_array_append(&following->half_links, &half, 1);
    return status;
}

enum pce_status follow_pair(struct following *following, const struct follow_pair *pair)
{
    struct follow_direction up = {.was = false}, down = {.was = false};
    enum pce_status status = pair_merge(following, pair);
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
