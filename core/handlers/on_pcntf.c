#include "core/base/check.h"
#include "core/handlers/auto_bandwidth.h"
#include "core/handlers/on_message.h"
#include "core/handlers/refuse.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"

/* The request-IDs of the RPs in front of a NOTIFICATION. */
struct id_list {
    uint32_t *ids;
    uint32_t count;
    bool is_used; /* a NOTIFICATION came; the next RP begins another list */
};

/* RFC 5440 7.4.1: request-ID 0 counts as an unknown request wherever it stands. */
static void refuse_id(const struct handler_message *received, const struct pcep_object *object)
{
    struct pcep_fault fault = {0};
    pcep_fault_set(&fault, PCEP_FAULT_REQUEST, PCEP_ERROR_UNKNOWN_REQUEST, object->offset,
                   "request-ID 0");
    fault.id_kind = PCEP_ID_REQUEST;
    handlers_refuse(received, &fault);
    session_count_unknown_request(received->session, received->context->requests->now);
}

static void take_rp(const struct handler_message *received, const struct pcep_object *object,
                    struct id_list *list)
{
    CHECK(list->count < received->message->object_count);
    const struct pcep_rp *rp = object->body;
    if (list->is_used)
        *list = (struct id_list){.ids = list->ids};
    if (rp->request_id == 0)
        refuse_id(received, object);
    else
        list->ids[list->count++] = rp->request_id;
}

/* 1/1 cancels what waits; what is answered already cannot be taken back. RFC 5440 7.14 has a PCE
 * ignore the others silently when they come from a PCC: they are the owner's to look at. */
static void pcntf_take_notification(const struct handler_message *received,
                                    const struct pcep_object *object, struct id_list *list)
{
    struct handler_context *context = received->context;
    const struct pcep_notification *notification = object->body;
    context->counters->notifications++;
    list->is_used = true;
    if (notification->type == PCEP_NOTIFY_CANCELLED && notification->value == PCEP_CANCELLED_BY_PCC)
        requests_cancel(context->requests, received->session, list->ids, list->count);
    auto_bandwidth_on_notification(received, object);
    if (context->events->on_notification != NULL)
        context->events->on_notification(context, received->session, notification->type,
                                         notification->value);
}

void handlers_on_pcntf(const struct handler_message *received)
{
    const struct pcep_message *message = received->message;
    struct id_list list = {
        .ids = ARENA_ARRAY(received->context->requests->arena, uint32_t, message->object_count)};
    if (list.ids == NULL) {
        handlers_give_up(received);
        return;
    }
    bool has_notification = false;
    for (uint32_t i = 0; i < message->object_count && received->session->state == SESSION_UP; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object->row != NULL && object->row->id == PCEP_OBJECT_RP) {
            take_rp(received, object, &list);
        } else if (object->row != NULL && object->row->id == PCEP_OBJECT_NOTIFICATION) {
            has_notification = true;
            pcntf_take_notification(received, object, &list);
        }
    }
    struct pcep_fault fault = *received->fault;
    bool is_sound = has_notification && !pcep_fault_is_set(&fault);
    if (is_sound || received->session->state != SESSION_UP)
        return;
    /* A NOTIFICATION that could not be read is missing because of that fault, which stands. */
    pcep_fault_set(&fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_NONE, 0, "NOTIFICATION missing");
    handlers_refuse(received, &fault);
}
