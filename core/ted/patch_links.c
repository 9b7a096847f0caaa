/* What a patch makes of links: their records and lists, their pairs, how their ends are named, and
 * whose their addresses are. */
#include "core/base/check.h"
#include "core/ted/builder_impl.h"
#include "core/ted/link_ends.h"
#include "core/ted/patch_impl.h"

#include <stdlib.h>
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
    bool is_same = memcmp(link->unreserved, spec->unreserved, sizeof link->unreserved) == 0;
#define PATCH_COMPARE(value)                                                                       \
    is_same = is_same && memcmp(&link->value, &spec->value, sizeof link->value) == 0;
    TED_LINK_VALUES(PATCH_COMPARE)
#undef PATCH_COMPARE
    return is_same;
}

bool ted_patch_changes(const struct ted_snapshot *before, const struct ted_patch_item *item)
{
    const struct ted_link *link = &before->links[item->link];
    if (item->spec == NULL || link->is_gone)
        return (item->spec == NULL) != link->is_gone;
    struct patch_lists lists;
    patch_take_lists(before, item->spec, &lists);
    return !patch_has_values(link, item->spec) || !patch_has_list(&lists.srlgs, link->srlgs) ||
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
        ted_check_link(item->spec, &fault) != PCE_OK)
        return PCE_UNSUPPORTED;
    struct ted_link told = ted_link_of_spec(item->spec);
    told.reverse = link->reverse;
    told.is_two_way = link->is_two_way;
    told.has_sibling = link->has_sibling;
    told.is_first_only = link->is_first_only;
    told.srlgs = link->srlgs;
    told.adj_sids = link->adj_sids;
    told.srv6_sids = link->srv6_sids;
    enum pce_status status = patch_lists(patching, item->spec, &told);
    *link = told;
    return status;
}

static void patch_note(struct patching *patching, uint32_t link)
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

/* ---- pairs ---- */

/* A link that is gone, back, or used by the IGP where it was not or the other way round: what it
 * tells of others between its nodes changes. */
struct patch_turn {
    uint32_t low, high; /* its nodes */
    uint32_t link;
};

static int patch_compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int patch_compare_turns(const void *left, const void *right)
{
    const struct patch_turn *a = left, *b = right;
    int order = patch_compare_u32(a->low, b->low);
    if (order == 0)
        order = patch_compare_u32(a->high, b->high);
    return order != 0 ? order : patch_compare_u32(a->link, b->link);
}

static int patch_compare_places(const void *left, const void *right)
{
    return patch_compare_u32(*(const uint32_t *)left, *(const uint32_t *)right);
}

static uint32_t patch_take_turns(const struct patching *patching, struct patch_turn *turns)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < patching->count; i++) {
        uint32_t index = patching->items[i].link;
        const struct ted_link *link = &patching->after->links[index];
        if (patch_is_toggled(patching, index) ||
            patching->before->links[index].is_igp_unused != link->is_igp_unused)
            turns[count++] = (struct patch_turn){
                .low = link->from < link->to ? link->from : link->to,
                .high = link->from < link->to ? link->to : link->from,
                .link = index,
            };
    }
    qsort(turns, count, sizeof *turns, patch_compare_turns);
    return count;
}

/* The links of one direction that were there and still are. */
static enum pce_status patch_collect(const struct patching *patching, uint32_t from, uint32_t to,
                                     struct ted_array *links)
{
    const struct ted_snapshot *before = patching->before;
    uint32_t first = before->first_edge[from], end = before->first_edge[from + 1];
    enum pce_status status = ted_array_reserve(links, end - first);
    for (uint32_t i = first; i < end && status == PCE_OK; i++) {
        const uint32_t link = before->edges[i].link;
        if (before->edges[i].node == to && !patching->after->links[link].is_gone)
            (void)ted_array_append(links, &link, 1);
    }
    return status;
}

/* The places of all links that are there between the nodes of these turns, sorted. */
static enum pce_status patch_collect_between(const struct patching *patching,
                                             const struct patch_turn *turns, uint32_t count,
                                             struct ted_array *links)
{
    links->count = 0;
    enum pce_status status = patch_collect(patching, turns->low, turns->high, links);
    if (status == PCE_OK)
        status = patch_collect(patching, turns->high, turns->low, links);
    if (status == PCE_OK)
        status = ted_array_reserve(links, count);
    for (uint32_t i = 0; i < count && status == PCE_OK; i++)
        if (patching->before->links[turns[i].link].is_gone)
            (void)ted_array_append(links, &turns[i].link, 1);
    if (status == PCE_OK && links->count > 0)
        qsort(links->items, links->count, sizeof(uint32_t), patch_compare_places);
    return status;
}

