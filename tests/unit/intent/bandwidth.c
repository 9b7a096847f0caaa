/* Bandwidth of intents: taken before a router is asked, counted once, and never more than there is. */
#include "core/requests/unmet.h"
#include "tests/lib/random.h"
#include "tests/unit/intent/rig.h"
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* From node 0 to node 3, over node 1 (links 0 and 2) or node 2 (links 4 and 6), which is longer.
 * Each link has 1000 octets a second. */
static struct ted_snapshot *make_diamond(void)
{
    struct net net;
    net_init(&net, 4);
    net_join(&net, 0, 1, 10);
    net_join(&net, 1, 3, 10);
    net_join(&net, 0, 2, 20);
    net_join(&net, 2, 3, 20);
    return net_snapshot(&net);
}

#define UPPER 0
#define LOWER 4

static void set_up(void)
{
    rig_set_up();
    rig_publish(make_diamond());
    for (unsigned i = RIG_SHARDS; i-- > 0;) {
        rig_use(i);
        rig_settle();
    }
}

TestSuite(bandwidth, .init = set_up, .fini = rig_tear_down, .timeout = 20);

static void put(const char *name, unsigned bandwidth, unsigned priority)
{
    char text[256];
    (void)snprintf(
        text, sizeof text,
        "{\"source\":\"10.0.0.1\",\"endpoint\":\"10.0.0.4\",\"paths\":[{\"bandwidth\":%u,"
        "\"setup_priority\":%u,\"holding_priority\":%u,\"dynamic\":{\"metric\":\"igp\","
        "\"protection\":\"unprotected-only\"}}]}",
        bandwidth, priority, priority);
    rig_put_text(name, text);
}

/* Over node 1, by its labels. */
static void put_explicit(const char *name, unsigned bandwidth, unsigned priority)
{
    char text[256];
    (void)snprintf(
        text, sizeof text,
        "{\"source\":\"10.0.0.1\",\"endpoint\":\"10.0.0.4\",\"paths\":[{\"bandwidth\":%u,"
        "\"setup_priority\":%u,\"holding_priority\":%u,\"segments\":[{\"node\":"
        "\"10.0.0.2\"},{\"node\":\"10.0.0.4\"}]}]}",
        bandwidth, priority, priority);
    rig_put_text(name, text);
}

/* ---- counted once ---- */

Test(bandwidth, it_is_taken_before_the_router_is_asked_and_counted_once_whatever_it_reports)
{
    put("a", 400, 7);
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(rig_held(UPPER), 400);
    rig_report_asked(DELEGATED);
    cr_assert_eq(rig_held(UPPER), 400, "FRR's pathd says first that it is down");
    rig_report_asked(DELEGATED | (PCEP_LSP_GOING_UP << PCEP_LSP_O_SHIFT));
    cr_assert_eq(rig_held(UPPER), 400);
    cr_assert_eq(world.reopt.counters.reopt_holds, 0);
    rig_report_asked(DELEGATED | ACTIVE);
    cr_assert_eq(rig_held(UPPER), 400);
    cr_assert_eq(rig_held(LOWER), 0);
    rig_pass_s(60);
    cr_assert_eq(rig_held(UPPER), 400);
    rig_delete_intent("a");
    world.asked_count = 0;
    rig_report_gone("a");
    cr_assert_eq(rig_held(UPPER), 0);
}

Test(bandwidth, what_a_router_does_not_report_is_counted_as_it_was_asked)
{
    world.is_shy = true;
    put("a", 400, 7);
    rig_answer();
    cr_assert_eq(rig_held(UPPER), 400);
    rig_go_down();
    rig_settle();
    cr_assert_eq(rig_held(UPPER), 400, "initiated again");
}

Test(bandwidth, it_is_let_go_when_the_router_refuses)
{
    put("a", 400, 7);
    rig_refuse(24, 1, "a");
    cr_assert_eq(rig_held(UPPER), 0);
    cr_assert_eq(world.reopt.counters.reopt_holds, 0);
}

Test(bandwidth, it_is_let_go_when_the_router_does_not_answer_or_goes)
{
    put("a", 400, 7);
    rig_pass_s(LSP_ORDER_ANSWER_S + 1);
    cr_assert_eq(rig_state_of("a"), INTENT_UNCONFIRMED);
    cr_assert_eq(rig_held(UPPER), 0);
    rig_report_asked(DELEGATED | ACTIVE);
    cr_assert_eq(rig_held(UPPER), 400, "a late report counts");
    put("b", 400, 7);
    cr_assert_eq(rig_held(UPPER), 800);
    rig_go_down();
    cr_assert_eq(rig_held(UPPER), 400, "what is stale may still be there");
}

Test(bandwidth, an_update_that_is_refused_leaves_what_was_held)
{
    put("a", 400, 7);
    rig_answer();
    put("a", 700, 7);
    cr_assert_eq(rig_held(UPPER), 700);
    rig_refuse(24, 1, "a");
    cr_assert_eq(rig_held(UPPER), 400);
}

/* ---- never more than there is ---- */

