#include "core/pcep/grammar.h"

#include "tests/unit/pcep/support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* Pieces of messages; the header is put in front by the helpers. */
#define RP_1_PLAIN  "0212000c 00000020 00000001"
#define RP_2_PLAIN  "0212000c 00000020 00000002"
#define END_POINTS  "0412000c c0000201 c0000209"
#define METRIC      "0610000c 00000101 41200000"
#define SRP_5       "2112000c 00000000 00000005"
#define SRP_6       "2112000c 00000000 00000006"
#define LSP_17      "20120008 00011009"
#define LSP_18      "20120008 00012009"
#define ERO_EMPTY   "07120004"
#define ERO_SR      "0712000c 24080009 03e89000"
#define ASSOCIATION "28100010 00000000 00030001 c0000201"

struct parsed {
    struct octets octets;
    struct decoded decoded;
    struct pcep_request_list requests;
    struct pcep_lsp_state_list states;
    struct pcep_response_list responses;
    enum pce_status status;
    struct pcep_fault fault;
};

static void parse(struct parsed *p, unsigned type, const char *objects)
{
    struct octets body = parse_hex_text(objects);
    uint8_t room[4096];
    struct wire_writer w = wire_writer_init(room, sizeof room);
    size_t message = pcep_message_open(&w, (enum pcep_message_type)type);
    wire_put_octets(&w, body.at, body.size);
    pcep_message_close(&w, message);
    cr_assert(!w.failed);
    octets_free(&body);
    memset(p, 0, sizeof *p);
    p->octets = (struct octets){room, wire_written(&w)};
    struct octets copy = {malloc(p->octets.size), p->octets.size};
    cr_assert(copy.at != NULL);
    memcpy(copy.at, room, copy.size);
    p->octets = copy;
    decoded_init(&p->decoded, &p->octets);
    cr_assert(p->decoded.status == PCE_OK, "%s", p->decoded.fault.reason);
    const struct pcep_message *m = &p->decoded.message;
    if (type == PCEP_MESSAGE_PCREQ)
        p->status = pcep_parse_requests(m, &p->decoded.arena, &p->requests, &p->fault);
    else if (type == PCEP_MESSAGE_PCREP)
        p->status = pcep_parse_responses(m, &p->decoded.arena, &p->responses, &p->fault);
    else
        p->status = pcep_parse_lsp_states(m, &p->decoded.arena, &p->states, &p->fault);
}

static void finish(struct parsed *p)
{
    decoded_fini(&p->decoded);
    octets_free(&p->octets);
}

static void expect_request_fault(const char *objects, unsigned type, unsigned value)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCREQ, objects);
    cr_assert(p.status == PCE_OK && p.requests.request_count >= 1);
    const struct pcep_fault *fault = &p.requests.requests[0].fault;
    cr_expect(fault->error_type == type && fault->error_value == value, "%s: %u/%u %s", objects,
              fault->error_type, fault->error_value, fault->reason);
    cr_expect(type == 0 ||
              (fault->scope == PCEP_FAULT_REQUEST && fault->id_kind == PCEP_ID_REQUEST));
    finish(&p);
}

static void expect_state_fault(unsigned message, const char *objects, unsigned type, unsigned value)
{
    struct parsed p;
    parse(&p, message, objects);
    cr_assert(p.status == PCE_OK && p.states.state_count >= 1);
    const struct pcep_fault *fault = &p.states.states[0].fault;
    cr_expect(fault->error_type == type && fault->error_value == value, "%s: %u/%u %s", objects,
              fault->error_type, fault->error_value, fault->reason);
    finish(&p);
}

Test(grammar, request_has_its_objects_in_any_order)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCREQ,
          RP_1_PLAIN METRIC "05100008 47f42400" END_POINTS METRIC ASSOCIATION);
    cr_assert(p.status == PCE_OK && p.requests.request_count == 1);
    const struct pcep_request *request = &p.requests.requests[0];
    cr_expect(!pcep_fault_is_set(&request->fault));
    cr_expect(request->end_points != NULL && request->bandwidth != NULL);
    cr_expect(request->metric_count == 2 && request->association_count == 1);
    finish(&p);
}

