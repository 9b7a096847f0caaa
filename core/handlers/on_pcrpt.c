#include "core/base/check.h"
#include "core/handlers/auto_bandwidth.h"
#include "core/handlers/lsp_orders.h"
#include "core/handlers/lsp_versions.h"
#include "core/handlers/on_message.h"
#include "core/handlers/refuse.h"
#include "core/pcep/error.h"
#include "core/pcep/grammar.h"
#include "core/requests/algorithm.h"

/* ---- the session ---- */

/* RFC 8231 5.4: both ends must have said that they are stateful. */
static bool is_stateful(const struct session *session)
{
    return session->config->stateful && session->peer.stateful;
}

/* RFC 8232 5.2: the PCC reports nothing before we ask it to. */
static bool is_triggered(const struct session *session)
{
    return session->config->triggered_sync && (session->peer.stateful_flags & PCEP_STATEFUL_F) != 0;
}

static struct lsp_session agreed_on(const struct handler_context *context,
                                    const struct session *session)
{
    const uint32_t flags = session->peer.stateful_flags;
    const struct lsp_profile *profile = orders_profile(context, session);
    return (struct lsp_session){
        .may_update = session->config->stateful_update && (flags & PCEP_STATEFUL_U) != 0,
        .may_initiate = session->config->stateful_initiate && (flags & PCEP_STATEFUL_I) != 0,
        .may_auto_bandwidth = session->config->auto_bandwidth && session->peer.auto_bandwidth,
        .may_color = session->config->color && (flags & PCEP_STATEFUL_C) != 0,
        .has_version = session->config->db_version && (flags & PCEP_STATEFUL_S) != 0,
        .is_delta = session->config->db_version && (flags & (PCEP_STATEFUL_S | PCEP_STATEFUL_D)) ==
                                                       (PCEP_STATEFUL_S | PCEP_STATEFUL_D),
        .is_triggered = is_triggered(session),
        .has_twins = lsp_profile_has(profile, LSP_HABIT_SAME_NAMES),
    };
}

/* NULL: no memory. */
static struct lsp_pcc *pcc_of(struct handler_context *context, const struct session *session)
{
    const struct ip *address = context->address_of(session);
    struct lsp_pcc *pcc = lsp_db_pcc(context->lsps, address);
    if (pcc != NULL && pcc->is_up)
        return pcc;
    const struct lsp_session agreed = agreed_on(context, session);
    pcc = lsp_db_on_up(context->lsps, address, &agreed, context->requests->now);
    if (pcc == NULL)
        return NULL;
    orders_on_up(context, session);
    /* RFC 8232 3.2: where both have the same version no end mark comes. */
    if (pcc->sync == LSP_SYNC_DONE)
        orders_on_end_mark(context, session);
    return pcc;
}

/* A PCC that says nothing of LSPs costs nothing: it is made when its first report comes, but for
 * one that waits to be asked for it. Without memory that report tries again; one that waits for us
 * would do so for ever. */
bool handlers_on_up(struct handler_context *context, struct session *session)
{
    const bool is_waiting = is_stateful(session) && is_triggered(session);
    const bool is_known = lsp_db_pcc(context->lsps, context->address_of(session)) != NULL;
    if (!is_stateful(session) || (!is_known && !is_waiting))
        return true;
    const bool is_begun = pcc_of(context, session) != NULL;
    /* It is asked through its lane. */
    return !is_waiting ||
           (is_begun && lsp_lane_find(context->orders, context->address_of(session)) != NULL);
}

void handlers_on_down(struct handler_context *context, const struct ip *address, struct mono now)
{
    struct lsp_pcc *pcc = lsp_db_pcc(context->lsps, address);
    orders_on_down(context, address, now);
    if (pcc != NULL)
        lsp_db_on_down(context->lsps, pcc, now);
}

/* ---- what is refused ---- */

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

/* The fault of a report names its SRP. */
static void name_srp(const struct pcep_lsp_state *state, struct pcep_fault *fault)
{
    const struct pcep_object *srp;
    if (!pcep_get(state->srp, &srp))
        return;
    fault->id_kind = PCEP_ID_SRP;
    fault->id = ((const struct pcep_srp *)srp->body)->srp_id;
}

