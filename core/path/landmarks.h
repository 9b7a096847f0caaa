/* Landmarks: lower bounds of distances that guide a search to its goal (A* with landmarks and the
 * triangle inequality, ALT).
 *
 * The distances from and to a few nodes at the rim of the network are kept for every node and
 * metric. For nodes x and y and a landmark L, d(x, y) >= d(L, y) - d(L, x) and
 * d(x, y) >= d(x, L) - d(y, L). Distances are those over all links: to leave links out only makes
 * them longer, so the bounds hold under every constraint, and they are consistent, so that a search
 * settles each node once.
 *
 * All of that follows from one property: over no link is a node farther from a landmark than the
 * link is long. A link that becomes longer, or goes, leaves it as it is, and the bounds lower than
 * they might be. Where a link becomes shorter, or comes, the distances that it shortens are made
 * anew, and no others (path_landmarks_follow). What has become loose is made anew beside (survey.h).
 *
 * Thread: path_landmarks_build belongs to whoever still owns the snapshot alone; readers afterwards as
 * for the snapshot. Owns: a part, which snapshots have in common while it holds for them.
 * Bound: LANDMARK_COLUMNS * 4 octets a node and metric; none above LANDMARK_NODES_MAX nodes. */
#ifndef PCED_CORE_PATH_LANDMARKS_H
#define PCED_CORE_PATH_LANDMARKS_H

#include "core/path/path.h"
#include "core/ted/part.h"

#define LANDMARKS          8
#define LANDMARK_COLUMNS   (2 * LANDMARKS)
#define LANDMARK_NODES_MAX 200000 /* above, they would take too long to make at each change */
#define LANDMARK_METRICS   4      /* the first ones: what is measured changes too often */
#define LANDMARKS_ACTIVE   4      /* columns that one search looks at */

/* Of one node, the distances from the landmarks, and UINT32_MAX minus those to them: in both halves
 * what is greater lies farther from the source. Not reached: UINT32_MAX as a distance. */
struct landmark_row {
    uint32_t columns[LANDMARK_COLUMNS];
};

struct path_landmarks {
    struct ted_part part;
    const struct landmark_row *rows[LANDMARK_METRICS]; /* for each node; NULL: distances are too
                                                          great for 32 bits */
};

/* NULL: the snapshot has none of this metric. */
static inline const struct landmark_row *landmark_rows_of(const struct ted_snapshot *snapshot,
                                                          enum path_metric metric)
{
    bool has_rows = snapshot->landmarks != NULL && (unsigned)metric < LANDMARK_METRICS;
    return has_rows ? snapshot->landmarks->rows[metric] : NULL;
}

/* The columns that tell most about the distance between two nodes, and the bound at the one that a
 * search runs towards. count 0: every bound is 0. */
struct potential {
    const struct landmark_row *rows;
    uint32_t count;
    uint32_t columns[LANDMARKS_ACTIVE];
    uint32_t goal[LANDMARKS_ACTIVE];
};

/* Bounds for searches between two nodes in a metric. goal: one of both. */
struct potential potential_between(const struct ted_snapshot *snapshot, enum path_metric metric,
                                   uint32_t source, uint32_t destination, uint32_t goal);

/* At least this is the distance from one node to another one. */
uint32_t path_distance_bound(const struct ted_snapshot *snapshot, enum path_metric metric,
                             uint32_t from, uint32_t to);

static inline uint32_t potential_difference(uint32_t farther, uint32_t nearer)
{
    return farther > nearer ? farther - nearer : 0;
}

/* At least this is the distance from the goal, the source, to the node. */
static inline uint32_t potential_from_goal(const struct potential *potential, uint32_t node)
{
    uint32_t max = 0;
    for (uint32_t i = 0; i < potential->count; i++) {
        uint32_t bound = potential_difference(potential->rows[node].columns[potential->columns[i]],
                                              potential->goal[i]);
        max = bound > max ? bound : max;
    }
    return max;
}

/* At least this is the distance from the node to the goal, the destination. */
static inline uint32_t potential_to_goal(const struct potential *potential, uint32_t node)
{
    uint32_t max = 0;
    for (uint32_t i = 0; i < potential->count; i++) {
        uint32_t bound = potential_difference(potential->goal[i],
                                              potential->rows[node].columns[potential->columns[i]]);
        max = bound > max ? bound : max;
    }
    return max;
}

#endif