Test(grammar, message_without_rp_is_6_1)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCREQ, END_POINTS);
    cr_expect(p.status == PCE_INVALID && p.fault.scope == PCEP_FAULT_MESSAGE);
    cr_expect(p.fault.error_type == 6 && p.fault.error_value == 1);
    finish(&p);
    parse(&p, PCEP_MESSAGE_PCREQ, "");
    cr_expect(p.status == PCE_INVALID && p.fault.error_type == 6 && p.fault.error_value == 1);
    finish(&p);
    parse(&p, PCEP_MESSAGE_PCREP, END_POINTS);
    cr_expect(p.status == PCE_INVALID && p.fault.error_type == 6 && p.fault.error_value == 1);
    finish(&p);
}

Test(grammar, malformed_rp_is_told_rather_than_a_missing_one)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCREQ, "02120008 00000020" END_POINTS);
    cr_expect(p.status == PCE_INVALID && p.fault.error_type == 10 && p.fault.error_value == 11);
    finish(&p);
}

Test(grammar, request_without_end_points_is_6_3)
{
    expect_request_fault(RP_1_PLAIN METRIC, 6, 3);
}

Test(grammar, rp_without_p_is_10_1)
{
    expect_request_fault("0210000c 00000020 00000001" END_POINTS, 10, 1);
}

Test(grammar, request_id_0_is_8)
{
    expect_request_fault("0212000c 00000020 00000000" END_POINTS, 8, 0);
}

Test(grammar, reoptimization_without_rro_is_6_2)
{
#define REOPTIMIZATION "0212000c 00000028 00000001" END_POINTS
    expect_request_fault(REOPTIMIZATION "05100008 47f42400", 6, 2);
    expect_request_fault(REOPTIMIZATION "05200008 47f42400", 6, 2);
    expect_request_fault(REOPTIMIZATION "05100008 47f42400 08100004", 0, 0);
}

Test(grammar, reoptimization_of_an_lsp_without_bandwidth_needs_no_rro)
{
    expect_request_fault(REOPTIMIZATION, 0, 0);
    expect_request_fault(REOPTIMIZATION "05100008 00000000", 0, 0);
    expect_request_fault(REOPTIMIZATION "05100008 47f42400 05200008 00000000", 0, 0);
}

Test(grammar, unknown_class_is_3_1_with_p_and_skipped_without)
{
    expect_request_fault(RP_1_PLAIN END_POINTS "c8120008 00000000", 3, 1);
    expect_request_fault(RP_1_PLAIN END_POINTS "c8100008 00000000", 0, 0);
}

Test(grammar, unknown_type_is_3_2_with_p_and_skipped_without)
{
    expect_request_fault(RP_1_PLAIN END_POINTS "07920004", 3, 2);
    expect_request_fault(RP_1_PLAIN END_POINTS "07900004", 0, 0);
}

Test(grammar, known_object_out_of_place_is_4_1_with_p_and_skipped_without)
{
    expect_request_fault(RP_1_PLAIN END_POINTS "0f120008 00000002", 4, 1);
    expect_request_fault(RP_1_PLAIN END_POINTS "0f100008 00000002", 0, 0);
}

Test(grammar, malformed_object_refuses_its_request_only)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCREQ, RP_1_PLAIN END_POINTS "06100008 00000101" RP_2_PLAIN END_POINTS);
    cr_assert(p.status == PCE_OK && p.requests.request_count == 2);
    cr_expect(p.requests.requests[0].fault.error_type == 10);
    cr_expect(p.requests.requests[0].fault.id == 1);
    cr_expect(!pcep_fault_is_set(&p.requests.requests[1].fault));
    finish(&p);
}

