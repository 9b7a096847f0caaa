/* Twins: LSPs of one name, as FRR's pathd has them. */
#include "core/lsp/lsp_octets.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "tests/lib/lsp_reports.h"

#include <criterion/criterion.h>
#include <string.h>

static struct lsp_rig rig;

static void set_up(void)
{
    const struct lsp_limits limits = {.lsps_max = 100,
                                      .lsps_per_pcc_max = 100,
                                      .octets_max = UINT64_MAX,
                                      .stale_s = 60,
                                      .record_max = 100};
    lsp_rig_init(&rig, &limits);
}

static void tear_down(void)
{
    lsp_rig_fini(&rig);
}

TestSuite(twins, .init = set_up, .fini = tear_down, .timeout = 20);

#define TWIN_A UINT32_C(0xC0000209) /* 192.0.2.9 */
#define TWIN_B UINT32_C(0xC000020A)
#define TWIN_C UINT32_C(0xC000020B)

static enum pce_status report_to(struct lsp_pcc *pcc, uint32_t plsp_id, uint32_t endpoint)
{
    const struct lsp_report_spec spec = {.plsp_id = plsp_id,
                                         .name = "gold",
                                         .has_identifiers = true,
                                         .endpoint = endpoint,
                                         .segments = {16001}};
    return lsp_rig_report(&rig, pcc, &spec);
}

static struct lsp *named(struct lsp_pcc *pcc, const char *name)
{
    return lsp_pcc_find_name(pcc, (struct wire_span){(const uint8_t *)name, strlen(name)});
}

static struct lsp_pcc *up_with_twins(void)
{
    struct lsp_pcc *pcc = lsp_rig_up(&rig, 1, true);
    pcc->session.has_twins = true;
    return pcc;
}

Test(twins, two_lsps_of_one_name_are_kept_apart_by_their_endpoints)
{
    struct lsp_pcc *pcc = up_with_twins();
    cr_assert_eq(report_to(pcc, 1, TWIN_A), PCE_OK);
    cr_assert_eq(report_to(pcc, 2, TWIN_B), PCE_OK);
    cr_assert_eq(report_to(pcc, 1, TWIN_A), PCE_OK);
    cr_assert_eq(report_to(pcc, 2, TWIN_B), PCE_OK);
    cr_assert_eq(pcc->count, 2);
    cr_assert_eq(named(pcc, "gold")->plsp_id, 1);
    const struct lsp *twin = named(pcc, "gold@192.0.2.10");
    cr_assert_eq(twin->plsp_id, 2);
    cr_assert_eq(lsp_said_name(twin).size, 4);
    uint8_t octets[256];
    size_t size = lsp_octets_restore(twin, twin->instances, octets);
    cr_assert_eq(size, twin->instances->size + 8U, "shown is the name that the router says");
#ifdef PCED_VALIDATE
    (void)lsp_db_validate(&rig.db);
#endif
}

Test(twins, twins_are_the_same_in_the_next_session_whichever_comes_first)
{
    struct lsp_pcc *pcc = up_with_twins();
    cr_assert_eq(report_to(pcc, 1, TWIN_A), PCE_OK);
    cr_assert_eq(report_to(pcc, 2, TWIN_B), PCE_OK);
    const struct lsp *first = named(pcc, "gold");
    const struct lsp *second = named(pcc, "gold@192.0.2.10");
    cr_assert(lsp_db_on_end_of_sync(&rig.db, pcc, rig.now));
    lsp_db_on_down(&rig.db, pcc, rig.now);
    pcc = up_with_twins();
    cr_assert_eq(report_to(pcc, 7, TWIN_B), PCE_OK);
    cr_assert_eq(report_to(pcc, 8, TWIN_A), PCE_OK);
    cr_assert_eq(first->plsp_id, 8);
    cr_assert_eq(second->plsp_id, 7);
    cr_assert_eq(pcc->count, 2);
}

Test(twins, a_twin_is_removed_and_leaves_the_other)
{
    struct lsp_pcc *pcc = up_with_twins();
    cr_assert_eq(report_to(pcc, 1, TWIN_A), PCE_OK);
    cr_assert_eq(report_to(pcc, 2, TWIN_B), PCE_OK);
    const struct lsp_report_spec removal = {.plsp_id = 1, .name = "gold", .flags = PCEP_LSP_R};
    cr_assert_eq(lsp_rig_report(&rig, pcc, &removal), PCE_OK);
    cr_assert_null(named(pcc, "gold"));
    cr_assert_not_null(named(pcc, "gold@192.0.2.10"));
    cr_assert_eq(report_to(pcc, 3, TWIN_C), PCE_OK);
    cr_assert_eq(named(pcc, "gold")->plsp_id, 3);
}

Test(twins, the_same_name_and_endpoint_twice_is_refused)
{
    struct lsp_pcc *pcc = up_with_twins();
    cr_assert_eq(report_to(pcc, 1, TWIN_A), PCE_OK);
    cr_assert_eq(report_to(pcc, 2, TWIN_A), PCE_INVALID);
    cr_assert_eq(pcep_fault_error(&rig.fault), PCEP_ERROR_PATH_NAME_IN_USE);
    cr_assert_eq(report_to(pcc, 2, TWIN_B), PCE_OK);
    cr_assert_eq(report_to(pcc, 3, TWIN_B), PCE_INVALID);
    cr_assert_eq(pcc->count, 2);
}

Test(twins, where_names_are_unique_the_second_of_a_name_is_refused_whatever_its_endpoint)
{
    struct lsp_pcc *pcc = lsp_rig_up(&rig, 1, true);
    cr_assert_eq(report_to(pcc, 1, TWIN_A), PCE_OK);
    cr_assert_eq(report_to(pcc, 2, TWIN_B), PCE_INVALID);
    cr_assert_eq(pcep_fault_error(&rig.fault), PCEP_ERROR_PATH_NAME_IN_USE);
}

Test(twins, a_twin_whose_name_would_be_too_long_is_refused)
{
    struct lsp_pcc *pcc = up_with_twins();
    char name[LSP_NAME_MAX + 1] = "";
    memset(name, 'n', LSP_NAME_MAX - strlen("@192.0.2.10") + 1);
    struct lsp_report_spec spec = {
        .plsp_id = 1, .name = name, .has_identifiers = true, .endpoint = TWIN_A};
    cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
    spec.plsp_id = 2;
    spec.endpoint = TWIN_B;
    cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_INVALID);
    name[strlen(name) - 1] = '\0';
    spec.plsp_id = 3;
    spec.endpoint = TWIN_A;
    cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
    spec.plsp_id = 4;
    spec.endpoint = TWIN_B;
    cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
    cr_assert_eq(pcc->count, 3);
}
