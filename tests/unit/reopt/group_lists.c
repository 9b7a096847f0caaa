/* LSPs of several segment lists in groups: every list of one member is apart from every list of another
 * one, and one list is moved at a time. */
#include "tests/unit/reopt/group_rig.h"

#include "core/pcep/model.h"

#include <criterion/criterion.h>
#include <string.h>

enum { LINK = 1, STRICT = 16 };

/* Four ways from 0 to 5: by 1 (cost 20), by 2 (30), by 3 (40), by 4 (50). */
enum {
    BY_1 = 0,
    BY_1_OUT = 2,
    BY_2 = 4,
    BY_2_OUT = 6,
    BY_3 = 8,
    BY_3_OUT = 10,
    BY_4 = 12,
    BY_4_OUT = 14
};

static void four_ways(void)
{
    net_init(&group_net, 8);
    for (uint32_t i = 1; i <= 4; i++) {
        (void)net_pair(&group_net, 0, i, 5 + 5 * i);
        (void)net_pair(&group_net, i, 5, 5 + 5 * i);
    }
    group_rig_init();
}

TestSuite(group_lists, .init = four_ways, .fini = group_rig_fini, .timeout = 60);

static void write_hops(uint32_t first, uint32_t *hops, uint32_t *count)
{
    hops[0] = group_net.links[first].adj_label;
    hops[1] = group_net.links[first + 2].adj_label;
    *count = 2;
}

/* Lists by these first links; of one alone both are the same. */
static void add(uint32_t lsp, uint32_t flags, uint32_t first, uint32_t second)
{
    struct group_rig_lsp *own = &group_lsps[lsp];
    *own = (struct group_rig_lsp){.shard = lsp,
                                  .is_delegated = true,
                                  .setup_type = PCEP_PST_SR,
                                  .destination = 5,
                                  .groups = {{.type = 2, .id = 1, .source = 7, .flags = flags}},
                                  .status = -1};
    write_hops(first, own->hops, &own->hop_count);
    if (second != first)
        write_hops(second, own->second, &own->second_count);
    group_rig_report(lsp);
}

Test(group_lists, lists_that_are_apart_from_the_other_member_stay)
{
    add(0, LINK | STRICT, BY_1, BY_2);
    add(1, LINK | STRICT, BY_3, BY_3);
    group_rig_settle();
    cr_expect_eq(group_lsps[0].moves + group_lsps[1].moves, 0);
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
    cr_expect_eq(group_lsps[0].status, LINK);
}

Test(group_lists, another_member_is_led_around_all_lists)
{
    add(0, LINK | STRICT, BY_1, BY_2);
    add(1, LINK | STRICT, BY_1, BY_1);
    group_rig_settle();
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
    for (uint32_t link = BY_1; link <= BY_4_OUT; link += 2)
        cr_expect_not(group_rig_takes(0, link) && group_rig_takes(1, link), "link %u", link);
}

Test(group_lists, a_list_that_fails_is_led_around_the_other_member_and_off_the_own_lists)
{
    add(0, LINK | STRICT, BY_1, BY_2);
    add(1, LINK | STRICT, BY_3, BY_3);
    group_rig_settle();
    group_rig_set_down(BY_1_OUT, true);
    group_rig_settle();
    cr_expect_eq(group_lsps[0].moves, 1);
    cr_expect_eq(group_lsps[1].moves, 0);
    cr_expect(group_rig_takes(0, BY_4) && group_rig_takes(0, BY_2), "by 2 it would cost less");
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
}

Test(group_lists, where_the_other_member_has_the_last_way_a_list_joins_another_one)
{
    add(0, LINK | STRICT, BY_1, BY_2);
    add(1, LINK | STRICT, BY_3, BY_3);
    group_rig_settle();
    group_rig_set_down(BY_4, true);
    group_rig_set_down(BY_1_OUT, true);
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_2) && !group_rig_takes(0, BY_1) && !group_rig_takes(0, BY_3));
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
}

Test(group_lists, a_list_without_a_way_takes_nothing_off_the_router)
{
    add(0, LINK | STRICT, BY_1, BY_2);
    add(1, LINK | STRICT, BY_3, BY_3);
    group_rig_settle();
    group_rig_set_down(BY_4, true);
    group_rig_set_down(BY_1_OUT, true);
    group_rig_set_down(BY_2_OUT, true);
    group_rig_settle();
    cr_expect_eq(group_lsps[0].withdrawals, 0);
    cr_expect_eq(group_lsps[1].moves, 0);
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_BLOCKED);
}

Test(group_lists, two_members_of_two_lists_each_have_four_ways)
{
    add(0, LINK | STRICT, BY_1, BY_2);
    add(1, LINK | STRICT, BY_1, BY_4);
    group_rig_settle();
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
    for (uint32_t link = BY_1; link <= BY_4_OUT; link += 2)
        cr_expect_neq(group_rig_takes(0, link), group_rig_takes(1, link), "link %u", link);
}

Test(group_lists, lists_that_fail_together_are_moved_one_after_the_other)
{
    add(0, LINK | STRICT, BY_1, BY_2);
    add(1, LINK | STRICT, BY_4, BY_4);
    group_rig_settle();
    group_rig_set_down(BY_1, true);
    group_rig_set_down(BY_2, true);
    group_rig_settle();
    cr_expect(group_rig_takes(0, BY_3) && !group_rig_takes(0, BY_1) && !group_rig_takes(0, BY_2) &&
              !group_rig_takes(0, BY_4));
    cr_expect_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
    cr_expect_leq(group_lsps[0].moves, 2);
}
