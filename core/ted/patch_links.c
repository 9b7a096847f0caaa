/* What a patch makes of links: their records and lists, and whose their addresses are. */
#include "core/base/check.h"
#include "core/ted/builder_impl.h"
#include "core/ted/patch_impl.h"

#include <string.h>

/* ---- lists ---- */

struct patch_list {
    const void *array; /* of the snapshot */
    const void *items;
    uint32_t count;
    size_t item_size;
};

/* A list has the room that it had: the range before. */
static enum pce_status patch_write_list(struct patching *patching, const struct patch_list *list,
                                        struct ted_range *range)
{
    if (list->count > range->count)
        return PCE_UNSUPPORTED;
    size_t size = list->count * list->item_size, offset = range->first * list->item_size;
    const char *shared = (const char *)list->array + offset;
    const struct ted_part *before = patching->before->parts[TED_PART_LISTS];
    size_t place = (size_t)(shared - (const char *)before);
    range->count = list->count;
    const struct ted_part *now = patching->after->parts[TED_PART_LISTS];
    if (size == 0 || memcmp((const char *)now + place, list->items, size) == 0)
        return PCE_OK;
    if (patch_own(patching, TED_PART_LISTS) != PCE_OK)
        return PCE_NO_MEMORY;
    memcpy((char *)patching->after->parts[TED_PART_LISTS] + place, list->items, size);
    return PCE_OK;
}

/* The lists of a link as they are told, but for SRv6 SIDs. */
struct patch_lists {
    struct patch_list srlgs, adj_sids;
    uint32_t sorted[TED_LINK_SRLGS_MAX];
};

static void patch_take_lists(const struct ted_snapshot *before, const struct ted_link_spec *spec,
                             struct patch_lists *lists)
{
    CHECK(spec->srlg_count <= TED_LINK_SRLGS_MAX); /* cut by whoever specifies a link */
    if (spec->srlg_count > 0)
        memcpy(lists->sorted, spec->srlgs, spec->srlg_count * sizeof *lists->sorted);
    lists->srlgs =
        (struct patch_list){before->srlgs, lists->sorted,
                            ted_sort_srlgs(lists->sorted, spec->srlg_count), sizeof *lists->sorted};
    lists->adj_sids = (struct patch_list){before->adj_sids, spec->adj_sids, spec->adj_sid_count,
                                          sizeof *spec->adj_sids};
}

static enum pce_status patch_lists(struct patching *patching, const struct ted_link_spec *spec,
                                   struct ted_link *link)
{
    struct patch_lists lists;
    patch_take_lists(patching->before, spec, &lists);
    enum pce_status status = patch_write_list(patching, &lists.srlgs, &link->srlgs);
    return status == PCE_OK ? patch_write_list(patching, &lists.adj_sids, &link->adj_sids) : status;
}

/* ---- SRv6 SIDs: whether others have one, too, is said by the whole ---- */

static bool patch_is_told_sid(const struct ted_srv6_sid *a, const struct ted_srv6_sid *b)
{
    return ip_is_equal(&a->sid, &b->sid) && a->algorithm == b->algorithm &&
           a->behavior == b->behavior && a->block_bits == b->block_bits &&
           a->node_bits == b->node_bits && a->function_bits == b->function_bits &&
           a->argument_bits == b->argument_bits && a->is_protected == b->is_protected;
}

static bool patch_has_srv6_sids(const struct ted_snapshot *before, const struct ted_link *link,
                                const struct ted_link_spec *spec)
{
    bool is_same = link->srv6_sids.count == spec->srv6_sid_count;
    for (uint32_t i = 0; i < link->srv6_sids.count && is_same; i++)
        is_same =
            patch_is_told_sid(&before->srv6_sids[link->srv6_sids.first + i], &spec->srv6_sids[i]);
    return is_same;
}

static bool patch_shares_srv6_sid(const struct ted_snapshot *before, const struct ted_link *link)
{
    for (uint32_t i = 0; i < link->srv6_sids.count; i++)
        if (before->srv6_sids[link->srv6_sids.first + i].is_shared)
            return true;
    return false;
}

/* ---- records ---- */

static bool patch_has_list(const struct patch_list *list, struct ted_range range)
{
    return list->count == range.count &&
           (list->count == 0 || memcmp((const char *)list->array + range.first * list->item_size,
                                       list->items, list->count * list->item_size) == 0);
}

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

/* Whether an extended group, an MSD and what is for flexible algorithms are as they were. They change
 * seldom; then the network is made as a whole. */
