/* PCReq: what each object that asks for something means. */
#include "tests/lib/scene.h"

#include <criterion/criterion.h>
#include <math.h>

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

TestSuite(constraints, .init = set_up, .fini = tear_down);

/* ---- constraints ---- */

Test(constraints, bandwidth_keeps_away_from_narrow_links)
{
    scene_begin_request(&scene);
    scene_put_bandwidth(&scene, 500000);
    scene_put_metric(&scene, P, 0, PCEP_METRIC_TYPE_TE, 0);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(scene_label(response.ero, 0), 16004, "not by C, whose links are too narrow");
    cr_assert_eq(((const struct pcep_bandwidth *)scene_there(response.bandwidth)->body)->bandwidth,
                 500000.0F);
}

Test(constraints, too_much_bandwidth_is_named_in_no_path)
{
    scene_begin_request(&scene);
    scene_put_bandwidth(&scene, 2e6F);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert(scene_lists_constraints(&response));
    cr_assert_not_null(response.bandwidth);
    cr_assert_null(response.lspa);
    cr_assert_eq(response.metric_count, 0);
}

Test(constraints, affinities_choose_the_links)
{
    scene_begin_request(&scene);
    scene_put_lspa(&scene, 0, 1, 0, 3);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(pcep_subobjects_of(response.ero).count, 2);
    cr_assert_eq(scene_label(response.ero, 0), 16003);
    cr_assert_eq(scene.last_request.include_any, 1);
    cr_assert_eq(scene.last_request.priority, 3);
    cr_assert_not_null(response.lspa);
}

Test(constraints, affinities_that_no_path_meets_are_named)
{
    scene_begin_request(&scene);
    scene_put_lspa(&scene, 0x10, 0x20, 0x40, 3);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert(scene_lists_constraints(&response));
    cr_assert_eq(((const struct pcep_lspa *)scene_there(response.lspa)->body)->include_any, 0x20);
    cr_assert_null(response.bandwidth);
    cr_assert_eq(scene.last_request.exclude_any, 0x10);
    cr_assert_eq(scene.last_request.include_all, 0x40);
}

/* RFC 5440 7.11 */
Test(constraints, without_lspa_setup_is_at_priority_0)
{
    scene_begin_request(&scene);
    scene_send(&scene);
    cr_assert_eq(scene.last_request.priority, 0);
}

Test(constraints, values_that_mean_nothing_are_malformed)
{
    const float values[] = {-1.0F, (float)NAN, (float)INFINITY};
    for (size_t i = 0; i < 4; i++) {
        scene_clear(&scene);
        scene.counters = (struct request_counters){0};
        scene.refused_count = 0;
        scene_begin_request(&scene);
        if (i < 3)
            scene_put_bandwidth(&scene, values[i]);
        else
            scene_put_lspa(&scene, 0, 0, 0, 8);
        scene_send(&scene);
        scene_expect_error(&scene, 77, 10, 11);
    }
}

/* ---- METRIC ---- */

Test(constraints, each_metric_can_be_the_objective)
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

Test(constraints, the_first_of_several_objectives_counts)
{
    scene_begin_request(&scene);
    scene_put_metric(&scene, P, 0, PCEP_METRIC_TYPE_PATH_DELAY, 0);
    scene_put_metric(&scene, P, PCEP_METRIC_C, PCEP_METRIC_TYPE_IGP, 0);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(scene.last_request.metric, PATH_METRIC_DELAY);
    cr_assert_eq(response.metric_count, 1);
    cr_assert_eq(scene_metric(&response, 0)->value, 40.0F);
}

Test(constraints, computed_metrics_are_told_without_the_bound_flag)
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
        cr_expect_eq(scene_metric(&response, i)->type, types[i]);
        cr_expect_eq(scene_metric(&response, i)->value, values[i]);
        cr_expect_eq(scene_metric(&response, i)->flags, 0);
    }
}

Test(constraints, bounds_bind_and_the_first_of_a_type_counts)
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

Test(constraints, bounds_that_no_path_meets_are_named)
{
    scene_begin_request(&scene);
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_TE, 19);
    scene_put_metric(&scene, P, 0, PCEP_METRIC_TYPE_IGP, 0);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert(scene_lists_constraints(&response));
    cr_assert_eq(response.metric_count, 1);
    cr_assert_eq(scene_metric(&response, 0)->type, 2);
    cr_assert_eq(scene_metric(&response, 0)->flags, PCEP_METRIC_B);
    cr_assert_eq(scene_metric(&response, 0)->value, 19.0F);
}

