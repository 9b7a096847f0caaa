/* LSPs are moved when the network changes, and only then. */
#include "core/reopt/route.h"
#include "tests/unit/reopt/rig.h"

#include "core/pcep/model.h"
#include "tests/lib/random.h"

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

TestSuite(moves, .init = two_ways, .fini = rig_fini);

/* An LSP from 0 to 3 along these links, by their adjacency SIDs. */
static void add_lsp(uint32_t lsp, uint32_t first, uint32_t second, float bandwidth)
{
    lsps[lsp] =
        (struct rig_lsp){.is_delegated = true,
                         .destination = 3,
                         .bandwidth = bandwidth,
                         .setup = 4,
                         .holding = 4,
                         .labels = {net.links[first].adj_label, net.links[second].adj_label},
                         .label_count = 2};
    rig_report(lsp);
}

static void set_down(uint32_t link, bool down)
{
    is_down[link] = down;
    is_down[link + 1] = down;
    rig_publish();
}

Test(moves, an_lsp_whose_network_stays_is_left_alone)
{
    add_lsp(0, 0, 2, 100);
    rig_settle(true);
    cr_expect_eq(moves, 0);
    cr_expect_eq(rig_held(0, 4), 100);
    cr_expect_eq(rig_held(2, 7), 100);
    cr_expect_eq(rig_held(4, 7), 0);
}

Test(moves, an_lsp_whose_link_is_gone_is_moved_at_once_and_what_it_held_is_free)
{
    add_lsp(0, 0, 2, 100);
    rig_settle(true);
    set_down(2, true);
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_eq(lsps[0].cause, REOPT_BROKEN);
    cr_expect_eq(rig_held(0, 4), 0);
    cr_expect_eq(rig_held(2, 4), 100); /* the indexes have moved: 0 – 2 */
    cr_expect_eq(rig_held(4, 4), 100);
}

Test(moves, an_lsp_through_a_node_that_carries_no_transit_any_more_is_moved_at_once)
{
    add_lsp(0, 0, 2, 100);
    rig_settle(true);
    net_overload(&net, 1);
    rig_publish();
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_eq(rig_held(4, 4), 100);
}

Test(moves, an_lsp_from_a_node_that_carries_no_transit_any_more_stays)
{
    add_lsp(0, 0, 2, 100);
    rig_settle(true);
    net_overload(&net, 0);
    net_overload(&net, 3);
    rig_publish();
    rig_settle(true);
    cr_expect_eq(moves, 0);
}

Test(moves, an_sr_policy_whose_ends_its_association_alone_names_is_moved_like_others)
{
    add_lsp(0, 0, 2, 100);
    lsps[0].is_policy = true;
    rig_report(0);
    rig_settle(true);
    cr_assert_eq(rig_held(2, 4), 100);
    set_down(2, true);
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_eq(rig_held(0, 4), 0);
    cr_expect_eq(rig_held(4, 4), 100); /* the indexes have moved */
}

Test(moves, an_lsp_that_is_not_delegated_is_only_watched)
{
    add_lsp(0, 0, 2, 100);
    lsps[0].is_delegated = false;
    rig_report(0);
    rig_settle(true);
    set_down(2, true);
    rig_settle(true);
    cr_expect_eq(moves, 0);
}

Test(moves, while_the_order_is_out_both_paths_are_held)
{
    add_lsp(0, 0, 2, 100);
    rig_settle(true);
    set_down(2, true);
    rig_settle(false);
    cr_expect_eq(moves, 1);
    cr_expect_eq(rig_held(0, 4), 100);
    cr_expect_eq(rig_held(2, 4), 100);
    rig_answer();
    rig_settle(true);
    cr_expect_eq(rig_held(0, 4), 0);
    cr_expect_eq(rig_held(2, 4), 100);
    cr_expect_eq(moves, 1);
}