/* RFC 9604 8: a label or SID that we are to allocate: that takes a central controller. */
static void refuse_allocation(const struct handler_message *received,
                              const struct pcep_lsp_state *state, const struct pcep_object *lsp)
{
    struct pcep_fault fault = {0};
    pcep_fault_set(&fault, PCEP_FAULT_REQUEST, PCEP_ERROR_PCECC_WITHOUT_CAPABILITY, lsp->offset,
                   "an allocation by the PCE without the capability");
    name_srp(state, &fault);
    pcrpt_end_session(received, &fault);
}

/* RFC 8231 5.6: SYNC clear, PLSP-ID 0 and an empty ERO. Other flags say nothing in it. */
static bool is_end_of_sync(const struct pcep_lsp *lsp, struct pcep_subobjects ero)
{
    return lsp->plsp_id == 0 && (lsp->flags & (PCEP_LSP_S | PCEP_LSP_R)) == 0 && ero.is_present &&
           ero.count == 0;
}

static bool pcrpt_has_hops(const struct pcep_optional *route, enum pcep_subobject_id id)
{
    struct pcep_subobjects hops = pcep_subobjects_of(route);
    for (uint32_t i = 0; i < hops.count; i++)
        if (hops.at[i].row != NULL && hops.at[i].row->id == id)
            return true;
    return false;
}

static bool pcrpt_has_srv6(const struct pcep_lsp_state *state)
{
    return pcrpt_has_hops(state->ero, PCEP_SUBOBJECT_SRV6) ||
           pcrpt_has_hops(state->rro, PCEP_SUBOBJECT_SRV6);
}

