#include "core/path/landmarks.h"

#include "core/base/check.h"
#include "core/path/heap.h"
#include "core/path/near_tree.h"
#include "core/path/problem.h"

#include <stdlib.h>
#include <string.h>

#define ROW_ALIGNMENT 64 /* a row is a line of the cache */
_Static_assert(sizeof(struct landmark_row) == ROW_ALIGNMENT, "a node's distances are one line");

/* What the making needs. */
struct survey {
    const struct ted_snapshot *snapshot;
    struct spf_node *nodes; /* keys are distances; stamped with the number of the sweep */
    struct heap heap;
    uint32_t *weights[2]; /* of the edges, forward and reverse */
    uint64_t *nearest;    /* of each node, the minimum distance from and to a landmark so far */
    uint32_t stamp;
};

static void survey_fini(struct survey *survey)
{
    free(survey->nodes);
    free(survey->heap.entries);
    free(survey->weights[0]);
    free(survey->weights[1]);
    free(survey->nearest);
}

static bool survey_init(struct survey *survey, const struct ted_snapshot *snapshot)
{
    size_t nodes = snapshot->node_count, links = snapshot->link_count;
    *survey = (struct survey){
        .snapshot = snapshot,
        .nodes = calloc(nodes, sizeof *survey->nodes),
        .heap.entries = calloc(nodes, sizeof *survey->heap.entries),
        .weights = {calloc(links + 1, sizeof(uint32_t)), calloc(links + 1, sizeof(uint32_t))},
        .nearest = calloc(nodes, sizeof *survey->nearest),
    };
    if (survey->nodes != NULL && survey->heap.entries != NULL && survey->weights[0] != NULL &&
        survey->weights[1] != NULL && survey->nearest != NULL)
        return true;
    survey_fini(survey);
    return false;
}

static void weigh(const struct survey *survey, enum path_metric metric)
{
    const struct ted_snapshot *s = survey->snapshot;
    for (uint32_t i = 0; i < s->edge_count; i++) {
        survey->weights[0][i] = link_metric(s, s->edges[i].link, metric);
        survey->weights[1][i] = link_metric(s, s->reverse_edges[i].link, metric);
    }
}

/* Distances of all nodes from a landmark, or to it. */
static void sweep(struct survey *survey, uint32_t landmark, bool is_reverse)
{
    const struct ted_snapshot *s = survey->snapshot;
    const uint32_t *firsts = is_reverse ? s->reverse_first_edge : s->first_edge;
    const struct ted_edge *edges = is_reverse ? s->reverse_edges : s->edges;
    const uint32_t *weights = survey->weights[is_reverse];
    struct spf_node *nodes = survey->nodes;
    uint32_t stamp = ++survey->stamp;
    nodes[landmark] = (struct spf_node){.key = 0, .stamp = stamp};
    survey->heap.count = 0;
    heap_add(&survey->heap, nodes, landmark, 0);
    while (survey->heap.count > 0) {
        struct heap_entry top = heap_pop(&survey->heap, nodes);
        for (uint32_t i = firsts[top.node]; i < firsts[top.node + 1]; i++) {
            struct spf_node *state = &nodes[edges[i].node];
            uint64_t distance = top.key + weights[i];
            bool is_known = state->stamp == stamp;
            if (is_known && state->key <= distance)
                continue;
            state->key = distance;
            state->stamp = stamp;
            if (is_known)
                heap_lower(&survey->heap, nodes, edges[i].node, distance);
            else
                heap_add(&survey->heap, nodes, edges[i].node, distance);
        }
    }
}

/* The node that is farthest from all landmarks so far; one that is not reached does not count. */
static uint32_t farthest(const struct survey *survey)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < survey->snapshot->node_count; i++) {
        if (survey->nearest[i] > survey->nearest[best])
            best = i;
    }
    return best;
}

/* Takes the distances of a sweep into a column. false: one of them is too great. */
static bool take_column(const struct survey *survey, struct landmark_row *rows, uint32_t column,
                        bool is_reverse)
{
    for (uint32_t i = 0; i < survey->snapshot->node_count; i++) {
        const struct spf_node *node = &survey->nodes[i];
        bool is_reached = node->stamp == survey->stamp;
        if (is_reached && node->key >= UINT32_MAX)
            return false;
        uint32_t distance = is_reached ? (uint32_t)node->key : UINT32_MAX;
        rows[i].columns[column] = is_reverse ? UINT32_MAX - distance : distance;
        if (!is_reached)
            survey->nearest[i] = 0;
        else if (node->key < survey->nearest[i])
            survey->nearest[i] = node->key;
    }
    return true;
}