Test(grammar, malformed_object_is_not_missing)
{
    static const char *const requests[] = {
        RP_1_PLAIN "04120008 c0000201",                            /* END-POINTS too short */
        "02120014 00000020 00000001 001c0009 00000001" END_POINTS, /* a TLV that does not fit */
    };
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        struct parsed p;
        parse(&p, PCEP_MESSAGE_PCREQ, requests[i]);
        cr_assert(p.status == PCE_OK && p.requests.request_count == 1);
        cr_expect(p.requests.requests[0].fault_count == 1);
        cr_expect(p.requests.requests[0].fault.error_type == 10);
        finish(&p);
    }
}

Test(grammar, every_missing_object_has_its_own_fault)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCREQ, "0212000c 00000028 00000007 05100008 47f42400");
    cr_assert(p.status == PCE_OK && p.requests.request_count == 1);
    const struct pcep_request *request = &p.requests.requests[0];
    cr_assert(request->fault_count == 2);
    cr_expect(request->faults[0].error_value == 3 && request->faults[1].error_value == 2);
    cr_expect(request->faults[1].id == 7);
    finish(&p);
}

/* `head`, and `piece` as often as that, in a static buffer. */
static const char *repeat(const char *head, const char *piece, unsigned count)
{
    static char text[2048];
    size_t size = (size_t)snprintf(text, sizeof text, "%s", head);
    for (unsigned i = 0; i < count; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s", piece);
    cr_assert(size < sizeof text);
    return text;
}

Test(grammar, sixteen_metrics_are_taken_and_one_more_is_10_11)
{
    const char *head = RP_1_PLAIN END_POINTS;
    expect_request_fault(repeat(head, METRIC, PCEP_REQUEST_METRICS_MAX), 0, 0);
    expect_request_fault(repeat(head, METRIC, PCEP_REQUEST_METRICS_MAX + 1), 10, 11);
}

Test(grammar, faults_above_the_list_are_not_told)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCREQ,
          repeat(RP_1_PLAIN END_POINTS, "c8120008 00000000", PCEP_SECTION_FAULTS_MAX + 1));
    cr_assert(p.status == PCE_OK && p.requests.requests != NULL);
    cr_expect(p.requests.requests[0].fault_count == PCEP_SECTION_FAULTS_MAX);
    finish(&p);
}

Test(grammar, svecs_stand_in_front_of_the_requests)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCREQ,
          "0b10000c 00000001 00000001" METRIC RP_1_PLAIN END_POINTS RP_2_PLAIN END_POINTS);
    cr_assert(p.status == PCE_OK && p.requests.requests != NULL);
    cr_expect(p.requests.svec_count == 1 && p.requests.request_count == 2);
    cr_expect(p.requests.requests[0].metric_count == 0);
    finish(&p);
}

Test(grammar, unknown_object_with_p_in_the_head_refuses_the_message)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCREQ, "c8120008 00000000" RP_1_PLAIN END_POINTS);
    cr_expect(p.status == PCE_INVALID && p.fault.scope == PCEP_FAULT_MESSAGE);
    cr_expect(p.fault.error_type == 3 && p.fault.error_value == 1);
    finish(&p);
}

/* -1 where the object is absent. */
static float bandwidth_of(const struct pcep_optional *optional)
{
    const struct pcep_object *object;
    return pcep_get(optional, &object) ? ((const struct pcep_bandwidth *)object->body)->bandwidth
                                       : -1.0F;
}

/* RFC 5440 7.7 */
Test(grammar, the_object_type_says_what_a_bandwidth_is_and_not_its_place)
{
    static const char *const requests[] = {
        RP_1_PLAIN END_POINTS "08100004 05200008 40000000 05100008 3f800000",
        RP_1_PLAIN END_POINTS "08100004 05100008 3f800000 05200008 40000000",
        RP_1_PLAIN END_POINTS "05100008 3f800000 05200008 40000000 08100004",
    };
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        struct parsed p;
        parse(&p, PCEP_MESSAGE_PCREQ, requests[i]);
        cr_assert(p.status == PCE_OK && p.requests.requests != NULL);
        const struct pcep_request *request = &p.requests.requests[0];
        cr_expect(bandwidth_of(request->bandwidth) == 1.0F, "%s", requests[i]);
        cr_expect(bandwidth_of(request->existing_bandwidth) == 2.0F, "%s", requests[i]);
        finish(&p);
    }
}

