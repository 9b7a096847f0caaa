/* Orders: when they are sent, what answers them, how they end. */
#include "core/lsp/order_impl.h"
#include "tests/lib/fsm_document.h"
#include "tests/unit/lsp/order_rig.h"

#include <criterion/criterion.h>
#include <string.h>

static void set_up(void)
{
    rig_init(LSP_PROFILE_STANDARD);
    rig_add_lsp("a", 1);
    rig_add_lsp("b", 2);
}

/* The PCC has gone, and pathd is there instead, synchronised. */
static void become_frr(void)
{
    lsp_lane_on_down(rig.lane, rig.now);
    rig_up(LSP_PROFILE_FRR);
    rig_synchronise();
}

TestSuite(orders, .init = set_up, .fini = rig_fini, .timeout = 20);

#define OPERATOR LSP_ORDER_BY_OPERATOR
#define REOPT    LSP_ORDER_BY_REOPTIMISATION

/* ---- when ---- */

Test(orders, nothing_is_sent_before_the_end_mark)
{
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    rig_pass(60000);
    cr_assert_eq(rig.message_count, 0);
    cr_assert_eq(rig_state(id), LSP_ORDER_HELD);
    rig_synchronise();
    cr_assert_eq(rig.message_count, 1);
    cr_assert_eq(rig_state(id), LSP_ORDER_SENT);
    cr_assert_eq(rig_last()->type, PCEP_MESSAGE_PCUPD);
    cr_assert_eq(rig_last()->plsp_id, 1);
    cr_assert_eq(rig_last()->flags, PCEP_LSP_D | PCEP_LSP_A);
}

Test(orders, what_nobody_has_asked_for_waits_until_the_pcc_has_settled)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", REOPT);
    rig_pass(4999);
    cr_assert_eq(rig_state(id), LSP_ORDER_HELD);
    rig_pass(1);
    cr_assert_eq(rig_state(id), LSP_ORDER_SENT);
    id = rig_order(LSP_ORDER_UPDATE, "b", REOPT);
    cr_assert_eq(rig_state(id), LSP_ORDER_SENT);
}

Test(orders, a_backup_gives_way_with_what_it_initiates_by_itself)
{
    rig.orders.settings.initiate_delay_s = 10;
    rig_synchronise();
    uint64_t own = rig_order(LSP_ORDER_INITIATE, "new", LSP_ORDER_BY_INTENT);
    uint64_t asked = rig_order(LSP_ORDER_INITIATE, "other", OPERATOR);
    cr_assert_eq(rig_state(asked), LSP_ORDER_SENT);
    rig_pass(14999);
    cr_assert_eq(rig_state(own), LSP_ORDER_HELD);
    rig_pass(1);
    cr_assert_eq(rig_state(own), LSP_ORDER_SENT);
    cr_assert_eq(rig_last()->type, PCEP_MESSAGE_PCINITIATE);
    cr_assert_eq(rig_last()->plsp_id, 0);
}

Test(orders, as_many_are_in_flight_as_may_be_and_answers_pace_them)
{
    uint64_t ids[5];
    static const char *const names[] = {"n0", "n1", "n2", "n3", "n4"};
    rig.orders.settings.in_flight_max = 3;
    rig_synchronise();
    for (int i = 0; i < 5; i++)
        ids[i] = rig_order(LSP_ORDER_INITIATE, names[i], OPERATOR);
    cr_assert_eq(rig.message_count, 3);
    cr_assert_eq(rig.orders.counters.orders_in_flight, 3);
    cr_assert_eq(rig_state(ids[3]), LSP_ORDER_QUEUED);
    rig_report("n0", rig.messages[0].srp_id, PCEP_LSP_GOING_UP);
    cr_assert_eq(rig.message_count, 4, "an acknowledgement is enough");
    rig_error(rig.messages[1].srp_id, 24, 1);
    cr_assert_eq(rig.message_count, 5);
    cr_assert_eq(rig_state(ids[4]), LSP_ORDER_SENT);
}

