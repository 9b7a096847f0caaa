/* Edges of a patched snapshot: those of links that are gone go, those of links that are back come to
 * where they were, and all others keep their order. */
#include "core/base/check.h"
#include "core/ted/patch_impl.h"
#include "core/ted/snapshot_impl.h"

#include <stdlib.h>
#include <string.h>

#define EDGES_ALIGNMENT 16 /* of each array in its part */

/* ---- one of the two arrays of edges ---- */

/* An edge that goes, or comes before the one that stands there. */
struct edge_edit {
    uint32_t node; /* whose edges they are */
    uint32_t at;   /* place in the array before */
    uint32_t link;
    bool comes;
};

struct edge_array {
    const uint32_t *first; /* of the snapshot before */
    const struct ted_edge *edges;
    struct edge_edit *edits;
    uint32_t count;
    bool is_reverse;
};

/* The edges of a node stand in the order of their links. */
static uint32_t edges_find(const uint32_t *first, const struct ted_edge *edges, uint32_t node,
                           uint32_t link)
{
    uint32_t low = first[node], high = first[node + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (edges[middle].link < link)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int edges_compare(const void *left, const void *right)
{
    const struct edge_edit *a = left, *b = right;
    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    return (a->link > b->link) - (a->link < b->link);
}

static void edges_take_edits(const struct patching *patching, struct edge_array *array)
{
    for (uint32_t i = 0; i < patching->count; i++) {
        uint32_t index = patching->items[i].link;
        const struct ted_link *link = &patching->after->links[index];
        uint32_t node = array->is_reverse ? link->to : link->from;
        if (!patch_is_toggled(patching, index))
            continue;
        array->edits[array->count++] =
            (struct edge_edit){.node = node,
                               .at = edges_find(array->first, array->edges, node, index),
                               .link = index,
                               .comes = !link->is_gone};
    }
    qsort(array->edits, array->count, sizeof *array->edits, edges_compare);
}

/* Copies an array that stands beside the edges; what comes is left as it is. */
static void edges_copy(const struct edge_array *array, const void *from, void *to, size_t size,
                       uint32_t total)
{
    const char *source = from;
    char *target = to;
    uint32_t at = 0;
    for (uint32_t i = 0; i <= array->count; i++) {
        uint32_t next = i < array->count ? array->edits[i].at : total;
        memcpy(target, source + at * size, (next - at) * size);
        target += (next - at) * size;
        at = next;
        if (i == array->count)
            break;
        if (array->edits[i].comes)
            target += size;
        else
            at++;
    }
}

static void edges_count(const struct edge_array *array, uint32_t node_count, uint32_t *first)
{
    uint32_t more = 0, edit = 0;
    for (uint32_t node = 0; node <= node_count; node++) {
        first[node] = array->first[node] + more; /* less than nothing wraps, and comes back */
        for (; edit < array->count && array->edits[edit].node == node; edit++)
            more += array->edits[edit].comes ? 1U : UINT32_MAX;
    }
}

/* The edges that come, so that they are found by their links. */
static void edges_write_coming(const struct edge_array *array, struct ted_edge *edges)
{
    uint32_t more = 0;
    for (uint32_t i = 0; i < array->count; i++) {
        if (array->edits[i].comes)
            edges[array->edits[i].at + more].link = array->edits[i].link & TED_EDGE_LINK_MASK;
        more += array->edits[i].comes ? 1U : UINT32_MAX;
    }
}

/* ---- both ---- */

static void edges_copy_columns(const struct patching *patching, const struct edge_array *array)
{
    const struct ted_columns *from = &patching->before->reverse_columns;
    const struct ted_columns *to = &patching->after->reverse_columns;
    uint32_t total = patching->before->edge_count;
    edges_copy(array, from->admin_group, (void *)(uintptr_t)to->admin_group, sizeof(uint32_t),
               total);
    edges_copy(array, from->delay_us, (void *)(uintptr_t)to->delay_us, sizeof(uint32_t), total);
    edges_copy(array, from->capacity, (void *)(uintptr_t)to->capacity, sizeof(float), total);
    for (unsigned p = 0; p < TED_PRIORITIES; p++)
        if (p == 0 || from->unreserved[p] != from->unreserved[p - 1])
            edges_copy(array, from->unreserved[p], (void *)(uintptr_t)to->unreserved[p],
                       sizeof(float), total);
}

static enum pce_status edges_restructure(struct patching *patching, bool is_reverse)
{
    const struct ted_snapshot *before = patching->before;
    struct ted_snapshot *after = patching->after;
    struct edge_array array = {
        .first = is_reverse ? before->reverse_first_edge : before->first_edge,
        .edges = is_reverse ? before->reverse_edges : before->edges,
        .edits = malloc((patching->count + (size_t)1) * sizeof *array.edits),
        .is_reverse = is_reverse,
    };
    uint32_t *first =
        (uint32_t *)(uintptr_t)(is_reverse ? after->reverse_first_edge : after->first_edge);
    struct ted_edge *edges =
        (struct ted_edge *)(uintptr_t)(is_reverse ? after->reverse_edges : after->edges);
    if (array.edits == NULL)
        return PCE_NO_MEMORY;
    edges_take_edits(patching, &array);
    edges_copy(&array, array.edges, edges, sizeof *edges, before->edge_count);
    edges_write_coming(&array, edges);
    edges_count(&array, before->node_count, first);
    if (is_reverse)
        edges_copy_columns(patching, &array);
    free(array.edits);
    after->edge_count = first[after->node_count];
    return PCE_OK;
}

/* ---- room ---- */

/* How many columns the priorities have together. */
static size_t edges_count_unreserved(const struct ted_columns *columns)
{
    size_t count = 1;
    for (unsigned p = 1; p < TED_PRIORITIES; p++)
        count += columns->unreserved[p] != columns->unreserved[p - 1];
    return count;
}

static char *edges_place(char **at, size_t size)
{
    char *place = *at;
    *at += (size + EDGES_ALIGNMENT - 1) / EDGES_ALIGNMENT * EDGES_ALIGNMENT;
    return place;
}

/* The arrays of a part that is longer, not filled. */
static void edges_lay_out(struct ted_snapshot *after, char *at, uint32_t room)
{
    struct ted_columns *columns = &after->reverse_columns;
    const struct ted_columns was = *columns;
    const size_t firsts = ((size_t)after->node_count + 1) * sizeof(uint32_t);
    after->first_edge = (const uint32_t *)(void *)edges_place(&at, firsts);
    after->reverse_first_edge = (const uint32_t *)(void *)edges_place(&at, firsts);
    after->edges = (const struct ted_edge *)(void *)edges_place(&at, room * sizeof *after->edges);
    after->reverse_edges =
        (const struct ted_edge *)(void *)edges_place(&at, room * sizeof *after->edges);
    columns->admin_group = (const uint32_t *)(void *)edges_place(&at, room * sizeof(uint32_t));
    columns->delay_us = (const uint32_t *)(void *)edges_place(&at, room * sizeof(uint32_t));
    columns->capacity = (const float *)(void *)edges_place(&at, room * sizeof(float));
    for (unsigned p = 0; p < TED_PRIORITIES; p++)
        columns->unreserved[p] =
            p > 0 && was.unreserved[p] == was.unreserved[p - 1]
                ? columns->unreserved[p - 1]
                : (const float *)(void *)edges_place(&at, room * sizeof(float));
    after->edge_room = room;
}

/* A part of its own, with room for the edges of all links. A new link changes the structure, so that
 * all of a longer part is filled afterwards. */
static enum pce_status edges_own(struct patching *patching)
{
    struct ted_snapshot *after = patching->after;
    if (after->link_count <= after->edge_room)
        return patch_own(patching, TED_PART_EDGES);
    const uint32_t room = after->link_count + after->link_count / 8 + PATCH_ROOM_MIN;
    const size_t columns = 3 + edges_count_unreserved(&after->reverse_columns);
    const size_t arrays = 4 + columns;
    const size_t firsts = 2 * ((size_t)after->node_count + 1) * sizeof(uint32_t);
    struct ted_part *part =
        ted_part_create(firsts + room * (2 * sizeof *after->edges + columns * sizeof(uint32_t)) +
                        arrays * EDGES_ALIGNMENT);
    if (part == NULL)
        return PCE_NO_MEMORY;
    edges_lay_out(after, ted_part_data(part), room);
    ted_part_leave(after->parts[TED_PART_EDGES]);
    after->parts[TED_PART_EDGES] = part;
    return PCE_OK;
}

/* ---- values ---- */

static enum pce_status edges_write_columns(const struct ted_columns *columns, uint32_t at,
                                           const struct ted_link *link)
{
    ((uint32_t *)(uintptr_t)columns->admin_group)[at] = link->admin_group;
    ((uint32_t *)(uintptr_t)columns->delay_us)[at] = link->delay_us;
    ((float *)(uintptr_t)columns->capacity)[at] = link->capacity;
    for (unsigned p = 0; p < TED_PRIORITIES; p++)
        ((float *)(uintptr_t)columns->unreserved[p])[at] = link->unreserved[p];
    for (unsigned p = 0; p < TED_PRIORITIES; p++) /* priorities that were alike share a column */
        if (columns->unreserved[p][at] < link->unreserved[p] ||
            columns->unreserved[p][at] > link->unreserved[p])
            return PCE_UNSUPPORTED;
    return PCE_OK;
}

static enum pce_status edges_write(const struct ted_snapshot *after, uint32_t index)
{
    const struct ted_link *link = &after->links[index];
    uint32_t at = edges_find(after->first_edge, after->edges, link->from, index);
    uint32_t back = edges_find(after->reverse_first_edge, after->reverse_edges, link->to, index);
    CHECK(at < after->first_edge[link->from + 1] && back < after->reverse_first_edge[link->to + 1]);
    ((struct ted_edge *)(uintptr_t)after->edges)[at] = ted_edge_of_link(link, index, false);
    ((struct ted_edge *)(uintptr_t)after->reverse_edges)[back] =
        ted_edge_of_link(link, index, true);
    return edges_write_columns(&after->reverse_columns, back, link);
}

/* Whether a strict hop over each link tells it. */
static bool edges_tell_links(const struct ted_snapshot *after, const struct ted_hops *hops)
{
    bool tell = hops->of_links != NULL || after->edge_count == 0;
    for (uint32_t i = 0; i < after->edge_count && tell; i++)
        tell = hops->of_links[after->edges[i].link].kind == TED_HOP_LINK;
    return tell;
}

enum pce_status patch_edges(struct patching *patching)
{
    struct ted_snapshot *after = patching->after;
    if (patching->delta->count == 0)
        return PCE_OK;
    enum pce_status status = edges_own(patching);
    if (status == PCE_OK && patching->is_structural)
        status = edges_restructure(patching, false);
    if (status == PCE_OK && patching->is_structural)
        status = edges_restructure(patching, true);
    for (uint32_t i = 0; i < patching->delta->count && status == PCE_OK; i++)
        if (!after->links[patching->delta->links[i]].is_gone)
            status = edges_write(after, patching->delta->links[i]);
    if (status != PCE_OK)
        return status;
    ted_note_extremes(after);
    if (patching->is_structural) {
        after->link_ends.v4.tell_links = edges_tell_links(after, &after->link_ends.v4);
        after->link_ends.v6.tell_links = edges_tell_links(after, &after->link_ends.v6);
    }
    return PCE_OK;
}
