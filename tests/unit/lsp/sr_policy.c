/* SR policies: what the association of an LSP says of its policy, and of its ends. */
#include "core/lsp/sr_policy.h"

#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "tests/lib/lsp_reports.h"
#include "tests/unit/lsp/order_support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct lsp_rig rig;
static struct lsp_pcc *pcc;

static void set_up(void)
{
    const struct lsp_limits limits = {.lsps_max = 10,
                                      .lsps_per_pcc_max = 10,
                                      .octets_max = UINT64_MAX,
                                      .stale_s = 60,
                                      .record_max = 100};
    lsp_rig_init(&rig, &limits);
    pcc = lsp_rig_up(&rig, 1, true);
}

static void tear_down(void)
{
    lsp_rig_fini(&rig);
}

TestSuite(sr_policy, .init = set_up, .fini = tear_down, .timeout = 20);

#define IDENTIFIERS "0012 0010 c000 0201 0000 0000 c000 0201 c000 0263" /* to 192.0.2.99 */
#define UNSPECIFIED "0012 0010 0000 0000 0000 0000 0000 0000 0000 0000"
#define KEY         "001f 0008 0000 0064 c000 0209" /* colour 100, 192.0.2.9 */
#define KEY_V6      "001f 0014 0000 0064 2001 0db8 0000 0000 0000 0000 0000 0009"
#define KEY_OLD     "ffe3 0008 0000 0064 c000 0209"
#define KEY_ODD     "001f 0004 0000 0064"
#define PATH_ID     "001c 1e00 0000 0000 fde8 0000 0000 0000 0000 0000 0000 c000 0201 0000 0007"
#define PREFERENCE  "0004 0000 00c8"
#define POLICY_NAME "0038 0004 676f 6c64"
#define PATH_NAME   "003a 0003 6f6e 6500"

static char report_text[1024];

/* A report of "pol" with these TLVs behind its name, and an association of this type with those. */
static enum pce_status report_of(const char *lsp_tlvs, const char *type, const char *tlvs)
{
    const size_t lsp = hex_octets(lsp_tlvs).size + 16;
    const size_t group = hex_octets(tlvs).size + 16;
    (void)snprintf(report_text, sizeof report_text,
                   "200a %04zx 2110 0014 0000 0000 0000 0000 001c 0004 0000 0001"
                   "2010 %04zx 0000 1009 0011 0003 706f 6c00 %s"
                   "2810 %04zx 0000 0000 %s 0001 c000 0201 %s 0710 000c 2408 0009 03e8 a000",
                   4 + 20 + lsp + group + 12, lsp, lsp_tlvs, group, type, tlvs);
    return lsp_rig_take(&rig, pcc, hex_octets(report_text));
}

static const struct lsp *take(const char *lsp_tlvs, const char *type, const char *tlvs)
{
    cr_assert_eq(report_of(lsp_tlvs, type, tlvs), PCE_OK, "%s", rig.fault.reason);
    return lsp_pcc_find_plsp_id(pcc, 1);
}

static void expect_end(const struct ip *end, const char *text)
{
    char format[IP_TEXT_SIZE];
    cr_expect_str_eq(end->family == IP_NONE ? "none" : ip_format(end, format), text);
}

Test(sr_policy, all_that_the_association_says_is_read)
{
    struct sr_policy policy;
    const struct lsp *lsp =
        take("", "0006", KEY "0039" PATH_ID "003b" PREFERENCE POLICY_NAME PATH_NAME);
    cr_assert(sr_policy_of(lsp, &policy));
    cr_expect_eq(policy.color, 100);
    cr_expect_eq(policy.preference, 200);
    cr_expect(policy.has_path_id);
    cr_expect_eq(policy.origin, 30);
    cr_expect_eq(policy.originator_as, 65000);
    cr_expect_eq(policy.discriminator, 7);
    expect_end(&policy.originator, "192.0.2.1");
    expect_end(&policy.headend, "192.0.2.1");
    expect_end(&policy.endpoint, "192.0.2.9");
    cr_expect_eq(policy.policy_name.size, 4);
    cr_expect_eq(memcmp(policy.policy_name.octets, "gold", 4), 0);
    cr_expect_eq(memcmp(policy.path_name.octets, "one", 3), 0);
}

Test(sr_policy, what_is_left_out_has_its_default)
{
    struct sr_policy policy;
    cr_assert(sr_policy_of(take("", "0006", KEY "0039" PATH_ID), &policy));
    cr_expect_eq(policy.preference, SR_POLICY_PREFERENCE);
    cr_expect_null(policy.policy_name.octets);
    cr_expect_null(policy.path_name.octets);
}

