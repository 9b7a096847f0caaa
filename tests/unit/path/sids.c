#include "tests/unit/path/fixture.h"

#include <criterion/criterion.h>

TestSuite(sids, .init = fixture_init, .fini = fixture_fini);

Test(sids, shortest_path_is_one_node_sid_over_ecmp)
{
    fixture_diamond();
    struct path_request request = net_request(0, 3);
    expect_nodes(&request, (const uint32_t[]){1, 3, END});
    expect_labels((const uint32_t[]){BASE(0) + 3}, 1);
    cr_assert_eq(result.sids[0].kind, PATH_SID_NODE);
    cr_assert_eq(result.sids[0].node, 3);
    cr_assert_eq(result.sids[0].link, TED_NONE);
    cr_assert_eq(result.metrics[PATH_METRIC_SIDS], 1);
}

Test(sids, branch_that_breaks_a_constraint_is_avoided_by_a_node_sid_before_it)
{
    fixture_diamond();
    net.links[0].admin = 1;
    struct path_request request = net_request(0, 3);
    request.exclude_any = 1;
    expect_nodes(&request, (const uint32_t[]){2, 3, END});
    expect_labels((const uint32_t[]){BASE(0) + 2, BASE(2) + 3}, 2);
}

Test(sids, label_is_that_of_the_node_where_the_segment_before_ends)
{
    fixture_diamond();
    net.nodes[2].srgbs[0] = (struct ted_srgb){400000, 2};
    net.nodes[2].srgbs[1] = (struct ted_srgb){300000, 100};
    net.nodes[2].srgb_count = 2;
    net.links[0].admin = 1;
    struct path_request request = net_request(0, 3);
    request.exclude_any = 1;
    expect_outcome(&request, PATH_FOUND);
    expect_labels((const uint32_t[]){BASE(0) + 2, 300001}, 2); /* index 3: second of range 2 */
}

Test(sids, link_off_the_shortest_path_is_pinned_by_its_adjacency_sid)
{
    fixture_diamond();
    uint32_t direct = net_join(&net, 0, 3, 10);
    net.links[direct].te = 1;
    struct path_request request = net_request(0, 3);
    request.metric = PATH_METRIC_TE;
    expect_nodes(&request, (const uint32_t[]){3, END});
    expect_labels((const uint32_t[]){net.links[direct].adj_label}, 1);
    cr_assert_eq(result.sids[0].kind, PATH_SID_ADJACENCY);
    cr_assert_eq(result.sids[0].link, direct);
}

Test(sids, adjacency_sid_follows_a_node_sid_where_its_link_begins)
{
    fixture_diamond();
    net_join(&net, 3, 4, 10);
    net.node_count = 5;
    net.nodes[4] = net.nodes[3];
    net.nodes[4].sid_index = 4;
    uint32_t other = net_join(&net, 3, 4, 20);
    net.links[other].te = 1;
    struct path_request request = net_request(0, 4);
    request.metric = PATH_METRIC_TE;
    expect_nodes(&request, (const uint32_t[]){1, 3, 4, END});
    expect_labels((const uint32_t[]){BASE(0) + 3, net.links[other].adj_label}, 2);
}

Test(sids, parallel_links_are_branches)
{
    net_init(&net, 2);
    net_join(&net, 0, 1, 1);
    uint32_t second = net_join(&net, 0, 1, 1);
    struct path_request request = net_request(0, 1);
    expect_outcome(&request, PATH_FOUND);
    expect_labels((const uint32_t[]){BASE(0) + 1}, 1);
    net.links[0].admin = 1;
    request.exclude_any = 1;
    expect_outcome(&request, PATH_FOUND);
    expect_labels((const uint32_t[]){net.links[second].adj_label}, 1);
}

Test(sids, branch_that_is_dearer_in_the_objective_is_avoided)
{
    fixture_diamond();
    net.links[0].te = 5;
    struct path_request request = net_request(0, 3);
    request.metric = PATH_METRIC_TE;
    expect_nodes(&request, (const uint32_t[]){2, 3, END});
    cr_assert_eq(result.sid_count, 2);
    cr_assert_eq(result.metrics[PATH_METRIC_TE], 2);
}

