/* PCReq for SRv6: what is answered, and when. */
#include "tests/lib/scene.h"

#include <criterion/criterion.h>

static struct scene scene;

/* Setup types 0 and 3, SRv6-PCE-CAPABILITY with H.Encaps 2. */
#define SRV6_OPEN                                                                                  \
    "2001 0024 0110 0020 201e 7801 0022 0014 0000 0002 0003 0000 001b 0006 0000 0002 2c02 0000"

/* A - B - C, and A - C; the SIDs of A - B - C have a structure, those of A - C none. No labels, no
 * IPv4. */
static const char network[] =
    "nodes:\n"
    "- {name: A, router-id-v6: \"2001:db8::1\", srv6-sids: [{sid: \"fc00:1:1::\"}]}\n"
    "- {name: B, router-id-v6: \"2001:db8::2\", srv6-sids: [{sid: \"fc00:2:1::\", behavior: 29, "
    "structure: [16, 16, 16, 0]}]}\n"
    "- {name: C, router-id-v6: \"2001:db8::3\", srv6-sids: [{sid: \"fc00:3:1::\"}]}\n"
    "links:\n"
    "- {from: A, to: B, igp-metric: 10, srv6-sids: [{sid: \"fc00:1:e1::\"}]}\n"
    "- {from: B, to: C, igp-metric: 10, te-metric: 5, srv6-sids: [{sid: \"fc00:2:e1::\", "
    "behavior: 6, structure: [16, 16, 16, 0]}]}\n"
    "- {from: B, to: C, igp-metric: 15, te-metric: 1, srv6-sids: [{sid: \"fc00:2:e2::\", "
    "behavior: 6, structure: [16, 16, 16, 0]}]}\n"
    "- {from: A, to: C, igp-metric: 100, admin-group: 1}\n";

static void set_up(void)
{
    scene_init(&scene);
    scene.config.srv6 = true;
    scene_restart(&scene, SRV6_OPEN);
    scene_use_network(&scene, network);
}

static void tear_down(void)
{
    scene_check_counters(&scene);
    scene_fini(&scene);
}

TestSuite(srv6, .init = set_up, .fini = tear_down);

static void begin(const char *destination)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 5, 0, PCEP_PST_SRV6);
    scene_put_end_points(&scene, "2001:db8::1", destination);
}

Test(srv6, a_reply_is_exactly_this)
{
    begin("2001:db8::2");
    scene_send(&scene);
    cr_assert_eq(scene.message_count, 1);
    /* ERO with one subobject of type 40: F and T, End with PSP and USD, its SID and structure. */
    cr_assert(
        scene_message_is(&scene, 0,
                         "2004 003c 0212 0014 0000 0000 0000 0005 001c 0004 0000 0003"
                         "0710 0024 2820 0006 0000 001d fc00 0002 0001 0000 0000 0000 0000 0000"
                         "1010 1000 0000 0000"));
}

Test(srv6, a_sid_whose_structure_is_not_known_has_none)
{
    begin("2001:db8::3");
    scene_send(&scene);
    cr_assert(
        scene_message_is(&scene, 0,
                         "2004 0034 0212 0014 0000 0000 0000 0005 001c 0004 0000 0003"
                         "0710 001c 2818 0002 0000 0001 fc00 0003 0001 0000 0000 0000 0000 0000"));
}

Test(srv6, the_sid_depth_is_computed_and_bounded)
{
    begin("2001:db8::3");
    scene_put_metric(&scene, PCEP_OBJECT_FLAG_P, 0, PCEP_METRIC_TYPE_TE, 0);
    scene_put_metric(&scene, PCEP_OBJECT_FLAG_P, PCEP_METRIC_C | PCEP_METRIC_B,
                     PCEP_METRIC_TYPE_SID_DEPTH, 2);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    struct pcep_subobjects hops = pcep_subobjects_of(response.ero);
    cr_assert_eq(hops.count, 2);
    const struct pcep_sub_srv6 *first = hops.at[0].body, *second = hops.at[1].body;
    cr_expect_eq(first->behavior, 29);
    cr_expect_eq(second->behavior, 6);
    cr_expect_eq(second->sid.octets[5], 0xe2);
    cr_expect_eq(scene_metric(&response, 0)->value, 2);
}

Test(srv6, no_list_is_longer_than_the_session_allows)
{
    begin("2001:db8::3");
    scene_put_metric(&scene, PCEP_OBJECT_FLAG_P, PCEP_METRIC_B, PCEP_METRIC_TYPE_SID_DEPTH, 3);
    scene_send(&scene);
    scene_expect_error(&scene, 5, 10, 9);
    scene_clear(&scene);
    begin("2001:db8::2");
    scene_send(&scene);
    cr_expect_eq(scene.last_request.sids_max, 2);
}

Test(srv6, what_the_network_knows_takes_the_place_of_what_the_open_said)
{
    static const char known[] =
        "nodes:\n"
        "- {name: A, router-id-v6: \"2001:db8::1\", srv6-msd: 9, srv6-sids: [{sid: "
        "\"fc00:1:1::\"}]}\n"
        "- {name: B, router-id-v6: \"2001:db8::2\", srv6-sids: [{sid: \"fc00:2:1::\"}]}\n"
        "links:\n"
        "- {from: A, to: B}\n";
    scene_use_network(&scene, known);
    begin("2001:db8::2");
    scene_send(&scene);
    cr_expect_eq(scene.last_request.sids_max, 9);
}

Test(srv6, a_network_without_its_sids_has_no_path)
{
    static const char bare[] = "nodes:\n"
                               "- {name: A, router-id-v6: \"2001:db8::1\", router-id: 10.0.0.1}\n"
                               "- {name: B, router-id-v6: \"2001:db8::2\", router-id: 10.0.0.2}\n"
                               "links:\n"
                               "- {from: A, to: B, adj-sid: 24000}\n";
    scene_use_network(&scene, bare);
    begin("2001:db8::2");
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_expect_not_null(scene_there(response.no_path));
    cr_expect_eq(scene.last_result.unsatisfied, PATH_CONSTRAINT_SID_LIST);
}

Test(srv6, a_peer_that_did_not_list_it_is_refused_and_its_session_ends)
{
    scene_restart(&scene, PEER_OPEN);
    begin("2001:db8::2");
    scene_send(&scene);
    cr_assert_eq(scene.message_count, 2);
    cr_expect(
        scene_message_is(&scene, 0, "2006 0018 0210 000c 0000 0000 0000 0005 0d10 0008 0000 1501"));
    cr_expect_eq(scene.owner.session.state, SESSION_CLOSING);
}

Test(srv6, a_cached_answer_is_for_sessions_of_the_same_depth_alone)
{
    scene_keep_replies(&scene);
    for (unsigned i = 0; i < 3; i++) {
        begin("2001:db8::2");
        scene_send(&scene);
    }
    cr_expect_gt(scene.cached_count, 0);
    unsigned before = scene.cached_count;
    scene.owner.session.peer.srv6_msd = 1;
    begin("2001:db8::2");
    scene_send(&scene);
    cr_expect_eq(scene.cached_count, before);
}
