#include "server/pcectl/capture/framer.h"

#include "core/base/check.h"

#include <stdlib.h>

/* Octets of a segment that are appended to a message that has begun, at a time. */
#define APPEND_MAX 16384U

/* ---- the state ---- */

void framer_init(struct framer *framer, const struct framer_protocol *protocol,
                 framer_sink_fn *sink, void *context, bool is_in_step)
{
    *framer = (struct framer){.protocol = protocol,
                              .sink = sink,
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
    framer->phase = (uint8_t)((framer->phase + size) % framer->protocol->align);
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

/* Takes one message; false when more octets are needed, or the mode has changed and none is left.
 */
static bool follow(struct framer *framer, struct wire_span *octets,
                   const struct capture_stamp *stamp)
{
    const struct framer_protocol *protocol = framer->protocol;
    if (framer->has_starttls && is_tls(*octets)) {
        framer->mode = FRAMER_ENCRYPTED;
        framer_say(framer, (struct framer_news){.event = FRAMER_TLS, .stamp = stamp});
        return false;
    }
    if (octets->size < protocol->header_size)
        return false;
    const char *reason = protocol->object_to(octets->octets);
    if (reason != NULL) {
        framer_say(framer,
                   (struct framer_news){.event = FRAMER_BAD, .reason = reason, .stamp = stamp});
        framer_search(framer);
        framer->has_phase = false;
        framer->skipped = 1; /* this one begins no message */
        framer_step(framer, octets, 1);
        return true;
    }
    uint32_t size = protocol->size_of(octets->octets);
    if (octets->size < size)
        return false;
    framer->has_starttls |= protocol->begins_tls != NULL && protocol->begins_tls(octets->octets);
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
        enum framer_verdict verdict = is_place ? framer->protocol->judge(*octets) : FRAMER_NO;
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
    bool is_known =
        framer->mode == FRAMER_IN_STEP && framer->partial_size >= framer->protocol->header_size;
    *whole = is_known ? framer->protocol->size_of(framer->partial) : 0;
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
    framer->phase = (uint8_t)((framer->phase + pending + size) % framer->protocol->align);
    framer->rest = 0;
    drop_partial(framer);
    if (framer->mode != FRAMER_IN_STEP)
        return;
    if (rest > 0 && size <= rest)
        framer->rest = rest - size;
    else
        framer_search(framer);
}