Test(moves, an_order_that_is_not_heard_of_again_holds_its_path_for_a_time)
{
    add_lsp(0, 0, 2, 100);
    rig_settle(true);
    set_down(2, true);
    rig_settle(false);
    cr_assert_eq(rig_held(2, 4), 100);
    now = mono_add_s(now, REOPT_ORDER_S);
    submit_status = PCE_DENIED;
    reopt_ask(&reopt, rig_find(0));
    rig_settle(false);
    cr_expect_eq(rig_held(2, 4), 0);
}

Test(moves, an_lsp_that_belongs_to_a_group_is_not_moved_alone)
{
    add_lsp(0, 0, 2, 100);
    lsps[0].is_disjoint = true;
    rig_report(0);
    rig_settle(true);
    set_down(2, true);
    rig_settle(true);
    cr_expect_eq(moves, 0);
    cr_expect(slot_set_has(&reopt.grouped, rig_find(0)->slot), "its group is to be told");
}

Test(moves, an_order_that_nobody_takes_holds_nothing)
{
    add_lsp(0, 0, 2, 100);
    rig_settle(true);
    submit_status = PCE_DENIED;
    set_down(2, true);
    rig_settle(true);
    cr_expect_eq(moves, 0);
    cr_expect_gt(reopt.counters.reopt_refused, 0);
    cr_expect_eq(rig_held(2, 4), 0);
}

/* An LSP from 0 to 3 whose path leads there, and further, to a label that nobody has. */
static void add_broken(void)
{
    add_lsp(0, 0, 2, 100);
    lsps[0].labels[lsps[0].label_count++] = 999999;
    rig_report(0);
}

Test(moves, a_path_that_leads_on_to_nowhere_is_not_the_ordered_one)
{
    add_broken();
    rig_settle(false);
    cr_expect_eq(moves, 1);
    cr_expect_eq(lsps[0].cause, REOPT_BROKEN);
    lsps[0].bandwidth = 200; /* it is laid again */
    rig_report(0);
    rig_settle(false);
    cr_expect(rig_find(0)->route->is_ordered);
}

Test(moves, a_router_that_stays_where_it_is_is_asked_again_at_growing_pauses)
{
    add_broken();
    rig_stay_for(9);
    cr_expect_eq(moves, 1);
    cr_expect_eq(reopt.paused.count, 1);
    rig_stay_for(60); /* after 10 and 20 more */
    cr_expect_eq(moves, 3);
    rig_stay_for(60); /* after 40 more */
    cr_expect_eq(moves, 4);
}

Test(moves, an_order_that_was_in_vain_is_given_at_once_on_a_new_network_or_when_somebody_asks)
{
    add_broken();
    rig_stay_for(5);
    cr_expect_eq(moves, 1);
    set_down(4, true);
    rig_stay_for(2);
    cr_expect_eq(moves, 2);
    reopt_ask(&reopt, rig_find(0));
    rig_stay_for(2);
    cr_expect_eq(moves, 3);
}

Test(moves, a_better_path_is_taken_at_the_interval_when_it_gains_enough)
{
    reopt.settings = (struct reopt_settings){.interval_s = 60, .gain_min = 50};
    add_lsp(0, 4, 6, 0);
    rig_settle(true);
    cr_expect_eq(moves, 1); /* the first look: half the cost */
    cr_expect_eq(lsps[0].cause, REOPT_BETTER);
}

Test(moves, a_better_path_that_gains_too_little_is_not_taken_unless_somebody_asks)
{
    reopt.settings = (struct reopt_settings){.interval_s = 60, .gain_min = 51};
    add_lsp(0, 4, 6, 0);
    rig_settle(true);
    cr_expect_eq(moves, 0);
    cr_expect_gt(reopt.counters.reopt_kept, 0);
    reopt_ask(&reopt, rig_find(0));
    rig_settle(true);
    cr_expect_eq(moves, 1);
}

