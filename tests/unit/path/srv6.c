/* SRv6 SID lists by hand. */
#include "tests/unit/path/fixture.h"

#include <criterion/criterion.h>

TestSuite(srv6, .init = fixture_init, .fini = fixture_fini);

/* 0 to 3 over 1 and over 2, equal cost. Links: 0->1 0, 1->3 2, 0->2 4, 2->3 6. No router knows a
 * label. */
static struct path_request diamond(void)
{
    net_init(&net, 4);
    net_join(&net, 0, 1, 1);
    net_join(&net, 1, 3, 1);
    net_join(&net, 0, 2, 1);
    net_join(&net, 2, 3, 1);
    net_add_srv6(&net);
    for (uint32_t i = 0; i < net.node_count; i++) {
        net.nodes[i].srgb_count = 0;
        net.nodes[i].sid_index = NET_NO_SID;
    }
    struct path_request request = net_request(0, 3);
    request.setup = PATH_SETUP_SRV6;
    return request;
}

static void expect_sids(const struct ip *sids, uint32_t count)
{
    cr_assert_eq(result.sid_count, count, "%u SIDs", result.sid_count);
    for (uint32_t i = 0; i < count; i++)
        cr_assert(ip_is_equal(&result.sids[i].srv6.sid, &sids[i]), "SID %u is another one", i);
}

Test(srv6, shortest_path_is_one_end_over_ecmp)
{
    struct path_request request = diamond();
    expect_nodes(&request, (const uint32_t[]){1, 3, END});
    expect_sids((const struct ip[]){net_end_sid(&net, 3, 0)}, 1);
    cr_expect_eq(result.sids[0].kind, PATH_SID_NODE);
    cr_expect_eq(result.sids[0].srv6.behavior, 1);
    cr_expect_eq(result.sids[0].srv6.block_bits, 32);
    cr_expect_eq(result.metrics[PATH_METRIC_SIDS], 1);
}

Test(srv6, branch_that_breaks_a_constraint_is_avoided_by_an_end_before_it)
{
    struct path_request request = diamond();
    net.links[0].admin = 1;
    request.exclude_any = 1;
    expect_nodes(&request, (const uint32_t[]){2, 3, END});
    expect_sids((const struct ip[]){net_end_sid(&net, 2, 0), net_end_sid(&net, 3, 0)}, 2);
}

Test(srv6, link_off_the_shortest_path_is_pinned_by_its_end_x)
{
    struct path_request request = diamond();
    uint32_t direct = net_join(&net, 0, 3, 10);
    net.links[direct].te = 1;
    net.links[direct].end_x = 7;
    request.metric = PATH_METRIC_TE;
    expect_nodes(&request, (const uint32_t[]){3, END});
    expect_sids((const struct ip[]){net_end_x_sid(&net, direct, false)}, 1);
    cr_expect_eq(result.sids[0].kind, PATH_SID_ADJACENCY);
    cr_expect_eq(result.sids[0].link, direct);
    cr_expect_eq(result.sids[0].srv6.behavior, 7);
}

Test(srv6, end_x_stands_behind_the_end_of_its_node)
{
    struct path_request request = diamond();
    uint32_t direct = net_join(&net, 1, 3, 10);
    net.links[direct].te = 0;
    net.links[direct].end_x = 5;
    request.metric = PATH_METRIC_TE;
    expect_nodes(&request, (const uint32_t[]){1, 3, END});
    expect_sids((const struct ip[]){net_end_sid(&net, 1, 0), net_end_x_sid(&net, direct, false)},
                2);
}

Test(srv6, an_end_that_takes_the_header_off_comes_before_others)
{
    struct path_request request = diamond();
    net.nodes[3].ends[1] = (struct net_end){.behavior = 29};
    net.nodes[3].end_count = 2;
    expect_outcome(&request, PATH_FOUND);
    expect_sids((const struct ip[]){net_end_sid(&net, 3, 1)}, 1);
}

