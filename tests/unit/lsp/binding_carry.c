/* Bindings that a report does not say again (RFC 9604 5). */
#include "core/lsp/lsp_binding.h"
#include "core/lsp/lsp_octets.h"
#include "core/pcep/codec.h"
#include "tests/lib/lsp_reports.h"

#include <criterion/criterion.h>
#include <string.h>

static struct lsp_rig rig;
static struct lsp_pcc *pcc;

static const struct lsp_limits limits = {
    .lsps_max = 8, .octets_max = 1000000, .lsps_per_pcc_max = 6, .stale_s = 600, .record_max = 64};

static void set_up(void)
{
    lsp_rig_init(&rig, &limits);
    pcc = lsp_rig_up(&rig, 1, true);
    cr_assert_not_null(pcc);
}

static void tear_down(void)
{
    lsp_rig_fini(&rig);
}

TestSuite(binding_carry, .init = set_up, .fini = tear_down, .timeout = 60);

#define LABEL(high, flags) 0, 55, 0, 7, 0, flags, 0, 0, 0, high, 0, 0

static const uint8_t first[] = {LABEL(1, 0)};
static const uint8_t second[] = {LABEL(2, 0)};
static const uint8_t first_goes[] = {LABEL(1, 0x80)};
static const uint8_t both[] = {LABEL(1, 0), LABEL(2, 0)};

static const struct lsp *lsp_of(void)
{
    const struct lsp *lsp = lsp_pcc_find_plsp_id(pcc, 7);
    cr_assert_not_null(lsp);
    return lsp;
}

static void report_sized(uint16_t flags, const uint8_t *tlvs, size_t size)
{
    const struct lsp_report_spec spec = {.plsp_id = 7,
                                         .name = "paris",
                                         .flags = flags,
                                         .has_srp = true,
                                         .setup_type = 1,
                                         .segments = {16001},
                                         .tlvs = {tlvs, size}};
    cr_assert_eq(lsp_rig_report(&rig, pcc, &spec), PCE_OK);
#ifdef PCED_VALIDATE
    (void)lsp_db_validate(&rig.db);
#endif
}

#define report(flags, tlvs) report_sized(flags, tlvs, sizeof(tlvs))

static void report_nothing(uint16_t flags)
{
    report_sized(flags, NULL, 0);
}

static bool has(uint32_t label)
{
    const struct lsp_binding wanted = {.what = LSP_BINDING_THIS, .label = label};
    const struct lsp_instance *instance = lsp_first_instance(lsp_of());
    return lsp_binding_find(instance, &wanted).what == LSP_BINDING_THIS;
}

#define UP   (PCEP_LSP_A | PCEP_LSP_UP << PCEP_LSP_O_SHIFT)
#define DOWN (PCEP_LSP_A | PCEP_LSP_DOWN << PCEP_LSP_O_SHIFT)

Test(binding_carry, what_is_not_said_again_remains)
{
    report(UP, first);
    report_nothing(DOWN);
    cr_expect(has(16));
    report(UP, second);
    cr_expect(has(16) && has(32), "the unchanged one may be left out");
    report_nothing(DOWN);
    cr_expect(has(16) && has(32));
}

Test(binding_carry, a_report_without_it_is_no_news)
{
    report(UP, first);
    report_nothing(DOWN);
    const uint64_t changes = rig.db.journal.next;
    report_nothing(DOWN);
    cr_expect_eq(rig.db.journal.next, changes);
    cr_expect_eq(rig.db.counters.reports_unchanged, 1);
}

Test(binding_carry, what_is_said_again_is_said_by_the_last_report)
{
    static const struct lsp_binding_form former = {.size = 3, .octets = {0, 1, 0}};
    report(UP, first);
    report_nothing(UP);
    report(UP, first);
    const uint64_t changes = rig.db.journal.next;
    report(UP, first);
    cr_expect_eq(rig.db.journal.next, changes, "the same once more is no news");
    lsp_binding_withdraw(lsp_pcc_find_plsp_id(pcc, 7)->instances, &former);
    cr_expect(has(16));
}

Test(binding_carry, what_is_withdrawn_goes_and_comes_not_back)
{
    report(UP, both);
    report(UP, first_goes);
    cr_expect(!has(16) && has(32));
    report_nothing(DOWN);
    cr_expect(!has(16) && has(32));
}

Test(binding_carry, a_synchronisation_says_all_anew)
{
    report(UP, first);
    report_nothing(DOWN);
    cr_expect(has(16));
    lsp_db_on_down(&rig.db, pcc, rig.now);
    pcc = lsp_rig_up(&rig, 1, true);
    report_nothing(DOWN);
    cr_expect_not(has(16));
}

Test(binding_carry, what_is_kept_is_an_object_of_its_length)
{
    uint8_t kept[1024];
    struct pcep_message message;
    struct wire_writer writer = wire_writer_init(rig.message, sizeof rig.message);
    report(UP, both);
    report_nothing(DOWN);
    const size_t at = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    wire_put_octets(&writer, kept,
                    lsp_octets_restore(lsp_of(), lsp_first_instance(lsp_of()), kept));
    pcep_message_close(&writer, at);
    const struct wire_span whole = {rig.message, wire_written(&writer)};
    cr_assert_eq(pcep_decode(whole, &rig.arena, &message, &rig.fault), PCE_OK);
    cr_assert_eq(message.object_count, 2, "LSP and ERO");
    cr_expect_eq(message.objects[0].tlv_count, 3, "two bindings, and the name");
}

Test(binding_carry, what_was_asked_to_go_and_is_not_said_again_is_gone)
{
    static const struct lsp_binding_form former = {.size = 3, .octets = {0, 1, 0}};
    report(UP, both);
    struct lsp *lsp = lsp_pcc_find_plsp_id(pcc, 7);
    lsp_binding_withdraw(lsp->instances, &former);
    cr_expect(has(16), "the last report says that it is there");
    report_nothing(DOWN);
    lsp_binding_withdraw(lsp->instances, &former);
    cr_expect(!has(16) && has(32));
    report_nothing(UP);
    cr_expect(!has(16) && has(32));
}

/* One more than may be is forgotten, the oldest. */
Test(binding_carry, the_limit_of_those_that_remain_is_exact)
{
    uint8_t many[(LSP_BINDINGS_CARRIED_MAX + 1) * sizeof first];
    for (uint8_t i = 0; i < LSP_BINDINGS_CARRIED_MAX + 1; i++) {
        memcpy(many + i * sizeof first, first, sizeof first);
        many[i * sizeof first + 9] = (uint8_t)(i + 1);
    }
    report_sized(UP, many, sizeof many - sizeof first);
    report_nothing(DOWN);
    cr_expect(has(16 * LSP_BINDINGS_CARRIED_MAX));
    report_sized(UP, many, sizeof many);
    report_nothing(DOWN);
    cr_expect(has(16 * LSP_BINDINGS_CARRIED_MAX));
    cr_expect_not(has(16 * (LSP_BINDINGS_CARRIED_MAX + 1)));
    cr_expect_eq(rig.db.counters.lsp_limit_bindings, 1);
}