static bool patch_is_same_hop(const struct ted_hop *a, const struct ted_hop *b)
{
    return a->kind == b->kind && a->interface_id == b->interface_id &&
           ip_is_equal(&a->address, &b->address);
}

/* The hops of links of one direction. */
static enum pce_status patch_hops(struct patching *patching, const uint32_t *run, uint32_t count,
                                  uint8_t family)
{
    struct ted_link_ends *ends = &patching->after->link_ends;
    struct ted_hops *of_family = family == IP_V6 ? &ends->v6 : &ends->v4;
    struct ted_hop *hops = malloc((count + (size_t)1) * sizeof *hops);
    enum pce_status status =
        hops == NULL ? PCE_NO_MEMORY : link_ends_of_run(patching->after, run, count, family, hops);
    for (uint32_t i = 0; i < count && status == PCE_OK; i++) {
        static const struct ted_hop none = {.kind = TED_HOP_NONE};
        const struct ted_hop *was =
            of_family->of_links == NULL ? &none : &of_family->of_links[run[i]];
        if (patch_is_same_hop(was, &hops[i]))
            continue;
        status = was == &none ? PCE_UNSUPPORTED : patch_own(patching, TED_PART_ENDS);
        if (status != PCE_OK)
            continue;
        ((struct ted_hop *)(uintptr_t)of_family->of_links)[run[i]] = hops[i];
        patch_note(patching, run[i]);
    }
    free(hops);
    return status;
}

static enum pce_status patch_name_ends(struct patching *patching, const struct ted_array *links)
{
    const uint32_t *places = links->items;
    enum pce_status status = PCE_OK;
    for (uint32_t first = 0, end; first < links->count && status == PCE_OK; first = end) {
        uint32_t from = patching->after->links[places[first]].from;
        end = first + 1;
        while (end < links->count && patching->after->links[places[end]].from == from)
            end++;
        status = patch_hops(patching, places + first, end - first, IP_V4);
        if (status == PCE_OK)
            status = patch_hops(patching, places + first, end - first, IP_V6);
    }
    return status;
}

static bool patch_is_same_pair(const struct ted_link *a, const struct ted_link *b)
{
    return a->is_two_way == b->is_two_way && a->has_sibling == b->has_sibling &&
           a->reverse == b->reverse;
}

static enum pce_status patch_pair(struct patching *patching, const struct patch_turn *turns,
                                  uint32_t count, struct ted_array *links)
{
    enum pce_status status = patch_collect_between(patching, turns, count, links);
    const uint32_t *places = links->items;
    if (status == PCE_OK)
        status = ted_pair_between(patch_link(patching, 0), places, links->count);
    if (status == PCE_OK)
        status = patch_name_ends(patching, links);
    for (uint32_t i = 0; i < links->count && status == PCE_OK; i++)
        if (!patch_is_same_pair(&patching->before->links[places[i]],
                                &patching->after->links[places[i]]))
            patch_note(patching, places[i]);
    return status;
}

/* The delta in the order of places, each once. */
static void patch_sort_delta(struct ted_delta *delta)
{
    uint32_t kept = 0;
    if (delta->count > 0)
        qsort(delta->links, delta->count, sizeof *delta->links, patch_compare_places);
    for (uint32_t i = 0; i < delta->count; i++)
        if (kept == 0 || delta->links[kept - 1] != delta->links[i])
            delta->links[kept++] = delta->links[i];
    delta->count = kept;
}

enum pce_status patch_pairs(struct patching *patching)
{
    struct patch_turn *turns = malloc((patching->count + (size_t)1) * sizeof *turns);
    struct ted_array links;
    enum pce_status status = PCE_OK;
    if (turns == NULL)
        return PCE_NO_MEMORY;
    ted_array_init(&links, sizeof(uint32_t));
    uint32_t count = patch_take_turns(patching, turns);
    for (uint32_t first = 0, end; first < count && status == PCE_OK; first = end) {
        end = first + 1;
        while (end < count && turns[end].low == turns[first].low &&
               turns[end].high == turns[first].high)
            end++;
        status = patch_pair(patching, turns + first, end - first, &links);
    }
    ted_array_fini(&links);
    free(turns);
    patch_sort_delta(patching->delta);
    return status;
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
