/* Sequences of reports: sessions, messages of any octets, end marks, time. Whatever comes, the
 * database stays whole, what is refused changes nothing, and what is kept decodes to what came. */
#include "core/base/check.h"
#include "core/base/validate.h"
#include "core/lsp/lsp_octets.h"
#include "core/pcep/model.h"
#include "tests/lib/lsp_reports.h"

#include <string.h>

enum { PCCS = 3, STEPS_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

/* Steps, by the first octet of each. */
enum step { STEP_REPORT, STEP_UP, STEP_DOWN, STEP_END_MARK, STEP_TIME, STEP_TURN, STEP_COUNT };

static struct lsp_rig rig;

static const struct lsp_limits limits = {
    .lsps_max = 24, .octets_max = 1 << 18, .lsps_per_pcc_max = 12, .stale_s = 60, .record_max = 32};

/* What is kept is a run of whole objects that begins with an LSP. */
static void check_octets(const struct lsp *lsp_kept, const struct lsp_instance *instance)
{
    static uint8_t kept[PCEP_MESSAGE_SIZE_MAX + LSP_OCTETS_RESTORED_MAX];
    static uint8_t message[PCEP_MESSAGE_SIZE_MAX];
    struct pcep_message decoded;
    struct pcep_fault fault;
    struct wire_writer writer = wire_writer_init(message, PCEP_MESSAGE_SIZE_MAX);
    size_t offset = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    wire_put_octets(&writer, kept, lsp_octets_restore(lsp_kept, instance, kept));
    pcep_message_close(&writer, offset);
    if (writer.failed)
        return; /* longer than a message, with its name */
    const struct wire_span whole = {message, wire_written(&writer)};
    CHECK(pcep_decode(whole, &rig.arena, &decoded, &fault) == PCE_OK);
    CHECK(decoded.object_count > 0 && decoded.objects[0].row != NULL);
    CHECK(decoded.objects[0].row->id == PCEP_OBJECT_LSP);
    const struct pcep_lsp *lsp = decoded.objects[0].body;
    CHECK(lsp->flags == instance->summary.flags && (lsp->flags & PCEP_LSP_S) == 0);
    CHECK(pcep_find_tlv(&decoded.objects[0], PCEP_TLV_LSP_DB_VERSION) == NULL);
    CHECK(lsp->plsp_id == (lsp_is_bound(lsp_kept) ? lsp_kept->plsp_id : 0));
    const struct pcep_symbolic_path_name *name =
        pcep_find_tlv(&decoded.objects[0], PCEP_TLV_SYMBOLIC_PATH_NAME);
    CHECK(name != NULL && name->name.size == lsp_kept->name_size);
    CHECK(memcmp(name->name.octets, lsp_kept->name, name->name.size) == 0);
}

static void check_all_octets(void)
{
    uint32_t slot = 0;
    for (const struct lsp *lsp; (lsp = lsp_db_next(&rig.db, &slot)) != NULL;) {
        for (const struct lsp_instance *at = lsp->instances; at != NULL; at = at->next) {
            arena_reset(&rig.arena);
            check_octets(lsp, at);
        }
    }
}

static void take_state(struct lsp_pcc *pcc, const struct pcep_lsp_state *state)
{
    struct lsp_report report = {.state = state, .now = rig.now};
    if (state->fault_count > 0 || !pcep_get(state->lsp, &report.lsp))
        return;
    struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
    const struct lsp_counters before = rig.db.counters;
    const uint64_t records = rig.db.journal.next;
    struct lsp_outcome outcome;
    const enum pce_status status = lsp_db_report(&rig.db, pcc, &report, &outcome, &fault);
    CHECK((status == PCE_INVALID) == pcep_fault_is_set(&fault));
    if (status == PCE_INVALID) {
        CHECK(records == rig.db.journal.next && before.lsp_octets == rig.db.counters.lsp_octets);
        CHECK(before.lsps == rig.db.counters.lsps);
    }
}

static void take_report(struct wire_reader *script)
{
    static uint8_t message[PCEP_MESSAGE_SIZE_MAX + 4];
    struct pcep_message decoded;
    struct pcep_lsp_state_list list;
    struct pcep_fault fault;
    const struct ip address = lsp_rig_address((uint8_t)(wire_u8(script) % PCCS));
    size_t size = wire_u16(script);
    struct lsp_pcc *pcc = lsp_db_pcc(&rig.db, &address);
    struct wire_writer writer = wire_writer_init(message, PCEP_MESSAGE_SIZE_MAX);
    size = size < wire_left(script) ? size : wire_left(script);
    size_t offset = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    wire_put_octets(&writer, wire_take(script, size), size);
    pcep_message_close(&writer, offset);
    if (writer.failed || pcc == NULL || !pcc->is_up)
        return;
    arena_reset(&rig.arena);
    const struct wire_span whole = {message, wire_written(&writer)};
    if (pcep_decode(whole, &rig.arena, &decoded, &fault) != PCE_OK ||
        pcep_parse_lsp_states(&decoded, &rig.arena, &list, &fault) != PCE_OK)
        return;
    for (uint32_t i = 0; i < list.state_count; i++)
        take_state(pcc, &list.states[i]);
}

static void take_step(struct wire_reader *script)
{
    const enum step step = wire_u8(script) % STEP_COUNT;
    if (step == STEP_REPORT) {
        take_report(script);
        return;
    }
    const uint8_t argument = wire_u8(script);
    const uint8_t number = argument % PCCS;
    const struct ip address = lsp_rig_address(number);
    struct lsp_pcc *pcc = lsp_db_pcc(&rig.db, &address);
    const bool is_up = pcc != NULL && pcc->is_up;
    if (step == STEP_UP && !is_up)
        CHECK(lsp_rig_up(&rig, number, argument < 128) != NULL);
    else if (step == STEP_DOWN && is_up)
        lsp_db_on_down(&rig.db, pcc, rig.now);
    else if (step == STEP_END_MARK && is_up)
        (void)lsp_db_on_end_of_sync(&rig.db, pcc, rig.now);
    else if (step == STEP_TIME)
        lsp_rig_pass(&rig, 1000 * (uint64_t)argument);
    else if (step == STEP_TURN)
        (void)lsp_db_turn(&rig.db, rig.now);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    struct wire_reader script = wire_reader_init(octets, size);
    lsp_rig_init(&rig, &limits);
    rig.db.purge_per_turn = 2;
    for (unsigned i = 0; i < STEPS_MAX && wire_left(&script) > 0; i++) {
        take_step(&script);
#ifdef PCED_VALIDATE
        (void)lsp_db_validate(&rig.db);
#endif
    }
    check_all_octets();
    lsp_rig_fini(&rig);
    return 0;
}
