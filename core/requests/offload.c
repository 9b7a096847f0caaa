#include "core/requests/offload.h"
#include "core/base/check.h"
#include "core/requests/answer.h"
#include "core/requests/cached.h"
#include "core/requests/computation.h"
#include "core/requests/entry.h"
#include "core/requests/overload.h"

/* ---- on their way ---- */

static bool offload_join(struct request_context *context, struct request_entry *entry,
                         const struct request_plan *plan)
{
    struct computation *computation = computation_find(context->computations, &plan->path,
                                                       context->snapshot->serial, plan->account);
    if (computation == NULL)
        return false;
    request_queue_join(context->queue, entry, computation);
    context->counters->requests_coalesced++;
    return true;
}

static bool offload_begin(struct request_context *context, struct request_entry *entry,
                          const struct request_plan *plan)
{
    if (!computation_has_room(context->computations))
        return false;
    struct computation *computation = computation_begin(context->computations, &plan->path,
                                                        context->snapshot->serial, plan->account);
    if (!context->events->offload(context, computation)) {
        computation_end(context->computations, computation);
        context->counters->computations_refused++;
        return false;
    }
    request_queue_join(context->queue, entry, computation);
    context->counters->computations++;
    return true;
}

bool offload_try(struct request_context *context, struct request_entry *entry,
                 struct request_plan *plan)
{
    if (!requests_may_offload(context) || entry->peer->is_parked)
        return false;
    account_show(context, entry->peer->session, plan);
    if (offload_join(context, entry, plan))
        return true;
    bool is_first = request_queue_waiting(context->queue, REQUEST_HEAVY) == 1;
    return is_first && offload_begin(context, entry, plan);
}

static bool offload_send(struct request_context *context, struct request_entry *entry,
                         struct request_plan *plan)
{
    account_show(context, entry->peer->session, plan);
    return offload_join(context, entry, plan) || offload_begin(context, entry, plan);
}

/* One whose answer is known meanwhile, or whose topology has changed so that it needs no
 * computation or is refused, has its turn in the shard. Gives false when it stays heavy: nobody
 * takes computations in this turn. */
static bool send_off(struct request_context *context, struct request_entry *entry)
{
    struct request_plan plan;
    struct pcep_fault fault = {0};
    bool is_off = true;
    if (cached_find(context, entry->peer->session, entry_objects(entry)) != NULL ||
        !entry_read(context, entry->peer->session, entry, &plan, &fault) ||
        plan.no_path_vector != 0)
        request_queue_move(context->queue, entry, REQUEST_READY);
    else
        is_off = offload_send(context, entry, &plan);
    requests_spend(context, 0);
    arena_reset(context->arena);
    return is_off;
}

static void begin_waiting(struct request_context *context)
{
    struct request_queue *queue = context->queue;
    const struct request_events *events = context->events;
    for (unsigned i = 0; i < OFFLOAD_BEGIN_MAX && computation_has_room(context->computations);
         i++) {
        unsigned priority;
        struct request_peer *peer = request_queue_next(queue, REQUEST_HEAVY, &priority);
        if (peer == NULL)
            return;
        if (events->may_answer != NULL && !events->may_answer(context, peer->session))
            request_queue_park(queue, peer);
        else if (!send_off(context, request_queue_first(peer, REQUEST_HEAVY, priority)))
            return;
    }
}

/* ---- back again ---- */

struct collect {
    struct answer answer;
    uint64_t waited_ns; /* the longest of those that were answered */
};

static void offload_finish(struct collect *collect)
{
    struct session *session = collect->answer.session;
    answer_finish(&collect->answer);
    if (session != NULL && session->state == SESSION_UP)
        overload_on_wait(collect->answer.context, session, collect->waited_ns);
    collect->answer.session = NULL;
    collect->waited_ns = 0;
}

static void offload_answer_entry(struct collect *collect, struct computation *computation,
                                 struct request_entry *entry)
{
    struct request_context *context = collect->answer.context;
    struct session *session = entry->peer->session;
    const struct answer_result result = {
        .path = &computation->result,
        .hops = computation->hops,
        .is_current = context->snapshot != NULL && computation->serial == context->snapshot->serial,
    };
    struct request_plan plan;
    struct pcep_fault fault = {0};
    if (collect->answer.session != session) {
        offload_finish(collect);
        collect->answer.session = session;
    }
    if (mono_since_ns(context->now, entry->since) > collect->waited_ns)
        collect->waited_ns = mono_since_ns(context->now, entry->since);
    request_queue_remove(context->queue, entry);
    if (entry_read(context, session, entry, &plan, &fault)) {
        plan.account = computation->account;
        if (!answer_write(&collect->answer, &plan, &result, false))
            context->counters->replies_dropped++;
    } else {
        answer_finish(&collect->answer);
        answer_refuse_plan(context, session, &plan, &fault);
    }
    request_entry_free(context->queue, entry);
    requests_spend(context, 0);
    arena_reset(context->arena);
}

static void collect_one(struct collect *collect, struct computation *computation)
{
    struct request_context *context = collect->answer.context;
    struct request_entry *entry =
        CONTAINER_OF(computation->entries.next, struct request_entry, by_computation);
    CHECK(entry->computation == computation);
    struct session *session = entry->peer->session;
    const struct request_events *events = context->events;
    if (computation->is_stale) {
        request_queue_move(context->queue, entry, REQUEST_HEAVY);
    } else if (events->may_answer != NULL && !events->may_answer(context, session)) {
        request_queue_move(context->queue, entry, REQUEST_HEAVY);
        request_queue_park(context->queue, entry->peer);
    } else {
        offload_answer_entry(collect, computation, entry);
    }
}

static void answer_done(struct request_context *context)
{
    struct collect collect = {.answer = {.context = context}};
    struct computation *computation = computation_first_done(context->computations);
    for (unsigned i = 0; i < OFFLOAD_ANSWERS_MAX && computation != NULL; i++) {
        if (!list_is_empty(&computation->entries)) {
            collect_one(&collect, computation);
            continue;
        }
        computation_end(context->computations, computation);
        computation = computation_first_done(context->computations);
    }
    offload_finish(&collect);
}

void requests_on_computed(struct request_context *context, struct computation *computation)
{
    computation_finish(context->computations, computation);
}

bool offload_turn(struct request_context *context)
{
    if (context->computations == NULL)
        return false;
    answer_done(context);
    begin_waiting(context);
    return computation_first_done(context->computations) != NULL ||
           (computation_has_room(context->computations) &&
            request_queue_waiting(context->queue, REQUEST_HEAVY) > 0);
}