Test(constraints, a_bound_that_is_no_amount_is_malformed)
{
    scene_begin_request(&scene);
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_TE, (float)NAN);
    scene_send(&scene);
    scene_expect_error(&scene, 77, 10, 11);
}

Test(constraints, metrics_that_are_not_known_are_refused_with_p_alone)
{
    static const struct {
        uint8_t type, value;
    } cases[] = {{4, 4},  {127, 4}, {15, 5}, {16, 5}, {17, 5},  {18, 4},
                 {21, 4}, {23, 5},  {25, 5}, {26, 4}, {128, 5}, {255, 5}};
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

Test(constraints, the_sessions_msd_binds)
{
    scene_begin_request(&scene);
    scene_send(&scene);
    cr_assert_eq(scene.last_request.sids_max, PEER_MSD);
}

Test(constraints, an_unlimited_peer_has_no_msd)
{
    scene_restart(&scene, "2001 0020 0110 001c 201e 7800 0022 0010 0000 0001 0100 0000"
                          "001a 0004 0000 0105");
    scene_begin_request(&scene);
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_SID_DEPTH, 200);
    scene_send(&scene);
    cr_assert_eq(scene.last_request.sids_max, 0);
    cr_assert_eq(scene.last_request.bounds[PATH_METRIC_SIDS], 200.0);
}

Test(constraints, the_headends_own_msd_binds_where_the_topology_knows_it)
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

Test(constraints, a_depth_above_the_sessions_is_refused_at_once)
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

Test(constraints, a_depth_that_no_list_meets_is_named)
{
    scene_begin_request(&scene);
    scene_put_lspa(&scene, 0, 1, 0, 3); /* by C: two labels */
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_SID_DEPTH, 1);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert(scene_lists_constraints(&response));
    bool is_told = false;
    for (uint32_t i = 0; i < response.metric_count; i++)
        is_told |= scene_metric(&response, i)->type == PCEP_METRIC_TYPE_SID_DEPTH &&
                   scene_metric(&response, i)->flags == PCEP_METRIC_B &&
                   scene_metric(&response, i)->value == 1.0F;
    cr_assert(is_told);
}

/* RFC 5440 7.5: what is named besides is told, and no METRIC that the request did not have. */
Test(constraints, the_sessions_msd_is_not_named_when_it_is_what_binds)
{
    scene_restart(&scene, "2001 0020 0110 001c 201e 7800 0022 0010 0000 0001 0100 0000"
                          "001a 0004 0000 0001");
    scene_begin_request(&scene);
    scene_put_lspa(&scene, 0, 1, 0, 3);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert(scene_lists_constraints(&response));
    cr_assert_not_null(response.lspa);
    cr_assert_eq(response.metric_count, 0);
}

Test(constraints, sid_depth_means_nothing_to_rsvp_te)
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

Test(constraints, objective_functions_are_mapped)
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

Test(constraints, an_unknown_objective_is_refused_with_p_alone)
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

Test(constraints, the_objective_that_was_applied_is_told_when_asked)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 77, PCEP_RP_OF, 1);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    put_of(0, 99);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(scene_rp_flags(response.rp), PCEP_RP_OF);
    struct pcep_message message = scene_decoded(&scene, 0);
    cr_assert_eq(message.objects[2].row->id, PCEP_OBJECT_OF);
    cr_assert_eq(((const struct pcep_of *)message.objects[2].body)->code, PCEP_OF_MCP);
    /* Not with NO-PATH, and then the flag does not claim it. */
    scene_clear(&scene);
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 77, PCEP_RP_OF, 1);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.5");
    scene_send(&scene);
    cr_assert_eq(scene_rp_flags(scene_only_response(&scene).rp), 0);
}

/* ---- what is not honoured ---- */

Test(constraints, objects_that_are_not_honoured_are_refused_with_p_alone)
{
    static const char *const objects[] = {
        "08 10 0004",                               /* RRO */
        "0a 10 0004",                               /* IRO */
        "11 10 0008 0000 0000",                     /* XRO */
        "0e 10 000c 0000 0002 4120 0000",           /* LOAD-BALANCING */
        "28 10 0010 0000 0000 0003 0001 0a00 0001", /* ASSOCIATION */
        "05 20 0008 4120 0000",                     /* BANDWIDTH of an existing LSP */
        "22 10 000c 0000 0009 0000 0000",           /* VENDOR-INFORMATION */
    };
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        for (unsigned p = 0; p <= P; p += P) {
            uint8_t octets[64];
            scene_fini(&scene);
            scene_init(&scene);
            scene_begin_request(&scene);
            size_t size = session_owner_parse_hex(objects[i], octets, sizeof octets);
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

Test(constraints, unknown_objects_are_refused_with_p_alone)
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