static bool patch_has_flex(const struct ted_snapshot *before, const struct ted_link *link,
                           const struct ted_link_spec *spec)
{
    const struct ted_flex_link_spec *told = &spec->flex;
    const struct patch_list groups = {before->group_words, spec->groups, spec->group_count,
                                      sizeof(uint32_t)};
    if (!patch_has_list(&groups, link->groups) || link->flex_source != spec->flex_source ||
        link->msd != spec->msd)
        return false;
    if (spec->flex_source != TED_FLEX_TOLD)
        return true;
    CHECK(told->srlg_count <= TED_LINK_SRLGS_MAX);
    uint32_t sorted[TED_LINK_SRLGS_MAX];
    if (told->srlg_count > 0)
        memcpy(sorted, told->srlgs, told->srlg_count * sizeof *sorted);
    const struct ted_flex_link *was = &before->flex_links[link->flex];
    const struct patch_list flex_groups = {before->group_words, told->groups, told->group_count,
                                           sizeof(uint32_t)};
    const struct patch_list srlgs = {before->srlgs, sorted,
                                     ted_sort_srlgs(sorted, told->srlg_count), sizeof *sorted};
    return was->te_metric == told->te_metric && was->delay_min_us == told->delay_min_us &&
           patch_has_list(&flex_groups, was->groups) && patch_has_list(&srlgs, was->srlgs);
}

bool ted_patch_changes(const struct ted_snapshot *before, const struct ted_patch_item *item)
{
    const struct ted_link *link = &before->links[item->link];
    if (item->spec == NULL || link->is_gone)
        return (item->spec == NULL) != link->is_gone;
    struct patch_lists lists;
    patch_take_lists(before, item->spec, &lists);
    return !patch_has_values(link, item->spec) || !patch_has_flex(before, link, item->spec) ||
           !patch_has_list(&lists.srlgs, link->srlgs) ||
           !patch_has_list(&lists.adj_sids, link->adj_sids) ||
           !patch_has_srv6_sids(before, link, item->spec);
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

static enum pce_status patch_write_link(struct patching *patching,
                                        const struct ted_patch_item *item)
{
    struct ted_link *link = patch_link(patching, item->link);
    struct ted_fault fault;
    bool is_toggled = (item->spec == NULL) != link->is_gone;
    if (is_toggled && patch_shares_srv6_sid(patching->before, link))
        return PCE_UNSUPPORTED;
    if (item->spec == NULL) {
        link->is_gone = true;
        link->is_two_way = link->has_sibling = false;
        link->reverse = TED_NONE;
        return PCE_OK;
    }
    if (!ted_link_has_ends(link, item->spec) ||
        !patch_has_srv6_sids(patching->before, link, item->spec) ||
        !patch_has_flex(patching->before, link, item->spec) ||
        ted_check_link(item->spec, &fault) != PCE_OK)
        return PCE_UNSUPPORTED;
    struct ted_link told = ted_link_of_spec(item->spec);
    told.reverse = link->reverse;
    told.is_two_way = link->is_two_way;
    told.has_sibling = link->has_sibling;
    told.is_first_only = link->is_first_only;
    told.groups = link->groups;
    told.flex = link->flex;
    told.srlgs = link->srlgs;
    told.adj_sids = link->adj_sids;
    told.srv6_sids = link->srv6_sids;
    enum pce_status status = patch_lists(patching, item->spec, &told);
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
    enum pce_status status = patch_own(patching, TED_PART_LINKS);
    for (uint32_t i = 0; i < patching->count && status == PCE_OK; i++) {
        uint32_t link = patching->items[i].link;
        CHECK(link < patching->before->link_count);
        status = patch_write_link(patching, &patching->items[i]);
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

bool ted_label_may_clash(const struct ted_snapshot *before, uint32_t place, uint32_t label)
{
    const struct ted_link *link = &before->links[place];
    if (!link->is_gone && patch_has_label(before, link, label))
        return false;
    for (uint32_t i = before->first_edge[link->from]; i < before->first_edge[link->from + 1]; i++) {
        uint32_t other = before->edges[i].link;
        if (other != place && patch_has_label(before, &before->links[other], label))
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

static enum pce_status patch_owner(struct patching *patching, const struct ip *address,
                                   uint32_t node)
{
    const struct ted_snapshot *after = patching->after;
    if (!ted_is_node_address(address))
        return PCE_OK;
    uint32_t place = ted_find_address_place(after, address);
    uint32_t owner = patch_is_claimed(after, node, address) ? node : TED_NONE;
    if (place == TED_NONE)
        return PCE_UNSUPPORTED;
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
