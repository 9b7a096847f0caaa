/* Which constraints a request without a path names, and in which sense. */
#include "tests/unit/path/fixture.h"

#include <criterion/criterion.h>

TestSuite(diagnosis, .init = fixture_init, .fini = fixture_fini);

#define BOUND(metric) PATH_CONSTRAINT_BOUND(PATH_METRIC_##metric)

static struct path_request strict(void)
{
    struct path_request request = net_request(0, 3);
    fixture_diamond();
    request.setup = PATH_SETUP_RSVP_TE;
    request.bound_mask = 1U << PATH_METRIC_TE | 1U << PATH_METRIC_HOPS | 1U << PATH_METRIC_DELAY;
    request.bounds[PATH_METRIC_TE] = request.bounds[PATH_METRIC_DELAY] = 999;
    request.bounds[PATH_METRIC_HOPS] = 9;
    return request;
}

Test(diagnosis, one_that_is_enough_alone_is_named_alone)
{
    struct path_request request = strict();
    request.bounds[PATH_METRIC_TE] = 0;
    expect_unsatisfied(&request, BOUND(TE));
    cr_expect_eq(result.blame, PATH_BLAME_EACH);
}

Test(diagnosis, only_what_has_to_go_is_named_where_one_is_not_enough)
{
    struct path_request request = strict();
    request.bandwidth = 2000; /* no link has it */
    request.bounds[PATH_METRIC_TE] = 0;
    expect_unsatisfied(&request, BOUND(TE) | PATH_CONSTRAINT_BANDWIDTH);
    cr_expect_eq(result.blame, PATH_BLAME_LEAST);
}

/* Upper way: bandwidth and affinities; lower one: three bounds. */
Test(diagnosis, of_two_sets_the_smaller_one_is_named)
{
    struct path_request request = strict();
    net.links[0].unreserved = 1;
    net.links[2].admin = 1;
    net.links[4].te = net.links[4].delay = net.links[4].igp = 5000;
    request.bandwidth = 10;
    request.exclude_any = 1;
    request.bound_mask = 1U << PATH_METRIC_TE | 1U << PATH_METRIC_IGP | 1U << PATH_METRIC_DELAY;
    request.bounds[PATH_METRIC_IGP] = 999;
    expect_unsatisfied(&request, PATH_CONSTRAINT_BANDWIDTH | PATH_CONSTRAINT_AFFINITY);
    cr_expect_eq(result.blame, PATH_BLAME_LEAST);
}

Test(diagnosis, nodes_that_are_not_connected_blame_nothing)
{
    struct path_request request = strict();
    net_init(&net, 4);
    request.bandwidth = 10;
    expect_unsatisfied(&request, 0);
    cr_expect_eq(result.blame, PATH_BLAME_NONE);
}

/* A search that is given up leaves open whether it would have found something. */
Test(diagnosis, what_was_given_up_is_never_called_the_least)
{
    struct path_request request = strict();
    request.bandwidth = 2000;
    request.bounds[PATH_METRIC_TE] = 0;
    expect_unsatisfied(&request, BOUND(TE) | PATH_CONSTRAINT_BANDWIDTH);
    struct path_engine *narrow = path_engine_create(1);
    path_compute(narrow, snapshot, &request, &result);
    cr_expect(result.blame != PATH_BLAME_LEAST);
    path_engine_destroy(narrow);
}

Test(diagnosis, nothing_is_claimed_where_the_search_without_constraints_is_given_up)
{
    struct path_request request = strict();
    unsigned unnamed = 0;
    request.bandwidth = 2000;
    snapshot = net_snapshot(&net);
    for (uint64_t work = 1; work < 100; work++) {
        struct path_engine *narrow = path_engine_create(work);
        path_compute(narrow, snapshot, &request, &result);
        if (result.outcome == PATH_NONE && result.unsatisfied == 0) {
            cr_assert_eq(result.blame, PATH_BLAME_ENOUGH, "work %llu", (unsigned long long)work);
            unnamed++;
        }
        path_engine_destroy(narrow);
    }
    cr_assert_gt(unnamed, 0U);
}

/* The upper way breaks four bounds; the lower one, of three links, the bandwidth, the affinities and
 * the bound of hops. */
static struct path_request apart(void)
{
    struct path_request request = strict();
    net.node_count = 5;
    net.nodes[4] = net.nodes[2];
    net.nodes[4].sid_index = 4;
    net.links[6].to = 4; /* 0 -> 2 -> 4 -> 3 */
    net.links[7].from = 4;
    uint32_t last = net_join(&net, 4, 3, 10);
    net.links[last].unreserved = 1;
    net.links[last].admin = 1;
    net.links[2].igp = net.links[2].te = net.links[2].delay = 5000;
    net.links[2].measured = net.links[4].measured = net.links[6].measured =
        net.links[last].measured = TED_MEASURED_DELAY_VARIATION;
    net.links[0].delay_variation = 9;
    request.bandwidth = 10;
    request.exclude_any = 1;
    request.bound_mask |= 1U << PATH_METRIC_IGP | 1U << PATH_METRIC_DELAY_VARIATION;
    request.bounds[PATH_METRIC_IGP] = request.bounds[PATH_METRIC_DELAY_VARIATION] = 999;
    request.bounds[PATH_METRIC_HOPS] = 2;
    return request;
}

Test(diagnosis, the_smaller_one_is_found_among_seven_constraints)
{
    struct path_request request = apart();
    expect_unsatisfied(&request,
                       PATH_CONSTRAINT_BANDWIDTH | PATH_CONSTRAINT_AFFINITY | BOUND(HOPS));
    cr_expect_eq(result.blame, PATH_BLAME_LEAST);
}

Test(diagnosis, past_the_tries_a_set_is_named_of_which_none_can_be_left_out)
{
    struct path_request request = apart();
    struct path_avoid avoid = {.snapshot = NULL};
    snapshot = net_snapshot(&net);
    cr_assert(path_avoid_begin(&avoid, snapshot));
    path_avoid_link(&avoid, 6);
    request.excluded = &avoid;
    path_compute(engine, snapshot, &request, &result);
    cr_assert_eq(result.outcome, PATH_NONE);
    cr_expect_eq(result.blame, PATH_BLAME_ENOUGH);
    cr_expect(result.unsatisfied == (PATH_CONSTRAINT_BANDWIDTH | PATH_CONSTRAINT_AFFINITY |
                                     PATH_CONSTRAINT_EXCLUSION | BOUND(HOPS)) ||
              result.unsatisfied ==
                  (BOUND(IGP) | BOUND(TE) | BOUND(DELAY) | BOUND(DELAY_VARIATION)));
    path_avoid_fini(&avoid);
}
