/* Several segment lists of one LSP on links, with their shares of its bandwidth. */
#include "core/pcep/model.h"
#include "tests/unit/reopt/rig.h"

#include <criterion/criterion.h>

/* 0 – 1 – 3 costs 20, 0 – 2 – 3 costs 40; 1,000 octets/s a link. */
static void two_ways(void)
{
    rig_init();
    net_init(&net, 4);
    (void)net_join(&net, 0, 1, 10); /* 0, 1 */
    (void)net_join(&net, 1, 3, 10); /* 2, 3 */
    (void)net_join(&net, 0, 2, 20); /* 4, 5 */
    (void)net_join(&net, 2, 3, 20); /* 6, 7 */
    rig_publish();
}

TestSuite(lay_lists, .init = two_ways, .fini = rig_fini, .timeout = 60);

/* An LSP of 800 octets/s; its first list takes 0 – 1 – 3, the second one these links. */
static void add_lsp(uint32_t first, uint32_t second, uint32_t weight, uint32_t weight_second,
                    bool is_backup)
{
    lsps[0] = (struct rig_lsp){.is_delegated = true,
                               .destination = 3,
                               .bandwidth = 800,
                               .setup = 4,
                               .holding = 4,
                               .labels = {net.links[0].adj_label, net.links[2].adj_label},
                               .label_count = 2,
                               .second = {net.links[first].adj_label, net.links[second].adj_label},
                               .second_count = 2,
                               .weight = weight,
                               .weight_second = weight_second,
                               .is_backup_second = is_backup};
    rig_report(0);
    rig_settle(true);
}

Test(lay_lists, each_link_has_the_share_of_the_busiest)
{
    add_lsp(4, 6, 3, 1, false);
    cr_expect_eq(rig_held(0, 4), 600);
    cr_expect_eq(rig_held(2, 4), 600);
    cr_expect_eq(rig_held(4, 4), 600, "no less than the 200 that are on it");
    cr_expect_eq(rig_held(6, 4), 600);
}

Test(lay_lists, lists_that_share_a_link_add_up_there)
{
    add_lsp(0, 2, 1, 1, false);
    cr_expect_eq(rig_held(0, 4), 800);
    cr_expect_eq(rig_held(4, 4), 0);
}

Test(lay_lists, a_backup_carries_nothing)
{
    add_lsp(4, 6, 1, 1, true);
    cr_expect_eq(rig_held(0, 4), 800);
    cr_expect_eq(rig_held(4, 4), 0);
}

Test(lay_lists, such_an_lsp_is_not_moved)
{
    add_lsp(4, 6, 1, 1, false);
    is_down[2] = is_down[3] = true;
    rig_publish();
    rig_settle(true);
    cr_expect_eq(moves, 0);
    cr_expect_gt(reopt.counters.reopt_unsupported, 0);
}

/* A liar's weights: none at all, and the largest ones. */
Test(lay_lists, weights_that_make_no_sum_hold_no_more_than_all)
{
    add_lsp(4, 6, 0, 0, false);
    cr_expect_leq(rig_held(0, 4), 800);
    add_lsp(0, 2, UINT32_MAX, UINT32_MAX, false);
    cr_expect_eq(rig_held(0, 4), 800);
}
