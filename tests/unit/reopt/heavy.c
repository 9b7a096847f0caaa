/* LSPs whose path takes longer than a turn: other threads compute it, and what they bring back
 * counts only while network and LSP are what they were. */
#include "core/reopt/route.h"
#include "tests/unit/reopt/rig.h"

#include <criterion/criterion.h>

/* 0 - 1 - 3 costs 20, 0 - 2 - 3 costs 40; 1,000 octets/s a link. */
static void two_ways(void)
{
    rig_init();
    rig_offload(2);
    net_init(&net, 4);
    (void)net_join(&net, 0, 1, 10); /* 0, 1 */
    (void)net_join(&net, 1, 3, 10); /* 2, 3 */
    (void)net_join(&net, 0, 2, 20); /* 4, 5 */
    (void)net_join(&net, 2, 3, 20); /* 6, 7 */
    rig_publish();
}

TestSuite(heavy, .init = two_ways, .fini = rig_fini, .timeout = 20);

static void add_lsp(uint32_t lsp, float bandwidth)
{
    lsps[lsp] = (struct rig_lsp){.is_delegated = true,
                                 .destination = 3,
                                 .bandwidth = bandwidth,
                                 .setup = 4,
                                 .holding = 4,
                                 .labels = {net.links[0].adj_label, net.links[2].adj_label},
                                 .label_count = 2};
    rig_report(lsp);
}

static void compute_all(void)
{
    while (given_count > 0) {
        rig_compute(1);
        rig_settle(true);
    }
}

/* What comes with delegation is computed, and nothing is left to do. */
static void begin(uint32_t count, float bandwidth)
{
    for (uint32_t i = 0; i < count; i++)
        add_lsp(i, bandwidth);
    rig_settle(true);
    compute_all();
    cr_assert_eq(moves, 0);
    cr_assert_eq(reopt.counters.reopt_heavy + reopt.counters.reopt_computing, 0);
}

static void fail_link(uint32_t link)
{
    is_down[link] = is_down[link + 1] = true;
    rig_publish();
    rig_settle(true);
}

Test(heavy, what_takes_longer_than_a_turn_is_moved_when_others_have_computed_it)
{
    begin(1, 100);
    fail_link(2);
    cr_expect_eq(moves, 0);
    cr_expect_eq(given_count, 1);
    cr_expect_eq(reopt.counters.reopt_computing, 1);
    rig_compute(1);
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_eq(lsps[0].cause, REOPT_BROKEN);
    cr_expect_eq(rig_held(2, 4), 100);
    cr_expect_eq(reopt.counters.reopt_work_exceeded, 0);
    cr_expect_eq(reopt.counters.reopt_computing, 0);
}

static void report_of_links(void)
{
    add_lsp(0, 100);
    lsps[0].is_rsvp = true;
    lsps[0].labels[0] = 0;
    lsps[0].labels[1] = 2;
    rig_report(0);
    rig_settle(true);
    compute_all();
}

Test(heavy, a_path_of_links_is_found_so_too)
{
    report_of_links();
    fail_link(2);
    compute_all();
    cr_expect_eq(moves, 1);
    cr_expect_eq(lsps[0].asked_labels[0], 2); /* the indexes have moved: 0 - 2 */
}

Test(heavy, what_is_the_same_is_computed_once_and_there_is_never_more_than_there_is_room_for)
{
    for (uint32_t i = 0; i < 8; i++) {
        add_lsp(i, 0);
        lsps[i].destination = 2 + i % 2;
        rig_report(i);
    }
    uint64_t before = reopt.counters.reopt_offloaded;
    fail_link(2);
    cr_expect_eq(given_count, 2);
    cr_expect_eq(reopt.counters.reopt_computing, 8);
    cr_expect_eq(reopt.counters.reopt_offloaded, before + 2);
    compute_all();
    cr_expect_eq(moves, 8);
    for (uint32_t i = 0; i < 8; i++)
        cr_expect_eq(lsps[i].labels[0], net_label(&net, 0, 2 + i % 2));
}

