/* PCReq: what each object means, and what is answered. */
#include "tests/unit/handlers/scene.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#define P PCEP_OBJECT_FLAG_P

static struct scene scene;

static void set_up(void)
{
    scene_init(&scene);
}

static void tear_down(void)
{
    const struct handler_counters *c = &scene.counters;
    cr_expect_eq(c->requests,
                 c->replies_path + c->replies_no_path + c->requests_refused + c->replies_dropped,
                 "every request ends in one of four ways");
    scene_fini(&scene);
}

TestSuite(pcreq, .init = set_up, .fini = tear_down);

static uint32_t flags_of(const struct pcep_object *rp)
{
    return ((const struct pcep_rp *)rp->body)->flags;
}

static const struct pcep_metric *metric_at(const struct pcep_response *response, uint32_t index)
{
    cr_assert_lt(index, response->metric_count);
    return response->metrics[index]->body;
}

static uint32_t vector_at(const struct pcep_response *response)
{
    cr_assert_not_null(response->no_path);
    const struct pcep_no_path_vector *vector =
        pcep_find_tlv(response->no_path, PCEP_TLV_NO_PATH_VECTOR);
    return vector == NULL ? 0 : vector->flags;
}

static bool lists_constraints(const struct pcep_response *response)
{
    const struct pcep_no_path *no_path = response->no_path->body;
    cr_assert_eq(no_path->nature, 0);
    return (no_path->flags & PCEP_NO_PATH_C) != 0;
}

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
    cr_assert_eq(response.ero->subobject_count, 1);
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
    cr_assert_eq(response.ero->subobject_count, 2);
    const struct pcep_sub_prefix *hop = response.ero->subobjects[1].body;
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
    cr_assert_eq(response.ero->subobject_count, 2);
    char text[IP_TEXT_SIZE];
    const struct pcep_sub_prefix *hop = response.ero->subobjects[0].body;
    cr_expect_str_eq(ip_format(&hop->prefix, text), "192.0.2.6");
    hop = response.ero->subobjects[1].body;
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
        cr_expect_eq(vector_at(&response), cases[i].vector);
        cr_expect_null(response.ero);
        cr_expect_not(lists_constraints(&response));
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
    cr_assert_eq(vector_at(&response), 1);
}

Test(pcreq, nothing_leads_to_an_isolated_node)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 1, 0, 1);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.5");
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(vector_at(&response), 0);
    cr_assert_not(lists_constraints(&response));
}

Test(pcreq, source_and_destination_may_be_one_node)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 1, 0, 1);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.1");
    scene_send(&scene);
    cr_assert_eq(scene_only_response(&scene).ero->subobject_count, 0);
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
    cr_assert_eq(flags_of(response.rp), PCEP_RP_R, "a strict path, priorities not heeded");
}

