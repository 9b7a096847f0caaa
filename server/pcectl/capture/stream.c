#include "server/pcectl/capture/stream.h"

#include "core/base/check.h"

#include <stdlib.h>

/* A segment that waits after a hole. */
struct held {
    struct list_link link;
    struct capture_stamp stamp;
    uint32_t sequence;
    uint32_t size;
    uint8_t octets[];
};

/* How far b is behind a, in a space that wraps: negative when it is before. */
static int32_t distance(uint32_t a, uint32_t b)
{
    return (int32_t)(b - a);
}

static struct held *held_at(struct list_link *link)
{
    return CONTAINER_OF(link, struct held, link);
}

int64_t capture_seconds(const struct capture_time *a, const struct capture_time *b)
{
    if (!a->is_known || !b->is_known || b->s < a->s)
        return 0;
    uint64_t s = (uint64_t)b->s - (uint64_t)a->s;
    if (s > 0 && b->ns < a->ns)
        s--;
    return s > INT64_MAX ? INT64_MAX : (int64_t)s;
}

void stream_init(struct stream *stream, const struct stream_sink *sink, void *context)
{
    *stream = (struct stream){.sink = sink, .context = context};
    list_init(&stream->held);
}

/* The first of them, taken out; the caller frees it. */
static struct held *stream_take_first(struct stream *stream)
{
    struct held *held = held_at(stream->held.next);
    CHECK(stream->held_count > 0 && stream->held_size >= held->size);
    stream->held.next = held->link.next;
    held->link.next->prev = &stream->held;
    stream->held_size -= held->size;
    stream->held_count--;
    return held;
}

void stream_fini(struct stream *stream)
{
    while (!list_is_empty(&stream->held))
        free(stream_take_first(stream));
}

void stream_start(struct stream *stream, uint32_t next)
{
    stream->is_started = true;
    stream->next = next;
}

static void give(struct stream *stream, struct wire_span octets, const struct capture_stamp *stamp)
{
    stream->next += (uint32_t)octets.size;
    stream->is_acknowledged = false;
    stream->sink->on_octets(stream->context, octets, stamp);
}

/* Gives out what is held up to the next hole. stamp: of the packet that filled the hole; NULL: the
 * segments keep their own. */
static void give_held(struct stream *stream, const struct capture_stamp *stamp)
{
    while (!list_is_empty(&stream->held)) {
        if (held_at(stream->held.next)->sequence != stream->next)
            return;
        struct held *held = stream_take_first(stream);
        give(stream, (struct wire_span){held->octets, held->size},
             stamp != NULL ? stamp : &held->stamp);
        free(held);
    }
}

/* The first hole becomes a gap; what is after it comes out with the time it was captured. */
static void stream_give_up(struct stream *stream, const struct capture_stamp *stamp)
{
    const struct held *held = held_at(stream->held.next);
    uint32_t size = held->sequence - stream->next;
    CHECK(size > 0); /* else it would have come out with what filled the hole */
    stream->next = held->sequence;
    stream->is_acknowledged = false;
    stream->sink->on_gap(stream->context, size, stamp);
    give_held(stream, NULL);
}

/* Whether there is room for a segment more; when not, the oldest hole pays for it. */
static void keep_bound(struct stream *stream, uint32_t size, const struct capture_stamp *stamp)
{
    while (!list_is_empty(&stream->held) && (stream->held_count >= STREAM_SEGMENTS_MAX ||
                                             size > STREAM_HELD_MAX - stream->held_size))
        stream_give_up(stream, stamp);
}

/* Keeps a piece that overlaps nothing, after `before`. */
static enum pce_status hold_piece(struct stream *stream, struct list_link *before,
                                  uint32_t sequence, struct wire_span octets,
                                  const struct capture_stamp *stamp)
{
    CHECK(octets.size > 0);
    struct held *held = malloc(sizeof *held + octets.size);
    if (held == NULL)
        return PCE_NO_MEMORY;
    held->sequence = sequence;
    held->size = (uint32_t)octets.size;
    held->stamp = *stamp;
    memcpy(held->octets, octets.octets, octets.size);
    list_insert_between(&held->link, before, before->next);
    stream->held_size += held->size;
    stream->held_count++;
    return PCE_OK;
}

/* The last held segment that begins at or before this number; the head when there is none. */
static struct list_link *stream_find_before(struct stream *stream, uint32_t sequence)
{
    struct list_link *link = stream->held.prev;
    while (link != &stream->held &&
           distance(stream->next, held_at(link)->sequence) > distance(stream->next, sequence))
        link = link->prev;
    return link;
}

