#include "tests/unit/reopt/rig.h"

#include "core/lsp/lsp_auto_bandwidth.h"
#include "core/pcep/model.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

struct net net;
struct ted_snapshot *snapshot;
struct reopt reopt;
struct rig_lsp lsps[RIG_LSPS_MAX];
uint64_t rig_work = REOPT_WORK_PER_TURN;
struct mono now;
uint32_t moves, no_paths, past_no_paths, last_unsatisfied, cured;
uint32_t given_count;
bool takes_none;
enum pce_status submit_status;
bool is_synchronised = true;
bool is_down[NET_LINKS_MAX];

#define LINK_ADDRESSES 0x0b000000U /* of tests/unit/path/net.c: two a link */

static struct lsp_db db;
static struct wheel wheel;
static struct arena arena, report_arena;
static struct path_engine *engine;
static struct ted_link_registry *registry;
static struct lsp_pcc *pcc;
static struct errands errands;
static struct computation *given[16];

/* ---- what reoptimisation asks ---- */

static uint32_t index_of(const struct lsp *lsp)
{
    return lsp->plsp_id - 1;
}

static bool may_move(struct reopt *r, const struct lsp *lsp, uint8_t *sids_max)
{
    (void)r;
    *sids_max = 0;
    return is_synchronised && lsp->delegation == LSP_IS_DELEGATED && !lsp_is_stale(lsp);
}

/* Of BANDWIDTH among whole objects; -1: there is none. */
static float bandwidth_in(struct wire_span objects)
{
    struct wire_reader reader = wire_reader_init(objects.octets, objects.size);
    while (wire_left(&reader) >= 4) {
        uint8_t class_ = wire_u8(&reader);
        wire_skip(&reader, 1);
        uint16_t size = wire_u16(&reader);
        if (class_ == 5)
            return wire_f32(&reader);
        wire_skip(&reader, size - 4U);
    }
    return -1;
}

static uint32_t read_ero(struct wire_reader *reader, uint32_t size, bool is_rsvp, uint32_t *labels)
{
    uint32_t count = size / 8;
    cr_assert_leq(count, RIG_LABELS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        wire_skip(reader, is_rsvp ? 2 : 4);
        labels[i] = is_rsvp ? (wire_u32(reader) - LINK_ADDRESSES) / 2 : wire_u32(reader) >> 12;
        wire_skip(reader, is_rsvp ? 2 : 0);
    }
    return count;
}

/* PATH-ATTRIB: flags, path id, TLVs. */
static void read_attributes(struct wire_reader *reader, uint32_t size, struct rig_lsp *own,
                            unsigned list)
{
    wire_skip(reader, 8);
    for (uint32_t at = 8; at < size; at += 8) {
        uint16_t type = wire_u16(reader);
        wire_skip(reader, 2);
        uint32_t value = wire_u32(reader);
        if (type == 61)
            own->asked_weights[list] = value;
        own->asked_backups[list] = own->asked_backups[list] || type == 62;
    }
}

/* The path is in front; how many segment lists it has. */
static unsigned read_path(struct wire_reader *reader, struct rig_lsp *own)
{
    unsigned lists = 0;
    memset(own->asked_backups, 0, sizeof own->asked_backups);
    while (wire_left(reader) >= 4 && lists < 2) {
        uint8_t class_ = wire_u8(reader);
        wire_skip(reader, 1);
        uint32_t size = wire_u16(reader) - 4U;
        if (class_ == 45)
            read_attributes(reader, size, own, lists);
        else if (class_ == 7 && lists++ == 0)
            own->asked_count = read_ero(reader, size, own->is_rsvp, own->asked_labels);
        else if (class_ == 7)
            own->asked_second_count = read_ero(reader, size, false, own->asked_second);
        else
            break;
    }
    return lists;
}

static enum pce_status submit(struct reopt *r, struct lsp *lsp, const struct reopt_move *move)
{
    struct rig_lsp *own = &lsps[index_of(lsp)];
    (void)r;
    if (submit_status != PCE_OK)
        return submit_status;
    struct wire_reader reader = wire_reader_init(move->objects.octets, move->objects.size);
    cr_assert_eq(read_path(&reader, own), own->second_count > 0 ? 2 : 1);
    cr_assert_not(reader.failed);
    own->asked_bandwidth = bandwidth_in(move->objects);
    own->is_asked = true;
    own->cause = move->cause;
    moves++;
    return PCE_OK;
}

static void on_no_path(struct reopt *r, const struct lsp *lsp, enum reopt_cause cause,
                       const struct path_result *result, bool is_past)
{
    (void)r;
    (void)lsp;
    (void)cause;
    cr_assert_neq(result->outcome, PATH_FOUND);
    no_paths++;
    past_no_paths += is_past;
    last_unsatisfied = result->unsatisfied;
}