Test(orders, silence_makes_room_as_well)
{
    rig.orders.settings.in_flight_max = 1;
    rig_synchronise();
    uint64_t first = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint64_t second = rig_order(LSP_ORDER_UPDATE, "b", OPERATOR);
    rig_pass(4999);
    cr_assert_eq(rig_state(second), LSP_ORDER_QUEUED);
    rig_pass(1);
    cr_assert_eq(rig_state(first), LSP_ORDER_UNCONFIRMED);
    cr_assert_eq(rig_state(second), LSP_ORDER_SENT);
}

Test(orders, a_session_without_room_is_asked_again)
{
    rig_synchronise();
    rig.room = 0;
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    rig_pass(99);
    cr_assert_eq(rig_state(id), LSP_ORDER_QUEUED);
    cr_assert_eq(rig.orders.counters.orders_unsent, 1);
    rig.room = 1;
    rig_pass(1);
    cr_assert_eq(rig_state(id), LSP_ORDER_SENT);
}

/* ---- SRP-IDs ---- */

Test(orders, srp_ids_count_on_over_sessions)
{
    rig_synchronise();
    (void)rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint32_t first = rig_last()->srp_id;
    lsp_lane_on_down(rig.lane, rig.now);
    rig_up(LSP_PROFILE_STANDARD);
    rig_synchronise();
    (void)rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    cr_assert_eq(rig_last()->srp_id, first + 1);
}

Test(orders, reserved_srp_ids_are_left_out)
{
    rig.lane->next_srp_id = UINT32_MAX - 1;
    rig.lane->first_srp_id = UINT32_MAX - 1;
    rig_synchronise();
    uint64_t old = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    cr_assert_eq(rig_last()->srp_id, UINT32_MAX - 1);
    uint64_t new = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    cr_assert_eq(rig_last()->srp_id, 1);
    /* RFC 8231 7.2: the higher one acknowledges the lower, over the wrap too. */
    rig_report("a", 1, PCEP_LSP_UP);
    cr_assert_eq(rig_state(old), LSP_ORDER_DONE);
    cr_assert_eq(rig_state(new), LSP_ORDER_DONE);
}

Test(orders, an_srp_id_in_flight_is_not_used_again)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint32_t used = rig_last()->srp_id;
    rig.lane->next_srp_id = used; /* as if all numbers had been gone through */
    (void)rig_order(LSP_ORDER_UPDATE, "b", OPERATOR);
    cr_assert_eq(rig_last()->srp_id, used + 1);
    cr_assert_eq(rig_state(id), LSP_ORDER_SENT);
}

Test(orders, lanes_begin_with_different_numbers)
{
    const struct ip other = {.family = IP_V4, .octets = {192, 0, 2, 2}};
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_lane *lane = lsp_lane_on_up(&rig.orders, &other, &ability);
    cr_assert_neq(lane->next_srp_id, rig.lane->next_srp_id);
    cr_assert_eq(lsp_lane_find(&rig.orders, &other), lane);
}

/* ---- answers ---- */

Test(orders, an_up_report_with_its_number_is_the_outcome)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    rig_report("a", rig_last()->srp_id, PCEP_LSP_UP);
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
    cr_assert_eq(rig_find(id)->operational, PCEP_LSP_UP);
    cr_assert_eq(rig_find(id)->has_other_path, 0);
    cr_assert_eq(rig.orders.counters.orders_done, 1);
}

Test(orders, three_reports_answer_one_order)
{
    become_frr();
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint32_t srp_id = rig_last()->srp_id;
    rig_pass(200);
    rig_report("a", srp_id, PCEP_LSP_DOWN);
    cr_assert_eq(rig_state(id), LSP_ORDER_ACKNOWLEDGED, "down is no failure yet");
    rig_report("a", srp_id, PCEP_LSP_GOING_UP);
    cr_assert_eq(rig_state(id), LSP_ORDER_ACKNOWLEDGED);
    rig_pass(2800);
    rig_report("a", srp_id, PCEP_LSP_ACTIVE);
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
    cr_assert_eq(rig_find(id)->operational, PCEP_LSP_ACTIVE);
}

