/* Reports for which memory is refused, at each of their allocations in turn; and how many
 * allocations there are. */
#include "core/base/validate.h"
#include "core/pcep/model.h"
#include "tests/lib/lsp_reports.h"
#include "tests/lib/refusal.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALLOCATIONS_MAX 100 /* more than a script has: the sweep ends before */

static struct lsp_rig rig;

static const struct lsp_limits limits = {.lsps_max = 5000,
                                         .octets_max = UINT64_MAX,
                                         .lsps_per_pcc_max = 5000,
                                         .stale_s = 600,
                                         .record_max = 64};

static void set_up(void)
{
    lsp_rig_init(&rig, &limits);
}

static void tear_down(void)
{
    refusal.at = 0;
    lsp_rig_fini(&rig);
}

TestSuite(lsp_memory, .init = set_up, .fini = tear_down, .timeout = 120);

#define UP (PCEP_LSP_A | PCEP_LSP_UP << PCEP_LSP_O_SHIFT)

static const struct lsp_report_group group = {.type = 2, .id = 1, .source = 1};

static struct lsp_report_spec spec_of(uint32_t number, char name[16])
{
    (void)snprintf(name, 16, "lsp-%u", number);
    return (struct lsp_report_spec){.plsp_id = number,
                                    .name = name,
                                    .flags = UP,
                                    .setup_type = 1,
                                    .segments = {16001, 16002},
                                    .groups = &group,
                                    .group_count = 1};
}

Test(lsp_memory, a_report_that_changes_nothing_calls_no_allocator)
{
    char name[16];
    struct lsp_pcc *pcc = lsp_rig_up(&rig, 1, true);
    for (uint32_t i = 1; i <= 1000; i++) {
        const struct lsp_report_spec spec = spec_of(i, name);
        cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
    }
    cr_assert(lsp_db_on_end_of_sync(&rig.db, pcc, rig.now));
    lsp_rig_finish(&rig);
    refusal.asked = 0;
    for (uint32_t i = 1; i <= 1000; i++) {
        const struct lsp_report_spec spec = spec_of(i, name);
        cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
    }
    cr_expect_eq(refusal.asked, 0);
    /* Nor does it in another session, where each has its PLSP-ID anew. */
    lsp_db_on_down(&rig.db, pcc, rig.now);
    pcc = lsp_rig_up(&rig, 1, true);
    for (uint32_t i = 1; i <= 1000; i++) {
        struct lsp_report_spec spec = spec_of(i, name);
        spec.plsp_id = 2000 - i;
        cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
    }
    cr_assert(lsp_db_on_end_of_sync(&rig.db, pcc, rig.now));
    lsp_rig_finish(&rig);
    cr_expect_eq(refusal.asked, 0);
    cr_expect_eq(rig.db.counters.lsps, 1000);
    cr_expect_eq(rig.db.counters.reports_unchanged, 2000);
}

/* A session with all kinds of reports; ends where one is refused, as the handler ends it. */
static void run_script(void)
{
    char name[16];
    struct lsp_pcc *pcc = lsp_rig_up(&rig, 1, true);
    if (pcc == NULL)
        return;
    for (uint32_t i = 1; i <= 40; i++) {
        struct lsp_report_spec spec = spec_of(i % 10 + 1, name);
        spec.has_identifiers = i % 3 == 0;
        spec.lsp_id = (uint16_t)(i % 4);
        spec.segments[1] = 16002 + i / 10;
        if (i > 30)
            spec.flags |= PCEP_LSP_R;
        const enum pce_status status = lsp_rig_report(&rig, pcc, &spec);
        cr_assert(status == PCE_OK || status == PCE_NO_MEMORY);
        cr_assert(status == PCE_OK || refusal.was);
        if (status != PCE_OK) {
            lsp_db_on_down(&rig.db, pcc, rig.now);
            return;
        }
    }
}

Test(lsp_memory, the_database_stays_whole_wherever_memory_ends)
{
    for (unsigned at = 1; at < ALLOCATIONS_MAX; at++) {
        refusal.was = false;
        refusal.at = at;
        run_script();
        refusal.at = 0;
#ifdef PCED_VALIDATE
        (void)lsp_db_validate(&rig.db);
#endif
        if (!refusal.was) {
            cr_assert_gt(at, 20U);
            return;
        }
        lsp_rig_fini(&rig);
        lsp_rig_init(&rig, &limits);
    }
    cr_assert_fail("the script has more allocations than %u", ALLOCATIONS_MAX);
}
