#include "core/path/survey.h"

#include "core/base/check.h"
#include "core/path/landmarks_mend.h"
#include "core/path/problem.h"
#include "core/path/survey_queue.h"

#include <stdlib.h>
#include <string.h>

#define ROW_ALIGNMENT 64 /* a row is a line of the cache */
_Static_assert(sizeof(struct landmark_row) == ROW_ALIGNMENT, "a node's distances are one line");
_Static_assert(sizeof(struct path_landmarks) % ROW_ALIGNMENT == 0, "rows follow the head");

/* Distances that fall short of what they are by such a part of it, in the sum, are loose. */
#define SURVEY_LOOSE_PART 64

/* All that a sweep reads of an edge. */
struct survey_edge {
    uint32_t node, weight;
};

struct survey {
    struct ted_snapshot snapshot; /* the head of it, with parts of its own */
    struct path_landmarks *landmarks;
    struct survey_queue queue;
    struct survey_edge *edges[2]; /* forward and reverse */
    uint32_t *nearest;            /* of each node, the minimum distance from and to a landmark */
    uint32_t weight_max;
    uint32_t metric;   /* that is being surveyed; LANDMARK_METRICS: all is done */
    uint32_t taken;    /* landmarks of it that are done */
    uint32_t landmark; /* the next one */
    bool has_begun;    /* with the metric */
    bool is_symmetric; /* each edge has one of the same weight against it */
};

/* ---- life ---- */

/* Of the snapshot what is read later. */
static void survey_keep(struct survey *survey, const struct ted_snapshot *snapshot)
{
    survey->snapshot = *snapshot;
    (void)ted_part_share(snapshot->parts[TED_PART_LINKS]);
    (void)ted_part_share(snapshot->parts[TED_PART_EDGES]);
}

struct survey *survey_begin(const struct ted_snapshot *snapshot)
{
    const size_t nodes = snapshot->node_count, edges = snapshot->edge_count;
    struct survey *survey = calloc(1, sizeof *survey);
    if (survey == NULL)
        return NULL;
    survey_keep(survey, snapshot);
    survey->landmarks =
        (struct path_landmarks *)(void *)ted_part_create(landmarks_size(snapshot->node_count));
    survey->queue.nodes = malloc((nodes + 1) * sizeof *survey->queue.nodes);
    survey->nearest = malloc((nodes + 1) * sizeof *survey->nearest);
    for (unsigned i = 0; i < 2; i++)
        survey->edges[i] = malloc((edges + 1) * sizeof *survey->edges[i]);
    if (survey->landmarks != NULL && survey->queue.nodes != NULL && survey->nearest != NULL &&
        survey->edges[0] != NULL && survey->edges[1] != NULL)
        return survey;
    survey_end(survey);
    return NULL;
}

void survey_end(struct survey *survey)
{
    if (survey == NULL)
        return;
    ted_part_leave(survey->snapshot.parts[TED_PART_LINKS]);
    ted_part_leave(survey->snapshot.parts[TED_PART_EDGES]);
    ted_part_leave((struct ted_part *)(void *)survey->landmarks);
    free(survey->queue.nodes);
    free(survey->nearest);
    free(survey->edges[0]);
    free(survey->edges[1]);
    free(survey);
}

struct path_landmarks *survey_take(struct survey *survey)
{
    struct path_landmarks *landmarks = survey->landmarks;
    CHECK(survey->metric == LANDMARK_METRICS);
    survey->landmarks = NULL;
    return landmarks;
}

/* ---- sweeps ---- */

static void survey_weigh(struct survey *survey)
{
    const struct ted_snapshot *s = &survey->snapshot;
    enum path_metric metric = (enum path_metric)survey->metric;
    survey->weight_max = 0;
    for (uint32_t i = 0; i < s->edge_count; i++) {
        uint32_t weight = edge_metric(s, &s->edges[i], metric);
        survey->weight_max = weight > survey->weight_max ? weight : survey->weight_max;
        survey->edges[0][i] = (struct survey_edge){s->edges[i].node, weight};
        survey->edges[1][i] =
            (struct survey_edge){s->reverse_edges[i].node, reverse_edge_metric(s, i, metric)};
    }
    survey->is_symmetric =
        memcmp(s->first_edge, s->reverse_first_edge,
               (s->node_count + (size_t)1) * sizeof *s->first_edge) == 0 &&
        memcmp(survey->edges[0], survey->edges[1], s->edge_count * sizeof *survey->edges[0]) == 0;
}

/* Whether a node is out of reach for its distance alone. */
static bool survey_is_far(const struct survey *survey, bool is_reverse)
{
    const struct ted_snapshot *s = &survey->snapshot;
    const uint32_t *firsts = is_reverse ? s->reverse_first_edge : s->first_edge;
    const struct survey_node *nodes = survey->queue.nodes;
    if ((uint64_t)survey->queue.last + survey->weight_max < SURVEY_NOT_REACHED)
        return false;
    for (uint32_t node = 0; node < s->node_count; node++)
        for (uint32_t i = firsts[node];
             i < firsts[node + 1] && nodes[node].distance != SURVEY_NOT_REACHED; i++)
            if (nodes[survey->edges[is_reverse][i].node].distance == SURVEY_NOT_REACHED)
                return true;
    return false;
}

