/* What RSVP-TE LSPs are ordered to take is held until the network shows it, and not any longer. */
#include "tests/lib/random.h"
#include "tests/unit/reopt/rig.h"

#include <criterion/criterion.h>
#include <string.h>

/* 0 - 1 - 3 costs 20, 0 - 2 - 3 costs 40; 1,000 octets/s a link. The last link is the one that
 * fails, so that the others stay what they are. */
static void two_ways(void)
{
    rig_init();
    net_init(&net, 4);
    (void)net_join(&net, 0, 1, 20); /* 0, 1 */
    (void)net_join(&net, 1, 3, 20); /* 2, 3 */
    (void)net_join(&net, 0, 2, 10); /* 4, 5 */
    (void)net_join(&net, 2, 3, 10); /* 6, 7 */
    reopt.settings.flood_s = 30;
    rig_publish();
}

TestSuite(flood, .init = two_ways, .fini = rig_fini, .timeout = 20);

static void set_path(uint32_t lsp, uint32_t first, uint32_t second)
{
    lsps[lsp].labels[0] = lsps[lsp].is_rsvp ? first : net.links[first].adj_label;
    lsps[lsp].labels[1] = lsps[lsp].is_rsvp ? second : net.links[second].adj_label;
    lsps[lsp].label_count = 2;
}

static void add_lsp(uint32_t lsp, bool is_rsvp, float bandwidth)
{
    lsps[lsp] = (struct rig_lsp){.is_delegated = true,
                                 .is_rsvp = is_rsvp,
                                 .destination = 3,
                                 .bandwidth = bandwidth,
                                 .setup = 4,
                                 .holding = 4};
    set_path(lsp, 4, 6);
    rig_report(lsp);
}

/* The IGP says that so much is left of the links 0 - 1 - 3. */
static void flood(float unreserved)
{
    net.links[0].unreserved = net.links[2].unreserved = unreserved;
    rig_publish();
    rig_settle(true);
}

static void fail(void)
{
    rig_settle(true);
    is_down[6] = is_down[7] = true;
    rig_publish();
    rig_settle(true);
}

Test(flood, a_path_that_was_ordered_is_held_until_the_network_shows_it)
{
    add_lsp(0, true, 600);
    fail();
    cr_assert_eq(moves, 1);
    cr_expect_eq(rig_held(0, 7), 600);
    cr_expect_eq(rig_held(2, 7), 600);
    cr_expect_eq(reopt.counters.reopt_flooding, 1);
    flood(1000); /* another network that says nothing of it */
    cr_expect_eq(rig_held(0, 7), 600);
    flood(400);
    cr_expect_eq(rig_held(0, 7), 0);
    cr_expect_eq(rig_held(2, 7), 0);
    cr_expect_eq(reopt.counters.reopt_flooding, 0);
    cr_expect_eq(reopt.counters.reopt_unshown, 0);
    cr_expect_eq(moves, 1, "what it has is its own");
}

Test(flood, of_two_that_are_ordered_in_one_moment_one_has_the_link)
{
    add_lsp(0, true, 600);
    add_lsp(1, true, 500);
    fail();
    cr_expect_eq(moves, 1);
    cr_expect_eq(no_paths, 1);
    flood(400);
    cr_expect_eq(moves, 1);
    cr_expect_eq(rig_held(0, 7), 0);
}

Test(flood, an_lsp_of_segment_routing_does_not_take_it_either)
{
    add_lsp(0, true, 600);
    add_lsp(1, false, 500);
    fail();
    cr_expect_eq(moves, 1);
    cr_expect_eq(rig_held(0, 7), 600);
}

Test(flood, each_of_several_is_let_go_when_its_own_share_is_shown)
{
    add_lsp(0, true, 300);
    add_lsp(1, true, 200);
    fail();
    cr_assert_eq(rig_held(0, 7), 500);
    flood(700); /* the larger one has come first */
    cr_expect_eq(rig_held(0, 7), 200);
    flood(500);
    cr_expect_eq(rig_held(0, 7), 0);
}

Test(flood, what_is_never_shown_is_let_go_when_its_time_is_over)
{
    add_lsp(0, true, 600);
    fail();
    now = mono_add_s(now, 20);
    rig_settle(true);
    cr_expect_eq(rig_held(0, 7), 600);
    now = mono_add_s(now, 11);
    rig_settle(true);
    cr_expect_eq(rig_held(0, 7), 0);
    cr_expect_eq(reopt.counters.reopt_unshown, 1);
    cr_expect_eq(reopt.counters.reopt_flooding, 0);
}