Test(bandwidth, what_an_lsp_holds_is_free_to_itself)
{
    put("a", 600, 7);
    rig_answer();
    put("a", 900, 7);
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(rig_held(UPPER), 900, "300 more");
    cr_assert_eq(rig_held(LOWER), 0);
    rig_answer();
    cr_assert_eq(rig_held(UPPER), 900);
    put("a", 1100, 7);
    cr_assert_eq(rig_state_of("a"), INTENT_NO_PATH);
    cr_assert_neq(rig_lsp_of("a")->sight.unmet, 0);
    cr_assert_eq(rig_held(UPPER), 900, "it is left as it is");
    put("a", 100, 7);
    rig_answer();
    cr_assert_eq(rig_held(UPPER), 100);
}

Test(bandwidth, intents_at_once_take_the_next_best_path_and_then_none)
{
    put("a", 400, 7);
    put("b", 400, 7);
    put("c", 400, 7);
    put("d", 400, 7);
    put("e", 400, 7);
    cr_assert_eq(world.sent, 4);
    cr_assert_eq(rig_state_of("e"), INTENT_NO_PATH);
    cr_assert_eq(rig_held(UPPER), 800);
    cr_assert_eq(rig_held(LOWER), 800);
    rig_answer();
    cr_assert_eq(rig_held(UPPER), 800);
    cr_assert_eq(rig_held(LOWER), 800);
    rig_delete_intent("a");
    rig_answer();
    cr_assert_eq(rig_state_of("e"), INTENT_NO_PATH);
    rig_pass_s(11);
    cr_assert_eq(rig_state_of("e"), INTENT_ORDERED, "there is room again");
    rig_answer();
}

Test(bandwidth, a_path_that_is_given_hop_by_hop_needs_room_too)
{
    put("a", 700, 7);
    put_explicit("b", 400, 7);
    cr_assert_eq(rig_state_of("b"), INTENT_NO_PATH);
    cr_assert_eq(rig_lsp_of("b")->sight.unmet, UNMET_BIT(UNMET_BANDWIDTH));
    cr_assert_eq(world.sent, 1);
    put("a", 300, 7);
    rig_answer();
    rig_answer();
    rig_pass_s(11);
    cr_assert_eq(rig_held(UPPER), 700);
    rig_answer();
    cr_assert_eq(rig_state_of("b"), INTENT_UP);
    cr_assert_eq(rig_held(UPPER), 700);
}

/* A random crowd on two shards, whose turns and answers come in any order. */
static void check_links(void)
{
    for (uint32_t link = 0; link < 8; link++)
        cr_assert_leq(rig_held(link), 1000, "link %u", link);
}

Test(bandwidth, intents_of_several_shards_never_overbook)
{
    struct random random = test_random_init("intents of several shards", 7);
    for (unsigned round = 0; round < 400; round++) {
        char name[16];
        rig_use(random_below(&random, RIG_SHARDS));
        (void)snprintf(name, sizeof name, "i%u", random_below(&random, 6));
        switch (random_below(&random, 5)) {
        case 0:
        case 1:
            if (random_below(&random, 3) == 0)
                put_explicit(name, 400, 7);
            else
                put(name, 100 * (1 + random_below(&random, 6)), 7);
            break;
        case 2:
            if (rig_lsp_of(name) != NULL)
                rig_delete_intent(name);
            break;
        case 3:
            rig_answer();
            break;
        default:
            rig_pass_s(1);
            break;
        }
        check_links();
    }
    for (unsigned i = 0; i < 40; i++) {
        rig_use(i % RIG_SHARDS);
        rig_answer();
        rig_pass_s(1);
        check_links();
    }
    cr_assert_eq(worlds[0].reopt.counters.reopt_holds, 0);
    cr_assert_eq(worlds[0].reopt.counters.reopt_pre_empted, 0, "nobody had to give way");
    cr_assert_eq(worlds[1].reopt.counters.reopt_pre_empted, 0);
}

/* ---- pre-emption ---- */

Test(bandwidth, a_higher_priority_takes_the_link_and_the_loser_is_rerouted)
{
    put("low", 700, 7);
    rig_answer();
    rig_use(1);
    put("high", 700, 3);
    cr_assert_eq(world.sent, 1, "it does not see what lower ones hold");
    rig_answer();
    rig_use(0);
    rig_pass_s(1);
    cr_assert_eq(world.reopt.counters.reopt_pre_empted, 1, "%lu",
                 (unsigned long)world.reopt.counters.reopt_pre_empted);
    cr_assert_eq(rig_held(UPPER), 700);
    cr_assert_eq(rig_held(LOWER), 700);
    rig_answer();
    cr_assert_eq(rig_state_of("low"), INTENT_UP);
    check_links();
}

Test(bandwidth, a_loser_without_another_path_is_shown_and_comes_back)
{
    put_explicit("low", 700, 7);
    rig_answer();
    rig_use(1);
    put("high", 700, 3);
    rig_answer();
    rig_use(0);
    rig_pass_s(1);
    cr_assert_eq(rig_state_of("low"), INTENT_NO_PATH);
    cr_assert_eq(rig_lsp_of("low")->sight.unmet, UNMET_BIT(UNMET_BANDWIDTH));
    check_links();
    rig_use(1);
    rig_delete_intent("high");
    rig_answer();
    rig_use(0);
    rig_pass_s(61);
    cr_assert_eq(rig_state_of("low"), INTENT_UP);
    cr_assert_eq(rig_held(UPPER), 700);
}
