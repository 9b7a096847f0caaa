#include "core/handlers/on_message.h"
#include "core/pcep/model.h"

void handlers_on_pcntf(const struct handler_message *received)
{
    struct handler_context *context = received->context;
    for (uint32_t i = 0; i < received->message->object_count; i++) {
        const struct pcep_object *object = &received->message->objects[i];
        if (object->row == NULL || object->row->id != PCEP_OBJECT_NOTIFICATION)
            continue;
        const struct pcep_notification *notification = object->body;
        context->counters->notifications++;
        if (context->events->on_notification != NULL)
            context->events->on_notification(context, received->session, notification->type,
                                             notification->value);
    }
}
