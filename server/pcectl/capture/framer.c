#include "server/pcectl/capture/framer.h"

#include "core/base/check.h"
#include "core/pcep/frame.h"
#include "core/pcep/registry.h"

#include <stdlib.h>

#define OBJECT_HEADER_SIZE 4U
/* Octets of a segment that are appended to a message that has begun, at a time. */
#define APPEND_MAX 16384U

/* ---- what may be a message ---- */

/* Lengths that messages of this type can have. */
static bool is_length(unsigned type, uint32_t size)
{
    if (size % 4 != 0)
        return false;
    if (type == PCEP_MESSAGE_KEEPALIVE || type == PCEP_MESSAGE_STARTTLS)
        return size == PCEP_HEADER_SIZE;
    return size >= PCEP_HEADER_SIZE + 2 * OBJECT_HEADER_SIZE;
}

static bool is_first_class(unsigned type, unsigned class_)
{
    if (type == PCEP_MESSAGE_OPEN)
        return class_ == PCEP_CLASS_OPEN;
    if (type == PCEP_MESSAGE_CLOSE)
        return class_ == PCEP_CLASS_CLOSE;
    return pcep_object_class_is_known(class_);
}

static enum framer_verdict framer_judge_header(struct wire_reader *reader, unsigned *type,
                                               uint32_t *size)
{
    static const uint8_t version_1 = PCEP_VERSION << 5;
    if (wire_left(reader) == 0)
        return FRAMER_MAYBE;
    if (reader->at[0] != version_1)
        return FRAMER_NO;
    if (wire_left(reader) < PCEP_HEADER_SIZE)
        return FRAMER_MAYBE;
    wire_skip(reader, 1);
    *type = wire_u8(reader);
    *size = wire_u16(reader);
    return pcep_message_find(*type) != NULL && is_length(*type, *size) ? FRAMER_YES : FRAMER_NO;
}

/* Objects from the first on, as far as they are there. */
static enum framer_verdict judge_objects(struct wire_reader *reader, unsigned type, uint32_t left)
{
    if (left > 0 && wire_left(reader) < OBJECT_HEADER_SIZE)
        return FRAMER_MAYBE;
    for (unsigned i = 0; i < FRAMER_OBJECTS_MAX && left > 0; i++) {
        if (wire_left(reader) < OBJECT_HEADER_SIZE)
            return FRAMER_YES;
        uint8_t class_ = wire_u8(reader);
        wire_skip(reader, 1);
        uint32_t size = wire_u16(reader);
        if (size < OBJECT_HEADER_SIZE || size % 4 != 0 || size > left)
            return FRAMER_NO;
        if (class_ == 0 || (i == 0 && !is_first_class(type, class_)))
            return FRAMER_NO;
        left -= size;
        size -= OBJECT_HEADER_SIZE;
        if (wire_left(reader) < size)
            return FRAMER_YES;
        wire_skip(reader, size);
    }
    if (left > 0)
        return FRAMER_YES;
    /* The whole message is there: what follows it begins like one, too. */
    unsigned next_type;
    uint32_t next_size;
    return framer_judge_header(reader, &next_type, &next_size) == FRAMER_NO ? FRAMER_NO
                                                                            : FRAMER_YES;
}

enum framer_verdict framer_judge(struct wire_span octets)
{
    struct wire_reader reader = wire_reader_init(octets.octets, octets.size);
    unsigned type = 0;
    uint32_t size = 0;
    enum framer_verdict verdict = framer_judge_header(&reader, &type, &size);
    return verdict == FRAMER_YES ? judge_objects(&reader, type, size - PCEP_HEADER_SIZE) : verdict;
}

/* ---- the state ---- */

void framer_init(struct framer *framer, framer_sink_fn *sink, void *context, bool is_in_step)
{
    *framer = (struct framer){.sink = sink,
                              .context = context,
                              .mode = is_in_step ? FRAMER_IN_STEP : FRAMER_SEARCHING,
                              .has_phase = is_in_step};
}

static void drop_partial(struct framer *framer)
{
    free(framer->partial);
    framer->partial = NULL;
    framer->partial_size = 0;
    framer->partial_room = 0;
}

