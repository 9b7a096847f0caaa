/* Strict hops: which links a path of RSVP-TE may have, because a hop can say so. */
#include "tests/unit/path/fixture.h"

#include <criterion/criterion.h>

TestSuite(hops, .init = fixture_init, .fini = fixture_fini);

static struct path_request strict_request(uint32_t source, uint32_t destination)
{
    struct path_request request = net_request(source, destination);
    request.setup = PATH_SETUP_RSVP_TE;
    return request;
}

/* Two links between 0 and 1 without addresses, of affinity bits 0 and 1. */
static void twins(void)
{
    net_init(&net, 2);
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t first = net_join(&net, 0, 1, 10);
        for (uint32_t l = first; l < first + 2; l++) {
            net.links[l].admin = 1u << i;
            net.links[l].has_v4 = false;
        }
    }
}

Test(hops, a_forbidden_sibling_that_no_hop_tells_from_the_link_leaves_no_path)
{
    twins();
    struct path_request request = strict_request(0, 1);
    expect_outcome(&request, PATH_FOUND);
    for (uint32_t bit = 0; bit < 2; bit++) {
        request.exclude_any = 1u << bit;
        expect_unsatisfied(&request, PATH_CONSTRAINT_AFFINITY | PATH_CONSTRAINT_HOPS);
    }
    request.exclude_any = 0;
    request.include_any = 3;
    expect_outcome(&request, PATH_FOUND);
}

Test(hops, interface_ids_tell_the_link_from_a_forbidden_sibling)
{
    twins();
    for (uint32_t l = 0; l < net.link_count; l++)
        net.links[l].has_ids = true;
    struct path_request request = strict_request(0, 1);
    request.exclude_any = 1;
    expect_outcome(&request, PATH_FOUND);
    cr_assert_eq(result.links[0], 2);
    request.exclude_any = 2;
    expect_outcome(&request, PATH_FOUND);
    cr_assert_eq(result.links[0], 0);
}

Test(hops, a_sibling_that_costs_more_in_a_bounded_metric_may_not_be_meant)
{
    twins();
    net.links[0].delay = 5;
    net.links[2].delay = 50;
    struct path_request request = strict_request(0, 1);
    request.bound_mask = 1u << PATH_METRIC_DELAY;
    request.bounds[PATH_METRIC_DELAY] = 50;
    expect_outcome(&request, PATH_FOUND);
    cr_assert_eq(result.links[0], 2, "the router may take the slower one");
    request.bounds[PATH_METRIC_DELAY] = 49;
    expect_unsatisfied(&request, PATH_CONSTRAINT_BOUND(PATH_METRIC_DELAY) | PATH_CONSTRAINT_HOPS);
}

/* 0-1-2 and 0-3-2; IPv6 at the ends, and along 3 where it is wanted. */
static struct path_request square_v6(bool is_served)
{
    net_init(&net, 4);
    (void)net_join(&net, 0, 1, 1);
    (void)net_join(&net, 1, 2, 1);
    (void)net_join(&net, 0, 3, 10);
    (void)net_join(&net, 3, 2, 10);
    net.nodes[0].has_v6 = net.nodes[2].has_v6 = true;
    net.nodes[3].has_v6 = is_served;
    struct path_request request = strict_request(0, 2);
    request.family = IP_V6;
    return request;
}

Test(hops, each_is_of_the_family_that_is_asked_for)
{
    struct path_request request = square_v6(false);
    expect_unsatisfied(&request, PATH_CONSTRAINT_HOPS);
    request = square_v6(true);
    expect_nodes(&request, (const uint32_t[]){3, 2, END});
    net.links[0].has_v6 = true;
    expect_nodes(&request, (const uint32_t[]){1, 2, END});
    request.family = IP_V4;
    expect_nodes(&request, (const uint32_t[]){1, 2, END});
    net.nodes[1].lacks_v4 = true;
    net.links[0].has_v4 = false;
    expect_nodes(&request, (const uint32_t[]){3, 2, END});
}

Test(hops, of_a_node_to_itself_there_are_none)
{
    twins();
    struct path_request request = strict_request(1, 1);
    expect_unsatisfied(&request, PATH_CONSTRAINT_HOPS);
}
