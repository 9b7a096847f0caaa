#include "core/requests/wait.h"
#include "core/base/check.h"
#include "core/pcep/model.h"
#include "core/requests/notify.h"
#include "core/requests/offload.h"
#include "core/requests/overload.h"

#define EVICT_MAX 32 /* requests that one session loses at a time */

/* One that is parked has some that are not counted as waiting. */
static bool has_ready(struct request_queue *queue, const struct session *session)
{
    if (queue->count == 0)
        return false;
    const struct request_peer *peer = request_queue_find(queue, session);
    return peer != NULL && peer->places[REQUEST_READY].count > 0;
}

bool wait_is_general(const struct request_context *context)
{
    return context->queue != NULL &&
           (context->work_left == 0 || request_queue_waiting(context->queue, REQUEST_READY) > 0);
}

bool wait_is_due(struct request_context *context, struct session *session)
{
    if (context->queue == NULL)
        return false;
    return wait_is_general(context) || has_ready(context->queue, session) ||
           (context->events->may_answer != NULL && !context->events->may_answer(context, session));
}

/* The session that has most loses some of its last requests. */
static void wait_evict(struct request_context *context, struct request_peer *peer)
{
    uint32_t ids[EVICT_MAX];
    uint32_t count = 0;
    struct session *session = peer->session;
    uint32_t wanted = peer->count / 2 < EVICT_MAX ? peer->count / 2 + 1 : EVICT_MAX;
    while (count < wanted) {
        struct request_entry *entry = request_queue_take_last(context->queue, peer);
        CHECK(entry != NULL); /* a session in by_size has some */
        ids[count++] = entry->request_id;
        request_entry_free(context->queue, entry);
        peer = request_queue_find(context->queue, session);
        if (peer == NULL)
            break;
    }
    context->counters->requests_unserved += count;
    notify_cancelled(context, session, ids, count);
    overload_on_full(context, session);
}

/* plan: NULL where it was not read. */
static enum pce_status wait_add(struct request_context *context, struct session *session,
                                const struct request_octets *request, struct request_plan *plan)
{
    struct request_entry *entry;
    for (;;) {
        enum pce_status status =
            request_queue_add(context->queue, &context->limits, session, request, &entry);
        if (status == PCE_OK && plan != NULL && plan->is_heavy)
            (void)offload_try(context, entry, plan);
        if (status != PCE_NO_MEMORY)
            return status;
        struct request_peer *heavy =
            request_queue_find_heavy(context->queue, session, request->objects.size);
        if (heavy == NULL)
            return PCE_NO_MEMORY;
        wait_evict(context, heavy); /* at least one: this ends */
    }
}

/* Gives whether it waits; else it is to be cancelled. */
static bool wait_begin_octets(struct request_context *context, struct session *session,
                              const struct request_octets *request, struct request_plan *plan,
                              bool *is_full)
{
    enum pce_status status = wait_add(context, session, request, plan);
    if (status == PCE_OK)
        context->counters->requests_queued++;
    else if (status == PCE_LIMIT)
        context->counters->requests_over_limit++;
    else
        context->counters->requests_unserved++;
    *is_full = *is_full || status == PCE_NO_MEMORY;
    return status == PCE_OK;
}

static void cancel(struct request_context *context, struct session *session, const uint32_t *ids,
                   uint32_t count, bool is_full)
{
    notify_cancelled(context, session, ids, count);
    if (is_full)
        overload_on_full(context, session);
}

enum pce_status wait_begin(struct request_context *context, struct session *session,
                           struct request_plan *plans, uint32_t count)
{
    uint32_t cancelled = 0;
    bool is_full = false;
    uint32_t *ids = ARENA_ARRAY(context->arena, uint32_t, count);
    if (ids == NULL) {
        context->counters->replies_dropped += count;
        return PCE_LIMIT;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct request_plan *plan = &plans[i];
        const struct request_octets request = {
            .objects = request_octets_of(plan),
            .request_id = request_id_of(plan->request),
            .priority = request_priority_of(plan->request),
            .since = context->now,
            .wait = plan->is_heavy ? REQUEST_HEAVY : REQUEST_READY,
        };
        if (!wait_begin_octets(context, session, &request, plan, &is_full))
            ids[cancelled++] = request.request_id;
    }
    cancel(context, session, ids, cancelled, is_full);
    return PCE_OK;
}

void wait_begin_one(struct request_context *context, struct session *session,
                    const struct request_octets *request)
{
    bool is_full = false;
    if (!wait_begin_octets(context, session, request, NULL, &is_full))
        cancel(context, session, &request->request_id, 1, is_full);
}
