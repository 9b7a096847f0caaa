/* LSPs in groups are computed together, and kept as their groups ask, over shards. */
#include "tests/unit/reopt/group_rig.h"

#include "core/pcep/model.h"

#include <criterion/criterion.h>
#include <string.h>

enum { LINK = 1, NODE = 2, SRLG = 4, SHORTEST = 8, STRICT = 16 };
enum { REVERSE = 1, CO_ROUTED = 2 };

/* Three ways from 0 to 4: by 1 (cost 20), by 2 (30), by 3 (40), and 1 – 2 (5). */
enum { BY_1 = 0, BY_1_OUT = 2, BY_2 = 4, BY_2_OUT = 6, BY_3 = 8, BY_3_OUT = 10, ACROSS = 12 };

static void three_ways(void)
{
    net_init(&group_net, 7);
    (void)net_pair(&group_net, 0, 1, 10);
    (void)net_pair(&group_net, 1, 4, 10);
    (void)net_pair(&group_net, 0, 2, 15);
    (void)net_pair(&group_net, 2, 4, 15);
    (void)net_pair(&group_net, 0, 3, 20);
    (void)net_pair(&group_net, 3, 4, 20);
    (void)net_pair(&group_net, 1, 2, 5);
    group_rig_init();
}

TestSuite(groups, .init = three_ways, .fini = group_rig_fini, .timeout = 60);

static uint16_t group_id = 1; /* of what is added; a report does not take an LSP out of a group */

static void add(uint32_t lsp, uint32_t shard, uint32_t flags, const uint32_t *links, uint32_t count)
{
    group_lsps[lsp] = (struct group_rig_lsp){.shard = shard,
                                             .is_delegated = true,
                                             .setup_type = PCEP_PST_SR,
                                             .destination = 4,
                                             .groups = {{.type = 2, .id = group_id, .source = 7}},
                                             .hop_count = count,
                                             .status = -1};
    group_lsps[lsp].groups[0].flags = flags;
    for (uint32_t i = 0; i < count; i++)
        group_lsps[lsp].hops[i] = group_net.links[links[i]].adj_label;
    group_rig_report(lsp);
}

static const uint32_t by_1[] = {BY_1, BY_1_OUT}, by_2[] = {BY_2, BY_2_OUT},
                      by_3[] = {BY_3, BY_3_OUT};

Test(groups, two_that_are_apart_stay_and_their_pccs_hear_it)
{
    add(0, 0, LINK | STRICT, by_1, 2);
    add(1, 1, LINK | STRICT, by_2, 2);
    group_rig_settle();
    cr_expect_eq(group_lsps[0].moves + group_lsps[1].moves, 0);
    cr_expect_eq(group_lsps[0].status, LINK);
    cr_expect_eq(group_lsps[1].status, LINK);
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
    cr_expect_eq(group_rig_group(0, 0)->count, 2);
}

Test(groups, two_on_the_same_links_are_led_apart_over_two_shards)
{
    add(0, 0, LINK | STRICT, by_1, 2);
    add(1, 1, LINK | STRICT, by_1, 2);
    group_rig_settle();
    cr_expect_neq(group_rig_takes(0, BY_1), group_rig_takes(1, BY_1));
    cr_expect_neq(group_rig_takes(0, BY_1_OUT), group_rig_takes(1, BY_1_OUT));
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
    cr_expect_eq(group_lsps[0].status, LINK);
    cr_expect_eq(group_lsps[1].status, LINK);
}

Test(groups, two_that_are_delegated_without_a_path_get_two_that_are_apart)
{
    add(0, 0, LINK | NODE | STRICT, NULL, 0);
    add(1, 2, LINK | NODE | STRICT, NULL, 0);
    group_rig_settle();
    cr_expect_gt(group_lsps[0].hop_count, 0);
    cr_expect_gt(group_lsps[1].hop_count, 0);
    cr_expect(group_rig_takes(0, BY_1) != group_rig_takes(1, BY_1) &&
              group_rig_takes(0, BY_2) != group_rig_takes(1, BY_2));
    cr_expect_eq(group_lsps[0].status, LINK | NODE);
}

Test(groups, one_that_loses_its_link_is_led_round_the_other_which_stays)
{
    add(0, 0, LINK | STRICT, by_1, 2);
    add(1, 1, LINK | STRICT, by_2, 2);
    group_rig_settle();
    group_rig_set_down(BY_1_OUT, true);
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_3));
    cr_expect_eq(group_lsps[0].moves, 1);
    cr_expect_eq(group_lsps[1].moves, 0);
}