Test(flood, an_order_that_fails_holds_nothing)
{
    add_lsp(0, true, 600);
    rig_settle(true);
    is_down[6] = is_down[7] = true;
    rig_publish();
    rig_settle(false);
    cr_assert_eq(rig_held(0, 7), 600);
    lsps[0].is_asked = false; /* it stays where it is */
    reopt_on_order_end(&reopt, rig_find(0));
    rig_settle(false);
    cr_expect_eq(rig_held(0, 7), 0);
}

Test(flood, an_order_that_nobody_takes_holds_nothing)
{
    add_lsp(0, true, 600);
    rig_settle(true);
    submit_status = PCE_DENIED;
    is_down[6] = is_down[7] = true;
    rig_publish();
    rig_settle(true);
    cr_expect_eq(moves, 0);
    cr_expect_eq(rig_held(0, 7), 0);
    cr_expect_eq(
        ted_reservations_unflooded(reopt.reservations, snapshot->link_numbers->of_links[0]), 0);
}

Test(flood, an_lsp_that_is_gone_or_goes_elsewhere_holds_nothing)
{
    for (uint32_t i = 0; i < 2; i++)
        add_lsp(i, true, 400);
    fail();
    cr_assert_eq(rig_held(0, 7), 800);
    rig_remove(0);
    rig_settle(true);
    cr_expect_eq(rig_held(0, 7), 400);
    lsps[1].is_delegated = false;
    lsps[1].label_count = 1; /* its router has moved it: 0 - 2 */
    lsps[1].labels[0] = 4;
    rig_report(1);
    rig_settle(true);
    cr_expect_eq(rig_held(0, 7), 0);
    cr_expect_eq(reopt.counters.reopt_flooding, 0);
}

Test(flood, without_a_time_nothing_is_held)
{
    reopt.settings.flood_s = 0;
    add_lsp(0, true, 600);
    fail();
    cr_expect_eq(moves, 1);
    cr_expect_eq(rig_held(0, 7), 0);
}

/* Segment routing has 400 of the link; the IGP shows the 600 a moment before they are let go. */
Test(flood, what_is_shown_and_held_for_a_moment_pushes_nobody_off)
{
    unsigned over;
    add_lsp(1, false, 400);
    set_path(1, 0, 2);
    rig_report(1);
    add_lsp(0, true, 600);
    fail();
    cr_assert_eq(rig_held(0, 7), 1000);
    net.links[0].unreserved = net.links[2].unreserved = 400;
    rig_publish();
    uint32_t number = snapshot->link_numbers->of_links[0];
    cr_expect_not(ted_reservations_is_over(reopt.reservations, snapshot, number, &over));
    rig_settle(true);
    cr_expect_eq(rig_held(0, 7), 400);
    cr_expect_eq(reopt.counters.reopt_pre_empted, 0);
    cr_expect_eq(moves, 1);
}

/* ---- any order of moves and floods ---- */

#define NODES  6
#define JOINS  10
#define ROUNDS 300
#define LSPS   20

/* What routers have reserved of a link: each LSP takes its path, and that alone. */
/* ---- what others order, before there is an LSP ---- */

static enum pce_status hold(const char *name, float bandwidth)
{
    static const uint32_t links[] = {0, 2};
    const struct hold_wanted wanted = {.pcc = ip_from_u32(0x0a000001),
                                       .name = {(const uint8_t *)name, strlen(name)},
                                       .links = links,
                                       .link_count = 2,
                                       .claim = ted_claim_of(bandwidth, 7, 7),
                                       .is_flooded = true,
                                       .now = now};
    return reopt_hold(&reopt, snapshot, &wanted);
}

/* The router has set it up there. */
static void report_ordered(uint32_t first, uint32_t second)
{
    lsps[0] = (struct rig_lsp){
        .is_rsvp = true, .destination = 3, .bandwidth = 600, .setup = 7, .holding = 7};
    set_path(0, first, second);
    rig_report(0);
    rig_settle(true);
}

Test(flood, what_is_initiated_is_held_from_before_the_order_until_the_network_shows_it)
{
    cr_assert_eq(hold("lsp 1", 600), PCE_OK);
    cr_expect_eq(rig_held(0, 7), 600);
    cr_expect_eq(hold("lsp 2", 401), PCE_LIMIT, "what is left, and one more");
    report_ordered(0, 2);
    cr_expect_eq(rig_held(0, 7), 600, "once");
    cr_expect_eq(reopt.counters.reopt_holds, 0);
    cr_expect_eq(reopt.counters.reopt_flooding, 1);
    flood(400);
    cr_expect_eq(rig_held(0, 7), 0);
    cr_expect_eq(rig_held(2, 7), 0);
    cr_expect_eq(hold("lsp 2", 400), PCE_OK);
}

