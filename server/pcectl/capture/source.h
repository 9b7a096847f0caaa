/* Source: the octets of a capture in order, from a file, a pipe or memory; it never seeks.
 *
 * A source that follows a growing file waits at its end until there is more or a signal asks it to
 * stop; then it ends as if the file ended there.
 *
 * Thread: the only one; a source that follows blocks in poll(), any other in read().
 * Owns: its buffer and the descriptors that it waits on, not the one it reads.
 * Bound: SOURCE_WANT_MAX octets at once, and a buffer of that size. */
#ifndef PCED_SERVER_PCECTL_CAPTURE_SOURCE_H
#define PCED_SERVER_PCECTL_CAPTURE_SOURCE_H

#include "core/base/status.h"
#include "core/base/wire.h"

#define SOURCE_WANT_MAX (1U << 20)
/* A file that grows without an event (a network file system) is looked at this often. */
#define SOURCE_POLL_MS 500

/* Called before the source may have to wait: what was found so far is to be shown. */
typedef void source_idle_fn(void *context);

struct source {
    int descriptor; /* -1: memory */
    int stop_descriptor;
    int watch_descriptor; /* inotify; -1: none */
    bool is_followed;
    enum pce_status ended; /* PCE_OK: there may be more */
    uint8_t *buffer;       /* NULL for memory */
    size_t room;
    const uint8_t *at;
    size_t left;
    uint64_t offset; /* of `at` in the input */
    source_idle_fn *on_idle;
    void *idle_context;
};

void source_init_memory(struct source *source, const void *octets, size_t size);
void source_init_file(struct source *source, int descriptor);
void source_fini(struct source *source);

/* Makes the source wait for more at the end. path: what is watched, or NULL for a pipe.
 * stop_descriptor: readable when it is to end; the caller's. */
void source_follow(struct source *source, const char *path, int stop_descriptor);
void source_set_idle(struct source *source, source_idle_fn *on_idle, void *context);

/* The next size octets (1 to SOURCE_WANT_MAX), without a step over them; valid until the next call.
 * PCE_CLOSED: the input ends before the first of them. PCE_INVALID: it ends within them; *octets is
 * what there is. PCE_CANCELLED: a signal came, and fewer are there. PCE_IO, PCE_NO_MEMORY. */
PCE_MUST_CHECK enum pce_status source_peek(struct source *source, size_t size,
                                           struct wire_span *octets);
/* Steps over octets that were seen. */
void source_step(struct source *source, size_t size);
/* Steps over any number of octets; the same results as source_peek. */
PCE_MUST_CHECK enum pce_status source_skip(struct source *source, uint64_t size);

#endif
