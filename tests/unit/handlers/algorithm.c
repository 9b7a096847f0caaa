/* SR-Algorithms (RFC 9933): in reports and requests, with the capability and without it. */
#include "tests/lib/scene.h"

#include <criterion/criterion.h>

static struct scene scene;

static void set_up(void)
{
    scene_init(&scene);
    scene.config.srv6 = true;
}

static void tear_down(void)
{
    scene_check_counters(&scene);
    scene_fini(&scene);
}

TestSuite(algorithm, .init = set_up, .fini = tear_down);

/* Setup types 0, 1 and 3; with the S flag of the one capability, and of the other. */
#define OPEN(sr, srv6)                                                                             \
    "2001 0030 0110 002c 201e 7800 0010 0004 0000 0005 0022 0018 0000 0003 0001 0300"              \
    "001a 0004 0000 " sr "0a 001b 0004 0000 00" srv6
#define NEITHER    OPEN("00", "00")
#define SR_ALONE   OPEN("04", "00")
#define SRV6_ALONE OPEN("00", "04")

#define SRP(pst)  "2110 0014 0000 0000 0000 0009 001c 0004 0000 00" pst
#define LSP       "2010 0010 0000 1002 0011 0004 5031 5031"
#define ERO       "0710 000c 2408 0009 03e8 a000"
#define ERO_A     "0710 0010 240c 0019 03e8 a000 0000 0080"
#define RRO_A     "0810 0010 240c 0019 03e8 a000 0000 0080"
#define ERO_V6_A  "0710 001c 2818 0012 0080 0000 2001 0db8 0000 0000 0000 0000 0000 0001"
#define LSPA_A    "0910 001c 0000 0000 0000 0000 0000 0000 0707 0000 0042 0004 0000 0080"
#define NO_ACCESS "2006 0018 2110 000c 0000 0000 0000 0009 0d10 0008 0000 1321"

struct report_case {
    const char *report;
    bool with_sr;
    bool with_srv6;
};

static bool is_taken(const char *open, const char *report)
{
    scene_restart(&scene, open);
    scene_clear(&scene);
    uint64_t before = scene.handled.reports;
    scene_receive_hex(&scene, report);
    bool is_refused = scene.message_count == 1 && scene_message_is(&scene, 0, NO_ACCESS);
    cr_expect(scene.handled.reports == before + (is_refused ? 0 : 1), "%s", report);
    cr_expect_eq(scene.owner.session.state, SESSION_UP);
    return !is_refused;
}

/* RFC 9933 5: each kind of segment, and the constraint of its setup type, by its own capability. */
Test(algorithm, reports_may_name_one_with_the_capability_alone)
{
    static const struct report_case cases[] = {
        {"200a 0038" SRP("01") LSP ERO_A, true, false},
        {"200a 0044" SRP("01") LSP ERO RRO_A, true, false},
        {"200a 0044" SRP("03") LSP ERO_V6_A, false, true},
        {"200a 0050" SRP("01") LSP ERO LSPA_A, true, false},
        {"200a 0050" SRP("03") LSP ERO LSPA_A, false, true},
        {"200a 0034" SRP("01") LSP ERO, true, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool has_none = cases[i].with_sr && cases[i].with_srv6;
        cr_expect_eq(is_taken(NEITHER, cases[i].report), has_none, "case %zu", i);
        cr_expect_eq(is_taken(SR_ALONE, cases[i].report), cases[i].with_sr, "case %zu", i);
        cr_expect_eq(is_taken(SRV6_ALONE, cases[i].report), cases[i].with_srv6, "case %zu", i);
    }
}

Test(algorithm, one_report_that_may_not_harms_no_other)
{
    scene_restart(&scene, NEITHER);
    scene_clear(&scene);
    scene_receive_hex(&scene, "200a 0098" SRP("01") LSP ERO SRP("01") LSP ERO_A SRP("01") LSP ERO);
    cr_expect_eq(scene.handled.reports, 2);
    cr_expect_eq(scene.handled.reports_refused, 1);
    cr_expect(scene_message_is(&scene, 0, NO_ACCESS));
}

static void ask(uint8_t algorithm, uint8_t flags)
{
    const struct pcep_lspa lspa = {.setup_priority = 7, .holding_priority = 7};
    const struct pcep_sr_algorithm constraint = {.flags = flags, .algorithm = algorithm};
    scene_clear(&scene);
    scene.counters = (struct request_counters){0};
    scene.refused_count = 0;
    scene_begin_request(&scene);
    size_t object = pcep_object_open(&scene.writer, PCEP_OBJECT_LSPA, PCEP_OBJECT_FLAG_P, &lspa);
    pcep_tlv_put(&scene.writer, PCEP_TLV_SR_ALGORITHM, &constraint);
    pcep_object_close(&scene.writer, object);
    scene_send(&scene);
}

/* RFC 9933 4.4, 5.2 */
Test(algorithm, a_constraint_is_met_or_refused_and_never_dropped)
{
    static const struct {
        uint8_t algorithm;
        uint8_t flags;
        enum { PATH, NO_PATH, REFUSED } answer;
    } cases[] = {
        {0, 0, PATH},      {0, 1, PATH},      {1, 0, REFUSED}, {1, 1, REFUSED},
        {127, 0, REFUSED}, {128, 1, NO_PATH}, {128, 0, PATH},  {255, 0, PATH},
    };
    scene_restart(&scene, SR_ALONE);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ask(cases[i].algorithm, cases[i].flags);
        if (cases[i].answer == REFUSED) {
            scene_expect_error(&scene, 77, 19, 34);
            continue;
        }
        struct pcep_response response = scene_only_response(&scene);
        cr_expect_eq(response.ero != NULL, cases[i].answer == PATH, "%u", cases[i].algorithm);
    }
}

Test(algorithm, a_constraint_needs_the_capability)
{
    scene_restart(&scene, SRV6_ALONE);
    ask(0, 0);
    scene_expect_error(&scene, 77, 19, 33);
}

/* What one session may ask is not answered to another that may not. */
Test(algorithm, an_answer_that_is_kept_is_that_of_a_session_with_the_capability)
{
    scene_keep_replies(&scene);
    scene_restart(&scene, SR_ALONE);
    for (unsigned i = 0; i < 3; i++) {
        ask(0, 0);
        cr_expect_not_null(scene_only_response(&scene).ero);
    }
    cr_expect_eq(scene.counters.replies_cached, 1);
    scene_restart(&scene, NEITHER);
    ask(0, 0);
    scene_expect_error(&scene, 77, 19, 33);
}
