/* Counters of a shard, one row for each: the member of struct shard_counters, which is its name
 * everywhere (docs/API.md, "Metrics"), and what it counts.
 *
 *   COUNTER(member, "help")    only grows
 *   LOGGED(member, "help")     a COUNTER that the log's summary tells, too
 *   GAUGE(member, "help")      goes up and down; the sum over all shards is shown
 *   AGE(member, "help")        a GAUGE of time: kept in nanoseconds, shown in seconds
 *   HIDDEN(member)             means nothing to an operator
 *
 * What is counted in core/ (core/requests/counters.h and no_path_counters.h, core/handlers/counters.h,
 * core/lsp/lsp_counters.h and order_counters.h, core/reopt/reopt_counters.h and group_counters.h,
 * core/intent/intent_counters.h) is copied each turn.
 *
 * Thread: written by the shard, read by any. Owns: nothing. */
#ifndef PCED_SERVER_SHARD_SHARD_COUNTERS_H
#define PCED_SERVER_SHARD_SHARD_COUNTERS_H

#include "core/handlers/counters.h"
#include "core/intent/intent_counters.h"
#include "core/lsp/lsp_counters.h"
#include "core/lsp/order_counters.h"
#include "core/reopt/group_counters.h"
#include "core/reopt/reopt_counters.h"
#include "core/requests/counters.h"
#include "core/requests/no_path_counters.h"
#include "io/os/counter.h"

