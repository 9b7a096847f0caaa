/* Bandwidths that follow traffic: what is asked of the router, and what is counted meanwhile. */
#include "core/lsp/lsp_auto_bandwidth.h"
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

TestSuite(adjust, .init = two_ways, .fini = rig_fini, .timeout = 60);

static void add_lsp(uint32_t lsp, float bandwidth)
{
    lsps[lsp] = (struct rig_lsp){.is_delegated = true,
                                 .is_auto = true,
                                 .destination = 3,
                                 .bandwidth = bandwidth,
                                 .setup = 4,
                                 .holding = 4,
                                 .labels = {net.links[0].adj_label, net.links[2].adj_label},
                                 .label_count = 2};
    rig_report(lsp);
    rig_settle(true);
}

static void request(uint32_t lsp, float bandwidth)
{
    lsps[lsp].bandwidth = bandwidth;
    rig_report(lsp);
}

Test(adjust, an_lsp_holds_what_it_was_granted_until_it_has_more)
{
    add_lsp(0, 600);
    cr_expect_eq(moves, 0);
    cr_expect_eq(rig_held(0, 4), 600);
    request(0, 900);
    rig_settle(false);
    cr_expect_eq(moves, 1);
    cr_expect_eq(lsps[0].cause, REOPT_ADJUSTED);
    cr_expect_float_eq(lsps[0].asked_bandwidth, 900, 0);
    cr_expect_eq(lsps[0].asked_labels[0], net.links[0].adj_label, "it stays where it is");
    cr_expect_eq(rig_held(0, 4), 900, "what it needs more is taken before it is asked");
    cr_expect_eq(reopt.counters.reopt_raced, 0, "what it has is not taken twice");
    lsps[0].labels[0] =
        net.links[0].adj_label; /* on its way: the path that it has, and will have */
    rig_report(0);
    rig_settle(false);
    cr_expect_eq(rig_held(0, 4), 900);
    rig_answer();
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_eq(rig_held(0, 4), 900);
    cr_expect_eq(rig_held(4, 4), 0);
}

Test(adjust, an_order_that_is_refused_gives_back_what_it_took)
{
    add_lsp(0, 600);
    request(0, 900);
    rig_settle(false);
    lsps[0].is_asked = false;
    reopt_on_order_end(&reopt, rig_find(0));
    rig_settle(true);
    cr_expect_eq(moves, 1, "not again at once");
    cr_expect_eq(rig_held(0, 4), 600);
}

Test(adjust, less_is_told_and_set_free)
{
    add_lsp(0, 600);
    request(0, 100);
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_float_eq(lsps[0].asked_bandwidth, 100, 0);
    cr_expect_eq(rig_held(0, 4), 100);
}

Test(adjust, one_that_has_no_room_beside_another_is_moved)
{
    add_lsp(0, 600);
    add_lsp(1, 300);
    request(1, 500);
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_eq(rig_held(0, 4), 600);
    cr_expect_eq(rig_held(4, 4), 500);
}

Test(adjust, one_that_has_no_room_anywhere_keeps_what_it_has)
{
    add_lsp(0, 600);
    request(0, 1001);
    rig_settle(true);
    cr_expect_eq(moves, 0);
    cr_expect_eq(no_paths, 0);
    cr_expect_gt(reopt.counters.reopt_no_room, 0);
    cr_expect_eq(rig_held(0, 4), 600);
    is_down[0] = is_down[1] = true; /* and is moved with that when its link goes */
    rig_publish();
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_float_eq(lsps[0].asked_bandwidth, 600, 0);
    cr_expect_eq(rig_held(4, 4), 600);
}

Test(adjust, what_is_requested_while_an_order_is_out_is_asked_for_after_it)
{
    add_lsp(0, 200);
    request(0, 400);
    rig_settle(false);
    request(0, 700);
    rig_settle(false);
    cr_expect_eq(moves, 1);
    rig_answer();
    rig_settle(true);
    cr_expect_eq(moves, 2);
    cr_expect_float_eq(lsps[0].asked_bandwidth, 700, 0);
    cr_expect_eq(rig_held(0, 4), 700);
}

/* One adjustment after the other is none that was in vain. */
Test(adjust, adjustments_in_a_row_have_no_pauses)
{
    add_lsp(0, 100);
    for (unsigned i = 2; i < 10; i++) {
        request(0, (float)(100 * i));
        rig_settle(true);
        cr_expect_eq(moves, i - 1);
    }
    cr_expect_eq(reopt.paused.count, 0);
}
