#include "core/handlers/wait.h"
#include "core/handlers/notify.h"
#include "core/handlers/offload.h"
#include "core/handlers/overload.h"
#include "core/pcep/model.h"

#define EVICT_MAX          32 /* requests that one session loses at a time */
#define OBJECT_HEADER_SIZE 4

/* One that is parked has some that are not counted as waiting. */
static bool has_ready(struct request_queue *queue, const struct session *session)
{
    if (queue->count == 0)
        return false;
    const struct request_peer *peer = request_queue_find(queue, session);
    return peer != NULL && peer->places[REQUEST_READY].count > 0;
}

bool wait_is_due(struct handler_context *context, struct session *session)
{
    if (context->queue == NULL)
        return false;
    return context->work_left == 0 || request_queue_waiting(context->queue, REQUEST_READY) > 0 ||
           has_ready(context->queue, session) ||
           (context->events->may_answer != NULL && !context->events->may_answer(context, session));
}

/* From the RP to the next one. The objects of a received message lie behind each other. */
static struct wire_span octets_of(const struct pcep_message *message,
                                  const struct pcep_request *request)
{
    const struct pcep_object *rp = request->rp;
    const struct pcep_object *end = message->objects + message->object_count;
    const struct pcep_object *last = rp;
    for (const struct pcep_object *next = rp + 1; next < end; next++) {
        if (next->row != NULL && next->row->id == PCEP_OBJECT_RP)
            break;
        last = next;
    }
    const uint8_t *start = rp->octets - OBJECT_HEADER_SIZE;
    return (struct wire_span){start, last->offset + last->size - rp->offset};
}

/* The session that has most loses some of its last requests. */
static void evict(struct handler_context *context, struct request_peer *peer)
{
    uint32_t ids[EVICT_MAX];
    uint32_t count = 0;
    struct session *session = peer->session;
    uint32_t wanted = peer->count / 2 < EVICT_MAX ? peer->count / 2 + 1 : EVICT_MAX;
    while (count < wanted) {
        struct request_entry *entry = request_queue_take_last(context->queue, peer);
        ids[count++] = entry->request_id;
        request_entry_free(entry);
        peer = request_queue_find(context->queue, session);
        if (peer == NULL)
            break;
    }
    context->counters->requests_unserved += count;
    notify_cancelled(context, session, ids, count);
    overload_on_full(context, session);
}

static enum pce_status add(const struct handler_message *received, const struct request_plan *plan)
{
    struct handler_context *context = received->context;
    const struct request_octets request = {
        .objects = octets_of(received->message, plan->request),
        .request_id = request_id_of(plan->request),
        .priority = request_priority_of(plan->request),
        .since = context->now,
        .wait = plan->is_heavy ? REQUEST_HEAVY : REQUEST_READY,
    };
    struct request_entry *entry;
    for (;;) {
        enum pce_status status = request_queue_add(context->queue, &context->limits,
                                                   received->session, &request, &entry);
        if (status == PCE_OK && plan->is_heavy)
            (void)offload_try(context, entry, plan);
        if (status != PCE_NO_MEMORY)
            return status;
        struct request_peer *heavy =
            request_queue_find_heavy(context->queue, received->session, request.objects.size);
        if (heavy == NULL)
            return PCE_NO_MEMORY;
        evict(context, heavy); /* at least one: this ends */
    }
}

void wait_begin(const struct handler_message *received, const struct request_plan *plans,
                uint32_t count)
{
    struct handler_context *context = received->context;
    uint32_t cancelled = 0;
    bool is_full = false;
    uint32_t *ids = ARENA_ARRAY(context->arena, uint32_t, count);
    if (ids == NULL) {
        context->counters->replies_dropped += count;
        handlers_give_up(received);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        enum pce_status status = add(received, &plans[i]);
        if (status == PCE_OK) {
            context->counters->requests_queued++;
            continue;
        }
        ids[cancelled++] = request_id_of(plans[i].request);
        if (status == PCE_LIMIT)
            context->counters->requests_over_limit++;
        else
            context->counters->requests_unserved++;
        is_full = is_full || status == PCE_NO_MEMORY;
    }
    notify_cancelled(context, received->session, ids, cancelled);
    if (is_full)
        overload_on_full(context, received->session);
}
