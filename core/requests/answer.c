#include "core/requests/answer.h"
#include "core/base/check.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "core/requests/cached.h"
#include "core/requests/computation.h"
#include "core/requests/hops.h"
#include "core/requests/reply.h"

/* ---- refusals ---- */

void answer_refuse(struct request_context *context, struct session *session,
                   const struct pcep_fault *faults, uint32_t count)
{
    CHECK(count > 0);
    context->counters->requests_refused++;
    session_send_errors(session, faults, count, context->now);
    for (uint32_t i = 0; i < count; i++) {
        if (context->events->on_refused != NULL)
            context->events->on_refused(context, session, &faults[i]);
        if (pcep_fault_error(&faults[i]) ==
            PCEP_ERROR_UNKNOWN_REQUEST) /* RFC 5440 7.4.1: request-ID 0 */
            session_count_unknown_request(session, context->now);
    }
}

void answer_refuse_plan(struct request_context *context, struct session *session,
                        const struct request_plan *plan, const struct pcep_fault *fault)
{
    if (plan->fault_count > 0)
        answer_refuse(context, session, plan->faults, plan->fault_count);
    else
        answer_refuse(context, session, fault, 1);
    if (plan->ends_session)
        session_close(session, PCEP_CLOSE_NO_EXPLANATION, fault->reason, context->now);
}

/* ---- replies ---- */

void answer_finish(struct answer *answer)
{
    if (!answer->is_open)
        return;
    answer->is_open = false;
    pcep_message_close(&answer->writer, answer->message);
    /* Refused only where reply_size was wrong about an answer: our bug, which no request must turn
     * into the end of all sessions. */
    if (session_commit_message(answer->session, &answer->writer, SESSION_DATA,
                               answer->context->now) != PCE_OK)
        answer->context->counters->replies_unfit++;
}

/* A response that is longer than reply_size_max goes alone. */
static bool answer_make_room(struct answer *answer, size_t size, bool is_last)
{
    size_t size_max = answer->context->reply_size_max;
    if (size_max > PCEP_MESSAGE_SIZE_MAX)
        size_max = PCEP_MESSAGE_SIZE_MAX;
    if (answer->is_open && wire_written(&answer->writer) + size <= size_max)
        return true;
    answer_finish(answer);
    size_t wanted = PCEP_HEADER_SIZE + size;
    if (!is_last && wanted < size_max)
        wanted = size_max;
    CHECK(wanted <= PCEP_MESSAGE_SIZE_MAX); /* PATH_HOPS_MAX hops of 20 octets, and no more */
    if (session_open_message(answer->session, wanted, &answer->writer) != PCE_OK)
        return false;
    answer->is_open = true;
    answer->message = pcep_message_open(&answer->writer, PCEP_MESSAGE_PCREP);
    return true;
}

bool answer_begin(struct answer *answer, size_t size)
{
    answer_finish(answer);
    return answer_make_room(answer, size, false);
}

bool answer_compute(struct request_context *context, struct session *session,
                    struct request_plan *plan, struct path_result *result)
{
    bool may_offload = requests_may_offload(context);
    if (account_counts(context, &plan->path))
        account_show(context, session, plan);
    uint64_t work_max = may_offload ? context->work_inline : UINT64_MAX;
    *result = (struct path_result){.outcome = PATH_NONE};
    /* The same may be under way: joining it costs a look, where a try costs work_inline steps. */
    bool is_elsewhere = plan->no_path_vector == 0 && may_offload &&
                        computation_find(context->computations, &plan->path,
                                         context->snapshot->serial, plan->account) != NULL;
    if (plan->no_path_vector == 0 && !is_elsewhere)
        path_compute_within(context->engine, context->snapshot, &plan->path, work_max, result);
    requests_spend(context, result->work);
    if (is_elsewhere)
        return false;
    return result->outcome != PATH_WORK_EXCEEDED || result->work <= work_max;
}

bool answer_write(struct answer *answer, const struct request_plan *plan,
                  const struct answer_result *result, bool is_last)
{
    struct request_context *context = answer->context;
    if (!answer_make_room(answer, reply_size(plan, result->path, result->hops), is_last))
        return false;
    const uint8_t *start = answer->writer.at;
    reply_write(plan, result->path, result->hops, &answer->writer);
    if (result->is_current)
        cached_keep(context, answer->session, plan, result->path,
                    (struct wire_span){start, (size_t)(answer->writer.at - start)});
    if (result->path->outcome == PATH_FOUND)
        context->counters->replies_path++;
    else
        context->counters->replies_no_path++;
    const struct request_reply reply = {.request_id = request_id_of(plan->request),
                                        .is_current = result->is_current,
                                        .request = &plan->path,
                                        .result = result->path,
                                        .plan = plan};
    if (context->events->on_reply != NULL)
        context->events->on_reply(context, answer->session, &reply);
    return true;
}

bool answer_write_known(struct answer *answer, const struct reply_entry *known,
                        struct wire_span objects)
{
    if (!answer_make_room(answer, known->response_size, false))
        return false;
    cached_write(&answer->writer, known, objects);
    return true;
}

bool answer_write_own(struct answer *answer, const struct request_plan *plan,
                      const struct path_result *result, bool is_last)
{
    struct ted_hop hops[PATH_HOPS_MAX];
    const struct answer_result own = {result, hops, true};
    if (result->outcome == PATH_FOUND && plan->path.setup == PATH_SETUP_RSVP_TE)
        hops_of_links(answer->context->snapshot, plan->path.family, result->links,
                      result->link_count, hops);
    return answer_write(answer, plan, &own, is_last);
}
