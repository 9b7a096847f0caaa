/* What a patch makes of links: their records, and whose their addresses are. */
#include "core/base/check.h"
#include "core/ted/builder_impl.h"
#include "core/ted/patch_impl.h"

#include <string.h>

/* ---- lists ---- */

struct patch_list {
    const void *items;
    uint32_t count;
};

/* The lists of a link as they are told, but for SRv6 SIDs. */
struct patch_lists {
    struct patch_list srlgs, adj_sids;
    uint32_t sorted[TED_LINK_SRLGS_MAX];
};

static void patch_take_lists(const struct ted_link_spec *spec, struct patch_lists *lists)
{
    CHECK(spec->srlg_count <= TED_LINK_SRLGS_MAX); /* cut by whoever specifies a link */
    if (spec->srlg_count > 0)
        memcpy(lists->sorted, spec->srlgs, spec->srlg_count * sizeof *lists->sorted);
    lists->srlgs =
        (struct patch_list){lists->sorted, ted_sort_srlgs(lists->sorted, spec->srlg_count)};
    lists->adj_sids = (struct patch_list){spec->adj_sids, spec->adj_sid_count};
}

static enum pce_status patch_lists(struct patching *patching, const struct ted_link_spec *spec,
                                   struct ted_link *link)
{
    struct patch_lists lists;
    patch_take_lists(spec, &lists);
    enum pce_status status = patch_write_list(patching, TED_LIST_SRLGS, lists.srlgs.items,
                                              lists.srlgs.count, &link->srlgs);
    if (status == PCE_OK)
        status = patch_write_list(patching, TED_LIST_ADJ_SIDS, lists.adj_sids.items,
                                  lists.adj_sids.count, &link->adj_sids);
    if (status == PCE_OK)
        status = patch_write_list(patching, TED_LIST_GROUP_WORDS, spec->groups, spec->group_count,
                                  &link->groups);
    if (status == PCE_OK)
        status = patch_write_srv6_sids(patching, spec->srv6_sids, spec->srv6_sid_count,
                                       &link->srv6_sids);
    return status;
}

static bool patch_shares_srv6_sid(const struct ted_snapshot *before, const struct ted_link *link)
{
    for (uint32_t i = 0; i < link->srv6_sids.count; i++)
        if (before->srv6_sids[link->srv6_sids.first + i].is_shared)
            return true;
    return false;
}

/* ---- records ---- */

static bool patch_has_values(const struct ted_link *link, const struct ted_link_spec *spec)
{
    bool is_same = true;
    for (unsigned priority = 0; priority < TED_PRIORITIES; priority++)
        is_same = is_same && link->unreserved[priority] == spec->unreserved[priority];
#define PATCH_COMPARE(value) is_same = is_same && link->value == spec->value;
    TED_LINK_VALUES(PATCH_COMPARE)
#undef PATCH_COMPARE
    return is_same;
}

/* What is for flexible algorithms, as it is kept. */
struct patch_flex {
    const struct ted_flex_link_spec *told;
    uint32_t srlg_count, srlgs[TED_LINK_SRLGS_MAX];
};

static void patch_take_flex(const struct ted_link_spec *spec, struct patch_flex *flex)
{
    flex->told = &spec->flex;
    CHECK(spec->flex.srlg_count <= TED_LINK_SRLGS_MAX); /* RIB_FLEX_SRLGS_MAX is less */
    if (spec->flex.srlg_count > 0)
        memcpy(flex->srlgs, spec->flex.srlgs, spec->flex.srlg_count * sizeof *flex->srlgs);
    flex->srlg_count = ted_sort_srlgs(flex->srlgs, spec->flex.srlg_count);
}

