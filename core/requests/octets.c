/* PCReqs as they came, before they are decoded; see requests.h. */
#include "core/base/check.h"
#include "core/pcep/model.h"
#include "core/requests/cached.h"
#include "core/requests/requests.h"
#include "core/requests/wait.h"

#define RP_SIZE_MIN (PCEP_OBJECT_HEADER_SIZE + 8) /* RFC 5440 7.4: flags and request-ID */

/* ---- what is known ---- */

static uint32_t request_id_at(struct wire_span objects)
{
    struct wire_reader reader = wire_reader_init(objects.octets, objects.size);
    wire_skip(&reader, REPLY_ID_OFFSET);
    return wire_u32(&reader);
}

/* The objects of the message at hand, where it is one whose answer may be known; else none. */
static struct wire_span read_request(struct wire_reader *reader)
{
    struct frame_header header = frame_read_header(reader);
    if (header.type != PCEP_MESSAGE_PCREQ || header.size > PCEP_HEADER_SIZE + REPLY_KEY_MAX ||
        header.size < PCEP_HEADER_SIZE + REPLY_ID_OFFSET + REPLY_ID_SIZE)
        return (struct wire_span){NULL, 0};
    struct wire_reader body = wire_sub(reader, header.size - (size_t)PCEP_HEADER_SIZE);
    return reader->failed ? (struct wire_span){NULL, 0} : wire_rest(&body);
}

static bool is_between_messages(const struct session *session)
{
    return session->state == SESSION_UP && session->frame.partial_size == 0;
}

void requests_prefetch_all(struct request_context *context, const struct session *session,
                           struct wire_span octets)
{
    struct wire_span objects[REPLY_EXPECTED_MAX];
    uint32_t count = 0;
    if (!cached_is_on(context) || !is_between_messages(session) || wait_is_general(context))
        return;
    struct wire_reader reader = wire_reader_init(octets.octets, octets.size);
    while (count < REPLY_EXPECTED_MAX && wire_left(&reader) > PCEP_HEADER_SIZE) {
        objects[count] = read_request(&reader);
        if (objects[count].octets == NULL)
            break;
        count++;
    }
    reply_cache_prefetch_all(context->replies, context->snapshot->ground, objects, count,
                             cached_session_part(session));
}

uint64_t requests_prefetch(const struct request_context *context, const struct session *session,
                           struct wire_span octets)
{
    if (!cached_is_on(context) || !is_between_messages(session))
        return 0;
    struct wire_reader reader = wire_reader_init(octets.octets, octets.size);
    const struct reply_key key = {read_request(&reader), cached_session_part(session), 0};
    if (key.objects.octets == NULL || wire_left(&reader) > 0)
        return 0;
    return reply_cache_prefetch(context->replies, context->snapshot->ground, &key);
}

bool requests_prefetch_entry(const struct request_context *context, uint64_t hash)
{
    return cached_is_on(context) && reply_cache_prefetch_entry(context->replies, hash);
}

bool requests_on_octets(struct request_context *context, struct session *session,
                        struct wire_span objects)
{
    CHECK(session->state == SESSION_UP);
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

/* ---- what waits ---- */

/* Whether these objects follow each other without a gap, as the codec wants them, the first one
 * alone is an RP, and none is a SVEC. */
static bool is_one_request(struct wire_span objects)
{
    const struct pcep_object_row *rp = pcep_object_get(PCEP_OBJECT_RP);
    const struct pcep_object_row *svec = pcep_object_get(PCEP_OBJECT_SVEC);
    struct wire_reader reader = wire_reader_init(objects.octets, objects.size);
    for (bool is_first = true; wire_left(&reader) > 0; is_first = false) {
        uint8_t class = wire_u8(&reader);
        uint8_t type = wire_u8(&reader) >> 4;
        uint16_t size = wire_u16(&reader);
        bool is_rp = class == rp->class_;
        if (is_rp != is_first || class == svec->class_ || (is_rp && type != rp->type) ||
            size < (is_rp ? RP_SIZE_MIN : PCEP_OBJECT_HEADER_SIZE) || size % 4 != 0)
            return false;
        wire_skip(&reader, (size_t)size - PCEP_OBJECT_HEADER_SIZE);
    }
    return !reader.failed;
}

bool requests_defer(struct request_context *context, struct session *session,
                    struct wire_span objects)
{
    CHECK(session->state == SESSION_UP);
    if (!wait_is_due(context, session) || !is_one_request(objects))
        return false;
    struct wire_reader rp = wire_reader_init(objects.octets, objects.size);
    wire_skip(&rp, PCEP_OBJECT_HEADER_SIZE);
    uint32_t flags = wire_u32(&rp);
    const struct request_octets request = {
        .objects = objects,
        .since = context->now,
        .request_id = wire_u32(&rp),
        .priority = (uint8_t)(flags & PCEP_RP_PRIORITY_MASK),
        .wait = REQUEST_READY,
    };
    if (rp.failed || request.request_id == 0) /* is refused at once: RFC 5440 7.4.1 */
        return false;
    context->counters->requests++;
    wait_begin_one(context, session, &request);
    return true;
}
