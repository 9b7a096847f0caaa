#include "core/handlers/on_message.h"
#include "core/handlers/refuse.h"
#include "core/pcep/error.h"
#include "core/pcep/grammar.h"
#include "core/requests/algorithm.h"

/* RFC 8231 5.4: both ends must have said that they are stateful. */
static bool is_stateful(const struct session *session)
{
    return session->config->stateful && session->peer.stateful;
}

/* What a session that lacks the capability must not carry: refused, and the session ends. */
static void pcrpt_end_session(const struct handler_message *received,
                              const struct pcep_fault *fault)
{
    struct handler_context *context = received->context;
    handlers_refuse(received, fault);
    session_close(received->session, PCEP_CLOSE_NO_EXPLANATION, fault->reason,
                  context->requests->now);
}

static void refuse_all(const struct handler_message *received)
{
    struct pcep_fault fault = {0};
    pcep_fault_set(&fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_REPORT_WITHOUT_STATEFUL, 0,
                   "LSP state report without stateful");
    pcrpt_end_session(received, &fault);
}

/* Instructions of a central controller: we advertise neither these nor native IP (RFC 9050 5.4, RFC
 * 9757 4.1). */
static void refuse_instructions(const struct handler_message *received,
                                const struct pcep_object *cci)
{
    struct pcep_fault fault = {0};
    if (cci->row->id == PCEP_OBJECT_CCI_NATIVE_IP)
        pcep_fault_set(&fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_NATIVE_IP_WITHOUT_CAPABILITY,
                       cci->offset, "native IP instructions without the capability");
    else
        pcep_fault_set(&fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_PCECC_WITHOUT_CAPABILITY, cci->offset,
                       "PCECC instructions without the capability");
    pcrpt_end_session(received, &fault);
}

/* RFC 8231 5.6: SYNC clear, PLSP-ID 0 and an empty ERO. */
static bool is_end_of_sync(const struct pcep_lsp *lsp, struct pcep_subobjects ero)
{
    return lsp->plsp_id == 0 && (lsp->flags & PCEP_LSP_S) == 0 && ero.is_present && ero.count == 0;
}

static bool pcrpt_has_segments(struct pcep_subobjects ero)
{
    for (uint32_t i = 0; i < ero.count; i++) {
        const struct pcep_subobject_row *row = ero.at[i].row;
        if (row != NULL && (row->id == PCEP_SUBOBJECT_SR || row->id == PCEP_SUBOBJECT_SRV6))
            return true;
    }
    return false;
}

/* The errors of single reports for which the RFCs want the session closed as well: LSP-IDENTIFIERS
 * missing (RFC 8231 7.3.1), P2MP without the capability (RFC 8623 9). */
static bool wants_close(const struct pcep_fault *fault)
{
    enum pcep_error_code error = pcep_fault_error(fault);
    return error == PCEP_ERROR_LSP_IDENTIFIERS_MISSING || error == PCEP_ERROR_REPORT_WITHOUT_P2MP;
}

static void close_for(const struct handler_message *received, const struct pcep_fault *faults,
                      uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (wants_close(&faults[i])) {
            session_close(received->session, PCEP_CLOSE_NO_EXPLANATION, faults[i].reason,
                          received->context->requests->now);
            return;
        }
    }
}

/* One report that is wrong does not harm the other reports of its message, nor the session, unless
 * the configuration follows the RFCs to the letter. */
static void refuse_report(const struct handler_message *received, const struct pcep_fault *faults,
                          uint32_t count)
{
    struct request_context *requests = received->context->requests;
    received->context->counters->reports_refused++;
    session_send_errors(received->session, faults, count, requests->now);
    for (uint32_t i = 0; i < count && requests->events->on_refused != NULL; i++)
        requests->events->on_refused(requests, received->session, &faults[i]);
    if (received->session->config->wrong_report_closes)
        close_for(received, faults, count);
}

static uint8_t setup_type_of(const struct pcep_lsp_state *state)
{
    const struct pcep_object *srp;
    const struct pcep_path_setup_type *tlv =
        pcep_get(state->srp, &srp) ? pcep_find_tlv(srp, PCEP_TLV_PATH_SETUP_TYPE) : NULL;
    return tlv == NULL ? PCEP_PST_RSVP_TE : tlv->pst;
}