Test(pcreq, bidirectional_and_vspt_are_not_supported)
{
    static const uint32_t flags[] = {PCEP_RP_B, PCEP_RP_VSPT};
    for (size_t i = 0; i < 2; i++) {
        scene_clear(&scene);
        scene.counters = (struct handler_counters){0};
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
        cr_expect_eq(scene.session.state, SESSION_CLOSING);
        cr_expect_eq(scene.counters.replies_dropped, 1, "the other one is not computed");
        cr_expect_eq(scene.reply_count, 0);
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
    cr_assert_eq(scene.session.state, SESSION_CLOSING);
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
    cr_assert_eq(scene.session.state, SESSION_CLOSING);
}

/* ---- what the grammar refuses ---- */

Test(pcreq, a_message_without_rp_gets_one_error)
{
    scene_receive_hex(&scene, "2003 0010 0412 000c 0a00 0001 0a00 0004");
    cr_assert_eq(scene.message_count, 1);
    cr_assert(scene_message_is(&scene, 0, "2006 000c 0d10 0008 0000 0601"));
    cr_assert_eq(scene.session.state, SESSION_UP);
}

Test(pcreq, each_missing_object_has_its_error_in_one_message)
{
    scene_receive_hex(&scene, "2003 0010 0212 000c 0000 0008 0000 0005");
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

/* ---- constraints ---- */

Test(pcreq, bandwidth_keeps_away_from_narrow_links)
{
    scene_begin_request(&scene);
    scene_put_bandwidth(&scene, 500000);
    scene_put_metric(&scene, P, 0, PCEP_METRIC_TYPE_TE, 0);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(scene_label(response.ero, 0), 16004, "not by C, whose links are too narrow");
    cr_assert_eq(((const struct pcep_bandwidth *)response.bandwidth->body)->bandwidth, 500000.0F);
}

Test(pcreq, too_much_bandwidth_is_named_in_no_path)
{
    scene_begin_request(&scene);
    scene_put_bandwidth(&scene, 2e6F);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert(lists_constraints(&response));
    cr_assert_not_null(response.bandwidth);
    cr_assert_null(response.lspa);
    cr_assert_eq(response.metric_count, 0);
}

static void put_lspa(uint32_t exclude_any, uint32_t include_any, uint32_t include_all,
                     uint8_t setup_priority)
{
    const struct pcep_lspa body = {.exclude_any = exclude_any,
                                   .include_any = include_any,
                                   .include_all = include_all,
                                   .setup_priority = setup_priority,
                                   .holding_priority = 7};
    pcep_object_put(&scene.writer, PCEP_OBJECT_LSPA, P, &body);
}

Test(pcreq, affinities_choose_the_links)
{
    scene_begin_request(&scene);
    put_lspa(0, 1, 0, 3);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(response.ero->subobject_count, 2);
    cr_assert_eq(scene_label(response.ero, 0), 16003);
    cr_assert_eq(scene.last_request.include_any, 1);
    cr_assert_eq(scene.last_request.priority, 3);
    cr_assert_not_null(response.lspa);
}

Test(pcreq, affinities_that_no_path_meets_are_named)
{
    scene_begin_request(&scene);
    put_lspa(0x10, 0x20, 0x40, 3);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert(lists_constraints(&response));
    cr_assert_eq(((const struct pcep_lspa *)response.lspa->body)->include_any, 0x20);
    cr_assert_null(response.bandwidth);
    cr_assert_eq(scene.last_request.exclude_any, 0x10);
    cr_assert_eq(scene.last_request.include_all, 0x40);
}

Test(pcreq, without_lspa_the_lowest_priority_counts)
{
    scene_begin_request(&scene);
    scene_send(&scene);
    cr_assert_eq(scene.last_request.priority, 7);
}

Test(pcreq, values_that_mean_nothing_are_malformed)
{
    const float values[] = {-1.0F, (float)NAN, (float)INFINITY};
    for (size_t i = 0; i < 4; i++) {
        scene_clear(&scene);
        scene.counters = (struct handler_counters){0};
        scene.refused_count = 0;
        scene_begin_request(&scene);
        if (i < 3)
            scene_put_bandwidth(&scene, values[i]);
        else
            put_lspa(0, 0, 0, 8);
        scene_send(&scene);
        scene_expect_error(&scene, 77, 10, 11);
    }
}

/* ---- METRIC ---- */

Test(pcreq, each_metric_can_be_the_objective)
{
    static const struct {
        uint8_t type;
        enum path_metric metric;
        bool is_top; /* A-B-D */
    } cases[] = {
        {1, PATH_METRIC_IGP, true},     {2, PATH_METRIC_TE, false},   {3, PATH_METRIC_HOPS, true},
        {12, PATH_METRIC_DELAY, false}, {11, PATH_METRIC_SIDS, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scene_clear(&scene);
        scene_begin_request(&scene);
        scene_put_metric(&scene, P, 0, cases[i].type, 0);
        scene_send(&scene);
        struct pcep_response response = scene_only_response(&scene);
        cr_expect_eq(scene.last_request.metric, cases[i].metric);
        cr_expect_eq(scene.last_request.bound_mask, 0);
        cr_expect_eq(scene_label(response.ero, 0) == 16004, cases[i].is_top, "type %u",
                     cases[i].type);
        cr_expect_eq(response.metric_count, 0, "not asked to be told");
    }
}

Test(pcreq, the_first_of_several_objectives_counts)
{
    scene_begin_request(&scene);
    scene_put_metric(&scene, P, 0, PCEP_METRIC_TYPE_PATH_DELAY, 0);
    scene_put_metric(&scene, P, PCEP_METRIC_C, PCEP_METRIC_TYPE_IGP, 0);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(scene.last_request.metric, PATH_METRIC_DELAY);
    cr_assert_eq(response.metric_count, 1);
    cr_assert_eq(metric_at(&response, 0)->value, 40.0F);
}

Test(pcreq, computed_metrics_are_told_without_the_bound_flag)
{
    scene_begin_request(&scene);
    for (uint8_t type = 1; type <= 3; type++)
        scene_put_metric(&scene, P, PCEP_METRIC_C, type, 0);
    scene_put_metric(&scene, P, PCEP_METRIC_C | PCEP_METRIC_B, 12, 5000);
    scene_put_metric(&scene, P, PCEP_METRIC_C, 12, 0);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    static const float values[] = {20, 200, 2, 1000};
    static const uint8_t types[] = {1, 2, 3, 12};
    cr_assert_eq(response.metric_count, 4, "twice asked is once told");
    for (uint32_t i = 0; i < 4; i++) {
        cr_expect_eq(metric_at(&response, i)->type, types[i]);
        cr_expect_eq(metric_at(&response, i)->value, values[i]);
        cr_expect_eq(metric_at(&response, i)->flags, 0);
    }
}

Test(pcreq, bounds_bind_and_the_first_of_a_type_counts)
{
    scene_begin_request(&scene);
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_TE, 50);
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_TE, 1);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(scene_label(response.ero, 0), 16003, "by C: TE 20");
    cr_assert_eq(scene.last_request.bound_mask, 1U << PATH_METRIC_TE);
    cr_assert_eq(scene.last_request.bounds[PATH_METRIC_TE], 50.0);
}

Test(pcreq, bounds_that_no_path_meets_are_named)
{
    scene_begin_request(&scene);
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_TE, 19);
    scene_put_metric(&scene, P, 0, PCEP_METRIC_TYPE_IGP, 0);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert(lists_constraints(&response));
    cr_assert_eq(response.metric_count, 1);
    cr_assert_eq(metric_at(&response, 0)->type, 2);
    cr_assert_eq(metric_at(&response, 0)->flags, PCEP_METRIC_B);
    cr_assert_eq(metric_at(&response, 0)->value, 19.0F);
}