static void on_cured(struct reopt *r, const struct lsp *lsp)
{
    (void)r;
    (void)lsp;
    cured++;
}

static const struct reopt_events events = {
    .may_move = may_move, .submit = submit, .on_no_path = on_no_path, .on_cured = on_cured};

static void on_change(struct lsp_db *of, struct lsp_pcc *from, struct lsp *lsp,
                      const struct journal_record *record)
{
    (void)of;
    (void)from;
    if (lsp != NULL)
        reopt_on_change(&reopt, lsp, (enum lsp_change)record->change);
}

static const struct lsp_db_events db_events = {.on_change = on_change};

/* ---- life ---- */

void rig_init(void)
{
    const struct lsp_limits limits = {.lsps_max = 1000,
                                      .octets_max = 1 << 24,
                                      .lsps_per_pcc_max = 1000,
                                      .auto_bandwidths_max = 1000,
                                      .stale_s = 600,
                                      .record_max = 64};
    const struct lsp_session session = {
        .may_update = true, .may_initiate = true, .may_auto_bandwidth = true};
    const struct ip address = ip_from_u32(0x0a000001);
    now = (struct mono){1000 * MONO_NS_PER_S};
    wheel_init(&wheel, now);
    arena_init(&arena, 1 << 22);
    arena_init(&report_arena, 1 << 22);
    engine = path_engine_create(0);
    registry = ted_link_registry_create(NET_LINKS_MAX);
    cr_assert_eq(lsp_db_init(&db, &limits, &wheel, &db_events, NULL), PCE_OK);
    cr_assert_eq(reopt_init(&reopt, &db, engine, &arena, &events), PCE_OK);
    reopt.reservations = ted_reservations_create(NET_LINKS_MAX);
    pcc = lsp_db_on_up(&db, &address, &session, now);
    cr_assert_not_null(pcc);
}

void rig_fini(void)
{
    struct ted_reservations *reservations = reopt.reservations;
    reopt_fini(&reopt);
    struct computation_table *table = errands.table;
    errands_fini(&errands);
    computation_table_destroy(table);
    lsp_db_fini(&db);
    ted_reservations_destroy(reservations);
    ted_link_registry_destroy(registry);
    ted_snapshot_destroy(snapshot);
    path_engine_destroy(engine);
    arena_fini(&arena);
    arena_fini(&report_arena);
}

static bool rig_give(void *owner, struct computation *computation)
{
    (void)owner;
    if (takes_none)
        return false;
    given[given_count++] = computation;
    return true;
}

void rig_offload(uint32_t capacity)
{
    struct computation_table *table = computation_table_create(capacity, 0, COMPUTATION_OF_REOPT);
    cr_assert(table != NULL && capacity <= sizeof given / sizeof given[0]);
    cr_assert_eq(errands_init(&errands, table), PCE_OK);
    errands.give = rig_give;
    reopt.errands = &errands;
    reopt.work_inline = 1;
}

void rig_compute(uint32_t count)
{
    for (; count > 0 && given_count > 0; count--) {
        struct computation *first = given[0];
        memmove((void *)given, (void *)(given + 1), --given_count * sizeof(struct computation *));
        computation_run(first, engine, snapshot);
        errands_on_back(&errands, first);
    }
}

void rig_publish(void)
{
    static struct net up;
    struct ted_snapshot *before = snapshot;
    up = net;
    up.link_count = 0;
    for (uint32_t i = 0; i < net.link_count; i++)
        if (!is_down[i])
            (void)net_add(&up, net.links[i]);
    snapshot = net_snapshot(&up);
    cr_assert_eq(ted_link_registry_number(registry, before, snapshot), PCE_OK);
    cr_assert_eq(ted_reservations_make_room(reopt.reservations, snapshot->link_numbers->count),
                 PCE_OK);
    ted_snapshot_destroy(before);
}

uint64_t rig_held(uint32_t link, unsigned priority)
{
    return ted_reservations_held(reopt.reservations, snapshot->link_numbers->of_links[link],
                                 priority);
}

/* ---- reports ---- */

