/* Link metric: what one link adds to the sum that a path has in each additive metric, and how such
 * sums are told.
 *
 * Loss is a product, not a sum: of a packet that enters a path, each link lets the fraction 1 - p
 * through (RFC 8233 3.1.3). Its logarithm is a sum, so that all searches can have it: a link adds
 * -ln(1 - p) in units of 2^-32, rounded down. What a sum tells is below the true loss by less than
 * 0.00000003 % a link, a hundredth of the step in which a link's own is advertised (RFC 8570 4.4).
 *
 * A link whose figure nobody has measured counts as the worst that could be advertised: it is taken
 * where nothing else leads on, and no bound that means anything is kept over it.
 *
 * Thread: any. Owns: nothing. Bound: a link adds less than 2^32 in each metric. */
#ifndef PCED_CORE_PATH_LINK_METRIC_H
#define PCED_CORE_PATH_LINK_METRIC_H

#include "core/path/path.h"
#include "core/ted/recent.h"

#define LINK_METRIC_UNMEASURED ((UINT32_C(1) << 24) - 1) /* the greatest of 24 bits */

/* Of a share of lost packets, in units of 0.000003 %; */
uint32_t link_metric_of_loss(uint32_t loss);
/* … of a link that does not say it. */
uint32_t link_metric_unmeasured(enum path_metric metric);
/* Of a metric that is measured: delays in microseconds, loss. */
uint32_t link_metric_measured(const struct ted_link *link, enum path_metric metric);
/* Whether the link says what it adds. */
bool link_metric_is_known(const struct ted_link *link, enum path_metric metric);

/* What a sum is in the unit of struct path_request and struct path_result: percent for loss. */
double link_metric_tell(enum path_metric metric, uint64_t sum);
/* The greatest sum that tells no more than the bound, which is not below zero. */
uint64_t link_metric_bound(enum path_metric metric, double bound);

static inline uint32_t link_metric(const struct ted_snapshot *snapshot, uint32_t link,
                                   enum path_metric metric)
{
    switch (metric) {
    case PATH_METRIC_IGP:
        return ted_igp_metric(snapshot, link);
    case PATH_METRIC_TE:
        return snapshot->links[link].te_metric;
    case PATH_METRIC_HOPS:
        return 1;
    case PATH_METRIC_DELAY:
        return snapshot->links[link].delay_us;
    default:
        return link_metric_measured(&snapshot->links[link], metric);
    }
}

/* What the link of a change adds; 0: a change does not say it. */
static inline uint32_t link_metric_of_change(const struct ted_recent_change *change,
                                             enum path_metric metric)
{
    switch (metric) {
    case PATH_METRIC_IGP:
        return change->igp_metric;
    case PATH_METRIC_TE:
        return change->te_metric;
    case PATH_METRIC_HOPS:
        return change->hops;
    case PATH_METRIC_DELAY:
        return change->delay_us;
    default:
        return 0;
    }
}

#endif
