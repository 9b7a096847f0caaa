#include "core/handlers/handlers.h"
#include "core/handlers/on_message.h"
#include "core/pcep/model.h"

void handlers_refuse(const struct handler_message *received, const struct pcep_fault *fault)
{
    struct request_context *requests = received->context->requests;
    received->context->counters->messages_refused++;
    session_send_error(received->session, fault, requests->now);
    if (requests->events->on_refused != NULL)
        requests->events->on_refused(requests, received->session, fault);
}

void handlers_give_up(const struct handler_message *received)
{
    session_close(received->session, PCEP_CLOSE_NO_EXPLANATION, "no memory for a received message",
                  received->context->requests->now);
}

void handlers_on_message(struct handler_context *context, struct session *session,
                         const struct pcep_message *message, const struct pcep_fault *fault)
{
    (void)fault; /* the grammar finds it again at the object that it is about */
    const struct handler_message received = {context, session, message};
    switch (message->type) {
    case PCEP_MESSAGE_PCREQ:
        handlers_on_pcreq(&received);
        break;
    case PCEP_MESSAGE_PCRPT:
        handlers_on_pcrpt(&received);
        break;
    case PCEP_MESSAGE_PCNTF:
        handlers_on_pcntf(&received);
        break;
    case PCEP_MESSAGE_PCERR:
        handlers_on_pcerr(&received);
        break;
    case PCEP_MESSAGE_PCREP:
        handlers_on_pcrep(&received);
        break;
    default:
        handlers_on_unsupported(&received);
        break;
    }
}
