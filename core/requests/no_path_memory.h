/* No-path memory: requests of sessions that were answered with NO-PATH.
 *
 * Some PCCs (FRR's pathd) never repeat a request that had none until their session ends. So what
 * was asked is kept as long as the session, and looked at again when the topology is another one
 * (no_path.h). A record is the request's own octets: lossless, and read anew for each topology.
 *
 * The same request again, but for its request-ID, is the same record; one that gets a path goes.
 * Where a session has session_max the oldest of them goes, where all have room_max the oldest of
 * all.
 *
 * Thread: the owning shard. Owns: the records; none before the first one.
 * Bound: room_max records, session_max of a session, NO_PATH_SIZE_MAX octets of one. */
#ifndef PCED_CORE_REQUESTS_NO_PATH_MEMORY_H
#define PCED_CORE_REQUESTS_NO_PATH_MEMORY_H

#include "core/base/ip.h"
#include "core/base/list.h"
#include "core/base/map.h"
#include "core/base/mono.h"
#include "core/base/wire.h"
#include "core/requests/no_path_counters.h"

#include <stdbool.h>
#include <stdint.h>

#define NO_PATH_SIZE_MAX 512 /* of a PCReq with this request alone */

struct path_request;
struct session;

/* Why there is none, beside the constraints of unmet.h: a set of bits and their words. */
#define NO_PATH_CAUSES(X)                                                                          \
    X(NO_TOPOLOGY, "no topology is known")                                                         \
    X(UNKNOWN_SOURCE, "unknown source")                                                            \
    X(UNKNOWN_DESTINATION, "unknown destination")                                                  \
    X(TOO_MUCH_WORK, "too much work")                                                              \
    X(NO_MEMORY, "no memory")

enum no_path_cause {
#define NO_PATH_CAUSE(id, text) NO_PATH_##id,
    NO_PATH_CAUSES(NO_PATH_CAUSE)
#undef NO_PATH_CAUSE
        NO_PATH_CAUSE_COUNT,
};

struct no_path_why {
    uint16_t unmet; /* UNMET_BITs */
    uint8_t causes; /* 1 << enum no_path_cause */
};

/* Static; cause below NO_PATH_CAUSE_COUNT. */
const char *no_path_cause_text(unsigned cause);

struct no_path_peer {
    struct map_node node;
    const struct session *session;
    struct ip address;
    struct list_link records; /* the oldest first */
    uint32_t count;
};

struct no_path {
    struct map_node node;
    struct list_link link;   /* of its peer */
    struct list_link by_age; /* in memory->by_age */
    struct no_path_peer *peer;
    struct mono asked; /* the last time */
    struct mono cured; /* since when, while is_cured */
    uint64_t serial;   /* of the topology that it was last computed for */
    uint32_t slot;
    uint32_t times; /* that it was asked */
    uint32_t request_id;
    struct no_path_why why;     /* when it was asked */
    struct no_path_why why_now; /* for the topology of `serial` */
    bool is_cured;              /* there is a path now */
    uint16_t size;
    uint8_t octets[]; /* a PCReq */
};

struct no_path_slot {
    struct no_path *record; /* NULL: free */
    uint32_t next_free;
};

struct no_path_limits {
    uint32_t room_max;    /* 0: nothing is kept */
    uint32_t session_max; /* > 0 */
};

/* What the memory asks of its owner, and tells it. */
struct no_path_events {
    const struct ip *(*address_of)(void *owner, const struct session *session);
    /* There is a path for this one now; request: as read on the topology of the turn. */
    void (*on_cured)(void *owner, const struct no_path *record, const struct path_request *request);
};

struct no_path_memory {
    struct no_path_limits limits;
    const struct no_path_events *events;
    void *owner; /* for the events */
    uint32_t count;
    uint32_t slot_count; /* that were ever used */
    uint32_t slot_room;
    uint32_t free_slot; /* UINT32_MAX: none */
    struct no_path_slot *slots;
    struct list_link by_age; /* the oldest first */
    struct map peers;
    struct map records;
    struct no_path_counters counters;
    bool has_news; /* counters have changed; its owner resets it */
    /* no_path.h */
    bool is_checking;
    uint32_t check_slot;
    uint64_t serial;
};

/* One answer. */
struct no_path_note {
    const struct session *session;
    struct wire_span objects; /* from the RP on; another request-ID may stand in them */
    uint32_t request_id;
    struct no_path_why why;
    uint64_t serial; /* of the topology that it was computed for; 0: of one that is replaced */
    struct mono now;
};

/* Takes no memory. */
void no_path_memory_init(struct no_path_memory *memory, const struct no_path_limits *limits,
                         const struct no_path_events *events, void *owner);
void no_path_memory_fini(struct no_path_memory *memory);

/* Keeps it; one that cannot be kept is counted. */
void no_path_memory_add(struct no_path_memory *memory, const struct no_path_note *note);
/* Those objects have got a path. */
void no_path_memory_remove(struct no_path_memory *memory, const struct session *session,
                           struct wire_span objects);
/* Whether anything is kept of this session. */
bool no_path_memory_has(struct no_path_memory *memory, const struct session *session);
/* The session is over. */
void no_path_memory_forget(struct no_path_memory *memory, const struct session *session);
void no_path_memory_set_cured(struct no_path_memory *memory, struct no_path *record, bool is_cured,
                              struct mono now);
/* The first record in this slot or behind it, which moves behind it; NULL: there is none. A record
 * stays in its slot. looks: slots that may still be looked at; NULL and *looks 0: go on later. */
struct no_path *no_path_memory_next(const struct no_path_memory *memory, uint32_t *slot,
                                    uint32_t *looks);

#endif
