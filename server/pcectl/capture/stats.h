/* Stats: what was counted, for each session and for all of them.
 *
 * Thread: the only one. Owns: the sessions' counters, until stats_fini.
 * Bound: STATS_SESSIONS_MAX sessions have counters of their own; more are counted in the total. */
#ifndef PCED_SERVER_PCECTL_CAPTURE_STATS_H
#define PCED_SERVER_PCECTL_CAPTURE_STATS_H

#include "core/bgp/registry.h"
#include "core/pcep/registry.h"
#include "server/pcectl/capture/event.h"

#define STATS_SESSIONS_MAX 65536U

struct session_stats {
    struct session_stats *next; /* in the order of the capture */
    uint32_t session;
    struct capture_endpoint ends[2];
    enum capture_direction from_first;           /* direction of what ends[0] sends */
    struct capture_time first, last;             /* of its events */
    uint64_t messages[2][PCEP_MESSAGE_TYPE_END]; /* by sender and type; 0: an unknown type */
    uint64_t bgp_messages[2][BGP_MESSAGE_TYPE_END];
    uint64_t octets[2]; /* of messages */
    uint64_t faulty;    /* messages that something is wrong with */
    uint64_t missing;   /* octets in gaps */
    uint64_t events[CAPTURE_KINDS];
    const char *how; /* it ended; NULL: it had not */
};

struct stats {
    struct session_stats *first; /* NULL: none */
    struct session_stats *last;
    uint32_t session_count; /* all of them */
    uint32_t kept_count;
    struct session_stats total;
};

void stats_init(struct stats *stats);
void stats_fini(struct stats *stats);
/* NULL at the limit, or when memory is short: then only the total counts. */
struct session_stats *stats_begin(struct stats *stats, uint32_t session,
                                  const struct capture_endpoint ends[2]);
/* is_faulty: of a message. */
void stats_count(struct stats *stats, const struct capture_event *event, bool is_faulty);
/* Whether anything was wrong. */
bool stats_has_faults(const struct stats *stats);
/* Messages of all types and both directions. */
uint64_t stats_messages(const struct session_stats *session);

#endif
