/* PCReq: what is answered, octet by octet; its ends, its RP, and what the grammar refuses. */
#include "tests/lib/scene.h"

#include <criterion/criterion.h>

#define P PCEP_OBJECT_FLAG_P

static struct scene scene;

static void set_up(void)
{
    scene_init(&scene);
}

static void tear_down(void)
{
    scene_check_counters(&scene);
    scene_fini(&scene);
}

TestSuite(pcreq, .init = set_up, .fini = tear_down);

/* ---- replies, octet by octet ---- */

Test(pcreq, a_reply_with_labels_is_exactly_this)
{
    scene_receive_hex(&scene, "2003 0024 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001"
                              "0412 000c 0a00 0001 0a00 0004");
    cr_assert_eq(scene.message_count, 1);
    /* RP with P and the TLV, ERO with one SR subobject: F and M, label 16004. */
    cr_assert(scene_message_is(&scene, 0,
                               "2004 0024 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001"
                               "0710 000c 2408 0009 03e8 4000"));
}

Test(pcreq, a_reply_with_strict_hops_is_exactly_this)
{
    scene_receive_hex(&scene, "2003 001c 0212 000c 0000 0000 0000 0005"
                              "0412 000c 0a00 0001 0a00 0004");
    cr_assert(scene_message_is(&scene, 0,
                               "2004 0024 0212 000c 0000 0000 0000 0005"
                               "0710 0014 0108 c000 0202 2000 0108 c000 0204 2000"));
}

Test(pcreq, a_reply_without_a_path_is_exactly_this)
{
    scene_receive_hex(&scene, "2003 0024 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001"
                              "0412 000c 0a00 0001 0a00 0063");
    cr_assert(scene_message_is(&scene, 0,
                               "2004 0028 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001"
                               "0310 0010 0000 0000 0001 0004 0000 0002"));
}

Test(pcreq, a_reply_with_attributes_is_exactly_this)
{
    scene_receive_hex(&scene, "2003 0058 0212 0014 0000 0080 0000 0005 001c 0004 0000 0001"
                              "0412 000c 0a00 0001 0a00 0004"
                              "0912 0014 0000 0000 0000 0001 0000 0000 0404 0000"
                              "0510 0008 447a 0000"
                              "0612 000c 0000 030b 4100 0000"   /* SID depth: bound 8, computed */
                              "0610 000c 0000 0002 4120 0000"); /* TE metric to minimise */
    cr_assert(scene_message_is(&scene, 0,
                               "2004 005c 0212 0014 0000 0080 0000 0005 001c 0004 0000 0001"
                               "0710 0014 2408 0009 03e8 3000 2408 0009 03e8 4000"
                               "1510 0008 0001 0000"
                               "0910 0014 0000 0000 0000 0001 0000 0000 0404 0000"
                               "0510 0008 447a 0000"
                               "0610 000c 0000 000b 4000 0000"),
              "two labels: C, then D");
}

/* ---- ends ---- */

Test(pcreq, any_address_of_a_node_will_do)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 1, 0, PCEP_PST_SR);
    scene_put_end_points(&scene, "192.0.2.1", "192.0.2.4");
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(pcep_subobjects_of(response.ero).count, 1);
    cr_assert_eq(scene_label(response.ero, 0), 16004);
}

Test(pcreq, ipv6_ends_get_ipv6_segments)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 1, 0, PCEP_PST_SR);
    scene_put_end_points(&scene, "2001:db8::1", "2001:db8::4");
    scene_send(&scene);
    cr_assert_eq(scene_label(scene_only_response(&scene).ero, 0), 16104);
    cr_assert_eq(scene.last_request.family, IP_V6);
}

Test(pcreq, ipv6_ends_get_ipv6_hops_where_there_are_any)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 1, 0, -1);
    scene_put_end_points(&scene, "2001:db8::1", "2001:db8::4");
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(pcep_subobjects_of(response.ero).count, 2);
    const struct pcep_sub_prefix *hop = pcep_subobjects_of(response.ero).at[1].body;
    char text[IP_TEXT_SIZE];
    cr_assert_str_eq(ip_format(&hop->prefix, text), "2001:db8::4");
    cr_assert_eq(hop->bits, 128);
}

