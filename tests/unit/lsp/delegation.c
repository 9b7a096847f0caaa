/* Delegations: which are accepted, how others are answered, and LSPs that two PCEs steer. */
#include "core/lsp/delegation.h"
#include "tests/unit/lsp/order_rig.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void set_up(void)
{
    rig_init(LSP_PROFILE_STANDARD);
    rig_add_lsp("a", 1);
    rig_synchronise();
}

TestSuite(delegation, .init = set_up, .fini = rig_fini, .timeout = 20);
TestSuite(contest, .init = set_up, .fini = rig_fini, .timeout = 20);
TestSuite(policy, .timeout = 10);

/* ---- the policy ---- */

static bool accepts(const char *pattern, const char *name)
{
    struct lsp_delegation_rule rule = {.setup_type = LSP_DELEGATION_ANY_SETUP, .accepts = true};
    const struct lsp_delegation_policy policy = {&rule, 1, false};
    (void)snprintf(rule.pattern, sizeof rule.pattern, "%s", pattern);
    return lsp_delegation_accepts(&policy, text_span(name), 0);
}

Test(policy, patterns_are_of_the_whole_name)
{
    cr_assert(accepts("gold-1", "gold-1"));
    cr_assert_not(accepts("gold-1", "gold-12"));
    cr_assert_not(accepts("gold-12", "gold-1"));
    cr_assert(accepts("gold-*", "gold-"));
    cr_assert(accepts("*-1", "gold-1-1"));
    cr_assert(accepts("*old*", "gold-1"));
    cr_assert_not(accepts("*old", "gold-1"));
    cr_assert(accepts("g?ld", "gald"));
    cr_assert_not(accepts("g?ld", "gld"));
    cr_assert(accepts("*", ""));
    cr_assert_not(accepts("?", ""));
    cr_assert(accepts("a*b*c", "a-b-b-c"));
    cr_assert_not(accepts("a*b*c", "a-c-b"));
    cr_assert(accepts("**a**", "bab"));
}

Test(policy, a_pattern_of_stars_takes_no_time_that_matters)
{
    char name[256];
    memset(name, 'a', 255);
    name[255] = '\0';
    cr_assert_not(accepts("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", name));
}

Test(policy, the_first_rule_that_fits_decides)
{
    const struct lsp_delegation_rule rules[] = {
        {"test-*", LSP_DELEGATION_ANY_SETUP, false},
        {"*", PCEP_PST_SR, true},
        {"*", PCEP_PST_RSVP_TE, false},
    };
    const struct lsp_delegation_policy policy = {rules, 3, true};
    cr_assert_not(lsp_delegation_accepts(&policy, text_span("test-1"), PCEP_PST_SR));
    cr_assert(lsp_delegation_accepts(&policy, text_span("x"), PCEP_PST_SR));
    cr_assert_not(lsp_delegation_accepts(&policy, text_span("x"), PCEP_PST_RSVP_TE));
    cr_assert(lsp_delegation_accepts(&policy, text_span("x"), PCEP_PST_SRV6));
}

/* ---- refusing ---- */

static void report_to(bool is_accepting, uint16_t flags, const char *ero)
{
    const struct lsp_delegation_policy policy = {NULL, 0, is_accepting};
    const struct lsp_seen seen = {
        .name = text_span("a"), .flags = flags, .path_digest = rig_digest(ero), .is_newest = true};
    const struct lsp_delegation_report report = {&seen, &policy, PCEP_PST_SR};
    rig_set_flags("a", flags);
    lsp_lane_on_report(rig.lane, &seen, rig.now);
    lsp_delegation_on_report(rig.lane, &report, rig.now);
    rig_pass(0);
}

#define DELEGATED (PCEP_LSP_D | PCEP_LSP_A | PCEP_LSP_UP << PCEP_LSP_O_SHIFT)
#define KEPT      (PCEP_LSP_A | PCEP_LSP_UP << PCEP_LSP_O_SHIFT)

static bool holds(uint16_t flags)
{
    return lsp_delegation_holds(rig.lane, text_span("a"), flags);
}

Test(delegation, what_is_accepted_is_not_answered)
{
    report_to(true, DELEGATED, RIG_ERO);
    cr_assert_eq(rig.message_count, 0);
    cr_assert(holds(DELEGATED));
    cr_assert_not(holds(KEPT));
}

Test(delegation, what_is_refused_is_given_back_at_once_and_once)
{
    report_to(false, DELEGATED, RIG_ERO);
    cr_assert_eq(rig.message_count, 1);
    cr_assert_eq(rig_last()->type, PCEP_MESSAGE_PCUPD);
    cr_assert_eq(rig_last()->plsp_id, 1);
    cr_assert_eq(rig_last()->flags & PCEP_LSP_D, 0);
    cr_assert_not(holds(DELEGATED));
    report_to(false, DELEGATED, RIG_ERO);
    cr_assert_eq(rig.message_count, 1);
    cr_assert_eq(rig.orders.counters.delegations_refused, 1);
}