Test(orders, the_last_state_within_the_time_is_the_outcome)
{
    become_frr();
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint32_t srp_id = rig_last()->srp_id;
    rig_report("a", srp_id, PCEP_LSP_DOWN);
    rig_report("a", srp_id, PCEP_LSP_GOING_UP);
    rig_pass(4999);
    cr_assert_eq(rig_state(id), LSP_ORDER_ACKNOWLEDGED);
    rig_pass(1);
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
    cr_assert_eq(rig_find(id)->operational, PCEP_LSP_GOING_UP);
}

Test(orders, a_number_that_sticks_answers_nothing_new)
{
    become_frr();
    uint64_t first = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint32_t sticky = rig_last()->srp_id;
    rig_report("a", sticky, PCEP_LSP_ACTIVE);
    cr_assert_eq(rig_state(first), LSP_ORDER_DONE);
    uint64_t second = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    rig_report("a", sticky, PCEP_LSP_ACTIVE);
    cr_assert_eq(rig_state(second), LSP_ORDER_SENT);
    rig_report("a", sticky + 100, PCEP_LSP_ACTIVE); /* another PCE's */
    cr_assert_eq(rig_state(second), LSP_ORDER_SENT);
}

Test(orders, numbers_of_the_session_before_are_no_answers)
{
    become_frr();
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint32_t old = rig_last()->srp_id;
    lsp_lane_on_down(rig.lane, rig.now);
    cr_assert_eq(rig_state(id), LSP_ORDER_DROPPED);
    rig_up(LSP_PROFILE_FRR);
    uint64_t next = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    rig_report("a", old, PCEP_LSP_ACTIVE);
    rig_synchronise();
    rig_report("a", old, PCEP_LSP_ACTIVE);
    cr_assert_eq(rig_state(next), LSP_ORDER_SENT);
}

Test(orders, a_report_of_another_lsp_answers_nothing)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    rig_report("b", rig_last()->srp_id, PCEP_LSP_UP);
    cr_assert_eq(rig_state(id), LSP_ORDER_SENT);
}

static const struct lsp_binding_form *taken_back(const char *name, uint32_t srp_id)
{
    const struct lsp_seen seen = {.name = {(const uint8_t *)name, strlen(name)}, .srp_id = srp_id};
    return lsp_lane_taken_back(rig.lane, &seen);
}

Test(orders, the_answer_to_an_order_alone_takes_its_binding_back)
{
    const struct lsp_order_request request = {
        .wanted = {.kind = LSP_ORDER_UPDATE,
                   .setup_type = PCEP_PST_SR,
                   .binding = {.what = LSP_BINDING_REMOVE,
                               .label = 16,
                               .former = {.size = 3, .octets = {0, 1, 0}}},
                   .objects = hex_octets(RIG_ERO)},
        .name = {(const uint8_t *)"a", 1},
        .who = OPERATOR,
    };
    struct lsp_order_receipt receipt;
    rig_synchronise();
    cr_assert_eq(lsp_order_submit(rig.lane, &request, rig.now, &receipt), PCE_OK);
    rig_pass(1);
    const uint32_t srp_id = rig_find(receipt.id)->srp_id;
    cr_assert_neq(srp_id, 0);
    cr_expect_not_null(taken_back("a", srp_id));
    cr_expect_null(taken_back("b", srp_id), "of another LSP");
    cr_expect_null(taken_back("a", 0));
    rig.lane->is_synchronised = false;
    cr_expect_null(taken_back("a", srp_id), "kept from an earlier session");
    rig.lane->is_synchronised = true;
    rig.lane->first_srp_id = srp_id + 1;
    cr_expect_null(taken_back("a", srp_id), "never issued in this one");
}

Test(orders, an_initiation_that_is_answered_with_another_lsp_is_refused)
{
    become_frr();
    uint64_t id = rig_order(LSP_ORDER_INITIATE, "new", OPERATOR);
    rig_report("a", rig_last()->srp_id, PCEP_LSP_DOWN);
    cr_assert_eq(rig_state(id), LSP_ORDER_REFUSED);
    cr_assert_not_null(strstr(rig_find(id)->reason, "another LSP"));
}

Test(orders, an_initiation_is_done_when_its_name_is_up)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_INITIATE, "new", OPERATOR);
    rig_report("new", rig_last()->srp_id, PCEP_LSP_UP);
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
}

