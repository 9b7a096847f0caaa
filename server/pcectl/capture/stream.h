/* Stream: one direction of a TCP connection, put in order (RFC 9293 3.4).
 *
 * Segments may come late, twice, overlapping or never. What stands in the stream already wins over
 * what comes later with the same numbers. A hole stays open for what fills it until it is known
 * that nothing will; then it is a gap. A hole is given up when
 *  - the receiver has acknowledged an octet of it, so that only the capture missed it, and
 *    STREAM_PATIENCE_PACKETS more packets of the connection, or STREAM_PATIENCE_S seconds of the
 *    capture's time, have gone by (packets may be captured in another order than they were sent);
 *  - it has been open for STREAM_HOLE_S seconds (a capture of one direction alone has no
 *    acknowledgements);
 *  - STREAM_HELD_MAX octets or STREAM_SEGMENTS_MAX segments wait after it;
 *  - the connection or the capture ends.
 * Sequence numbers wrap.
 *
 * Thread: the only one. Owns: the segments that wait after a hole.
 * Bound: STREAM_HELD_MAX octets and STREAM_SEGMENTS_MAX segments. */
#ifndef PCED_SERVER_PCECTL_CAPTURE_STREAM_H
#define PCED_SERVER_PCECTL_CAPTURE_STREAM_H

#include "core/base/list.h"
#include "server/pcectl/capture/file.h"

#define STREAM_HELD_MAX         (1U << 20)
#define STREAM_SEGMENTS_MAX     1024U
#define STREAM_PATIENCE_PACKETS 16U
#define STREAM_PATIENCE_S       1
#define STREAM_HOLE_S           60

/* Which packet, and when. */
struct capture_stamp {
    struct capture_time time;
    uint64_t packet;
};

struct stream;

/* What comes out, in order; the context is the one of stream_init. */
struct stream_sink {
    void (*on_octets)(void *context, struct wire_span octets, const struct capture_stamp *stamp);
    void (*on_gap)(void *context, uint32_t size, const struct capture_stamp *stamp);
};

struct stream {
    const struct stream_sink *sink;
    void *context;
    bool is_started;       /* `next` is known */
    bool has_acknowledged; /* by the other side */
    bool is_acknowledged;  /* the hole that is open now is known to be the capture's */
    uint32_t next;         /* sequence number of the next octet */
    uint32_t acknowledged;
    uint32_t patience; /* packets that went by since is_acknowledged */
    struct capture_time acknowledged_at;
    struct list_link held; /* segments after a hole, in order, without overlap */
    uint32_t held_size;    /* octets of them */
    uint32_t held_count;
    uint64_t repeated_size; /* octets that came again */
    uint64_t late_count;    /* segments that came behind a hole */
};

void stream_init(struct stream *stream, const struct stream_sink *sink, void *context);
/* Drops what is held. */
void stream_fini(struct stream *stream);
/* The next octet has this number. */
void stream_start(struct stream *stream, uint32_t next);

/* Octets that begin at this number. Without stream_start the stream starts with them. */
PCE_MUST_CHECK enum pce_status stream_put(struct stream *stream, uint32_t sequence,
                                          struct wire_span octets,
                                          const struct capture_stamp *stamp);
/* The receiver has everything before this number. */
void stream_acknowledge(struct stream *stream, uint32_t acknowledged);
/* A packet of the connection went by: holes that waited long enough are given up. */
void stream_tick(struct stream *stream, const struct capture_stamp *stamp);
/* Gives up all holes; octets that the receiver has and that never came are a gap, too. */
void stream_flush(struct stream *stream, const struct capture_stamp *stamp);
/* The same, where the end is known: octets before it that never came are a gap. */
void stream_flush_to(struct stream *stream, uint32_t end, const struct capture_stamp *stamp);

/* Seconds from a to b; 0 where either is unknown or b is before a. */
int64_t capture_seconds(const struct capture_time *a, const struct capture_time *b);

#endif
