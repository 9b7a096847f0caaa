/* What a PCC refuses, does not answer, or has of its own: when it is not asked again. */
#include "tests/unit/intent/rig.h"

#include <criterion/criterion.h>

TestSuite(refusals, .init = rig_set_up, .fini = rig_tear_down, .timeout = 20);

/* ---- refusals ---- */

Test(refusals, a_refusal_is_shown_and_not_repeated)
{
    rig_settle();
    rig_put_label("a", 16001);
    rig_refuse(24, 1, "a");
    cr_assert_eq(rig_state_of("a"), INTENT_REFUSED);
    cr_assert_eq(rig_lsp_of("a")->sight.error_type, 24);
    cr_assert_eq(rig_lsp_of("a")->sight.error_value, 1);
    rig_pass_s(3600);
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(rig_state_of("a"), INTENT_REFUSED);
}

Test(refusals, a_refusal_is_asked_again_when_the_operator_says_so)
{
    rig_settle();
    rig_put_label("a", 16001);
    rig_refuse(24, 1, "a");
    rig_put_label("a", 16001);
    rig_pass_s(RECONCILE_PAUSE_S);
    cr_assert_eq(world.sent, 2);
}

Test(refusals, a_refusal_stays_to_be_seen_without_a_session_and_is_asked_again_in_the_next)
{
    rig_settle();
    rig_put_label("a", 16001);
    rig_refuse(24, 1, "a");
    rig_go_down();
    cr_assert_eq(rig_state_of("a"), INTENT_REFUSED);
    rig_settle();
    rig_pass_s(RECONCILE_PAUSE_S);
    cr_assert_eq(world.sent, 2);
}

static void refuse_on_two_networks(uint8_t type, uint8_t value)
{
    rig_publish(rig_make_network(false));
    rig_settle();
    rig_put_label("a", 16001);
    rig_refuse(type, value, "a");
    rig_publish(rig_make_network(true));
    rig_pass_s(3600);
}

Test(refusals, a_refusal_is_asked_again_on_another_network)
{
    refuse_on_two_networks(24, 1);
    cr_assert_eq(world.sent, 2);
}

Test(refusals, a_binding_that_is_refused_is_no_matter_of_the_network)
{
    refuse_on_two_networks(32, 2);
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(rig_state_of("a"), INTENT_REFUSED);
    cr_assert_eq(rig_lsp_of("a")->sight.error_type, 32);
    rig_put_label("a", 16001);
    rig_pass_s(RECONCILE_PAUSE_S);
    cr_assert_eq(world.sent, 2, "when the operator says so");
}

Test(refusals, an_order_without_an_answer_is_not_repeated)
{
    rig_settle();
    rig_put_label("a", 16001);
    rig_pass_s(600);
    intents_touch_pcc(&world.intents, &world.session->address);
    rig_pass_s(600);
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(rig_state_of("a"), INTENT_UNCONFIRMED);
    rig_report("a", 1, DELEGATED | ACTIVE, 16001);
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
}

Test(refusals, a_path_that_is_not_what_was_asked_for_is_no_loop)
{
    rig_settle();
    rig_put_label("a", 16001);
    rig_obey("a", 1, 16099);
    rig_turn();
    uint32_t sent = world.sent;
    for (int i = 0; i < 10; i++) {
        intents_touch_pcc(&world.intents, &world.session->address);
        rig_pass_s(60);
    }
    cr_assert_leq(world.sent, sent + 1);
}

/* ---- whose it is ---- */

Test(refusals, an_lsp_of_the_router_itself_is_a_conflict)
{
    rig_come_up();
    rig_report("a", 1, PCEP_LSP_A | ACTIVE | PCEP_LSP_S, 16005);
    rig_synchronise();
    rig_pass_s(SETTLE_S);
    rig_put_label("a", 16001);
    cr_assert_eq(rig_state_of("a"), INTENT_CONFLICT);
    rig_delete_intent("a");
    cr_assert_eq(world.sent, 0, "it is not removed, either");
    cr_assert_null(rig_lsp_of("a"));
}

Test(refusals, an_orphan_is_adopted_before_it_is_changed)
{
    rig_come_up();
    rig_report("a", 1, PCEP_LSP_A | PCEP_LSP_C | ACTIVE | PCEP_LSP_S, 16005);
    rig_synchronise();
    rig_pass_s(SETTLE_S);
    rig_put_label("a", 16001);
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCINITIATE);
    rig_report("a", 1, DELEGATED | ACTIVE, 16005);
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCUPD);
    cr_assert_eq(world.labels[0], 16001);
}

Test(refusals, a_name_belongs_to_one_intent)
{
    static const struct intent_limits limits = {8, 8};
    const struct intent_key key = {lsp_rig_address(1), "b"};
    struct intent_fault fault;
    struct intent *intent;
    json_t *json = json_loads("{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"lsp\":\"a\","
                              "\"dynamic\":{}}]}",
                              0, NULL);
    rig_put_label("a", 16001);
    cr_assert_eq(intent_read(json, &key, &limits, &intent, &fault), PCE_OK);
    cr_assert_str_eq(intents_clash(&world.intents, intent), "a");
    intent_destroy(intent);
    json_decref(json);
}
