/* Event pump: brings what happens in shards and in the network into the events, while there are
 * streams that say it.
 *
 * The pump is one reader of the journals for all streams, with a cursor for each. The shards'
 * counters tell whether there is something new, so that nobody is asked who has none. What nobody
 * listened to is not read at all, unless a client comes back for it.
 *
 * Thread: the control thread. Owns: the events, and an ask for each journal.
 * Bound: PUMP_BATCH changes of one journal at a time, and one envelope out for each. */
#ifndef PCED_SERVER_CONTROL_EVENT_PUMP_H
#define PCED_SERVER_CONTROL_EVENT_PUMP_H

#include "server/control/api_ask.h"
#include "server/control/events.h"
#include "server/northbound/change_view.h"

#define PUMP_EACH_MS 50
#define PUMP_BATCH   64

/* A journal. */
struct pump_source {
    struct ask ask;
    struct event_pump *pump;
    struct change_list list;
    uint64_t taken; /* where the journal is read on, if what was asked last is given up */
    bool is_asked;
    bool is_of_sessions;
    uint32_t shard;
};

struct event_pump {
    struct shared *shared;
    struct asks *asks;
    struct events events;
    struct pump_source *sources; /* NULL: no stream has been opened yet */
    uint32_t source_count;
    uint64_t network_next; /* of the network's log */
    struct mono due;       /* when the counters are looked at again */
    uint64_t told;         /* number of the next event at the last pump_run */
};

void pump_init(struct event_pump *pump, struct shared *shared, struct asks *asks);
/* After its asks have ended. */
void pump_fini(struct event_pump *pump);

/* The first stream is there. comes_back: its client has seen events before, so that those since are
 * read; otherwise they are holes. False: memory ran out. */
bool pump_start(struct event_pump *pump, bool comes_back);
/* Asks whoever has something new, every PUMP_EACH_MS. True: there are more events than at the last
 * call. */
bool pump_run(struct event_pump *pump, struct mono now);

#endif