Test(orders, another_path_than_was_asked_for_is_noted)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    rig_report_path("a", rig_last()->srp_id, PCEP_LSP_UP, RIG_OTHER_ERO);
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
    cr_assert_eq(rig_find(id)->has_other_path, 1);
}

Test(orders, an_error_refuses_its_order_alone_and_is_not_repeated)
{
    rig_synchronise();
    uint64_t first = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint64_t second = rig_order(LSP_ORDER_UPDATE, "b", OPERATOR);
    rig_error(rig.messages[0].srp_id, 24, 1);
    cr_assert_eq(rig_state(first), LSP_ORDER_REFUSED);
    cr_assert_eq(rig_find(first)->error_type, 24);
    cr_assert_eq(rig_find(first)->error_value, 1);
    cr_assert_eq(rig_state(second), LSP_ORDER_SENT);
    rig_pass(600000);
    cr_assert_eq(rig.message_count, 2);
}

Test(orders, an_error_for_a_number_that_nobody_knows_is_counted)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    rig_error(rig_last()->srp_id + 1, 19, 3);
    rig_error(0, 10, 13);
    cr_assert_eq(rig_state(id), LSP_ORDER_SENT);
    cr_assert_eq(rig.orders.counters.orders_unknown_srp, 2);
}

Test(orders, silence_is_unconfirmed_and_not_asked_again)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    rig_pass(5000);
    cr_assert_eq(rig_state(id), LSP_ORDER_UNCONFIRMED);
    rig_pass(3600000);
    cr_assert_eq(rig.message_count, 1);
    cr_assert_eq(rig.orders.counters.orders_unconfirmed, 1);
}

Test(orders, a_late_answer_is_taken)
{
    rig_synchronise();
    uint64_t update = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint64_t other = rig_order(LSP_ORDER_UPDATE, "b", OPERATOR);
    rig_pass(6000);
    rig_report("a", rig.messages[0].srp_id, PCEP_LSP_UP);
    rig_error(rig.messages[1].srp_id, 24, 2);
    cr_assert_eq(rig_state(update), LSP_ORDER_DONE);
    cr_assert_eq(rig_state(other), LSP_ORDER_REFUSED);
    cr_assert_eq(rig.orders.counters.orders_late, 2);
}

Test(orders, a_late_answer_of_a_session_before_is_not_taken)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint32_t srp_id = rig_last()->srp_id;
    rig_pass(6000);
    lsp_lane_on_down(rig.lane, rig.now);
    rig_up(LSP_PROFILE_STANDARD);
    rig_synchronise();
    rig_error(srp_id, 24, 2);
    cr_assert_eq(rig_state(id), LSP_ORDER_UNCONFIRMED);
}

/* ---- what replaces what ---- */

Test(orders, a_newer_update_replaces_one_that_waits)
{
    uint64_t old = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint64_t other = rig_order(LSP_ORDER_UPDATE, "b", OPERATOR);
    uint64_t new = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    cr_assert_eq(rig_state(old), LSP_ORDER_DROPPED);
    rig_synchronise();
    cr_assert_eq(rig.message_count, 2);
    cr_assert_eq(rig_state(new), LSP_ORDER_SENT);
    cr_assert_eq(rig_state(other), LSP_ORDER_SENT);
    cr_assert_eq(rig.orders.counters.orders_replaced, 1);
}

Test(orders, one_that_is_sent_is_not_replaced)
{
    rig_synchronise();
    uint64_t old = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint64_t new = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    cr_assert_eq(rig.message_count, 2);
    rig_report("a", rig.messages[0].srp_id, PCEP_LSP_GOING_UP);
    cr_assert_eq(rig_state(old), LSP_ORDER_ACKNOWLEDGED);
    cr_assert_eq(rig_state(new), LSP_ORDER_SENT);
    rig_report("a", rig.messages[1].srp_id, PCEP_LSP_UP);
    cr_assert_eq(rig_state(old), LSP_ORDER_DONE);
    cr_assert_eq(rig_state(new), LSP_ORDER_DONE);
}