Test(grammar, of_two_bandwidths_of_one_type_the_first_counts)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCREQ,
          RP_1_PLAIN END_POINTS "05100008 3f800000 08100004 05100008 40000000");
    cr_assert(p.status == PCE_OK && p.requests.requests != NULL);
    cr_expect(bandwidth_of(p.requests.requests[0].bandwidth) == 1.0F);
    cr_expect(p.requests.requests[0].existing_bandwidth == NULL);
    finish(&p);
}

Test(grammar, reports_begin_at_their_srp_or_their_lsp)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCRPT,
          SRP_5 LSP_17 ERO_SR LSP_18 ERO_EMPTY METRIC SRP_6 LSP_17 ERO_EMPTY ASSOCIATION);
    cr_assert(p.status == PCE_OK && p.states.state_count == 3);
    cr_expect(p.states.states[0].srp != NULL && p.states.states[0].metric_count == 0);
    cr_expect(p.states.states[1].srp == NULL && p.states.states[1].metric_count == 1);
    cr_expect(p.states.states[2].srp != NULL && p.states.states[2].association_count == 1);
    for (unsigned i = 0; i < 3; i++)
        cr_expect(!pcep_fault_is_set(&p.states.states[i].fault));
    finish(&p);
}

Test(grammar, the_lists_of_the_actual_path_have_the_path_ids_of_the_intended_one)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCRPT,
          LSP_17 "2d10000c 00000000 00000001" ERO_SR "2d10000c 00000000 00000002" ERO_SR
                 "2d10000c 00000000 00000001 08100004 2d10000c 00000000 00000002 08100004" METRIC);
    cr_assert(p.status == PCE_OK && p.states.state_count == 1);
    cr_expect(!pcep_fault_is_set(&p.states.states[0].fault));
    cr_expect(p.states.states[0].metric_count == 1);
    finish(&p);
}

Test(grammar, attributes_in_front_of_the_rro_are_those_of_the_actual_path)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCRPT,
          LSP_17 ERO_SR "05200008 3f800000" METRIC METRIC "08100004" METRIC "05100008 40000000");
    cr_assert(p.status == PCE_OK && p.states.state_count == 1);
    const struct pcep_lsp_state *state = &p.states.states[0];
    cr_expect(bandwidth_of(state->actual_bandwidth) == 1.0F);
    cr_expect(bandwidth_of(state->bandwidth) == 2.0F);
    cr_expect(state->actual_metric_count == 2 && state->metric_count == 1);
    finish(&p);
    /* RFC 5440 7.7: of a BANDWIDTH the Object-Type decides. */
    parse(&p, PCEP_MESSAGE_PCRPT,
          LSP_17 ERO_SR "05100008 40000000" METRIC "08100004"
                        "05200008 3f800000");
    cr_assert(p.status == PCE_OK && p.states.state_count == 1);
    cr_expect(bandwidth_of(p.states.states[0].actual_bandwidth) == 1.0F);
    cr_expect(bandwidth_of(p.states.states[0].bandwidth) == 2.0F);
    finish(&p);
    parse(&p, PCEP_MESSAGE_PCRPT, LSP_17 ERO_SR METRIC "05100008 3f800000");
    cr_assert(p.status == PCE_OK && p.states.state_count == 1);
    cr_expect(p.states.states[0].actual_metric_count == 0);
    cr_expect(p.states.states[0].actual_bandwidth == NULL && p.states.states[0].metric_count == 1);
    finish(&p);
}

