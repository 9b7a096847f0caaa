/* The LSPs of a PCC: what it reports, and what it does as it is told. */
#include "core/pcep/grammar.h"
#include "tests/unit/pceload/scene.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define OWN  3u
#define ROOM 16384u

static struct scene scene;
static struct arena arena;
static uint8_t said[ROOM];

static void begin_with(const struct options *options)
{
    arena_init(&arena, 1 << 20);
    scene_init(&scene, options);
    counter_set(&scene.stage.reports_from, 0);
    (void)lsps_read_stage(&scene.worker.lsps);
}

static void begin(void)
{
    const struct options options = {.sessions = 2,
                                    .is_stateful = true,
                                    .reports = OWN,
                                    .segments = 5,
                                    .delegate = 1,
                                    .msd = 10,
                                    .depth = 1,
                                    .seed = 1};
    begin_with(&options);
}

static void end(void)
{
    scene_fini(&scene);
    arena_fini(&arena);
}

TestSuite(lsps, .init = begin, .fini = end, .timeout = 30);

/* ---- what is said ---- */

static size_t put(uint32_t number)
{
    return lsps_put(&scene.worker.lsps, number, said, sizeof said);
}

static void synchronise(uint32_t number)
{
    lsps_on_up(&scene.worker.lsps, number);
    cr_assert_gt(put(number), 0);
    cr_assert(lsps_on_mark(&scene.worker.lsps, number, TEMPLATES_MARK_ID));
}

/* The message at *at, which moves on. */
static struct pcep_message next_message(size_t *at, size_t size)
{
    struct pcep_message message;
    struct pcep_fault fault = {0};
    uint32_t wanted = received_size(said + *at, (uint32_t)(size - *at));
    cr_assert(wanted > 0 && wanted <= size - *at);
    struct wire_span octets = {said + *at, wanted};
    cr_assert_eq(pcep_decode(octets, &arena, &message, &fault), PCE_OK, "%s", fault.reason);
    cr_assert_eq(fault.scope, PCEP_FAULT_NONE, "%s", fault.reason);
    *at += wanted;
    return message;
}

static struct pcep_lsp_state next_state(size_t *at, size_t size)
{
    struct pcep_message message = next_message(at, size);
    struct pcep_lsp_state_list list;
    struct pcep_fault fault = {0};
    cr_assert_eq(message.type, PCEP_MESSAGE_PCRPT);
    cr_assert_eq(pcep_parse_lsp_states(&message, &arena, &list, &fault), PCE_OK);
    cr_assert_eq(list.state_count, 1);
    cr_assert_eq(list.states[0].fault_count, 0, "%s", list.states[0].fault.reason);
    return list.states[0];
}

static const struct pcep_object *object_of(const struct pcep_optional *optional)
{
    const struct pcep_object *object = NULL;
    cr_assert(pcep_get(optional, &object));
    return object;
}

static const struct pcep_lsp *lsp_of(const struct pcep_lsp_state *state)
{
    return object_of(state->lsp)->body;
}

static const struct pcep_srp *srp_of(const struct pcep_lsp_state *state)
{
    return object_of(state->srp)->body;
}

static struct wire_span name_of(const struct pcep_lsp_state *state)
{
    const struct pcep_symbolic_path_name *name =
        pcep_find_tlv(object_of(state->lsp), PCEP_TLV_SYMBOLIC_PATH_NAME);
    cr_assert_not_null(name);
    return name->name;
}

static uint32_t label_of(const struct pcep_lsp_state *state, uint32_t hop)
{
    const struct pcep_object *ero = object_of(state->ero);
    cr_assert_lt(hop, ero->subobject_count);
    return ((const struct pcep_sub_sr *)ero->subobjects[hop].body)->sid >> 12;
}

/* The one answer that waits is a report. */
static struct pcep_lsp_state answer(void)
{
    size_t at = 0, size = put(0);
    struct pcep_lsp_state state = next_state(&at, size);
    cr_assert_eq(at, size);
    return state;
}