Test(groups, who_is_in_the_way_goes_first_and_the_other_when_it_has_gone)
{
    const uint32_t over_2[] = {ACROSS, BY_2_OUT};
    add(0, 0, LINK | STRICT, by_1, 2);
    add(1, 1, LINK | STRICT, over_2, 2);
    group_lsps[1].source = 1;
    group_rig_report(1);
    group_rig_settle();
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
    /* From 1 leads 1 – 4, where the other is, or 1 – 0, where it is, too. */
    group_rig_set_down(ACROSS, true);
    for (unsigned i = 0; i < 20; i++)
        group_rig_turn(false);
    cr_expect(group_lsps[0].is_asked);
    cr_expect_eq(group_lsps[1].moves, 0, "it would share on the way");
    group_rig_settle();
    cr_expect(group_rig_takes(1, BY_1_OUT));
    cr_expect_not(group_rig_takes(0, BY_1_OUT));
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
}

Test(groups, a_strict_pair_that_cannot_be_any_more_loses_the_broken_path_and_is_cured)
{
    add(0, 0, LINK | STRICT, by_2, 2);
    add(1, 1, LINK | STRICT, by_1, 2);
    group_rig_set_down(BY_3, true);
    group_rig_settle();
    cr_expect_eq(group_lsps[0].moves + group_lsps[1].moves, 0);
    group_rig_set_down(BY_2, true);
    group_rig_settle();
    /* From 0 leads 0 - 1 alone. */
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_BLOCKED);
    cr_expect_eq(group_lsps[0].hop_count, 0, "RFC 8800 5.6: an empty ERO");
    cr_expect_eq(group_lsps[0].withdrawals, 1, "%u", group_lsps[0].withdrawals);
    cr_expect_eq(group_lsps[1].moves, 0, "who has a path keeps it");
    group_rig_set_down(BY_2, false);
    group_rig_settle();
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
    cr_expect(group_rig_takes(0, BY_2));
}

Test(groups, a_strict_group_that_could_never_be_is_refused_and_keeps_its_paths)
{
    group_rig_set_down(BY_2, true);
    group_rig_set_down(BY_3, true);
    add(0, 0, LINK | STRICT, by_1, 2);
    add(1, 1, LINK | STRICT, by_1, 2);
    group_rig_settle();
    cr_expect_eq(group_lsps[0].error, 26 << 8 | 7);
    cr_expect_eq(group_lsps[1].error, 26 << 8 | 7);
    cr_expect(group_rig_takes(0, BY_1) && group_rig_takes(1, BY_1));
    cr_expect_eq(group_lsps[0].withdrawals + group_lsps[1].withdrawals, 0);
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_BLOCKED);
    cr_expect_not_null(group_rig_group(0, 0)->why);
}

Test(groups, a_relaxed_group_shares_what_it_must_and_comes_apart_when_it_can)
{
    add(0, 0, LINK | NODE, by_1, 2);
    add(1, 1, LINK | NODE, by_2, 2);
    group_rig_settle();
    group_rig_set_down(BY_3_OUT, true);
    group_rig_set_down(BY_2_OUT, true);
    group_rig_settle();
    cr_expect_gt(group_lsps[1].hop_count, 0);
    cr_expect(group_rig_takes(1, BY_1_OUT) && group_rig_takes(0, BY_1_OUT));
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_RELAXED);
    cr_expect_eq(group_lsps[1].status, 0);
    group_rig_set_down(BY_2_OUT, false);
    group_rig_settle();
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
    cr_expect_eq(group_lsps[0].status, LINK | NODE);
    cr_expect_eq(group_lsps[1].status, LINK | NODE);
}

Test(groups, a_relaxed_group_shares_as_little_as_it_can)
{
    add(0, 0, LINK, NULL, 0);
    add(1, 1, LINK, NULL, 0);
    group_rig_set_down(BY_2_OUT, true);
    group_rig_set_down(BY_3_OUT, true);
    group_rig_settle();
    /* 1 – 4 is all that leads to 4; before it there is 0 – 1, and 0 – 2 – 1. */
    cr_expect(group_rig_takes(0, BY_1_OUT) && group_rig_takes(1, BY_1_OUT));
    cr_expect_neq(group_rig_takes(0, BY_1), group_rig_takes(1, BY_1));
}

