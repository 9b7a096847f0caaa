/* Stream: an answer that stays open and says what happens, as server-sent events.
 *
 * No ask and no envelope need stand behind it. Whoever has news for a stream wakes it; the stream
 * is read when its client has taken what was said before, so that a slow client costs no memory:
 * what it has missed is its kind's to say. A line without meaning breaks each silence, by which a
 * client sees that its server is there.
 *
 * Thread: the control thread. Owns: the streams that are open.
 * Bound: API_STREAMS_MAX of them, so that they leave places for other requests; HTTP_ANSWER_S for
 * what a client has to take. */
#ifndef PCED_SERVER_CONTROL_API_STREAM_H
#define PCED_SERVER_CONTROL_API_STREAM_H

#include "core/base/list.h"
#include "core/base/mono.h"
#include "server/control/http.h"

#define API_STREAMS_MAX      200
#define API_STREAM_SILENCE_S 15

struct stream;
struct streams;

struct stream_kind {
    /* Puts at most `room` octets of events there and returns how many; 0 between two events, when
     * there is none to say. */
    size_t (*read)(struct stream *stream, char *octets, size_t room);
    /* Frees the stream, and what is the endpoint's of it. */
    void (*destroy)(struct stream *stream);
};

/* The endpoint sets `kind`. */
struct stream {
    const struct stream_kind *kind;
    struct streams *streams;
    struct http_request *request;
    struct http_keeper keeper;
    struct http_source source;
    struct list_link link;
    struct mono said_at; /* the last octet */
    bool is_silent;      /* for too long: a line without meaning is due */
    bool is_ending;
};

struct streams {
    struct list_link all;
    uint32_t count;
};

void streams_init(struct streams *streams);
/* There may be something to say for all of them. */
void streams_wake(struct streams *streams);
/* Breaks what has been silent for too long. */
void streams_on_time(struct streams *streams, struct mono now);
/* Ends all, each when its client has taken what was said; an event that is not whole means nothing
 * to a client. */
void streams_end(struct streams *streams);

/* Takes the stream over, and opens it; or answers with 503 where there are too many. */
void stream_open(struct streams *streams, struct stream *stream, struct http_request *request);
/* There may be something to say. */
void stream_wake(struct stream *stream);

#endif