static void expect_error(uint32_t srp_id, uint8_t type, uint8_t value)
{
    size_t at = 0, size = put(0);
    struct pcep_message message = next_message(&at, size);
    cr_assert_eq(at, size);
    cr_assert_eq(message.type, PCEP_MESSAGE_PCERR);
    cr_assert_eq(message.object_count, 2);
    const struct pcep_srp *srp = message.objects[0].body;
    const struct pcep_error *error = message.objects[1].body;
    cr_assert_eq(srp->srp_id, srp_id);
    cr_assert_eq(error->type, type);
    cr_assert_eq(error->value, value);
}

/* ---- what it is told ---- */

struct told {
    enum pcep_message_type type;
    uint32_t srp_id, plsp_id;
    bool is_removal, keeps_ends; /* keeps: it has no END-POINTS */
    uint16_t flags;
    const char *name;
    uint32_t label;  /* of its one hop; 0: no ERO */
    uint32_t filler; /* octets of an object that follows; 0: none does */
};

static void put_told(struct wire_writer *writer, const struct told *told)
{
    static const uint8_t filler[8192];
    const struct pcep_srp srp = {.flags = told->is_removal ? PCEP_SRP_R : 0,
                                 .srp_id = told->srp_id};
    const struct pcep_path_setup_type setup = {.pst = PCEP_PST_SR};
    const struct pcep_lsp lsp = {.plsp_id = told->plsp_id, .flags = told->flags};
    const struct pcep_end_points_v4 ends = {ip_from_u32(0xc0000201), ip_from_u32(0xc0000205)};
    const struct pcep_sub_sr hop = {.flags = PCEP_SR_F | PCEP_SR_M, .sid = told->label << 12};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_SRP, PCEP_OBJECT_FLAG_P, &srp);
    pcep_tlv_put(writer, PCEP_TLV_PATH_SETUP_TYPE, &setup);
    pcep_object_close(writer, object);
    object = pcep_object_open(writer, PCEP_OBJECT_LSP, PCEP_OBJECT_FLAG_P, &lsp);
    if (told->name != NULL) {
        const struct pcep_symbolic_path_name name = {
            .name = {(const uint8_t *)told->name, strlen(told->name)}};
        pcep_tlv_put(writer, PCEP_TLV_SYMBOLIC_PATH_NAME, &name);
    }
    pcep_object_close(writer, object);
    if (told->type == PCEP_MESSAGE_PCINITIATE && !told->keeps_ends)
        pcep_object_put(writer, PCEP_OBJECT_END_POINTS_V4, PCEP_OBJECT_FLAG_P, &ends);
    if (told->label != 0) {
        object = pcep_object_open(writer, PCEP_OBJECT_ERO, PCEP_OBJECT_FLAG_P, NULL);
        pcep_subobject_put(writer, PCEP_SUBOBJECT_SR, false, &hop);
        pcep_object_close(writer, object);
    }
    if (told->filler > 0) {
        wire_put_u8(writer, 34); /* VENDOR-INFORMATION */
        wire_put_u8(writer, 0x10);
        wire_put_u16(writer, (uint16_t)told->filler);
        wire_put_octets(writer, filler, told->filler - 4);
    }
}

static void tell_all(const struct told *told, size_t count)
{
    static uint8_t octets[ROOM];
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    size_t message = pcep_message_open(&writer, told->type);
    for (size_t i = 0; i < count; i++)
        put_told(&writer, &told[i]);
    pcep_message_close(&writer, message);
    cr_assert(!writer.failed);
    scene_receive(&scene, 0, octets, wire_written(&writer));
}

static void tell(struct told told)
{
    tell_all(&told, 1);
}

static void tell_update(uint32_t srp_id, uint32_t plsp_id, uint16_t flags, uint32_t label)
{
    tell((struct told){.type = PCEP_MESSAGE_PCUPD,
                       .srp_id = srp_id,
                       .plsp_id = plsp_id,
                       .flags = flags,
                       .label = label});
}