#define SHARD_COUNTERS(COUNTER, LOGGED, GAUGE, AGE, HIDDEN)                                        \
    COUNTER(turns, "Turns of the shards' loops.")                                                  \
    COUNTER(turns_long, "Turns that took longer than a millisecond: others waited as long.")       \
    COUNTER(turns_very_long, "Turns that took longer than ten milliseconds.")                      \
    GAUGE(peers, "Peers that are connected.")                                                      \
    GAUGE(sessions_up, "Sessions in state UP.")                                                    \
    LOGGED(sessions_opened, "Sessions that have reached state UP.")                                \
    COUNTER(open_tlvs_skipped,                                                                     \
            "Malformed TLVs in Opens of sessions, skipped as pced does not act on them.")          \
    COUNTER(sessions_ended, "Sessions that had reached state UP and have ended.")                  \
    LOGGED(refused_second, "Connections refused because their peer had a session (PCErr 9).")      \
    LOGGED(refused_access, "Connections refused by the access list.")                              \
    LOGGED(refused_limit,                                                                          \
           "Connections refused by limits of sessions, half-open connections or memory.")          \
    COUNTER(half_open_displaced,                                                                   \
            "Connections without an Open that gave their place to others (limits.half-open).")     \
    LOGGED(files_full,                                                                             \
           "Times that a shard took no more connections for want of open files; they wait.")       \
    COUNTER(places_unmatched,                                                                      \
            "Places given back that nobody held: a fault of pced, please report it.")              \
    LOGGED(replaced_dead, "Dead connections that gave way to another one of their peer.")          \
    LOGGED(collisions, "Connections that both ends had opened at the same time.")                  \
    LOGGED(connects, "Attempts to connect to a peer.")                                             \
    COUNTER(connects_failed, "Attempts to connect that brought no session.")                       \
    LOGGED(strayed, "Connections that landed on another shard than their own.")                    \
    COUNTER(strayed_lost, "Strayed connections that could not be handed over.")                    \
    LOGGED(paused, "Times that reading from a peer was paused (limits.pending-soft).")             \
    GAUGE(paused_now, "Peers that nothing is read from at this moment.")                           \
    COUNTER(throttled, "Times that reading from a peer was paused because its requests waited.")   \
    GAUGE(throttled_now, "Peers that are not read because their requests wait.")                   \
    LOGGED(stalled, "Peers that were taken as stalled, for whatever reason.")                      \
    LOGGED(send_hold_expired, "Sessions that ended because the SendHoldTimer expired.")            \
    COUNTER(paths_asked, "Paths that operators have had computed (POST /api/v1/paths).")           \
    COUNTER(paths_unanswered,                                                                      \
            "Paths of operators that were not computed: there was no network, or no room.")        \
    GAUGE(history_records, "Ends of sessions that are remembered.")                                \
    COUNTER(session_changes, "Sessions that came up or ended, noted in the shards' journals.")     \
    COUNTER(history_unkept, "Ends of sessions that there was no memory to remember.")              \
    COUNTER(send_hold_short, "Sessions whose SendHoldTime is not longer than their dead timer.")   \
    LOGGED(pending_hard_closed, "Sessions that ended because of limits.pending-hard.")             \
    LOGGED(pending_total_closed, "Sessions that ended because of limits.pending-total.")           \
    COUNTER(dropped_messages, "Messages that stalled peers did not get.")                          \
    LOGGED(dropped_octets, "Octets of messages that stalled peers did not get.")                   \
    COUNTER(memory_short, "Turns of a shard in which memory for a message was refused.")           \
    GAUGE(pending_octets, "Octets that wait for peers or are not acknowledged by them.")           \
    HIDDEN(lsp_growth) /* of the synchronisation that brings most new LSPs now */                  \
    AGE(report_lag_seconds, "For how long shards are behind with what has come; the sum of them.") \
    GAUGE(shards_late, "Shards that are late with reports (lsp.reports-late).")                    \
    COUNTER(late_times, "Times that a shard became late with reports.")                            \
    LOGGED(late_closed, "Sessions closed because a shard was late with reports.")                  \
    COUNTER(fill_closed, "Sessions closed because LSPs neared a limit (lsp.fill-close).")          \
    GAUGE(barred, "PCCs that are not accepted for a while, since their session was closed so.")    \
    COUNTER(barred_early, "PCCs accepted before their time, as more of them had to wait than "     \
                          "are remembered.")                                                       \
    HIDDEN(pending_worst) /* of the worst peer, now, as a power of two not above it */             \
    GAUGE(entities, "SPEAKER-ENTITY-IDs that sessions have claimed.")                              \
    COUNTER(entities_refused, "Sessions ended because another one had their SPEAKER-ENTITY-ID "    \
                              "(PCErr 20/7).")                                                     \
    COUNTER(entities_unkept, "SPEAKER-ENTITY-IDs that were not looked at for want of memory.")     \
    GAUGE(deletions, "LSPs that an operator has had deleted and that may still be there.")         \
    COUNTER(deletions_not_kept, "Deletions of LSPs refused because they could not be kept.")       \
    GAUGE(requests_waiting, "Path requests that wait for their computation.")                      \
    GAUGE(requests_computing, "Path requests that wait for a computation that is under way.")      \
    GAUGE(requests_heavy, "Path requests that wait for room in the compute threads.")              \
    REQUEST_COUNTERS(COUNTER, LOGGED)                                                              \
    NO_PATH_COUNTERS(COUNTER, GAUGE)                                                               \
    HANDLER_COUNTERS(COUNTER, LOGGED)                                                              \
    COUNTER(lsp_changes, "Changes of LSPs, noted in the shards' journals.")                        \
    LSP_COUNTERS(COUNTER, GAUGE)                                                                   \
    REOPT_COUNTERS(COUNTER, GAUGE)                                                                 \
    GROUP_COUNTERS(COUNTER, GAUGE)                                                                 \
    ORDER_COUNTERS(COUNTER, GAUGE)                                                                 \
    INTENT_COUNTERS(COUNTER, GAUGE)

#define SHARD_COUNTER_MEMBER(member, help) struct counter member;
#define SHARD_HIDDEN_MEMBER(member)        struct counter member;
struct shard_counters {
    SHARD_COUNTERS(SHARD_COUNTER_MEMBER, SHARD_COUNTER_MEMBER, SHARD_COUNTER_MEMBER,
                   SHARD_COUNTER_MEMBER, SHARD_HIDDEN_MEMBER)
};
#undef SHARD_COUNTER_MEMBER
#undef SHARD_HIDDEN_MEMBER

#endif
