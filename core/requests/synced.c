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
};

struct synced_line *synced_line_create(void)
{
    struct synced_line *line = calloc(1, sizeof *line);
    if (line != NULL)
        list_init(&line->waiting);
    return line;
}

/* One that is on no list that anybody looks at again. */
static void synced_entry_free(struct synced_line *line, struct synced_entry *entry)
{
    CHECK(line->requests >= entry->count && line->octets >= entry->size);
    line->requests -= entry->count;
    line->octets -= entry->size;
    free(entry->ids);
    free(entry);
}

void synced_line_destroy(struct synced_line *line)
{
    if (line == NULL)
        return;
    LIST_FOR_SAFE(link, next, &line->waiting)
    {
        synced_entry_free(line, CONTAINER_OF(link, struct synced_entry, link));
    }
    path_set_destroy(line->paths);
    free(line);
}

uint32_t synced_waiting(const struct synced_line *line)
{
    return line->requests;
}

/* ---- answers ---- */

static enum pce_status synced_answer_all(struct request_context *context, struct session *session,
                                         const struct pcep_request_list *list,
                                         struct request_plan *plans, uint32_t count)
{
    struct synced_line *line = context->synced;
    struct synced_sets sets;
    if (line->paths == NULL)
        line->paths = path_set_create();
    if (line->paths == NULL ||
        synced_sets_read(list, plans, count, context->arena, &sets) != PCE_OK) {
        context->counters->replies_dropped += count;
        return PCE_LIMIT;
    }
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < sets.count; i++) {
        if (status == PCE_OK && session->state == SESSION_UP)
            status = synced_answer(context, session, line->paths, &sets.all[i]);
        else
            context->counters->replies_dropped += sets.all[i].count;
    }
    return PCE_OK;
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

static bool synced_keep(struct synced_line *line, struct session *session,
                        const struct pcep_request_list *list, const struct request_plan *plans,
                        uint32_t count)
{
    struct wire_span head = synced_head_of(plans[0].message, list);
    size_t size = synced_octets_size(head, plans, count);
    CHECK(size <= PCEP_MESSAGE_SIZE_MAX); /* it is a part of one */
    if (!synced_has_room(line, session, size))
        return false;
    struct synced_entry *entry = malloc(sizeof *entry + size);
    uint32_t *ids = malloc(count * sizeof *ids);
    if (entry == NULL || ids == NULL) {
        free(entry);
        free(ids);
        return false;
    }
    *entry = (struct synced_entry){
        .session = session, .ids = ids, .count = count, .size = (uint32_t)size};
    synced_entry_fill(entry, head, plans);
    list_push_back(&line->waiting, &entry->link);
    line->octets += size;
    line->requests += count;
    return true;
}

static enum pce_status synced_wait(struct request_context *context, struct session *session,
                                   const struct pcep_request_list *list,
                                   const struct request_plan *plans, uint32_t count)
{
    if (synced_keep(context->synced, session, list, plans, count)) {
        context->counters->requests_queued += count;
        return PCE_OK;
    }
    uint32_t *ids = ARENA_ARRAY(context->arena, uint32_t, count);
    if (ids == NULL) {
        context->counters->replies_dropped += count;
        return PCE_LIMIT;
    }
    for (uint32_t i = 0; i < count; i++)
        ids[i] = request_id_of(plans[i].request);
    context->counters->requests_unserved += count;
    notify_cancelled(context, session, ids, count);
    return PCE_OK;
}

enum pce_status synced_take(struct request_context *context, struct session *session,
                            const struct pcep_request_list *list, struct request_plan *plans,
                            uint32_t count)
{
    bool waits = context->queue != NULL &&
                 (synced_waiting(context->synced) > 0 || wait_is_due(context, session));
    return waits ? synced_wait(context, session, list, plans, count)
                 : synced_answer_all(context, session, list, plans, count);
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
    if (count > 0) /* what it drops it counts */
        (void)synced_answer_all(context, entry->session, &list, plans, count);
}

bool synced_serve(struct request_context *context)
{
    struct synced_line *line = context->synced;
    if (line == NULL || context->work_left == 0)
        return line != NULL && line->requests > 0;
    LIST_FOR(link, &line->waiting)
    {
        struct synced_entry *entry = CONTAINER_OF(link, struct synced_entry, link);
        const struct request_events *events = context->events;
        if (events->may_answer != NULL && !events->may_answer(context, entry->session))
            continue;
        /* A session may end by what is sent to it, which forgets what waits of it: off the line first. */
        list_remove(&entry->link);
        synced_serve_entry(context, entry);
        synced_entry_free(line, entry);
        arena_reset(context->arena);
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
        list_remove(&entry->link);
        synced_entry_free(line, entry);
    }
    return count;
}
