/* Events: the last changes of everything, in one order, each as the octets that streams say.
 *
 * Journals have their records; an event is made of one once, however many streams say it. Numbers
 * have no gaps: where something was lost there is a hole, and a reader is told how many.
 *
 * Thread: the control thread. Owns: the events; one that is held outlives its place.
 * Bound: EVENTS_MAX of them; the oldest gives way. */
#ifndef PCED_SERVER_CONTROL_EVENTS_H
#define PCED_SERVER_CONTROL_EVENTS_H

#include "core/base/ip.h"

#include <jansson.h>

#define EVENTS_MAX 8192

/* EVENT(id, name): what a change is of. */
#define EVENT_KINDS(EVENT)                                                                         \
    EVENT(LSP, "lsp")                                                                              \
    EVENT(PCC, "pcc")                                                                              \
    EVENT(SESSION, "session")                                                                      \
    EVENT(TOPOLOGY, "topology")

enum event_kind {
#define EVENT_KIND(id, name) EVENT_##id,
    EVENT_KINDS(EVENT_KIND)
#undef EVENT_KIND
        EVENT_KIND_COUNT,
};

/* What streams choose by. */
struct event_about {
    enum event_kind kind;
    const char *change; /* static */
    const char *name;   /* of an LSP; "" for none */
    struct ip pcc;      /* IP_NONE: none */
};

struct event {
    struct event_about about; /* the name is the event's */
    uint32_t holds;           /* by its place and by streams */
    size_t size;
    const char *octets;
};

struct events {
    struct event **places; /* EVENTS_MAX of them; NULL before the first one */
    uint64_t next;         /* number of the next one; from 1 */
    uint64_t life;         /* of this process: numbers begin anew with each */
};

void events_init(struct events *events, uint64_t life);
void events_fini(struct events *events);

/* Takes the JSON; what memory runs out for is a hole, NULL as well. */
void events_add(struct events *events, const struct event_about *about, json_t *json);
/* So many changes are lost. */
void events_add_holes(struct events *events, uint64_t count);
/* The event at *cursor or the next one, which the caller holds; the cursor goes behind it. NULL:
 * there is none. *missed: how many there were before it and are gone. */
struct event *events_take(const struct events *events, uint64_t *cursor, uint64_t *missed);
void event_release(struct event *event);

/* "lsp" … */
const char *event_kind_text(enum event_kind kind);

#endif
