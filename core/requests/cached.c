#include "core/requests/cached.h"
#include "core/pcep/model.h"
#include "core/requests/algorithm.h"
#include "core/requests/wait.h"

#include <string.h>

/* Steps of the engine from which on an answer is kept at once: beside them, keeping takes nothing.
 */
#define DEAR_WORK 2000

/* All that request.c asks of a session: which path setup types both ends have, the MSD, and whether
 * it may speak of algorithms. */
static uint32_t session_part(const struct session *session)
{
    const struct session_peer_open *peer = &session->peer;
    uint32_t part = peer->sr_msd;
    part |= (uint32_t)peer->sr_unlimited_msd << 8;
    part |= (uint32_t)(peer->psts & 3) << 9;
    part |= (uint32_t)session->config->rsvp_te << 11;
    part |= (uint32_t)session->config->sr_mpls << 12;
    part |= (uint32_t)algorithm_is_agreed(session, PCEP_PST_SR) << 13;
    part |= (uint32_t)algorithm_is_agreed(session, PCEP_PST_SRV6) << 14;
    return part;
}

static bool is_usable(const struct request_context *context)
{
    return context->replies != NULL && context->snapshot != NULL;
}

struct wire_span cached_octets(const struct pcep_message *message,
                               const struct pcep_request_list *list)
{
    const struct wire_span none = {NULL, 0};
    size_t size = message->size - PCEP_HEADER_SIZE;
    if (list->request_count != 1 || list->svec_count != 0 || size > REPLY_KEY_MAX ||
        list->requests[0].fault_count > 0 || list->requests[0].rp != &message->objects[0])
        return none;
    for (uint32_t i = 0; i < message->object_count; i++) {
        if (message->objects[i].row == NULL || message->objects[i].fault != NULL)
            return none;
    }
    return (struct wire_span){message->objects[0].octets - PCEP_OBJECT_HEADER_SIZE, size};
}

void cached_keep(struct request_context *context, const struct session *session,
                 const struct request_plan *plan, const struct path_result *result,
                 struct wire_span response)
{
    bool is_known = result->outcome == PATH_FOUND || result->outcome == PATH_NONE;
    if (plan->alone.size == 0 || !is_known || !is_usable(context))
        return;
    const struct reply_key key = {.objects = plan->alone, .session = session_part(session)};
    bool was_missed = reply_cache_was_missed(context->replies, &key);
    if (!was_missed && result->work < DEAR_WORK)
        return;
    const struct reply_note note = reply_note_of(&plan->path, result);
    reply_cache_keep(context->replies, context->snapshot->serial, &key, &note, response);
}

const struct reply_entry *cached_find(struct request_context *context,
                                      const struct session *session, struct wire_span objects)
{
    if (objects.size < REPLY_ID_OFFSET + REPLY_ID_SIZE || objects.size > REPLY_KEY_MAX ||
        !is_usable(context))
        return NULL;
    const struct reply_key key = {.objects = objects, .session = session_part(session)};
    return reply_cache_find(context->replies, context->snapshot->serial, &key);
}

void cached_write(struct wire_writer *writer, const struct reply_entry *entry,
                  struct wire_span objects)
{
    const size_t rest = REPLY_ID_OFFSET + REPLY_ID_SIZE;
    struct wire_span response = reply_entry_response(entry);
    wire_put_octets(writer, response.octets, REPLY_ID_OFFSET);
    wire_put_octets(writer, objects.octets + REPLY_ID_OFFSET, REPLY_ID_SIZE);
    wire_put_octets(writer, response.octets + rest, response.size - rest);
}

void cached_count(struct request_context *context, struct session *session, uint32_t request_id,
                  const struct reply_entry *entry)
{
    struct request_counters *counters = context->counters;
    uint64_t work = REQUESTS_WORK_CACHED;
    counters->replies_cached++;
    if (entry->note.outcome == PATH_FOUND)
        counters->replies_path++;
    else
        counters->replies_no_path++;
    context->work_left -= work < context->work_left ? work : context->work_left;
    if (context->events->on_cached_reply != NULL)
        context->events->on_cached_reply(context, session, request_id, entry);
}