Test(flood, what_the_network_shows_before_the_router_reports_is_not_held_behind_that)
{
    cr_assert_eq(hold("lsp 1", 600), PCE_OK);
    flood(400);
    cr_expect_eq(rig_held(0, 7), 600, "its order is out");
    report_ordered(0, 2);
    flood(400);
    cr_expect_eq(rig_held(0, 7), 0);
    cr_expect_eq(reopt.counters.reopt_unshown, 0);
}

Test(flood, of_an_order_that_fails_or_leads_elsewhere_nothing_is_held)
{
    const struct ip pcc = ip_from_u32(0x0a000001);
    const struct wire_span name = {(const uint8_t *)"lsp 1", 5};
    cr_assert_eq(hold("lsp 1", 600), PCE_OK);
    reopt_hold_let_go(&reopt, &pcc, name);
    cr_expect_eq(rig_held(0, 7), 0);
    cr_assert_eq(hold("lsp 1", 1000), PCE_OK, "and nothing of it is awaited");
    hold_on_order_end(&reopt, &pcc, name, NULL);
    cr_expect_eq(rig_held(0, 7), 0);
    cr_assert_eq(hold("lsp 1", 600), PCE_OK);
    report_ordered(4, 6);
    cr_expect_eq(rig_held(0, 7), 600, "its order is out");
    hold_on_order_end(&reopt, &pcc, name, rig_find(0));
    rig_settle(true);
    cr_expect_eq(rig_held(0, 7), 0);
    cr_expect_eq(rig_held(4, 7), 0, "where it went by itself the network says");
    cr_expect_eq(reopt.counters.reopt_holds, 0);
}

Test(flood, without_a_time_nothing_of_an_order_is_held_either)
{
    reopt.settings.flood_s = 0;
    cr_assert_eq(hold("lsp 1", 600), PCE_OK);
    cr_expect_eq(rig_held(0, 7), 0);
}

static float reserved_of(uint32_t link)
{
    float sum = 0;
    for (uint32_t i = 0; i < LSPS; i++)
        for (uint32_t l = 0; l < lsps[i].label_count; l++)
            if (lsps[i].labels[l] == link)
                sum += lsps[i].bandwidth;
    return sum;
}

static void random_network(struct random *rng)
{
    net_init(&net, NODES);
    for (uint32_t i = 0; i < NODES; i++)
        (void)net_join(&net, i, (i + 1) % NODES, 1 + random_below(rng, 20));
    while (net.link_count < 2 * JOINS) {
        uint32_t a = random_below(rng, NODES), b = random_below(rng, NODES);
        if (a != b)
            (void)net_join(&net, a, b, 1 + random_below(rng, 20));
    }
}

static void random_lsps(struct random *rng)
{
    for (uint32_t i = 0; i < LSPS; i++) {
        lsps[i] = (struct rig_lsp){.is_delegated = true,
                                   .is_rsvp = true,
                                   .destination = 1 + random_below(rng, NODES - 1),
                                   .bandwidth = (float)(50 + random_below(rng, 400)),
                                   .setup = 4,
                                   .holding = 4};
        rig_report(i);
    }
}

/* Some links are flooded, some cost something else, some LSPs are asked for a better path. */
static void random_round(struct random *rng)
{
    for (uint32_t l = 0; l < net.link_count; l++) {
        if (random_below(rng, 2) == 0)
            net.links[l].unreserved = 1000 - reserved_of(l);
        if (random_below(rng, 4) == 0)
            net.links[l].igp = 1 + random_below(rng, 20);
    }
    rig_publish();
    for (uint32_t i = 0; i < LSPS; i++)
        if (random_below(rng, 3) == 0)
            reopt_ask(&reopt, rig_find(i));
    rig_settle(true);
}

Test(flood, whatever_is_moved_and_flooded_when_no_router_reserves_more_than_a_link_has)
{
    struct random rng = test_random_init("flood", 20261130);
    random_network(&rng);
    rig_publish();
    random_lsps(&rng);
    rig_settle(true);
    for (unsigned round = 0; round < ROUNDS; round++) {
        random_round(&rng);
        for (uint32_t l = 0; l < net.link_count; l++)
            cr_assert_leq(reserved_of(l), 1000);
    }
    cr_expect_gt(moves, ROUNDS / 2, "%u", moves);
    now = mono_add_s(now, 31);
    rig_settle(true);
    for (uint32_t l = 0; l < net.link_count; l++) {
        cr_expect_eq(rig_held(l, 7), 0);
        cr_expect_eq(
            ted_reservations_unflooded(reopt.reservations, snapshot->link_numbers->of_links[l]), 0);
    }
}