/* With bandwidth each sees what it holds itself as free, so none is that of another. */
Test(heavy, those_past_the_room_wait_and_none_is_given_up)
{
    begin(8, 50);
    fail_link(2);
    cr_expect_eq(given_count, 2);
    cr_expect_eq(reopt.counters.reopt_heavy, 6);
    compute_all();
    cr_expect_eq(moves, 8);
    cr_expect_eq(reopt.counters.reopt_heavy, 0);
    cr_expect_eq(rig_held(2, 4), 400);
}

Test(heavy, others_who_take_nothing_are_asked_again)
{
    begin(1, 100);
    takes_none = true;
    is_down[2] = is_down[3] = true;
    rig_publish();
    struct reopt_scene scene = {.snapshot = snapshot, .now = now, .work_left = 100000};
    cr_expect(reopt_turn(&reopt, &scene), "the next turn does not sleep");
    cr_expect_eq(reopt.counters.reopt_heavy, 1);
    takes_none = false;
    rig_settle(true);
    compute_all();
    cr_expect_eq(moves, 1);
}

Test(heavy, a_result_of_another_network_is_computed_again)
{
    begin(1, 100);
    fail_link(2);
    rig_compute(1); /* it is back, and not looked at yet */
    net.links[6].te = 7;
    rig_publish();
    rig_settle(true);
    cr_expect_eq(moves, 0);
    cr_expect_eq(given_count, 1);
    compute_all();
    cr_expect_eq(moves, 1);
}

Test(heavy, what_was_not_begun_when_the_network_changed_is_sent_again)
{
    begin(1, 100);
    fail_link(2);
    net.links[6].te = 7;
    rig_publish();
    rig_compute(1);
    rig_settle(true);
    cr_expect_eq(moves, 0);
    compute_all();
    cr_expect_eq(moves, 1);
}

/* Another network, in which nothing matters that has changed. */
static void publish_another(void)
{
    static uint32_t te = 100;
    net.links[7].te = te++;
    rig_publish();
}

/* Its path is lost, and the first result has come too late. */
static void lose_path_and_first_result(void)
{
    begin(1, 100);
    fail_link(2);
    rig_compute(1);
    publish_another();
    rig_settle(true);
    cr_assert_eq(moves, 0);
    cr_assert_eq(given_count, 1);
}

Test(heavy, networks_that_come_faster_than_results_keep_no_lsp_waiting)
{
    lose_path_and_first_result();
    rig_compute(1);
    publish_another();
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_eq(reopt.counters.reopt_late, 1);
    cr_expect_eq(rig_held(2, 4), 100);
    cr_expect_eq(given_count, 0);
    cr_expect_eq(lsps[0].cause, REOPT_BROKEN);
}

Test(heavy, networks_that_come_faster_than_computations_are_begun_neither)
{
    lose_path_and_first_result();
    publish_another();
    rig_settle(true);
    cr_assert_eq(given_count, 1, "it waits on");
    rig_compute(1); /* on that one, though it was sent on the one before */
    publish_another();
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_eq(reopt.counters.reopt_late, 1);
}

Test(heavy, one_network_too_late_is_no_reason_to_take_what_is_not_current)
{
    begin(1, 100);
    fail_link(2);
    publish_another();
    rig_settle(true);
    compute_all();
    cr_expect_eq(moves, 1);
    cr_expect_eq(reopt.counters.reopt_late, 0);
}

Test(heavy, what_comes_late_is_not_taken_over_a_link_that_is_gone)
{
    lose_path_and_first_result();
    rig_compute(1);
    is_down[6] = is_down[7] = true;
    rig_publish();
    rig_settle(true);
    compute_all();
    cr_expect_eq(moves, 0);
    cr_expect_eq(reopt.counters.reopt_late, 0);
    cr_expect_eq(reopt.counters.reopt_no_path, 1);
}

Test(heavy, what_comes_late_has_to_keep_its_constraints_with_what_links_have_now)
{
    lose_path_and_first_result();
    rig_compute(1);
    net.links[6].unreserved = 99;
    rig_publish();
    rig_settle(true);
    compute_all();
    cr_expect_eq(moves, 0);
    cr_expect_eq(reopt.counters.reopt_late, 0);
}