static void tell_initiate(uint32_t srp_id, const char *name, uint32_t label)
{
    tell((struct told){
        .type = PCEP_MESSAGE_PCINITIATE, .srp_id = srp_id, .name = name, .label = label});
}

static void tell_remove(uint32_t srp_id, uint32_t plsp_id)
{
    tell((struct told){.type = PCEP_MESSAGE_PCINITIATE,
                       .srp_id = srp_id,
                       .plsp_id = plsp_id,
                       .is_removal = true,
                       .keeps_ends = true});
}

/* ---- synchronisation ---- */

Test(lsps, a_synchronisation_is_the_reports_an_end_marker_and_a_request)
{
    lsps_on_up(&scene.worker.lsps, 1);
    size_t at = 0, size = put(1);
    for (uint32_t number = 1; number <= OWN; number++) {
        struct pcep_lsp_state state = next_state(&at, size);
        cr_assert_eq(lsp_of(&state)->plsp_id, number);
        cr_assert_eq(lsp_of(&state)->flags,
                     PCEP_LSP_S | PCEP_LSP_A | PCEP_LSP_D | PCEP_LSP_UP << PCEP_LSP_O_SHIFT);
        cr_assert_eq(name_of(&state).size, REPORT_NAME_SIZE);
        char name[REPORT_NAME_SIZE + 1];
        (void)snprintf(name, sizeof name, "pceload-0000001-%08u", number);
        cr_assert_arr_eq(name_of(&state).octets, name, REPORT_NAME_SIZE);
        cr_assert_eq(object_of(state.ero)->subobject_count, 5);
        cr_assert_eq(srp_of(&state)->srp_id, 0);
    }
    struct pcep_lsp_state marker = next_state(&at, size);
    cr_assert_eq(lsp_of(&marker)->plsp_id, 0);
    cr_assert_eq(lsp_of(&marker)->flags, 0);
    cr_assert_eq(object_of(marker.ero)->subobject_count, 0);
    cr_assert_eq(next_message(&at, size).type, PCEP_MESSAGE_PCREQ);
    cr_assert_eq(at, size);
    cr_assert_eq(put(1), 0);
}

Test(lsps, reported_segments_lead_through_the_topology_to_the_end_point)
{
    lsps_on_up(&scene.worker.lsps, 0);
    size_t at = 0, size = put(0);
    for (uint32_t number = 1; number <= OWN; number++) {
        struct pcep_lsp_state state = next_state(&at, size);
        const struct pcep_ipv4_lsp_identifiers *ends =
            pcep_find_tlv(object_of(state.lsp), PCEP_TLV_IPV4_LSP_IDENTIFIERS);
        char source[IP_TEXT_SIZE], destination[IP_TEXT_SIZE];
        struct pair pair = {scene_end(&scene, ip_format(&ends->sender, source)),
                            scene_end(&scene, ip_format(&ends->endpoint, destination))};
        const struct pcep_object *ero = object_of(state.ero);
        cr_assert_eq(
            verify_ero(&scene.worker.load.verify, pair, ero->octets, (uint32_t)ero->size - 4),
            TALLY_OK);
    }
}

Test(lsps, a_synchronisation_that_does_not_fit_goes_on_where_it_stopped)
{
    lsps_on_up(&scene.worker.lsps, 0);
    size_t whole = put(0), pieces = 0, more;
    static uint8_t first[ROOM];
    memcpy(first, said, whole);
    lsps_on_up(&scene.worker.lsps, 0);
    while ((more = lsps_put(&scene.worker.lsps, 0, said + pieces, REPORT_FORM_SIZE)) > 0)
        pieces += more;
    cr_assert_eq(pieces, whole);
    cr_assert_arr_eq(said, first, whole);
}

Test(lsps, nothing_is_reported_before_the_stage_says_so)
{
    counter_set(&scene.stage.reports_from, 1000);
    (void)lsps_read_stage(&scene.worker.lsps);
    lsps_on_up(&scene.worker.lsps, 0);
    cr_assert_eq(put(0), 0);
    cr_assert_eq(lsps_next_change(&scene.worker.lsps), 1000);
    scene_at(&scene, 1000);
    cr_assert(lsps_read_stage(&scene.worker.lsps));
    cr_assert_not(lsps_read_stage(&scene.worker.lsps));
    cr_assert_gt(put(0), 0);
}