Test(moves, an_lsp_that_keeps_to_its_constraints_is_not_moved_twice_within_the_hold_down)
{
    reopt.settings = (struct reopt_settings){.interval_s = 10, .hold_down_s = 100};
    net.links[4].te = net.links[6].te = 5; /* the IGP prefers the other way */
    rig_publish();
    add_lsp(0, 4, 6, 0);
    lsps[0].metric = PCEP_METRIC_TYPE_TE;
    rig_report(0);
    rig_settle(true);
    set_down(6, true);
    rig_settle(true);
    cr_assert_eq(moves, 1);
    set_down(6, false);
    now = mono_add_s(now, 50);
    rig_settle(true);
    cr_expect_eq(moves, 1);
    now = mono_add_s(now, 50);
    rig_settle(true);
    cr_expect_eq(moves, 2);
}

Test(moves, an_lsp_that_the_igp_moves_needs_no_order)
{
    add_lsp(0, 0, 2, 100);
    lsps[0].labels[0] = net_label(&net, 0, 3);
    lsps[0].label_count = 1;
    rig_report(0);
    rig_settle(true);
    cr_expect_eq(rig_held(0, 4), 100);
    set_down(2, true);
    rig_settle(true);
    cr_expect_eq(moves, 0);
    cr_expect_eq(rig_held(0, 4), 0);
    cr_expect_eq(rig_held(2, 4), 100);
}

Test(moves, no_path_is_told_once_and_so_is_its_cure)
{
    add_lsp(0, 0, 2, 0);
    rig_settle(true);
    is_down[4] = is_down[5] = true;
    set_down(2, true);
    rig_settle(true);
    cr_expect_eq(no_paths, 1);
    cr_expect_eq(reopt.counters.reopt_blocked, 1);
    net.links[0].te = 7; /* another network, no better for it */
    rig_publish();
    rig_settle(true);
    cr_expect_eq(no_paths, 1);
    is_down[4] = is_down[5] = false;
    rig_publish();
    rig_settle(true);
    cr_expect_eq(cured, 1);
    cr_expect_eq(moves, 1);
    cr_expect_eq(reopt.counters.reopt_blocked, 0);
}

Test(moves, an_lsp_whose_own_path_comes_back_is_cured_without_a_move)
{
    add_lsp(0, 0, 2, 700);
    rig_settle(true);
    is_down[4] = is_down[5] = true;
    set_down(2, true);
    rig_settle(true);
    cr_assert_eq(no_paths, 1);
    set_down(2, false);
    rig_settle(true);
    cr_expect_eq(cured, 1);
    cr_expect_eq(moves, 0);
    cr_expect_eq(reopt.counters.reopt_blocked, 0);
}

Test(moves, a_delegated_lsp_without_a_path_gets_one)
{
    add_lsp(0, 0, 2, 100);
    lsps[0].label_count = 0;
    rig_report(0);
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_expect_eq(lsps[0].cause, REOPT_WITHOUT_PATH);
    cr_expect_eq(rig_held(0, 4), 100);
}

Test(moves, what_is_due_before_the_end_mark_is_done_after_it)
{
    is_synchronised = false;
    add_lsp(0, 0, 2, 100);
    lsps[0].label_count = 0;
    rig_report(0);
    add_lsp(1, 0, 2, 100);
    rig_settle(true);
    set_down(2, true);
    rig_settle(true);
    cr_assert_eq(moves, 0);
    rig_synchronise();
    rig_settle(true);
    cr_expect_eq(moves, 2);
}

Test(moves, lsps_that_lose_one_link_share_the_rest_without_overbooking)
{
    for (uint32_t i = 0; i < 4; i++)
        add_lsp(i, 0, 2, 300 - 100.0F * (float)(i % 2)); /* 300, 200, 300, 200: 1,000 */
    add_lsp(4, 4, 6, 400);
    rig_settle(true);
    cr_assert_eq(rig_held(0, 4), 1000);
    set_down(2, true);
    rig_settle(true);
    cr_expect_leq(rig_held(2, 4), 1000);
    cr_expect_geq(rig_held(2, 4), 900); /* 400, and two or three of the others */
    cr_expect_gt(no_paths, 0);
}

