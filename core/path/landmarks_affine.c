#include "core/path/landmarks_affine.h"

#include "core/path/engine.h"
#include "core/path/link_metric.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define AFFINE_LANDMARKS 8
#define AFFINE_SWEEPS    (2 * AFFINE_LANDMARKS)
#define AFFINE_STEP      2     /* links of a sweep take the time of one step of a search … */
#define AFFINE_NODES_MAX 20000 /* above, the work of making them comes back too late */
#define AFFINE_WORTH     4     /* … on small networks; where memory is slow, up to so much more */

_Static_assert(AFFINE_LANDMARKS <= LANDMARKS, "columns of a row");

struct affine_landmarks {
    struct ted_block block;
    struct ted_shelf_key key;
    uint32_t made;              /* the turn of the snapshot that they were made of */
    atomic_uint_least32_t held; /* the last turn for which they are known to hold */
    alignas(sizeof(struct landmark_row)) struct landmark_row rows[];
};

static struct ted_shelf_key affine_key(const struct problem *problem, enum path_metric metric)
{
    const struct constraint *constraint = &problem->constraint;
    return (struct ted_shelf_key){{constraint->exclude_any, constraint->include_any,
                                   constraint->include_all, (uint32_t)metric}};
}

static bool affine_is_key(const struct ted_shelf_key *a, const struct ted_shelf_key *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static bool affine_is_asked(const struct problem *problem, enum path_metric metric)
{
    const struct constraint *constraint = &problem->constraint;
    return (constraint->exclude_any | constraint->include_any | constraint->include_all) != 0 &&
           problem->snapshot->derived != NULL &&
           problem->snapshot->node_count <= AFFINE_NODES_MAX &&
           landmark_rows_of(problem->snapshot, metric) != NULL;
}

/* ---- whether they hold ---- */

/* Whether over a link no node is farther from a landmark, or to one, than the link is long. */
static bool affine_allows(const struct affine_landmarks *affine,
                          const struct ted_recent_change *change)
{
    uint32_t length = link_metric_of_change(change, (enum path_metric)affine->key.words[3]);
    const struct landmark_row *from = &affine->rows[change->from], *to = &affine->rows[change->to];
    for (uint32_t c = 0; c < LANDMARK_COLUMNS; c++)
        if (potential_difference(to->columns[c], from->columns[c]) > length)
            return false;
    return true;
}

/* Nobody writes anything but how long they have held. */
static bool affine_holds(struct affine_landmarks *affine, const struct ted_snapshot *snapshot)
{
    const struct ted_recent *recent = snapshot->recent;
    uint32_t held = atomic_load_explicit(&affine->held, memory_order_relaxed);
    if (snapshot->turn < affine->made)
        return false;
    if (snapshot->turn <= held)
        return true;
    if (recent == NULL || held < recent->since)
        return false;
    for (uint32_t i = recent->count; i > 0 && recent->changes[i - 1].turn > held; i--)
        if (!affine_allows(affine, &recent->changes[i - 1]))
            return false;
    atomic_store_explicit(&affine->held, snapshot->turn, memory_order_relaxed);
    return true;
}

static struct affine_landmarks *affine_on_shelf(const struct ted_snapshot *snapshot, uint32_t shelf)
{
    const struct ted_block *block = ted_derived_find(snapshot, ted_derived_shelf(snapshot, shelf));
    return (struct affine_landmarks *)(uintptr_t)block;
}

/* NULL: there are none, or none that hold. */
static const struct landmark_row *affine_find(const struct problem *problem,
                                              enum path_metric metric)
{
    struct ted_shelf_key key = affine_key(problem, metric);
    for (uint32_t i = 0; i < TED_DERIVED_SHELVES; i++) {
        struct affine_landmarks *affine = affine_on_shelf(problem->snapshot, i);
        if (affine != NULL && affine_is_key(&affine->key, &key))
            return affine_holds(affine, problem->snapshot) ? affine->rows : NULL;
    }
    return NULL;
}

const struct landmark_row *affine_rows(const struct problem *problem, enum path_metric metric)
{
    const struct landmark_row *rows =
        affine_is_asked(problem, metric) ? affine_find(problem, metric) : NULL;
    return rows != NULL ? rows : landmark_rows_of(problem->snapshot, metric);
}

/* ---- making ---- */

struct affine_survey {
    const struct problem *problem;
    struct constraint affinities; /* of the problem, and nothing else of it */
    enum path_metric metric;
    struct heap *heap;
    struct spf_node *nodes; /* keys are distances; a sweep has its number as stamp */
    uint64_t *nearest;      /* of each node, the minimum distance from and to a landmark so far */
    uint32_t sweep;
};

static bool affine_admits(const struct affine_survey *survey, const struct ted_edge *edge)
{
    return constraint_admits_values(&survey->affinities,
                                    survey->problem->snapshot->links[edge->link].admin_group, 0);
}

static void affine_relax(struct affine_survey *survey, uint32_t node, uint64_t distance)
{
    struct spf_node *state = &survey->nodes[node];
    bool is_known = state->stamp == survey->sweep;
    if (is_known && state->key <= distance)
        return;
    *state = (struct spf_node){distance, survey->sweep, state->place};
    if (is_known)
        heap_lower(survey->heap, survey->nodes, node, distance);
    else
        heap_add(survey->heap, survey->nodes, node, distance);
}

/* Distances of all nodes from a landmark, or to it. */
static void affine_sweep(struct affine_survey *survey, uint32_t landmark, bool is_reverse)
{
    const struct ted_snapshot *s = survey->problem->snapshot;
    const uint32_t *firsts = is_reverse ? s->reverse_first_edge : s->first_edge;
    const struct ted_edge *edges = is_reverse ? s->reverse_edges : s->edges;
    survey->sweep++;
    survey->heap->count = 0;
    affine_relax(survey, landmark, 0);
    while (survey->heap->count > 0) {
        struct heap_entry top = heap_pop(survey->heap, survey->nodes);
        for (uint32_t i = firsts[top.node]; i < firsts[top.node + 1]; i++)
            if (affine_admits(survey, &edges[i]))
                affine_relax(survey, edges[i].node,
                             top.key + (is_reverse ? reverse_edge_metric(s, i, survey->metric)
                                                   : edge_metric(s, &edges[i], survey->metric)));
    }
}

/* Notes how near each node is to a landmark; returns the one that is farthest. What is not reached does not count. */
static uint32_t affine_farthest(const struct affine_survey *survey)
{
    uint32_t best = 0;
    for (uint32_t i = 0; i < survey->problem->snapshot->node_count; i++) {
        const struct spf_node *node = &survey->nodes[i];
        uint64_t distance = node->stamp == survey->sweep ? node->key : 0;
        if (distance < survey->nearest[i])
            survey->nearest[i] = distance;
        if (survey->nearest[i] > survey->nearest[best])
            best = i;
    }
    return best;
}

/* false: one of the distances is too great. */
static bool affine_take_column(const struct affine_survey *survey, struct landmark_row *rows,
                               uint32_t column)
{
    for (uint32_t i = 0; i < survey->problem->snapshot->node_count; i++) {
        const struct spf_node *node = &survey->nodes[i];
        bool is_reached = node->stamp == survey->sweep;
        if (is_reached && node->key >= UINT32_MAX)
            return false;
        uint32_t distance = is_reached ? (uint32_t)node->key : UINT32_MAX;
        rows[i].columns[column] = column < LANDMARKS ? distance : UINT32_MAX - distance;
    }
    return true;
}

/* The first landmark is the node farthest from where the path ends that was asked for. */
static bool affine_survey_all(struct affine_survey *survey, struct landmark_row *rows)
{
    size_t octets = survey->problem->snapshot->node_count * sizeof *survey->nearest;
    memset(survey->nearest, 0xff, octets);
    affine_sweep(survey, survey->problem->destination, false);
    uint32_t landmark = affine_farthest(survey);
    memset(survey->nearest, 0xff, octets);
    for (uint32_t i = 0; i < AFFINE_LANDMARKS; i++) {
        affine_sweep(survey, landmark, false);
        if (!affine_take_column(survey, rows, i))
            return false;
        (void)affine_farthest(survey);
        affine_sweep(survey, landmark, true);
        if (!affine_take_column(survey, rows, LANDMARKS + i))
            return false;
        landmark = affine_farthest(survey);
    }
    return true;
}

/* NULL: memory ran out, or distances are too great. */
static struct affine_landmarks *affine_make(struct path_engine *engine,
                                            const struct problem *problem, enum path_metric metric)
{
    size_t count = problem->snapshot->node_count;
    size_t octets = sizeof(struct affine_landmarks) + count * sizeof(struct landmark_row);
    struct affine_survey survey = {
        .problem = problem,
        .affinities = {.exclude_any = problem->constraint.exclude_any,
                       .include_any = problem->constraint.include_any,
                       .include_all = problem->constraint.include_all},
        .metric = metric,
        .heap = &engine->heap,
        .nodes = calloc(count, sizeof *survey.nodes),
        .nearest = malloc(count * sizeof *survey.nearest),
    };
    struct affine_landmarks *affine = aligned_alloc(alignof(struct affine_landmarks), octets);
    bool is_made = survey.nodes != NULL && survey.nearest != NULL && affine != NULL;
    if (is_made) {
        memset(affine, 0, octets);
        affine->block.octets = octets;
        affine->key = affine_key(problem, metric);
        affine->made = problem->snapshot->turn;
        atomic_init(&affine->held, affine->made);
        is_made = affine_survey_all(&survey, affine->rows);
    }
    free(survey.nodes);
    free(survey.nearest);
    if (!is_made)
        free(affine);
    return is_made ? affine : NULL;
}

/* ---- who is worth it ---- */

/* The shelf for these affinities; TED_NONE: others are asked for more often. */
static uint32_t affine_shelf(struct ted_shelves *shelves, const struct ted_snapshot *snapshot,
                             const struct ted_shelf_key *key, uint64_t work)
{
    uint32_t least = TED_NONE;
    for (uint32_t i = 0; i < TED_DERIVED_SHELVES; i++) {
        if (affine_is_key(&shelves->keys[i], key))
            return i;
        if (affine_on_shelf(snapshot, i) == NULL &&
            (least == TED_NONE || shelves->spent[i] < shelves->spent[least]))
            least = i;
    }
    if (least == TED_NONE)
        return TED_NONE;
    shelves->spent[least] -= work < shelves->spent[least] ? work : shelves->spent[least];
    if (shelves->spent[least] > 0)
        return TED_NONE;
    shelves->keys[least] = *key;
    return least;
}

static void affine_count(struct path_engine *engine, const struct problem *problem,
                         enum path_metric metric, uint64_t work)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    struct ted_shelves *shelves = &snapshot->derived->shelves;
    struct ted_shelf_key key = affine_key(problem, metric);
    uint32_t shelf = affine_shelf(shelves, snapshot, &key, work);
    uint64_t cost = (uint64_t)AFFINE_SWEEPS * snapshot->edge_count / AFFINE_STEP;
    uint64_t spent = engine->work + engine->work_beside;
    if (shelf == TED_NONE)
        return;
    shelves->spent[shelf] += work;
    if (shelves->spent[shelf] < AFFINE_WORTH * cost || spent + cost > engine->work_left)
        return;
    shelves->spent[shelf] = 0;
    engine->work_beside += cost;
    struct affine_landmarks *affine = affine_make(engine, problem, metric);
    if (affine != NULL &&
        !ted_derived_give(snapshot, ted_derived_shelf(snapshot, shelf), &affine->block))
        free(affine);
}

/* Who comes while another one counts, or makes landmarks, goes on without. */
void affine_note(struct path_engine *engine, const struct problem *problem, enum path_metric metric,
                 uint64_t work)
{
    if (!affine_is_asked(problem, metric) || affine_find(problem, metric) != NULL)
        return;
    struct ted_shelves *shelves = &problem->snapshot->derived->shelves;
    if (atomic_flag_test_and_set_explicit(&shelves->is_held, memory_order_acquire))
        return;
    affine_count(engine, problem, metric, work);
    atomic_flag_clear_explicit(&shelves->is_held, memory_order_release);
}
