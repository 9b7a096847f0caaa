#include "core/path/landmarks.h"

#include "core/base/check.h"
#include "core/path/near_tree.h"
#include "core/path/survey.h"

bool path_landmarks_build(struct ted_snapshot *snapshot)
{
    if (snapshot->landmarks != NULL || snapshot->node_count == 0 ||
        snapshot->node_count > LANDMARK_NODES_MAX)
        return true;
    struct survey *survey =
        ted_derived_prepare(snapshot, NEAR_TREES_OCTETS_MAX) ? survey_begin(snapshot) : NULL;
    if (survey == NULL)
        return false;
    while (!survey_step(survey))
        continue;
    snapshot->landmarks = survey_take(survey);
    survey_end(survey);
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