Test(groups, one_with_p_takes_its_shortest_path_and_the_other_gives_way)
{
    add(0, 0, LINK | STRICT, by_1, 2);
    add(1, 1, LINK | STRICT | SHORTEST, NULL, 0);
    group_rig_settle();
    cr_expect(group_rig_takes(1, BY_1), "the shortest of all");
    cr_expect(group_rig_takes(0, BY_2));
    cr_expect_eq(group_lsps[1].status, LINK | SHORTEST);
    cr_expect_eq(group_lsps[0].status, LINK);
}

Test(groups, one_that_is_not_delegated_stays_and_the_other_is_led_round_it)
{
    add(0, 0, LINK | STRICT, by_1, 2);
    group_lsps[0].is_delegated = false;
    group_rig_report(0);
    add(1, 1, LINK | STRICT, by_1, 2);
    group_rig_settle();
    cr_expect_eq(group_lsps[0].moves, 0);
    cr_expect(group_rig_takes(1, BY_2));
}

Test(groups, other_flags_than_the_groups_are_refused_and_that_lsp_is_computed_alone)
{
    add(0, 0, LINK | STRICT, by_1, 2);
    add(1, 1, NODE | STRICT, by_1, 2);
    group_rig_settle();
    cr_expect_eq(group_lsps[0].error, 0);
    cr_expect_eq(group_lsps[1].error, 26 << 8 | 6);
    cr_expect_eq(group_rig_group(0, 0)->count, 1);
    group_rig_set_down(BY_1, true);
    group_rig_settle();
    cr_expect_gt(group_lsps[1].hop_count, 0);
    cr_expect_not(group_rig_takes(1, BY_1));
}

Test(groups, one_that_leaves_the_group_or_goes_is_in_it_no_more)
{
    add(0, 0, LINK | STRICT, by_1, 2);
    add(1, 1, LINK | STRICT, by_2, 2);
    add(2, 2, LINK | STRICT, by_3, 2);
    group_rig_settle();
    cr_expect_eq(group_rig_group(0, 0)->count, 3);
    group_rig_remove(2);
    group_rig_settle();
    cr_expect_eq(group_rig_group(0, 0)->count, 2);
    group_rig_remove(1);
    group_rig_remove(0);
    group_rig_settle();
    cr_expect_null(group_rig_group(0, 0));
}

Test(groups, a_full_mailbox_delays_and_loses_nothing)
{
    group_mail_room = 0;
    add(0, 0, LINK | STRICT, by_1, 2);
    add(1, 1, LINK | STRICT, by_1, 2);
    group_rig_settle();
    cr_expect_eq(group_lsps[0].moves + group_lsps[1].moves, 0);
    group_mail_room = 1;
    for (unsigned i = 0; i < 50; i++)
        group_rig_turn(true);
    group_rig_settle();
    cr_expect_neq(group_rig_takes(0, BY_1), group_rig_takes(1, BY_1));
}

Test(groups, a_seventeenth_lsp_is_too_many)
{
    for (uint32_t i = 0; i <= GROUP_MEMBERS_MAX; i++) {
        add(i, i % GROUP_RIG_SHARDS, LINK, by_1, 2);
        group_rig_settle();
    }
    cr_expect_eq(group_rig_group(0, 0)->count, GROUP_MEMBERS_MAX);
    cr_expect_eq(group_lsps[GROUP_MEMBERS_MAX].error, 26 << 8 | 2);
    cr_expect_eq(group_lsps[GROUP_MEMBERS_MAX - 1].error, 0);
}

Test(groups, a_group_past_the_limit_is_counted_and_its_lsps_are_computed_alone)
{
    for (uint32_t i = 0; i < GROUP_RIG_SHARDS; i++)
        group_rig_groups(i)->groups_max = 0;
    add(0, 0, LINK, by_1, 2);
    group_rig_settle();
    uint64_t refused = 0;
    for (uint32_t i = 0; i < GROUP_RIG_SHARDS; i++)
        refused += group_rig_groups(i)->counters.groups_limit;
    cr_expect_gt(refused, 0);
    group_rig_set_down(BY_1, true);
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_2));
}