/* Distances of all nodes from a landmark, or to it. false: one of them is too great. */
static bool survey_sweep(struct survey *survey, bool is_reverse)
{
    const struct ted_snapshot *s = &survey->snapshot;
    const uint32_t *firsts = is_reverse ? s->reverse_first_edge : s->first_edge;
    const struct survey_edge *edges = survey->edges[is_reverse];
    struct survey_queue *queue = &survey->queue;
    survey_queue_init(queue, s->node_count);
    survey_queue_lower(queue, survey->landmark, 0);
    while (queue->filled != 0) {
        uint32_t node = survey_queue_take(queue);
        uint64_t distance = queue->last;
        for (uint32_t i = firsts[node]; i < firsts[node + 1]; i++)
            if (distance + edges[i].weight < queue->nodes[edges[i].node].distance)
                survey_queue_lower(queue, edges[i].node, (uint32_t)distance + edges[i].weight);
    }
    return !survey_is_far(survey, is_reverse);
}

/* ---- which nodes are landmarks ---- */

/* A node that much of the network is about. */
static uint32_t survey_first_node(const struct ted_snapshot *snapshot)
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

/* The node that is farthest from all landmarks so far; one that is not reached does not count. */
static uint32_t survey_farthest(const struct survey *survey)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < survey->snapshot.node_count; i++) {
        if (survey->nearest[i] > survey->nearest[best])
            best = i;
    }
    return best;
}

static void survey_note_nearest(struct survey *survey)
{
    for (uint32_t i = 0; i < survey->snapshot.node_count; i++) {
        uint32_t distance = survey->queue.nodes[i].distance;
        if (distance == SURVEY_NOT_REACHED)
            survey->nearest[i] = 0;
        else if (distance < survey->nearest[i])
            survey->nearest[i] = distance;
    }
}

static void survey_forget_nearest(struct survey *survey)
{
    memset(survey->nearest, 0xff, survey->snapshot.node_count * sizeof *survey->nearest);
}

/* ---- steps ---- */

static struct landmark_row *survey_rows(const struct survey *survey)
{
    return landmarks_place(survey->landmarks, survey->snapshot.node_count, survey->metric);
}

static void survey_finish_metric(struct survey *survey, bool is_good)
{
    survey->landmarks->rows[survey->metric] = is_good ? survey_rows(survey) : NULL;
    survey->metric++;
    survey->has_begun = false;
}

static void survey_begin_metric(struct survey *survey)
{
    survey_weigh(survey);
    survey->landmark = survey_first_node(&survey->snapshot);
    survey->has_begun = true;
    survey->taken = 0;
    if (!survey_sweep(survey, false)) {
        survey_finish_metric(survey, false);
        return;
    }
    survey_forget_nearest(survey);
    survey_note_nearest(survey);
    survey->landmark = survey_farthest(survey);
    survey_forget_nearest(survey);
}

/* Takes the distances of a sweep into a column. */
static void survey_take_column(struct survey *survey, bool is_reverse)
{
    struct landmark_row *rows = survey_rows(survey);
    uint32_t column = survey->taken + (is_reverse ? LANDMARKS : 0);
    for (uint32_t i = 0; i < survey->snapshot.node_count; i++) {
        uint32_t distance = survey->queue.nodes[i].distance;
        rows[i].columns[column] = is_reverse ? UINT32_MAX - distance : distance;
    }
    survey_note_nearest(survey);
}

static void survey_take_landmark(struct survey *survey)
{
    bool is_good = survey_sweep(survey, false);
    if (is_good)
        survey_take_column(survey, false);
    is_good = is_good && (survey->is_symmetric || survey_sweep(survey, true));
    if (is_good)
        survey_take_column(survey, true);
    survey->landmark = survey_farthest(survey);
    if (++survey->taken == LANDMARKS || !is_good)
        survey_finish_metric(survey, is_good);
}

bool survey_step(struct survey *survey)
{
    if (survey->metric < LANDMARK_METRICS && survey->has_begun)
        survey_take_landmark(survey);
    else if (survey->metric < LANDMARK_METRICS)
        survey_begin_metric(survey);
    return survey->metric == LANDMARK_METRICS;
}

/* ---- looking ---- */

/* How far the distances of a column fall short of those of the sweep, and what they are in all. */
static bool survey_is_short(const struct survey *survey, const struct landmark_row *rows,
                            uint32_t column)
{
    uint64_t all = 0, missing = 0;
    for (uint32_t i = 0; i < survey->snapshot.node_count; i++) {
        uint32_t distance = survey->queue.nodes[i].distance;
        if (distance == SURVEY_NOT_REACHED)
            continue;
        all += distance;
        missing += potential_difference(distance, rows[i].columns[column]);
    }
    return missing > all / SURVEY_LOOSE_PART;
}

bool survey_finds_loose(struct survey *survey, const struct path_landmarks *landmarks,
                        uint32_t turn)
{
    uint32_t column = turn / LANDMARK_METRICS % LANDMARKS, node = 0;
    const struct landmark_row *rows = landmarks->rows[turn % LANDMARK_METRICS];
    if (rows == NULL)
        return false;
    while (node < survey->snapshot.node_count && rows[node].columns[column] != 0)
        node++;
    if (node == survey->snapshot.node_count) /* the landmark itself is gone */
        return true;
    survey->metric = turn % LANDMARK_METRICS;
    survey->landmark = node;
    survey_weigh(survey);
    bool is_loose = survey_sweep(survey, false) && survey_is_short(survey, rows, column);
    survey->metric = 0;
    return is_loose;
}
