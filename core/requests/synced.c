#include "core/requests/synced.h"

#include "core/base/check.h"
#include "core/pcep/model.h"
#include "core/requests/notify.h"
#include "core/requests/synced_solve.h"
#include "core/requests/wait.h"

#include <stdlib.h>
#include <string.h>

/* A PCReq whose requests are all tied. */
struct synced_entry {
    struct list_link link;
    struct session *session;
    uint32_t *ids; /* ascending; behind the octets */
    uint32_t count;
    uint32_t size;
    uint8_t octets[];
};

struct synced_line {
    struct list_link waiting; /* the oldest first */
    size_t octets;
    uint32_t requests;
    struct path_set *paths; /* made when a set is first computed */
    bool is_greedy;         /* what was answered of it last used up a turn's work */
};

/* The tied requests of one PCReq. */
struct synced_batch {
    struct request_context *context;
    struct session *session;
    const struct pcep_request_list *list;
    struct request_plan *plans;
    uint32_t count;
    bool has_waited;
};

struct synced_line *synced_line_create(void)
{
    struct synced_line *line = calloc(1, sizeof *line);
    if (line != NULL)
        list_init(&line->waiting);
    return line;
}

/* Takes no room of the line from now on. */
static void synced_entry_leave(struct synced_line *line, struct synced_entry *entry)
{
    CHECK(line->requests >= entry->count && line->octets >= entry->size);
    line->requests -= entry->count;
    line->octets -= entry->size;
    list_remove(&entry->link);
}

/* One that has left. */
static void synced_entry_free(struct synced_entry *entry)
{
    free(entry->ids);
    free(entry);
}

void synced_line_destroy(struct synced_line *line)
{
    if (line == NULL)
        return;
    LIST_FOR_SAFE(link, next, &line->waiting)
    {
        synced_entry_free(CONTAINER_OF(link, struct synced_entry, link));
    }
    path_set_destroy(line->paths);
    free(line);
}

uint32_t synced_waiting(const struct synced_line *line)
{
    return line->requests;
}

/* ---- waiting ---- */

/* Everything in front of the requests, and the requests. */
static size_t synced_octets_size(struct wire_span head, const struct request_plan *plans,
                                 uint32_t count)
{
    size_t size = PCEP_HEADER_SIZE + head.size;
    for (uint32_t i = 0; i < count; i++)
        size += request_octets_of(&plans[i]).size;
    return size;
}

static struct wire_span synced_head_of(const struct pcep_message *message,
                                       const struct pcep_request_list *list)
{
    const struct pcep_object *first = message->objects;
    const uint8_t *start = first->octets - PCEP_OBJECT_HEADER_SIZE;
    return (struct wire_span){start, list->requests[0].rp->offset - first->offset};
}

static void synced_entry_fill(struct synced_entry *entry, struct wire_span head,
                              const struct request_plan *plans)
{
    uint8_t *at = entry->octets + PCEP_HEADER_SIZE;
    memset(entry->octets, 0, PCEP_HEADER_SIZE); /* who reads it again knows what it is */
    memcpy(at, head.octets, head.size);
    at += head.size;
    for (uint32_t i = 0; i < entry->count; i++) {
        struct wire_span octets = request_octets_of(&plans[i]);
        memcpy(at, octets.octets, octets.size);
        at += octets.size;
        entry->ids[i] = request_id_of(plans[i].request);
    }
    CHECK(at == entry->octets + entry->size);
    qsort(entry->ids, entry->count, sizeof *entry->ids, request_ids_compare);
}

static bool synced_has_room(const struct synced_line *line, const struct session *session,
                            size_t size)
{
    uint32_t own = 0;
    LIST_FOR(link, &line->waiting)
    {
        own += CONTAINER_OF(link, struct synced_entry, link)->session == session;
    }
    return own < SYNCED_PER_SESSION && size <= SYNCED_OCTETS_MAX - line->octets;
}

