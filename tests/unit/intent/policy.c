/* Intents that are SR policies: what tells their candidate paths apart (RFC 9256 2.4 to 2.7). */
#include "tests/unit/intent/rig.h"

#include <criterion/criterion.h>

TestSuite(policy, .init = rig_set_up, .fini = rig_tear_down, .timeout = 20);

#define GOLD(preference, label)                                                                    \
    "{\"endpoint\":\"192.0.2.9\",\"color\":7,\"paths\":[{\"lsp\":\"own\","                         \
    "\"preference\":" preference ",\"segments\":[{\"label\":" label "}]}]}"

Test(policy, an_initiation_says_who_we_are_and_which_candidate_path_it_is)
{
    const uint8_t address[16] = {[12] = 198, 51, 100, 1};
    rig_settle();
    rig_put_text("gold", GOLD("200", "16001"));
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(world.path_id.originator_as, 64500);
    cr_assert_arr_eq(world.path_id.originator.octets, address, sizeof address);
    cr_assert_eq(world.path_id.discriminator, 200);
    cr_assert_eq(world.preference, 200);
}

Test(policy, another_preference_removes_the_lsp_and_initiates_it_anew)
{
    rig_settle();
    rig_put_text("gold", GOLD("200", "16001"));
    rig_obey("own", 1, 16001);
    rig_put_text("gold", GOLD("100", "16001"));
    cr_assert_eq(world.sent, 2);
    cr_assert_neq(world.srp_flags & PCEP_SRP_R, 0, "an update cannot tell it");
    rig_report("own", 1, DELEGATED | PCEP_LSP_R, 16001);
    rig_pass_s(RECONCILE_PAUSE_S);
    cr_assert_eq(world.sent, 3);
    cr_assert_eq(world.preference, 100);
}

Test(policy, without_a_color_the_preference_is_told_to_nobody)
{
    rig_settle();
    rig_put_text("gold", "{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"lsp\":\"own\",\"preference\":"
                         "200,\"segments\":[{\"label\":16001}]}]}");
    rig_obey("own", 1, 16001);
    rig_put_text("gold", "{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"lsp\":\"own\",\"preference\":"
                         "100,\"segments\":[{\"label\":16001}]}]}");
    cr_assert_eq(world.sent, 1);
}

static const char *clash_of(const char *name, const char *text)
{
    static const struct intent_limits limits = {8, 8};
    const struct intent_key key = {lsp_rig_address(1), name};
    struct intent_fault fault;
    struct intent *intent;
    json_t *json = json_loads(text, 0, NULL);
    cr_assert_eq(intent_read(json, &key, &limits, &intent, &fault), PCE_OK);
    const char *clash = intents_policy_clash(&world.intents, intent);
    intent_destroy(intent);
    json_decref(json);
    return clash;
}

#define OTHER(endpoint, color, preference)                                                         \
    "{\"endpoint\":\"" endpoint "\",\"color\":" color ",\"paths\":[{\"preference\":" preference    \
    ",\"dynamic\":{}}]}"

Test(policy, a_policy_has_one_path_of_a_preference_in_all_intents_of_its_router)
{
    rig_put_text("gold", GOLD("200", "16001"));
    cr_assert_str_eq(clash_of("other", OTHER("192.0.2.9", "7", "200")), "gold");
    cr_assert_null(clash_of("other", OTHER("192.0.2.9", "7", "201")));
    cr_assert_null(clash_of("other", OTHER("192.0.2.9", "8", "200")));
    cr_assert_null(clash_of("other", OTHER("192.0.2.8", "7", "200")));
    cr_assert_null(clash_of("gold", OTHER("192.0.2.9", "7", "200")), "it replaces itself");
}
