/* Parts that a patched snapshot has of its own. */
#include "core/ted/patch_impl.h"

#include <string.h>

/* Which array stands in which part. */
#define PATCH_ARRAYS(ARRAY)                                                                        \
    ARRAY(TED_PART_GROUND, nodes)                                                                  \
    ARRAY(TED_PART_GROUND, sid_index_ends)                                                         \
    ARRAY(TED_PART_GROUND, sid_owners)                                                             \
    ARRAY(TED_PART_GROUND, addresses)                                                              \
    ARRAY(TED_PART_GROUND, srgbs)                                                                  \
    ARRAY(TED_PART_GROUND, prefix_sids)                                                            \
    ARRAY(TED_PART_GROUND, algorithms)                                                             \
    ARRAY(TED_PART_GROUND, flexes)                                                                 \
    ARRAY(TED_PART_GROUND, name_index.slots)                                                       \
    ARRAY(TED_PART_GROUND, address_index.slots)                                                    \
    ARRAY(TED_PART_NAMES, name)                                                                    \
    ARRAY(TED_PART_LINKS, links)                                                                   \
    ARRAY(TED_PART_EDGES, first_edge)                                                              \
    ARRAY(TED_PART_EDGES, edges)                                                                   \
    ARRAY(TED_PART_EDGES, reverse_first_edge)                                                      \
    ARRAY(TED_PART_EDGES, reverse_edges)                                                           \
    ARRAY(TED_PART_EDGES, reverse_columns.admin_group)                                             \
    ARRAY(TED_PART_EDGES, reverse_columns.delay_us)                                                \
    ARRAY(TED_PART_EDGES, reverse_columns.capacity)                                                \
    ARRAY(TED_PART_EDGES, reverse_columns.unreserved[0])                                           \
    ARRAY(TED_PART_EDGES, reverse_columns.unreserved[1])                                           \
    ARRAY(TED_PART_EDGES, reverse_columns.unreserved[2])                                           \
    ARRAY(TED_PART_EDGES, reverse_columns.unreserved[3])                                           \
    ARRAY(TED_PART_EDGES, reverse_columns.unreserved[4])                                           \
    ARRAY(TED_PART_EDGES, reverse_columns.unreserved[5])                                           \
    ARRAY(TED_PART_EDGES, reverse_columns.unreserved[6])                                           \
    ARRAY(TED_PART_EDGES, reverse_columns.unreserved[7])                                           \
    ARRAY(TED_PART_ENDS, link_ends.v4.of_links)                                                    \
    ARRAY(TED_PART_ENDS, link_ends.v6.of_links)                                                    \
    ARRAY(TED_PART_LISTS, adj_sids)                                                                \
    ARRAY(TED_PART_LISTS, srv6_sids)                                                               \
    ARRAY(TED_PART_LISTS, flex_links)                                                              \
    ARRAY(TED_PART_LISTS, group_words)                                                             \
    ARRAY(TED_PART_LISTS, srlgs)                                                                   \
    ARRAY(TED_PART_OWNERS, address_nodes)

_Static_assert(TED_PRIORITIES == 8, "each column of unreserved bandwidths has its row");

struct patch_array {
    enum ted_part_kind part;
    size_t offset; /* of the pointer in the head */
};

#define PATCH_ARRAY(part, member) {part, offsetof(struct ted_snapshot, member)},
static const struct patch_array patch_arrays[] = {PATCH_ARRAYS(PATCH_ARRAY)};

static void patch_move_arrays(struct ted_snapshot *after, enum ted_part_kind kind,
                              const struct ted_part *from, const struct ted_part *to)
{
    for (size_t i = 0; i < sizeof patch_arrays / sizeof *patch_arrays; i++) {
        char *member = (char *)after + patch_arrays[i].offset, *array;
        if (patch_arrays[i].part != kind)
            continue;
        memcpy(&array, member, sizeof array);
        if (array != NULL)
            array = (char *)(uintptr_t)to + (array - (const char *)from);
        memcpy(member, &array, sizeof array);
    }
}

/* A copy in the place of the part, with its arrays. */
static enum pce_status patch_copy(struct ted_snapshot *after, enum ted_part_kind kind, size_t more)
{
    struct ted_part *part = after->parts[kind], *own = ted_part_copy(part, more);
    if (own == NULL)
        return PCE_NO_MEMORY;
    patch_move_arrays(after, kind, part, own);
    after->parts[kind] = own;
    ted_part_leave(part);
    return PCE_OK;
}

enum pce_status patch_own(struct patching *patching, enum ted_part_kind kind)
{
    struct ted_snapshot *after = patching->after;
    if (after->parts[kind] != patching->before->parts[kind])
        return PCE_OK;
    return patch_copy(after, kind, 0);
}