Test(sids, branch_above_a_bound_is_avoided)
{
    fixture_diamond();
    net.links[4].delay = 100;
    struct path_request request = net_request(0, 3);
    expect_outcome(&request, PATH_FOUND);
    cr_assert_eq(result.sid_count, 1);
    request.bound_mask = 1u << PATH_METRIC_DELAY;
    request.bounds[PATH_METRIC_DELAY] = 50;
    expect_nodes(&request, (const uint32_t[]){1, 3, END});
    cr_assert_eq(result.sid_count, 2);
}

Test(sids, node_without_a_sid_ends_no_node_segment)
{
    fixture_diamond();
    net.nodes[3].sid_index = NET_NO_SID;
    struct path_request request = net_request(0, 3);
    expect_nodes(&request, (const uint32_t[]){1, 3, END});
    expect_labels((const uint32_t[]){BASE(0) + 1, net.links[2].adj_label}, 2);
}

Test(sids, transit_node_without_a_label_for_the_index_is_gone_around)
{
    fixture_diamond();
    net.nodes[2].srgbs[0].size = 3; /* knows the indexes 0 to 2 */
    struct path_request request = net_request(0, 3);
    expect_nodes(&request, (const uint32_t[]){1, 3, END});
    expect_labels((const uint32_t[]){BASE(0) + 1, BASE(1) + 3}, 2);
}

Test(sids, link_without_adjacency_sid_that_must_be_pinned_leads_to_the_next_best_path)
{
    fixture_diamond();
    uint32_t direct = net_join(&net, 0, 3, 10);
    net.links[direct].te = 1;
    net.links[direct].adj_label = 0;
    struct path_request request = net_request(0, 3);
    request.metric = PATH_METRIC_TE;
    expect_nodes(&request, (const uint32_t[]){1, 3, END});
    cr_assert_eq(result.metrics[PATH_METRIC_TE], 2);
}

/* 0-1-2-3-4, all dear in the IGP and cheap in TE, beside one IGP link 0-4. */
static struct path_request detour(void)
{
    net_init(&net, 5);
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t link = net_join(&net, i, i + 1, 100);
        net.links[link].te = net.links[link + 1].te = 1;
    }
    uint32_t direct = net_join(&net, 0, 4, 1);
    net.links[direct].te = 50;
    struct path_request request = net_request(0, 4);
    request.metric = PATH_METRIC_TE;
    return request;
}

Test(sids, list_that_fits_the_depth_is_that_of_the_best_path)
{
    struct path_request request = detour();
    expect_nodes(&request, (const uint32_t[]){1, 2, 3, 4, END});
    uint32_t needed = result.sid_count;
    cr_assert_gt(needed, 1);
    request.sids_max = (uint8_t)needed;
    expect_outcome(&request, PATH_FOUND);
    cr_assert_eq(result.metrics[PATH_METRIC_TE], 4);
}

Test(sids, best_path_with_a_list_that_fits_is_taken_otherwise)
{
    struct path_request request = detour();
    request.sids_max = 1;
    expect_nodes(&request, (const uint32_t[]){4, END});
    cr_assert_eq(result.sid_count, 1);
    cr_assert_eq(result.metrics[PATH_METRIC_TE], 50);
}

Test(sids, depth_that_no_list_keeps_is_named)
{
    struct path_request request = detour();
    request.sids_max = 1;
    request.bound_mask = 1u << PATH_METRIC_TE;
    request.bounds[PATH_METRIC_TE] = 49;
    expect_unsatisfied(&request, PATH_CONSTRAINT_SID_DEPTH | PATH_CONSTRAINT_BOUND(PATH_METRIC_TE));
    net.links[8].admin = 1; /* the direct link */
    request.bound_mask = 0;
    request.include_any = 0;
    request.exclude_any = 1;
    net.links[0].adj_label = net.links[2].adj_label = 0;
    expect_unsatisfied(&request, PATH_CONSTRAINT_SID_DEPTH | PATH_CONSTRAINT_AFFINITY);
}