void framer_fini(struct framer *framer)
{
    drop_partial(framer);
}

static void framer_say(struct framer *framer, struct framer_news news)
{
    framer->sink(framer->context, &news);
}

/* Steps over octets that are dealt with. */
static void framer_step(struct framer *framer, struct wire_span *octets, size_t size)
{
    CHECK(size <= octets->size);
    octets->octets += size;
    octets->size -= size;
    framer->phase = (uint8_t)((framer->phase + size) % 4);
}

static void framer_search(struct framer *framer)
{
    framer->mode = FRAMER_SEARCHING;
    framer->skipped = 0;
}

/* RFC 8446 5.1: a record's type and the first octet of its version. */
static bool is_tls(struct wire_span octets)
{
    return octets.size >= 2 && octets.octets[0] >= 0x14 && octets.octets[0] <= 0x17 &&
           octets.octets[1] == 3;
}

static const char *header_objection(struct wire_span octets)
{
    struct wire_reader reader = wire_reader_init(octets.octets, octets.size);
    unsigned version = wire_u8(&reader) >> 5;
    wire_skip(&reader, 1);
    uint32_t size = wire_u16(&reader);
    if (version != PCEP_VERSION)
        return "PCEP version is not 1";
    if (size < PCEP_HEADER_SIZE)
        return "message length is below 4";
    return size % 4 != 0 ? "message length is no multiple of 4" : NULL;
}

static uint32_t framer_header_size(const uint8_t *octets)
{
    struct wire_reader reader = wire_reader_init(octets, PCEP_HEADER_SIZE);
    wire_skip(&reader, 2);
    return wire_u16(&reader);
}

/* Takes one message; false when more octets are needed, or the mode has changed and none is left.
 */
static bool follow(struct framer *framer, struct wire_span *octets,
                   const struct capture_stamp *stamp)
{
    if (framer->has_starttls && is_tls(*octets)) {
        framer->mode = FRAMER_ENCRYPTED;
        framer_say(framer, (struct framer_news){.event = FRAMER_TLS, .stamp = stamp});
        return false;
    }
    if (octets->size < PCEP_HEADER_SIZE)
        return false;
    const char *reason = header_objection(*octets);
    if (reason != NULL) {
        framer_say(framer,
                   (struct framer_news){.event = FRAMER_BAD, .reason = reason, .stamp = stamp});
        framer_search(framer);
        framer->has_phase = false;
        framer->skipped = 1; /* this one begins no message */
        framer_step(framer, octets, 1);
        return true;
    }
    uint32_t size = framer_header_size(octets->octets);
    if (octets->size < size)
        return false;
    framer->has_starttls |= octets->octets[1] == PCEP_MESSAGE_STARTTLS;
    struct wire_span message = {octets->octets, size};
    framer_step(framer, octets, size);
    framer_say(framer,
               (struct framer_news){.event = FRAMER_MESSAGE, .octets = message, .stamp = stamp});
    return true;
}

/* Skips up to what may be a message; false when more octets are needed. */
static bool seek(struct framer *framer, struct wire_span *octets, const struct capture_stamp *stamp)
{
    while (octets->size > 0) {
        bool is_place = !framer->has_phase || framer->phase == 0;
        enum framer_verdict verdict = is_place ? framer_judge(*octets) : FRAMER_NO;
        if (verdict == FRAMER_MAYBE)
            return false;
        if (verdict == FRAMER_YES) {
            framer->mode = FRAMER_IN_STEP;
            framer->has_phase = true;
            framer->phase = 0;
            framer_say(framer, (struct framer_news){
                                   .event = FRAMER_FOUND, .size = framer->skipped, .stamp = stamp});
            return true;
        }
        framer->skipped++;
        framer_step(framer, octets, 1);
    }
    return false;
}