/* Keeps the pieces of a segment that are not held yet. */
static enum pce_status hold(struct stream *stream, uint32_t sequence, struct wire_span octets,
                            const struct capture_stamp *stamp)
{
    struct list_link *before = stream_find_before(stream, sequence);
    while (octets.size > 0) {
        if (before != &stream->held) { /* cut off what the one before has */
            const struct held *held = held_at(before);
            int32_t overlap = distance(sequence, held->sequence + held->size);
            uint32_t cut = overlap > 0 ? (uint32_t)overlap : 0;
            cut = cut < octets.size ? cut : (uint32_t)octets.size;
            stream->repeated_size += cut;
            sequence += cut;
            octets = (struct wire_span){octets.octets + cut, octets.size - cut};
        }
        size_t piece = octets.size; /* up to where the next one begins */
        if (before->next != &stream->held) {
            uint32_t room = held_at(before->next)->sequence - sequence;
            piece = room < piece ? room : piece;
        }
        if (piece > 0) {
            struct wire_span part = {octets.octets, piece};
            enum pce_status status = hold_piece(stream, before, sequence, part, stamp);
            if (status != PCE_OK)
                return status;
            before = before->next;
        }
        sequence += (uint32_t)piece;
        octets = (struct wire_span){octets.octets + piece, octets.size - piece};
        if (octets.size > 0)
            before = before->next;
    }
    return PCE_OK;
}

enum pce_status stream_put(struct stream *stream, uint32_t sequence, struct wire_span octets,
                           const struct capture_stamp *stamp)
{
    CHECK(octets.size <= STREAM_HELD_MAX);
    if (octets.size == 0)
        return PCE_OK;
    if (!stream->is_started)
        stream_start(stream, sequence);
    int32_t behind = distance(stream->next, sequence);
    if (behind > 0) {
        keep_bound(stream, (uint32_t)octets.size, stamp);
        behind = distance(stream->next, sequence);
    }
    if (behind > 0) {
        stream->late_count++;
        return hold(stream, sequence, octets, stamp);
    }
    uint32_t old = 0U - (uint32_t)behind; /* octets of it that came before */
    if (old >= octets.size) {
        stream->repeated_size += octets.size;
        return PCE_OK;
    }
    stream->repeated_size += old;
    octets = (struct wire_span){octets.octets + old, octets.size - old};
    /* What was held first stands: the new octets fill the holes before and between. */
    while (octets.size > 0) {
        size_t piece = octets.size;
        if (!list_is_empty(&stream->held)) {
            uint32_t room = held_at(stream->held.next)->sequence - stream->next;
            piece = room < piece ? room : piece;
        }
        uint32_t before = stream->next;
        if (piece > 0)
            give(stream, (struct wire_span){octets.octets, piece}, stamp);
        give_held(stream, stamp);
        uint32_t done = stream->next - before;
        done = done < octets.size ? done : (uint32_t)octets.size;
        stream->repeated_size += done - piece;
        octets = (struct wire_span){octets.octets + done, octets.size - done};
    }
    return PCE_OK;
}

void stream_acknowledge(struct stream *stream, uint32_t acknowledged)
{
    if (stream->has_acknowledged && distance(stream->acknowledged, acknowledged) <= 0)
        return;
    stream->has_acknowledged = true;
    stream->acknowledged = acknowledged;
}

void stream_tick(struct stream *stream, const struct capture_stamp *stamp)
{
    while (!list_is_empty(&stream->held)) {
        const struct held *first = held_at(stream->held.next);
        bool is_acknowledged =
            stream->has_acknowledged && distance(stream->next, stream->acknowledged) > 0;
        if (is_acknowledged && !stream->is_acknowledged) {
            stream->is_acknowledged = true;
            stream->patience = 0;
            stream->acknowledged_at = stamp->time;
        }
        bool is_missed =
            stream->is_acknowledged &&
            (stream->patience++ >= STREAM_PATIENCE_PACKETS ||
             capture_seconds(&stream->acknowledged_at, &stamp->time) >= STREAM_PATIENCE_S);
        if (!is_missed && capture_seconds(&first->stamp.time, &stamp->time) < STREAM_HOLE_S)
            return;
        stream_give_up(stream, stamp);
    }
}

static void give_up_all(struct stream *stream, const struct capture_stamp *stamp)
{
    while (!list_is_empty(&stream->held))
        stream_give_up(stream, stamp);
}

/* Octets before `end` never came. */
static void miss_to(struct stream *stream, uint32_t end, const struct capture_stamp *stamp)
{
    CHECK(distance(stream->next, end) > 0);
    uint32_t size = end - stream->next;
    stream->next = end;
    stream->sink->on_gap(stream->context, size, stamp);
}

void stream_flush(struct stream *stream, const struct capture_stamp *stamp)
{
    give_up_all(stream, stamp);
    /* One number more than octets may be that of a FIN, which is not missed. */
    if (stream->is_started && stream->has_acknowledged &&
        distance(stream->next, stream->acknowledged) > 1)
        miss_to(stream, stream->acknowledged, stamp);
}

void stream_flush_to(struct stream *stream, uint32_t end, const struct capture_stamp *stamp)
{
    give_up_all(stream, stamp);
    if (stream->is_started && distance(stream->next, end) > 0)
        miss_to(stream, end, stamp);
}
