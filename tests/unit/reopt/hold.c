/* What is held between an order and the report that has its path. */
#include "core/reopt/route.h"
#include "tests/unit/reopt/rig.h"

#include <criterion/criterion.h>
#include <string.h>

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

TestSuite(hold, .init = two_ways, .fini = rig_fini, .timeout = 20);

static void add_lsp(uint32_t lsp, uint8_t priority, float bandwidth)
{
    lsps[lsp] = (struct rig_lsp){.is_delegated = true,
                                 .destination = 3,
                                 .bandwidth = bandwidth,
                                 .setup = priority,
                                 .holding = priority,
                                 .labels = {net.links[0].adj_label, net.links[2].adj_label},
                                 .label_count = 2};
    rig_report(lsp);
}

/* ---- what others order ---- */

static enum pce_status hold(const char *name, const uint32_t *links, uint32_t count,
                            uint64_t octets)
{
    const struct hold_wanted wanted = {.pcc = ip_from_u32(0xc0000201),
                                       .name = {(const uint8_t *)name, strlen(name)},
                                       .links = links,
                                       .link_count = count,
                                       .claim = {octets, 7, 7}};
    return reopt_hold(&reopt, snapshot, &wanted);
}

static void let_go(const char *name)
{
    const struct ip pcc = ip_from_u32(0xc0000201);
    reopt_hold_let_go(&reopt, &pcc, (struct wire_span){(const uint8_t *)name, strlen(name)});
}

Test(hold, all_links_are_taken_or_none)
{
    const uint32_t links[] = {2, 0}, other[] = {4, 0};
    cr_assert_eq(hold("a", links, 2, 1000), PCE_OK, "exactly what there is");
    cr_expect_eq(rig_held(0, 7), 1000);
    cr_expect_eq(rig_held(2, 7), 1000);
    cr_expect_eq(hold("b", other, 2, 1), PCE_LIMIT, "one more");
    cr_expect_eq(rig_held(4, 7), 0);
    cr_expect_eq(reopt.counters.reopt_holds, 1);
    let_go("a");
    cr_expect_eq(rig_held(0, 7), 0);
    cr_expect_eq(reopt.counters.reopt_holds, 0);
    let_go("a");
}

Test(hold, one_name_has_one_order)
{
    const uint32_t links[] = {0};
    cr_assert_eq(hold("a", links, 1, 100), PCE_OK);
    cr_expect_eq(hold("a", links, 1, 100), PCE_EXISTS);
    cr_expect_eq(rig_held(0, 7), 100);
    cr_expect_eq(hold("b", links, 1, 100), PCE_OK, "another name has its own");
    cr_expect_eq(rig_held(0, 7), 200);
    /* The end of the shard lets go the rest. */
}

/* ---- what reoptimisation orders ---- */

Test(hold, an_lsp_that_is_down_while_it_is_moved_keeps_its_new_path)
{
    add_lsp(0, 4, 600);
    rig_settle(true);
    is_down[0] = is_down[1] = true;
    rig_publish();
    rig_settle(false);
    cr_assert(lsps[0].is_asked);
    cr_expect_eq(rig_held(4, 7), 600);
    lsps[0].label_count = lsps[0].asked_count;
    memcpy(lsps[0].labels, lsps[0].asked_labels, sizeof lsps[0].labels);
    lsps[0].is_down = true;
    rig_report(0);
    rig_settle(false);
    cr_expect_eq(rig_held(4, 7), 600, "it says first that it is down");
    lsps[0].is_down = false;
    rig_report(0);
    rig_settle(true);
    cr_expect_eq(rig_held(4, 7), 600);
}

Test(hold, a_victim_that_is_moved_does_not_give_way_again_before_its_router_has_answered)
{
    add_lsp(0, 7, 700);
    rig_settle(true);
    add_lsp(1, 1, 600);
    lsps[1].is_delegated = false;
    rig_report(1);
    for (unsigned i = 0; i < 5; i++) {
        rig_settle(false);
        now = mono_add_ms(now, 200);
    }
    cr_expect_eq(reopt.counters.reopt_pre_empted, 1);
    cr_assert(lsps[0].is_asked);
    cr_expect_eq(rig_held(0, 7), 600);
    cr_expect_eq(rig_held(4, 7), 700, "its new path is held");
    rig_settle(true);
    cr_expect_eq(rig_held(0, 7), 600);
    cr_expect_eq(rig_held(4, 7), 700);
    cr_expect_eq(reopt.counters.reopt_holds, 0);
}