Test(delegation, what_is_delegated_again_is_refused_again_at_growing_pauses)
{
    report_to(false, DELEGATED, RIG_ERO);
    for (uint32_t i = 0; i < 3; i++) {
        rig_report_flags("a", rig_last()->srp_id, KEPT);
        report_to(false, KEPT, RIG_ERO);
        report_to(false, DELEGATED, RIG_ERO);
        cr_assert_eq(rig.message_count, i + 1);
        rig_pass((1000U << i) - 1);
        cr_assert_eq(rig.message_count, i + 1);
        rig_pass(1);
        cr_assert_eq(rig.message_count, i + 2);
    }
}

Test(delegation, a_peer_that_takes_nothing_back_is_sent_nothing)
{
    lsp_lane_on_down(rig.lane, rig.now);
    rig_up(LSP_PROFILE_FRR);
    rig_synchronise();
    report_to(false, DELEGATED, RIG_ERO);
    cr_assert_eq(rig.message_count, 0);
    cr_assert_not(holds(DELEGATED));
    cr_assert_eq(rig.orders.counters.delegations_refused, 1);
}

Test(delegation, a_policy_that_has_changed_accepts_what_was_refused)
{
    report_to(false, DELEGATED, RIG_ERO);
    report_to(true, DELEGATED, RIG_ERO);
    cr_assert(holds(DELEGATED));
}

Test(delegation, a_refusal_before_the_end_mark_waits_for_it)
{
    lsp_lane_on_down(rig.lane, rig.now);
    rig_up(LSP_PROFILE_STANDARD);
    report_to(false, DELEGATED, RIG_ERO);
    rig_pass(10000);
    cr_assert_eq(rig.message_count, 0);
    rig_synchronise();
    cr_assert_eq(rig.message_count, 1);
}

Test(delegation, an_empty_path_is_a_request)
{
    report_to(true, DELEGATED, "0710 0004");
    cr_assert_eq(rig.wanted, 1);
    report_to(true, KEPT, "0710 0004");
    report_to(true, DELEGATED, RIG_ERO);
    report_to(false, DELEGATED, "0710 0004");
    cr_assert_eq(rig.wanted, 1);
}

/* ---- returning ---- */

Test(delegation, an_operator_returns_an_lsp_and_the_report_says_so)
{
    struct lsp_order_receipt receipt;
    cr_assert_eq(lsp_delegation_return(rig.lane, text_span("a"), PCEP_PST_SR, rig.now, &receipt),
                 PCE_OK);
    rig_pass(0);
    cr_assert_eq(rig_state(receipt.id), LSP_ORDER_SENT);
    cr_assert_not(holds(DELEGATED));
    report_to(true, DELEGATED, RIG_ERO); /* on its way when we sent */
    cr_assert_not(holds(DELEGATED));
    rig_report_flags("a", rig_last()->srp_id, KEPT);
    cr_assert_eq(rig_state(receipt.id), LSP_ORDER_DONE);
    report_to(true, KEPT, RIG_ERO);
    report_to(true, DELEGATED, RIG_ERO); /* a new delegation */
    cr_assert(holds(DELEGATED));
}

Test(delegation, a_peer_that_goes_on_delegating_has_refused_the_return)
{
    struct lsp_order_receipt receipt;
    cr_assert_eq(lsp_delegation_return(rig.lane, text_span("a"), PCEP_PST_SR, rig.now, &receipt),
                 PCE_OK);
    rig_pass(0);
    rig_report_flags("a", rig_last()->srp_id, DELEGATED);
    rig_pass(5000);
    cr_assert_eq(rig_state(receipt.id), LSP_ORDER_REFUSED);
}

Test(delegation, a_return_to_frr_is_our_own_mark)
{
    struct lsp_order_receipt receipt;
    lsp_lane_on_down(rig.lane, rig.now);
    rig_up(LSP_PROFILE_FRR);
    rig_synchronise();
    cr_assert_eq(lsp_delegation_return(rig.lane, text_span("a"), PCEP_PST_SR, rig.now, &receipt),
                 PCE_OK);
    cr_assert_eq(receipt.id, 0);
    cr_assert_eq(rig.message_count, 0);
    cr_assert_not(holds(DELEGATED));
    cr_assert(lsp_delegation_resume(rig.lane, text_span("a")));
    cr_assert(holds(DELEGATED));
    cr_assert_not(lsp_delegation_resume(rig.lane, text_span("a")));
}

