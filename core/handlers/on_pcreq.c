#include "core/handlers/on_message.h"
#include "core/handlers/refuse.h"
#include "core/requests/batch.h"

void handlers_on_pcreq(const struct handler_message *received)
{
    struct request_context *requests = received->context->requests;
    struct pcep_request_list list;
    struct pcep_fault fault = {0};
    enum pce_status status = pcep_parse_requests(received->message, requests->arena, &list, &fault);
    if (status == PCE_INVALID)
        handlers_refuse(received, &fault);
    else if (status != PCE_OK ||
             batch_take(requests, received->session, received->message, &list) != PCE_OK)
        handlers_give_up(received);
}