Test(lsps, the_answer_of_the_mark_ends_the_synchronisation_once)
{
    static const uint8_t no_path[] = {0x20, 4,    0,    24,   2, 0x12, 0, 12, 0, 0, 0, 0,
                                      0xff, 0xff, 0xff, 0xff, 3, 0x12, 0, 8,  0, 0, 0, 0};
    lsps_on_up(&scene.worker.lsps, 0);
    (void)put(0);
    cr_assert_eq(counter_get(&scene.worker.counters.synchronised), 0);
    scene_receive(&scene, 0, no_path, sizeof no_path);
    scene_receive(&scene, 0, no_path, sizeof no_path);
    cr_assert_eq(counter_get(&scene.worker.counters.synchronised), 1);
    cr_assert_eq(scene_tally(&scene, TALLY_REPLY_UNKNOWN), 0);
    lsps_on_down(&scene.worker.lsps, 0);
    cr_assert_eq(counter_get(&scene.worker.counters.synchronised), 0);
}

Test(lsps, shares_of_delegation_and_bandwidth_are_kept)
{
    const struct options *options = &scene.options;
    struct options some = *options;
    uint32_t delegated = 0, wide = 0;
    some.delegate = 0.25;
    some.wide = 0.5;
    some.wide_mbits = 8;
    for (uint32_t number = 1; number <= 4000; number++) {
        struct report_values values = own_lsp(&scene.network, &some, 7, number);
        delegated += (values.flags & PCEP_LSP_D) != 0;
        wide += values.bandwidth > 0;
        cr_assert(values.bandwidth == 0.0F || values.bandwidth == 1e6F);
    }
    cr_assert(delegated > 900 && delegated < 1100, "%u", delegated);
    cr_assert(wide > 1900 && wide < 2100, "%u", wide);
}

static void expect_all_forms_read(bool is_v6, enum setup setup, bool has_nai)
{
    struct options options = scene.options;
    options.segments = REPORT_SEGMENTS_MAX;
    options.setup = setup;
    options.has_nai = has_nai;
    options.wide = 1;
    options.wide_mbits = 8;
    options.is_v6 = is_v6;
    struct network empty = {.is_v6 = is_v6};
    static struct report_forms forms;
    report_forms_make(&forms, &options, is_v6);
    struct report_values values = own_lsp(&empty, &options, 9999999, 1000000);
    size_t at = 0, size = report_put_own(&forms, &values, said);
    struct pcep_lsp_state state = next_state(&at, size);
    cr_assert_eq(lsp_of(&state)->plsp_id, 1000000);
    cr_assert_eq(((const struct pcep_bandwidth *)object_of(state.bandwidth)->body)->bandwidth,
                 1e6F);
    const struct pcep_ipv4_lsp_identifiers *ends =
        pcep_find_tlv(object_of(state.lsp),
                      is_v6 ? PCEP_TLV_IPV6_LSP_IDENTIFIERS : PCEP_TLV_IPV4_LSP_IDENTIFIERS);
    cr_assert(ip_is_equal(&ends->sender, &values.source));
    cr_assert(ip_is_equal(&ends->endpoint, &values.destination));
    const struct pcep_object *ero = object_of(state.ero);
    cr_assert_eq(ero->subobject_count, REPORT_SEGMENTS_MAX);
    const void *last = ero->subobjects[REPORT_SEGMENTS_MAX - 1].body;
    const struct ip *node = setup == SETUP_RSVP ? &((const struct pcep_sub_prefix *)last)->prefix
                                                : &((const struct pcep_sub_sr *)last)->local;
    if (setup == SETUP_RSVP || has_nai)
        cr_assert(ip_is_equal(node, &values.destination));
    if (setup == SETUP_SR)
        cr_assert_eq(label_of(&state, 3), values.hops[3].label);
}