/* Another network, in which a link is better. */
static void publish_better(void)
{
    net.links[7].te--;
    rig_publish();
}

static void fail_both_ways(void)
{
    net.links[6].unreserved = 99;
    fail_link(2);
    cr_assert_eq(given_count, 1);
}

Test(heavy, that_there_is_no_path_is_believed_where_nothing_has_come_since_that_could_give_one)
{
    report_of_links();
    fail_both_ways();
    rig_compute(1);
    publish_another();
    rig_settle(true);
    cr_expect_eq(no_paths, 1);
    cr_expect_eq(past_no_paths, 0);
    cr_expect_eq(reopt.counters.reopt_late, 1);
    cr_expect_eq(given_count, 0);
}

Test(heavy, that_there_is_no_path_is_not_believed_at_once_where_something_is_better)
{
    report_of_links();
    fail_both_ways();
    rig_compute(1);
    publish_better();
    rig_settle(true);
    cr_expect_eq(no_paths, 0);
    cr_expect_eq(given_count, 1);
    compute_all();
    cr_expect_eq(no_paths, 1);
    cr_expect_eq(past_no_paths, 0);
}

/* What is worse may have the IGP lead where fewer SIDs do. */
Test(heavy, that_no_segment_list_meets_a_constraint_is_not_believed_where_something_is_worse)
{
    begin(1, 100);
    fail_both_ways();
    rig_compute(1);
    publish_another();
    rig_settle(true);
    cr_expect_eq(no_paths, 0);
    compute_all();
    cr_expect_eq(no_paths, 1);
}

static void lose_both_ways_late_twice(void)
{
    begin(1, 100);
    fail_both_ways();
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(no_paths, 0);
        rig_compute(1);
        publish_better();
        rig_settle(true);
    }
    cr_assert_eq(no_paths, 1);
    cr_assert_eq(past_no_paths, 1);
    cr_assert(reopt_is_blocked(&reopt, rig_find(0)));
    cr_assert_eq(given_count, 1, "and it is looked for again");
}

Test(heavy, networks_that_come_faster_than_results_do_not_keep_it_unsaid_that_there_is_no_path)
{
    lose_both_ways_late_twice();
    for (unsigned i = 0; i < 3; i++) {
        rig_compute(1);
        publish_better();
        rig_settle(true);
        cr_assert_eq(given_count, 1);
    }
    cr_expect_eq(no_paths, 1, "once");
    compute_all();
    cr_expect_eq(given_count, 0, "there is none on this network");
    cr_expect_eq(moves + cured, 0);
}

Test(heavy,
     a_path_that_comes_while_networks_do_not_rest_is_taken_by_who_was_told_that_there_is_none)
{
    lose_both_ways_late_twice();
    net.links[6].unreserved = 1000;
    publish_better();
    rig_settle(true);
    rig_compute(1);
    publish_better();
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_eq(cured, 1);
    cr_expect_eq(given_count, 0);
}

Test(heavy, an_lsp_that_asks_for_something_else_meanwhile_is_computed_again)
{
    begin(1, 100);
    fail_link(2);
    lsps[0].bandwidth = 200;
    rig_report(0);
    rig_settle(true);
    compute_all();
    cr_expect_eq(moves, 1);
    cr_expect_eq(rig_held(2, 4), 200);
}

Test(heavy, an_lsp_that_is_gone_gets_nothing)
{
    begin(2, 100);
    fail_link(2);
    cr_assert_eq(given_count, 2);
    rig_remove(0);
    cr_expect_eq(errands_find(reopt.errands, 0), NULL);
    compute_all();
    cr_expect_eq(moves, 1);
    cr_expect_eq(reopt.errands->table->busy_count, 0);
}

Test(heavy, one_that_takes_the_place_of_another_does_not_get_its_path)
{
    begin(1, 100);
    fail_link(2);
    uint32_t slot = rig_find(0)->slot;
    rig_compute(1);
    rig_remove(0);
    add_lsp(1, 100);
    lsps[1].is_delegated = false;
    rig_report(1);
    cr_assert_eq(rig_find(1)->slot, slot, "or it shows nothing");
    rig_settle(true);
    cr_expect_eq(moves, 0);
}