static bool synced_keep(const struct synced_batch *batch)
{
    struct synced_line *line = batch->context->synced;
    struct wire_span head = synced_head_of(batch->plans[0].message, batch->list);
    size_t size = synced_octets_size(head, batch->plans, batch->count);
    CHECK(size <= PCEP_MESSAGE_SIZE_MAX); /* it is a part of one */
    if (!synced_has_room(line, batch->session, size))
        return false;
    struct synced_entry *entry = malloc(sizeof *entry + size);
    uint32_t *ids = malloc(batch->count * sizeof *ids);
    if (entry == NULL || ids == NULL) {
        free(entry);
        free(ids);
        return false;
    }
    *entry = (struct synced_entry){
        .session = batch->session, .ids = ids, .count = batch->count, .size = (uint32_t)size};
    synced_entry_fill(entry, head, batch->plans);
    list_push_back(&line->waiting, &entry->link);
    line->octets += size;
    line->requests += batch->count;
    return true;
}

static enum pce_status synced_wait(const struct synced_batch *batch)
{
    struct request_context *context = batch->context;
    if (synced_keep(batch)) {
        context->counters->requests_queued += batch->has_waited ? 0 : batch->count;
        return PCE_OK;
    }
    uint32_t *ids = ARENA_ARRAY(context->arena, uint32_t, batch->count);
    if (ids == NULL) {
        context->counters->replies_dropped += batch->count;
        return PCE_LIMIT;
    }
    for (uint32_t i = 0; i < batch->count; i++)
        ids[i] = request_id_of(batch->plans[i].request);
    context->counters->requests_unserved += batch->count;
    notify_cancelled(context, batch->session, ids, batch->count);
    return PCE_OK;
}

/* ---- answers ---- */

/* The requests of the sets from this one on wait behind whatever does so already. */
static enum pce_status synced_wait_rest(const struct synced_batch *batch,
                                        const struct synced_sets *sets, uint32_t next)
{
    struct request_context *context = batch->context;
    struct synced_batch rest = *batch;
    rest.count = 0;
    for (uint32_t i = next; i < sets->count; i++)
        rest.count += sets->all[i].count;
    rest.plans = ARENA_ARRAY(context->arena, struct request_plan, rest.count);
    if (rest.plans == NULL) {
        context->counters->replies_dropped += rest.count;
        return PCE_LIMIT;
    }
    struct request_plan *plan = rest.plans;
    for (uint32_t i = next; i < sets->count; i++) {
        for (uint32_t m = 0; m < sets->all[i].count; m++)
            *plan++ = *sets->all[i].plans[m];
    }
    return synced_wait(&rest);
}

/* One set at least, and as many as the turn has work for. */
static enum pce_status synced_answer_all(const struct synced_batch *batch)
{
    struct request_context *context = batch->context;
    struct synced_line *line = context->synced;
    struct synced_sets sets;
    if (line->paths == NULL)
        line->paths = path_set_create();
    if (line->paths == NULL || synced_sets_read(batch->list, batch->plans, batch->count,
                                                context->arena, &sets) != PCE_OK) {
        context->counters->replies_dropped += batch->count;
        return PCE_LIMIT;
    }
    struct synced_scratch scratch = {.paths = line->paths};
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < sets.count; i++) {
        bool has_room = status == PCE_OK && batch->session->state == SESSION_UP;
        if (has_room && i > 0 && context->queue != NULL && context->work_left == 0)
            return synced_wait_rest(batch, &sets, i);
        if (has_room)
            status = synced_answer(context, batch->session, &scratch, &sets.all[i]);
        else
            context->counters->replies_dropped += sets.all[i].count;
    }
    return PCE_OK;
}

enum pce_status synced_take(struct request_context *context, struct session *session,
                            const struct pcep_request_list *list, struct request_plan *plans,
                            uint32_t count)
{
    const struct synced_batch batch = {context, session, list, plans, count, false};
    /* What was wrong with others may have ended it: nobody would forget what waits of it. */
    if (session->state != SESSION_UP) {
        context->counters->replies_dropped += count;
        return PCE_OK;
    }
    bool waits = context->queue != NULL &&
                 (synced_waiting(context->synced) > 0 || wait_is_due(context, session));
    return waits ? synced_wait(&batch) : synced_answer_all(&batch);
}