Test(pcreq, a_link_without_addresses_is_named_by_its_node)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 1, 0, 0);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    scene_put_metric(&scene, P, 0, PCEP_METRIC_TYPE_TE, 0);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(pcep_subobjects_of(response.ero).count, 2);
    char text[IP_TEXT_SIZE];
    const struct pcep_sub_prefix *hop = pcep_subobjects_of(response.ero).at[0].body;
    cr_expect_str_eq(ip_format(&hop->prefix, text), "192.0.2.6");
    hop = pcep_subobjects_of(response.ero).at[1].body;
    cr_expect_str_eq(ip_format(&hop->prefix, text), "10.0.0.4");
    cr_expect_not_null(pcep_find_tlv(response.rp, PCEP_TLV_PATH_SETUP_TYPE), "type 0 is echoed");
}

Test(pcreq, unknown_ends_are_named)
{
    static const struct {
        const char *source, *destination;
        uint32_t vector;
    } cases[] = {
        {"10.0.0.1", "10.9.9.9", 2}, {"10.9.9.9", "10.0.0.4", 4}, {"0.0.0.0", "1.1.1.1", 6}};
    for (size_t i = 0; i < 3; i++) {
        scene_clear(&scene);
        scene_begin(&scene, PCEP_MESSAGE_PCREQ);
        scene_put_rp(&scene, 1, 0, 1);
        scene_put_end_points(&scene, cases[i].source, cases[i].destination);
        scene_send(&scene);
        struct pcep_response response = scene_only_response(&scene);
        cr_expect_eq(scene_vector(&response), cases[i].vector);
        cr_expect_null(response.ero);
        cr_expect_not(scene_lists_constraints(&response));
        cr_expect_not_null(pcep_find_tlv(response.rp, PCEP_TLV_PATH_SETUP_TYPE));
    }
    cr_assert_eq(scene.counters.replies_no_path, 3);
    cr_assert_eq(scene.last_request.source, TED_NONE);
}

Test(pcreq, without_a_topology_the_pce_is_unavailable)
{
    scene.context.snapshot = NULL;
    scene_begin_request(&scene);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(scene_vector(&response), 1);
}

Test(pcreq, nothing_leads_to_an_isolated_node)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 1, 0, 1);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.5");
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(scene_vector(&response), 0);
    cr_assert_not(scene_lists_constraints(&response));
}

Test(pcreq, source_and_destination_may_be_one_node)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 1, 0, 1);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.1");
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(pcep_subobjects_of(response.ero).count, 1); /* RFC 8664 4.3 */
    cr_assert_eq(scene_label(response.ero, 0), 16001);
}

Test(pcreq, end_points_must_be_processed)
{
    scene_receive_hex(&scene, "2003 0024 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001"
                              "0410 000c 0a00 0001 0a00 0004");
    scene_expect_error(&scene, 5, 10, 1);
}

/* ---- RP ---- */

Test(pcreq, reoptimisation_is_a_new_computation)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 1, PCEP_RP_R | PCEP_RP_O | 5, 1);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    pcep_object_put(&scene.writer, PCEP_OBJECT_RRO, 0, NULL);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(scene_rp_flags(response.rp), PCEP_RP_R, "a strict path, priorities not heeded");
}

Test(pcreq, bidirectional_and_vspt_are_not_supported)
{
    static const uint32_t flags[] = {PCEP_RP_B, PCEP_RP_VSPT, PCEP_RP_D, PCEP_RP_M};
    for (size_t i = 0; i < 2; i++) {
        scene_clear(&scene);
        scene.counters = (struct request_counters){0};
        scene.refused_count = 0;
        scene_begin(&scene, PCEP_MESSAGE_PCREQ);
        scene_put_rp(&scene, 9, flags[i], 1);
        scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
        scene_send(&scene);
        scene_expect_error(&scene, 9, 4, 4);
    }
}

