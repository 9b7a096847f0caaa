/* NO-PATH: each kind of constraint that cannot be met, in the note that is kept of an answer and in
 * the objects of the reply, computed and out of the cache. */
#include "core/requests/metric.h"
#include "tests/lib/scene.h"

#include <criterion/criterion.h>
#include <string.h>

#define P PCEP_OBJECT_FLAG_P

static struct scene scene;

static void set_up(void)
{
    scene_init(&scene);
    scene_keep_replies(&scene);
}

static void tear_down(void)
{
    scene_check_counters(&scene);
    scene_fini(&scene);
}

TestSuite(unmet, .init = set_up, .fini = tear_down);

#define BOUND(metric) UNMET_BIT(UNMET_BOUND + PATH_METRIC_##metric)

static void put_bound(uint8_t type, float value)
{
    scene_put_metric(&scene, P, PCEP_METRIC_B, type, value);
}

/* Asks what was begun until the answer is known; each answer has this set. */
static struct pcep_response ask(uint32_t unmet)
{
    static uint8_t request[512];
    pcep_message_close(&scene.writer, 0);
    size_t size = wire_written(&scene.writer);
    cr_assert_leq(size, sizeof request);
    memcpy(request, scene.request, size);
    unsigned cached = scene.cached_count;
    for (unsigned i = 0; i < 3; i++) {
        scene_clear(&scene);
        scene.last_note.unmet = UINT16_MAX;
        scene_receive(&scene, request, size);
        cr_expect_eq(scene.last_note.unmet, unmet, "answer %u: 0x%x", i, scene.last_note.unmet);
        cr_expect_eq(scene.last_note.outcome, PATH_NONE);
    }
    cr_expect_eq(scene.cached_count, cached + 1);
    return scene_only_response(&scene);
}

static void expect_bound(uint8_t type, float value)
{
    cr_expect_eq(scene.last_bounds[metric_of_type(type)], value);
}

/* ---- the scene's network ---- */

Test(unmet, bandwidth)
{
    scene_begin_request(&scene);
    scene_put_bandwidth(&scene, 2e6F);
    struct pcep_response response = ask(UNMET_BIT(UNMET_BANDWIDTH));
    cr_expect(scene_lists_constraints(&response));
    cr_expect_not_null(response.bandwidth);
}

Test(unmet, affinities)
{
    scene_begin_request(&scene);
    scene_put_lspa(&scene, 0x10, 0x20, 0x40, 3);
    struct pcep_response response = ask(UNMET_BIT(UNMET_AFFINITIES));
    cr_expect_not_null(response.lspa);
}

Test(unmet, each_bound_with_its_metric)
{
    static const struct {
        uint8_t type;
        float value;
        uint32_t unmet;
    } cases[] = {
        {PCEP_METRIC_TYPE_IGP, 19, BOUND(IGP)},
        {PCEP_METRIC_TYPE_TE, 19.5F, BOUND(TE)},
        {PCEP_METRIC_TYPE_HOP_COUNT, 1, BOUND(HOPS)},
        {PCEP_METRIC_TYPE_PATH_DELAY, 199, BOUND(DELAY)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        scene_begin_request(&scene);
        put_bound(cases[i].type, cases[i].value);
        struct pcep_response response = ask(cases[i].unmet);
        cr_assert_eq(response.metric_count, 1);
        cr_expect_eq(scene_metric(&response, 0)->type, cases[i].type);
        expect_bound(cases[i].type, cases[i].value);
    }
}

Test(unmet, several_at_a_time)
{
    scene_begin_request(&scene);
    scene_put_bandwidth(&scene, 2e6F);
    put_bound(PCEP_METRIC_TYPE_TE, 19);
    put_bound(PCEP_METRIC_TYPE_IGP, 5);
    struct pcep_response response = ask(UNMET_BIT(UNMET_BANDWIDTH) | BOUND(TE) | BOUND(IGP));
    cr_expect_eq(response.metric_count, 2);
    expect_bound(PCEP_METRIC_TYPE_TE, 19);
    expect_bound(PCEP_METRIC_TYPE_IGP, 5);
}

Test(unmet, nothing_where_nothing_leads_there)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 77, 0, PCEP_PST_SR);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.5");
    scene_put_bandwidth(&scene, 1);
    struct pcep_response response = ask(0);
    cr_expect_not(scene_lists_constraints(&response));
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 77, 0, PCEP_PST_SR);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.99");
    scene_put_bandwidth(&scene, 1);
    (void)ask(0);
}