Test(heavy, one_that_is_looked_at_again_meanwhile_is_not_sent_twice)
{
    begin(1, 100);
    fail_link(2);
    for (unsigned i = 0; i < 3; i++) {
        reopt_ask(&reopt, rig_find(0));
        rig_settle(true);
    }
    cr_expect_eq(given_count, 1);
    compute_all();
    cr_expect_eq(moves, 1);
}

/* Both are computed while there is room for one of them. */
Test(heavy, of_two_whose_results_want_the_same_bandwidth_one_gets_it)
{
    begin(2, 400);
    add_lsp(2, 300);
    lsps[2].labels[0] = net.links[4].adj_label;
    lsps[2].labels[1] = net.links[6].adj_label;
    rig_report(2);
    rig_settle(true);
    compute_all();
    fail_link(2);
    rig_compute(2);
    rig_settle(true);
    compute_all();
    cr_expect_eq(moves, 1);
    cr_expect_eq(no_paths, 1);
    cr_expect_eq(rig_held(2, 4), 700);
}

Test(heavy, those_that_need_a_path_go_before_those_that_might_have_a_better_one)
{
    begin(6, 20);
    for (uint32_t i = 0; i < 4; i++) {
        lsps[i].labels[0] = net.links[4].adj_label;
        lsps[i].labels[1] = net.links[6].adj_label;
        lsps[i].bandwidth = 30;
        rig_report(i);
    }
    rig_settle(true);
    compute_all();
    for (uint32_t i = 0; i < 4; i++)
        reopt_ask(&reopt, rig_find(i));
    fail_link(2);
    cr_assert_eq(given_count, 2, "two of those that are asked for: they are larger");
    cr_assert_eq(reopt.counters.reopt_heavy, 4);
    rig_compute(2);
    rig_settle(true);
    cr_assert_eq(moves, 0);
    rig_compute(2);
    rig_settle(true);
    cr_expect_eq(moves, 2, "4 and 5, before the other two");
    cr_expect_eq(reopt.counters.reopt_computing, 2);
}

/* ---- several segment lists ---- */

static void begin_lists(void)
{
    net_init(&net, 5);
    (void)net_join(&net, 0, 1, 10); /* 0, 1 */
    (void)net_join(&net, 1, 3, 10); /* 2, 3 */
    (void)net_join(&net, 0, 2, 20); /* 4, 5 */
    (void)net_join(&net, 2, 3, 20); /* 6, 7 */
    (void)net_join(&net, 0, 4, 90); /* 8, 9 */
    (void)net_join(&net, 4, 3, 90); /* 10, 11 */
    rig_publish();
    lsps[0] = (struct rig_lsp){.is_delegated = true,
                               .destination = 3,
                               .bandwidth = 100,
                               .labels = {net.links[0].adj_label, net.links[2].adj_label},
                               .label_count = 2,
                               .second = {net.links[4].adj_label, net.links[6].adj_label},
                               .second_count = 2,
                               .weight = 1,
                               .weight_second = 1};
    rig_report(0);
    rig_settle(true);
    compute_all();
    cr_assert_eq(moves, 0);
}

Test(heavy, a_list_that_others_compute_keeps_off_the_other_lists)
{
    begin_lists();
    fail_link(2);
    cr_expect_eq(given_count, 1);
    compute_all();
    cr_expect_eq(moves, 1);
    /* The indexes have moved. */
    cr_expect_eq(rig_held(2, 4), 50, "the other list has the shorter way");
    cr_expect_eq(rig_held(6, 4), 50);
}

Test(heavy, a_list_that_had_no_path_on_another_network_is_looked_at_again_beside_one_that_is_well)
{
    begin_lists();
    net.links[6].unreserved = 99;
    net.links[10].unreserved = 49;
    fail_link(2);
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(given_count, 1);
        rig_compute(1);
        publish_better();
        rig_settle(true);
    }
    cr_expect_eq(no_paths, 1);
    cr_expect_eq(past_no_paths, 1);
    cr_expect_eq(given_count, 1, "and it is looked for again");
}