/* Of two that lose their link at once one alone has room. The last link is the one that fails: the
 * others stay what they are. */
static void expect_first(uint32_t first)
{
    rig_settle(true);
    set_down(6, true);
    rig_settle(false);
    cr_expect(lsps[first].is_asked);
    cr_expect_not(lsps[1 - first].is_asked);
    cr_expect_eq(reopt.counters.reopt_pre_empted, 0, "nobody had to give way");
    for (uint32_t i = 0; i < RIG_LSPS_MAX; i++)
        if (lsps[i].is_there)
            rig_remove(i);
    set_down(6, false);
    rig_settle(true);
}

Test(moves, of_one_priority_the_larger_bandwidth_has_its_path_first)
{
    reopt.settings.gain_min = 100;
    for (uint32_t larger = 0; larger < 2; larger++) {
        for (uint32_t i = 0; i < 2; i++)
            add_lsp(i, 4, 6, i == larger ? 599 : 401);
        add_lsp(2, 0, 2, 100);
        expect_first(larger);
    }
}

Test(moves, the_higher_priority_has_its_path_first_however_small)
{
    reopt.settings.gain_min = 100;
    for (uint32_t higher = 0; higher < 2; higher++) {
        for (uint32_t i = 0; i < 2; i++) {
            add_lsp(i, 4, 6, i == higher ? 401 : 599);
            lsps[i].setup = lsps[i].holding = i == higher ? 3 : 4;
            rig_report(i);
        }
        add_lsp(2, 0, 2, 100);
        expect_first(higher);
    }
}

Test(moves, those_whose_link_is_gone_have_given_way_to_nobody)
{
    for (uint32_t i = 0; i < 4; i++)
        add_lsp(i, 0, 2, 250);
    rig_settle(true);
    now = mono_add_s(now, 1);
    set_down(2, true);
    rig_settle(true);
    cr_expect_eq(moves, 4);
    cr_expect_eq(reopt.counters.reopt_pre_empted, 0);
}

Test(moves, what_an_lsp_holds_is_free_to_itself)
{
    reopt.settings = (struct reopt_settings){.interval_s = 10};
    net.links[4].te = net.links[6].te = 1; /* the other way is better by the TE metric … */
    rig_publish();
    add_lsp(0, 0, 2, 700);
    lsps[0].metric = PCEP_METRIC_TYPE_IGP; /* … which it does not ask for */
    rig_report(0);
    rig_settle(true);
    now = mono_add_s(now, 20);
    rig_settle(true);
    cr_expect_eq(moves, 0);
    cr_expect_eq(no_paths, 0);
    cr_expect_gt(reopt.counters.reopt_kept, 0);
}

/* RSVP-TE: the IGP has taken off what it holds, 700 of 1,000 here. */
static void add_rsvp(uint32_t lsp)
{
    add_lsp(lsp, 0, 2, 700);
    lsps[lsp].is_rsvp = true;
    lsps[lsp].labels[0] = 0;
    lsps[lsp].labels[1] = 2;
    net.links[0].unreserved = net.links[2].unreserved = 300;
    rig_publish();
    rig_report(lsp);
    rig_settle(true);
}

Test(moves, an_lsp_of_rsvp_te_is_counted_once_and_free_to_itself)
{
    reopt.settings = (struct reopt_settings){.interval_s = 10};
    add_rsvp(0);
    cr_expect_eq(rig_held(0, 7), 0);
    cr_expect_eq(reopt.index.entry_count, 2);
    now = mono_add_s(now, 20);
    rig_settle(true);
    cr_expect_eq(moves, 0);
    cr_expect_eq(no_paths, 0);
    add_lsp(1, 0, 2, 400); /* there is no more than 300 beside it */
    rig_settle(true);
    now = mono_add_s(now, 20);
    rig_settle(true);
    cr_expect_eq(rig_held(0, 7), 0);
    cr_expect_eq(rig_held(4, 7), 400);
}