Test(groups, an_lsp_in_two_groups_is_moved_by_the_disjoint_one)
{
    add(0, 0, LINK | STRICT, by_1, 2);
    add(1, 0, LINK | STRICT, by_1, 2);
    for (uint32_t i = 0; i < 2; i++) {
        group_lsps[i].groups[1] =
            (struct group_rig_membership){.type = 1, .id = 9, .source = 7, .flags = i};
        group_rig_report(i);
    }
    group_rig_settle();
    cr_expect_neq(group_rig_takes(0, BY_1), group_rig_takes(1, BY_1));
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
    cr_expect_eq(group_rig_group(0, 1)->state, GROUP_IS_MET);
}

Test(groups, a_protection_lsp_keeps_off_the_links_and_nodes_of_its_working_lsp)
{
    for (uint32_t i = 0; i < 2; i++) {
        add(i, i, 0, by_1, 2);
        group_lsps[i].groups[0] =
            (struct group_rig_membership){.type = 1, .id = 9, .source = 7, .flags = i};
        group_rig_report(i);
    }
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_1) != group_rig_takes(1, BY_1) &&
              group_rig_takes(0, BY_1_OUT) != group_rig_takes(1, BY_1_OUT));
    cr_expect_eq(group_lsps[0].status, -1, "the status is of disjoint groups");
}

Test(groups, another_tunnel_cannot_protect)
{
    for (uint32_t i = 0; i < 2; i++) {
        add(i, i, 0, by_1, 2);
        group_lsps[i].tunnel = (uint16_t)(i + 1);
        group_lsps[i].groups[0] =
            (struct group_rig_membership){.type = 1, .id = 9, .source = 7, .flags = i};
        group_rig_report(i);
        group_rig_settle();
    }
    cr_expect_eq(group_lsps[1].error, 26 << 8 | 9);
}

Test(groups, a_protection_type_that_there_is_not_is_refused)
{
    static const uint8_t types[] = {0x00, 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x03, 0x18};
    for (unsigned i = 0; i < sizeof types; i++) {
        add(0, 0, 0, by_1, 2);
        group_lsps[0].groups[0] = (struct group_rig_membership){
            .type = 1, .id = 1, .source = 7, .flags = (uint32_t)types[i] << 26};
        group_rig_report(0);
        group_rig_settle();
        cr_expect_eq(group_lsps[0].error, i < 6 ? 0 : 26 << 8 | 11, "type %#x", types[i]);
        group_rig_remove(0);
        group_rig_settle();
    }
}

/* ---- co-routed ---- */

static void add_direction(uint32_t lsp, uint32_t shard, bool is_reverse, const uint32_t *links,
                          uint32_t count)
{
    add(lsp, shard, 0, links, count);
    if (is_reverse) {
        group_lsps[lsp].source = 4;
        group_lsps[lsp].destination = 0;
    }
    group_lsps[lsp].groups[0] =
        (struct group_rig_membership){.type = 8, .id = 3, .source = 7, .flags = CO_ROUTED};
    group_lsps[lsp].groups[0].flags |= is_reverse ? REVERSE : 0;
    group_rig_report(lsp);
}

Test(groups, the_reverse_lsp_follows_the_links_of_the_forward_one)
{
    const uint32_t back_by_2[] = {BY_2_OUT + 1, BY_2 + 1};
    add_direction(0, 0, false, by_1, 2);
    add_direction(1, 1, true, back_by_2, 2);
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_1));
    cr_expect(group_rig_takes(1, BY_1_OUT + 1) && group_rig_takes(1, BY_1 + 1));
    group_rig_set_down(BY_1, true);
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_2) && group_rig_takes(0, BY_2_OUT));
    cr_expect(group_rig_takes(1, BY_2_OUT + 1) && group_rig_takes(1, BY_2 + 1));
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
}

Test(groups, a_pair_is_led_where_both_directions_have_room)
{
    group_net.links[BY_1 + 1].unreserved = 1; /* 1 – 0 is full */
    group_rig_publish();
    add_direction(0, 0, false, NULL, 0);
    add_direction(1, 1, true, NULL, 0);
    for (uint32_t i = 0; i < 2; i++) {
        group_lsps[i].bandwidth = 100;
        group_rig_report(i);
    }
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_2), "not over 0 – 1");
    cr_expect(group_rig_takes(1, BY_2 + 1));
}

