#include "core/path/landmarks_mend.h"

#include "core/path/heap.h"
#include "core/path/problem.h"

#include <stdlib.h>

/* Distances of one metric that are mended. */
struct mending {
    const struct ted_snapshot *snapshot;
    enum path_metric metric;
    struct landmark_row *rows;
    struct spf_node *nodes; /* keys are distances that were lowered */
    struct heap heap;
    uint32_t *shorts; /* links that are too short */
    uint32_t short_count;
    uint32_t stamp;
};

size_t landmarks_size(uint32_t node_count)
{
    return sizeof(struct path_landmarks) - sizeof(struct ted_part) +
           LANDMARK_METRICS * (size_t)node_count * sizeof(struct landmark_row);
}

struct landmark_row *landmarks_place(struct path_landmarks *landmarks, uint32_t node_count,
                                     uint32_t metric)
{
    return (struct landmark_row *)(landmarks + 1) + (size_t)metric * node_count;
}

/* ---- which links are too short ---- */

/* In both halves of a row what is greater lies farther: one comparison does for all columns. */
static bool mending_is_torn(const struct ted_snapshot *snapshot, const struct landmark_row *rows,
                            uint32_t place, enum path_metric metric)
{
    const struct ted_link *link = &snapshot->links[place];
    const uint32_t *from = rows[link->from].columns, *to = rows[link->to].columns;
    uint32_t max = 0;
    for (uint32_t c = 0; c < LANDMARK_COLUMNS; c++) {
        uint32_t difference = potential_difference(to[c], from[c]);
        max = difference > max ? difference : max;
    }
    return !link->is_gone && max > link_metric(snapshot, place, metric);
}

static uint32_t mending_place(const struct mend_links *links, uint32_t index)
{
    return links->at == NULL ? index : links->at[index];
}

bool landmarks_are_torn(const struct ted_snapshot *snapshot, const struct path_landmarks *landmarks,
                        const struct mend_links *links)
{
    for (uint32_t m = 0; m < LANDMARK_METRICS; m++)
        for (uint32_t i = 0; i < links->count && landmarks->rows[m] != NULL; i++)
            if (mending_is_torn(snapshot, landmarks->rows[m], mending_place(links, i),
                                (enum path_metric)m))
                return true;
    return false;
}

static void mending_take_shorts(struct mending *mending, const struct mend_links *links)
{
    mending->short_count = 0;
    for (uint32_t i = 0; i < links->count; i++) {
        uint32_t place = mending_place(links, i);
        if (mending_is_torn(mending->snapshot, mending->rows, place, mending->metric))
            mending->shorts[mending->short_count++] = place;
    }
}

/* ---- distances that are lowered ---- */

static uint32_t mending_distance(const struct mending *mending, uint32_t node, uint32_t column)
{
    uint32_t value = mending->rows[node].columns[column];
    return column < LANDMARKS ? value : UINT32_MAX - value;
}

static void mending_lower(struct mending *mending, uint32_t node, uint32_t column,
                          uint64_t distance)
{
    struct spf_node *state = &mending->nodes[node];
    bool is_waiting = state->stamp == mending->stamp;
    uint32_t value = (uint32_t)distance;
    mending->rows[node].columns[column] = column < LANDMARKS ? value : UINT32_MAX - value;
    state->key = distance;
    state->stamp = mending->stamp;
    if (is_waiting)
        heap_lower(&mending->heap, mending->nodes, node, distance);
    else
        heap_add(&mending->heap, mending->nodes, node, distance);
}

static void mending_relax(struct mending *mending, uint32_t column, uint32_t node)
{
    const struct ted_snapshot *s = mending->snapshot;
    bool is_reverse = column >= LANDMARKS;
    const uint32_t *firsts = is_reverse ? s->reverse_first_edge : s->first_edge;
    const struct ted_edge *edges = is_reverse ? s->reverse_edges : s->edges;
    uint64_t distance = mending_distance(mending, node, column);
    for (uint32_t i = firsts[node]; i < firsts[node + 1]; i++) {
        uint64_t longer = distance + (is_reverse ? reverse_edge_metric(s, i, mending->metric)
                                                 : edge_metric(s, &edges[i], mending->metric));
        if (longer < mending_distance(mending, edges[i].node, column))
            mending_lower(mending, edges[i].node, column, longer);
    }
}

static void mending_mend_column(struct mending *mending, uint32_t column)
{
    const struct ted_snapshot *s = mending->snapshot;
    mending->stamp++;
    mending->heap.count = 0;
    for (uint32_t i = 0; i < mending->short_count; i++) {
        const struct ted_link *link = &s->links[mending->shorts[i]];
        uint32_t near = column < LANDMARKS ? link->from : link->to;
        uint32_t far = column < LANDMARKS ? link->to : link->from;
        uint64_t distance = mending_distance(mending, near, column);
        distance += link_metric(s, mending->shorts[i], mending->metric);
        if (distance < mending_distance(mending, far, column))
            mending_lower(mending, far, column, distance);
    }
    while (mending->heap.count > 0)
        mending_relax(mending, column, heap_pop(&mending->heap, mending->nodes).node);
}

/* ---- all ---- */

static bool mending_init(struct mending *mending, const struct ted_snapshot *snapshot,
                         uint32_t link_count)
{
    *mending = (struct mending){
        .snapshot = snapshot,
        .nodes = calloc(snapshot->node_count, sizeof *mending->nodes),
        .heap.entries = calloc(snapshot->node_count, sizeof *mending->heap.entries),
        .shorts = malloc((link_count + (size_t)1) * sizeof *mending->shorts),
    };
    return mending->nodes != NULL && mending->heap.entries != NULL && mending->shorts != NULL;
}

static void mending_fini(struct mending *mending)
{
    free(mending->nodes);
    free(mending->heap.entries);
    free(mending->shorts);
}

bool landmarks_mend(const struct ted_snapshot *snapshot, struct path_landmarks *landmarks,
                    const struct mend_links *links, uint32_t short_max)
{
    struct mending mending;
    bool is_good = mending_init(&mending, snapshot, links->count);
    for (uint32_t m = 0; is_good && m < LANDMARK_METRICS; m++) {
        if (landmarks->rows[m] == NULL)
            continue;
        mending.metric = (enum path_metric)m;
        mending.rows = landmarks_place(landmarks, snapshot->node_count, m);
        mending_take_shorts(&mending, links);
        is_good = mending.short_count <= short_max;
        for (uint32_t c = 0; is_good && mending.short_count > 0 && c < LANDMARK_COLUMNS; c++)
            mending_mend_column(&mending, c);
    }
    mending_fini(&mending);
    return is_good;
}