/* They are legal; it is the handlers' to say that they are not supported. */
Test(grammar, end_points_of_another_kind_are_not_those_of_a_request)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCREQ, RP_1_PLAIN "04320014 00000001 c0000201 c0000209 c000020a");
    cr_assert(p.status == PCE_OK && p.requests.requests != NULL);
    cr_expect(p.requests.requests[0].fault_count == 0);
    cr_expect(p.requests.requests[0].end_points == NULL);
    finish(&p);
}

#define LSP_P2MP  "20120008 00011109"
#define SERO      "1d10000c 0108c000 02342000"
#define CCI       "2c100010 00000000 00000000 00000001"
#define TREE_ENDS "04300010 00000004 c0000201 c0000209"
#define S2LS      "29100008 00000000"

/* RFC 8231 6.1, RFC 8623 6.1, RFC 9050 6.2 */
Test(grammar, a_sero_is_a_path_in_the_tree_of_a_p2mp_lsp_alone)
{
    static const unsigned types[] = {PCEP_MESSAGE_PCRPT, PCEP_MESSAGE_PCUPD};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        expect_state_fault(types[i], SRP_5 LSP_17 SERO, 6, 9);
        expect_state_fault(types[i], SRP_5 LSP_17 ERO_EMPTY SERO, 0, 0);
        expect_state_fault(types[i], SRP_5 LSP_17 CCI, 0, 0);
    }
    expect_state_fault(PCEP_MESSAGE_PCINITIATE, SRP_5 "20100008 00000000" SERO, 6, 9);
    expect_state_fault(PCEP_MESSAGE_PCUPD, SRP_5 LSP_P2MP TREE_ENDS SERO, 0, 0);
}

Test(grammar, the_report_of_a_tree_has_its_leaves_and_their_states)
{
    expect_state_fault(PCEP_MESSAGE_PCRPT, LSP_P2MP S2LS SERO, 6, 3);
    expect_state_fault(PCEP_MESSAGE_PCRPT, LSP_P2MP TREE_ENDS SERO, 6, 13);
}

#define IS_OPTIONAL(structure, member)                                                             \
    _Generic(((struct structure *)0)->member, const struct pcep_optional * : 1, default : 0)

/* What the grammar lets be absent cannot be read through: a compiler that takes this file has seen
 * that each such member is a pointer to the type without a definition. */
_Static_assert(IS_OPTIONAL(pcep_request, end_points) && IS_OPTIONAL(pcep_request, lsp) &&
                   IS_OPTIONAL(pcep_request, lspa) && IS_OPTIONAL(pcep_request, bandwidth) &&
                   IS_OPTIONAL(pcep_request, of) && IS_OPTIONAL(pcep_request, rro) &&
                   IS_OPTIONAL(pcep_request, existing_bandwidth) &&
                   IS_OPTIONAL(pcep_request, iro) && IS_OPTIONAL(pcep_request, xro),
               "what a request may lack is optional");
_Static_assert(IS_OPTIONAL(pcep_lsp_state, srp) && IS_OPTIONAL(pcep_lsp_state, lsp) &&
                   IS_OPTIONAL(pcep_lsp_state, ero) && IS_OPTIONAL(pcep_lsp_state, rro) &&
                   IS_OPTIONAL(pcep_lsp_state, cci) && IS_OPTIONAL(pcep_lsp_state, bandwidth),
               "what the state of an LSP may lack is optional");
_Static_assert(IS_OPTIONAL(pcep_response, ero) && IS_OPTIONAL(pcep_response, no_path) &&
                   IS_OPTIONAL(pcep_response, lspa) && IS_OPTIONAL(pcep_response, bandwidth),
               "what a response may lack is optional");

Test(grammar, an_absent_object_is_an_empty_list)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCRPT, LSP_17 CCI LSP_18 ERO_EMPTY LSP_17 ERO_SR);
    cr_assert(p.status == PCE_OK && p.states.state_count == 3);
    struct pcep_subobjects absent = pcep_subobjects_of(p.states.states[0].ero);
    struct pcep_subobjects empty = pcep_subobjects_of(p.states.states[1].ero);
    struct pcep_subobjects full = pcep_subobjects_of(p.states.states[2].ero);
    cr_expect(!absent.is_present && absent.count == 0);
    cr_expect(empty.is_present && empty.count == 0);
    cr_expect(full.is_present && full.count == 1 && full.at[0].body != NULL);
    const struct pcep_object *object;
    cr_expect(!pcep_get(p.states.states[0].ero, &object) && object == NULL);
    finish(&p);
}