/* Both directions go by 2, as nothing else was there; by 1 they would cost 20 in place of 30. */
static void add_pair_by_2(void)
{
    const uint32_t back_by_2[] = {BY_2_OUT + 1, BY_2 + 1};
    add_direction(0, 0, false, by_2, 2);
    add_direction(1, 1, true, back_by_2, 2);
    group_rig_settle();
    cr_assert(group_rig_takes(0, BY_2) && group_rig_takes(1, BY_2 + 1),
              "they are as asked, and stay");
}

Test(groups, a_pair_is_moved_to_a_better_path_at_the_interval_where_that_gains_enough)
{
    add_pair_by_2();
    group_settings = (struct reopt_settings){.interval_s = 60, .gain_min = 34};
    group_now = mono_add_s(group_now, 100);
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_2) && group_rig_takes(1, BY_2 + 1), "a third is gained");
    group_settings.gain_min = 33;
    group_now = mono_add_s(group_now, 100);
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_1) && group_rig_takes(0, BY_1_OUT));
    cr_expect(group_rig_takes(1, BY_1_OUT + 1) && group_rig_takes(1, BY_1 + 1));
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
}

Test(groups, a_pair_stays_at_the_interval_where_one_direction_has_no_better_path)
{
    group_net.links[BY_1 + 1].unreserved = 1; /* 1 – 0 is full */
    group_rig_publish();
    add_pair_by_2();
    for (uint32_t i = 0; i < 2; i++) {
        group_lsps[i].bandwidth = 100;
        group_rig_report(i);
    }
    group_settings = (struct reopt_settings){.interval_s = 60, .gain_min = 1};
    group_now = mono_add_s(group_now, 100);
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_2) && group_rig_takes(1, BY_2 + 1));
}

Test(groups, who_is_left_alone_in_a_group_is_moved_to_its_best_path_at_the_interval)
{
    add_pair_by_2();
    add(2, 0, LINK, by_3, 2);
    group_rig_remove(1);
    group_rig_settle();
    cr_assert(group_rig_takes(0, BY_2) && group_rig_takes(2, BY_3));
    group_settings = (struct reopt_settings){.interval_s = 60, .gain_min = 10};
    group_now = mono_add_s(group_now, 100);
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_1), "of a pair");
    cr_expect(group_rig_takes(2, BY_1), "of a disjoint group");
}

Test(groups, one_that_is_co_routed_and_one_that_is_not_are_no_pair)
{
    const uint32_t back_by_2[] = {BY_2_OUT + 1, BY_2 + 1};
    group_settings.gain_min = 100;
    add_direction(0, 0, false, by_1, 2);
    group_rig_settle();
    add_direction(1, 1, true, back_by_2, 2);
    group_lsps[1].groups[0].flags = REVERSE;
    group_rig_report(1);
    group_rig_settle();
    cr_expect_eq(group_lsps[0].error, 0);
    cr_expect_eq(group_lsps[1].error, 26 << 8 | 18);
    cr_expect(group_rig_takes(1, BY_2 + 1), "it is not led along");
    group_lsps[1].error = 0;
    group_lsps[1].groups[0].flags = REVERSE | CO_ROUTED;
    group_rig_report(1);
    group_rig_settle();
    cr_expect_eq(group_lsps[1].error, 0);
    cr_expect(group_rig_takes(1, BY_1 + 1));
}

Test(groups, a_pair_that_is_not_co_routed_is_two_lsps_that_are_moved_alone)
{
    const uint32_t back_by_2[] = {BY_2_OUT + 1, BY_2 + 1};
    group_settings.gain_min = 100;
    add_direction(0, 0, false, by_1, 2);
    add_direction(1, 1, true, back_by_2, 2);
    for (uint32_t i = 0; i < 2; i++) {
        group_lsps[i].groups[0].flags &= ~(uint32_t)CO_ROUTED;
        group_rig_report(i);
    }
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_1) && group_rig_takes(1, BY_2 + 1));
    group_rig_set_down(BY_1, true);
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_2));
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
}

Test(groups, an_lsp_in_two_bidirectional_groups_is_in_the_first_alone)
{
    add_direction(0, 0, false, by_1, 2);
    group_lsps[0].groups[1] = group_lsps[0].groups[0];
    group_lsps[0].groups[1].id = 4;
    group_rig_report(0);
    group_rig_settle();
    cr_expect_eq(group_lsps[0].error, 26 << 8 | 14);
    cr_expect_not_null(group_rig_group(0, 0));
    cr_expect_null(group_rig_group(0, 1));
    group_lsps[0].error = 0;
    group_lsps[0].bandwidth = 10;
    group_rig_report(0);
    group_rig_settle();
    cr_expect_eq(group_lsps[0].error, 0, "it is told once");
}

