/* Request queue: the path requests of a shard that wait for their computation.
 *
 * Each entry is one request with octets of its own: a PCReq that has it alone, to be decoded again
 * when its turn comes, on the topology of that turn. It is ready to be worked on; or it is known to
 * be heavy and waits for a computation elsewhere; or it waits for one that is under way
 * (computation.h). Ready entries of one session stay in order within their priority (RFC 5440
 * 7.4.1: 7 is the highest, 0 is none and comes last). Whose turn it is says request_line.h.
 *
 * A session that does not take its answers is parked: its entries stay and have no turns.
 *
 * Thread: the owning shard. Owns: entries and one record for each session that has any, or that is
 * to be told of the end of a congestion. Sessions are only names here: requests_forget_session must
 * come before one goes.
 * Bound: octets_max of struct request_limits over all entries, in_flight_max of them for a session;
 * REQUEST_IDLE_MAX entries beside them. */
#ifndef PCED_CORE_REQUESTS_REQUEST_QUEUE_H
#define PCED_CORE_REQUESTS_REQUEST_QUEUE_H

#include "core/base/list.h"
#include "core/base/map.h"
#include "core/base/mono.h"
#include "core/base/status.h"
#include "core/base/wire.h"
#include "core/requests/request_line.h"
#include "core/session/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REQUEST_CROWD        4096 /* entries: what a turn or two can serve */
#define REQUEST_MARK_MIN     8
#define REQUEST_COMMON_SIZE  96   /* octets that an entry has room for at least */
#define REQUEST_IDLE_MAX     4096 /* entries that are kept for the next ones */
#define REQUEST_SIZE_CLASSES 40   /* of what a session holds: by powers of two */

/* They may change from turn to turn; 0: no limit. */
struct request_limits {
    size_t octets_max;      /* of the shard's entries, their records included */
    uint32_t in_flight_max; /* entries of one session */
};

struct computation;

/* What an entry waits for. */
enum request_wait {
    REQUEST_READY, /* its turn in this shard */
    REQUEST_HEAVY, /* room for a computation elsewhere */
    REQUEST_LINES,
    REQUEST_COMPUTING = REQUEST_LINES, /* entry->computation */
};

struct request_entry {
    struct list_link link;   /* in its session's list */
    struct list_link by_age; /* in queue->by_age, unless it waits and its session is parked */
    struct list_link by_computation;
    struct computation *computation; /* that it waits for, or NULL */
    struct request_peer *peer;
    struct mono since;
    uint64_t sequence; /* orders the entries of a session's line over its priorities */
    uint32_t request_id;
    uint16_t size;
    uint8_t priority;
    uint8_t wait;     /* enum request_wait */
    uint8_t octets[]; /* the whole message */
};

struct request_peer {
    struct map_node node; /* in queue->peers */
    struct session *session;
    struct request_place places[REQUEST_LINES];
    struct list_link computing; /* entries that wait for a computation */
    struct list_link by_size;   /* in queue->by_size, while it has entries */
    struct list_link told;      /* in queue->told: see overload.h */
    struct mono told_until;     /* its OVERLOADED-DURATION ends */
    size_t octets;
    uint32_t count;
    bool is_parked;
};

/* What a shard's queue is about; read by its owner. */
struct request_queue {
    struct map peers; /* by session */
    struct request_line lines[REQUEST_LINES];
    struct list_link by_age; /* entries that are not parked, oldest first */
    struct list_link by_size[REQUEST_SIZE_CLASSES];
    struct list_link told; /* peers that know of the congestion */
    struct list_link idle; /* entries with room for REQUEST_COMMON_SIZE octets, to be used again */
    uint32_t idle_count;
    uint64_t sequence;
    size_t octets;
    uint32_t count;
    uint32_t computing; /* entries that wait for a computation among them */
    /* overload.h */
    bool is_congested;
    uint8_t unrest;    /* congestions that followed each other closely */
    struct mono since; /* when it became so, or ceased to be so */
};

/* NULL when memory ran out. */
struct request_queue *request_queue_create(void);
/* With all entries. */
void request_queue_destroy(struct request_queue *queue);

