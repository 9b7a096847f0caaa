#include "core/handlers/answer.h"
#include "core/handlers/cached.h"
#include "core/handlers/on_message.h"
#include "core/handlers/wait.h"

/* The sound requests of one PCReq. */
struct batch {
    const struct handler_message *received;
    struct request_plan *plans;
    uint32_t count;
};

/* Reads all requests and sends the PCErrs, before any PCRep is open: one message is written at a
 * time. */
static enum pce_status read_requests(struct batch *batch, const struct pcep_request_list *list)
{
    const struct handler_message *received = batch->received;
    struct request_context *context = received->context->requests;
    struct request_scene scene = {.message = received->message,
                                  .session = received->session,
                                  .snapshot = context->snapshot,
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
            answer_refuse(context, received->session, request->faults, request->fault_count);
        else if (request_read(&scene, request, plan, &fault))
            batch->plans[batch->count++].alone = cached_octets(received->message, list);
        else
            answer_refuse_plan(context, received->session, plan, &fault);
    }
    return PCE_OK;
}

/* Answers at once while that is nobody's loss. What is left of the batch is to wait: requests that
 * are too long to be computed here, and those that were not reached. */
static void answer_now(struct batch *batch)
{
    const struct handler_message *received = batch->received;
    struct request_context *context = received->context->requests;
    struct answer answer = {.context = context, .session = received->session};
    struct path_result result;
    uint32_t next = 0, kept = 0;
    bool has_room = true;
    for (; next < batch->count && received->session->state == SESSION_UP && has_room &&
           !wait_is_due(context, received->session);
         next++) {
        struct request_plan *plan = &batch->plans[next];
        plan->is_heavy = !answer_compute(context, plan, &result);
        if (!plan->is_heavy)
            has_room = answer_write_own(&answer, plan, &result, next + 1 == batch->count);
        if (plan->is_heavy || !has_room)
            batch->plans[kept++] = *plan;
    }
    answer_finish(&answer);
    for (; next < batch->count; next++)
        batch->plans[kept++] = batch->plans[next];
    batch->count = kept;
    if (has_room && received->session->state == SESSION_UP)
        return;
    /* What the queue refuses is not computed: the PCC asks again when it has read its answers. */
    context->counters->replies_dropped += batch->count;
    batch->count = 0;
}

void handlers_on_pcreq(const struct handler_message *received)
{
    struct request_context *context = received->context->requests;
    struct batch batch = {.received = received};
    struct pcep_request_list list;
    struct pcep_fault fault = {0};
    enum pce_status status = pcep_parse_requests(received->message, context->arena, &list, &fault);
    if (status == PCE_INVALID) {
        handlers_refuse(received, &fault);
        return;
    }
    if (status != PCE_OK || read_requests(&batch, &list) != PCE_OK) {
        handlers_give_up(received);
        return;
    }
    answer_now(&batch);
    if (batch.count > 0)
        wait_begin(received, batch.plans, batch.count);
}
