#include "core/handlers/lsp_orders.h"
#include "core/handlers/on_message.h"
#include "core/handlers/refuse.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"

/* RFC 8232 6.2: the PCC cannot report all of its LSPs anew. */
static void refuse_resync(const struct handler_message *received)
{
    struct handler_context *context = received->context;
    struct lsp_pcc *pcc = lsp_db_pcc(context->lsps, context->address_of(received->session));
    if (pcc != NULL)
        lsp_db_on_resync_refused(context->lsps, pcc);
}

void handlers_on_pcerr(const struct handler_message *received)
{
    struct handler_context *context = received->context;
    bool has_error = false;
    context->counters->errors++;
    for (uint32_t i = 0; i < received->message->object_count; i++) {
        const struct pcep_object *object = &received->message->objects[i];
        if (object->row == NULL || object->row->id != PCEP_OBJECT_PCEP_ERROR)
            continue;
        has_error = true;
        const struct pcep_error *error = object->body;
        if (pcep_error_code(error->type, error->value) == PCEP_ERROR_SYNC_NOT_COMPLETED)
            refuse_resync(received);
        if (context->events->on_peer_error != NULL)
            context->events->on_peer_error(context, received->session, error->type, error->value);
    }
    if (has_error) {
        orders_on_errors(received);
        return;
    }
    struct pcep_fault fault = *received->fault;
    pcep_fault_set(&fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_NONE, 0, "PCEP-ERROR missing");
    fault.error_type = 0; /* told to the owner, and never answered */
    fault.error_value = 0;
    handlers_refuse(received, &fault);
}