static uint32_t request_id_at(struct wire_span objects)
{
    struct wire_reader reader = wire_reader_init(objects.octets, objects.size);
    wire_skip(&reader, REPLY_ID_OFFSET);
    return wire_u32(&reader);
}

/* The objects of the message at hand, where it is one whose answer may be known; else none. */
static struct wire_span read_request(struct wire_reader *reader)
{
    wire_skip(reader, 1);
    uint8_t type = wire_u8(reader);
    uint16_t size = wire_u16(reader);
    if (type != PCEP_MESSAGE_PCREQ || size > PCEP_HEADER_SIZE + REPLY_KEY_MAX ||
        size < PCEP_HEADER_SIZE + REPLY_ID_OFFSET + REPLY_ID_SIZE)
        return (struct wire_span){NULL, 0};
    struct wire_reader body = wire_sub(reader, size - (size_t)PCEP_HEADER_SIZE);
    return reader->failed ? (struct wire_span){NULL, 0} : wire_rest(&body);
}

static bool is_between_messages(const struct session *session)
{
    return session->state == SESSION_UP && session->frame.partial_size == 0;
}

void requests_expect(struct request_context *context, const struct session *session,
                     struct wire_span octets)
{
    struct wire_span objects[REPLY_EXPECTED_MAX];
    uint32_t count = 0;
    if (!is_usable(context) || !is_between_messages(session) || wait_is_general(context))
        return;
    struct wire_reader reader = wire_reader_init(octets.octets, octets.size);
    while (count < REPLY_EXPECTED_MAX && wire_left(&reader) > PCEP_HEADER_SIZE) {
        objects[count] = read_request(&reader);
        if (objects[count].octets == NULL)
            break;
        count++;
    }
    reply_cache_expect(context->replies, context->snapshot->serial, objects, count,
                       session_part(session));
}

uint64_t requests_foresee(const struct request_context *context, const struct session *session,
                          struct wire_span octets)
{
    if (!is_usable(context) || !is_between_messages(session))
        return 0;
    struct wire_reader reader = wire_reader_init(octets.octets, octets.size);
    const struct reply_key key = {read_request(&reader), session_part(session)};
    if (key.objects.octets == NULL || wire_left(&reader) > 0)
        return 0;
    return reply_cache_foresee(context->replies, context->snapshot->serial, &key);
}

bool requests_foresee_entry(const struct request_context *context, uint64_t hash)
{
    return is_usable(context) && reply_cache_foresee_entry(context->replies, hash);
}

bool requests_on_octets(struct request_context *context, struct session *session,
                        struct wire_span message)
{
    const struct wire_span objects = {message.octets + PCEP_HEADER_SIZE,
                                      message.size - PCEP_HEADER_SIZE};
    uint32_t request_id = request_id_at(objects);
    if (request_id == 0 || wait_is_due(context, session)) /* 0 is refused: RFC 5440 7.4.1 */
        return false;
    const struct reply_entry *entry = cached_find(context, session, objects);
    struct wire_writer writer;
    if (entry == NULL ||
        session_open_message(session, PCEP_HEADER_SIZE + entry->response_size, &writer) != PCE_OK)
        return false;
    size_t reply = pcep_message_open(&writer, PCEP_MESSAGE_PCREP);
    cached_write(&writer, entry, objects);
    pcep_message_close(&writer, reply);
    if (session_commit_message(session, &writer, SESSION_DATA, context->now) != PCE_OK) {
        context->counters->replies_unfit++;
        return false; /* answered as if it were not known */
    }
    context->counters->requests++;
    cached_count(context, session, request_id, entry);
    return true;
}
