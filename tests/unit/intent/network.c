/* Paths of intents on the network. */
#include "tests/unit/intent/rig.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/unit/path/net.h"

TestSuite(network, .init = rig_set_up, .fini = rig_tear_down, .timeout = 20);

/* From node 0 to node 2. */
#define ACROSS "\"source\":\"10.0.0.1\",\"endpoint\":\"10.0.0.3\","

#define UNPROTECTED                                                                                \
    "{" ACROSS "\"paths\":[{\"dynamic\":{\"metric\":\"igp\",\"protection\":\"unprotected-only\"}}" \
    "]}"

Test(network, a_better_path_is_taken_by_policy)
{
    rig_settle();
    rig_put_text("a", UNPROTECTED);
    cr_assert_eq(world.label_count, 2, "two links in a row");
    rig_answer();
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
    rig_publish(rig_make_network(true));
    rig_turn();
    cr_assert_eq(world.sent, 1, "not before the interval");
    rig_pass_s(61);
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCUPD);
    cr_assert_eq(world.label_count, 1, "the direct link");
    rig_answer();
    cr_assert_eq(rig_state_of("a"), INTENT_UP);
}

Test(network, a_better_path_that_gains_too_little_is_not_taken_nor_one_within_the_hold_down)
{
    world.reopt.settings.gain_min = 80;
    rig_settle();
    rig_put_text("a", UNPROTECTED);
    rig_answer();
    rig_publish(rig_make_network(true));
    rig_pass_s(130);
    cr_assert_eq(world.sent, 1);
    world.reopt.settings.gain_min = 10;
    rig_pass_s(61);
    cr_assert_eq(world.sent, 2);
    rig_answer();
    world.reopt.settings.hold_down_s = 3600;
    rig_publish(rig_make_network(false));
    rig_turn();
    cr_assert_eq(world.sent, 3, "one whose path is broken waits for nothing");
    rig_answer();
    rig_publish(rig_make_network(true));
    rig_pass_s(130);
    cr_assert_eq(world.sent, 3);
}

Test(network, a_broken_path_is_replaced_at_once)
{
    rig_publish(rig_make_network(true));
    rig_settle();
    rig_put_text("a", UNPROTECTED);
    cr_assert_eq(world.label_count, 1);
    rig_answer();
    rig_publish(rig_make_network(false));
    rig_turn();
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.label_count, 2);
    cr_assert_eq(rig_state_of("a"), INTENT_UP, "on its old path, until the router has answered");
    rig_refuse(5, 1, "a");
    cr_assert_eq(rig_lsp_of("a")->sight.error_type, 5);
    cr_assert_not_null(rig_lsp_of("a")->sight.reason, "what the router has refused is shown");
}

Test(network, no_path_is_a_state_with_its_reason_and_is_tried_on_the_next_network)
{
    rig_settle();
    rig_put_text("a", "{" ACROSS "\"paths\":[{\"dynamic\":{\"bounds\":{\"igp\":12}}}]}");
    cr_assert_eq(world.sent, 0);
    cr_assert_eq(rig_state_of("a"), INTENT_NO_PATH);
    cr_assert_not_null(rig_lsp_of("a")->sight.reason);
    cr_assert_neq(rig_lsp_of("a")->sight.unmet, 0);
    rig_publish(rig_make_network(true));
    rig_turn();
    cr_assert_eq(world.sent, 1);
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