Test(sids, bound_on_the_depth_counts_like_the_depth)
{
    struct path_request request = detour();
    request.sids_max = 9;
    request.bound_mask = 1u << PATH_METRIC_SIDS;
    request.bounds[PATH_METRIC_SIDS] = 1.9;
    expect_nodes(&request, (const uint32_t[]){4, END});
    request.bounds[PATH_METRIC_SIDS] = 0;
    expect_unsatisfied(&request, PATH_CONSTRAINT_SID_DEPTH);
    request.bounds[PATH_METRIC_SIDS] = -1;
    expect_unsatisfied(&request, PATH_CONSTRAINT_SID_DEPTH);
}

Test(sids, a_list_that_is_missing_is_not_laid_to_its_depth)
{
    struct path_request request = detour();
    for (unsigned i = 0; i < 5; i++)
        net.nodes[i].sid_index = NET_NO_SID;
    request.sids_max = 3; /* four links, and four adjacency SIDs */
    request.exclude_any = 1;
    net.links[8].admin = 1; /* the direct link */
    expect_unsatisfied(&request, PATH_CONSTRAINT_SID_DEPTH | PATH_CONSTRAINT_AFFINITY);
    net.links[4].adj_label = 0;
    expect_unsatisfied(&request, PATH_CONSTRAINT_SID_LIST | PATH_CONSTRAINT_AFFINITY);
    request.bound_mask = 1u << PATH_METRIC_SIDS;
    request.bounds[PATH_METRIC_SIDS] = 2;
    expect_unsatisfied(&request, PATH_CONSTRAINT_SID_LIST | PATH_CONSTRAINT_AFFINITY);
}

Test(sids, fewest_sids_come_before_the_metric)
{
    fixture_diamond();
    uint32_t direct = net_join(&net, 0, 3, 10);
    net.links[0].admin = net.links[4].admin = 1; /* both ways of the diamond */
    struct path_request request = net_request(0, 3);
    request.metric = PATH_METRIC_SIDS;
    expect_outcome(&request, PATH_FOUND);
    expect_labels((const uint32_t[]){BASE(0) + 3}, 1);
    request.exclude_any = 1;
    expect_nodes(&request, (const uint32_t[]){3, END});
    expect_labels((const uint32_t[]){net.links[direct].adj_label}, 1);
    cr_assert_eq(result.metrics[PATH_METRIC_IGP], 10);
}

Test(sids, links_of_igp_metric_zero_carry_no_node_segment)
{
    net_init(&net, 3);
    net_join(&net, 0, 1, 0);
    net_join(&net, 1, 2, 1);
    struct path_request request = net_request(0, 2);
    request.setup = PATH_SETUP_SR_MPLS;
    snapshot = net_snapshot(&net);
    path_compute(engine, snapshot, &request, &result);
    cr_assert_eq(result.outcome, PATH_FOUND);
    expect_labels((const uint32_t[]){net.links[0].adj_label, net.links[2].adj_label}, 2);
}

Test(sids, zero_metric_between_nodes_of_one_distance_is_seen)
{
    net_init(&net, 4);
    net_join(&net, 0, 1, 1);
    net_join(&net, 0, 2, 1);
    net_join(&net, 2, 1, 0); /* 1 and 2 might send to each other */
    net_join(&net, 1, 3, 1);
    struct path_request request = net_request(0, 3);
    snapshot = net_snapshot(&net);
    path_compute(engine, snapshot, &request, &result);
    cr_assert_eq(result.outcome, PATH_FOUND);
    for (uint32_t i = 0; i < result.sid_count; i++)
        cr_assert(result.sids[i].kind == PATH_SID_ADJACENCY || result.sids[i].label != BASE(0) + 3);
    cr_assert_eq(result.sids[0].label, net.links[0].adj_label);
}

Test(sids, other_family_has_no_sids)
{
    fixture_diamond();
    struct path_request request = net_request(0, 3);
    request.family = IP_V6;
    expect_unsatisfied(&request, PATH_CONSTRAINT_SID_LIST);
}