/* A request as it comes: the objects from its RP to the next one. */
struct request_octets {
    struct wire_span objects;
    struct mono since; /* when it came */
    uint32_t request_id;
    uint8_t priority;
    uint8_t wait; /* REQUEST_READY or _HEAVY */
};

/* Keeps a copy, *entry unless it is NULL. PCE_LIMIT: the session has in_flight_max. PCE_NO_MEMORY:
 * there is no room, and no session that holds clearly more than this one would. */
PCE_MUST_CHECK enum pce_status request_queue_add(struct request_queue *queue,
                                                 const struct request_limits *limits,
                                                 struct session *session,
                                                 const struct request_octets *request,
                                                 struct request_entry **entry);
/* Whether a request of this size fits. */
bool request_queue_has_room(const struct request_queue *queue, const struct request_limits *limits,
                            size_t size);
/* A session that holds at least twice as much as this one would with a request of this size, and
 * no other holds twice as much as it; NULL when there is none. Its last requests are to make room.
 */
struct request_peer *request_queue_find_heavy(struct request_queue *queue,
                                              const struct session *session, size_t size);

/* Whose turn it is in a line, and which priority of its requests; NULL when nothing waits. */
struct request_peer *request_queue_next(struct request_queue *queue, enum request_wait line,
                                        unsigned *priority);
/* Its oldest entry of that line and priority, which stays where it is; NULL when it has none. */
struct request_entry *request_queue_first(const struct request_peer *peer, enum request_wait line,
                                          unsigned priority);
/* Off the queue. A record without entries goes, unless it is in `told`. The caller frees the entry
 * by request_entry_free. */
void request_queue_remove(struct request_queue *queue, struct request_entry *entry);
/* Waits for something else from now on: one of the lines, where it comes last. */
void request_queue_move(struct request_queue *queue, struct request_entry *entry,
                        enum request_wait line);
/* The same: this computation. */
void request_queue_join(struct request_queue *queue, struct request_entry *entry,
                        struct computation *computation);
/* Its newest entry of its lowest priority, taken off the queue; one that is computed only where
 * there is no other. */
struct request_entry *request_queue_take_last(struct request_queue *queue,
                                              struct request_peer *peer);
void request_entry_free(struct request_queue *queue, struct request_entry *entry);

/* NULL where there is no record of it. */
struct request_peer *request_queue_find(struct request_queue *queue, const struct session *session);
/* Makes one where there is none; NULL when memory ran out. One that gets no entry and is not put on
 * `told` stays until request_queue_forget. */
struct request_peer *request_queue_get(struct request_queue *queue, struct session *session);
/* Frees the entries with these request-IDs (ascending); how many there were. */
uint32_t request_queue_cancel(struct request_queue *queue, const struct session *session,
                              const uint32_t *ids, uint32_t id_count);
/* Frees all that belongs to the session; how many entries there were. */
uint32_t request_queue_forget(struct request_queue *queue, const struct session *session);
/* No turns until it is unparked; entries that come meanwhile wait too. */
void request_queue_park(struct request_queue *queue, struct request_peer *peer);
/* Its entries wait from now on. Harmless when it is not parked. */
void request_queue_unpark(struct request_queue *queue, const struct session *session,
                          struct mono now);
/* Puts a record on `told`, or takes it off it and frees it when it has no entries. */
void request_queue_set_told(struct request_queue *queue, struct request_peer *peer, bool is_told);

/* So many entries of one session may wait before nothing more is to be read from it: a quarter of
 * in_flight_max, and less while more than REQUEST_CROWD wait in the shard, down to
 * REQUEST_MARK_MIN: what many peers ask at once is left where it is, in their TCP windows. */
uint32_t request_queue_mark(const struct request_queue *queue, uint32_t in_flight_max);
/* How long the oldest entry waits, in nanoseconds; parked ones do not count. */
uint64_t request_queue_age_ns(const struct request_queue *queue, struct mono now);
/* Entries of a line that may have their turns. */
static inline uint32_t request_queue_waiting(const struct request_queue *queue,
                                             enum request_wait line)
{
    return queue->lines[line].count;
}

/* Orders Request-IDs (uint32_t) for qsort and bsearch. */
int request_ids_compare(const void *a, const void *b);

#endif
