/* What is counted of path requests, one row for each.
 *
 *   COUNTER(member, "help")    only grows
 *   LOGGED(member, "help")     one that the log's summary tells, too
 *
 * A row is the member and its name everywhere: in the log, the API and the metrics.
 *
 * Thread: the owner of the context; read by others relaxed (server/ copies them out). Owns:
 * nothing. */
#ifndef PCED_CORE_REQUESTS_COUNTERS_H
#define PCED_CORE_REQUESTS_COUNTERS_H

#include <stdint.h>

#define REQUEST_COUNTERS(COUNTER, LOGGED)                                                          \
    LOGGED(requests, "Path requests received.")                                                    \
    LOGGED(replies_path, "Path requests answered with a path.")                                    \
    LOGGED(replies_no_path, "Path requests answered with NO-PATH.")                                \
    COUNTER(replies_cached, "Answers among these that were known from the same request before.")   \
    LOGGED(requests_refused, "Path requests answered with PCErr.")                                 \
    LOGGED(replies_dropped, "Answers for which there was no room.")                                \
    COUNTER(replies_unfit, "Messages of answers not sent, as they did not fit: a bug of pced.")    \
    LOGGED(requests_queued, "Path requests that had to wait for a later turn.")                    \
    LOGGED(requests_coalesced,                                                                     \
           "Path requests answered by a computation that another request had begun.")              \
    LOGGED(computations, "Computations that shards gave to the compute threads.")                  \
    COUNTER(computations_refused, "Computations for which the compute threads had no room.")       \
    COUNTER(requests_cancelled, "Path requests that their peer cancelled while they waited.")      \
    LOGGED(requests_over_limit, "Path requests refused by limits.requests-in-flight.")             \
    LOGGED(requests_unserved, "Path requests refused by limits.request-queue.")                    \
    LOGGED(requests_gone, "Path requests not computed because their session had ended.")           \
    LOGGED(congestions, "Times that a shard became congested.")                                    \
    COUNTER(overloads_told, "Notifications of overload sent (PCNtf 2/1).")                         \
    COUNTER(overload_ends_told, "Notifications of the end of overload sent (PCNtf 2/2).")

#define REQUEST_COUNTER_MEMBER(member, help) uint64_t member;
/* Written by the shard only; read by others relaxed (server/ copies them out).
 * requests = replies_path + replies_no_path + requests_refused + replies_dropped +
 * requests_cancelled + requests_over_limit + requests_unserved + requests_gone + those that wait.
 */
struct request_counters {
    REQUEST_COUNTERS(REQUEST_COUNTER_MEMBER, REQUEST_COUNTER_MEMBER)
};
#undef REQUEST_COUNTER_MEMBER

#endif