Test(lsps, every_form_of_a_report_is_one_that_the_codec_reads)
{
    for (unsigned i = 0; i < 8; i++)
        expect_all_forms_read((i & 1) != 0, (i & 2) != 0 ? SETUP_RSVP : SETUP_SR, (i & 4) != 0);
}

/* ---- updates ---- */

Test(lsps, an_update_is_reported_with_its_id_and_kept_over_sessions)
{
    synchronise(0);
    tell_update(77, 2, PCEP_LSP_D | PCEP_LSP_A, 16055);
    struct pcep_lsp_state state = answer();
    cr_assert_eq(srp_of(&state)->srp_id, 77);
    cr_assert_eq(lsp_of(&state)->plsp_id, 2);
    cr_assert_eq(lsp_of(&state)->flags, PCEP_LSP_A | PCEP_LSP_D | PCEP_LSP_UP << PCEP_LSP_O_SHIFT);
    cr_assert_eq(label_of(&state, 0), 16055);
    lsps_on_down(&scene.worker.lsps, 0);
    lsps_on_up(&scene.worker.lsps, 0);
    size_t at = 0, size = put(0);
    (void)next_state(&at, size);
    state = next_state(&at, size);
    cr_assert_eq(lsp_of(&state)->plsp_id, 2);
    cr_assert_neq(lsp_of(&state)->flags & PCEP_LSP_S, 0);
    cr_assert_eq(srp_of(&state)->srp_id, 0);
    cr_assert_eq(label_of(&state, 0), 16055);
    cr_assert_arr_eq(name_of(&state).octets, "pceload-0000000-00000002", REPORT_NAME_SIZE);
    cr_assert_eq(counter_get(&scene.worker.counters.updates), 1);
}

Test(lsps, a_delegation_that_is_given_back_is_reported_without_d_and_not_updated_any_more)
{
    synchronise(0);
    tell_update(1, 1, 0, 0);
    struct pcep_lsp_state state = answer();
    cr_assert_eq(srp_of(&state)->srp_id, 1);
    cr_assert_eq(lsp_of(&state)->flags & PCEP_LSP_D, 0);
    cr_assert_eq(object_of(state.ero)->subobject_count, 5);
    tell_update(2, 1, PCEP_LSP_D, 16055);
    expect_error(2, 19, 1);
}

Test(lsps, an_update_that_cannot_be_is_refused_by_its_error)
{
    synchronise(0);
    tell_update(1, OWN + 1, PCEP_LSP_D, 16055);
    expect_error(1, 19, 3);
    tell_update(2, 0, PCEP_LSP_D, 16055);
    expect_error(2, 19, 3);
    tell_update(3, 1, PCEP_LSP_D, 0);
    expect_error(3, 6, 9);
    cr_assert_eq(counter_get(&scene.worker.counters.orders_refused), 3);
}

Test(lsps, an_order_during_the_synchronisation_is_answered_after_it)
{
    lsps_on_up(&scene.worker.lsps, 0);
    tell_update(5, 1, PCEP_LSP_D, 16055);
    size_t at = 0, size = put(0);
    for (uint32_t i = 0; i < OWN + 1; i++)
        (void)next_state(&at, size);
    cr_assert_eq(next_message(&at, size).type, PCEP_MESSAGE_PCREQ);
    struct pcep_lsp_state state = next_state(&at, size);
    cr_assert_eq(srp_of(&state)->srp_id, 5);
}

Test(lsps, each_order_of_a_message_has_its_answer)
{
    const struct told both[] = {{.type = PCEP_MESSAGE_PCUPD,
                                 .srp_id = 8,
                                 .plsp_id = 1,
                                 .flags = PCEP_LSP_D,
                                 .label = 17000},
                                {.type = PCEP_MESSAGE_PCUPD,
                                 .srp_id = 9,
                                 .plsp_id = 3,
                                 .flags = PCEP_LSP_D,
                                 .label = 17001}};
    synchronise(0);
    tell_all(both, 2);
    size_t at = 0, size = put(0);
    struct pcep_lsp_state state = next_state(&at, size);
    cr_assert_eq(srp_of(&state)->srp_id, 8);
    cr_assert_eq(label_of(&state, 0), 17000);
    state = next_state(&at, size);
    cr_assert_eq(srp_of(&state)->srp_id, 9);
    cr_assert_eq(label_of(&state, 0), 17001);
}