/* RFC 9933 5: everything from the LSP to the next report. The first fault stands. */
static void check_algorithms(const struct handler_message *received,
                             const struct pcep_lsp_state *state, const struct pcep_object *lsp,
                             struct pcep_fault *fault)
{
    const struct pcep_message *message = received->message;
    const struct pcep_object *end = message->objects + message->object_count;
    uint8_t pst = setup_type_of(state);
    for (const struct pcep_object *at = lsp + 1; at < end && !pcep_fault_is_set(fault); at++) {
        if (at->row == NULL)
            continue;
        if (at->row->id == PCEP_OBJECT_SRP || at->row->id == PCEP_OBJECT_LSP)
            return;
        (void)algorithm_check_object(received->session, at, pst, fault);
    }
}

/* What is wrong with a report that its grammar allows: false, and the fault. */
static bool judge_report(const struct handler_message *received, const struct pcep_lsp_state *state,
                         const struct pcep_object *lsp_object, struct pcep_fault *fault)
{
    const struct pcep_lsp *lsp = lsp_object->body;
    /* RFC 8623 9: we advertise nothing of P2MP. */
    if ((lsp->flags & PCEP_LSP_N) != 0)
        pcep_fault_set(fault, PCEP_FAULT_REQUEST, PCEP_ERROR_REPORT_WITHOUT_P2MP,
                       lsp_object->offset, "report of a P2MP LSP without the capability");
    /* RFC 8408 5: without SRP the setup type is RSVP-TE, and then segments have no business in the
     * ERO. */
    else if (state->srp == NULL && pcrpt_has_segments(pcep_subobjects_of(state->ero)))
        pcep_fault_set(fault, PCEP_FAULT_REQUEST, PCEP_ERROR_SRP_MISSING, lsp_object->offset,
                       "SRP missing in the report of a segment-routed LSP");
    /* The grammar demands a path, or what stands for one; these are refused above. */
    else if (state->ero == NULL)
        pcep_fault_set(fault, PCEP_FAULT_REQUEST, PCEP_ERROR_ERO_MISSING, lsp_object->offset,
                       "ERO missing");
    else
        check_algorithms(received, state, lsp_object, fault);
    return !pcep_fault_is_set(fault);
}

static void take_sound_report(const struct handler_message *received,
                              const struct pcep_lsp_state *state, const struct pcep_object *lsp)
{
    struct handler_context *context = received->context;
    struct pcep_fault fault = {0};
    if (!judge_report(received, state, lsp, &fault)) {
        const struct pcep_object *srp;
        if (pcep_get(state->srp, &srp)) {
            fault.id_kind = PCEP_ID_SRP;
            fault.id = ((const struct pcep_srp *)srp->body)->srp_id;
        }
        refuse_report(received, &fault, 1);
    } else if (is_end_of_sync(lsp->body, pcep_subobjects_of(state->ero))) {
        if (context->events->on_end_of_sync != NULL)
            context->events->on_end_of_sync(context, received->session);
    } else {
        context->counters->reports++;
        if (context->events->on_report != NULL)
            context->events->on_report(context, received->session, state);
    }
}

static void take_report(const struct handler_message *received, const struct pcep_lsp_state *state)
{
    const struct pcep_object *lsp;
    const struct pcep_object *cci;
    if (pcep_get(state->cci, &cci))
        refuse_instructions(received, cci);
    else if (state->fault_count > 0 || !pcep_get(state->lsp, &lsp))
        refuse_report(received, state->faults, state->fault_count);
    else
        take_sound_report(received, state, lsp);
}

void handlers_on_pcrpt(const struct handler_message *received)
{
    struct pcep_lsp_state_list list;
    struct pcep_fault fault = {0};
    if (!is_stateful(received->session)) {
        refuse_all(received);
        return;
    }
    enum pce_status status =
        pcep_parse_lsp_states(received->message, received->context->requests->arena, &list, &fault);
    if (status == PCE_INVALID) {
        handlers_refuse(received, &fault);
        return;
    }
    if (status != PCE_OK) {
        handlers_give_up(received);
        return;
    }
    for (uint32_t i = 0; i < list.state_count && received->session->state == SESSION_UP; i++)
        take_report(received, &list.states[i]);
}
