#include "core/handlers/handlers.h"
#include "core/base/check.h"
#include "core/handlers/on_message.h"
#include "core/pcep/model.h"

void handlers_on_message(struct handler_context *context, struct session *session,
                         const struct pcep_message *message, const struct pcep_fault *fault)
{
    CHECK(session->state == SESSION_UP);
    /* Where a message has a parsed form the grammar finds the fault again, at its object. */
    const struct handler_message received = {context, session, message, fault};
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
