#include "core/requests/entry.h"
#include "core/pcep/model.h"
#include "core/requests/cached.h"

bool entry_read(struct request_context *context, struct session *session,
                const struct request_entry *entry, struct request_plan *plan,
                struct pcep_fault *fault)
{
    struct pcep_message *message = ARENA_ARRAY(context->arena, struct pcep_message, 1);
    struct pcep_request_list list;
    const struct frame_message framed = {.octets = entry->octets,
                                         .size = entry->size,
                                         .version = PCEP_VERSION,
                                         .type = PCEP_MESSAGE_PCREQ};
    *plan = (struct request_plan){0};
    pcep_fault_set(fault, PCEP_FAULT_REQUEST, 0, 0, 0, "no memory for a request that waited");
    if (message == NULL || pcep_decode_framed(framed, context->arena, message, fault) != PCE_OK ||
        pcep_parse_requests(message, context->arena, &list, fault) != PCE_OK ||
        list.request_count != 1)
        return false;
    if (list.requests[0].fault_count > 0) {
        plan->faults = list.requests[0].faults;
        plan->fault_count = list.requests[0].fault_count;
        return false;
    }
    const struct request_scene scene = {.message = message,
                                        .session = session,
                                        .snapshot = context->snapshot,
                                        .heeds_priority = true};
    *fault = (struct pcep_fault){0};
    bool is_sound = request_read(&scene, &list.requests[0], plan, fault);
    plan->alone = cached_octets(message, &list);
    return is_sound;
}