Test(pcreq, a_bound_that_is_no_amount_is_malformed)
{
    scene_begin_request(&scene);
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_TE, (float)NAN);
    scene_send(&scene);
    scene_expect_error(&scene, 77, 10, 11);
}

Test(pcreq, metrics_that_are_not_known_are_refused_with_p_alone)
{
    static const struct {
        uint8_t type, value;
    } cases[] = {{4, 4}, {200, 4}, {13, 5}, {14, 5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scene_fini(&scene);
        scene_init(&scene);
        scene_begin_request(&scene);
        scene_put_metric(&scene, P, 0, cases[i].type, 0);
        scene_send(&scene);
        scene_expect_error(&scene, 77, 4, cases[i].value);
        scene_clear(&scene);
        scene_begin_request(&scene);
        scene_put_metric(&scene, 0, PCEP_METRIC_C, cases[i].type, 0);
        scene_send(&scene);
        cr_expect_eq(scene_only_response(&scene).metric_count, 0);
    }
}

/* ---- SID depth ---- */

Test(pcreq, the_sessions_msd_binds)
{
    scene_begin_request(&scene);
    scene_send(&scene);
    cr_assert_eq(scene.last_request.sids_max, PEER_MSD);
}

Test(pcreq, an_unlimited_peer_has_no_msd)
{
    scene_restart(&scene, "2001 0020 0110 001c 201e 7800 0022 0010 0000 0001 0100 0000"
                          "001a 0004 0000 0105");
    scene_begin_request(&scene);
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_SID_DEPTH, 200);
    scene_send(&scene);
    cr_assert_eq(scene.last_request.sids_max, 0);
    cr_assert_eq(scene.last_request.bounds[PATH_METRIC_SIDS], 200.0);
}

