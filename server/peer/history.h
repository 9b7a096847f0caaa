/* History: the sessions of a shard that have ended, and why, for whoever asks later.
 *
 * The log has a line for each end, but no more than `log.rate` of them in a second; here none is
 * lost while there is room. A PCC has at most so many records, so that one that comes and goes does
 * not push out the others; the same end again and again, of a session that never came up, is one
 * record that counts. Second connections that were refused have one record for each address,
 * whatever came between: it counts, and has the reason of the last one. Where all is full the
 * oldest goes: of those that never came up first, as soon as they are a quarter, so that whoever
 * knocks at the door cannot erase what happened inside.
 *
 * Thread: the shard. Owns: its records; all memory is taken at the first end and kept.
 * Bound: room_max records (limits.session-history, a shard's share), peer_max of them for one
 * address (limits.session-history-per-peer). A session that lives costs nothing. */
#ifndef PCED_SERVER_PEER_HISTORY_H
#define PCED_SERVER_PEER_HISTORY_H

#include "core/base/ip.h"
#include "core/base/list.h"
#include "core/base/map.h"
#include "core/base/mono.h"
#include "core/session/session.h"

struct history_record {
    struct ip address;
    uint16_t port;
    uint8_t state;        /* enum session_state that it ended in */
    uint8_t by;           /* enum session_ender */
    uint8_t close_reason; /* 0: no Close */
    uint8_t error_type;   /* of the PCErr that ended it; 0: none */
    uint8_t error_value;
    bool is_refused;   /* a second connection that got PCErr 9: it had no session, state is Idle */
    uint32_t times;    /* that it ended so, one after the other */
    uint64_t serial;   /* grows with each end of the shard; of the last time */
    const char *why;   /* static */
    uint64_t state_ns; /* how long it was in that state */
    struct mono ended; /* the last time */
    struct session_counters counters;
};

struct history_entry;
struct history_peer;

struct history {
    uint32_t room_max; /* records; 0: none is kept */
    uint32_t peer_max; /* of one address, 1 at least */
    uint32_t count;
    uint32_t never_up_count;
    uint64_t serial;
    uint64_t unkept; /* ends that were not kept for want of memory */
    struct history_entry *entries;
    struct history_peer *peers;
    struct list_link free_entries;
    struct list_link free_peers;
    struct list_link all;      /* the oldest first */
    struct list_link never_up; /* the same of those */
    struct map by_address;
};

void history_init(struct history *history, uint32_t room_max, uint32_t peer_max);
void history_fini(struct history *history);
/* Octets that one record costs at most, the address's part included. */
size_t history_record_cost(void);

/* Takes the record over; its times and serial are set here. */
void history_note(struct history *history, const struct history_record *record);

/* Of the second connections of this address that were refused, or NULL. The history's, until the
 * next note. */
const struct history_record *history_find_refused(struct history *history,
                                                  const struct ip *address);

/* Where a walk from the newest to the oldest stands. Zero is the beginning; a record that goes
 * meanwhile does not disturb it. */
struct history_cursor {
    uint64_t before; /* only serials below it; 0: all */
    uint64_t serial; /* of the record that the walk stands on; 0: none */
    uint32_t index;  /* … and where that lies */
};

/* The next record, or NULL: at the end, or after `looks_max` looks. *is_over says which. The record
 * is the history's, until the next note. */
const struct history_record *history_next(struct history *history, struct history_cursor *cursor,
                                          uint32_t *looks, bool *is_over);
/* The same for one address. */
const struct history_record *history_next_of(struct history *history, const struct ip *address,
                                             struct history_cursor *cursor);

#endif