Test(orders, what_is_to_be_deleted_is_asked_nothing_else)
{
    uint64_t update = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint64_t delete = rig_order(LSP_ORDER_DELETE, "a", OPERATOR);
    cr_assert_eq(rig_state(update), LSP_ORDER_DROPPED);
    (void)rig_refusal(LSP_ORDER_UPDATE, "a", PCE_EXISTS);
    (void)rig_refusal(LSP_ORDER_INITIATE, "a", PCE_EXISTS);
    uint64_t again = rig_order(LSP_ORDER_DELETE, "a", OPERATOR);
    cr_assert_eq(rig_state(delete), LSP_ORDER_DROPPED);
    rig_synchronise();
    cr_assert_eq(rig_state(again), LSP_ORDER_SENT);
    (void)rig_refusal(LSP_ORDER_DELETE, "a", PCE_EXISTS);
}

Test(orders, what_is_being_created_is_not_created_again)
{
    rig_synchronise();
    (void)rig_order(LSP_ORDER_INITIATE, "new", OPERATOR);
    (void)rig_refusal(LSP_ORDER_INITIATE, "new", PCE_EXISTS);
    rig_report("new", rig_last()->srp_id, PCEP_LSP_UP);
    (void)rig_order(LSP_ORDER_INITIATE, "new", OPERATOR);
}

/* ---- deletion ---- */

Test(orders, a_deletion_is_done_when_the_lsp_is_gone)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_DELETE, "a", OPERATOR);
    cr_assert_eq(rig_last()->srp_flags, PCEP_SRP_R);
    cr_assert_eq(rig_last()->plsp_id, 1);
    rig_report("a", rig_last()->srp_id, PCEP_LSP_GOING_DOWN);
    cr_assert_eq(rig_state(id), LSP_ORDER_ACKNOWLEDGED);
    rig_report_gone("a", rig_last()->srp_id);
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
}

Test(orders, an_unknown_plsp_id_is_as_good_as_a_deletion)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_DELETE, "a", OPERATOR);
    rig_error(rig_last()->srp_id, 19, 3);
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
}

Test(orders, what_is_configured_on_the_router_is_not_deleted_again)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_DELETE, "a", OPERATOR);
    rig_error(rig_last()->srp_id, 19, 9);
    cr_assert_eq(rig_state(id), LSP_ORDER_REFUSED);
}

Test(orders, a_deletion_is_tried_again_at_growing_pauses_and_not_for_ever)
{
    static const uint32_t pauses_s[] = {5, 10, 20, 40, 80, 160, 300};
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_DELETE, "a", OPERATOR);
    for (unsigned i = 0; i < sizeof pauses_s / sizeof pauses_s[0]; i++) {
        rig_error(rig_last()->srp_id, 19, 1);
        cr_assert_eq(rig_state(id), LSP_ORDER_HELD);
        rig_pass(pauses_s[i] * 1000U - 1);
        cr_assert_eq(rig.message_count, i + 1);
        rig_pass(1);
        cr_assert_eq(rig.message_count, i + 2);
        cr_assert_neq(rig.messages[i].srp_id, rig.messages[i + 1].srp_id);
    }
    cr_assert_eq(rig.message_count, LSP_DELETE_TRIES_MAX);
    rig_error(rig_last()->srp_id, 19, 1);
    cr_assert_eq(rig_state(id), LSP_ORDER_REFUSED);
    cr_assert_eq(rig_find(id)->error_type, 19);
    rig_pass(3600000);
    cr_assert_eq(rig.message_count, LSP_DELETE_TRIES_MAX);
}

Test(orders, a_deletion_without_an_answer_is_tried_again)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_DELETE, "a", OPERATOR);
    rig_pass(5000 + 5000);
    cr_assert_eq(rig.message_count, 2);
    rig_report_gone("a", 0);
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
}

Test(orders, a_deletion_outlives_its_session)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_DELETE, "a", OPERATOR);
    lsp_lane_on_down(rig.lane, rig.now);
    cr_assert_eq(rig_state(id), LSP_ORDER_HELD);
    rig_pass(600000);
    rig_up(LSP_PROFILE_STANDARD);
    cr_assert_eq(rig.message_count, 1);
    rig_synchronise();
    cr_assert_eq(rig.message_count, 2);
    rig_report_gone("a", rig_last()->srp_id);
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
}

