/* What is counted of messages but path requests, one row for each.
 *
 *   COUNTER(member, "help")    only grows
 *   LOGGED(member, "help")     one that the log's summary tells, too
 *
 * A row is the member and its name everywhere: in the log, the API and the metrics.
 *
 * Thread: the owner of the context; read by others relaxed (server/ copies them out). Owns:
 * nothing. */
#ifndef PCED_CORE_HANDLERS_COUNTERS_H
#define PCED_CORE_HANDLERS_COUNTERS_H

#include <stdint.h>

#define HANDLER_COUNTERS(COUNTER, LOGGED)                                                          \
    LOGGED(reports, "LSP states reported.")                                                        \
    COUNTER(reports_undelegated, "LSP states taken whose delegation was refused (PCErr 19/1).")    \
    COUNTER(reports_refused, "LSP states refused.")                                                \
    COUNTER(adjustments, "Bandwidths that PCCs have reported anew, since traffic has changed.")    \
    COUNTER(adjustments_paused, "Times that a PCC reported too many of them, and was told to "     \
                                "pause (PCNtf 5/1).")                                              \
    COUNTER(auto_bandwidths_refused, "Reports with attributes of auto-bandwidth that was not "     \
                                     "agreed (PCErr 19/14).")                                      \
    COUNTER(end_marks, "End marks of state synchronisations.")                                     \
    COUNTER(messages_refused, "Messages refused as a whole, and answers to no request.")           \
    COUNTER(notifications, "Notifications (PCNtf) received.")                                      \
    COUNTER(errors, "Errors (PCErr) received.")

#define HANDLER_COUNTER_MEMBER(member, help) uint64_t member;
/* Written by the shard only; read by others relaxed (server/ copies them out). What a PCReq counts
 * for is in struct request_counters. */
struct handler_counters {
    HANDLER_COUNTERS(HANDLER_COUNTER_MEMBER, HANDLER_COUNTER_MEMBER)
};
#undef HANDLER_COUNTER_MEMBER

#endif
