/* Serving the requests that wait; see handlers.h and request_queue.h. */
#include "core/handlers/answer.h"
#include "core/handlers/handlers.h"
#include "core/handlers/overload.h"
#include "core/pcep/model.h"

/* Requests of one session that are answered before it is another one's turn: they share a PCRep. */
#define QUANTUM 8

/* Reads the one request of an entry again, as of now. What was sound when it came is so still, but
 * for what the topology has to do with it. */
static bool read_entry(struct handler_context *context, struct session *session,
                       const struct request_entry *entry, struct request_plan *plan,
                       struct pcep_fault *fault)
{
    struct pcep_message *message = ARENA_ARRAY(context->arena, struct pcep_message, 1);
    struct pcep_request_list list;
    struct wire_span octets = {entry->octets, entry->size};
    *plan = (struct request_plan){0};
    pcep_fault_set(fault, PCEP_FAULT_REQUEST, 0, 0, 0, "no memory for a request that waited");
    if (message == NULL || pcep_decode(octets, context->arena, message, fault) != PCE_OK ||
        pcep_parse_requests(message, context->arena, &list, fault) != PCE_OK ||
        list.request_count != 1 || list.requests[0].fault_count > 0)
        return false;
    const struct request_scene scene = {.message = message,
                                        .session = session,
                                        .snapshot = context->snapshot,
                                        .heeds_priority = true};
    *fault = (struct pcep_fault){0};
    return request_read(&scene, &list.requests[0], plan, fault);
}

/* Gives false when the session takes no more answers. */
static bool serve_entry(struct answer *answer, const struct request_entry *entry, bool is_last)
{
    struct handler_context *context = answer->context;
    struct request_plan plan;
    struct pcep_fault fault = {0};
    bool has_room = true;
    if (read_entry(context, answer->session, entry, &plan, &fault)) {
        has_room = answer_request(answer, &plan, is_last);
        context->counters->replies_dropped += !has_room;
    } else {
        answer_finish(answer);
        answer_refuse_plan(context, answer->session, &plan, &fault);
    }
    arena_reset(context->arena);
    return has_room;
}

/* A session may end by what is sent to it, and its record then goes: it is looked up each time. */
static void serve_session(struct handler_context *context, struct session *session,
                          unsigned priority)
{
    struct answer answer = {.context = context, .session = session};
    uint64_t waited_ns = 0;
    bool has_room = true;
    for (unsigned i = 0; i < QUANTUM && context->work_left > 0 && has_room; i++) {
        struct request_peer *peer = request_queue_find(context->queue, session);
        struct request_entry *entry =
            peer == NULL ? NULL : request_queue_take(context->queue, peer, priority);
        if (entry == NULL)
            break;
        if (mono_since_ns(context->now, entry->since) > waited_ns)
            waited_ns = mono_since_ns(context->now, entry->since);
        has_room = serve_entry(&answer, entry, false);
        request_entry_free(entry);
    }
    answer_finish(&answer);
    if (session->state == SESSION_UP)
        overload_on_wait(context, session, waited_ns);
}

bool handlers_serve(struct handler_context *context)
{
    struct request_queue *queue = context->queue;
    if (queue == NULL)
        return false;
    arena_reset(context->arena);
    overload_update(context);
    while (context->work_left > 0) {
        unsigned priority;
        struct request_peer *peer = request_queue_next(queue, &priority);
        if (peer == NULL)
            break;
        const struct handler_events *events = context->events;
        if (events->may_answer != NULL && !events->may_answer(context, peer->session))
            request_queue_park(queue, peer);
        else
            serve_session(context, peer->session, priority);
    }
    return request_queue_has_work(queue) || (!queue->is_congested && !list_is_empty(&queue->told));
}

void handlers_forget_session(struct handler_context *context, const struct session *session)
{
    if (context->queue != NULL)
        context->counters->requests_gone += request_queue_forget(context->queue, session);
}

void handlers_resume_session(struct handler_context *context, const struct session *session)
{
    if (context->queue != NULL)
        request_queue_unpark(context->queue, session, context->now);
}

uint32_t handlers_requests_waiting(struct handler_context *context, const struct session *session)
{
    if (context->queue == NULL)
        return 0;
    const struct request_peer *peer = request_queue_find(context->queue, session);
    return peer == NULL ? 0 : peer->count;
}
