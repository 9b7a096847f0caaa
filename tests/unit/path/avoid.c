/* What a request keeps off, by name; random networks against brute force are in random.c. */
#include "tests/unit/path/fixture.h"

#include <criterion/criterion.h>

static struct path_avoid avoid;

static void avoid_fini(void)
{
    path_avoid_fini(&avoid);
    fixture_fini();
}

TestSuite(avoid, .init = fixture_init, .fini = avoid_fini, .timeout = 60);

/* 0 to 3 over 1 for 2, over 2 for 4, and directly for 10: links 0 to 9 in pairs. */
static void three_ways(void)
{
    net_init(&net, 4);
    net_pair(&net, 0, 1, 1);
    net_pair(&net, 1, 3, 1);
    net_pair(&net, 0, 2, 2);
    net_pair(&net, 2, 3, 2);
    net_pair(&net, 0, 3, 10);
    net.links[2].srlgs = net.links[6].srlgs = 1; /* the second half of both ways */
    snapshot = net_snapshot(&net);
    cr_assert(path_avoid_begin(&avoid, snapshot));
}

static void answer(const struct path_request *request, enum path_outcome outcome)
{
    path_compute(engine, snapshot, request, &result);
    cr_assert_eq(result.outcome, outcome, "outcome %d", (int)result.outcome);
}

static double igp(void)
{
    return result.metrics[PATH_METRIC_IGP];
}

Test(avoid, an_excluded_link_is_not_taken)
{
    three_ways();
    struct path_request request = net_request(0, 3);
    request.excluded = &avoid;
    answer(&request, PATH_FOUND);
    cr_expect_eq(igp(), 2);
    path_avoid_link(&avoid, 2);
    answer(&request, PATH_FOUND);
    cr_expect_eq(igp(), 4);
}

Test(avoid, a_link_is_excluded_in_the_direction_that_was_named)
{
    three_ways();
    path_avoid_link(&avoid, 3);
    struct path_request request = net_request(0, 3);
    request.excluded = &avoid;
    answer(&request, PATH_FOUND);
    cr_expect_eq(igp(), 2);
    path_avoid_both_ways(&avoid, 3);
    answer(&request, PATH_FOUND);
    cr_expect_eq(igp(), 4);
}

Test(avoid, an_excluded_node_is_not_passed)
{
    three_ways();
    path_avoid_node(&avoid, 1);
    path_avoid_node(&avoid, 2);
    struct path_request request = net_request(0, 3);
    request.excluded = &avoid;
    answer(&request, PATH_FOUND);
    cr_expect_eq(igp(), 10);
}

Test(avoid, the_ends_of_a_request_are_no_excluded_nodes)
{
    three_ways();
    path_avoid_node(&avoid, 0);
    path_avoid_node(&avoid, 3);
    struct path_request request = net_request(0, 3);
    request.excluded = &avoid;
    answer(&request, PATH_FOUND);
    cr_expect_eq(igp(), 2);
    request = net_request(1, 2); /* over 0 or over 3 */
    request.excluded = &avoid;
    answer(&request, PATH_NONE);
    cr_expect_eq(result.unsatisfied, PATH_CONSTRAINT_EXCLUSION);
}

Test(avoid, an_excluded_srlg_takes_all_its_links_away)
{
    three_ways();
    path_avoid_srlg(&avoid, 1);
    struct path_request request = net_request(0, 3);
    request.excluded = &avoid;
    answer(&request, PATH_FOUND);
    cr_expect_eq(igp(), 10);
    path_avoid_link(&avoid, 8);
    answer(&request, PATH_NONE);
    cr_expect_eq(result.unsatisfied, PATH_CONSTRAINT_EXCLUSION);
}

Test(avoid, no_branch_of_a_node_segment_meets_what_is_excluded)
{
    net_init(&net, 5); /* two equal ways, and a dearer third one */
    for (uint32_t middle = 1; middle <= 3; middle++) {
        net_join(&net, 0, middle, middle == 3 ? 5 : 1);
        net_join(&net, middle, 4, 1);
    }
    snapshot = net_snapshot(&net);
    cr_assert(path_avoid_begin(&avoid, snapshot));
    struct path_request request = net_request(0, 4);
    request.excluded = &avoid;
    answer(&request, PATH_FOUND);
    cr_expect_eq(result.sid_count, 1);
    path_avoid_node(&avoid, 1);
    answer(&request, PATH_FOUND);
    cr_expect_eq(result.sid_count, 2, "the destination's SID alone would go over node 1, too");
    cr_expect_eq(igp(), 2);
}

