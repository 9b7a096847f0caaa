#include "core/path/link_metric.h"

#include "core/base/check.h"

#include <math.h>

#define LOSS_STEP  3e-8                /* the fraction that one unit of an advertised loss is */
#define LOSS_SCALE 4294967296.0        /* 2^32: the greatest loss, 50.33 %, stays below 2^32 */
#define SUM_MAX    (UINT64_C(1) << 53) /* above the sum of any path of PATH_HOPS_MAX links */

uint32_t link_metric_of_loss(uint32_t loss)
{
    return (uint32_t)(-log1p(-(double)loss * LOSS_STEP) * LOSS_SCALE);
}

static unsigned link_metric_bit(enum path_metric metric)
{
    switch (metric) {
    case PATH_METRIC_MIN_DELAY:
        return TED_MEASURED_DELAY_RANGE;
    case PATH_METRIC_DELAY_VARIATION:
        return TED_MEASURED_DELAY_VARIATION;
    case PATH_METRIC_LOSS:
        return TED_MEASURED_LOSS;
    default:
        return 0;
    }
}

bool link_metric_is_known(const struct ted_link *link, enum path_metric metric)
{
    unsigned bit = link_metric_bit(metric);
    return (link->measured & bit) == bit;
}

/* A constant, which costs no logarithm. */
uint32_t link_metric_unmeasured(enum path_metric metric)
{
    return metric == PATH_METRIC_LOSS ? link_metric_of_loss(LINK_METRIC_UNMEASURED)
                                      : LINK_METRIC_UNMEASURED;
}

uint32_t link_metric_measured(const struct ted_link *link, enum path_metric metric)
{
    if (!link_metric_is_known(link, metric))
        return link_metric_unmeasured(metric);
    switch (metric) {
    case PATH_METRIC_MIN_DELAY:
        return link->delay_min_us;
    case PATH_METRIC_DELAY_VARIATION:
        return link->delay_variation_us;
    default:
        CHECK(metric == PATH_METRIC_LOSS);
        return link_metric_of_loss(link->loss);
    }
}

double link_metric_tell(enum path_metric metric, uint64_t sum)
{
    return metric == PATH_METRIC_LOSS ? -expm1(-(double)sum / LOSS_SCALE) * 100 : (double)sum;
}

/* The request's bounds are doubles because METRIC carries a float (RFC 5440 7.8). */
uint64_t link_metric_bound(enum path_metric metric, double bound)
{
    if (metric == PATH_METRIC_LOSS)
        bound = bound < 100 ? -log1p(-bound / 100) * LOSS_SCALE : (double)SUM_MAX;
    return bound >= (double)SUM_MAX ? SUM_MAX : (uint64_t)bound;
}