Test(pcreq, the_headends_own_msd_binds_where_the_topology_knows_it)
{
    static const char unlimited[] = "2001 0020 0110 001c 201e 7800 0022 0010 0000 0001 0100 0000"
                                    "001a 0004 0000 0100";
    for (int i = 0; i < 2; i++) {
        if (i == 1)
            scene_restart(&scene, unlimited);
        scene_begin(&scene, PCEP_MESSAGE_PCREQ);
        scene_put_rp(&scene, 77, 0, PCEP_PST_SR);
        scene_put_end_points(&scene, "10.0.0.4", "10.0.0.1");
        scene_send(&scene);
        cr_expect_eq(scene.last_request.sids_max, SCENE_MSD_OF_D);
    }
}

Test(pcreq, a_depth_above_the_sessions_is_refused_at_once)
{
    scene_begin_request(&scene);
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_SID_DEPTH, PEER_MSD);
    scene_send(&scene);
    cr_assert_eq(scene.counters.replies_path, 1, "the limit itself is fine");
    scene_clear(&scene);
    scene_begin_request(&scene);
    scene_put_metric(&scene, 0, PCEP_METRIC_B, PCEP_METRIC_TYPE_SID_DEPTH, PEER_MSD + 1);
    scene_send(&scene);
    scene_expect_error(&scene, 77, 10, 9);
}

Test(pcreq, a_depth_that_no_list_meets_is_named)
{
    scene_begin_request(&scene);
    put_lspa(0, 1, 0, 3); /* by C: two labels */
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_SID_DEPTH, 1);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert(lists_constraints(&response));
    bool is_told = false;
    for (uint32_t i = 0; i < response.metric_count; i++)
        is_told |= metric_at(&response, i)->type == PCEP_METRIC_TYPE_SID_DEPTH &&
                   metric_at(&response, i)->flags == PCEP_METRIC_B &&
                   metric_at(&response, i)->value == 1.0F;
    cr_assert(is_told);
}

Test(pcreq, the_sessions_msd_is_named_when_it_is_what_binds)
{
    scene_restart(&scene, "2001 0020 0110 001c 201e 7800 0022 0010 0000 0001 0100 0000"
                          "001a 0004 0000 0001");
    scene_begin_request(&scene);
    put_lspa(0, 1, 0, 3);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert(lists_constraints(&response));
    cr_assert_eq(response.metric_count, 1);
    cr_assert_eq(metric_at(&response, 0)->type, PCEP_METRIC_TYPE_SID_DEPTH);
    cr_assert_eq(metric_at(&response, 0)->value, 1.0F);
}

Test(pcreq, the_lower_of_two_depths_is_named)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 77, 0, PCEP_PST_SR);
    scene_put_end_points(&scene, "10.0.0.4", "10.0.0.1");
    put_lspa(0, 1, 0, 3); /* by C: two labels, and D pushes one */
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_SID_DEPTH, 5);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(response.metric_count, 1);
    cr_assert_eq(metric_at(&response, 0)->value, (float)SCENE_MSD_OF_D);
}

Test(pcreq, sid_depth_means_nothing_to_rsvp_te)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 77, 0, 0);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_SID_DEPTH, 5);
    scene_send(&scene);
    scene_expect_error(&scene, 77, 4, 4);
}

/* ---- OF ---- */

static void put_of(uint8_t header_flags, uint16_t code)
{
    const struct pcep_of body = {.code = code};
    pcep_object_put(&scene.writer, PCEP_OBJECT_OF, header_flags, &body);
}