Test(groups, a_setup_type_that_an_association_type_is_not_for_is_refused)
{
    add_direction(0, 0, false, by_1, 2);
    group_lsps[0].groups[0].type = 5;
    group_rig_report(0);
    group_rig_settle();
    cr_expect_eq(group_lsps[0].error, 26 << 8 | 16);
}

Test(groups, rsvp_te_lsps_of_two_ends_are_co_routed)
{
    for (uint32_t i = 0; i < 2; i++) {
        add_direction(i, i, i == 1, NULL, 0);
        group_lsps[i].setup_type = PCEP_PST_RSVP_TE;
        group_lsps[i].groups[0].type = 5;
        group_lsps[i].groups[0].flags = CO_ROUTED;
        group_lsps[i].groups[0].id = 4;
        group_rig_report(i);
    }
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_1) && group_rig_takes(0, BY_1_OUT));
    cr_expect(group_rig_takes(1, BY_1_OUT + 1) && group_rig_takes(1, BY_1 + 1));
}

/* ---- routers ---- */

Test(groups, a_router_that_does_nothing_is_not_asked_for_ever)
{
    add(0, 0, LINK | STRICT, by_1, 2);
    add(1, 1, LINK | STRICT, by_1, 2);
    group_lsps[0].refuses = group_lsps[1].refuses = true;
    for (unsigned i = 0; i < 2000; i++) /* 100 s */
        group_rig_turn(true);
    cr_expect_lt(group_lsps[0].moves + group_lsps[1].moves, 16);
    group_lsps[0].refuses = group_lsps[1].refuses = false;
    for (unsigned i = 0; i < 4000; i++)
        group_rig_turn(true);
    cr_expect_neq(group_rig_takes(0, BY_1), group_rig_takes(1, BY_1));
}

/* ---- elsewhere ---- */

Test(groups, what_takes_more_than_a_turn_is_computed_by_others)
{
    group_rig_offload(1);
    add(0, 0, LINK, by_1, 2);
    add(1, 1, LINK, by_1, 2);
    group_rig_settle();
    cr_expect_neq(group_rig_takes(0, BY_1), group_rig_takes(1, BY_1));
    uint64_t offloaded = 0;
    for (uint32_t i = 0; i < GROUP_RIG_SHARDS; i++) {
        const struct group_counters *counters = &group_rig_groups(i)->counters;
        offloaded += counters->groups_offloaded;
        cr_expect_eq(counters->groups_heavy + counters->groups_computing, 0);
    }
    cr_expect_gt(offloaded, 0);
}

Test(groups, more_that_are_heavy_than_others_have_room_for_wait)
{
    group_rig_offload(1);
    for (uint32_t i = 0; i < 20; i++) {
        group_id = (uint16_t)(1 + i / 2);
        add(i, i % GROUP_RIG_SHARDS, LINK, by_1, 2);
    }
    group_rig_settle();
    for (uint32_t i = 0; i < 20; i += 2)
        cr_expect_neq(group_rig_takes(i, BY_1), group_rig_takes(i + 1, BY_1));
}

Test(groups, one_that_goes_while_others_compute_it_is_forgotten)
{
    group_rig_offload(1);
    add(0, 0, LINK, by_1, 2);
    add(1, 1, LINK, by_1, 2);
    for (unsigned i = 0; i < 12 && group_rig_group(0, 0) == NULL; i++)
        group_rig_turn(false);
    const struct group *group = group_rig_group(0, 0);
    for (unsigned i = 0; i < 12 && !group->is_away; i++)
        group_rig_turn(false);
    cr_assert(group->is_away);
    group_rig_remove(0);
    group_rig_remove(1);
    group_rig_settle();
    for (uint32_t i = 0; i < GROUP_RIG_SHARDS; i++)
        cr_expect_eq(group_rig_groups(i)->counters.groups_computing, 0);
}

