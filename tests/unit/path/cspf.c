#include "tests/unit/path/fixture.h"

#include <criterion/criterion.h>
#include <math.h>

TestSuite(cspf, .init = fixture_init, .fini = fixture_fini);

static struct path_request strict_request(uint32_t source, uint32_t destination)
{
    struct path_request request = net_request(source, destination);
    request.setup = PATH_SETUP_RSVP_TE;
    return request;
}

/* 0 to 4 over 1, 2 or 3, and directly; each way is the best in one metric. */
static void four_ways(void)
{
    net_init(&net, 5);
    for (uint32_t middle = 1; middle <= 3; middle++) {
        net_join(&net, 0, middle, 10);
        net_join(&net, middle, 4, 10);
    }
    net.links[0].igp = 1;
    net.links[4].te = 1;
    net.links[8].delay = 1;
    net_join(&net, 0, 4, 100);
}

Test(cspf, source_as_destination_gives_the_empty_path_where_no_hops_are_wanted)
{
    four_ways();
    struct path_request request = strict_request(2, 2);
    request.family = IP_NONE;
    expect_nodes(&request, (const uint32_t[]){END});
    cr_assert_eq(result.link_count, 0);
    cr_assert_eq(result.metrics[PATH_METRIC_IGP], 0);
    cr_assert(isinf(result.residual_bandwidth));
}

Test(cspf, each_metric_takes_its_own_way)
{
    four_ways();
    struct path_request request = strict_request(0, 4);
    expect_nodes(&request, (const uint32_t[]){1, 4, END});
    cr_assert_eq(result.metrics[PATH_METRIC_IGP], 11);
    cr_assert_eq(result.metrics[PATH_METRIC_TE], 20);
    request.metric = PATH_METRIC_TE;
    expect_nodes(&request, (const uint32_t[]){2, 4, END});
    request.metric = PATH_METRIC_DELAY;
    expect_nodes(&request, (const uint32_t[]){3, 4, END});
    request.metric = PATH_METRIC_HOPS;
    expect_nodes(&request, (const uint32_t[]){4, END});
    cr_assert_eq(result.metrics[PATH_METRIC_HOPS], 1);
    request.metric = PATH_METRIC_SIDS; /* no SIDs here: the IGP metric decides */
    expect_nodes(&request, (const uint32_t[]){1, 4, END});
}

Test(cspf, bandwidth_up_to_what_is_unreserved_fits)
{
    net_init(&net, 2);
    net_join(&net, 0, 1, 1);
    struct path_request request = strict_request(0, 1);
    request.bandwidth = 1000;
    expect_nodes(&request, (const uint32_t[]){1, END});
    cr_assert_eq(result.residual_bandwidth, 1000);
    request.bandwidth = nextafterf(1000, 2000);
    expect_unsatisfied(&request, PATH_CONSTRAINT_BANDWIDTH);
}

Test(cspf, bandwidth_counts_at_the_priority_of_the_request)
{
    net_init(&net, 2);
    net.links[net_join(&net, 0, 1, 1)].last_priority = 3;
    struct path_request request = strict_request(0, 1);
    request.bandwidth = 1;
    request.priority = 3;
    expect_outcome(&request, PATH_FOUND);
    request.priority = 4;
    expect_unsatisfied(&request, PATH_CONSTRAINT_BANDWIDTH);
}

Test(cspf, affinities_rule_links_in_and_out)
{
    four_ways();
    net.links[0].admin = 1;
    net.links[4].admin = net.links[6].admin = 6;
    net.links[8].admin = net.links[10].admin = 2;
    struct path_request request = strict_request(0, 4);
    request.exclude_any = 1;
    expect_nodes(&request, (const uint32_t[]){2, 4, END});
    request.include_any = 3;
    expect_nodes(&request, (const uint32_t[]){2, 4, END});
    request.exclude_any = 4;
    expect_nodes(&request, (const uint32_t[]){3, 4, END});
    request.exclude_any = 0;
    request.include_all = 6;
    expect_nodes(&request, (const uint32_t[]){2, 4, END});
    request.include_all = 7;
    expect_unsatisfied(&request, PATH_CONSTRAINT_AFFINITY);
}

Test(cspf, links_are_used_in_their_own_direction_only)
{
    net_init(&net, 2);
    net_join(&net, 0, 1, 1);
    net.links[0].admin = 1;
    struct path_request request = strict_request(0, 1);
    request.exclude_any = 1;
    expect_unsatisfied(&request, PATH_CONSTRAINT_AFFINITY);
    request = strict_request(1, 0);
    request.exclude_any = 1;
    expect_nodes(&request, (const uint32_t[]){0, END});
}

Test(cspf, ties_go_to_fewer_hops_then_lower_nodes_then_lower_links)
{
    net_init(&net, 6);
    net_join(&net, 0, 1, 1);
    net_join(&net, 1, 2, 1);
    net_join(&net, 2, 5, 2); /* 0-1-2-5: three hops, metric 4 */
    net_join(&net, 0, 4, 2);
    net_join(&net, 4, 5, 2); /* 0-4-5 */
    uint32_t second = net_join(&net, 3, 5, 2);
    uint32_t first = net_join(&net, 0, 3, 2); /* 0-3-5 */
    net_join(&net, 0, 3, 2);
    struct path_request request = strict_request(0, 5);
    expect_nodes(&request, (const uint32_t[]){3, 5, END});
    cr_assert_eq(result.links[0], first);
    cr_assert_eq(result.links[1], second);
}

