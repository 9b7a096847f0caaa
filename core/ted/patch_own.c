/* Parts that a patched snapshot has of its own. */
#include "core/ted/patch_impl.h"

#include <string.h>

/* Which array stands in which part. */
#define PATCH_ARRAYS(ARRAY)                                                                        \
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

enum pce_status patch_own(struct patching *patching, enum ted_part_kind kind)
{
    struct ted_snapshot *after = patching->after;
    struct ted_part *shared = patching->before->parts[kind];
    if (after->parts[kind] != shared)
        return PCE_OK;
    struct ted_part *own = ted_part_copy(shared);
    if (own == NULL)
        return PCE_NO_MEMORY;
    patch_move_arrays(after, kind, shared, own);
    after->parts[kind] = own;
    ted_part_leave(shared);
    return PCE_OK;
}