Test(sids, least_load_binds_every_branch)
{
    fixture_diamond();
    net.links[4].unreserved = 500; /* over 2: half loaded */
    struct path_request request = net_request(0, 3);
    request.objective = PATH_MIN_MAX_LOAD;
    expect_nodes(&request, (const uint32_t[]){1, 3, END});
    cr_assert_eq(result.sid_count, 2);
    request.sids_max = 1; /* only both ways together fit: the load gives way */
    expect_outcome(&request, PATH_FOUND);
    expect_labels((const uint32_t[]){BASE(0) + 3}, 1);
}

/* 0→1 of metric 1, which nothing leads back from; 0-2 and 2-1 of metric 10, affinity bit 0 on the
 * latter. */
static struct path_request half_link(void)
{
    net_init(&net, 3);
    net_add(&net, (struct net_link){.from = 0,
                                    .to = 1,
                                    .igp = 1,
                                    .te = 1,
                                    .capacity = 1000,
                                    .unreserved = 1000,
                                    .adj_label = 24012});
    (void)net_join(&net, 0, 2, 10);
    (void)net_join(&net, 2, 1, 10);
    net.links[3].admin = net.links[4].admin = 1;
    struct path_request request = net_request(0, 1);
    request.exclude_any = 1;
    return request;
}

/* RFC 2328 16.1: the IGP sends to the node over the two-way links alone. */
Test(sids, a_link_that_nothing_leads_back_from_is_used_by_its_adjacency_alone)
{
    struct path_request request = half_link();
    expect_nodes(&request, (const uint32_t[]){1, END});
    expect_labels((const uint32_t[]){24012}, 1);
    net.links[0].adj_label = 0;
    expect_unsatisfied(&request, PATH_CONSTRAINT_AFFINITY | PATH_CONSTRAINT_SID_LIST);
    request.exclude_any = 0;
    request.metric = PATH_METRIC_SIDS;
    expect_outcome(&request, PATH_FOUND);
    cr_expect_eq(result.metrics[PATH_METRIC_IGP], 20, "the node SID goes the long way");
    cr_expect_eq(result.sid_count, 1);
}

Test(sids, any_link_back_makes_a_link_one_of_the_igp)
{
    struct path_request request = half_link();
    (void)net_add(&net, (struct net_link){.from = 1, .to = 0, .igp = 100, .te = 100});
    expect_outcome(&request, PATH_FOUND);
    expect_labels((const uint32_t[]){net_label(&net, 0, 1)}, 1);
    cr_expect_eq(result.metrics[PATH_METRIC_IGP], 1);
}

/* RFC 8664 4.3: one SID or more. */
Test(sids, of_a_node_to_itself_are_its_own)
{
    net_init(&net, 2);
    (void)net_join(&net, 0, 1, 10);
    struct path_request request = net_request(1, 1);
    expect_outcome(&request, PATH_FOUND);
    expect_labels((const uint32_t[]){net_label(&net, 1, 1)}, 1);
    cr_expect_eq(result.link_count, 0);
    cr_expect_eq(result.metrics[PATH_METRIC_SIDS], 1);
    request.bound_mask = 1u << PATH_METRIC_SIDS;
    expect_unsatisfied(&request, PATH_CONSTRAINT_SID_DEPTH);
    request.bound_mask = 0;
    net.nodes[1].sid_index = NET_NO_SID;
    expect_unsatisfied(&request, PATH_CONSTRAINT_SID_LIST);
}

Test(sids, a_node_that_the_igp_does_not_reach_is_reached_by_adjacencies)
{
    net_init(&net, 3);
    for (uint32_t i = 0; i < 2; i++)
        net_add(&net, (struct net_link){.from = i,
                                        .to = i + 1,
                                        .igp = 1,
                                        .capacity = 1000,
                                        .unreserved = 1000,
                                        .adj_label = 24000 + i});
    struct path_request request = net_request(0, 2);
    expect_outcome(&request, PATH_FOUND);
    expect_labels((const uint32_t[]){24000, 24001}, 2);
}