Test(cspf, unreachable_node_leaves_nothing_unsatisfied)
{
    net_init(&net, 3);
    net_join(&net, 0, 1, 1);
    struct path_request request = strict_request(0, 2);
    request.bandwidth = 1;
    request.exclude_any = 1;
    request.bound_mask = 1u << PATH_METRIC_HOPS;
    expect_unsatisfied(&request, 0);
    request.setup = PATH_SETUP_SR_MPLS;
    expect_unsatisfied(&request, 0);
}

Test(cspf, constraints_that_only_together_give_way_are_all_named)
{
    net_init(&net, 2);
    net_join(&net, 0, 1, 1);
    net.links[0].admin = 1;
    struct path_request request = strict_request(0, 1);
    request.bandwidth = 5000;
    request.exclude_any = 1;
    expect_unsatisfied(&request, PATH_CONSTRAINT_BANDWIDTH | PATH_CONSTRAINT_AFFINITY);
    request.setup = PATH_SETUP_SR_MPLS; /* a list would fit: the depth is not to blame */
    expect_unsatisfied(&request, PATH_CONSTRAINT_BANDWIDTH | PATH_CONSTRAINT_AFFINITY);
    net.links[0].adj_label = 0;
    net.nodes[1].sid_index = NET_NO_SID;
    expect_unsatisfied(&request, PATH_CONSTRAINT_BANDWIDTH | PATH_CONSTRAINT_AFFINITY |
                                     PATH_CONSTRAINT_SID_LIST);
}

Test(cspf, least_load_wins_and_then_the_metric)
{
    four_ways();
    net.links[0].unreserved = 100;  /* the way over 1 is the most loaded */
    net.links[4].unreserved = 500;  /* over 2 */
    net.links[8].unreserved = 500;  /* over 3 */
    net.links[12].unreserved = 400; /* directly */
    struct path_request request = strict_request(0, 4);
    request.objective = PATH_MIN_MAX_LOAD;
    request.metric = PATH_METRIC_DELAY;
    expect_nodes(&request, (const uint32_t[]){3, 4, END});
    request.metric = PATH_METRIC_TE;
    expect_nodes(&request, (const uint32_t[]){2, 4, END});
}

Test(cspf, equal_loads_of_links_of_different_capacity_are_equal)
{
    four_ways();
    for (uint32_t l = 0; l < net.link_count; l++) {
        net.links[l].capacity = l < 4 ? 50e9F : l < 8 ? 1.25e9F : 11e9F;
        net.links[l].unreserved = net.links[l].capacity / 10 * 3; /* 70 %, and never exactly */
    }
    struct path_request request = strict_request(0, 4);
    request.objective = PATH_MIN_MAX_LOAD;
    const uint32_t best[] = {1, 2, 0, 3}; /* the node in the middle, by metric */
    for (uint32_t m = 0; m < 4; m++) {
        request.metric = (enum path_metric)m;
        expect_outcome(&request, PATH_FOUND);
        cr_assert_eq(net.links[result.links[0]].to, best[m] == 0 ? 4 : best[m]);
    }
}

Test(cspf, load_and_residual_bandwidth_are_different_objectives)
{
    net_init(&net, 3);
    uint32_t narrow = net_join(&net, 0, 2, 1);
    net_join(&net, 0, 1, 1);
    net_join(&net, 1, 2, 1);
    net.links[narrow].capacity = 100;
    net.links[narrow].unreserved = 90;
    net.links[2].unreserved = 200;
    struct path_request request = strict_request(0, 2);
    request.objective = PATH_MIN_MAX_LOAD;
    expect_nodes(&request, (const uint32_t[]){2, END});
    request.objective = PATH_MAX_RESIDUAL_BANDWIDTH;
    expect_nodes(&request, (const uint32_t[]){1, 2, END});
    cr_assert_eq(result.residual_bandwidth, 200);
}

Test(cspf, worst_link_gives_way_to_a_bound)
{
    four_ways();
    net.links[0].unreserved = 900;
    net.links[4].unreserved = 700;
    net.links[12].unreserved = 800;
    net.links[8].unreserved = 600;
    struct path_request request = strict_request(0, 4);
    request.objective = PATH_MAX_RESIDUAL_BANDWIDTH;
    expect_nodes(&request, (const uint32_t[]){1, 4, END});
    request.bound_mask = 1u << PATH_METRIC_TE;
    request.bounds[PATH_METRIC_TE] = 19;
    expect_nodes(&request, (const uint32_t[]){2, 4, END});
    request.bounds[PATH_METRIC_TE] = 10;
    expect_unsatisfied(&request, PATH_CONSTRAINT_BOUND(PATH_METRIC_TE));
}

Test(cspf, answer_is_the_same_on_every_run_and_engine)
{
    net_init(&net, 16);
    for (uint32_t i = 0; i < 16; i++) {
        for (uint32_t j = i + 1; j < 16; j += 1 + i % 3)
            net_join(&net, j, i, 1 + (i + j) % 3);
    }
    struct path_request request = strict_request(0, 15);
    request.bound_mask = 1u << PATH_METRIC_TE;
    request.bounds[PATH_METRIC_TE] = 9;
    expect_outcome(&request, PATH_FOUND);
    uint32_t first[16], count = result.link_count;
    for (uint32_t i = 0; i < count; i++)
        first[i] = result.links[i];
    path_engine_destroy(engine);
    engine = path_engine_create(0);
    expect_outcome(&request, PATH_FOUND);
    cr_assert_eq(result.link_count, count);
    for (uint32_t i = 0; i < count; i++)
        cr_assert_eq(result.links[i], first[i]);
}
