/* Several segment lists of one LSP on links, with their shares of its bandwidth. */
#include "core/pcep/model.h"
#include "tests/unit/reopt/rig.h"

#include <criterion/criterion.h>

/* 0 – 1 – 3 costs 20, 0 – 2 – 3 costs 40, 0 – 4 – 3 costs 60; 1,000 octets/s a link. */
static void three_ways(void)
{
    rig_init();
    net_init(&net, 5);
    (void)net_join(&net, 0, 1, 10); /* 0, 1 */
    (void)net_join(&net, 1, 3, 10); /* 2, 3 */
    (void)net_join(&net, 0, 2, 20); /* 4, 5 */
    (void)net_join(&net, 2, 3, 20); /* 6, 7 */
    (void)net_join(&net, 0, 4, 30); /* 8, 9 */
    (void)net_join(&net, 4, 3, 30); /* 10, 11 */
    rig_publish();
}

TestSuite(lay_lists, .init = three_ways, .fini = rig_fini, .timeout = 60);

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

Test(lay_lists, each_link_holds_the_share_of_its_list)
{
    add_lsp(4, 6, 3, 1, false);
    cr_expect_eq(rig_held(0, 4), 600);
    cr_expect_eq(rig_held(2, 4), 600);
    cr_expect_eq(rig_held(4, 4), 200);
    cr_expect_eq(rig_held(6, 4), 200);
    rig_remove(0);
    for (uint32_t link = 0; link < net.link_count; link++)
        cr_expect_eq(rig_held(link, 7), 0);
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

/* ---- moves ---- */

static void set_down(uint32_t link)
{
    is_down[link] = is_down[link + 1] = true;
    rig_publish();
}

/* Where a link of the whole net stands in the network. */
static uint32_t index_of(uint32_t link)
{
    uint32_t before = 0;
    for (uint32_t i = 0; i < link; i++)
        before += is_down[i];
    return link - before;
}

static uint64_t held(uint32_t link)
{
    return rig_held(index_of(link), 7);
}

/* Whether a list of the LSP leads over it. */
static bool takes(uint32_t link)
{
    uint32_t number = snapshot->link_numbers->of_links[index_of(link)];
    return link_index_count(&reopt.index, number) > 0;
}

static void expect_labels(const uint32_t *labels, uint32_t first, uint32_t second)
{
    cr_expect_eq(labels[0], net.links[first].adj_label);
    cr_expect_eq(labels[1], net.links[second].adj_label);
}

Test(lay_lists, a_list_whose_link_is_gone_is_moved_off_the_others_which_stay)
{
    add_lsp(4, 6, 3, 1, false);
    set_down(2);
    rig_settle(false);
    cr_expect_eq(moves, 1);
    cr_expect_eq(lsps[0].cause, REOPT_BROKEN);
    expect_labels(lsps[0].asked_second, 4, 6);
    cr_expect_eq(lsps[0].asked_weights[0], 3);
    cr_expect_eq(lsps[0].asked_weights[1], 1);
    cr_expect_eq(held(0), 600, "until the new path is there");
    cr_expect_eq(held(8), 600);
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_eq(held(0), 0);
    cr_expect_eq(held(4), 200);
    cr_expect_eq(held(8), 600);
    cr_expect_eq(held(10), 600);
}

Test(lay_lists, a_backup_whose_link_is_gone_is_moved_and_holds_nothing)
{
    add_lsp(4, 6, 1, 1, true);
    set_down(6);
    rig_settle(true);
    cr_expect_eq(moves, 1);
    expect_labels(lsps[0].labels, 0, 2);
    cr_expect(takes(8) && takes(10) && !takes(4));
    cr_expect(lsps[0].asked_backups[1] && !lsps[0].asked_backups[0]);
    cr_expect_eq(held(0), 800);
    cr_expect_eq(held(8), 0);
}

static void fail_both_lists(void)
{
    add_lsp(4, 6, 1, 1, false);
    set_down(2);
    is_down[6] = is_down[7] = true;
    rig_publish();
    rig_settle(true);
}

Test(lay_lists, lists_that_fail_together_are_moved_by_one_order)
{
    fail_both_lists();
    cr_expect_eq(moves, 1);
    cr_expect_eq(held(8), 800);
    cr_expect_eq(held(10), 800);
    cr_expect_eq(held(0) + held(4), 0);
    cr_expect_eq(reopt.counters.reopt_raced, 0);
}

Test(lay_lists, of_lists_that_fail_together_as_many_are_moved_as_have_room)
{
    net.links[8].unreserved = 600;
    rig_publish();
    fail_both_lists();
    cr_expect_eq(moves, 1);
    cr_expect_eq(held(8), 400);
    cr_expect_eq(no_paths, 1, "the other one has none");
    cr_expect_eq(reopt.counters.reopt_raced, 0);
}

Test(lay_lists, of_a_list_without_a_path_it_is_told_why_whatever_was_found_for_another_one)
{
    net.links[8].unreserved = 500;
    rig_publish();
    add_lsp(4, 6, 3, 1, false);
    set_down(2);
    is_down[6] = is_down[7] = true;
    rig_publish();
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_eq(held(8), 200);
    cr_expect_eq(no_paths, 1);
    cr_expect_eq(last_unsatisfied, PATH_CONSTRAINT_BANDWIDTH);
}

/* ---- who gives way ---- */

/* Not ours to move, of the highest priority. */
static void push_over(uint32_t lsp, uint32_t first, uint32_t second, float bandwidth)
{
    lsps[lsp] =
        (struct rig_lsp){.destination = 3,
                         .bandwidth = bandwidth,
                         .setup = 0,
                         .holding = 0,
                         .labels = {net.links[first].adj_label, net.links[second].adj_label},
                         .label_count = 2};
    rig_report(lsp);
    rig_settle(true);
}

/* Over 0 - 2 - 3. */
static void push(float bandwidth)
{
    push_over(1, 4, 6, bandwidth);
}

Test(lay_lists, an_lsp_gives_way_with_the_share_of_the_list_over_the_link)
{
    add_lsp(4, 6, 1, 1, false);
    push(700);
    cr_expect_eq(reopt.counters.reopt_pre_empted, 1);
    cr_expect_eq(moves, 1);
    expect_labels(lsps[0].labels, 0, 2);
    cr_expect_eq(held(4), 700);
    cr_expect_eq(held(0), 400, "of the list that stays");
    cr_expect_eq(held(8), 400);
    cr_expect_eq(held(10), 400);
    rig_remove(0);
    rig_remove(1);
    for (uint32_t link = 0; link < net.link_count; link++)
        cr_expect_eq(held(link), 0);
}

Test(lay_lists, while_the_order_of_a_victim_is_out_each_list_holds_its_share)
{
    add_lsp(4, 6, 3, 1, false);
    lsps[1] = (struct rig_lsp){.destination = 3,
                               .bandwidth = 900,
                               .labels = {net.links[4].adj_label, net.links[6].adj_label},
                               .label_count = 2};
    rig_report(1);
    rig_settle(false);
    cr_expect_eq(moves, 1);
    cr_expect_eq(held(0), 600);
    cr_expect_eq(held(8), 200);
    cr_expect_eq(held(4), 900);
    rig_settle(true);
    cr_expect_eq(held(0), 600);
    cr_expect_eq(held(8), 200);
}

Test(lay_lists, what_fits_beside_the_share_pushes_nobody_away)
{
    add_lsp(4, 6, 3, 1, false);
    push(800);
    cr_expect_eq(reopt.counters.reopt_pre_empted, 0);
    cr_expect_eq(held(4), 1000);
}

Test(lay_lists, a_backup_gives_way_to_nobody)
{
    add_lsp(4, 6, 1, 1, true);
    push(1100);
    cr_expect_eq(reopt.counters.reopt_pre_empted, 0);
    cr_expect_eq(held(0), 800);
}

Test(lay_lists, a_victim_moves_whatever_its_backup_stands_on)
{
    add_lsp(4, 6, 1, 1, true);
    push(1100);
    push_over(2, 0, 2, 900);
    cr_expect_eq(moves, 1);
    cr_expect(takes(4), "the backup stays");
    cr_expect_eq(held(8), 800);
    cr_expect_eq(held(4), 1100);
    cr_expect_eq(reopt.counters.reopt_raced, 0);
    rig_remove(0);
    cr_expect_eq(held(4), 1100);
    cr_expect_eq(held(8), 0);
}

Test(lay_lists, a_victim_whose_lists_have_room_alone_and_not_together_waits_for_room)
{
    net.links[0].unreserved = 900;
    net.links[8].unreserved = 399;
    rig_publish();
    add_lsp(4, 6, 1, 1, false);
    net.links[0].unreserved = 700;
    rig_publish();
    push(700);
    cr_expect_eq(moves, 0);
    cr_expect_eq(no_paths, 1);
    cr_expect_eq(last_unsatisfied, PATH_CONSTRAINT_BANDWIDTH);
    cr_expect_eq(reopt.counters.reopt_raced, 0);
    net.links[8].unreserved = 1000;
    rig_publish();
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_eq(cured, 1);
    cr_expect_eq(held(0), 400);
    cr_expect_eq(held(8), 400);
}

Test(lay_lists, the_lower_priority_gives_way_first_whoever_has_several_lists)
{
    add_lsp(4, 6, 1, 1, false);
    lsps[2] = (struct rig_lsp){.is_delegated = true,
                               .destination = 3,
                               .bandwidth = 300,
                               .setup = 6,
                               .holding = 6,
                               .labels = {net.links[4].adj_label, net.links[6].adj_label},
                               .label_count = 2};
    rig_report(2);
    rig_settle(true);
    push(600);
    cr_expect_eq(reopt.counters.reopt_pre_empted, 1);
    cr_expect_eq(held(4), 1000, "the share of 400 stays");
    cr_expect_eq(held(0), 700, "beside the other list");
}

Test(lay_lists, a_list_goes_where_its_share_has_room_alone)
{
    net.links[8].unreserved = 399;
    rig_publish();
    add_lsp(4, 6, 1, 1, false);
    set_down(2);
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_eq(held(4), 800);
    cr_expect_eq(held(6), 800);
    cr_expect_eq(held(8), 0);
}

Test(lay_lists, each_list_gets_its_better_path_at_an_interval)
{
    reopt.settings = (struct reopt_settings){.interval_s = 60, .gain_min = 10};
    add_lsp(8, 10, 1, 1, false);
    for (unsigned i = 0; i < 3; i++) {
        now = mono_add_s(now, 61);
        rig_settle(true);
    }
    cr_expect_eq(moves, 1);
    cr_expect_eq(lsps[0].cause, REOPT_BETTER);
    expect_labels(lsps[0].labels, 0, 2);
    cr_expect_eq(held(4), 400);
    cr_expect_eq(held(6), 400);
    cr_expect_not(takes(8));
}

Test(lay_lists, without_a_path_for_a_list_the_lsp_is_told_once_and_cured)
{
    add_lsp(4, 6, 1, 1, false);
    set_down(2);
    is_down[4] = is_down[5] = is_down[8] = is_down[9] = true;
    rig_publish();
    rig_settle(true);
    cr_expect_eq(moves, 0);
    cr_expect_eq(no_paths, 1);
    is_down[2] = is_down[3] = is_down[4] = is_down[5] = false;
    rig_publish();
    rig_settle(true);
    cr_expect_eq(cured, 1);
    cr_expect_eq(moves, 0);
}

Test(lay_lists, a_router_that_leaves_a_broken_list_is_not_asked_for_ever)
{
    add_lsp(4, 6, 1, 1, false);
    set_down(2);
    rig_stay_for(5);
    cr_expect_eq(moves, 1);
    cr_expect_eq(reopt.paused.count, 1);
}

/* A liar's weights: none at all, and the largest ones. */
Test(lay_lists, weights_that_make_no_sum_hold_no_more_than_all)
{
    add_lsp(4, 6, 0, 0, false);
    cr_expect_eq(rig_held(0, 4), 400);
    cr_expect_eq(rig_held(4, 4), 400);
    add_lsp(0, 2, UINT32_MAX, UINT32_MAX, false);
    cr_expect_eq(rig_held(0, 4), 800);
}
