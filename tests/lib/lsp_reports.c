#include "tests/lib/lsp_reports.h"

#include "core/base/check.h"
#include "core/pcep/model.h"

#include <string.h>

#define ARENA_KEPT 65536 /* octets: what a report takes to be decoded */

/* ---- events ---- */

static void on_change(struct lsp_db *db, struct lsp_pcc *pcc, struct lsp *lsp,
                      const struct journal_record *record)
{
    struct lsp_rig *rig = db->owner;
    rig->change_count++;
    CHECK(ip_is_equal(&record->pcc, &pcc->address));
    CHECK(lsp == NULL || lsp_db_get(db, record->lsp) == lsp);
}

static void on_answer(struct lsp_db *db, struct lsp_pcc *pcc, struct lsp *lsp,
                      const struct lsp_report *report)
{
    struct lsp_rig *rig = db->owner;
    (void)pcc;
    (void)report;
    rig->answer_count++;
    rig->answered = lsp;
}

static void on_limit(struct lsp_db *db, struct lsp_pcc *pcc, enum lsp_limit limit)
{
    struct lsp_rig *rig = db->owner;
    (void)pcc;
    rig->limit_count++;
    rig->limit = limit;
}

static const struct lsp_db_events events = {
    .on_change = on_change, .on_answer = on_answer, .on_limit = on_limit};

/* ---- the rig ---- */

void lsp_rig_init(struct lsp_rig *rig, const struct lsp_limits *limits)
{
    memset(rig, 0, sizeof *rig);
    rig->now = (struct mono){MONO_NS_PER_S};
    wheel_init(&rig->wheel, rig->now);
    arena_init(&rig->arena, (size_t)1 << 24);
    CHECK(arena_alloc(&rig->arena, ARENA_KEPT) != NULL); /* that a reset keeps */
    CHECK(lsp_db_init(&rig->db, limits, &rig->wheel, &events, rig) == PCE_OK);
}

void lsp_rig_fini(struct lsp_rig *rig)
{
    lsp_db_fini(&rig->db);
    arena_fini(&rig->arena);
}

struct ip lsp_rig_address(uint8_t number)
{
    const uint8_t octets[4] = {192, 0, 2, number};
    return ip_from_v4(octets);
}

struct lsp_pcc *lsp_rig_up(struct lsp_rig *rig, uint8_t number, bool may_update)
{
    const struct ip address = lsp_rig_address(number);
    const struct lsp_session session = {.may_update = may_update};
    return lsp_db_on_up(&rig->db, &address, &session, rig->now);
}

void lsp_rig_finish(struct lsp_rig *rig)
{
    while (lsp_db_turn(&rig->db, rig->now))
        continue;
}

void lsp_rig_pass(struct lsp_rig *rig, uint64_t ms)
{
    rig->now = mono_add_ms(rig->now, ms);
    (void)wheel_turn(&rig->wheel, rig->now);
    lsp_rig_finish(rig);
}

/* ---- writing ---- */

static void put_srp(struct wire_writer *writer, const struct lsp_report_spec *spec)
{
    const struct pcep_srp srp = {.flags = spec->srp_flags, .srp_id = spec->srp_id};
    const struct pcep_path_setup_type type = {.pst = spec->setup_type};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_SRP, 0, &srp);
    if (spec->setup_type != 0)
        pcep_tlv_put(writer, PCEP_TLV_PATH_SETUP_TYPE, &type);
    pcep_object_close(writer, object);
}

static void put_lsp(struct wire_writer *writer, const struct lsp_report_spec *spec)
{
    const struct pcep_lsp lsp = {.plsp_id = spec->plsp_id, .flags = spec->flags};
    const struct ip sender = lsp_rig_address(1);
    size_t object = pcep_object_open(writer, PCEP_OBJECT_LSP, 0, &lsp);
    if (spec->has_identifiers) {
        const struct pcep_ipv4_lsp_identifiers identifiers = {
            .sender = sender,
            .lsp_id = spec->lsp_id,
            .tunnel_id = 1,
            .extended_tunnel_id = sender,
            .endpoint = ip_from_u32(spec->endpoint),
        };
        pcep_tlv_put(writer, PCEP_TLV_IPV4_LSP_IDENTIFIERS, &identifiers);
    }
    if (spec->version != 0) {
        const struct pcep_lsp_db_version version = {.version = spec->version};
        pcep_tlv_put(writer, PCEP_TLV_LSP_DB_VERSION, &version);
    }
    if (spec->color != 0) {
        const struct pcep_color color = {.color = spec->color};
        pcep_tlv_put(writer, PCEP_TLV_COLOR, &color);
    }
    if (spec->tlvs.size > 0)
        wire_put_octets(writer, spec->tlvs.octets, spec->tlvs.size);
    if (spec->name != NULL) {
        const size_t size = spec->name_size != 0 ? spec->name_size : strlen(spec->name);
        const struct pcep_symbolic_path_name name = {.name = {(const uint8_t *)spec->name, size}};
        pcep_tlv_put(writer, PCEP_TLV_SYMBOLIC_PATH_NAME, &name);
    }
    pcep_object_close(writer, object);
}

