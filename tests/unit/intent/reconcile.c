/* Intents against what a PCC reports: what it is asked for. */
#include "tests/unit/intent/rig.h"

#include <criterion/criterion.h>

TestSuite(reconcile, .init = rig_set_up, .fini = rig_tear_down, .timeout = 20);

/* ---- initiating ---- */

Test(reconcile, nothing_is_asked_before_the_session_has_settled)
{
    rig_put_label("a", 16001);
    cr_assert_eq(rig_state_of("a"), INTENT_WAITING);
    rig_come_up();
    rig_pass_s(60);
    cr_assert_eq(world.sent, 0);
    rig_synchronise();
    rig_pass_s(SETTLE_S - 1);
    cr_assert_eq(world.sent, 0);
    rig_pass_s(1);
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCINITIATE);
    cr_assert_eq(world.labels[0], 16001);
    cr_assert_eq(rig_state_of("a"), INTENT_ORDERED);
}

Test(reconcile, three_reports_make_one_lsp_that_is_up)
{
    rig_settle();
    rig_put_label("a", 16001);
    rig_obey("a", 1, 16001);
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
    rig_pass_s(600);
    cr_assert_eq(world.sent, 1);
}

Test(reconcile, what_is_there_already_is_left_alone)
{
    rig_put_label("a", 16001);
    rig_come_up();
    rig_report("a", 1, DELEGATED | ACTIVE | PCEP_LSP_S, 16001);
    rig_synchronise();
    rig_pass_s(60);
    cr_assert_eq(world.sent, 0);
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
}

Test(reconcile, what_a_session_does_not_bring_back_is_initiated_again)
{
    rig_settle();
    rig_put_label("a", 16001);
    rig_obey("a", 1, 16001);
    rig_go_down();
    cr_assert_eq(rig_state_of("a"), INTENT_WAITING);
    rig_settle();
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCINITIATE);
}

Test(reconcile, an_lsp_that_goes_away_again_and_again_is_initiated_at_growing_pauses)
{
    rig_settle();
    rig_put_label("a", 16001);
    for (unsigned i = 0; i < 20; i++) {
        uint32_t before = world.sent;
        rig_obey("a", 10 + i, 16001);
        rig_report("a", 10 + i, DELEGATED | PCEP_LSP_R, 16001);
        rig_pass_s(30);
        if (world.sent == before)
            break;
    }
    cr_assert_leq(world.sent, 6);
    cr_assert_geq(world.sent, 3);
    rig_pass_s(RECONCILE_PAUSE_MAX_S);
    cr_assert_leq(world.sent, 8);
}

/* ---- changing ---- */

Test(reconcile, another_path_is_an_update)
{
    rig_settle();
    rig_put_label("a", 16001);
    rig_obey("a", 1, 16001);
    rig_put_label("a", 16002);
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCUPD);
    cr_assert_eq(world.labels[0], 16002);
    rig_obey("a", 1, 16002);
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
    rig_pass_s(60);
    cr_assert_eq(world.sent, 2);
}

Test(reconcile, a_change_while_an_order_is_under_way_follows_it)
{
    rig_settle();
    rig_put_label("a", 16001);
    rig_put_label("a", 16002);
    cr_assert_eq(world.sent, 1);
    rig_obey("a", 1, 16001);
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.labels[0], 16002);
}

Test(reconcile, an_attribute_alone_is_an_update_that_is_asked_once)
{
    rig_settle();
    rig_put_label("a", 16001);
    rig_obey("a", 1, 16001);
    rig_put_text("a", "{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"bandwidth\":1000,"
                      "\"segments\":[{\"label\":16001}]}]}");
    cr_assert_eq(world.sent, 2);
    rig_obey("a", 1, 16001);
    rig_pass_s(60);
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
}

Test(reconcile, another_endpoint_removes_the_lsp_and_initiates_it_anew)
{
    rig_settle();
    rig_put_label("a", 16001);
    rig_obey("a", 1, 16001);
    rig_put_text("a",
                 "{\"endpoint\":\"192.0.2.8\",\"paths\":[{\"segments\":[{\"label\":16001}]}]}");
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCINITIATE);
    cr_assert_neq(world.srp_flags & PCEP_SRP_R, 0);
    cr_assert_eq(intents_find(&world.intents, &world.session->address, "a")->record.removal_count,
                 1, "the end of the process must not forget it");
    rig_report("a", 1, DELEGATED | PCEP_LSP_R, 16001);
    rig_pass_s(RECONCILE_PAUSE_S);
    cr_assert_eq(world.sent, 3);
    cr_assert_eq(world.srp_flags & PCEP_SRP_R, 0);
    cr_assert_eq(intents_find(&world.intents, &world.session->address, "a")->record.removal_count,
                 0);
    cr_assert_not(list_is_empty(&world.intents.stale));
    rig_obey("a", 2, 16001);
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
}

/* ---- removing ---- */

Test(reconcile, a_deleted_intent_is_removed_and_then_forgotten)
{
    rig_settle();
    rig_put_label("a", 16001);
    rig_obey("a", 1, 16001);
    rig_delete_intent("a");
    cr_assert_eq(world.sent, 2);
    cr_assert_neq(world.srp_flags & PCEP_SRP_R, 0);
    cr_assert(list_is_empty(&world.intents.stale));
    rig_report("a", 1, DELEGATED | PCEP_LSP_R, 16001);
    cr_assert_null(rig_lsp_of("a"));
    struct intent_entry *entry = intents_find(&world.intents, &world.session->address, "a");
    cr_assert_not_null(entry, "until the store has forgotten it, too");
    cr_assert(intents_is_empty(entry));
    cr_assert_not(list_is_empty(&world.intents.stale));
}

Test(reconcile, what_is_to_be_removed_is_removed_in_the_next_session)
{
    rig_settle();
    rig_put_label("a", 16001);
    rig_obey("a", 1, 16001);
    rig_go_down();
    rig_delete_intent("a");
    cr_assert_eq(rig_state_of("a"), INTENT_WAITING);
    rig_come_up();
    rig_report("a", 7, DELEGATED | ACTIVE | PCEP_LSP_S, 16001);
    rig_synchronise();
    rig_pass_s(SETTLE_S);
    cr_assert_eq(world.sent, 2);
    cr_assert_neq(world.srp_flags & PCEP_SRP_R, 0);
}

Test(reconcile, a_path_that_an_intent_has_no_more_is_removed)
{
    rig_settle();
    rig_put_text("a", "{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"preference\":1,\"segments\":[{"
                      "\"label\":16001}]},{\"preference\":2,\"segments\":[{\"label\":16002}]}]}");
    rig_obey("a-2", 2, 16002);
    cr_assert_eq(world.sent, 2);
    world.srp_id--;
    rig_obey("a-1", 1, 16001);
    cr_assert_eq(rig_state_of("a-1"), INTENT_UP);
    cr_assert_eq(rig_state_of("a-2"), INTENT_UP);
    rig_put_text("a", "{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"preference\":2,\"lsp\":\"a-2\","
                      "\"segments\":[{\"label\":16002}]}]}");
    cr_assert_eq(world.sent, 3);
    cr_assert_neq(world.srp_flags & PCEP_SRP_R, 0);
    cr_assert_eq(rig_state_of("a-2"), INTENT_UP);
}