Test(lsps, a_path_at_the_limit_is_taken_and_one_past_it_is_refused)
{
    const uint32_t ero = 4 + 8;
    struct told told = {.type = PCEP_MESSAGE_PCUPD,
                        .srp_id = 1,
                        .plsp_id = 1,
                        .flags = PCEP_LSP_D,
                        .label = 16055,
                        .filler = ORDER_PATH_MAX - ero};
    synchronise(0);
    tell(told);
    (void)answer();
    told.srp_id = 2;
    told.filler += 4;
    tell(told);
    expect_error(2, 10, 1);
}

/* ---- initiations ---- */

Test(lsps, an_initiated_lsp_is_reported_as_made_by_a_pce_and_again_in_the_next_session)
{
    synchronise(0);
    tell_initiate(10, "of the PCE", 16055);
    struct pcep_lsp_state state = answer();
    cr_assert_eq(srp_of(&state)->srp_id, 10);
    cr_assert_eq(lsp_of(&state)->plsp_id, OWN + 1);
    cr_assert_eq(lsp_of(&state)->flags,
                 PCEP_LSP_A | PCEP_LSP_D | PCEP_LSP_C | PCEP_LSP_UP << PCEP_LSP_O_SHIFT);
    cr_assert_arr_eq(name_of(&state).octets, "of the PCE", 10);
    lsps_on_up(&scene.worker.lsps, 0);
    size_t at = 0, size = put(0);
    for (uint32_t i = 0; i < OWN; i++)
        (void)next_state(&at, size);
    state = next_state(&at, size);
    cr_assert_eq(lsp_of(&state)->plsp_id, OWN + 1);
    cr_assert_neq(lsp_of(&state)->flags & PCEP_LSP_C, 0);
    cr_assert_eq(label_of(&state, 0), 16055);
}

Test(lsps, an_initiated_lsp_is_removed_once)
{
    synchronise(0);
    tell_initiate(10, "short", 16055);
    (void)answer();
    tell_remove(11, OWN + 1);
    struct pcep_lsp_state state = answer();
    cr_assert_eq(srp_of(&state)->srp_id, 11);
    cr_assert_eq(srp_of(&state)->flags, PCEP_SRP_R);
    cr_assert_eq(lsp_of(&state)->flags & (PCEP_LSP_R | PCEP_LSP_O), PCEP_LSP_R);
    tell_remove(12, OWN + 1);
    expect_error(12, 19, 3);
    lsps_on_up(&scene.worker.lsps, 0);
    size_t at = 0, size = put(0);
    for (uint32_t i = 0; i < OWN; i++)
        (void)next_state(&at, size);
    state = next_state(&at, size);
    cr_assert_eq(lsp_of(&state)->plsp_id, 0, "the end marker");
}

Test(lsps, plsp_id_0_removes_all_that_pces_have_made)
{
    synchronise(0);
    tell_initiate(1, "a", 16055);
    tell_initiate(2, "b", 16056);
    (void)put(0);
    tell_remove(3, 0);
    size_t at = 0, size = put(0);
    for (uint32_t plsp_id = OWN + 1; plsp_id <= OWN + 2; plsp_id++) {
        struct pcep_lsp_state state = next_state(&at, size);
        cr_assert_eq(srp_of(&state)->srp_id, 3);
        cr_assert_eq(lsp_of(&state)->plsp_id, plsp_id);
    }
    cr_assert_eq(at, size);
}

