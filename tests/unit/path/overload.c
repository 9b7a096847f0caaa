/* Nodes that carry no transit. brute force over random networks has them, too (random.c). */
#include "tests/unit/path/fixture.h"

#include <criterion/criterion.h>

TestSuite(overload, .init = fixture_init, .fini = fixture_fini);

Test(overload, node_is_gone_around_by_strict_hops)
{
    fixture_diamond();
    net_overload(&net, 1);
    struct path_request request = net_request(0, 3);
    request.setup = PATH_SETUP_RSVP_TE;
    expect_nodes(&request, (const uint32_t[]){2, 3, END});
}

Test(overload, node_is_no_branch_of_a_node_segment)
{
    fixture_diamond();
    net.links[0].admin = 1; /* into node 1: the segment would be ruled out with it */
    net_overload(&net, 1);
    struct path_request request = net_request(0, 3);
    request.exclude_any = 1;
    expect_nodes(&request, (const uint32_t[]){2, 3, END});
    expect_labels((const uint32_t[]){BASE(0) + 3}, 1);
}

Test(overload, dearer_way_around_is_one_node_segment)
{
    net_init(&net, 3);
    net_join(&net, 0, 1, 1);
    net_join(&net, 1, 2, 1);
    net_join(&net, 0, 2, 10);
    net_overload(&net, 1);
    struct path_request request = net_request(0, 2);
    expect_nodes(&request, (const uint32_t[]){2, END});
    expect_labels((const uint32_t[]){BASE(0) + 2}, 1);
}

Test(overload, path_ends_at_the_node)
{
    fixture_diamond();
    net_overload(&net, 3);
    struct path_request request = net_request(0, 3);
    expect_outcome(&request, PATH_FOUND);
    expect_labels((const uint32_t[]){BASE(0) + 3}, 1);
}

Test(overload, path_begins_at_the_node_with_a_node_segment)
{
    fixture_diamond();
    net_overload(&net, 0);
    struct path_request request = net_request(0, 3);
    request.sids_max = 1;
    expect_outcome(&request, PATH_FOUND);
    expect_labels((const uint32_t[]){BASE(0) + 3}, 1);
}

Test(overload, without_a_way_around_the_nodes_are_not_connected)
{
    net_init(&net, 3);
    net_join(&net, 0, 1, 1);
    net_join(&net, 1, 2, 1);
    net_overload(&net, 1);
    struct path_request request = net_request(0, 2);
    expect_unsatisfied(&request, 0);
}