/* ---- their turn ---- */

/* The message again, on the topology of this turn. */
static enum pce_status synced_read_again(struct request_context *context,
                                         const struct synced_entry *entry,
                                         struct pcep_message *message,
                                         struct pcep_request_list *list)
{
    const struct frame_message framed = {.octets = entry->octets,
                                         .size = (uint16_t)entry->size,
                                         .version = PCEP_VERSION,
                                         .type = PCEP_MESSAGE_PCREQ};
    struct pcep_fault fault = {0};
    enum pce_status status = pcep_decode_framed(framed, context->arena, message, &fault);
    return status == PCE_OK ? pcep_parse_requests(message, context->arena, list, &fault) : status;
}

static void synced_serve_entry(struct request_context *context, const struct synced_entry *entry)
{
    struct pcep_message message;
    struct pcep_request_list list;
    struct request_scene scene = {.message = &message,
                                  .session = entry->session,
                                  .snapshot = context->snapshot,
                                  .may_tie = true,
                                  .heeds_priority = true};
    struct request_plan *plans = ARENA_ARRAY(context->arena, struct request_plan, entry->count);
    uint32_t count = 0;
    if (plans == NULL || synced_read_again(context, entry, &message, &list) != PCE_OK ||
        request_read_head(&list, context->arena, &scene) != PCE_OK) {
        context->counters->replies_dropped += entry->count;
        return;
    }
    CHECK(list.request_count == entry->count);
    for (uint32_t i = 0; i < list.request_count; i++) {
        struct pcep_fault fault = {0};
        if (request_read(&scene, &list.requests[i], &plans[count], &fault))
            count++;
        else
            answer_refuse_plan(context, entry->session, &plans[count], &fault);
    }
    const struct synced_batch batch = {context, entry->session, &list, plans, count, true};
    if (count > 0) /* what it drops it counts */
        (void)synced_answer_all(&batch);
}

bool synced_serve(struct request_context *context)
{
    struct synced_line *line = context->synced;
    if (line == NULL || context->work_left == 0)
        return line != NULL && line->requests > 0;
    /* Each has every other turn, where both want more than there is. */
    if (line->is_greedy && wait_is_general(context)) {
        line->is_greedy = false;
        return line->requests > 0;
    }
    LIST_FOR(link, &line->waiting)
    {
        struct synced_entry *entry = CONTAINER_OF(link, struct synced_entry, link);
        const struct request_events *events = context->events;
        if (events->may_answer != NULL && !events->may_answer(context, entry->session))
            continue;
        /* A session may end by what is sent to it, which forgets what waits of it: off the line first. */
        synced_entry_leave(line, entry);
        synced_serve_entry(context, entry);
        synced_entry_free(entry);
        arena_reset(context->arena);
        line->is_greedy = context->work_left == 0;
        return line->requests > 0;
    }
    return false; /* who does not read is waited for */
}

/* ids NULL: whatever it asks. */
static bool synced_entry_has(const struct synced_entry *entry, const uint32_t *ids,
                             uint32_t id_count)
{
    bool has = ids == NULL;
    for (uint32_t i = 0; i < entry->count && !has; i++)
        has = bsearch(&entry->ids[i], ids, id_count, sizeof *ids, request_ids_compare) != NULL;
    return has;
}

uint32_t synced_drop(struct synced_line *line, const struct session *session, const uint32_t *ids,
                     uint32_t id_count)
{
    uint32_t count = 0;
    LIST_FOR_SAFE(link, next, &line->waiting)
    {
        struct synced_entry *entry = CONTAINER_OF(link, struct synced_entry, link);
        if (entry->session != session || !synced_entry_has(entry, ids, id_count))
            continue;
        count += entry->count;
        synced_entry_leave(line, entry);
        synced_entry_free(entry);
    }
    return count;
}