Test(pcreq, objective_functions_are_mapped)
{
    static const enum path_objective objectives[] = {PATH_MIN_METRIC, PATH_MIN_MAX_LOAD,
                                                     PATH_MAX_RESIDUAL_BANDWIDTH};
    for (uint16_t code = 1; code <= 3; code++) {
        scene_clear(&scene);
        scene_begin_request(&scene);
        put_of(P, code);
        scene_send(&scene);
        (void)scene_only_response(&scene);
        cr_expect_eq(scene.last_request.objective, objectives[code - 1]);
    }
}

Test(pcreq, an_unknown_objective_is_refused_with_p_alone)
{
    scene_begin_request(&scene);
    put_of(0, 99);
    scene_send(&scene);
    cr_assert_eq(scene.last_request.objective, PATH_MIN_METRIC);
    scene_clear(&scene);
    scene_begin_request(&scene);
    put_of(P, 99);
    scene_send(&scene);
    scene_expect_error(&scene, 77, 4, 4);
}

Test(pcreq, the_objective_that_was_applied_is_told_when_asked)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 77, PCEP_RP_OF, 1);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    put_of(0, 99);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(flags_of(response.rp), PCEP_RP_OF);
    struct pcep_message message = scene_decoded(&scene, 0);
    cr_assert_eq(message.objects[2].row->id, PCEP_OBJECT_OF);
    cr_assert_eq(((const struct pcep_of *)message.objects[2].body)->code, PCEP_OF_MCP);
    /* Not with NO-PATH, and then the flag does not claim it. */
    scene_clear(&scene);
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 77, PCEP_RP_OF, 1);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.5");
    scene_send(&scene);
    cr_assert_eq(flags_of(scene_only_response(&scene).rp), 0);
}

/* ---- what is not honoured ---- */

Test(pcreq, objects_that_are_not_honoured_are_refused_with_p_alone)
{
    static const char *const objects[] = {
        "08 10 0004",                               /* RRO */
        "0a 10 0004",                               /* IRO */
        "11 10 0008 0000 0000",                     /* XRO */
        "0e 10 000c 0000 0002 4120 0000",           /* LOAD-BALANCING */
        "28 10 0010 0000 0000 0002 0001 0a00 0001", /* ASSOCIATION */
        "05 20 0008 4120 0000",                     /* BANDWIDTH of an existing LSP */
        "22 10 000c 0000 0009 0000 0000",           /* VENDOR-INFORMATION */
    };
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        for (unsigned p = 0; p <= P; p += P) {
            uint8_t octets[64];
            scene_fini(&scene);
            scene_init(&scene);
            scene_begin_request(&scene);
            size_t size = scene_parse_hex(objects[i], octets, sizeof octets);
            octets[1] |= (uint8_t)p;
            wire_put_octets(&scene.writer, octets, size);
            scene_send(&scene);
            if (p == P)
                scene_expect_error(&scene, 77, 4, 1);
            else
                (void)scene_only_response(&scene);
        }
    }
}

Test(pcreq, unknown_objects_are_refused_with_p_alone)
{
    scene_begin_request(&scene);
    wire_put_u32(&scene.writer, 0xfe100004);
    scene_send(&scene);
    (void)scene_only_response(&scene);
    scene_clear(&scene);
    scene_begin_request(&scene);
    wire_put_u32(&scene.writer, 0xfe120004);
    scene_send(&scene);
    scene_expect_error(&scene, 77, 3, 1);
}

static void send_svec(uint8_t header_flags, uint32_t flags)
{
    const uint32_t ids[] = {1, 3};
    const struct pcep_svec svec = {.flags = flags, .request_ids = ids, .count = 2};
    scene_clear(&scene);
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    pcep_object_put(&scene.writer, PCEP_OBJECT_SVEC, header_flags, &svec);
    for (uint32_t id = 1; id <= 3; id++) {
        scene_put_rp(&scene, id, 0, 1);
        scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    }
    scene_send(&scene);
}

Test(pcreq, dependent_requests_are_refused_and_independent_ones_answered)
{
    send_svec(P, PCEP_SVEC_L);
    cr_assert_eq(scene.counters.requests_refused, 2);
    cr_assert_eq(scene.counters.replies_path, 1);
    cr_assert_eq(scene.message_count, 3);
    cr_assert(
        scene_message_is(&scene, 1, "2006 0018 0210 000c 0000 0000 0000 0003 0d10 0008 0000 0401"));
    send_svec(0, PCEP_SVEC_L);
    cr_assert_eq(scene.counters.replies_path, 4);
    send_svec(P, 0);
    cr_assert_eq(scene.counters.replies_path, 7);
}

