/* Serving the requests that wait; see requests.h and request_queue.h. */
#include "core/base/fetch.h"
#include "core/requests/answer.h"
#include "core/requests/cached.h"
#include "core/requests/entry.h"
#include "core/requests/offload.h"
#include "core/requests/overload.h"
#include "core/requests/requests.h"
#include "core/requests/synced.h"

#include <stdlib.h>

/* Requests of one session that are answered before it is another one's turn: they share a PCRep. */
#define QUANTUM 8

/* Answers or refuses what was taken off the queue; gives false when the session takes no more
 * answers. */
static bool serve_answer_entry(struct answer *answer, const struct request_plan *plan,
                               bool is_sound, const struct path_result *result,
                               const struct pcep_fault *fault)
{
    struct request_context *context = answer->context;
    if (!is_sound) {
        answer_finish(answer);
        answer_refuse_plan(context, answer->session, plan, fault);
        return true;
    }
    bool has_room = answer_write_own(answer, plan, result, false);
    context->counters->replies_dropped += !has_room;
    return has_room;
}

/* Another one may have asked the same meanwhile. Gives false when nobody has. */
static bool serve_known(struct answer *answer, struct request_entry *entry, bool *has_room)
{
    struct request_context *context = answer->context;
    const struct wire_span objects = entry_objects(entry);
    const struct reply_entry *known = cached_find(context, answer->session, objects);
    if (known == NULL)
        return false;
    request_queue_remove(context->queue, entry);
    *has_room = answer_write_known(answer, known, objects);
    if (*has_room)
        cached_count(context, answer->session, entry->request_id, known);
    context->counters->replies_dropped += !*has_room;
    request_entry_free(context->queue, entry);
    return true;
}

/* Gives false when the session takes no more answers. */
static bool serve_entry(struct answer *answer, struct request_entry *entry)
{
    struct request_context *context = answer->context;
    struct request_plan plan;
    struct path_result result;
    struct pcep_fault fault = {0};
    bool has_room = true;
    if (serve_known(answer, entry, &has_room))
        return has_room;
    bool is_sound = entry_read(context, answer->session, entry, &plan, &fault);
    if (is_sound && !answer_compute(context, answer->session, &plan, &result)) {
        request_queue_move(context->queue, entry, REQUEST_HEAVY);
        (void)offload_try(context, entry, &plan);
    } else {
        request_queue_remove(context->queue, entry);
        has_room = serve_answer_entry(answer, &plan, is_sound, &result, &fault);
        request_entry_free(context->queue, entry);
    }
    arena_reset(context->arena);
    return has_room;
}

/* The session's next one was written long ago: it comes into the processor's cache while this one
 * is computed. */
static void fetch_next(const struct request_entry *entry)
{
    fetch_octets(entry->link.next, sizeof *entry + REQUEST_COMMON_SIZE);
}

/* A session may end by what is sent to it, and its record then goes: it is looked up each time. */
static void serve_session(struct request_context *context, struct session *session,
                          unsigned priority)
{
    struct answer answer = {.context = context, .session = session};
    uint64_t waited_ns = 0;
    bool has_room = true;
    for (unsigned i = 0; i < QUANTUM && context->work_left > 0 && has_room; i++) {
        const struct request_peer *peer = request_queue_find(context->queue, session);
        struct request_entry *entry =
            peer == NULL ? NULL : request_queue_first(peer, REQUEST_READY, priority);
        if (entry == NULL)
            break;
        if (mono_since_ns(context->now, entry->since) > waited_ns)
            waited_ns = mono_since_ns(context->now, entry->since);
        fetch_next(entry);
        has_room = serve_entry(&answer, entry);
    }
    answer_finish(&answer);
    if (session->state == SESSION_UP)
        overload_on_wait(context, session, waited_ns);
}

bool requests_serve(struct request_context *context)
{
    struct request_queue *queue = context->queue;
    if (queue == NULL)
        return false;
    arena_reset(context->arena);
    overload_update(context);
    bool has_more = offload_turn(context);
    has_more = synced_serve(context) || has_more;
    while (context->work_left > 0) {
        unsigned priority;
        struct request_peer *peer = request_queue_next(queue, REQUEST_READY, &priority);
        if (peer == NULL)
            break;
        const struct request_events *events = context->events;
        if (events->may_answer != NULL && !events->may_answer(context, peer->session))
            request_queue_park(queue, peer);
        else
            serve_session(context, peer->session, priority);
    }
    return has_more || request_queue_waiting(queue, REQUEST_READY) > 0 ||
           (!queue->is_congested && !list_is_empty(&queue->told));
}

void requests_forget_session(struct request_context *context, const struct session *session)
{
    if (context->queue != NULL)
        context->counters->requests_gone += request_queue_forget(context->queue, session);
    if (context->synced != NULL)
        context->counters->requests_gone += synced_drop(context->synced, session, NULL, 0);
}

void requests_cancel(struct request_context *context, const struct session *session, uint32_t *ids,
                     uint32_t id_count)
{
    if (context->queue == NULL)
        return;
    qsort(ids, id_count, sizeof *ids, request_ids_compare);
    context->counters->requests_cancelled +=
        request_queue_cancel(context->queue, session, ids, id_count);
    if (context->synced != NULL)
        context->counters->requests_cancelled +=
            synced_drop(context->synced, session, ids, id_count);
}

void requests_resume_session(struct request_context *context, const struct session *session)
{
    if (context->queue != NULL)
        request_queue_unpark(context->queue, session, context->now);
}

uint32_t requests_waiting(struct request_context *context, const struct session *session)
{
    if (context->queue == NULL || context->queue->count == 0)
        return 0;
    const struct request_peer *peer = request_queue_find(context->queue, session);
    return peer == NULL ? 0 : peer->count;
}