Test(unmet, nothing_of_a_search_that_was_given_up)
{
    const struct path_request request = {.bandwidth = 1};
    const struct path_result given_up = {.outcome = PATH_WORK_EXCEEDED,
                                         .unsatisfied = PATH_CONSTRAINT_BANDWIDTH};
    const struct path_result found = {.outcome = PATH_FOUND,
                                      .unsatisfied = PATH_CONSTRAINT_BANDWIDTH};
    cr_expect_eq(unmet_of_result(&request, &given_up), 0);
    cr_expect_eq(unmet_of_result(&request, &found), 0);
}

/* ---- what needs a network of its own ---- */

static void begin(int pst, const char *destination)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 77, 0, pst);
    scene_put_end_points(&scene, "192.0.2.1", destination);
}

Test(unmet, protection_that_is_mandatory)
{
    scene_use_network(&scene, "defaults: {srgb: {base: 16000, size: 8000}}\n"
                              "nodes:\n"
                              "- {name: R1, router-id: 192.0.2.1}\n"
                              "- {name: R2, router-id: 192.0.2.2}\n"
                              "links:\n"
                              "- {from: R1, to: R2, adj-sids: [{label: 24000}]}\n");
    begin(PCEP_PST_SR, "192.0.2.2");
    const struct pcep_lspa body = {.flags = PCEP_LSPA_L | PCEP_LSPA_E};
    pcep_object_put(&scene.writer, PCEP_OBJECT_LSPA, P, &body);
    struct pcep_response response = ask(UNMET_BIT(UNMET_PROTECTION));
    cr_expect(scene_lists_constraints(&response));
    cr_expect_not_null(response.lspa);
}

Test(unmet, strict_hops_of_the_family)
{
    scene_use_network(&scene, "nodes:\n"
                              "- {name: R1, router-id: 192.0.2.1, router-id-v6: \"2001:db8::1\"}\n"
                              "- {name: R2, router-id: 192.0.2.2, router-id-v6: \"2001:db8::2\"}\n"
                              "- {name: R3, router-id: 192.0.2.3}\n"
                              "links:\n"
                              "- {from: R1, to: R3, addresses: [198.51.100.0, 198.51.100.1]}\n"
                              "- {from: R3, to: R2, addresses: [198.51.100.2, 198.51.100.3]}\n");
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 77, 0, PCEP_PST_RSVP_TE);
    scene_put_end_points(&scene, "2001:db8::1", "2001:db8::2");
    struct pcep_response response = ask(UNMET_BIT(UNMET_STRICT_HOPS));
    cr_expect_not(scene_lists_constraints(&response), "no object says it");
}

/* ---- SID depth ---- */

#define OPEN_WITH_MSD(flags_and_msd)                                                               \
    "2001 0020 0110 001c 201e 7800 0022 0010 0000 0001 0100 0000 001a 0004 0000 " flags_and_msd
#define UNLIMITED "0100"

/* From R1 to R3 two labels: no node has a prefix SID. R2, which leads on to R4, pushes one only.
 * The link to R5 has no SID either. */
static void use_chain(void)
{
    scene_use_network(&scene, "nodes:\n"
                              "- {name: R1, router-id: 192.0.2.1}\n"
                              "- {name: R2, router-id: 192.0.2.2, node-msd: 1}\n"
                              "- {name: R3, router-id: 192.0.2.3}\n"
                              "- {name: R4, router-id: 192.0.2.4}\n"
                              "- {name: R5, router-id: 192.0.2.5}\n"
                              "links:\n"
                              "- {from: R1, to: R2, adj-sids: [{label: 24012}]}\n"
                              "- {from: R2, to: R3, adj-sids: [{label: 24023}]}\n"
                              "- {from: R3, to: R4, adj-sids: [{label: 24034}]}\n"
                              "- {from: R4, to: R5}\n");
}

/* RFC 5440 7.5, 7.8: no METRIC that was not asked, and C is clear when nothing else is named. */
Test(unmet, a_sessions_msd_is_no_metric_of_the_request)
{
    scene_restart(&scene, OPEN_WITH_MSD("0001"));
    use_chain();
    begin(PCEP_PST_SR, "192.0.2.3");
    struct pcep_response response = ask(UNMET_BIT(UNMET_SID_DEPTH));
    cr_expect_eq(scene.last_note.sids_max, 1);
    cr_expect_eq(response.metric_count, 0);
    cr_expect_not(scene_lists_constraints(&response));
}

/* A METRIC of another value than the one that was asked says that a path exists for it (7.5). */
Test(unmet, a_bound_above_the_headends_msd_is_not_told_and_has_no_other_value)
{
    use_chain();
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 77, 0, PCEP_PST_SR);
    scene_put_end_points(&scene, "192.0.2.2", "192.0.2.4");
    put_bound(PCEP_METRIC_TYPE_SID_DEPTH, 5);
    struct pcep_response response = ask(UNMET_BIT(UNMET_SID_DEPTH));
    cr_expect_eq(scene.last_note.sids_max, 1);
    cr_expect_eq(response.metric_count, 0);
    cr_expect_not(scene_lists_constraints(&response));
}