Test(delegation, what_frr_has_not_delegated_is_not_returned_to_it)
{
    struct lsp_order_receipt receipt;
    lsp_lane_on_down(rig.lane, rig.now);
    rig_up(LSP_PROFILE_FRR);
    rig_synchronise();
    rig_set_flags("a", KEPT);
    cr_assert_eq(lsp_delegation_return(rig.lane, text_span("a"), PCEP_PST_SR, rig.now, &receipt),
                 PCE_DENIED);
    cr_assert_not_null(receipt.reason);
    cr_assert_eq(lsp_delegation_return(rig.lane, text_span("z"), PCEP_PST_SR, rig.now, &receipt),
                 PCE_NOT_FOUND);
    lsp_lane_on_down(rig.lane, rig.now);
    cr_assert_eq(lsp_delegation_return(rig.lane, text_span("a"), PCEP_PST_SR, rig.now, &receipt),
                 PCE_CLOSED);
}

static bool is_broken(uint16_t flags, bool was_delegated)
{
    const struct lsp_seen seen = {.name = text_span("a"), .flags = flags};
    return lsp_delegation_is_broken(rig.lane, &seen, was_delegated);
}

Test(delegation, what_a_pce_has_initiated_is_not_taken_back)
{
    struct lsp_order_receipt receipt;
    cr_assert(is_broken(KEPT | PCEP_LSP_C, true));
    cr_assert_not(is_broken(KEPT | PCEP_LSP_C, false));
    cr_assert_not(is_broken(KEPT, true));
    cr_assert_not(is_broken(DELEGATED | PCEP_LSP_C, true));
    cr_assert_eq(lsp_delegation_return(rig.lane, text_span("a"), PCEP_PST_SR, rig.now, &receipt),
                 PCE_OK);
    cr_assert_not(is_broken(KEPT | PCEP_LSP_C, true), "we have given it back");
}

Test(delegation, c_says_nothing_of_frrs_lsps)
{
    lsp_lane_on_down(rig.lane, rig.now);
    rig_up(LSP_PROFILE_FRR);
    cr_assert_not(is_broken(KEPT | PCEP_LSP_C, true));
}

/* ---- another PCE steers too ---- */

/* An update of ours is carried out. */
static void steer(void)
{
    uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", LSP_ORDER_BY_OPERATOR);
    rig_report("a", rig_last()->srp_id, PCEP_LSP_UP);
    cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
}

static void steal(void)
{
    rig_report_path("a", 0, PCEP_LSP_UP, RIG_OTHER_ERO);
}

Test(contest, our_own_path_is_none)
{
    steer();
    rig_report("a", 0, PCEP_LSP_UP);
    rig_report("a", 0, PCEP_LSP_DOWN);
    rig_report_path("a", 0, PCEP_LSP_GOING_UP, RIG_OTHER_ERO);
    cr_assert_eq(rig.contested, 0);
}

Test(contest, a_path_on_its_way_to_ours_is_none)
{
    steer();
    (void)rig_order(LSP_ORDER_UPDATE, "a", LSP_ORDER_BY_OPERATOR);
    steal();
    cr_assert_eq(rig.contested, 0);
}

Test(contest, one_update_at_most_then_growing_pauses)
{
    static const uint32_t pauses_s[] = {0, 60, 120, 240, 480, 960, 1920, 3600, 3600};
    rig_pass(5000);
    steer();
    for (uint32_t i = 0; i < sizeof pauses_s / sizeof pauses_s[0]; i++) {
        steal();
        cr_assert_eq(rig.contested, i + 1);
        uint32_t sent = rig.message_count;
        uint64_t id = rig_order(LSP_ORDER_UPDATE, "a", LSP_ORDER_BY_REOPTIMISATION);
        if (pauses_s[i] > 0) {
            rig_pass(pauses_s[i] * 1000U - 1);
            cr_assert_eq(rig.message_count, sent);
            rig_pass(1);
        }
        cr_assert_eq(rig.message_count, sent + 1);
        rig_report("a", rig_last()->srp_id, PCEP_LSP_UP);
        cr_assert_eq(rig_state(id), LSP_ORDER_DONE);
        if (i + 2 == sizeof pauses_s / sizeof pauses_s[0])
            break; /* an hour has passed: that is peace */
    }
}

Test(contest, an_operator_need_not_wait)
{
    steer();
    steal();
    steer();
    steal();
    cr_assert_eq(rig.contested, 2);
    steer();
}

Test(contest, an_hour_of_peace_ends_it)
{
    steer();
    steal();
    steer();
    steal();
    cr_assert_eq(rig.contested, 2);
    steer();
    rig_pass(3600000);
    steal();
    cr_assert_eq(rig.contested, 1);
}

Test(contest, what_is_told_of_once_is_not_told_of_with_each_report)
{
    steer();
    steal();
    steal();
    cr_assert_eq(rig.orders.counters.lsps_contested, 1);
}

Test(contest, an_lsp_that_is_gone_is_forgotten)
{
    steer();
    steal();
    rig_report_gone("a", 0);
    cr_assert_eq(rig.orders.controls.count, 0);
}