Test(moves, an_lsp_of_rsvp_te_is_told_its_new_hops)
{
    add_lsp(0, 4, 6, 100);
    lsps[0].is_rsvp = true;
    lsps[0].labels[0] = 4;
    lsps[0].labels[1] = 6;
    rig_report(0);
    rig_settle(true);
    set_down(6, true); /* the last one: the others keep their indexes */
    rig_settle(true);
    cr_expect_eq(moves, 1);
    cr_assert_eq(lsps[0].label_count, 2);
    cr_expect_eq(lsps[0].labels[0], 0);
    cr_expect_eq(lsps[0].labels[1], 2);
}

Test(moves, an_lsp_of_lower_priority_gives_way_and_is_moved)
{
    add_lsp(0, 0, 2, 700);
    lsps[0].setup = lsps[0].holding = 7;
    rig_report(0);
    rig_settle(true);
    add_lsp(1, 0, 2, 600);
    lsps[1].setup = lsps[1].holding = 1;
    lsps[1].is_delegated = false;
    rig_report(1);
    rig_settle(true);
    cr_expect_eq(reopt.counters.reopt_pre_empted, 1);
    cr_expect_eq(moves, 1);
    cr_expect_eq(rig_held(0, 7), 600);
    cr_expect_eq(rig_held(4, 7), 700);
}

Test(moves, a_victim_without_another_path_is_told_and_comes_back_when_there_is_room)
{
    reopt.settings = (struct reopt_settings){.interval_s = 10};
    set_down(4, true);
    add_lsp(0, 0, 2, 700);
    lsps[0].setup = lsps[0].holding = 7;
    rig_report(0);
    rig_settle(true);
    add_lsp(1, 0, 2, 600);
    lsps[1].setup = lsps[1].holding = 1;
    lsps[1].is_delegated = false;
    rig_report(1);
    rig_settle(true);
    cr_expect_eq(no_paths, 1);
    cr_expect_eq(rig_held(0, 7), 600);
    rig_remove(1);
    now = mono_add_s(now, 20);
    rig_settle(true);
    cr_expect_eq(rig_held(0, 7), 700);
}

Test(moves, an_lsp_that_is_removed_holds_and_takes_nothing)
{
    add_lsp(0, 0, 2, 700);
    rig_settle(true);
    cr_expect_eq(reopt.index.entry_count, 2);
    rig_remove(0);
    cr_expect_eq(reopt.index.entry_count, 0);
    cr_expect_eq(rig_held(0, 7), 0);
}

/* ---- a network that fails and heals at random ---- */

#define ROUNDS     60
#define NODES      8
#define MODEL_LSPS 64

static void random_network(struct random *rng)
{
    net_init(&net, NODES);
    for (uint32_t i = 0; i < NODES; i++)
        (void)net_join(&net, i, (i + 1) % NODES, 1 + random_below(rng, 5));
    for (uint32_t i = 0; i < NODES; i++) {
        uint32_t a = random_below(rng, NODES), b = random_below(rng, NODES);
        if (a != b)
            (void)net_join(&net, a, b, 1 + random_below(rng, 5));
    }
}

static void random_lsp(struct random *rng, uint32_t lsp)
{
    lsps[lsp] = (struct rig_lsp){.is_delegated = true,
                                 .source = random_below(rng, NODES),
                                 .bandwidth = (float)(50 * random_below(rng, 8)),
                                 .metric = random_below(rng, 2) == 0 ? PCEP_METRIC_TYPE_TE : 0};
    lsps[lsp].destination = (lsps[lsp].source + 1 + random_below(rng, NODES - 1)) % NODES;
    lsps[lsp].setup = (uint8_t)random_below(rng, 8);
    lsps[lsp].holding = lsps[lsp].setup;
    rig_report(lsp);
}

