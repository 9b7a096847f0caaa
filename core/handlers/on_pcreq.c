#include "core/base/check.h"
#include "core/handlers/on_message.h"
#include "core/handlers/reply.h"
#include "core/pcep/model.h"

/* The requests of one PCReq, and the PCRep that is being filled with their responses. */
struct batch {
    const struct handler_message *received;
    struct request_plan *plans;
    uint32_t count;
    bool is_open; /* `writer` holds a PCRep */
    struct wire_writer writer;
    size_t message; /* offset of the PCRep in the writer */
};

/* ---- refusals ---- */

static void refuse_request(const struct handler_message *received, const struct pcep_fault *faults,
                           uint32_t count)
{
    struct handler_context *context = received->context;
    context->counters->requests_refused++;
    session_send_errors(received->session, faults, count, context->now);
    for (uint32_t i = 0; i < count; i++) {
        if (context->events->on_refused != NULL)
            context->events->on_refused(context, received->session, &faults[i]);
        if (faults[i].error_type == 8) /* RFC 5440 7.4.1: request-ID 0 */
            session_count_unknown_request(received->session, context->now);
    }
}

static bool is_up(const struct handler_message *received)
{
    return received->session->state == SESSION_UP;
}

/* Reads all requests and sends the PCErrs, before any PCRep is open: one message is written at a
 * time. */
static enum pce_status read_requests(struct batch *batch, const struct pcep_request_list *list)
{
    const struct handler_message *received = batch->received;
    struct handler_context *context = received->context;
    struct request_scene scene = {
        .message = received->message, .session = received->session, .snapshot = context->snapshot};
    batch->plans = ARENA_ARRAY(context->arena, struct request_plan, list->request_count);
    if (batch->plans == NULL || request_read_svecs(list, context->arena, &scene) != PCE_OK)
        return PCE_LIMIT;
    for (uint32_t i = 0; i < list->request_count; i++) {
        const struct pcep_request *request = &list->requests[i];
        struct request_plan *plan = &batch->plans[batch->count];
        struct pcep_fault fault = {0};
        context->counters->requests++;
        if (request->fault_count > 0) {
            refuse_request(received, request->faults, request->fault_count);
        } else if (request_read(&scene, request, plan, &fault)) {
            batch->count++;
        } else {
            refuse_request(received, &fault, 1);
            if (plan->ends_session)
                session_close(received->session, PCEP_CLOSE_NO_EXPLANATION, fault.reason,
                              context->now);
        }
    }
    return PCE_OK;
}

/* ---- replies ---- */

static void close_reply(struct batch *batch)
{
    struct handler_context *context = batch->received->context;
    if (!batch->is_open)
        return;
    batch->is_open = false;
    pcep_message_close(&batch->writer, batch->message);
    enum pce_status status = session_commit_message(batch->received->session, &batch->writer,
                                                    SESSION_DATA, context->now);
    CHECK(status == PCE_OK); /* reply_size said how much room it takes */
}

/* Room for one more response: in the PCRep that is open while it stays within reply_size_max, else
 * in a new one. A response that is longer than that goes alone. */
static bool make_room(struct batch *batch, size_t size, bool is_last)
{
    size_t size_max = batch->received->context->reply_size_max;
    if (size_max > PCEP_MESSAGE_SIZE_MAX)
        size_max = PCEP_MESSAGE_SIZE_MAX;
    if (batch->is_open && wire_written(&batch->writer) + size <= size_max)
        return true;
    close_reply(batch);
    size_t wanted = PCEP_HEADER_SIZE + size;
    if (!is_last && wanted < size_max)
        wanted = size_max;
    CHECK(wanted <= PCEP_MESSAGE_SIZE_MAX); /* PATH_HOPS_MAX hops of 20 octets, and no more */
    if (session_open_message(batch->received->session, wanted, &batch->writer) != PCE_OK)
        return false;
    batch->is_open = true;
    batch->message = pcep_message_open(&batch->writer, PCEP_MESSAGE_PCREP);
    return true;
}

static void compute(const struct handler_context *context, const struct request_plan *plan,
                    struct path_result *result)
{
    if (plan->no_path_vector == 0) {
        path_compute(context->engine, context->snapshot, &plan->path, result);
        return;
    }
    *result = (struct path_result){.outcome = PATH_NONE};
}

/* Gives false when the session's queue takes no more. */
static bool answer(struct batch *batch, const struct request_plan *plan, bool is_last)
{
    struct handler_context *context = batch->received->context;
    struct path_result result;
    compute(context, plan, &result);
    if (!make_room(batch, reply_size(plan, &result, context->snapshot), is_last))
        return false;
    reply_write(plan, &result, context->snapshot, &batch->writer);
    if (result.outcome == PATH_FOUND)
        context->counters->replies_path++;
    else
        context->counters->replies_no_path++;
    if (context->events->on_reply != NULL)
        context->events->on_reply(context, batch->received->session, request_id_of(plan->request),
                                  &plan->path, &result);
    return true;
}

void handlers_on_pcreq(const struct handler_message *received)
{
    struct handler_context *context = received->context;
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
    uint32_t answered = 0;
    while (answered < batch.count && is_up(received) &&
           answer(&batch, &batch.plans[answered], answered + 1 == batch.count))
        answered++;
    /* What the queue refuses is not computed: the PCC asks again when it has read its answers. */
    context->counters->replies_dropped += batch.count - answered;
    close_reply(&batch);
}