/* Both Opens had the SRv6-PCE-CAPABILITY. */
static bool pcrpt_may_have_srv6(const struct session *session)
{
    return session->config->srv6 && session->peer.srv6;
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

/* RFC 8231 5.6, to the letter: a synchronisation with a report that cannot be processed is over. */
static void pcrpt_break_sync(const struct handler_message *received, const struct pcep_fault *first)
{
    struct pcep_fault fault = *first;
    fault.error_type = pcep_error_type(PCEP_ERROR_REPORT_NOT_PROCESSED);
    fault.error_value = pcep_error_value(PCEP_ERROR_REPORT_NOT_PROCESSED);
    session_send_error(received->session, &fault, received->context->requests->now);
    session_close(received->session, PCEP_CLOSE_NO_EXPLANATION, first->reason,
                  received->context->requests->now);
}

/* What is refused is missing here; whether a synchronisation is under way. */
static bool pcrpt_note_refusal(const struct handler_message *received)
{
    const struct handler_context *context = received->context;
    struct lsp_pcc *pcc = lsp_db_pcc(context->lsps, context->address_of(received->session));
    if (pcc == NULL)
        return false;
    lsp_pcc_on_refusal(pcc);
    return pcc->sync == LSP_SYNC_RUNNING;
}

/* One report that is wrong does not harm the other reports of its message, nor the session, unless
 * the configuration follows the RFCs to the letter. */
static void refuse_report(const struct handler_message *received, const struct pcep_fault *faults,
                          uint32_t count)
{
    struct request_context *requests = received->context->requests;
    const bool is_strict = received->session->config->wrong_report_closes;
    const bool is_synchronising = pcrpt_note_refusal(received);
    received->context->counters->reports_refused++;
    for (uint32_t i = 0; i < count && requests->events->on_refused != NULL; i++)
        requests->events->on_refused(requests, received->session, &faults[i]);
    if (is_strict && count > 0 && is_synchronising) {
        pcrpt_break_sync(received, &faults[0]);
        return;
    }
    session_send_errors(received->session, faults, count, requests->now);
    if (is_strict)
        close_for(received, faults, count);
}

/* RFC 9933 5: everything after the LSP. The first fault stands. */
static void check_algorithms(const struct handler_message *received,
                             const struct pcep_lsp_state *state, const struct pcep_object *lsp,
                             struct pcep_fault *fault)
{
    for (const struct pcep_object *at = lsp + 1; at < state->end; at++) {
        if (at->row != NULL &&
            !algorithm_check_object(received->session, at, state->setup_type, fault))
            return;
    }
}

static bool pcrpt_is_removal(const struct pcep_lsp_state *state, const struct pcep_lsp *lsp)
{
    const struct pcep_object *srp;
    return (lsp->flags & PCEP_LSP_R) != 0 ||
           (pcep_get(state->srp, &srp) &&
            (((const struct pcep_srp *)srp->body)->flags & PCEP_SRP_R) != 0);
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
    else if (state->srp == NULL && (pcrpt_has_hops(state->ero, PCEP_SUBOBJECT_SR) ||
                                    pcrpt_has_hops(state->ero, PCEP_SUBOBJECT_SRV6)))
        pcep_fault_set(fault, PCEP_FAULT_REQUEST, PCEP_ERROR_SRP_MISSING, lsp_object->offset,
                       "SRP missing in the report of a segment-routed LSP");
    /* RFC 9603 5.2.1, of both cases. SR-MPLS has no such error: its segments are kept and shown. */
    else if (pcrpt_has_srv6(state) &&
             (state->setup_type != PCEP_PST_SRV6 || !pcrpt_may_have_srv6(received->session)))
        pcep_fault_set(
            fault, PCEP_FAULT_REQUEST, PCEP_ERROR_SRV6_WITHOUT_CAPABILITY, lsp_object->offset,
            state->setup_type == PCEP_PST_SRV6 ? "SRv6 segments without the capability"
                                               : "SRv6 segments in a path of another setup type");
    /* The grammar demands a path, or what stands for one, of what was not removed; the latter are
     * refused above. */
    else if (state->ero == NULL && !pcrpt_is_removal(state, lsp))
        pcep_fault_set(fault, PCEP_FAULT_REQUEST, PCEP_ERROR_ERO_MISSING, lsp_object->offset,
                       "ERO missing");
    else
        check_algorithms(received, state, lsp_object, fault);
    return !pcep_fault_is_set(fault);
}

static void refuse_state(const struct handler_message *received, const struct pcep_lsp_state *state,
                         struct pcep_fault *fault)
{
    name_srp(state, fault);
    refuse_report(received, fault, 1);
}

/* RFC 8231 5.4: the state is taken, as a passive PCE takes it, and the delegation is not. */
static void pcrpt_refuse_delegation(const struct handler_message *received,
                                    const struct pcep_lsp_state *state,
                                    const struct pcep_object *lsp)
{
    struct pcep_fault fault = {0};
    pcep_fault_set(&fault, PCEP_FAULT_REQUEST, PCEP_ERROR_UPDATE_WITHOUT_DELEGATION, lsp->offset,
                   "delegation without LSP-UPDATE-CAPABILITY");
    name_srp(state, &fault);
    received->context->counters->reports_undelegated++;
    session_send_error(received->session, &fault, received->context->requests->now);
}

static void pcrpt_take_state(const struct handler_message *received, struct lsp_pcc *pcc,
                             const struct pcep_lsp_state *state, const struct pcep_object *lsp)
{
    CHECK(pcc->is_up);
    struct handler_context *context = received->context;
    const struct lsp_report report = {.state = state, .lsp = lsp, .now = context->requests->now};
    struct orders_report told = {.state = state, .lsp = lsp};
    struct pcep_fault fault = {0};
    const bool is_delegated = (((const struct pcep_lsp *)lsp->body)->flags & PCEP_LSP_D) != 0;
    switch (lsp_db_report(context->lsps, pcc, &report, &told.outcome, &fault)) {
    case PCE_OK:
        break;
    case PCE_INVALID:
        refuse_state(received, state, &fault);
        return;
    case PCE_LIMIT:
        handlers_end_at_limit(received);
        return;
    default:
        handlers_give_up(received);
        return;
    }
    context->counters->reports++;
    if (is_delegated && !pcc->session.may_update)
        pcrpt_refuse_delegation(received, state, lsp);
    auto_bandwidth_on_report(received, &told);
    orders_on_report(received, &told);
    if (context->events->on_report != NULL)
        context->events->on_report(context, received->session, state);
}

/* Another one in the same session says nothing: no RFC has an error for it. */
static void take_end_mark(const struct handler_message *received, struct lsp_pcc *pcc)
{
    struct handler_context *context = received->context;
    context->counters->end_marks++;
    if (lsp_db_on_end_of_sync(context->lsps, pcc, context->requests->now))
        orders_on_end_mark(context, received->session);
}

/* RFC 8232 3.2: a version that is wrong ends the session. */
static bool take_version(const struct handler_message *received, struct lsp_pcc *pcc,
                         const struct pcep_lsp_state *state, const struct pcep_object *lsp)
{
    struct pcep_fault fault = {0};
    uint64_t version;
    if (!versions_check(pcc, lsp, &version, &fault)) {
        refuse_state(received, state, &fault);
        session_close(received->session, PCEP_CLOSE_NO_EXPLANATION, fault.reason,
                      received->context->requests->now);
        return false;
    }
    if (version != 0)
        lsp_pcc_on_version(pcc, version);
    return true;
}

/* RFC 8232 5.2: the report is not taken; it comes again when we have asked for it. */
static void refuse_untriggered(const struct handler_message *received,
                               const struct pcep_lsp_state *state, const struct pcep_object *lsp)
{
    struct pcep_fault fault = {0};
    pcep_fault_set(&fault, PCEP_FAULT_REQUEST, PCEP_ERROR_SYNC_BEFORE_TRIGGER, lsp->offset,
                   "synchronisation that was not triggered yet");
    refuse_state(received, state, &fault);
}

static void take_sound_report(const struct handler_message *received,
                              const struct pcep_lsp_state *state, const struct pcep_object *lsp)
{
    struct handler_context *context = received->context;
    struct pcep_fault fault = {0};
    struct lsp_pcc *pcc = pcc_of(context, received->session);
    if (pcc == NULL)
        handlers_give_up(received);
    else if (pcc->sync == LSP_SYNC_PENDING)
        refuse_untriggered(received, state, lsp);
    else if (!judge_report(received, state, lsp, &fault))
        refuse_state(received, state, &fault);
    else if (!take_version(received, pcc, state, lsp))
        return;
    else if (is_end_of_sync(lsp->body, pcep_subobjects_of(state->ero)))
        take_end_mark(received, pcc);
    else
        pcrpt_take_state(received, pcc, state, lsp);
}

static void take_report(const struct handler_message *received, const struct pcep_lsp_state *state)
{
    const struct pcep_object *lsp;
    const struct pcep_object *cci;
    if (pcep_get(state->cci, &cci))
        refuse_instructions(received, cci);
    else if (pcep_get(state->lsp, &lsp) &&
             (((const struct pcep_lsp *)lsp->body)->flags & PCEP_LSP_P) != 0)
        refuse_allocation(received, state, lsp);
    else if (state->fault_count > 0 || !pcep_get(state->lsp, &lsp))
        refuse_report(received, state->faults, state->fault_count);
    else
        take_sound_report(received, state, lsp);
}

/* Also of reports that are refused: they cost as much. */
static void count_octets(const struct handler_message *received)
{
    struct handler_context *context = received->context;
    struct report_load *load = &context->lsps->load;
    const uint32_t octets = received->message->size;
    if (!report_load_count(load, octets))
        return;
    struct lsp_pcc *pcc = pcc_of(context, received->session);
    if (pcc != NULL)
        report_load_note(load, pcc, octets);
}

/* RFC 5440 6.6: it may hold back what can wait. */
static void tell_late(const struct handler_message *received)
{
    struct request_context *requests = received->context->requests;
    const struct report_load *load = &received->context->lsps->load;
    if (load->is_late && received->session->state == SESSION_UP)
        requests_tell_late(requests, received->session, report_load_lag_ns(load, requests->now));
}

void handlers_on_pcrpt(const struct handler_message *received)
{
    struct pcep_lsp_state_list list;
    struct pcep_fault fault = {0};
    if (!is_stateful(received->session)) {
        refuse_all(received);
        return;
    }
    count_octets(received);
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
    tell_late(received);
}
