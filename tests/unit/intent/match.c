/* After a start nothing is known of what was asked: what routers report of attributes is compared with
 * what is wanted; what they do not report is asked for once. */
#include "tests/unit/intent/rig.h"

#include <criterion/criterion.h>

TestSuite(match, .init = rig_set_up, .fini = rig_tear_down, .timeout = 20);

/* The intent is in the store; the router reports its LSP when it comes. */
static void start(const char *members, struct lsp_report_spec spec)
{
    char text[512];
    (void)snprintf(text, sizeof text, "{\"source\":\"10.0.0.1\",\"endpoint\":\"10.0.0.3\",%s}",
                   members);
    rig_put_text("a", text);
    spec.plsp_id = 1;
    spec.name = "a";
    spec.flags = DELEGATED | ACTIVE | PCEP_LSP_S;
    spec.has_srp = true;
    spec.setup_type = 1;
    spec.segments[0] = 16002; /* the node SID of node 2 */
    rig_come_up();
    rig_give(&spec);
    rig_synchronise();
    rig_pass_s(SETTLE_S);
}

#define REPORT(...)                                                                                \
    (struct lsp_report_spec)                                                                       \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define DYNAMIC(members) "\"paths\":[{" members "\"dynamic\":{}}]"
#define BOUND(value)     "\"paths\":[{\"dynamic\":{\"bounds\":{\"igp\":" value "}}}]"

static void expect_left_alone(void)
{
    cr_assert_eq(world.sent, 0);
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
}

/* Asked once; and not again, though the router goes on reporting what it did. */
static void expect_asked_once(void)
{
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCUPD);
    world.is_shy = true;
    rig_answer();
    rig_pass_s(60);
    intents_touch_pcc(&world.intents, &world.session->address);
    rig_pass_s(60);
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
}

Test(match, bandwidth_that_is_reported_as_wanted_is_left_alone)
{
    start(DYNAMIC("\"bandwidth\":400,"), REPORT(.bandwidth = 400));
    expect_left_alone();
}

Test(match, another_bandwidth_is_asked_for_once)
{
    start(DYNAMIC("\"bandwidth\":400,"), REPORT(.bandwidth = 500));
    expect_asked_once();
}

Test(match, a_bandwidth_that_is_not_reported_is_asked_for_once)
{
    start(DYNAMIC("\"bandwidth\":400,"), REPORT(0));
    expect_asked_once();
}

Test(match, priorities_of_the_routers_own_are_left_alone_where_none_were_said)
{
    const struct pcep_lspa lspa = {.setup_priority = 0, .holding_priority = 0};
    start(DYNAMIC(""), REPORT(.lspa = &lspa));
    expect_left_alone();
}

Test(match, other_priorities_than_were_said_are_asked_for_once)
{
    const struct pcep_lspa lspa = {.setup_priority = 7, .holding_priority = 7};
    start(DYNAMIC("\"setup_priority\":3,\"holding_priority\":2,"), REPORT(.lspa = &lspa));
    expect_asked_once();
}

Test(match, priorities_as_said_are_left_alone)
{
    const struct pcep_lspa lspa = {.setup_priority = 3, .holding_priority = 2};
    start(DYNAMIC("\"setup_priority\":3,\"holding_priority\":2,"), REPORT(.lspa = &lspa));
    expect_left_alone();
}

Test(match, affinities_that_are_not_wanted_any_more_are_asked_off)
{
    const struct pcep_lspa lspa = {.exclude_any = 1, .setup_priority = 7, .holding_priority = 7};
    start(DYNAMIC(""), REPORT(.lspa = &lspa));
    expect_asked_once();
}

Test(match, bounds_are_compared_by_their_metric_and_value)
{
    const struct pcep_metric metric = {
        .flags = PCEP_METRIC_B, .type = PCEP_METRIC_TYPE_IGP, .value = 30};
    start(BOUND("30"), REPORT(.metric = &metric));
    expect_left_alone();
}

Test(match, another_bound_is_asked_for_once)
{
    const struct pcep_metric metric = {
        .flags = PCEP_METRIC_B, .type = PCEP_METRIC_TYPE_IGP, .value = 40};
    start(BOUND("30"), REPORT(.metric = &metric));
    expect_asked_once();
}

Test(match, a_metric_that_is_computed_is_no_bound)
{
    const struct pcep_metric metric = {
        .flags = PCEP_METRIC_C, .type = PCEP_METRIC_TYPE_IGP, .value = 20};
    start(DYNAMIC(""), REPORT(.metric = &metric));
    expect_left_alone();
}

/* ---- the policy ---- */

#define GOLD "\"color\":7,\"paths\":[{\"preference\":200,\"dynamic\":{}}]"

static void start_policy(uint32_t color, uint32_t preference)
{
    const struct lsp_report_group group = {
        .type = 6, .id = 1, .source = 0xc0000201, .color = color, .preference = preference};
    start(GOLD, REPORT(.groups = &group, .group_count = 1));
}

Test(match, a_policy_as_wanted_is_left_alone)
{
    start_policy(7, 200);
    expect_left_alone();
}

Test(match, a_preference_that_is_not_reported_says_nothing)
{
    start_policy(7, 0);
    expect_left_alone();
}

static void expect_made_anew(void)
{
    cr_assert_eq(world.sent, 1);
    cr_assert_neq(world.srp_flags & PCEP_SRP_R, 0, "no update can tell it");
    rig_answer();
    rig_pass_s(RECONCILE_PAUSE_S);
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.preference, 200);
    rig_answer();
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
    rig_pass_s(120);
    cr_assert_eq(world.sent, 2, "whatever it reports of it");
}

Test(match, another_colour_removes_the_lsp_and_initiates_it_anew)
{
    start_policy(8, 200);
    expect_made_anew();
}

Test(match, another_preference_removes_the_lsp_and_initiates_it_anew)
{
    start_policy(7, 100);
    expect_made_anew();
}