static bool patch_has_flex(const struct ted_snapshot *before, const struct ted_link *link,
                           const struct ted_link_spec *spec)
{
    struct patch_flex flex;
    if (link->flex_source != spec->flex_source || spec->flex_source != TED_FLEX_TOLD)
        return link->flex_source == spec->flex_source;
    patch_take_flex(spec, &flex);
    const struct ted_flex_link *was = &before->flex_links[link->flex];
    return was->te_metric == flex.told->te_metric && was->delay_min_us == flex.told->delay_min_us &&
           patch_has_items(before->group_words, sizeof(uint32_t), was->groups, flex.told->groups,
                           flex.told->group_count) &&
           patch_has_items(before->srlgs, sizeof(uint32_t), was->srlgs, flex.srlgs,
                           flex.srlg_count);
}

/* Its place is kept while nothing is told. */
static enum pce_status patch_write_flex(struct patching *patching, const struct ted_link_spec *spec,
                                        struct ted_link *link)
{
    struct patch_flex flex;
    struct ted_flex_link now = {.te_metric = 0};
    enum pce_status status = PCE_OK;
    if (spec->flex_source != TED_FLEX_TOLD)
        return PCE_OK;
    patch_take_flex(spec, &flex);
    if (link->flex == TED_NONE)
        status = patch_append(patching, TED_LIST_FLEX_LINKS, &now, 1, &link->flex);
    else
        now = patching->after->flex_links[link->flex];
    now.te_metric = flex.told->te_metric;
    now.delay_min_us = flex.told->delay_min_us;
    if (status == PCE_OK)
        status = patch_write_list(patching, TED_LIST_GROUP_WORDS, flex.told->groups,
                                  flex.told->group_count, &now.groups);
    if (status == PCE_OK)
        status =
            patch_write_list(patching, TED_LIST_SRLGS, flex.srlgs, flex.srlg_count, &now.srlgs);
    if (status == PCE_OK)
        status = patch_own_list(patching, TED_LIST_FLEX_LINKS);
    if (status == PCE_OK)
        memcpy(patch_list_items(patching, TED_LIST_FLEX_LINKS) + link->flex * sizeof now, &now,
               sizeof now);
    return status;
}

bool ted_patch_changes(const struct ted_snapshot *before, const struct ted_patch_item *item)
{
    const struct ted_link *link = ted_link_before(before, item->link);
    if (link == NULL || item->spec == NULL || link->is_gone)
        return link == NULL || (item->spec == NULL) != link->is_gone;
    const struct ted_link_spec *spec = item->spec;
    struct patch_lists lists;
    patch_take_lists(spec, &lists);
    return !patch_has_values(link, spec) || !patch_has_flex(before, link, spec) ||
           !patch_has_items(before->srlgs, sizeof(uint32_t), link->srlgs, lists.srlgs.items,
                            lists.srlgs.count) ||
           !patch_has_items(before->adj_sids, sizeof(struct ted_adj_sid), link->adj_sids,
                            lists.adj_sids.items, lists.adj_sids.count) ||
           !patch_has_items(before->group_words, sizeof(uint32_t), link->groups, spec->groups,
                            spec->group_count) ||
           !patch_has_srv6_sids(before, link->srv6_sids, spec->srv6_sids, spec->srv6_sid_count);
}

bool ted_link_has_ends(const struct ted_link *link, const struct ted_link_spec *spec)
{
    return link->from == spec->from && link->to == spec->to &&
           ip_is_equal(&link->local_v4, &spec->local_v4) &&
           ip_is_equal(&link->remote_v4, &spec->remote_v4) &&
           ip_is_equal(&link->local_v6, &spec->local_v6) &&
           ip_is_equal(&link->remote_v6, &spec->remote_v6) && link->local_id == spec->local_id &&
           link->remote_id == spec->remote_id;
}

