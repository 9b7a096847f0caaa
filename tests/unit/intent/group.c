/* Intents that are to have nothing in common: their LSPs are initiated in a group (RFC 8800). */
#include "tests/unit/intent/rig.h"

#include <criterion/criterion.h>

static void set_up(void)
{
    rig_set_up();
    cr_assert(ip_parse("198.51.100.7", &world.group_source));
}

TestSuite(group, .init = set_up, .fini = rig_tear_down, .timeout = 20);

#define GROUP(number, type)                                                                        \
    "{\"endpoint\":\"192.0.2.9\",\"disjoint\":{\"group\":" number ",\"type\":\"" type              \
    "\",\"relaxed\":false},\"paths\":[{\"segments\":[{\"label\":16001}]}]}"

Test(group, an_initiation_has_the_group_and_the_source_that_is_the_same_everywhere)
{
    rig_settle();
    rig_put_text("a", GROUP("7", "node-srlg"));
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(world.group.id, 7);
    cr_assert(ip_is_equal(&world.group.source, &world.group_source));
    cr_assert_eq(world.group_flags, 0x16, "node, SRLG, strict");
    rig_obey("a", 1, 16001);
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
}

Test(group, another_group_removes_the_lsp_and_initiates_it_anew)
{
    rig_settle();
    rig_put_text("a", GROUP("7", "link"));
    rig_obey("a", 1, 16001);
    rig_put_text("a", GROUP("8", "link"));
    cr_assert_eq(world.sent, 2);
    cr_assert_neq(world.srp_flags & PCEP_SRP_R, 0);
    rig_report("a", 1, DELEGATED | PCEP_LSP_R, 16001);
    rig_pass_s(RECONCILE_PAUSE_S);
    cr_assert_eq(world.sent, 3);
    cr_assert_eq(world.group.id, 8);
}

Test(group, without_an_address_for_all_routers_it_is_refused_with_the_reason)
{
    world.group_source = (struct ip){.family = IP_NONE};
    rig_settle();
    rig_put_text("a", GROUP("7", "link"));
    cr_assert_eq(world.sent, 0);
    cr_assert_eq(rig_state_of("a"), INTENT_REFUSED);
    cr_assert_not_null(rig_lsp_of("a")->sight.reason);
}

Test(group, a_router_whose_open_does_not_list_it_is_not_told)
{
    world.associations = LSP_SAID_ASSOCIATIONS | LSP_SAID_SR_POLICY;
    rig_settle();
    rig_put_text("a", GROUP("7", "link"));
    cr_assert_eq(world.sent, 0);
    cr_assert_eq(rig_state_of("a"), INTENT_REFUSED);
}

Test(group, a_router_whose_open_lists_nothing_is_told)
{
    world.associations = 0;
    rig_settle();
    rig_put_text("a", GROUP("7", "link"));
    cr_assert_eq(world.sent, 1);
}

static void report_in_group(uint16_t id)
{
    const struct lsp_report_group group = {.type = 2, .id = id, .source = 0xc6336407};
    const struct lsp_report_spec spec = {.plsp_id = 1,
                                         .name = "a",
                                         .flags = DELEGATED | ACTIVE | PCEP_LSP_S,
                                         .has_srp = true,
                                         .setup_type = 1,
                                         .segments = {16001},
                                         .groups = &group,
                                         .group_count = id == 0 ? 0 : 1};
    rig_put_text("a", GROUP("7", "link"));
    rig_come_up();
    rig_give(&spec);
    rig_synchronise();
    rig_pass_s(SETTLE_S);
}

Test(group, after_a_start_an_lsp_in_its_group_is_left_alone)
{
    report_in_group(7);
    cr_assert_eq(world.sent, 0);
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
}

Test(group, a_router_that_does_not_report_groups_is_left_alone)
{
    report_in_group(0);
    cr_assert_eq(world.sent, 0);
}

Test(group, after_a_start_an_lsp_in_another_group_is_made_anew)
{
    report_in_group(8);
    cr_assert_eq(world.sent, 1);
    cr_assert_neq(world.srp_flags & PCEP_SRP_R, 0);
}