static void put_attributes(struct wire_writer *writer, struct wire_span subs)
{
    const struct pcep_lspa lspa = {.setup_priority = 7, .holding_priority = 7};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_LSPA, 0, &lspa);
    size_t tlv = pcep_tlv_open(writer, PCEP_TLV_AUTO_BANDWIDTH_ATTRIBUTES, NULL);
    wire_put_octets(writer, subs.octets, subs.size);
    pcep_tlv_close(writer, tlv);
    pcep_object_close(writer, object);
}

static void put_group(struct wire_writer *writer, const struct lsp_report_group *group)
{
    const struct pcep_association association = {
        .flags = group->is_removed ? PCEP_ASSOCIATION_R : group->flags,
        .type = group->type,
        .id = group->id,
        .source = ip_from_u32(group->source),
    };
    const uint8_t endpoint[4] = {192, 0, 2, 99};
    const struct pcep_extended_association_id extended = {.color = group->color,
                                                          .endpoint = {endpoint, sizeof endpoint}};
    const struct pcep_preference preference = {.preference = group->preference};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_ASSOCIATION_V4, 0, &association);
    if (group->color != 0)
        pcep_tlv_put(writer, PCEP_TLV_EXTENDED_ASSOCIATION_ID, &extended);
    if (group->preference != 0)
        pcep_tlv_put(writer, PCEP_TLV_SRPOLICY_CPATH_PREFERENCE, &preference);
    pcep_object_close(writer, object);
}

static void put_path(struct wire_writer *writer, const struct lsp_report_spec *spec)
{
    static const uint8_t nothing;
    size_t object = pcep_object_open(writer, PCEP_OBJECT_ERO, 0, &nothing);
    for (unsigned i = 0; i < 8 && spec->segments[i] != 0; i++) {
        const struct pcep_sub_sr sr = {.flags = PCEP_SR_M | PCEP_SR_F,
                                       .sid = spec->segments[i] << 12};
        pcep_subobject_put(writer, PCEP_SUBOBJECT_SR, false, &sr);
    }
    pcep_object_close(writer, object);
}

struct wire_span lsp_rig_write(struct lsp_rig *rig, const struct lsp_report_spec *spec)
{
    struct wire_writer writer = wire_writer_init(rig->message, sizeof rig->message);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    if (spec->has_srp || spec->setup_type != 0)
        put_srp(&writer, spec);
    put_lsp(&writer, spec);
    for (uint32_t i = 0; i < spec->group_count; i++)
        put_group(&writer, &spec->groups[i]);
    if (!spec->has_no_ero)
        put_path(&writer, spec);
    if (spec->lspa != NULL)
        pcep_object_put(&writer, PCEP_OBJECT_LSPA, 0, spec->lspa);
    if (spec->auto_bandwidth.octets != NULL)
        put_attributes(&writer, spec->auto_bandwidth);
    if (spec->bandwidth > 0 || spec->bandwidth < 0) {
        const struct pcep_bandwidth bandwidth = {.bandwidth = spec->bandwidth};
        pcep_object_put(&writer, PCEP_OBJECT_BANDWIDTH, 0, &bandwidth);
    }
    if (spec->metric != NULL)
        pcep_object_put(&writer, PCEP_OBJECT_METRIC, 0, spec->metric);
    pcep_message_close(&writer, message);
    CHECK(!writer.failed);
    return (struct wire_span){rig->message, wire_written(&writer)};
}

enum pce_status lsp_rig_report(struct lsp_rig *rig, struct lsp_pcc *pcc,
                               const struct lsp_report_spec *spec)
{
    return lsp_rig_take(rig, pcc, lsp_rig_write(rig, spec));
}

enum pce_status lsp_rig_take(struct lsp_rig *rig, struct lsp_pcc *pcc, struct wire_span octets)
{
    struct pcep_message message;
    struct pcep_lsp_state_list list;
    arena_reset(&rig->arena);
    CHECK(pcep_decode(octets, &rig->arena, &message, &rig->fault) == PCE_OK);
    CHECK(pcep_parse_lsp_states(&message, &rig->arena, &list, &rig->fault) == PCE_OK);
    CHECK(list.state_count == 1);
    struct lsp_report report = {.state = &list.states[0], .now = rig->now};
    CHECK(pcep_get(report.state->lsp, &report.lsp));
    rig->fault = (struct pcep_fault){.scope = PCEP_FAULT_NONE};
    struct lsp_outcome outcome;
    return lsp_db_report(&rig->db, pcc, &report, &outcome, &rig->fault);
}