/* A link that was never there: a place as if it were gone. */
static enum pce_status patch_add_link(struct patching *patching, const struct ted_link_spec *spec)
{
    static const struct ted_hop none = {.kind = TED_HOP_NONE};
    struct ted_snapshot *after = patching->after;
    struct ted_link link = ted_link_of_spec(spec);
    enum pce_status status = PCE_OK;
    uint32_t place;
    link.flex = TED_NONE;
    link.is_gone = true;
    if (after->link_count == TED_LINKS_MAX)
        return PCE_UNSUPPORTED;
    if (after->link_ends.v4.of_links != NULL)
        status = patch_append(patching, TED_LIST_HOPS_V4, &none, 1, &place);
    if (status == PCE_OK && after->link_ends.v6.of_links != NULL)
        status = patch_append(patching, TED_LIST_HOPS_V6, &none, 1, &place);
    if (status == PCE_OK)
        status = patch_append(patching, TED_LIST_LINKS, &link, 1, &place);
    after->link_count += status == PCE_OK;
    return status;
}

static enum pce_status patch_write_link(struct patching *patching,
                                        const struct ted_patch_item *item)
{
    struct ted_link *link = patch_link(patching, item->link);
    struct ted_fault fault;
    bool is_toggled = (item->spec == NULL) != link->is_gone;
    if (is_toggled && patch_shares_srv6_sid(patching->after, link))
        return PCE_UNSUPPORTED;
    if (item->spec == NULL) {
        link->is_gone = true;
        link->is_two_way = link->has_sibling = false;
        link->reverse = TED_NONE;
        return PCE_OK;
    }
    if (!ted_link_has_ends(link, item->spec) || ted_check_link(item->spec, &fault) != PCE_OK)
        return PCE_UNSUPPORTED;
    struct ted_link told = ted_link_of_spec(item->spec);
    told.reverse = link->reverse;
    told.is_two_way = link->is_two_way;
    told.has_sibling = link->has_sibling;
    told.is_first_only = patching->after->nodes[link->from].is_overloaded;
    told.groups = link->groups;
    told.flex = link->flex;
    told.srlgs = link->srlgs;
    told.adj_sids = link->adj_sids;
    told.srv6_sids = link->srv6_sids;
    enum pce_status status = patch_lists(patching, item->spec, &told);
    if (status == PCE_OK)
        status = patch_write_flex(patching, item->spec, &told);
    *link = told;
    return status;
}

void patch_note(struct patching *patching, uint32_t link)
{
    CHECK(patching->delta->count < patching->delta_max); /* patch_delta_max has counted them */
    patching->delta->links[patching->delta->count++] = link;
}

enum pce_status patch_links(struct patching *patching)
{
    enum pce_status status = patching->count > 0 ? patch_own(patching, TED_PART_LINKS) : PCE_OK;
    for (uint32_t i = 0; i < patching->count && status == PCE_OK; i++) {
        const struct ted_patch_item *item = &patching->items[i];
        uint32_t link = item->link;
        bool is_new = link == patching->after->link_count;
        CHECK(link < patching->after->link_count || (is_new && item->spec != NULL));
        if (is_new)
            status = patch_add_link(patching, item->spec);
        if (status == PCE_OK)
            status = patch_write_link(patching, item);
        if (status != PCE_OK)
            return status;
        patching->is_structural = patching->is_structural || patch_is_toggled(patching, link);
        patch_note(patching, link);
    }
    return status;
}

/* ---- labels ---- */

static bool patch_has_label(const struct ted_snapshot *s, const struct ted_link *link,
                            uint32_t label)
{
    for (uint32_t i = 0; i < link->adj_sids.count; i++)
        if (s->adj_sids[link->adj_sids.first + i].label == label)
            return true;
    return false;
}

bool ted_label_may_clash(const struct ted_snapshot *before, const struct ted_patch_item *item,
                         uint32_t label)
{
    const uint32_t *first = before->first_edge + item->spec->from;
    const struct ted_link *links = before->links;
    if (item->link < before->link_count && !links[item->link].is_gone &&
        patch_has_label(before, &links[item->link], label))
        return false;
    for (uint32_t i = first[0]; i < first[1]; i++) {
        uint32_t other = before->edges[i].link;
        if (other != item->link && patch_has_label(before, &links[other], label))
            return true;
    }
    return false;
}