Test(orders, a_deletion_of_what_did_not_come_back_is_done)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_DELETE, "a", OPERATOR);
    lsp_lane_on_down(rig.lane, rig.now);
    rig_up(LSP_PROFILE_STANDARD);
    rig_remove_lsp("a");
    rig_synchronise();
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
    cr_assert_eq(rig.message_count, 1);
}

Test(orders, a_stale_lsp_that_is_removed_is_not_deleted_for_that)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_DELETE, "a", OPERATOR);
    lsp_lane_on_down(rig.lane, rig.now);
    lsp_lane_on_removed(rig.lane, text_span("a"), rig.now);
    cr_assert_eq(rig_state(id), LSP_ORDER_HELD);
    rig_up(LSP_PROFILE_STANDARD);
    lsp_lane_on_removed(rig.lane, text_span("a"), rig.now);
    cr_assert_eq(rig_state(id), LSP_ORDER_HELD);
    rig_synchronise();
    cr_assert_eq(rig.message_count, 2);
    rig_report_gone("a", rig_last()->srp_id);
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
}

Test(orders, all_that_we_have_initiated_is_deleted_by_one_message)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_DELETE_ALL, "", OPERATOR);
    cr_assert_eq(rig_last()->plsp_id, 0);
    cr_assert_eq(rig_last()->srp_flags, PCEP_SRP_R);
    rig_report_gone("a", rig_last()->srp_id);
    cr_assert_eq(rig_state(id), LSP_ORDER_ACKNOWLEDGED);
    rig_report_gone("b", rig_last()->srp_id);
    rig_pass(5000);
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
}

/* ---- LSPs and sessions that go ---- */

Test(orders, an_update_of_what_is_removed_is_dropped)
{
    rig_synchronise();
    uint64_t sent = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint64_t held = rig_order(LSP_ORDER_UPDATE, "b", REOPT);
    rig_report_gone("a", 0);
    lsp_lane_on_removed(rig.lane, text_span("b"), rig.now);
    cr_assert_eq(rig_state(sent), LSP_ORDER_DROPPED);
    cr_assert_eq(rig_state(held), LSP_ORDER_DROPPED);
}

Test(orders, an_initiation_that_waits_does_not_mind_a_removal)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_INITIATE, "a", LSP_ORDER_BY_INTENT);
    rig_report_gone("a", 0);
    rig_pass(5000);
    cr_assert_eq(rig_state(id), LSP_ORDER_SENT);
}

Test(orders, what_was_in_flight_is_dropped_with_its_session)
{
    rig_synchronise();
    uint64_t sent = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    uint64_t held = rig_order(LSP_ORDER_UPDATE, "b", REOPT);
    lsp_lane_on_down(rig.lane, rig.now);
    cr_assert_eq(rig_state(sent), LSP_ORDER_DROPPED);
    cr_assert_eq(rig_state(held), LSP_ORDER_DROPPED);
    cr_assert_not_null(strstr(rig_find(sent)->reason, "session"));
    (void)rig_refusal(LSP_ORDER_UPDATE, "a", PCE_CLOSED);
}

Test(orders, a_pcc_that_is_forgotten_takes_its_deletions_along)
{
    uint64_t id = rig_order(LSP_ORDER_DELETE, "a", OPERATOR);
    lsp_lane_on_down(rig.lane, rig.now);
    lsp_lane_destroy(rig.lane, rig.now);
    cr_assert_eq(rig_state(id), LSP_ORDER_DROPPED);
    cr_assert_null(lsp_lane_find(&rig.orders, &rig_find(id)->pcc));
}

/* ---- what is refused at once ---- */

Test(orders, an_lsp_that_this_session_has_not_reported_is_not_found)
{
    rig_synchronise();
    (void)rig_refusal(LSP_ORDER_UPDATE, "c", PCE_NOT_FOUND);
    (void)rig_refusal(LSP_ORDER_DELETE, "c", PCE_NOT_FOUND);
    (void)rig_refusal(LSP_ORDER_UPDATE, "", PCE_INVALID);
}