/* ---- many requests ---- */

static void send_many(uint32_t count)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    for (uint32_t id = 1; id <= count; id++) {
        scene_put_rp(&scene, id, 0, 1);
        scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    }
    scene_send(&scene);
}

Test(pcreq, responses_share_messages_up_to_the_limit)
{
    send_many(300);
    uint32_t id = 0;
    for (size_t i = 0; i < scene.message_count; i++) {
        cr_expect_leq(scene.messages[i].size, (size_t)2048);
        if (i + 1 < scene.message_count)
            cr_expect_gt(scene.messages[i].size + 32, (size_t)2048, "no room for one more");
        struct pcep_response_list list = scene_responses(&scene, i);
        for (uint32_t k = 0; k < list.response_count; k++)
            cr_expect_eq(((const struct pcep_rp *)list.responses[k].rp->body)->request_id, ++id,
                         "in order");
    }
    cr_assert_eq(id, 300);
    cr_assert_eq(scene.message_count, 5, "63 responses of 32 octets in a message");
    cr_assert_eq(scene.counters.replies_path, 300);
}

Test(pcreq, a_response_above_the_limit_goes_alone)
{
    scene.context.reply_size_max = 40;
    send_many(3);
    cr_assert_eq(scene.message_count, 3);
    scene_clear(&scene);
    scene.context.reply_size_max = 1;
    send_many(3);
    cr_assert_eq(scene.message_count, 3);
    cr_assert_eq(scene.messages[2].size, 36);
}

Test(pcreq, the_limit_is_the_whole_message_exactly)
{
    scene.context.reply_size_max = 4 + 2 * 32;
    send_many(4);
    cr_assert_eq(scene.message_count, 2);
    scene_clear(&scene);
    scene.context.reply_size_max = 4 + 2 * 32 - 1;
    send_many(4);
    cr_assert_eq(scene.message_count, 4);
}

Test(pcreq, what_the_queue_refuses_is_not_computed)
{
    scene.room = 1;
    send_many(300);
    cr_assert_eq(scene.message_count, 1);
    cr_assert_eq(scene.counters.replies_path, 63);
    cr_assert_eq(scene.counters.replies_dropped, 300 - 63);
    cr_assert_eq(scene.reply_count, 63);
    cr_assert_eq(scene.session.state, SESSION_UP);
}

Test(pcreq, a_message_full_of_requests_is_answered)
{
    send_many(2047); /* 65,508 octets */
    cr_assert_eq(scene.counters.replies_path, 2047);
}

Test(pcreq, an_arena_that_is_full_ends_the_session)
{
    struct arena small;
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    for (uint32_t id = 1; id <= 500; id++) {
        scene_put_rp(&scene, id, 0, 1);
        scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    }
    arena_init(&small, 4096);
    scene.context.arena = &small;
    scene_send(&scene);
    scene.context.arena = &scene.arena;
    arena_fini(&small);
    cr_assert_eq(scene.session.state, SESSION_CLOSING);
    cr_assert(scene_message_is(&scene, 0, "2007 000c 0f10 0008 0000 0001"));
}

Test(pcreq, work_that_is_too_much_is_an_unavailable_pce)
{
    path_engine_destroy(scene.context.engine);
    scene.context.engine = path_engine_create(1);
    cr_assert_not_null(scene.context.engine);
    scene_begin_request(&scene);
    put_lspa(0, 1, 0, 0);
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_TE, 1000);
    scene_send(&scene);
    cr_assert_eq(scene.last_result.outcome, PATH_WORK_EXCEEDED);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(vector_at(&response), PCEP_NO_PATH_VECTOR_PCE_UNAVAILABLE);
    cr_assert_not(lists_constraints(&response));
}
