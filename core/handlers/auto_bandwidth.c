#include "core/handlers/auto_bandwidth.h"

#include "core/lsp/adjust_pace.h"
#include "core/lsp/lsp_pcc.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"

#define NOTIFICATION_SIZE 8
#define DURATION_TLV_SIZE 8

/* RFC 8733 5.1: the state is taken, and these attributes are not. */
static void refuse_attributes(const struct handler_message *received,
                              const struct orders_report *report)
{
    const struct handler_context *context = received->context;
    const struct lsp *lsp = report->outcome.lsp;
    const struct pcep_object *lspa, *srp;
    struct pcep_fault fault = {0};
    if (lsp == NULL || lsp->pcc->session.may_auto_bandwidth ||
        !pcep_get(report->state->lspa, &lspa) ||
        pcep_find_tlv_entry(lspa, PCEP_TLV_AUTO_BANDWIDTH_ATTRIBUTES) == NULL)
        return;
    pcep_fault_set(&fault, PCEP_FAULT_REQUEST, PCEP_ERROR_AUTO_BANDWIDTH_WITHOUT_CAPABILITY,
                   lspa->offset, "auto-bandwidth that was not agreed");
    if (pcep_get(report->state->srp, &srp)) {
        fault.id_kind = PCEP_ID_SRP;
        fault.id = ((const struct pcep_srp *)srp->body)->srp_id;
    }
    context->counters->auto_bandwidths_refused++;
    session_send_error(received->session, &fault, context->requests->now);
}

/* It pauses by itself for that long: nothing is said when the time is over (RFC 8733 5.7). */
static void tell_overwhelmed(const struct handler_message *received)
{
    const struct pcep_notification body = {.type = PCEP_NOTIFY_AUTO_BANDWIDTH,
                                           .value = PCEP_OVERLOAD_BEGINS};
    const struct pcep_duration duration = {.duration_s = ADJUST_PAUSE_S};
    struct wire_writer writer;
    if (session_open_message(received->session,
                             PCEP_HEADER_SIZE + NOTIFICATION_SIZE + DURATION_TLV_SIZE,
                             &writer) != PCE_OK)
        return; /* it takes nothing, so that it is told nothing more either */
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCNTF);
    size_t object = pcep_object_open(&writer, PCEP_OBJECT_NOTIFICATION, 0, &body);
    pcep_tlv_put(&writer, PCEP_TLV_OVERLOADED_DURATION, &duration);
    pcep_object_close(&writer, object);
    pcep_message_close(&writer, message);
    (void)!session_commit_message(received->session, &writer, SESSION_CONTROL,
                                  received->context->requests->now);
}

static struct lsp_lane *lane_of_session(const struct handler_message *received)
{
    const struct handler_context *context = received->context;
    struct lsp_lane *lane = lsp_lane_find(context->orders, context->address_of(received->session));
    return lane != NULL && lane->is_up && lane->ability.may_auto_bandwidth ? lane : NULL;
}

void auto_bandwidth_on_report(const struct handler_message *received,
                              const struct orders_report *report)
{
    struct handler_context *context = received->context;
    refuse_attributes(received, report);
    if (!report->outcome.is_adjusted)
        return;
    struct lsp_lane *lane = lane_of_session(received);
    context->counters->adjustments++;
    if (lane == NULL || !adjust_pace_on_report(lane, context->requests->now))
        return;
    context->counters->adjustments_paused++;
    tell_overwhelmed(received);
}

void auto_bandwidth_on_notification(const struct handler_message *received,
                                    const struct pcep_object *object)
{
    const struct pcep_notification *body = object->body;
    struct lsp_lane *lane =
        body->type == PCEP_NOTIFY_AUTO_BANDWIDTH ? lane_of_session(received) : NULL;
    const struct pcep_duration *duration = pcep_find_tlv(object, PCEP_TLV_OVERLOADED_DURATION);
    if (lane == NULL)
        return;
    if (body->value == PCEP_OVERLOAD_BEGINS)
        adjust_pace_on_overwhelmed(lane, duration == NULL ? 0 : duration->duration_s,
                                   received->context->requests->now);
    else if (body->value == PCEP_OVERLOAD_ENDS)
        adjust_pace_on_cleared(lane);
}