static void expect_no_end(const struct path_request *request)
{
    expect_outcome(request, PATH_FOUND);
    cr_assert_eq(result.sids[result.sid_count - 1].kind, PATH_SID_ADJACENCY);
}

Test(srv6, sids_of_other_behaviours_or_algorithms_end_no_segment)
{
    static const uint16_t behaviors[] = {0, 5, 9, 18, 27, 32, 43, 0xffff};
    struct path_request request = diamond();
    for (uint32_t i = 0; i < sizeof behaviors / sizeof behaviors[0]; i++) {
        net.nodes[3].ends[0].behavior = behaviors[i];
        expect_no_end(&request);
    }
    net.nodes[3].ends[0] = (struct net_end){.behavior = 1, .algorithm = 128};
    expect_no_end(&request);
}

Test(srv6, an_end_that_two_nodes_have_is_of_neither)
{
    struct path_request request = diamond();
    net.nodes[3].ends[0].is_anycast = net.nodes[1].ends[0].is_anycast = true;
    expect_no_end(&request);
}

Test(srv6, an_end_x_that_two_links_have_is_of_neither)
{
    struct path_request request = diamond();
    uint32_t a = net_join(&net, 0, 3, 10), b = net_join(&net, 0, 3, 10);
    net.links[a].te = 1;
    request.metric = PATH_METRIC_TE;
    net.links[a].end_x = net.links[b].end_x = 5;
    net.links[a].is_of_set = net.links[b].is_of_set = true;
    expect_nodes(&request, (const uint32_t[]){1, 3, END});
}

Test(srv6, no_sids_of_srv6_are_no_list_of_it)
{
    struct path_request request = diamond();
    for (uint32_t i = 0; i < net.node_count; i++)
        net.nodes[i].end_count = 0;
    for (uint32_t i = 0; i < net.link_count; i++)
        net.links[i].end_x = 0;
    expect_unsatisfied(&request, PATH_CONSTRAINT_SID_LIST);
}

Test(srv6, no_list_is_longer_than_a_header_has_room_for)
{
    net_init(&net, PATH_SRV6_SIDS_MAX + 2);
    for (uint32_t i = 0; i + 1 < net.node_count; i++)
        net_join(&net, i, i + 1, 1);
    net_add_srv6(&net);
    for (uint32_t i = 0; i < net.node_count; i++)
        net.nodes[i].end_count = 0;
    struct path_request request = net_request(0, PATH_SRV6_SIDS_MAX);
    request.setup = PATH_SETUP_SRV6;
    expect_outcome(&request, PATH_FOUND);
    cr_expect_eq(result.sid_count, PATH_SRV6_SIDS_MAX);
    request.destination++;
    request.sids_max = 255;
    expect_unsatisfied(&request, PATH_CONSTRAINT_SID_LIST);
}

Test(srv6, a_node_is_reached_from_itself_by_its_own_end)
{
    struct path_request request = diamond();
    request.destination = 0;
    expect_outcome(&request, PATH_FOUND);
    expect_sids((const struct ip[]){net_end_sid(&net, 0, 0)}, 1);
}

Test(srv6, protection_chooses_among_end_x_sids)
{
    struct path_request request = diamond();
    uint32_t direct = net_join(&net, 0, 3, 10);
    net.links[direct].te = 1;
    net.links[direct].end_x = net.links[direct].protected_end_x = 5;
    request.metric = PATH_METRIC_TE;
    for (unsigned p = 0; p < 4; p++) {
        bool wants = p == TED_PROTECTED_PREFERRED || p == TED_PROTECTED_ONLY;
        request.protection = (uint8_t)p;
        expect_outcome(&request, PATH_FOUND);
        expect_sids((const struct ip[]){net_end_x_sid(&net, direct, wants)}, 1);
        cr_expect_eq(result.is_protected, wants);
    }
}
