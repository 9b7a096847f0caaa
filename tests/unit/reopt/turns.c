/* What one turn does is bounded by its work, whatever is to be done: path requests wait for no more. */
#include "tests/unit/reopt/rig.h"

#include <criterion/criterion.h>

#define LSPS RIG_LSPS_MAX

/* 0 – 1 – 3 costs 20, 0 – 2 – 3 costs 40; LSPS octets/s a link. All LSPs go by 1. */
static void one_way_for_all(void)
{
    rig_init();
    net_init(&net, 4);
    (void)net_join(&net, 0, 1, 10); /* 0, 1 */
    (void)net_join(&net, 1, 3, 10); /* 2, 3 */
    (void)net_join(&net, 0, 2, 20); /* 4, 5 */
    (void)net_join(&net, 2, 3, 20); /* 6, 7 */
    for (uint32_t i = 0; i < net.link_count; i++)
        net.links[i].capacity = net.links[i].unreserved = LSPS;
    rig_publish();
    for (uint32_t i = 0; i < LSPS; i++) {
        lsps[i] = (struct rig_lsp){.is_delegated = true,
                                   .destination = 3,
                                   .bandwidth = 1,
                                   .setup = 4,
                                   .holding = 4,
                                   .labels = {net.links[0].adj_label, net.links[2].adj_label},
                                   .label_count = 2};
        rig_report(i);
    }
    rig_settle(true);
    cr_assert_eq(rig_held(0, 4), LSPS);
}

TestSuite(turns, .init = one_way_for_all, .fini = rig_fini);

static void fail_link(void)
{
    is_down[2] = is_down[3] = true;
    rig_publish();
}

static bool turn(uint64_t work)
{
    struct reopt_scene scene = {.snapshot = snapshot, .now = now, .work_left = work};
    return reopt_turn(&reopt, &scene);
}

Test(turns, no_more_lsps_are_moved_in_one_than_its_work_is_for_and_each_is_ordered_in_its_own)
{
    const uint32_t moves_max = REOPT_WORK_PER_TURN / REOPT_WORK_OF_ONE + 1;
    uint32_t turns = 0;
    bool has_more = true;
    fail_link();
    for (; has_more && turns < 10 * LSPS; turns++) {
        uint32_t before = moves;
        has_more = turn(REOPT_WORK_PER_TURN);
        cr_expect_leq(moves - before, moves_max);
        cr_expect(moves > before || moves == 0 || moves == LSPS, "none waits for a later turn");
    }
    cr_expect_eq(moves, LSPS);
    cr_expect_geq(turns, LSPS / moves_max);
}

Test(turns, of_a_link_that_is_gone_no_more_lsps_are_marked_in_one_than_its_work_is_for)
{
    uint64_t marked = 0, before;
    fail_link();
    do {
        before = marked;
        cr_assert(turn(20 * REOPT_WORK_OF_MARK));
        marked = reopt.counters.reopt_urgent + moves;
        cr_expect_leq(marked - before, 20);
        cr_assert_gt(marked, before);
    } while (moves == 0 && marked < LSPS);
    cr_expect_eq(marked, LSPS, "all are before the first one is moved");
}

Test(turns, who_is_first_is_so_however_late_it_is_marked)
{
    lsps[0].setup = 0; /* the oldest: a link's LSPs are gone through from the newest */
    rig_report(0);
    rig_settle(true);
    fail_link();
    for (unsigned i = 0; i < LSPS && moves == 0; i++)
        (void)turn(20 * REOPT_WORK_OF_MARK);
    cr_expect_eq(moves, 1);
    cr_expect(lsps[0].is_asked);
}

Test(turns, a_link_that_holds_too_much_is_relieved_over_many_of_them, .timeout = 60)
{
    net.links[2].capacity = net.links[2].unreserved = LSPS / 2.0F;
    rig_publish();
    rig_work = 8 * REOPT_HOUSE_PART * REOPT_WORK_OF_MARK;
    rig_settle(true);
    cr_expect_leq(rig_held(2, 7), LSPS / 2);
    cr_expect_eq(rig_held(2, 7) + rig_held(6, 7), LSPS);
    cr_expect_leq(reopt.counters.reopt_pre_empted, LSPS / 2, "no more than are needed");
}

Test(turns, an_interval_looks_at_all_lsps_over_many_of_them, .timeout = 60)
{
    uint64_t before = reopt.counters.reopt_kept;
    reopt.settings.interval_s = 60;
    rig_work = 8 * REOPT_HOUSE_PART * REOPT_WORK_OF_MARK;
    now = mono_add_s(now, 100);
    rig_settle(true);
    cr_expect_geq(reopt.counters.reopt_kept - before, LSPS);
}