Test(pcreq, a_setup_type_that_is_not_agreed_ends_the_session)
{
    static const int types[] = {2, 3, 4, 255};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        scene_fini(&scene);
        scene_init(&scene);
        scene_begin(&scene, PCEP_MESSAGE_PCREQ);
        scene_put_rp(&scene, 9, 0, types[i]);
        scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
        scene_put_rp(&scene, 10, 0, 1);
        scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
        scene_send(&scene);
        cr_assert_eq(scene.message_count, 2);
        cr_expect(scene_message_is(&scene, 0,
                                   "2006 0018 0210 000c 0000 0000 0000 0009 0d10 0008 0000 1501"));
        cr_expect(scene_message_is(&scene, 1, "2007 000c 0f10 0008 0000 0001"));
        cr_expect_eq(scene.owner.session.state, SESSION_CLOSING);
        cr_expect_eq(scene.counters.replies_dropped, 1, "the other one is not computed");
        cr_expect_eq(scene.reply_count, 0);
    }
}

Test(pcreq, an_answer_that_is_larger_than_was_worked_out_is_not_sent_and_ends_nothing)
{
    scene.owner.lacking = 1;
    for (uint32_t round = 0; round < 2; round++) {
        scene_begin(&scene, PCEP_MESSAGE_PCREQ);
        scene_put_rp(&scene, 9, 0, 1);
        scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
        scene_send(&scene);
        cr_expect_eq(scene.owner.session.state, SESSION_UP);
        cr_expect_eq(scene.counters.replies_unfit, 1);
        cr_expect_eq(scene.message_count, round);
        scene.owner.lacking = 0;
    }
}

Test(pcreq, a_setup_type_that_the_peer_did_not_list_is_not_agreed)
{
    /* FRR lists type 1 alone: a request without the TLV asks for type 0. */
    scene_restart(&scene, "2001 0028 0110 0024 201e 7800 0010 0004 0000 0005 0022 0010 0000 0001"
                          "0100 0000 001a 0004 0000 000a");
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 9, 0, -1);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    scene_send(&scene);
    cr_assert_eq(scene.owner.session.state, SESSION_CLOSING);
    cr_assert_eq(scene.last_fault.error_type, 21);
}

Test(pcreq, request_id_0_is_an_unknown_request)
{
    for (int i = 0; i < 5; i++) {
        scene_begin(&scene, PCEP_MESSAGE_PCREQ);
        scene_put_rp(&scene, 0, 0, 1);
        scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
        scene_send(&scene);
    }
    cr_assert_eq(scene.message_count, 6);
    cr_assert(
        scene_message_is(&scene, 0, "2006 0018 0210 000c 0000 0000 0000 0000 0d10 0008 0000 0800"));
    cr_assert(scene_message_is(&scene, 5, "2007 000c 0f10 0008 0000 0004"));
    cr_assert_eq(scene.owner.session.state, SESSION_CLOSING);
}

/* ---- what the grammar refuses ---- */

Test(pcreq, a_message_without_rp_gets_one_error)
{
    scene_receive_hex(&scene, "2003 0010 0412 000c 0a00 0001 0a00 0004");
    cr_assert_eq(scene.message_count, 1);
    cr_assert(scene_message_is(&scene, 0, "2006 000c 0d10 0008 0000 0601"));
    cr_assert_eq(scene.owner.session.state, SESSION_UP);
}

Test(pcreq, each_missing_object_has_its_error_in_one_message)
{
    scene_receive_hex(&scene, "2003 0018 0212 000c 0000 0008 0000 0005 0510 0008 47f4 2400");
    cr_assert_eq(scene.message_count, 1);
    cr_assert(scene_message_is(&scene, 0,
                               "2006 0020 0210 000c 0000 0000 0000 0005"
                               "0d10 0008 0000 0603 0d10 0008 0000 0602"));
}