Test(groups, what_others_found_on_another_network_is_looked_for_again)
{
    group_rig_offload(1);
    add(0, 0, LINK, by_1, 2);
    add(1, 1, LINK, by_1, 2);
    for (unsigned i = 0; i < 24; i++) {
        const struct group *group = group_rig_group(0, 0);
        if (group != NULL && group->is_away)
            break;
        group_rig_turn(false);
    }
    group_rig_set_down(BY_2, true);
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_3) || group_rig_takes(1, BY_3));
    uint64_t late = 0;
    for (uint32_t i = 0; i < GROUP_RIG_SHARDS; i++)
        late += group_rig_groups(i)->counters.groups_late;
    cr_expect_gt(late, 0);
}

/* ---- while the network does not rest ---- */

static uint64_t count_past(void)
{
    uint64_t past = 0;
    for (uint32_t i = 0; i < GROUP_RIG_SHARDS; i++)
        past += group_rig_groups(i)->counters.groups_past;
    return past;
}

static void do_not_rest(unsigned turns)
{
    group_is_restless = true;
    for (unsigned i = 0; i < turns; i++)
        group_rig_turn(true);
}

Test(groups, networks_that_come_faster_than_results_keep_no_group_waiting)
{
    group_rig_offload(1);
    add(0, 0, LINK, by_1, 2);
    add(1, 1, LINK, by_1, 2);
    do_not_rest(40);
    cr_expect_neq(group_rig_takes(0, BY_1), group_rig_takes(1, BY_1));
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
    cr_expect_gt(count_past(), 0);
}

Test(groups, a_path_of_links_is_taken_late_too)
{
    group_rig_offload(1);
    for (uint32_t i = 0; i < 2; i++) {
        add(i, i, LINK, by_1, 2);
        group_lsps[i].setup_type = PCEP_PST_RSVP_TE;
        memcpy(group_lsps[i].hops, by_1, sizeof by_1);
        group_rig_report(i);
    }
    do_not_rest(40);
    cr_expect_neq(group_rig_takes(0, BY_1), group_rig_takes(1, BY_1));
    cr_expect_gt(count_past(), 0);
}

Test(groups, a_group_that_cannot_be_is_told_so_and_is_cured_while_the_network_does_not_rest)
{
    group_rig_offload(1);
    add(0, 0, LINK | STRICT, by_1, 2);
    add(1, 1, LINK | STRICT, by_2, 2);
    group_rig_settle();
    group_rig_set_down(BY_3, true);
    group_rig_set_down(BY_2, true);
    do_not_rest(40);
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_BLOCKED);
    cr_expect_eq(group_lsps[1].withdrawals, 1);
    cr_expect(reopt_is_blocked(group_rig_reopt(1), group_rig_find(1)));
    group_rig_set_down(BY_3, false);
    do_not_rest(40);
    cr_expect(group_rig_takes(1, BY_3));
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
    cr_expect_not(reopt_is_blocked(group_rig_reopt(1), group_rig_find(1)));
}

Test(groups, a_pair_is_led_over_the_same_links_while_the_network_does_not_rest)
{
    group_rig_offload(1);
    add_direction(0, 0, false, NULL, 0);
    add_direction(1, 1, true, NULL, 0);
    do_not_rest(40);
    cr_expect(group_rig_takes(0, BY_1) && group_rig_takes(0, BY_1_OUT));
    cr_expect(group_rig_takes(1, BY_1_OUT + 1) && group_rig_takes(1, BY_1 + 1));
    cr_expect_gt(count_past(), 0);
    group_rig_set_down(BY_1, true);
    group_rig_set_down(BY_2, true);
    do_not_rest(40);
    cr_expect(group_rig_takes(0, BY_3) && group_rig_takes(1, BY_3 + 1));
}

/* What they say is always older than the network, and follows it. */
Test(groups, networks_that_come_faster_than_words_about_them_keep_no_group_waiting)
{
    add(0, 0, LINK | STRICT, NULL, 0);
    add(1, 1, LINK | STRICT, NULL, 0);
    for (uint32_t i = 0; i < 2; i++) {
        group_lsps[i].hops[0] = net_label(&group_net, 0, 4);
        group_lsps[i].hop_count = 1;
        group_rig_report(i);
    }
    group_rig_set_down(BY_3, true);
    group_rig_set_down(BY_2, true);
    for (unsigned i = 0; i < 20; i++) {
        group_net.links[0].te ^= 1;
        group_rig_publish();
        group_rig_turn(false);
    }
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_BLOCKED);
}