Test(orders, the_longest_name_is_taken_and_a_longer_one_is_not)
{
    static char name[258];
    memset(name, 'n', 255);
    rig_synchronise();
    (void)rig_order(LSP_ORDER_INITIATE, name, OPERATOR);
    name[255] = 'n';
    (void)rig_refusal(LSP_ORDER_INITIATE, name, PCE_INVALID);
}

Test(orders, an_update_needs_the_delegation)
{
    rig_synchronise();
    rig_set_flags("a", PCEP_LSP_A);
    cr_assert_not_null(strstr(rig_refusal(LSP_ORDER_UPDATE, "a", PCE_DENIED), "not delegated"));
    (void)rig_refusal(LSP_ORDER_RETURN, "a", PCE_DENIED);
    (void)rig_order(LSP_ORDER_DELETE, "a", OPERATOR);
}

Test(orders, an_orphan_is_adopted_when_a_pce_has_made_it)
{
    rig_synchronise();
    cr_assert_not_null(strstr(rig_refusal(LSP_ORDER_ADOPT, "a", PCE_DENIED), "already"));
    rig_set_flags("a", PCEP_LSP_A);
    cr_assert_not_null(strstr(rig_refusal(LSP_ORDER_ADOPT, "a", PCE_DENIED), "initiated"));
    rig_set_flags("a", PCEP_LSP_A | PCEP_LSP_C);
    uint64_t id = rig_order(LSP_ORDER_ADOPT, "a", OPERATOR);
    cr_assert_eq(rig_last()->type, PCEP_MESSAGE_PCINITIATE);
    rig_report("a", rig_last()->srp_id, PCEP_LSP_UP);
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
}

Test(orders, control_that_is_not_given_is_refused)
{
    rig_synchronise();
    rig_set_flags("a", PCEP_LSP_A);
    uint64_t id = rig_order(LSP_ORDER_CONTROL, "a", OPERATOR);
    cr_assert_eq(rig_last()->srp_flags, PCEP_SRP_C);
    rig_report_flags("a", rig_last()->srp_id, PCEP_LSP_A);
    cr_assert_eq(rig_state(id), LSP_ORDER_ACKNOWLEDGED);
    rig_pass(5000);
    cr_assert_eq(rig_state(id), LSP_ORDER_REFUSED);
}

Test(orders, a_resynchronisation_is_answered_by_the_report)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_RESYNC, "a", OPERATOR);
    cr_assert_eq(rig_last()->flags, PCEP_LSP_S);
    rig_report("a", rig_last()->srp_id, PCEP_LSP_DOWN);
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
}

Test(orders, what_the_peer_takes_back_is_not_updated)
{
    rig_synchronise();
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", REOPT);
    rig_report_flags("a", 0, PCEP_LSP_A);
    cr_assert_eq(rig_state(id), LSP_ORDER_DROPPED);
    cr_assert_not_null(strstr(rig_find(id)->reason, "not delegated"));
}

Test(orders, an_update_that_waits_over_the_synchronisation_needs_the_delegation_then)
{
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    rig_set_flags("a", PCEP_LSP_A);
    rig_synchronise();
    cr_assert_eq(rig_state(id), LSP_ORDER_DROPPED);
    cr_assert_eq(rig.message_count, 0);
}

/* ---- limits ---- */

Test(orders, as_many_wait_for_one_pcc_as_may_be_and_no_more)
{
    rig.orders.settings.waiting_per_pcc_max = 2;
    (void)rig_order(LSP_ORDER_INITIATE, "n0", OPERATOR);
    (void)rig_order(LSP_ORDER_INITIATE, "n1", OPERATOR);
    (void)rig_refusal(LSP_ORDER_INITIATE, "n2", PCE_LIMIT);
    cr_assert_eq(rig.orders.counters.orders_over_limit, 1);
    rig.orders.settings.waiting_per_pcc_max = 3;
    rig.orders.settings.waiting_max = 2;
    (void)rig_refusal(LSP_ORDER_INITIATE, "n2", PCE_LIMIT);
    rig.orders.settings.waiting_max = 3;
    (void)rig_order(LSP_ORDER_INITIATE, "n2", OPERATOR);
}