Test(grammar, report_without_lsp_is_6_8_and_without_ero_6_9)
{
    expect_state_fault(PCEP_MESSAGE_PCRPT, SRP_5 ERO_SR, 6, 8);
    expect_state_fault(PCEP_MESSAGE_PCRPT, SRP_5 LSP_17, 6, 9);
    expect_state_fault(PCEP_MESSAGE_PCUPD, SRP_5 LSP_17, 6, 9);
}

Test(grammar, p_flag_says_nothing_outside_requests)
{
    struct parsed p;
    expect_state_fault(PCEP_MESSAGE_PCRPT, LSP_17 ERO_SR "c8120008 00000000", 0, 0);
    expect_state_fault(PCEP_MESSAGE_PCRPT, LSP_17 ERO_SR "05520008 00000000", 0, 0);
    parse(&p, PCEP_MESSAGE_PCREP, RP_1_PLAIN ERO_SR "c8120008 00000000");
    cr_assert(p.status == PCE_OK && p.responses.responses != NULL);
    cr_expect(!pcep_fault_is_set(&p.responses.responses[0].fault));
    finish(&p);
}

Test(grammar, update_without_srp_is_6_10)
{
    expect_state_fault(PCEP_MESSAGE_PCUPD, LSP_17 ERO_SR, 6, 10);
    expect_state_fault(PCEP_MESSAGE_PCINITIATE, LSP_17 ERO_SR, 6, 10);
    expect_state_fault(PCEP_MESSAGE_PCRPT, LSP_17 ERO_SR, 0, 0);
}

Test(grammar, initiation_needs_an_ero_unless_it_removes_or_takes_over)
{
    expect_state_fault(PCEP_MESSAGE_PCINITIATE, SRP_5 "20120008 00000009", 6, 9);
    expect_state_fault(PCEP_MESSAGE_PCINITIATE, "2112000c 00000001 00000005 20120008 00000009", 0,
                       0);
    expect_state_fault(PCEP_MESSAGE_PCINITIATE, SRP_5 LSP_17, 0, 0);
}

Test(grammar, fault_of_a_report_names_its_srp)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCRPT, SRP_5 LSP_17 "07120008 2404000c");
    cr_assert(p.status == PCE_OK && p.states.state_count == 1);
    const struct pcep_fault *fault = &p.states.states[0].fault;
    cr_expect(fault->error_type == 10 && fault->error_value == 6);
    cr_expect(fault->id_kind == PCEP_ID_SRP && fault->id == 5);
    finish(&p);
}

Test(grammar, empty_report_is_6_8_and_empty_update_6_10)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCRPT, "");
    cr_expect(p.status == PCE_INVALID && p.fault.error_type == 6 && p.fault.error_value == 8);
    finish(&p);
    parse(&p, PCEP_MESSAGE_PCUPD, "");
    cr_expect(p.status == PCE_INVALID && p.fault.error_type == 6 && p.fault.error_value == 10);
    finish(&p);
}

Test(grammar, responses_have_a_path_or_none)
{
    struct parsed p;
    parse(&p, PCEP_MESSAGE_PCREP, RP_1_PLAIN ERO_SR METRIC RP_2_PLAIN "03100008 00000000" METRIC);
    cr_assert(p.status == PCE_OK && p.responses.response_count == 2);
    cr_expect(p.responses.responses[0].ero != NULL && p.responses.responses[0].no_path == NULL);
    cr_expect(p.responses.responses[1].ero == NULL && p.responses.responses[1].no_path != NULL);
    cr_expect(p.responses.responses[1].metric_count == 1);
    finish(&p);
}