/* RFC 8664 4.5 */
Test(unmet, a_bound_on_the_depth_below_the_msd_is_told_as_asked)
{
    use_chain();
    begin(PCEP_PST_SR, "192.0.2.3");
    put_bound(PCEP_METRIC_TYPE_SID_DEPTH, 1.5F);
    struct pcep_response response = ask(BOUND(SIDS));
    cr_expect(scene_lists_constraints(&response));
    cr_assert_eq(response.metric_count, 1);
    cr_expect_eq(scene_metric(&response, 0)->type, PCEP_METRIC_TYPE_SID_DEPTH);
    cr_expect_eq(scene_metric(&response, 0)->flags, PCEP_METRIC_B);
    cr_expect_eq(scene_metric(&response, 0)->value, 1.5F);
    expect_bound(PCEP_METRIC_TYPE_SID_DEPTH, 1.5F);
}

Test(unmet, a_bound_on_the_depth_binds_where_there_is_no_msd)
{
    scene_restart(&scene, OPEN_WITH_MSD(UNLIMITED));
    use_chain();
    begin(PCEP_PST_SR, "192.0.2.3");
    put_bound(PCEP_METRIC_TYPE_SID_DEPTH, 1);
    (void)ask(BOUND(SIDS));
    expect_bound(PCEP_METRIC_TYPE_SID_DEPTH, 1);
    cr_expect_eq(scene.last_note.sids_max, 0);
}

/* No depth helps where a link has no SID. */
Test(unmet, a_list_that_is_missing_is_neither_a_bound_nor_an_msd)
{
    use_chain();
    begin(PCEP_PST_SR, "192.0.2.5");
    put_bound(PCEP_METRIC_TYPE_SID_DEPTH, 1);
    struct pcep_response response = ask(UNMET_BIT(UNMET_SID_LIST));
    cr_expect_eq(response.metric_count, 0);
    cr_expect_not(scene_lists_constraints(&response));
    begin(PCEP_PST_SR, "192.0.2.5");
    (void)ask(UNMET_BIT(UNMET_SID_LIST));
}

/* ---- names ---- */

Test(unmet, every_one_has_a_name_of_its_own)
{
    for (unsigned i = 0; i < UNMET_COUNT; i++) {
        cr_assert_not_null(unmet_name(i));
        for (unsigned k = 0; k < i; k++)
            cr_expect_str_neq(unmet_name(i), unmet_name(k));
    }
    cr_expect_str_eq(unmet_name(UNMET_BANDWIDTH), "bandwidth");
    cr_expect_str_eq(unmet_name(UNMET_BOUND + PATH_METRIC_DELAY), "bound on delay");
}

Test(unmet, metrics_have_a_word_and_a_type)
{
    for (unsigned i = 0; i < PATH_METRIC_COUNT; i++) {
        enum path_metric metric = (enum path_metric)i;
        cr_expect_eq(metric_of_type(metric_type(metric)), metric);
        cr_expect_eq(metric_of_word(metric_word(metric)), metric);
    }
    cr_expect_eq(metric_of_type(PCEP_METRIC_TYPE_P2MP_PATH_LOSS), PATH_METRIC_COUNT);
    cr_expect_eq(metric_of_word("best"), PATH_METRIC_COUNT);
}

/* ---- bounds of a response ---- */

Test(unmet, bounds_are_read_of_whole_metrics_with_b_alone)
{
    static const struct {
        const char *hex;
        float te;
    } cases[] = {
        {"0210 000c 0000 0000 0000 0005 0310 0008 0080 0000 0610 000c 0000 0102 4198 0000", 19},
        {"0610 000c 0000 0002 4198 0000", -1},      /* B is clear */
        {"0610 000c 0000 0111 4198 0000", -1},      /* another type */
        {"0710 000c 0000 0102 4198 0000", -1},      /* another object */
        {"0610 000c 0000 0102 4198", -1},           /* cut */
        {"0610 0003 0610 000c 0000 0102 4198", -1}, /* no length of an object */
        {"0610 0008 0000 0102", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t octets[64];
        float bounds[PATH_METRIC_COUNT] = {[PATH_METRIC_TE] = -1};
        size_t size = session_owner_parse_hex(cases[i].hex, octets, sizeof octets);
        unmet_read_bounds((struct wire_span){octets, size}, bounds);
        cr_expect_eq(bounds[PATH_METRIC_TE], cases[i].te, "case %zu", i);
    }
}