Test(sr_policy, the_forms_before_the_rfc_are_read_too)
{
    struct sr_policy policy;
    cr_assert(sr_policy_of(take("", "0014", KEY "003b" PREFERENCE), &policy));
    cr_expect_eq(policy.preference, 200);
    tear_down();
    set_up();
    cr_assert(sr_policy_of(take("", "ffe1", KEY_OLD "ffe4" PATH_ID "ffe5" PREFERENCE), &policy));
    cr_expect_eq(policy.color, 100);
    cr_expect_eq(policy.discriminator, 7);
    cr_expect_eq(policy.preference, 200);
    expect_end(&policy.endpoint, "192.0.2.9");
}

Test(sr_policy, an_lsp_of_other_groups_is_none)
{
    struct sr_policy policy;
    cr_assert_not(sr_policy_of(take(IDENTIFIERS, "0001", ""), &policy));
}

struct ends_case {
    const char *lsp_tlvs;
    const char *key;
    const char *source;
    const char *destination;
};

Test(sr_policy, ends_are_those_of_the_identifiers_else_of_the_policy)
{
    static const struct ends_case cases[] = {
        {IDENTIFIERS, KEY, "192.0.2.1", "192.0.2.99"},
        {"", KEY, "192.0.2.1", "192.0.2.9"},
        {UNSPECIFIED, KEY, "192.0.2.1", "192.0.2.9"},
        {"", KEY_V6, "192.0.2.1", "2001:db8::9"},
        {"", KEY_ODD, "192.0.2.1", "none"}, /* an endpoint of no octets */
        {UNSPECIFIED, KEY_ODD, "192.0.2.1", "0.0.0.0"},
        {"", "", "192.0.2.1", "none"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char tlvs[512];
        tear_down();
        set_up();
        (void)snprintf(tlvs, sizeof tlvs, "%s 0039 %s", cases[i].key, PATH_ID);
        const struct lsp_ends ends = lsp_ends_of(take(cases[i].lsp_tlvs, "0006", tlvs));
        expect_end(&ends.source, cases[i].source);
        expect_end(&ends.destination, cases[i].destination);
    }
}

#define OTHER_KEY "001f 0008 0000 0065 c000 0209" /* colour 101 */
#define OTHER_ID  "001c 1e00 0000 0000 fde8 0000 0000 0000 0000 0000 0000 c000 0201 0000 0008"

Test(sr_policy, within_a_session_an_lsp_stays_the_candidate_path_that_it_is)
{
    (void)take("", "0006", KEY "0039" PATH_ID);
    (void)take("", "0006", KEY "0039" PATH_ID "003b" PREFERENCE); /* that may change */
    cr_assert_eq(report_of("", "0006", OTHER_KEY "0039" PATH_ID), PCE_INVALID);
    cr_assert_eq(pcep_fault_error(&rig.fault), PCEP_ERROR_SR_POLICY_ID_MISMATCH);
    cr_assert_eq(report_of("", "0006", KEY "0039" OTHER_ID), PCE_INVALID);
    cr_assert_eq(pcep_fault_error(&rig.fault), PCEP_ERROR_SR_POLICY_PATH_ID_MISMATCH);
    (void)take("", "0006", KEY "0039" PATH_ID);
}

Test(sr_policy, the_next_session_may_say_otherwise)
{
    (void)take("", "0006", KEY "0039" PATH_ID);
    cr_assert(lsp_db_on_end_of_sync(&rig.db, pcc, rig.now));
    lsp_db_on_down(&rig.db, pcc, rig.now);
    pcc = lsp_rig_up(&rig, 1, true);
    (void)take("", "0006", OTHER_KEY "0039" OTHER_ID);
}

Test(sr_policy, an_lsp_may_leave_its_policy_for_another)
{
    struct sr_policy policy;
    (void)take("", "0006", KEY "0039" PATH_ID);
    const char *leave = "200a 0048 2110 0014 0000 0000 0000 0000 001c 0004 0000 0001"
                        "2010 0008 0000 1009 2810 001c 0000 0001 0006 0001 c000 0201" KEY
                        "0710 000c 2408 0009 03e8 a000";
    cr_assert_eq(lsp_rig_take(&rig, pcc, hex_octets(leave)), PCE_OK, "%s", rig.fault.reason);
    cr_assert(sr_policy_of(take("", "0006", OTHER_KEY "0039" OTHER_ID), &policy));
    cr_assert_eq(policy.color, 101);
}
