/* Paths of intents on the network. */
#include "tests/unit/intent/rig.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/unit/path/net.h"

TestSuite(network, .init = rig_set_up, .fini = rig_tear_down, .timeout = 20);

/* From node 0 to node 2. */
#define ACROSS "\"source\":\"10.0.0.1\",\"endpoint\":\"10.0.0.3\","

Test(network, a_dynamic_path_follows_the_network)
{
    rig_settle();
    rig_put_text("a", "{" ACROSS "\"paths\":[{\"dynamic\":{\"metric\":\"igp\",\"protection\":"
                      "\"unprotected-only\"}}]}");
    cr_assert_eq(world.sent, 1);
    uint32_t before[2] = {world.labels[0], world.labels[1]};
    uint32_t count = world.label_count;
    cr_assert_eq(count, 2, "two links in a row");
    const struct lsp_report_spec spec = {.plsp_id = 1,
                                         .name = "a",
                                         .flags = DELEGATED | ACTIVE,
                                         .has_srp = true,
                                         .srp_id = world.srp_id,
                                         .setup_type = 1,
                                         .segments = {before[0], before[1]}};
    cr_assert_eq(lsp_rig_report(&world.pcc, world.session, &spec), PCE_OK);
    const struct lsp_seen seen = {.name = {(const uint8_t *)"a", 1},
                                  .srp_id = world.srp_id,
                                  .flags = DELEGATED | ACTIVE,
                                  .path_digest = rig_lsp_of("a")->plan_path,
                                  .is_newest = true};
    lsp_lane_on_report(world.lane, &seen, world.pcc.now);
    reconcile_on_lsp(&world.intents, &world.session->address, seen.name, true);
    rig_turn();
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
    struct ted_snapshot *old = world.snapshot;
    world.snapshot = rig_make_network(true);
    rig_turn();
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCUPD);
    cr_assert_eq(world.label_count, 1, "the direct link");
    ted_snapshot_destroy(old);
}

Test(network, no_path_is_a_state_with_its_reason_and_is_tried_on_the_next_network)
{
    rig_settle();
    rig_put_text("a", "{" ACROSS "\"paths\":[{\"dynamic\":{\"bounds\":{\"igp\":12}}}]}");
    cr_assert_eq(world.sent, 0);
    cr_assert_eq(rig_state_of("a"), INTENT_NO_PATH);
    cr_assert_not_null(rig_lsp_of("a")->sight.reason);
    cr_assert_neq(rig_lsp_of("a")->sight.unmet, 0);
    struct ted_snapshot *old = world.snapshot;
    world.snapshot = rig_make_network(true);
    rig_turn();
    cr_assert_eq(world.sent, 1);
    ted_snapshot_destroy(old);
}

Test(network, an_endpoint_that_is_nowhere_has_no_path)
{
    rig_settle();
    rig_put_text("a", "{\"source\":\"10.0.0.1\",\"endpoint\":\"10.9.9.9\",\"paths\":[{\"dynamic\":"
                      "{}}]}");
    cr_assert_eq(rig_state_of("a"), INTENT_NO_PATH);
    cr_assert_str_eq(rig_lsp_of("a")->sight.reason, "the endpoint is not in the network");
}

Test(network, a_segment_without_a_label_has_that_of_the_network)
{
    rig_settle();
    /* Node 1 by what node 0 understands; the link from node 1 to node 2 (links 2 and 3). */
    rig_put_text("a", "{" ACROSS "\"paths\":[{\"segments\":[{\"node\":\"10.0.0.2\"},"
                      "{\"local\":\"11.0.0.4\",\"remote\":\"11.0.0.5\"}]}]}");
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(world.label_count, 2);
    cr_assert_eq(world.labels[0], NET_FIRST_BASE + 1);
    cr_assert_eq(world.labels[1], 500002);
    rig_put_text("b", "{" ACROSS "\"paths\":[{\"segments\":[{\"node\":\"10.9.9.9\"}]}]}");
    cr_assert_eq(rig_state_of("b"), INTENT_NO_PATH);
}