/* The links that an LSP takes and holds, all told. */
static void add_up(const struct rig_lsp *lsp, uint64_t sums[NET_LINKS_MAX][TED_PRIORITIES])
{
    static struct resolved_path path;
    struct path_engine *other = path_engine_create(0);
    struct resolver resolver;
    struct pcep_sub_sr bodies[RIG_LABELS_MAX] = {0};
    struct pcep_subobject hops[RIG_LABELS_MAX] = {0};
    bool takes[NET_LINKS_MAX] = {false};
    resolver_init(&resolver, other);
    for (uint32_t i = 0; i < lsp->label_count; i++) {
        bodies[i] =
            (struct pcep_sub_sr){.flags = PCEP_SR_F | PCEP_SR_M, .sid = lsp->labels[i] << 12};
        hops[i] = (struct pcep_subobject){.row = pcep_subobject_get(PCEP_SUBOBJECT_SR),
                                          .body = &bodies[i]};
    }
    const struct pcep_subobjects written = {hops, lsp->label_count, true};
    resolve_path(&resolver, snapshot, lsp->source, written, &path);
    cr_assert_eq(path.end, lsp->destination);
    for (uint32_t i = 0; i < path.count; i++)
        takes[path.links[i]] = true;
    for (uint32_t l = 0; l < snapshot->link_count; l++)
        for (unsigned p = lsp->holding; p < TED_PRIORITIES; p++)
            sums[l][p] += takes[l] ? (uint64_t)lsp->bandwidth : 0;
    resolver_fini(&resolver);
    path_engine_destroy(other);
}

/* At rest: who is not blocked has a path that leads to its end, holds what it takes, and no link
 * holds more than it has. */
static void expect_rest(void)
{
    static uint64_t sums[NET_LINKS_MAX][TED_PRIORITIES];
    memset(sums, 0, sizeof sums);
    for (uint32_t i = 0; i < MODEL_LSPS; i++) {
        if (!lsps[i].is_there)
            continue;
        const struct lsp *lsp = rig_find(i);
        cr_assert_not(lsps[i].is_asked);
        if (!slot_set_has(&reopt.blocked, lsp->slot))
            cr_assert_gt(lsps[i].label_count, 0);
        if (!slot_set_has(&reopt.blocked, lsp->slot) && lsps[i].bandwidth > 0)
            add_up(&lsps[i], sums);
    }
    for (uint32_t l = 0; l < snapshot->link_count; l++) {
        for (unsigned p = 0; p < TED_PRIORITIES; p++) {
            cr_assert_leq(rig_held(l, p), 1000);
            cr_assert_geq(rig_held(l, p), sums[l][p]);
        }
    }
}

Test(moves, after_any_failures_no_link_is_overbooked_and_who_is_not_blocked_has_a_path,
     .timeout = 120)
{
    struct random rng = test_random_init("moves", 20260817);
    random_network(&rng);
    rig_publish();
    for (uint32_t i = 0; i < MODEL_LSPS; i++)
        random_lsp(&rng, i);
    rig_settle(true);
    expect_rest();
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint32_t link = 2 * random_below(&rng, net.link_count / 2),
                 lsp = random_below(&rng, MODEL_LSPS);
        is_down[link] = is_down[link + 1] = !is_down[link];
        if (lsps[lsp].is_there && random_below(&rng, 3) == 0)
            rig_remove(lsp);
        else if (!lsps[lsp].is_there)
            random_lsp(&rng, lsp);
        rig_publish();
        rig_work = UINT64_C(50) << random_below(&rng, 8);
        rig_settle(true);
        expect_rest();
    }
    for (uint32_t i = 0; i < MODEL_LSPS; i++)
        if (lsps[i].is_there)
            rig_remove(i);
    cr_expect_eq(reopt.index.entry_count, 0);
    for (uint32_t l = 0; l < snapshot->link_count; l++)
        for (unsigned p = 0; p < TED_PRIORITIES; p++)
            cr_expect_eq(rig_held(l, p), 0);
    cr_expect_gt(reopt.counters.reopt_moved, ROUNDS);
}
