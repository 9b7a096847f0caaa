#include "core/requests/no_path.h"

#include "core/requests/entry.h"

/* ---- what was answered ---- */

static uint8_t no_path_causes(enum path_outcome outcome, uint32_t source, uint32_t destination)
{
    uint32_t causes = 0;
    if (outcome == PATH_WORK_EXCEEDED)
        causes |= 1U << NO_PATH_TOO_MUCH_WORK;
    if (outcome == PATH_NO_MEMORY)
        causes |= 1U << NO_PATH_NO_MEMORY;
    if (source == TED_NONE)
        causes |= 1U << NO_PATH_UNKNOWN_SOURCE;
    if (destination == TED_NONE)
        causes |= 1U << NO_PATH_UNKNOWN_DESTINATION;
    return (uint8_t)causes;
}

static struct no_path_why no_path_why_of(const struct ted_snapshot *snapshot,
                                         const struct path_request *request,
                                         const struct path_result *result)
{
    if (snapshot == NULL)
        return (struct no_path_why){.causes = 1U << NO_PATH_NO_TOPOLOGY};
    return (struct no_path_why){
        .unmet = unmet_of_result(request, result),
        .causes = no_path_causes(result->outcome, request->source, request->destination)};
}

void no_path_take_reply(struct no_path_memory *memory, const struct request_context *context,
                        const struct session *session, const struct request_reply *reply)
{
    const struct ted_snapshot *snapshot = context->snapshot;
    if (reply->plan->is_tied) /* what it gets alone says nothing of the set */
        return;
    if (reply->result->outcome == PATH_FOUND) {
        if (no_path_memory_has(memory, session))
            no_path_memory_remove(memory, session, request_octets_of(reply->plan));
        return;
    }
    const struct no_path_note note = {
        .session = session,
        .objects = request_octets_of(reply->plan),
        .request_id = reply->request_id,
        .why = no_path_why_of(snapshot, reply->request, reply->result),
        .serial = reply->is_current && snapshot != NULL ? snapshot->serial : 0,
        .now = context->now,
    };
    no_path_memory_add(memory, &note);
}

void no_path_take_cached_reply(struct no_path_memory *memory, const struct request_context *context,
                               const struct session *session, uint32_t request_id,
                               const struct reply_entry *known)
{
    const struct reply_note *told = &known->note;
    const struct wire_span objects = {known->octets, known->key_size};
    if (told->outcome == PATH_FOUND) {
        no_path_memory_remove(memory, session, objects);
        return;
    }
    const struct no_path_note note = {
        .session = session,
        .objects = objects,
        .request_id = request_id,
        .why = {.unmet = told->unmet,
                .causes = no_path_causes((enum path_outcome)told->outcome, told->source,
                                         told->destination)},
        .serial = context->snapshot->serial, /* without a topology nothing is known */
        .now = context->now,
    };
    no_path_memory_add(memory, &note);
}

/* ---- what is computed again ---- */

/* Steps of the engine that it took. */
static uint64_t no_path_check(struct no_path_memory *memory, struct request_context *context,
                              struct no_path *record)
{
    const struct entry_octets octets = {record->octets, record->size, record->request_id};
    const struct session *session = record->peer->session;
    struct path_result result = {.outcome = PATH_NONE};
    struct request_plan plan;
    struct pcep_fault fault = {0};
    arena_reset(context->arena);
    record->serial = context->snapshot->serial;
    memory->counters.no_path_checks++;
    memory->has_news = true;
    /* It was read once: only the arena can be in the way. */
    if (!entry_read_octets(context, session, &octets, &plan, &fault))
        result.outcome = PATH_NO_MEMORY;
    else if (plan.no_path_vector == 0)
        path_compute_within(context->engine, context->snapshot, &plan.path, NO_PATH_WORK_MAX,
                            &result);
    const bool was_cured = record->is_cured;
    no_path_memory_set_cured(memory, record, result.outcome == PATH_FOUND, context->now);
    record->why_now = (struct no_path_why){0};
    if (!record->is_cured)
        record->why_now = no_path_why_of(context->snapshot, &plan.path, &result);
    else if (!was_cured && memory->events->on_cured != NULL)
        memory->events->on_cured(memory->owner, record, &plan.path);
    return result.work + REQUESTS_WORK_OF_ONE;
}

bool no_path_turn(struct no_path_memory *memory, struct request_context *context)
{
    if (memory->count == 0 || context->snapshot == NULL) {
        memory->is_checking = false;
        return false;
    }
    if (memory->serial != context->snapshot->serial) {
        memory->serial = context->snapshot->serial;
        memory->check_slot = 0;
        memory->is_checking = true;
    }
    if (!memory->is_checking)
        return false;
    uint64_t work_left = NO_PATH_WORK_PER_TURN;
    uint32_t looks = NO_PATH_LOOKS_PER_TURN;
    while (work_left > 0 && looks > 0) {
        struct no_path *record = no_path_memory_next(memory, &memory->check_slot, &looks);
        if (record == NULL && looks > 0)
            memory->is_checking = false;
        if (record == NULL)
            break;
        uint64_t work =
            record->serial == memory->serial ? 0 : no_path_check(memory, context, record);
        work_left -= work < work_left ? work : work_left;
    }
    arena_reset(context->arena);
    return memory->is_checking;
}
