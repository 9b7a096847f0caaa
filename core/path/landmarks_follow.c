/* Landmarks of a snapshot that was patched: those of the snapshot before, where what has changed
 * leaves them right; else a copy, in which the distances are lowered that a link shortens. */
#include "core/path/heap.h"
#include "core/path/landmarks.h"
#include "core/path/near_tree.h"
#include "core/path/problem.h"
#include "core/ted/derived.h"
#include "core/ted/patch.h"
#include "core/ted/recent.h"

#include <stdlib.h>

/* Distances of one metric that are mended. */
struct mending {
    const struct ted_snapshot *snapshot;
    enum path_metric metric;
    struct landmark_row *rows;
    struct spf_node *nodes; /* keys are distances that were lowered */
    struct heap heap;
    uint32_t stamp;
};

static uint32_t mending_distance(const struct landmark_row *rows, uint32_t node, uint32_t column)
{
    uint32_t value = rows[node].columns[column];
    return column < LANDMARKS ? value : UINT32_MAX - value;
}

/* Whether a link of this length shortens the way to (from, in the second half) a landmark's far
 * side: the node behind it is farther than it can be. */
static bool mending_is_short(const struct landmark_row *rows, const struct ted_link *link,
                             uint32_t length, uint32_t column)
{
    uint32_t near = column < LANDMARKS ? link->from : link->to;
    uint32_t far = column < LANDMARKS ? link->to : link->from;
    uint32_t distance = mending_distance(rows, near, column);
    return distance != UINT32_MAX &&
           (uint64_t)distance + length < mending_distance(rows, far, column);
}

static bool mending_is_needed(const struct ted_snapshot *snapshot, const struct landmark_row *rows,
                              enum path_metric metric)
{
    for (uint32_t i = 0; i < snapshot->delta->count; i++) {
        const struct ted_link *link = &snapshot->links[snapshot->delta->links[i]];
        for (uint32_t c = 0; c < LANDMARK_COLUMNS && !link->is_gone; c++)
            if (mending_is_short(rows, link,
                                 link_metric(snapshot, snapshot->delta->links[i], metric), c))
                return true;
    }
    return false;
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
    uint64_t distance = mending_distance(mending->rows, node, column);
    for (uint32_t i = firsts[node]; i < firsts[node + 1]; i++) {
        uint64_t longer = distance + (is_reverse ? reverse_edge_metric(s, i, mending->metric)
                                                 : edge_metric(s, &edges[i], mending->metric));
        if (longer < mending_distance(mending->rows, edges[i].node, column))
            mending_lower(mending, edges[i].node, column, longer);
    }
}

static void mending_mend_column(struct mending *mending, uint32_t column)
{
    const struct ted_snapshot *s = mending->snapshot;
    mending->stamp++;
    mending->heap.count = 0;
    for (uint32_t i = 0; i < s->delta->count; i++) {
        const struct ted_link *link = &s->links[s->delta->links[i]];
        uint32_t length = link_metric(s, s->delta->links[i], mending->metric);
        if (link->is_gone || !mending_is_short(mending->rows, link, length, column))
            continue;
        uint32_t near = column < LANDMARKS ? link->from : link->to;
        uint64_t distance = mending_distance(mending->rows, near, column) + (uint64_t)length;
        mending_lower(mending, column < LANDMARKS ? link->to : link->from, column, distance);
    }
    while (mending->heap.count > 0)
        mending_relax(mending, column, heap_pop(&mending->heap, mending->nodes).node);
}

/* A copy that holds; NULL: memory ran out. */
static struct path_landmarks *mending_mend(const struct ted_snapshot *snapshot,
                                           const struct path_landmarks *landmarks)
{
    size_t node_count = snapshot->node_count;
    struct mending mending = {
        .snapshot = snapshot,
        .nodes = calloc(node_count, sizeof *mending.nodes),
        .heap.entries = calloc(node_count, sizeof *mending.heap.entries),
    };
    struct ted_part *part = ted_part_copy(&landmarks->part, 0);
    struct path_landmarks *mended = (struct path_landmarks *)(void *)part;
    bool is_possible = mending.nodes != NULL && mending.heap.entries != NULL && mended != NULL;
    for (uint32_t m = 0; is_possible && m < LANDMARK_METRICS; m++) {
        if (landmarks->rows[m] == NULL)
            continue;
        mending.metric = (enum path_metric)m;
        mending.rows = (struct landmark_row *)(mended + 1) + m * node_count;
        mended->rows[m] = mending.rows;
        for (uint32_t c = 0; c < LANDMARK_COLUMNS; c++)
            mending_mend_column(&mending, c);
    }
    free(mending.nodes);
    free(mending.heap.entries);
    if (!is_possible)
        ted_part_leave(part);
    return is_possible ? mended : NULL;
}

/* Distances that were lowered may be wrong for snapshots before: who asks for a bound there has to
 * find that nothing is known of them. */
static void mending_forget_recent(struct ted_snapshot *snapshot)
{
    snapshot->recent->since = snapshot->turn;
    snapshot->recent->count = 0;
}

/* Near trees are of what the IGP does. */
static bool mending_keeps_igp(const struct ted_snapshot *before,
                              const struct ted_snapshot *snapshot)
{
    for (uint32_t i = 0; i < snapshot->delta->count; i++) {
        const struct ted_link *was = &before->links[snapshot->delta->links[i]];
        const struct ted_link *link = &snapshot->links[snapshot->delta->links[i]];
        if (was->is_gone != link->is_gone || was->is_two_way != link->is_two_way ||
            was->is_first_only != link->is_first_only || was->igp_metric != link->igp_metric)
            return false;
    }
    return true;
}

void path_landmarks_follow(const struct ted_snapshot *before, struct ted_snapshot *snapshot)
{
    struct path_landmarks *landmarks = before->landmarks;
    bool is_needed = false;
    for (uint32_t m = 0; landmarks != NULL && m < LANDMARK_METRICS && !is_needed; m++)
        is_needed = landmarks->rows[m] != NULL &&
                    mending_is_needed(snapshot, landmarks->rows[m], (enum path_metric)m);
    if (is_needed) {
        snapshot->landmarks = mending_mend(snapshot, landmarks);
        mending_forget_recent(snapshot);
    }
    if (!is_needed && landmarks != NULL)
        snapshot->landmarks = (struct path_landmarks *)(void *)ted_part_share(&landmarks->part);
    if (mending_keeps_igp(before, snapshot))
        ted_derived_share(before, snapshot);
    else
        (void)!ted_derived_prepare(snapshot, NEAR_TREES_OCTETS_MAX);
}
