#include "server/pcectl/capture/stats.h"

#include "core/base/check.h"

#include <stdlib.h>

void stats_init(struct stats *stats)
{
    *stats = (struct stats){.session_count = 0};
}

void stats_fini(struct stats *stats)
{
    struct session_stats *session = stats->first;
    while (session != NULL) {
        struct session_stats *next = session->next;
        free(session);
        session = next;
    }
    stats_init(stats);
}

struct session_stats *stats_begin(struct stats *stats, uint32_t session,
                                  const struct capture_endpoint ends[2])
{
    stats->session_count++;
    if (stats->kept_count == STATS_SESSIONS_MAX)
        return NULL;
    struct session_stats *kept = calloc(1, sizeof *kept);
    if (kept == NULL)
        return NULL;
    kept->session = session;
    kept->ends[0] = ends[0];
    kept->ends[1] = ends[1];
    if (stats->last != NULL)
        stats->last->next = kept;
    else
        stats->first = kept;
    stats->last = kept;
    stats->kept_count++;
    return kept;
}

static void stats_count_session(struct session_stats *session, const struct capture_event *event,
                                unsigned from, bool is_faulty)
{
    CHECK(from < 2 && event->kind < CAPTURE_KINDS);
    if (!session->first.is_known)
        session->first = event->stamp.time;
    if (event->stamp.time.is_known)
        session->last = event->stamp.time;
    session->events[event->kind]++;
    session->faulty += is_faulty;
    if (event->kind == CAPTURE_GAP)
        session->missing += event->size;
    if (event->kind != CAPTURE_MESSAGE)
        return;
    unsigned type = event->type;
    if (event->is_bgp)
        session->bgp_messages[from][type < BGP_MESSAGE_TYPE_END ? type : 0]++;
    else
        session->messages[from][type < PCEP_MESSAGE_TYPE_END ? type : 0]++;
    session->octets[from] += event->octets.size;
}

void stats_count(struct stats *stats, const struct capture_event *event, bool is_faulty)
{
    struct session_stats *session = event->stats;
    stats_count_session(&stats->total, event, event->direction == CAPTURE_TO_CLIENT, is_faulty);
    if (session == NULL)
        return;
    bool is_first = ip_is_equal(&session->ends[0].address, &event->from.address) &&
                    session->ends[0].port == event->from.port;
    if (event->direction != CAPTURE_DIRECTION_UNKNOWN)
        session->from_first = (event->direction == CAPTURE_TO_SERVER) == is_first
                                  ? CAPTURE_TO_SERVER
                                  : CAPTURE_TO_CLIENT;
    stats_count_session(session, event, is_first ? 0 : 1, is_faulty);
}

bool stats_has_faults(const struct stats *stats)
{
    uint64_t faults = stats->total.faulty;
    for (unsigned kind = 0; kind < CAPTURE_KINDS; kind++) {
        if (capture_event_is_fault((enum capture_event_kind)kind))
            faults += stats->total.events[kind];
    }
    return faults > 0;
}

uint64_t stats_messages(const struct session_stats *session)
{
    uint64_t count = 0;
    for (unsigned type = 0; type < PCEP_MESSAGE_TYPE_END; type++)
        count += session->messages[0][type] + session->messages[1][type];
    for (unsigned type = 0; type < BGP_MESSAGE_TYPE_END; type++)
        count += session->bgp_messages[0][type] + session->bgp_messages[1][type];
    return count;
}
