/* Dimensions: the bounded sums that a search under bounds has to carry beside its objective.
 *
 * Thread: any. Owns: nothing. Bound: DIMENSIONS_MAX. */
#ifndef PCED_CORE_PATH_DIMENSIONS_H
#define PCED_CORE_PATH_DIMENSIONS_H

#include "core/base/check.h"
#include "core/path/problem.h"

#define DIMENSIONS_MAX (PATH_BOUNDS_MAX + 1) /* hops besides */

struct dimensions {
    uint32_t count;
    enum path_metric metrics[DIMENSIONS_MAX];
    uint64_t bounds[DIMENSIONS_MAX];
};

/* The bounded metrics of a problem, in the order of the enum; without the one that is minimised,
 * whose bound is a limit of the objective. with_hops: the limit of PATH_HOPS_MAX links counts as a
 * bound. */
static inline struct dimensions dimensions_of(const struct problem *problem, bool with_hops)
{
    struct dimensions dimensions = {.count = 0};
    for (uint32_t m = 0; m < ADDITIVE_METRIC_COUNT; m++) {
        bool is_bounded = (problem->bounded & (1u << m)) != 0;
        bool is_limit = with_hops && m == PATH_METRIC_HOPS;
        if (!is_bounded && !is_limit)
            continue;
        if (m == (uint32_t)problem->metric && !problem->is_ranked && !is_limit)
            continue;
        uint64_t bound = is_bounded ? problem->bounds[m] : PATH_HOPS_MAX;
        if (is_limit && bound > PATH_HOPS_MAX)
            bound = PATH_HOPS_MAX;
        CHECK(dimensions.count < DIMENSIONS_MAX); /* path_allows_bounds */
        dimensions.metrics[dimensions.count] = (enum path_metric)m;
        dimensions.bounds[dimensions.count++] = bound;
    }
    return dimensions;
}

#endif