/* ---- owners of addresses ---- */

/* Whether the node has the address otherwise than by a link that is gone. */
static bool patch_is_claimed(const struct ted_snapshot *after, uint32_t node,
                             const struct ip *address)
{
    const struct ted_node *owner = &after->nodes[node];
    if (ip_is_equal(address, &owner->router_id_v4) || ip_is_equal(address, &owner->router_id_v6))
        return true;
    for (uint32_t i = 0; i < owner->addresses.count; i++)
        if (ip_is_equal(address, &after->addresses[owner->addresses.first + i]))
            return true;
    for (uint32_t i = after->first_edge[node]; i < after->first_edge[node + 1]; i++) {
        const struct ted_link *link = &after->links[after->edges[i].link];
        if (ip_is_equal(address, &link->local_v4) || ip_is_equal(address, &link->local_v6))
            return true;
    }
    for (uint32_t i = after->reverse_first_edge[node]; i < after->reverse_first_edge[node + 1];
         i++) {
        const struct ted_link *link = &after->links[after->reverse_edges[i].link];
        if (ip_is_equal(address, &link->remote_v4) || ip_is_equal(address, &link->remote_v6))
            return true;
    }
    return false;
}

/* A place for an address that nobody has had yet. */
static enum pce_status patch_add_address(struct patching *patching, const struct ip *address,
                                         uint32_t node)
{
    struct ted_snapshot *after = patching->after;
    const struct ted_address added = {.address = *address, .node = node};
    uint32_t place;
    if (2 * ((uint64_t)after->address_node_count + 1) > (uint64_t)after->address_index.mask + 1)
        return PCE_UNSUPPORTED;
    enum pce_status status = patch_append(patching, TED_LIST_ADDRESS_NODES, &added, 1, &place);
    if (status == PCE_OK)
        status = patch_own(patching, TED_PART_GROUND);
    if (status != PCE_OK)
        return status;
    after->address_node_count = after->rooms[TED_LIST_ADDRESS_NODES].count;
    ted_slots_put(after->address_index, ted_hash_address(address), place);
    return PCE_OK;
}

enum pce_status patch_owner(struct patching *patching, const struct ip *address, uint32_t node)
{
    const struct ted_snapshot *after = patching->after;
    if (!ted_is_node_address(address))
        return PCE_OK;
    uint32_t place = ted_find_address_place(after, address);
    uint32_t owner = patch_is_claimed(after, node, address) ? node : TED_NONE;
    if (place == TED_NONE)
        return owner == TED_NONE ? PCE_OK : patch_add_address(patching, address, owner);
    uint32_t was = after->address_nodes[place].node;
    if (was == owner)
        return PCE_OK;
    if (was != TED_NONE && was != node)
        return PCE_UNSUPPORTED; /* another node's: which of them has it is said by the whole */
    if (patch_own(patching, TED_PART_OWNERS) != PCE_OK)
        return PCE_NO_MEMORY;
    ((struct ted_address *)(uintptr_t)after->address_nodes)[place].node = owner;
    return PCE_OK;
}

enum pce_status patch_owners(struct patching *patching)
{
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < patching->count && status == PCE_OK; i++) {
        const struct ted_link *link = &patching->after->links[patching->items[i].link];
        const struct {
            const struct ip *address;
            uint32_t node;
        } ends[] = {{&link->local_v4, link->from},
                    {&link->local_v6, link->from},
                    {&link->remote_v4, link->to},
                    {&link->remote_v6, link->to}};
        if (!patch_is_toggled(patching, patching->items[i].link))
            continue;
        for (unsigned e = 0; e < sizeof ends / sizeof *ends && status == PCE_OK; e++)
            status = patch_owner(patching, ends[e].address, ends[e].node);
    }
    return status;
}