Test(orders, as_many_lsps_are_steered_as_may_be_and_no_more)
{
    rig.orders.settings.controls_max = 2;
    (void)rig_order(LSP_ORDER_INITIATE, "n0", OPERATOR);
    (void)rig_order(LSP_ORDER_INITIATE, "n1", OPERATOR);
    (void)rig_refusal(LSP_ORDER_INITIATE, "n2", PCE_NO_MEMORY);
    cr_assert_eq(rig.orders.live_count, 2);
    cr_assert_eq(rig.orders.counters.orders_without_memory, 1);
}

Test(orders, so_many_that_have_ended_are_remembered)
{
    rig_synchronise();
    uint64_t first = 0;
    for (int i = 0; i < LSP_ORDERS_ENDED_MAX; i++) {
        rig.message_count = 0;
        uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
        first = i == 0 ? id : first;
        rig_error(rig_last()->srp_id, 24, 1);
    }
    (void)rig_find(first);
    uint64_t last = rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    rig_error(rig_last()->srp_id, 24, 1);
    cr_assert_null(lsp_order_find(&rig.orders, first));
    (void)rig_find(last);
}

Test(orders, those_without_an_answer_are_forgotten_in_turn_as_well)
{
    rig.orders.settings.in_flight_max = UINT32_MAX;
    rig.orders.settings.waiting_per_pcc_max = UINT32_MAX;
    rig.orders.settings.waiting_max = UINT32_MAX;
    rig_synchronise();
    for (int i = 0; i < LSP_ORDERS_ENDED_MAX + 1; i++) {
        rig.message_count = 0;
        (void)rig_order(LSP_ORDER_UPDATE, "a", OPERATOR);
    }
    rig_pass(5000);
    cr_assert_eq(rig.orders.ended_count, LSP_ORDERS_ENDED_MAX);
    cr_assert_eq(rig.orders.by_srp.count, LSP_ORDERS_ENDED_MAX);
    lsp_lane_on_down(rig.lane, rig.now);
    cr_assert_eq(rig.orders.by_srp.count, 0);
}

/* ---- the table ---- */

static const char *state_text(unsigned i)
{
    return lsp_order_state_text((enum lsp_order_state)i);
}

static const char *event_text(unsigned i)
{
    return order_event_text((enum lsp_order_event)i);
}

Test(orders, the_documented_table_is_the_table)
{
    static struct fsm_row rows[LSP_ORDER_STATE_COUNT][LSP_ORDER_EVENT_COUNT];
    static const struct fsm_document document = {PCED_SOURCE_DIR "/docs/ORDER-FSM.md",
                                                 LSP_ORDER_STATE_COUNT, LSP_ORDER_EVENT_COUNT,
                                                 state_text, event_text};
    fsm_document_read(&document, &rows[0][0]);
    for (unsigned s = 0; s < LSP_ORDER_STATE_COUNT; s++) {
        for (unsigned e = 0; e < LSP_ORDER_EVENT_COUNT; e++) {
            const struct fsm_row *row = &rows[s][e];
            const char *name = order_step_name((enum lsp_order_state)s, (enum lsp_order_event)e);
            cr_expect_str_eq(row->is_there ? row->step : "ignore", name, "%s %s: %s", state_text(s),
                             event_text(e), name);
            cr_expect_eq(row->may_reach,
                         order_reaches((enum lsp_order_state)s, (enum lsp_order_event)e),
                         "%s %s: reach", state_text(s), event_text(e));
        }
    }
}

Test(orders, an_order_that_has_ended_ends_no_more)
{
    for (int event = 0; event < LSP_ORDER_EVENT_COUNT; event++) {
        cr_assert_eq(order_reaches(LSP_ORDER_DONE, (enum lsp_order_event)event), 0);
        cr_assert_eq(order_reaches(LSP_ORDER_REFUSED, (enum lsp_order_event)event), 0);
        cr_assert_eq(order_reaches(LSP_ORDER_DROPPED, (enum lsp_order_event)event), 0);
    }
}