/* A node that much of the network is about. */
static uint32_t first_node(const struct ted_snapshot *snapshot)
{
    uint32_t best = 0, most = 0;
    for (uint32_t i = 0; i < snapshot->node_count; i++) {
        uint32_t count = snapshot->first_edge[i + 1] - snapshot->first_edge[i];
        if (count > most) {
            most = count;
            best = i;
        }
    }
    return best;
}

/* The rows of one metric. false: distances are too great. */
static bool survey_metric(struct survey *survey, enum path_metric metric, struct landmark_row *rows)
{
    uint32_t node_count = survey->snapshot->node_count;
    weigh(survey, metric);
    sweep(survey, first_node(survey->snapshot), false);
    for (uint32_t i = 0; i < node_count; i++)
        survey->nearest[i] = survey->nodes[i].stamp == survey->stamp ? survey->nodes[i].key : 0;
    uint32_t landmark = farthest(survey);
    memset(survey->nearest, 0xff, node_count * sizeof *survey->nearest);
    for (uint32_t i = 0; i < LANDMARKS; i++) {
        for (uint32_t is_reverse = 0; is_reverse < 2; is_reverse++) {
            sweep(survey, landmark, is_reverse != 0);
            if (!take_column(survey, rows, i + is_reverse * LANDMARKS, is_reverse != 0))
                return false;
        }
        landmark = farthest(survey);
    }
    return true;
}

_Static_assert(sizeof(struct path_landmarks) % ROW_ALIGNMENT == 0, "rows follow the head");

bool path_landmarks_build(struct ted_snapshot *snapshot)
{
    size_t node_count = snapshot->node_count;
    if (snapshot->landmarks != NULL || node_count == 0 || node_count > LANDMARK_NODES_MAX)
        return true;
    size_t metric_size = node_count * sizeof(struct landmark_row);
    size_t size =
        sizeof(struct path_landmarks) - sizeof(struct ted_part) + LANDMARK_METRICS * metric_size;
    struct ted_part *part = ted_part_create(size);
    struct survey survey;
    if (part == NULL || !ted_derived_prepare(snapshot, NEAR_TREES_OCTETS_MAX) ||
        !survey_init(&survey, snapshot)) {
        ted_part_leave(part);
        return false;
    }
    struct path_landmarks *landmarks = (struct path_landmarks *)(void *)part;
    for (uint32_t m = 0; m < LANDMARK_METRICS; m++) {
        void *rows = (char *)(landmarks + 1) + m * metric_size;
        landmarks->rows[m] = survey_metric(&survey, (enum path_metric)m, rows) ? rows : NULL;
    }
    survey_fini(&survey);
    snapshot->landmarks = landmarks;
    return true;
}

/* ---- bounds ---- */

/* Keeps the columns of the highest bounds, the highest first. */
static void offer(struct potential *potential, uint32_t bounds[LANDMARKS_ACTIVE], uint32_t column,
                  uint32_t bound)
{
    CHECK(potential->count <= LANDMARKS_ACTIVE);
    uint32_t place = potential->count;
    if (place == LANDMARKS_ACTIVE && bound <= bounds[--place])
        return;
    potential->count = place + 1;
    for (; place > 0 && bounds[place - 1] < bound; place--) {
        bounds[place] = bounds[place - 1];
        potential->columns[place] = potential->columns[place - 1];
    }
    bounds[place] = bound;
    potential->columns[place] = column;
}

uint32_t path_distance_bound(const struct ted_snapshot *snapshot, enum path_metric metric,
                             uint32_t from, uint32_t to)
{
    uint32_t max = 0;
    const struct landmark_row *rows = landmark_rows_of(snapshot, metric);
    if (rows == NULL)
        return 0;
    for (uint32_t c = 0; c < LANDMARK_COLUMNS; c++) {
        uint32_t bound = potential_difference(rows[to].columns[c], rows[from].columns[c]);
        max = bound > max ? bound : max;
    }
    return max;
}

struct potential potential_between(const struct ted_snapshot *snapshot, enum path_metric metric,
                                   uint32_t source, uint32_t destination, uint32_t goal)
{
    CHECK(goal == source || goal == destination);
    struct potential potential = {.rows = landmark_rows_of(snapshot, metric)};
    if (potential.rows == NULL)
        return potential;
    const uint32_t *from = potential.rows[source].columns,
                   *to = potential.rows[destination].columns;
    uint32_t bounds[LANDMARKS_ACTIVE];
    for (uint32_t c = 0; c < LANDMARK_COLUMNS; c++) {
        uint32_t bound = potential_difference(to[c], from[c]);
        if (bound > 0)
            offer(&potential, bounds, c, bound);
    }
    for (uint32_t i = 0; i < potential.count; i++)
        potential.goal[i] = potential.rows[goal].columns[potential.columns[i]];
    return potential;
}
