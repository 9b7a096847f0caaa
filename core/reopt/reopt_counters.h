/* What reoptimisation counts; one name from here to metrics.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REOPT_REOPT_COUNTERS_H
#define PCED_CORE_REOPT_REOPT_COUNTERS_H

#include <stdint.h>

/* TOTAL(member, "help"), GAUGE(member, "help") */
#define REOPT_COUNTERS(TOTAL, GAUGE)                                                               \
    GAUGE(reopt_urgent, "LSPs that wait to be computed anew at once.")                             \
    GAUGE(reopt_waiting, "LSPs that wait to be looked at.")                                        \
    GAUGE(reopt_blocked, "Delegated LSPs for which there is no path.")                             \
    GAUGE(reopt_paused, "LSPs that were asked for in vain what they still need.")                  \
    GAUGE(reopt_heavy, "LSPs that wait for room at the compute threads.")                          \
    GAUGE(reopt_computing, "LSPs whose path is computed by the compute threads.")                  \
    GAUGE(reopt_holds, "Orders of others whose bandwidth is taken until a report has it.")         \
    GAUGE(reopt_flooding, "RSVP-TE LSPs that were moved and are not in the IGP's bandwidth yet.")  \
    GAUGE(reopt_entries, "Links that LSPs take, each once for each LSP.")                          \
    TOTAL(reopt_laid, "Paths of LSPs that were laid onto the links of the network.")               \
    TOTAL(reopt_unresolved, "Paths of LSPs that could not be laid onto links.")                    \
    TOTAL(reopt_computed, "Paths that were computed for LSPs.")                                    \
    TOTAL(reopt_moved, "LSPs whose PCC was asked to move them.")                                   \
    TOTAL(reopt_adjusted, "LSPs whose PCC was told the bandwidth that their traffic asks for.")    \
    TOTAL(reopt_no_room, "Bandwidths that traffic asks for, for which there was no path.")         \
    TOTAL(reopt_kept, "LSPs that were looked at and left where they are.")                         \
    TOTAL(reopt_no_path, "LSPs for which there was no path when one was needed.")                  \
    TOTAL(reopt_cured, "LSPs for which there is a path again.")                                    \
    TOTAL(reopt_pre_empted, "LSPs that gave way to others of higher priority.")                    \
    TOTAL(reopt_raced, "Paths whose bandwidth others had taken meanwhile.")                        \
    TOTAL(reopt_unsupported, "LSPs that ask for what cannot be computed.")                         \
    TOTAL(reopt_refused, "Moves that could not be asked of a PCC.")                                \
    TOTAL(reopt_offloaded, "Computations for LSPs that were given to the compute threads.")        \
    TOTAL(reopt_joined, "LSPs that waited for a computation that another one had begun.")          \
    TOTAL(reopt_outdated,                                                                          \
          "Results of compute threads that were computed again: network or LSP had changed.")      \
    TOTAL(reopt_late,                                                                              \
          "Results of another network that were used: paths that hold on this one, and no path.")  \
    TOTAL(reopt_unshown,                                                                           \
          "RSVP-TE LSPs whose bandwidth the IGP had not shown in reopt.flood-time.")               \
    TOTAL(reopt_work_exceeded, "Computations for LSPs that were given up at limits.path-work.")    \
    TOTAL(reopt_route_limit, "Links that an LSP does not hold, since it holds as many as it may.") \
    TOTAL(reopt_no_memory, "LSPs that were passed over for want of memory, or of a place.")

struct reopt_counters {
#define REOPT_COUNTER(member, help) uint64_t member;
    REOPT_COUNTERS(REOPT_COUNTER, REOPT_COUNTER)
#undef REOPT_COUNTER
};

#endif
