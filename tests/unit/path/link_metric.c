/* What links add to a sum, and what sums tell. */
#include "core/path/link_metric.h"

#include <criterion/criterion.h>

Test(link_metric, a_loss_is_told_as_it_was_advertised)
{
    for (uint32_t loss = 0; loss <= LINK_METRIC_UNMEASURED; loss += 9999) {
        double told = link_metric_tell(PATH_METRIC_LOSS, link_metric_of_loss(loss));
        cr_assert(told <= loss * 3e-6 + 1e-12 && told > loss * 3e-6 - 3e-8, "%u: %.12g", loss,
                  told);
    }
}

Test(link_metric, equal_losses_keep_the_bound_of_their_sum)
{
    for (uint32_t count = 1; count <= 100; count++)
        cr_assert_leq((uint64_t)count * link_metric_of_loss(1),
                      link_metric_bound(PATH_METRIC_LOSS, count * 3e-6));
}

Test(link_metric, bounds_at_the_ends_of_their_range)
{
    cr_expect_eq(link_metric_bound(PATH_METRIC_LOSS, 0), 0);
    cr_expect_eq(link_metric_bound(PATH_METRIC_LOSS, 100), UINT64_C(1) << 53);
    cr_expect_eq(link_metric_bound(PATH_METRIC_LOSS, 1e30), UINT64_C(1) << 53);
    cr_expect_eq(link_metric_bound(PATH_METRIC_TE, 1e30), UINT64_C(1) << 53);
    cr_expect_eq(link_metric_bound(PATH_METRIC_TE, 19.9), 19);
    cr_expect_lt(link_metric_of_loss(LINK_METRIC_UNMEASURED), UINT32_MAX);
}

Test(link_metric, what_is_not_measured_is_the_worst)
{
    const struct ted_link none = {.delay_min_us = 1, .delay_variation_us = 1, .loss = 1};
    struct ted_link all = none;
    all.measured = TED_MEASURED_DELAY_RANGE | TED_MEASURED_DELAY_VARIATION | TED_MEASURED_LOSS;
    static const enum path_metric metrics[] = {PATH_METRIC_MIN_DELAY, PATH_METRIC_DELAY_VARIATION,
                                               PATH_METRIC_LOSS};
    for (unsigned i = 0; i < 3; i++) {
        cr_expect(link_metric_is_known(&all, metrics[i]));
        cr_expect_not(link_metric_is_known(&none, metrics[i]));
        cr_expect_lt(link_metric_measured(&all, metrics[i]), 1000);
        cr_expect_geq(link_metric_measured(&none, metrics[i]), LINK_METRIC_UNMEASURED);
    }
    cr_expect(link_metric_is_known(&none, PATH_METRIC_DELAY));
}

Test(link_metric, hops_and_so_many_others_are_bounded)
{
    uint32_t hops = 1U << PATH_METRIC_HOPS | 1U << PATH_METRIC_SIDS;
    uint32_t four = 1U << PATH_METRIC_IGP | 1U << PATH_METRIC_TE | 1U << PATH_METRIC_LOSS |
                    1U << PATH_METRIC_DELAY;
    cr_expect(path_allows_bounds(0) && path_allows_bounds(hops | four));
    cr_expect_not(path_allows_bounds(four | 1U << PATH_METRIC_MIN_DELAY));
}
