/* What groups of LSPs count; one name from here to metrics.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REOPT_GROUP_COUNTERS_H
#define PCED_CORE_REOPT_GROUP_COUNTERS_H

#include <stdint.h>

/* TOTAL(member, "help"), GAUGE(member, "help") */
#define GROUP_COUNTERS(TOTAL, GAUGE)                                                               \
    GAUGE(groups, "Groups of LSPs whose paths depend on each other.")                              \
    GAUGE(groups_members, "LSPs in them, each once for each group.")                               \
    GAUGE(groups_relaxed, "Groups whose LSPs are not as far apart as asked.")                      \
    GAUGE(groups_blocked, "Groups that cannot be what they have to be.")                           \
    GAUGE(groups_waiting, "Groups that wait to be looked at.")                                     \
    GAUGE(groups_heavy, "Groups that wait for room at the compute threads.")                       \
    GAUGE(groups_computing, "Groups whose paths are computed by the compute threads.")             \
    TOTAL(groups_offloaded, "Groups that were given to the compute threads.")                      \
    TOTAL(groups_late,                                                                             \
          "Results of compute threads that were computed again: network or group had changed.")    \
    TOTAL(groups_past,                                                                             \
          "Results of another network that were used: paths that hold on this one, and no paths.") \
    TOTAL(groups_computed, "Groups for which paths were computed.")                                \
    TOTAL(groups_moves, "LSPs that were told by their group to move.")                             \
    TOTAL(groups_failed, "Groups that were found not to be what they have to be.")                 \
    TOTAL(groups_cured, "Groups that are what they have to be again.")                             \
    TOTAL(groups_refused,                                                                          \
          "LSPs that could not be in a group: flags, ends, or the number of LSPs.")                \
    TOTAL(groups_limit, "Groups that there was no place for.")                                     \
    TOTAL(groups_outdated, "Answers of a group that an LSP had changed before.")                   \
    TOTAL(groups_unposted, "Times that a shard's mailbox had no room for a letter of a group.")    \
    TOTAL(groups_work_exceeded, "Computations for groups that were given up.")                     \
    TOTAL(groups_no_memory, "Groups that were passed over for want of memory.")

struct group_counters {
#define GROUP_COUNTER(member, help) uint64_t member;
    GROUP_COUNTERS(GROUP_COUNTER, GROUP_COUNTER)
#undef GROUP_COUNTER
};

#endif
