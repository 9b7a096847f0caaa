/* Colours of LSPs (RFC 9863), and those of SR policies beside them. */
#include "core/lsp/lsp_color.h"

#include "core/lsp/order_db.h"
#include "core/pcep/model.h"
#include "tests/lib/lsp_reports.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct lsp_rig rig;
static struct lsp_pcc *pcc;

static const struct lsp_limits limits = {
    .lsps_max = 64, .octets_max = 100000, .lsps_per_pcc_max = 64, .stale_s = 600, .record_max = 64};

static void set_up(void)
{
    lsp_rig_init(&rig, &limits);
    pcc = lsp_rig_up(&rig, 1, true);
    cr_assert_not_null(pcc);
    pcc->session.may_color = true;
}

static void tear_down(void)
{
    lsp_rig_fini(&rig);
}

TestSuite(color, .init = set_up, .fini = tear_down, .timeout = 60);

static const struct lsp_report_group protection = {.type = 1, .id = 5, .source = 0x0a000001};
static const struct lsp_report_group other_group = {.type = 1, .id = 6, .source = 0x0a000001};
static const struct lsp_report_group policy = {
    .type = 6, .id = 1, .source = 0x0a000001, .color = 77};

static enum pce_status report(uint32_t plsp_id, uint32_t color,
                              const struct lsp_report_group *group)
{
    char name[16];
    (void)snprintf(name, sizeof name, "lsp-%u", plsp_id);
    const struct lsp_report_spec spec = {.plsp_id = plsp_id,
                                         .name = name,
                                         .flags = PCEP_LSP_A,
                                         .has_identifiers = true,
                                         .endpoint = 0x0a000004,
                                         .color = color,
                                         .groups = group,
                                         .group_count = group != NULL};
    return lsp_rig_report(&rig, pcc, &spec);
}

static void expect_color(uint32_t plsp_id, uint32_t want)
{
    uint32_t color = 0;
    const struct lsp *lsp = lsp_pcc_find_plsp_id(pcc, plsp_id);
    cr_assert_not_null(lsp);
    cr_expect_eq(lsp_color_of(lsp, &color), want != 0);
    cr_expect_eq(color, want);
}

static void expect_inconsistent(enum pce_status status)
{
    cr_expect_eq(status, PCE_INVALID);
    cr_expect_eq(rig.fault.error_type, 19);
    cr_expect_eq(rig.fault.error_value, 32);
    cr_expect_eq(rig.fault.scope, PCEP_FAULT_REQUEST);
}

Test(color, is_that_of_the_color_tlv)
{
    cr_assert_eq(report(7, 0x01020304, NULL), PCE_OK);
    expect_color(7, 0x01020304);
    cr_assert_eq(report(8, 0, NULL), PCE_OK);
    expect_color(8, 0);
}

Test(color, of_an_sr_policy_takes_precedence)
{
    uint32_t color;
    cr_assert_eq(report(7, 5, &policy), PCE_OK);
    expect_color(7, 77);
    cr_expect_not(lsp_color_of_tlv(lsp_pcc_find_plsp_id(pcc, 7), &color),
                  "an update must not send it back");
}

Test(color, is_one_in_a_path_protection_group)
{
    cr_assert_eq(report(7, 5, &protection), PCE_OK);
    cr_assert_eq(report(8, 5, &protection), PCE_OK);
    expect_inconsistent(report(9, 6, &protection));
    cr_expect_null(lsp_pcc_find_plsp_id(pcc, 9));
    cr_expect_eq(report(9, 6, &other_group), PCE_OK);
    cr_expect_eq(report(10, 0, &protection), PCE_OK, "one without a colour has no other one");
    expect_inconsistent(report(8, 6, NULL)); /* the group that is left out is not left */
    expect_color(8, 5);
    cr_expect_eq(rig.db.counters.lsp_colors_refused, 2);
}

Test(color, may_change_with_the_group_or_alone_in_it)
{
    struct lsp_report_group left = protection;
    left.is_removed = true;
    cr_assert_eq(report(7, 5, &protection), PCE_OK);
    cr_expect_eq(report(7, 6, &protection), PCE_OK);
    expect_color(7, 6);
    cr_assert_eq(report(8, 6, &protection), PCE_OK);
    cr_expect_eq(report(8, 9, &left), PCE_OK);
    expect_color(8, 9);
}

Test(color, of_lsps_that_an_earlier_session_has_left_counts_for_nothing)
{
    cr_assert_eq(report(7, 5, &protection), PCE_OK);
    lsp_db_on_down(&rig.db, pcc, rig.now);
    pcc = lsp_rig_up(&rig, 1, true);
    pcc->session.may_color = true;
    cr_expect_eq(report(8, 6, &protection), PCE_OK);
}

Test(color, is_not_looked_at_without_the_capability)
{
    pcc->session.may_color = false;
    cr_assert_eq(report(7, 5, &protection), PCE_OK);
    cr_expect_eq(report(8, 6, &protection), PCE_OK);
}

/* A liar with a large group costs a bounded look. */
Test(color, is_compared_with_a_bounded_number_of_others)
{
    for (uint32_t i = 1; i < LSP_COLOR_LOOKS_MAX; i++)
        cr_assert_eq(report(i, 0, &protection), PCE_OK);
    cr_assert_eq(report(LSP_COLOR_LOOKS_MAX, 5, &protection), PCE_OK);
    expect_inconsistent(report(40, 6, &protection));
    lsp_rig_fini(&rig);
    set_up();
    for (uint32_t i = 1; i <= LSP_COLOR_LOOKS_MAX; i++)
        cr_assert_eq(report(i, 0, &protection), PCE_OK);
    cr_assert_eq(report(LSP_COLOR_LOOKS_MAX + 1, 5, &protection), PCE_OK);
    cr_expect_eq(report(40, 6, &protection), PCE_OK);
}
