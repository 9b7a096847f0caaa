#include "core/handlers/on_message.h"
#include "core/handlers/refuse.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"

void handlers_on_pcrep(const struct handler_message *received)
{
    struct handler_context *context = received->context;
    bool has_rp = false;
    for (uint32_t i = 0; i < received->message->object_count; i++) {
        const struct pcep_object *object = &received->message->objects[i];
        if (object->row == NULL || object->row->id != PCEP_OBJECT_RP)
            continue;
        has_rp = true;
        struct pcep_fault fault = {0};
        pcep_fault_set(&fault, PCEP_FAULT_REQUEST, PCEP_ERROR_UNKNOWN_REQUEST, object->offset,
                       "answer to no request");
        fault.id_kind = PCEP_ID_REQUEST;
        fault.id = ((const struct pcep_rp *)object->body)->request_id;
        handlers_refuse(received, &fault);
        session_count_unknown_request(received->session, context->requests->now);
    }
    if (has_rp)
        return;
    struct pcep_fault fault = *received->fault; /* of an RP that could not be read, maybe */
    pcep_fault_set(&fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_RP_MISSING, 0, "RP missing");
    handlers_refuse(received, &fault);
}

/* No RFC says what a PCE does with PCUpd or PCInitiate. We advertise nothing that invites them, nor
 * the monitoring of RFC 5886: to us they are what RFC 5440 6.9 calls unrecognised, PCErr 2 and, at
 * five a minute, the end. */
void handlers_on_unsupported(const struct handler_message *received)
{
    received->context->counters->messages_refused++;
    session_refuse_message_type(received->session, received->context->requests->now);
}