Test(lsps, an_initiation_that_cannot_be_is_refused_by_its_error)
{
    synchronise(0);
    tell_initiate(1, NULL, 16055);
    expect_error(1, 10, 8);
    tell_initiate(2, "a", 0);
    expect_error(2, 6, 9);
    tell_initiate(3, "pceload-0000000-00000002", 16055);
    expect_error(3, 23, 1);
    tell_initiate(4, "a", 16055);
    (void)answer();
    tell_initiate(5, "a", 16055);
    expect_error(5, 23, 1);
    tell_remove(6, 1);
    expect_error(6, 19, 9);
    tell((struct told){.type = PCEP_MESSAGE_PCINITIATE,
                       .srp_id = 7,
                       .name = "b",
                       .label = 16055,
                       .keeps_ends = true});
    expect_error(7, 6, 3);
}

Test(lsps, a_delegation_that_was_given_back_is_adopted_by_initiation)
{
    synchronise(0);
    tell_initiate(1, "a", 16055);
    (void)answer();
    tell_update(2, OWN + 1, 0, 0);
    (void)answer();
    tell((struct told){
        .type = PCEP_MESSAGE_PCINITIATE, .srp_id = 3, .plsp_id = OWN + 1, .keeps_ends = true});
    struct pcep_lsp_state state = answer();
    cr_assert_eq(srp_of(&state)->srp_id, 3);
    cr_assert_neq(lsp_of(&state)->flags & PCEP_LSP_D, 0);
    cr_assert_eq(label_of(&state, 0), 16055);
}

/* ---- limits ---- */

Test(lsps, so_many_lsps_are_made_for_pces_and_no_more)
{
    static const uint8_t name[] = {'x'};
    struct known known;
    struct report report = {.flags = PCEP_LSP_C, .name = {name, sizeof name}};
    known_init(&known, 1);
    for (uint32_t i = 0; i < KNOWN_INITIATED_MAX; i++) {
        report.plsp_id = known_next(&known);
        cr_assert_eq(report.plsp_id, i + 2);
        (void)known_put(&known, &report);
    }
    cr_assert_eq(known_next(&known), 0);
    known_fini(&known);
}

Test(lsps, so_many_answers_wait_and_no_more)
{
    struct lsps_session session = {0};
    cr_assert_not_null(lsps_reserve_answer(&session, LSPS_ANSWERS_MAX - 8));
    cr_assert_not_null(lsps_reserve_answer(&session, 8));
    cr_assert_null(lsps_reserve_answer(&session, 1));
    free(session.answers);
}

/* ---- malformed ---- */

Test(lsps, orders_whose_lengths_do_not_fit_are_malformed)
{
    static const uint8_t short_object[] = {0x20, 11, 0, 12, 33, 0x12, 0, 12, 0, 0, 0, 0};
    static const uint8_t no_srp[] = {0x20, 11, 0, 12, 32, 0x12, 0, 8, 0, 0, 0x10, 1};
    synchronise(0);
    scene_receive(&scene, 0, short_object, sizeof short_object);
    scene_receive(&scene, 0, no_srp, sizeof no_srp);
    cr_assert_eq(scene_tally(&scene, TALLY_MESSAGE_MALFORMED), 2);
    cr_assert_eq(put(0), 0);
}

/* ---- paths on the links ---- */

Test(adjacent_lsps, lead_over_a_link_with_each_label, .timeout = 30)
{
    const struct options options = {.sessions = 4,
                                    .is_stateful = true,
                                    .is_adjacent = true,
                                    .topology = "it is there",
                                    .reports = OWN,
                                    .segments = 3,
                                    .msd = 10,
                                    .depth = 1,
                                    .seed = 1};
    begin_with(&options);
    const struct network *network = &scene.network;
    for (uint32_t number = 1; number <= 200; number++) {
        struct report_values values = own_lsp(network, &options, number % 4, number);
        uint32_t source = ted_find_node_by_address(network->topology, &values.source);
        uint32_t at = source;
        for (uint32_t i = 0; i < options.segments; i++) {
            uint32_t next = network_follow(network, at, values.hops[i].label);
            cr_assert(next != TED_NONE && network_is_adjacent(network, at, next));
            at = next;
        }
        cr_assert_eq(at, ted_find_node_by_address(network->topology, &values.destination));
        cr_assert_neq(at, source);
    }
    end();
}