Test(pcreq, a_refused_request_does_not_harm_the_others)
{
    scene_begin_request(&scene);
    scene_put_rp(&scene, 78, 0, 1); /* without END-POINTS */
    scene_put_rp(&scene, 79, 0, 1);
    scene_put_end_points(&scene, "10.0.0.4", "10.0.0.1");
    scene_send(&scene);
    cr_assert_eq(scene.message_count, 2);
    cr_assert_eq(scene.messages[0].octets[1], PCEP_MESSAGE_PCERR);
    struct pcep_response_list list = scene_responses(&scene, 1);
    cr_assert_eq(list.response_count, 2);
    cr_assert_eq(scene_label(list.responses[1].ero, 0), 16001);
}

Test(pcreq, end_points_of_an_unsupported_kind_are_refused)
{
    scene_receive_hex(&scene, "2003 0024 0212 000c 0000 0000 0000 0005"
                              "0432 0014 0000 0001 c000 0201 c000 0209 c000 020a");
    scene_expect_error(&scene, 5, 4, 2);
}

/* RFC 8306 3.7 */
Test(pcreq, a_p2mp_path_is_refused_whatever_the_end_points)
{
    scene_receive_hex(&scene, "2003 001c 0212 000c 0000 1000 0000 0005"
                              "0412 000c 0a00 0001 0a00 0004");
    scene_expect_error(&scene, 5, 16, 2);
    scene_clear(&scene);
    scene.counters = (struct request_counters){0};
    scene.refused_count = 0;
    scene_receive_hex(&scene, "2003 0024 0212 000c 0000 1000 0000 0005"
                              "0432 0014 0000 0001 c000 0201 c000 0209 c000 020a");
    scene_expect_error(&scene, 5, 16, 2);
}

/* RFC 5440 7.7: the BANDWIDTH of Object-Type 1 is what is asked for, behind an RRO as well; each of
 * the two links of a path has 1,000,000 octets/s at most. */
Test(pcreq, a_bandwidth_behind_the_rro_is_still_a_constraint)
{
    scene_receive_hex(&scene, "2003 0028 0212 000c 0000 0000 0000 0005"
                              "0412 000c 0a00 0001 0a00 0004"
                              "0810 0004 0512 0008 4e95 02f9");
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_null(response.ero);
    cr_assert(scene_lists_constraints(&response));
    cr_assert_not_null(response.bandwidth);
}

/* Each object that may stand in front of requests, but SVEC: with P it holds for all of them. */
Test(pcreq, what_must_be_processed_in_front_of_the_requests_is_not_dropped)
{
#define BEHIND                                                                                     \
    "0212 000c 0000 0000 0000 0005 0412 000c 0a00 0001 0a00 0004"                                  \
    "0212 000c 0000 0000 0000 0006 0412 000c 0a00 0001 0a00 0004"
    static const char *const heads[][2] = {
        {"2003 0048 1312 000c 0000 0001 0000 0001 1410 0008 c000 0201" BEHIND, /* MONITORING */
         "2003 0048 1310 000c 0000 0001 0000 0001 1410 0008 c000 0201" BEHIND},
        {"2003 003c 1512 0008 0001 0000" BEHIND, "2003 003c 1510 0008 0001 0000" BEHIND}, /* OF */
        {"2003 003c 1812 0008 0102 0304" BEHIND, /* GLOBAL-CONSTRAINTS */
         "2003 003c 1810 0008 0102 0304" BEHIND},
        {"2003 0040 0612 000c 0000 0101 4120 0000" BEHIND, /* METRIC */
         "2003 0040 0610 000c 0000 0101 4120 0000" BEHIND},
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        scene.counters = (struct request_counters){0};
        scene_receive_hex(&scene, heads[i][0]);
        cr_assert_eq(scene.message_count, 2, "a PCErr for each request");
        cr_expect(scene_message_is(&scene, 0,
                                   "2006 0018 0210 000c 0000 0000 0000 0005 0d10 0008 0000 0401"));
        cr_expect(scene_message_is(&scene, 1,
                                   "2006 0018 0210 000c 0000 0000 0000 0006 0d10 0008 0000 0401"));
        cr_expect_eq(scene.counters.requests_refused, 2);
        scene_clear(&scene);
        scene_receive_hex(&scene, heads[i][1]);
        cr_expect_eq(scene.counters.replies_path, 2, "without P it is left out");
        scene_clear(&scene);
    }
}
