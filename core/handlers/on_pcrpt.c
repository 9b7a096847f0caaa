#include "core/handlers/on_message.h"
#include "core/pcep/grammar.h"

/* RFC 8231 5.4: both ends must have said that they are stateful. */
static bool is_stateful(const struct session *session)
{
    return session->config->stateful && session->peer.stateful;
}

static void refuse_all(const struct handler_message *received)
{
    struct handler_context *context = received->context;
    struct pcep_fault fault = {0};
    pcep_fault_set(&fault, PCEP_FAULT_MESSAGE, 19, 5, 0, "LSP state report without stateful");
    context->counters->reports_refused++;
    handlers_refuse(received, &fault);
    session_close(received->session, PCEP_CLOSE_NO_EXPLANATION, fault.reason, context->now);
}

/* RFC 8231 5.6: SYNC clear, PLSP-ID 0 and an empty ERO. */
static bool is_end_of_sync(const struct pcep_lsp_state *state)
{
    const struct pcep_lsp *lsp = state->lsp->body;
    return lsp->plsp_id == 0 && (lsp->flags & PCEP_LSP_S) == 0 && state->ero->subobject_count == 0;
}

/* RFC 8408 5: without SRP the setup type is RSVP-TE, and then segments have no business in the ERO.
 */
static bool lacks_srp(const struct pcep_lsp_state *state)
{
    if (state->srp != NULL)
        return false;
    for (uint32_t i = 0; i < state->ero->subobject_count; i++) {
        const struct pcep_subobject_row *row = state->ero->subobjects[i].row;
        if (row != NULL && (row->id == PCEP_SUBOBJECT_SR || row->id == PCEP_SUBOBJECT_SRV6))
            return true;
    }
    return false;
}

/* One report that is wrong does not end the session, nor the other reports of its message. */
static void refuse_report(const struct handler_message *received, const struct pcep_fault *faults,
                          uint32_t count)
{
    struct handler_context *context = received->context;
    context->counters->reports_refused++;
    session_send_errors(received->session, faults, count, context->now);
    for (uint32_t i = 0; i < count && context->events->on_refused != NULL; i++)
        context->events->on_refused(context, received->session, &faults[i]);
}

static void take_report(const struct handler_message *received, const struct pcep_lsp_state *state)
{
    struct handler_context *context = received->context;
    if (state->fault_count > 0) {
        refuse_report(received, state->faults, state->fault_count);
    } else if (lacks_srp(state)) {
        struct pcep_fault fault = {0};
        pcep_fault_set(&fault, PCEP_FAULT_REQUEST, 6, 10, state->lsp->offset,
                       "SRP missing in the report of a segment-routed LSP");
        refuse_report(received, &fault, 1);
    } else if (is_end_of_sync(state)) {
        if (context->events->on_end_of_sync != NULL)
            context->events->on_end_of_sync(context, received->session);
    } else {
        context->counters->reports++;
        if (context->events->on_report != NULL)
            context->events->on_report(context, received->session, state->lsp, state->ero);
    }
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
        pcep_parse_lsp_states(received->message, received->context->arena, &list, &fault);
    if (status == PCE_INVALID) {
        received->context->counters->reports_refused++;
        handlers_refuse(received, &fault);
        return;
    }
    if (status != PCE_OK) {
        handlers_give_up(received);
        return;
    }
    for (uint32_t i = 0; i < list.state_count; i++)
        take_report(received, &list.states[i]);
}
