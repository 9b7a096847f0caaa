#include "server/pcectl/capture/source.h"

#include "core/base/check.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOURCE_READ_SIZE 65536U

void source_init_memory(struct source *source, const void *octets, size_t size)
{
    static const uint8_t nothing;
    *source = (struct source){.descriptor = -1,
                              .stop_descriptor = -1,
                              .watch_descriptor = -1,
                              .ended = PCE_CLOSED,
                              .at = size > 0 ? octets : &nothing,
                              .left = size};
}

void source_init_file(struct source *source, int descriptor)
{
    *source = (struct source){
        .descriptor = descriptor, .stop_descriptor = -1, .watch_descriptor = -1, .ended = PCE_OK};
}

void source_fini(struct source *source)
{
    free(source->buffer);
    if (source->watch_descriptor >= 0)
        (void)close(source->watch_descriptor);
    source_init_memory(source, NULL, 0);
}

void source_follow(struct source *source, const char *path, int stop_descriptor)
{
    source->is_followed = true;
    source->stop_descriptor = stop_descriptor;
    if (path == NULL)
        return;
    /* Without inotify the file is looked at every SOURCE_POLL_MS: slower, as good. */
    source->watch_descriptor = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (source->watch_descriptor < 0)
        return;
    if (inotify_add_watch(source->watch_descriptor, path,
                          IN_MODIFY | IN_ATTRIB | IN_DELETE_SELF | IN_CLOSE_WRITE) >= 0)
        return;
    (void)close(source->watch_descriptor);
    source->watch_descriptor = -1;
}

void source_set_idle(struct source *source, source_idle_fn *on_idle, void *context)
{
    source->on_idle = on_idle;
    source->idle_context = context;
}

static bool is_stopped(const struct source *source)
{
    struct pollfd stop = {.fd = source->stop_descriptor, .events = POLLIN};
    return source->is_followed && poll(&stop, 1, 0) > 0;
}

/* At the end of a file that is followed: whether there will never be more of it. */
static bool is_final(const struct source *source)
{
    struct stat info;
    if (fstat(source->descriptor, &info) != 0)
        return true;
    if (!S_ISREG(info.st_mode))
        return true; /* the writer has closed the pipe */
    off_t at = lseek(source->descriptor, 0, SEEK_CUR);
    return info.st_nlink == 0 || info.st_size < at;
}

/* Until something may have changed. */
static void source_wait_for_more(struct source *source)
{
    struct pollfd waits[] = {
        {.fd = source->stop_descriptor, .events = POLLIN},
        {.fd = source->watch_descriptor, .events = POLLIN},
    };
    if (poll(waits, 2, SOURCE_POLL_MS) <= 0 || waits[1].revents == 0)
        return;
    _Alignas(struct inotify_event) char events[4096];
    while (read(source->watch_descriptor, events, sizeof events) > 0) {
    }
}

/* A pipe that is followed must not hold back a signal. */
static void wait_for_pipe(struct source *source)
{
    struct pollfd waits[] = {
        {.fd = source->stop_descriptor, .events = POLLIN},
        {.fd = source->descriptor, .events = POLLIN},
    };
    (void)poll(waits, 2, -1);
}

static bool source_make_room(struct source *source, size_t size)
{
    size_t room = size > SOURCE_READ_SIZE ? size : SOURCE_READ_SIZE;
    if (source->room < room) {
        uint8_t *buffer = malloc(room);
        if (buffer == NULL)
            return false;
        if (source->left > 0)
            memcpy(buffer, source->at, source->left);
        free(source->buffer);
        source->buffer = buffer;
        source->room = room;
    } else if (source->left > 0) {
        memmove(source->buffer, source->at, source->left);
    }
    source->at = source->buffer;
    return true;
}

/* Reads once; PCE_AGAIN when nothing came yet. */
static enum pce_status read_some(struct source *source)
{
    if (source->on_idle != NULL)
        source->on_idle(source->idle_context);
    if (source->is_followed && source->watch_descriptor < 0)
        wait_for_pipe(source);
    if (is_stopped(source))
        return PCE_CANCELLED;
    ssize_t got =
        read(source->descriptor, source->buffer + source->left, source->room - source->left);
    if (got > 0) {
        source->left += (size_t)got;
        return PCE_OK;
    }
    if (got < 0)
        return errno == EINTR || errno == EAGAIN ? PCE_AGAIN : PCE_IO;
    if (!source->is_followed || is_final(source))
        return PCE_CLOSED;
    source_wait_for_more(source);
    return PCE_AGAIN;
}

enum pce_status source_peek(struct source *source, size_t size, struct wire_span *octets)
{
    CHECK(size > 0 && size <= SOURCE_WANT_MAX);
    if (source->left < size && source->ended == PCE_OK && !source_make_room(source, size))
        return PCE_NO_MEMORY;
    while (source->left < size && source->ended == PCE_OK) {
        enum pce_status status = read_some(source);
        if (status != PCE_AGAIN)
            source->ended = status;
    }
    *octets = (struct wire_span){source->at, source->left < size ? source->left : size};
    if (source->left >= size)
        return PCE_OK;
    return source->ended == PCE_CLOSED && source->left > 0 ? PCE_INVALID : source->ended;
}

void source_step(struct source *source, size_t size)
{
    CHECK(size <= source->left);
    source->at += size;
    source->left -= size;
    source->offset += size;
}

enum pce_status source_skip(struct source *source, uint64_t size)
{
    while (size > 0) {
        struct wire_span octets;
        size_t part = size < SOURCE_READ_SIZE ? (size_t)size : SOURCE_READ_SIZE;
        enum pce_status status = source_peek(source, part, &octets);
        if (status == PCE_CLOSED) /* the octets are promised: a missing one is a cut */
            return PCE_INVALID;
        if (status != PCE_OK)
            return status;
        source_step(source, part);
        size -= part;
    }
    return PCE_OK;
}