/* ---- arrays that become longer ---- */

#define PATCH_LISTS(LIST)                                                                          \
    LIST(TED_LIST_NAMES, TED_PART_NAMES, name)                                                     \
    LIST(TED_LIST_ADDRESSES, TED_PART_GROUND, addresses)                                           \
    LIST(TED_LIST_SRGBS, TED_PART_GROUND, srgbs)                                                   \
    LIST(TED_LIST_PREFIX_SIDS, TED_PART_GROUND, prefix_sids)                                       \
    LIST(TED_LIST_ALGORITHMS, TED_PART_GROUND, algorithms)                                         \
    LIST(TED_LIST_FLEXES, TED_PART_GROUND, flexes)                                                 \
    LIST(TED_LIST_SID_OWNERS, TED_PART_GROUND, sid_owners)                                         \
    LIST(TED_LIST_SRLGS, TED_PART_LISTS, srlgs)                                                    \
    LIST(TED_LIST_ADJ_SIDS, TED_PART_LISTS, adj_sids)                                              \
    LIST(TED_LIST_SRV6_SIDS, TED_PART_LISTS, srv6_sids)                                            \
    LIST(TED_LIST_FLEX_LINKS, TED_PART_LISTS, flex_links)                                          \
    LIST(TED_LIST_GROUP_WORDS, TED_PART_LISTS, group_words)                                        \
    LIST(TED_LIST_ADDRESS_NODES, TED_PART_OWNERS, address_nodes)                                   \
    LIST(TED_LIST_LINKS, TED_PART_LINKS, links)                                                    \
    LIST(TED_LIST_HOPS_V4, TED_PART_ENDS, link_ends.v4.of_links)                                   \
    LIST(TED_LIST_HOPS_V6, TED_PART_ENDS, link_ends.v6.of_links)

struct patch_list_place {
    enum ted_part_kind part;
    size_t offset; /* of the pointer in the head */
    size_t item_size;
};

#define PATCH_LIST(list, part, member)                                                             \
    [list] = {part, offsetof(struct ted_snapshot, member),                                         \
              sizeof *((struct ted_snapshot *)0)->member},
static const struct patch_list_place patch_places[TED_LIST_COUNT] = {PATCH_LISTS(PATCH_LIST)};

char *patch_list_items(const struct patching *patching, enum ted_list list)
{
    char *items;
    memcpy(&items, (const char *)patching->after + patch_places[list].offset, sizeof items);
    return items;
}

size_t patch_list_item_size(enum ted_list list)
{
    return patch_places[list].item_size;
}

enum pce_status patch_own_list(struct patching *patching, enum ted_list list)
{
    return patch_own(patching, patch_places[list].part);
}

/* The array moves behind all others of its part, and has room to grow there; where it stood, nothing
 * is found any more. So a part becomes longer until the network is made as a whole. */
static enum pce_status patch_grow(struct patching *patching, enum ted_list list, uint32_t more)
{
    struct ted_snapshot *after = patching->after;
    const struct patch_list_place *place = &patch_places[list];
    struct ted_room *room = &after->rooms[list];
    const struct ted_part *part = after->parts[place->part];
    uint64_t wanted = (uint64_t)room->count + more;
    wanted += wanted / 8 + PATCH_ROOM_MIN;
    if (wanted > UINT32_MAX || part->octets + wanted * place->item_size >
                                   PATCH_GROWTH_MAX * part->made_octets + PATCH_GROWTH_FREE)
        return PCE_UNSUPPORTED;
    size_t end = part->octets;
    enum pce_status status = patch_copy(after, place->part, wanted * place->item_size);
    if (status != PCE_OK)
        return status;
    char *items = (char *)after->parts[place->part] + end;
    if (room->count > 0)
        memcpy(items, patch_list_items(patching, list), room->count * place->item_size);
    memcpy((char *)after + place->offset, &items, sizeof items);
    room->room = (uint32_t)wanted;
    return PCE_OK;
}

enum pce_status patch_append(struct patching *patching, enum ted_list list, const void *items,
                             uint32_t count, uint32_t *first)
{
    struct ted_room *room = &patching->after->rooms[list];
    size_t size = patch_places[list].item_size;
    enum pce_status status = count > room->room - room->count ? patch_grow(patching, list, count)
                                                              : patch_own_list(patching, list);
    if (status != PCE_OK)
        return status;
    if (count > 0)
        memcpy(patch_list_items(patching, list) + room->count * size, items, count * size);
    *first = room->count;
    room->count += count;
    return PCE_OK;
}