static void write_lsp(struct wire_writer *writer, const struct rig_lsp *lsp, bool is_removed)
{
    char name[16];
    const struct pcep_srp srp = {.srp_id = 0};
    const struct pcep_path_setup_type pst = {.pst = lsp->is_rsvp ? PCEP_PST_RSVP_TE : PCEP_PST_SR};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_SRP, 0, &srp);
    pcep_tlv_put(writer, PCEP_TLV_PATH_SETUP_TYPE, &pst);
    pcep_object_close(writer, object);
    uint16_t state = lsp->label_count == 0 || lsp->is_down ? PCEP_LSP_DOWN : PCEP_LSP_UP;
    const struct pcep_lsp body = {.plsp_id = lsp->plsp_id,
                                  .flags = (uint16_t)((lsp->is_delegated ? PCEP_LSP_D : 0) |
                                                      PCEP_LSP_A | (is_removed ? PCEP_LSP_R : 0) |
                                                      state << PCEP_LSP_O_SHIFT)};
    const struct pcep_ipv4_lsp_identifiers ids = {
        .sender = ip_from_u32(0x0a000001 + lsp->source),
        .extended_tunnel_id = ip_from_u32(0x0a000001 + lsp->source),
        .endpoint = ip_from_u32(0x0a000001 + lsp->destination)};
    const struct pcep_symbolic_path_name symbol = {
        .name = {(const uint8_t *)name,
                 (size_t)snprintf(name, sizeof name, "lsp %u", lsp->plsp_id)}};
    object = pcep_object_open(writer, PCEP_OBJECT_LSP, 0, &body);
    pcep_tlv_put(writer, PCEP_TLV_SYMBOLIC_PATH_NAME, &symbol);
    if (!lsp->is_policy)
        pcep_tlv_put(writer, PCEP_TLV_IPV4_LSP_IDENTIFIERS, &ids);
    pcep_object_close(writer, object);
}

static void write_policy(struct wire_writer *writer, const struct rig_lsp *lsp)
{
    const struct pcep_association policy = {
        .type = 6, .id = 1, .source = ip_from_u32(0x0a000001 + lsp->source)};
    const struct ip endpoint = ip_from_u32(0x0a000001 + lsp->destination);
    const struct pcep_extended_association_id id = {.color = 100, .endpoint = {endpoint.octets, 4}};
    const struct pcep_srpolicy_cpath_id path_id = {.origin = 30, .originator = {.family = IP_V6}};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_ASSOCIATION_V4, 0, &policy);
    pcep_tlv_put(writer, PCEP_TLV_EXTENDED_ASSOCIATION_ID, &id);
    pcep_tlv_put(writer, PCEP_TLV_SRPOLICY_CPATH_ID, &path_id);
    pcep_object_close(writer, object);
}

static void write_labels(struct wire_writer *writer, const uint32_t *labels, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct pcep_sub_sr sr = {.flags = PCEP_SR_F | PCEP_SR_M, .sid = labels[i] << 12};
        pcep_subobject_put(writer, PCEP_SUBOBJECT_SR, false, &sr);
    }
}

static void write_path_attributes(struct wire_writer *writer, uint32_t path_id, uint32_t weight,
                                  bool is_backup)
{
    const struct pcep_path_attrib body = {.path_id = path_id};
    const struct pcep_multipath_weight of_path = {.weight = weight};
    const struct pcep_multipath_backup backup = {.flags = PCEP_MULTIPATH_BACKUP_B};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_PATH_ATTRIB, 0, &body);
    pcep_tlv_put(writer, PCEP_TLV_MULTIPATH_WEIGHT, &of_path);
    if (is_backup)
        pcep_tlv_put(writer, PCEP_TLV_MULTIPATH_BACKUP, &backup);
    pcep_object_close(writer, object);
}

static void write_path(struct wire_writer *writer, const struct rig_lsp *lsp)
{
    if (lsp->second_count > 0)
        write_path_attributes(writer, 1, lsp->weight, false);
    size_t object = pcep_object_open(writer, PCEP_OBJECT_ERO, 0, NULL);
    for (uint32_t i = 0; i < lsp->label_count && lsp->is_rsvp; i++) {
        const struct pcep_sub_prefix hop = {
            .prefix = ip_from_u32(LINK_ADDRESSES + 2 * lsp->labels[i] + 1), .bits = 32};
        pcep_subobject_put(writer, PCEP_SUBOBJECT_IPV4_PREFIX, false, &hop);
    }
    if (!lsp->is_rsvp)
        write_labels(writer, lsp->labels, lsp->label_count);
    pcep_object_close(writer, object);
    if (lsp->second_count == 0)
        return;
    write_path_attributes(writer, 2, lsp->weight_second, lsp->is_backup_second);
    object = pcep_object_open(writer, PCEP_OBJECT_ERO, 0, NULL);
    write_labels(writer, lsp->second, lsp->second_count);
    pcep_object_close(writer, object);
}

static void write_group(struct wire_writer *writer)
{
    const struct pcep_association group = {.type = 2, .id = 1, .source = ip_from_u32(0x0a000001)};
    const struct pcep_flag_word link_diverse = {.flags = 1};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_ASSOCIATION_V4, 0, &group);
    pcep_tlv_put(writer, PCEP_TLV_DISJOINTNESS_CONFIGURATION, &link_diverse);
    pcep_object_close(writer, object);
}

