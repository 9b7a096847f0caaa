#include "core/requests/entry.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "core/requests/cached.h"

/* The octets of an entry as a list of one request. False, and the fault: what the decoder or the
 * grammar found, or that there was no memory. */
static bool entry_read_list(struct request_context *context, const struct entry_octets *entry,
                            struct pcep_message *message, struct pcep_request_list *list,
                            struct pcep_fault *fault)
{
    const struct frame_message framed = {.octets = entry->octets,
                                         .size = entry->size,
                                         .version = PCEP_VERSION,
                                         .type = PCEP_MESSAGE_PCREQ};
    enum pce_status status = PCE_LIMIT;
    if (message != NULL)
        status = pcep_decode_framed(framed, context->arena, message, fault);
    if (status == PCE_OK)
        status = pcep_parse_requests(message, context->arena, list, fault);
    if (status == PCE_OK && list->request_count == 1)
        return true;
    if (status == PCE_LIMIT)
        *fault = (struct pcep_fault){.scope = PCEP_FAULT_REQUEST,
                                     .id_kind = PCEP_ID_REQUEST,
                                     .id = entry->request_id,
                                     .reason = "no memory for a request that waited"};
    pcep_fault_set(fault, PCEP_FAULT_REQUEST, PCEP_ERROR_NONE, 0, "what waited is not one request");
    return false;
}

bool entry_read_octets(struct request_context *context, const struct session *session,
                       const struct entry_octets *entry, struct request_plan *plan,
                       struct pcep_fault *fault)
{
    struct pcep_message *message = ARENA_ARRAY(context->arena, struct pcep_message, 1);
    struct pcep_request_list list;
    *plan = (struct request_plan){0};
    if (!entry_read_list(context, entry, message, &list, fault))
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

bool entry_read(struct request_context *context, struct session *session,
                const struct request_entry *entry, struct request_plan *plan,
                struct pcep_fault *fault)
{
    const struct entry_octets octets = {entry->octets, entry->size, entry->request_id};
    return entry_read_octets(context, session, &octets, plan, fault);
}
