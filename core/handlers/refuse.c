#include "core/handlers/refuse.h"

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