/* Deals with all of the octets that can be; what is left begins a message. */
static void framer_run(struct framer *framer, struct wire_span *octets,
                       const struct capture_stamp *stamp)
{
    bool is_moving = true;
    while (is_moving && octets->size > 0 && framer->mode != FRAMER_ENCRYPTED) {
        if (framer->mode == FRAMER_SEARCHING)
            is_moving = seek(framer, octets, stamp);
        else
            is_moving = follow(framer, octets, stamp);
    }
    if (framer->mode == FRAMER_ENCRYPTED)
        framer_step(framer, octets, octets->size);
}

static bool keep(struct framer *framer, struct wire_span octets)
{
    uint32_t size = framer->partial_size + (uint32_t)octets.size;
    if (size > framer->partial_room) {
        uint32_t room = size < 512 ? 1024 : 2 * size;
        uint8_t *partial = realloc(framer->partial, room);
        if (partial == NULL)
            return false;
        framer->partial = partial;
        framer->partial_room = room;
    }
    if (octets.size > 0)
        memcpy(framer->partial + framer->partial_size, octets.octets, octets.size);
    framer->partial_size = size;
    CHECK(framer->partial_size <= framer->partial_room);
    return true;
}

/* What was kept and what is new, together. */
static void run_partial(struct framer *framer, const struct capture_stamp *stamp)
{
    struct wire_span all = {framer->partial, framer->partial_size};
    framer_run(framer, &all, stamp);
    if (all.size == 0) {
        drop_partial(framer);
        return;
    }
    memmove(framer->partial, all.octets, all.size);
    framer->partial_size = (uint32_t)all.size;
}

static void framer_lose(struct framer *framer, size_t size, const struct capture_stamp *stamp)
{
    framer_say(framer, (struct framer_news){.event = FRAMER_NO_MEMORY,
                                            .size = framer->partial_size + size,
                                            .stamp = stamp});
    drop_partial(framer);
    framer_search(framer);
    framer->has_phase = false;
}

/* The rest of a message that a gap has broken. */
static void skip_rest(struct framer *framer, struct wire_span *octets)
{
    size_t part = framer->rest < octets->size ? framer->rest : octets->size;
    framer->rest -= (uint32_t)part;
    framer_step(framer, octets, part);
}

void framer_put(struct framer *framer, struct wire_span octets, const struct capture_stamp *stamp)
{
    if (framer->mode == FRAMER_ENCRYPTED)
        return;
    skip_rest(framer, &octets);
    while (octets.size > 0 && framer->partial_size > 0) {
        size_t part = octets.size < APPEND_MAX ? octets.size : APPEND_MAX;
        if (!keep(framer, (struct wire_span){octets.octets, part})) {
            framer_lose(framer, octets.size, stamp);
            return;
        }
        octets = (struct wire_span){octets.octets + part, octets.size - part};
        run_partial(framer, stamp);
    }
    framer_run(framer, &octets, stamp);
    if (octets.size > 0 && !keep(framer, octets))
        framer_lose(framer, octets.size, stamp);
}

uint32_t framer_pending(const struct framer *framer, uint32_t *whole)
{
    bool is_known = framer->mode == FRAMER_IN_STEP && framer->partial_size >= PCEP_HEADER_SIZE;
    *whole = is_known ? framer_header_size(framer->partial) : 0;
    return framer->partial_size;
}

void framer_gap(struct framer *framer, uint32_t size, const struct capture_stamp *stamp)
{
    uint32_t whole;
    uint32_t pending = framer_pending(framer, &whole);
    uint32_t rest = framer->rest > 0 ? framer->rest : whole > 0 ? whole - pending : 0;
    CHECK(whole == 0 || whole > pending); /* a whole message would have been given out */
    if (framer->mode == FRAMER_ENCRYPTED)
        return;
    if (framer->mode == FRAMER_IN_STEP && pending > 0)
        framer_say(framer,
                   (struct framer_news){.event = FRAMER_BROKEN, .size = whole, .stamp = stamp});
    if (framer->mode == FRAMER_SEARCHING)
        framer->skipped += pending;
    framer->phase = (uint8_t)((framer->phase + pending + size) % 4);
    framer->rest = 0;
    drop_partial(framer);
    if (framer->mode != FRAMER_IN_STEP)
        return;
    if (rest > 0 && size <= rest)
        framer->rest = rest - size;
    else
        framer_search(framer);
}
