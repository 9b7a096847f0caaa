#include "core/requests/batch.h"

#include "core/base/check.h"
#include "core/requests/answer.h"
#include "core/requests/cached.h"
#include "core/requests/synced.h"
#include "core/requests/wait.h"

/* The sound requests of one PCReq. */
struct batch {
    struct request_context *context;
    struct session *session;
    const struct pcep_message *message;
    struct request_plan *plans;
    uint32_t count;
};

/* Reads all requests and sends the PCErrs, before any PCRep is open: one message is written at a
 * time. */
static enum pce_status read_requests(struct batch *batch, const struct pcep_request_list *list)
{
    struct request_context *context = batch->context;
    struct request_scene scene = {.message = batch->message,
                                  .session = batch->session,
                                  .snapshot = context->snapshot,
                                  .may_tie = context->synced != NULL,
                                  .heeds_priority = context->queue != NULL};
    batch->plans = ARENA_ARRAY(context->arena, struct request_plan, list->request_count);
    if (batch->plans == NULL || request_read_head(list, context->arena, &scene) != PCE_OK)
        return PCE_LIMIT;
    for (uint32_t i = 0; i < list->request_count; i++) {
        const struct pcep_request *request = &list->requests[i];
        struct request_plan *plan = &batch->plans[batch->count];
        struct pcep_fault fault = {0};
        context->counters->requests++;
        if (request->fault_count > 0)
            answer_refuse(context, batch->session, request->faults, request->fault_count);
        else if (request_read(&scene, request, plan, &fault))
            batch->plans[batch->count++].alone = cached_octets(batch->message, list);
        else
            answer_refuse_plan(context, batch->session, plan, &fault);
    }
    return PCE_OK;
}

/* Answers at once while that is nobody's loss. What is left of the batch is to wait: requests that
 * are too long to be computed here, and those that were not reached. */
static void answer_now(struct batch *batch)
{
    struct request_context *context = batch->context;
    struct answer answer = {.context = context, .session = batch->session};
    struct path_result result;
    uint32_t next = 0, kept = 0;
    bool has_room = true;
    for (; next < batch->count && batch->session->state == SESSION_UP && has_room &&
           !wait_is_due(context, batch->session);
         next++) {
        struct request_plan *plan = &batch->plans[next];
        plan->is_heavy = !answer_compute(context, batch->session, plan, &result);
        if (!plan->is_heavy)
            has_room = answer_write_own(&answer, plan, &result, next + 1 == batch->count);
        if (plan->is_heavy || !has_room)
            batch->plans[kept++] = *plan;
    }
    answer_finish(&answer);
    for (; next < batch->count; next++)
        batch->plans[kept++] = batch->plans[next];
    CHECK(kept <= batch->count);
    batch->count = kept;
    if (has_room && batch->session->state == SESSION_UP)
        return;
    /* What the queue refuses is not computed: the PCC asks again when it has read its answers. */
    context->counters->replies_dropped += batch->count;
    batch->count = 0;
}

/* Those that are tied are no part of the batch from now on: they are answered, or wait, as sets. */
static enum pce_status take_tied(struct batch *batch, const struct pcep_request_list *list)
{
    struct request_context *context = batch->context;
    uint32_t tied = 0, kept = 0;
    for (uint32_t i = 0; i < batch->count; i++)
        tied += batch->plans[i].is_tied;
    if (tied == 0)
        return PCE_OK;
    struct request_plan *plans = ARENA_ARRAY(context->arena, struct request_plan, tied);
    if (plans == NULL)
        return PCE_LIMIT;
    tied = 0;
    for (uint32_t i = 0; i < batch->count; i++) {
        if (batch->plans[i].is_tied)
            plans[tied++] = batch->plans[i];
        else
            batch->plans[kept++] = batch->plans[i];
    }
    batch->count = kept;
    return synced_take(context, batch->session, list, plans, tied);
}

enum pce_status batch_take(struct request_context *context, struct session *session,
                           const struct pcep_message *message, const struct pcep_request_list *list)
{
    struct batch batch = {.context = context, .session = session, .message = message};
    if (read_requests(&batch, list) != PCE_OK)
        return PCE_LIMIT;
    enum pce_status status = take_tied(&batch, list);
    if (status != PCE_OK)
        return status;
    answer_now(&batch);
    if (batch.count == 0)
        return PCE_OK;
    return wait_begin(context, session, batch.plans, batch.count);
}
