#include "core/requests/overload.h"
#include "core/base/check.h"
#include "core/requests/notify.h"
#include "core/requests/request_queue.h"

_Static_assert(OVERLOAD_LOW_MS < OVERLOAD_HIGH_MS, "congestion ends below where it begins");

#define NS_OF_MS(ms) ((uint64_t)(ms)*MONO_NS_PER_MS)

static uint64_t calm_ns(void)
{
    return OVERLOAD_CALM_S * MONO_NS_PER_S;
}

static uint32_t hold_s(const struct request_queue *queue)
{
    CHECK(queue->unrest <= OVERLOAD_UNREST_MAX);
    return 1U << queue->unrest;
}

static void set_congested(struct request_queue *queue, bool is_congested, struct mono now)
{
    bool follows = queue->since.ns != 0 && mono_since_ns(now, queue->since) < calm_ns();
    if (is_congested && !follows)
        queue->unrest = 0;
    else if (is_congested && queue->unrest < OVERLOAD_UNREST_MAX)
        queue->unrest++;
    queue->is_congested = is_congested;
    queue->since = now;
}

static void tell_end(struct request_context *context)
{
    struct request_queue *queue = context->queue;
    for (unsigned i = 0; i < OVERLOAD_TELL_MAX && !list_is_empty(&queue->told); i++) {
        struct request_peer *peer = CONTAINER_OF(queue->told.next, struct request_peer, told);
        struct session *session = peer->session;
        request_queue_set_told(queue, peer, false);
        notify_available(context, session);
        context->counters->overload_ends_told++;
    }
}

void overload_update(struct request_context *context)
{
    struct request_queue *queue = context->queue;
    size_t octets_max = context->limits.octets_max == 0 ? SIZE_MAX : context->limits.octets_max;
    uint64_t age_ns = request_queue_age_ns(queue, context->now);
    bool is_high = age_ns >= NS_OF_MS(OVERLOAD_HIGH_MS) || queue->octets >= octets_max / 2 ||
                   context->reports_are_late;
    bool is_low = age_ns < NS_OF_MS(OVERLOAD_LOW_MS) && queue->octets <= octets_max / 4 &&
                  !context->reports_are_late;
    uint64_t lasts_ns = mono_since_ns(context->now, queue->since);
    if (!queue->is_congested && is_high) {
        set_congested(queue, true, context->now);
        context->counters->congestions++;
    } else if (queue->is_congested && is_low && lasts_ns >= hold_s(queue) * MONO_NS_PER_S) {
        set_congested(queue, false, context->now);
    }
    if (!queue->is_congested)
        tell_end(context);
}

/* How long the congestion may last: as long again as the request has waited, or as it is bound to.
 */
static uint32_t estimate_s(const struct request_queue *queue, uint64_t waited_ns)
{
    uint64_t estimate = (waited_ns + MONO_NS_PER_S - 1) / MONO_NS_PER_S;
    if (estimate > OVERLOAD_DURATION_MAX_S)
        estimate = OVERLOAD_DURATION_MAX_S;
    return estimate < hold_s(queue) ? hold_s(queue) : (uint32_t)estimate;
}

static void overload_tell(struct request_context *context, struct session *session,
                          uint64_t waited_ns)
{
    struct request_queue *queue = context->queue;
    struct request_peer *peer = request_queue_get(queue, session);
    if (peer == NULL)
        return;
    if (list_is_linked(&peer->told) && mono_is_before(context->now, peer->told_until))
        return;
    uint32_t duration_s = estimate_s(queue, waited_ns);
    bool is_told = notify_overloaded(context, session, duration_s);
    peer->told_until = mono_add_s(context->now, duration_s);
    request_queue_set_told(queue, peer, is_told);
    if (is_told)
        context->counters->overloads_told++;
}

void overload_on_wait(struct request_context *context, struct session *session, uint64_t waited_ns)
{
    if (context->queue->is_congested && waited_ns >= NS_OF_MS(OVERLOAD_LOW_MS))
        overload_tell(context, session, waited_ns);
}

void overload_on_full(struct request_context *context, struct session *session)
{
    overload_update(context);
    if (context->queue->is_congested)
        overload_tell(context, session, request_queue_age_ns(context->queue, context->now));
}

void requests_tell_late(struct request_context *context, struct session *session, uint64_t lag_ns)
{
    overload_update(context);
    overload_tell(context, session, lag_ns);
}
