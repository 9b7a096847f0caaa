#include "server/control/api_stream.h"

#include "core/base/check.h"
#include "io/os/clock.h"
#include "server/control/api_answer.h"

#include <string.h>

#define TYPE_EVENTS "text/event-stream"

_Static_assert(API_STREAMS_MAX < HTTP_CLIENTS_MAX * 4 / 5, "streams leave no places");

/* A comment of server-sent events. */
static const char silence[] = ":\n\n";

static ssize_t on_read(struct http_source *source, char *octets, size_t room)
{
    struct stream *stream = CONTAINER_OF(source, struct stream, source);
    if (stream->is_ending)
        return HTTP_STREAM_END;
    size_t size = stream->kind->read(stream, octets, room);
    CHECK(size <= room);
    if (size == 0 && stream->is_silent && room >= sizeof silence - 1) {
        size = sizeof silence - 1;
        memcpy(octets, silence, size);
    }
    if (size > 0) {
        stream->said_at = clock_now();
        stream->is_silent = false;
    }
    return (ssize_t)size;
}

static void on_gone(struct http_keeper *keeper)
{
    struct stream *stream = CONTAINER_OF(keeper, struct stream, keeper);
    list_remove(&stream->link);
    CHECK(stream->streams->count > 0);
    stream->streams->count--;
    stream->kind->destroy(stream);
}

void stream_open(struct streams *streams, struct stream *stream, struct http_request *request)
{
    if (streams->count >= API_STREAMS_MAX) {
        http_counters_of(request)->streams_refused++;
        api_refuse(request, 503, NULL, "too many streams are open");
        stream->kind->destroy(stream);
        return;
    }
    stream->streams = streams;
    stream->request = request;
    stream->keeper.on_gone = on_gone;
    stream->source.read = on_read;
    stream->said_at = clock_now();
    stream->is_silent = false;
    stream->is_ending = false;
    streams->count++;
    list_push_back(&streams->all, &stream->link);
    request->keeper = &stream->keeper;
    http_open_stream(request, TYPE_EVENTS, &stream->source);
}

void stream_wake(struct stream *stream)
{
    http_wake(stream->request);
}

void streams_init(struct streams *streams)
{
    streams->count = 0;
    list_init(&streams->all);
}

void streams_wake(struct streams *streams)
{
    for (struct list_link *link = streams->all.next; link != &streams->all; link = link->next)
        stream_wake(CONTAINER_OF(link, struct stream, link));
}

void streams_on_time(struct streams *streams, struct mono now)
{
    for (struct list_link *link = streams->all.next; link != &streams->all; link = link->next) {
        struct stream *stream = CONTAINER_OF(link, struct stream, link);
        if (mono_is_before(now, mono_add_s(stream->said_at, API_STREAM_SILENCE_S)))
            continue;
        stream->is_silent = true;
        stream_wake(stream);
    }
}

void streams_end(struct streams *streams)
{
    for (struct list_link *link = streams->all.next; link != &streams->all; link = link->next) {
        struct stream *stream = CONTAINER_OF(link, struct stream, link);
        stream->is_ending = true;
        stream_wake(stream);
    }
}