Test(avoid, what_is_undesired_is_taken_where_nothing_else_leads_there)
{
    three_ways();
    path_avoid_both_ways(&avoid, 0);
    path_avoid_node(&avoid, 2);
    struct path_request request = net_request(0, 3);
    request.undesired = &avoid;
    answer(&request, PATH_FOUND);
    cr_expect_eq(igp(), 10);
    cr_expect_eq(result.undesired, 0);
    path_avoid_both_ways(&avoid, 8);
    answer(&request, PATH_FOUND); /* each way has one now */
    cr_expect_eq(igp(), 2);
    cr_expect_eq(result.undesired, 1);
    path_avoid_both_ways(&avoid, 2);
    answer(&request, PATH_FOUND); /* the cheapest has two */
    cr_expect_eq(igp(), 4);
    cr_expect_eq(result.undesired, 1);
}

Test(avoid, fewest_undesired_links_come_before_fewest_sids)
{
    three_ways();
    path_avoid_node(&avoid, 1);
    struct path_request request = net_request(0, 3);
    request.metric = PATH_METRIC_SIDS;
    request.undesired = &avoid;
    answer(&request, PATH_FOUND);
    cr_expect_eq(result.undesired, 0);
    cr_expect_eq(result.sid_count, 1, "over the direct link");
    request.bound_mask = 1U << PATH_METRIC_IGP;
    request.bounds[PATH_METRIC_IGP] = 5;
    answer(&request, PATH_FOUND);
    cr_expect_eq(result.undesired, 0);
    cr_expect_eq(result.sid_count, 2);
}

Test(avoid, fewest_undesired_links_come_before_the_worst_link)
{
    three_ways();
    struct path_request request = net_request(0, 3);
    request.objective = PATH_MAX_RESIDUAL_BANDWIDTH;
    request.undesired = &avoid;
    path_avoid_node(&avoid, 1);
    path_avoid_node(&avoid, 2);
    answer(&request, PATH_FOUND);
    cr_expect_eq(igp(), 10);
    cr_expect_eq(result.undesired, 0);
}

Test(avoid, a_set_that_is_emptied_excludes_nothing)
{
    three_ways();
    path_avoid_srlg(&avoid, 1);
    path_avoid_node(&avoid, 1);
    path_avoid_clear(&avoid);
    cr_expect(path_avoid_is_empty(&avoid));
    struct path_request request = net_request(0, 3);
    request.excluded = &avoid;
    answer(&request, PATH_FOUND);
    cr_expect_eq(igp(), 2);
}

Test(avoid, a_set_is_used_again_for_another_network)
{
    three_ways();
    path_avoid_node(&avoid, 1);
    ted_snapshot_destroy(snapshot);
    net_join(&net, 1, 2, 1);
    snapshot = net_snapshot(&net);
    cr_assert(path_avoid_begin(&avoid, snapshot));
    cr_expect(path_avoid_is_empty(&avoid));
    path_avoid_link(&avoid, 10);
    struct path_request request = net_request(1, 2);
    request.excluded = &avoid;
    answer(&request, PATH_FOUND);
    cr_expect_eq(igp(), 3);
}

Test(avoid, sets_add_up)
{
    three_ways();
    struct path_avoid other = {.snapshot = NULL};
    cr_assert(path_avoid_begin(&other, snapshot));
    path_avoid_node(&other, 1);
    path_avoid_both_ways(&avoid, 4);
    path_avoid_add(&avoid, &other);
    path_avoid_fini(&other);
    struct path_request request = net_request(0, 3);
    request.excluded = &avoid;
    answer(&request, PATH_FOUND);
    cr_expect_eq(igp(), 10);
}

Test(avoid, every_link_of_the_longest_path_may_be_undesired)
{
    net_init(&net, PATH_HOPS_MAX + 2);
    for (uint32_t i = 0; i <= PATH_HOPS_MAX; i++)
        net_join(&net, i, i + 1, 1);
    snapshot = net_snapshot(&net);
    cr_assert(path_avoid_begin(&avoid, snapshot));
    for (uint32_t i = 0; i < net.link_count; i++)
        path_avoid_link(&avoid, i);
    struct path_request request = net_request(0, PATH_HOPS_MAX);
    request.setup = PATH_SETUP_RSVP_TE;
    request.undesired = &avoid;
    answer(&request, PATH_FOUND);
    cr_expect_eq(result.undesired, PATH_HOPS_MAX);
    request.destination++;
    answer(&request, PATH_NONE);
}