static void write_attributes(struct wire_writer *writer, const struct rig_lsp *lsp)
{
    const struct pcep_lspa lspa = {.setup_priority = lsp->setup, .holding_priority = lsp->holding};
    const struct pcep_bandwidth bandwidth = {.bandwidth = lsp->bandwidth};
    const struct pcep_metric metric = {.type = lsp->metric};
    const struct auto_bandwidth plain = {0};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_LSPA, 0, &lspa);
    if (lsp->is_auto)
        auto_bandwidth_write(&plain, writer);
    pcep_object_close(writer, object);
    if (lsp->bandwidth > 0)
        pcep_object_put(writer, PCEP_OBJECT_BANDWIDTH, 0, &bandwidth);
    if (lsp->metric != 0)
        pcep_object_put(writer, PCEP_OBJECT_METRIC, 0, &metric);
}

static void send_report(uint32_t lsp, bool is_removed)
{
    uint8_t octets[1024];
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    struct pcep_message message;
    struct pcep_fault fault = {0};
    struct pcep_lsp_state_list list;
    const struct pcep_object *object;
    lsps[lsp].plsp_id = lsp + 1;
    size_t at = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    write_lsp(&writer, &lsps[lsp], is_removed);
    if (lsps[lsp].is_disjoint)
        write_group(&writer);
    if (lsps[lsp].is_policy)
        write_policy(&writer, &lsps[lsp]);
    write_path(&writer, &lsps[lsp]);
    write_attributes(&writer, &lsps[lsp]);
    pcep_message_close(&writer, at);
    cr_assert_not(writer.failed);
    arena_reset(&report_arena);
    cr_assert_eq(pcep_decode((struct wire_span){octets, wire_written(&writer)}, &report_arena,
                             &message, &fault),
                 PCE_OK);
    cr_assert_eq(pcep_parse_lsp_states(&message, &report_arena, &list, &fault), PCE_OK);
    cr_assert(pcep_get(list.states[0].lsp, &object));
    const struct lsp_report report = {.state = &list.states[0], .lsp = object, .now = now};
    struct lsp_outcome outcome;
    cr_assert_eq(lsp_db_report(&db, pcc, &report, &outcome, &fault), PCE_OK);
}

void rig_report(uint32_t lsp)
{
    lsps[lsp].is_there = true;
    send_report(lsp, false);
}

void rig_remove(uint32_t lsp)
{
    send_report(lsp, true);
    while (lsp_db_turn(&db, now))
        continue;
    lsps[lsp].is_there = false;
    lsps[lsp].is_asked = false;
}

void rig_synchronise(void)
{
    is_synchronised = true;
    reopt_on_synchronised(&reopt, pcc);
}

struct lsp *rig_find(uint32_t lsp)
{
    return lsp_pcc_find_plsp_id(pcc, lsp + 1);
}

/* ---- turns ---- */

void rig_answer(void)
{
    for (uint32_t i = 0; i < RIG_LSPS_MAX; i++) {
        if (!lsps[i].is_there || !lsps[i].is_asked)
            continue;
        memcpy(lsps[i].labels, lsps[i].asked_labels, sizeof lsps[i].labels);
        lsps[i].label_count = lsps[i].asked_count;
        if (lsps[i].second_count > 0) {
            memcpy(lsps[i].second, lsps[i].asked_second, sizeof lsps[i].second);
            lsps[i].second_count = lsps[i].asked_second_count;
        }
        lsps[i].is_asked = false;
        rig_report(i);
        if (lsps[i].asked_bandwidth >= 0)
            lsp_auto_bandwidth_on_done(&db, rig_find(i), lsps[i].asked_bandwidth);
        reopt_on_order_end(&reopt, rig_find(i));
    }
}

void rig_settle(bool answers)
{
    unsigned quiet = 0;
    for (unsigned round = 0; round < 20000 && quiet < 8; round++) {
        struct reopt_scene scene = {.snapshot = snapshot, .now = now, .work_left = rig_work};
        uint32_t before = moves;
        bool has_more = reopt_turn(&reopt, &scene);
        now = mono_add_ms(now, 50);
        if (answers)
            rig_answer();
        quiet = has_more || before != moves ? 0 : quiet + 1;
    }
    cr_assert_eq(quiet, 8, "it does not come to rest");
}

void rig_stay_for(uint32_t seconds)
{
    const struct mono end = mono_add_s(now, seconds);
    while (mono_is_before(now, end)) {
        struct reopt_scene scene = {
            .snapshot = snapshot, .now = now, .work_left = REOPT_WORK_PER_TURN};
        (void)reopt_turn(&reopt, &scene);
        now = mono_add_ms(now, 100);
        if (!lsps[0].is_asked)
            continue;
        lsps[0].is_asked = false;
        rig_report(0);
        reopt_on_order_end(&reopt, rig_find(0));
    }
}
