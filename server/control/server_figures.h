/* Figures of the server as a whole, one row each, as in shard_counters.h: the member of struct
 * server_figures, which is its name everywhere, and what it tells.
 *
 *   COUNTER(member, "help")    only grows
 *   LOGGED(member, "help")     a COUNTER that the log's summary tells, too
 *   SECONDS(member, "help")    a COUNTER of time: kept in nanoseconds, shown in seconds
 *   GAUGE(member, "help")      goes up and down
 *   SIZE(member, "help")       a GAUGE that the API's status has in an object of its own, and not
 *                              among the counters
 *
 * They are kept where they arise, and read together here.
 *
 * Thread: any. Owns: nothing; a copy of one moment. */
#ifndef PCED_SERVER_CONTROL_SERVER_FIGURES_H
#define PCED_SERVER_CONTROL_SERVER_FIGURES_H

#include "server/shard/shared.h"

#include <stdint.h>

#define SERVER_FIGURES(COUNTER, LOGGED, SECONDS, GAUGE, SIZE)                                      \
    SIZE(shards, "Threads that hold sessions.")                                                    \
    SIZE(half_open, "Connections that have not reached state UP.")                                 \
    SIZE(topology_loaded, "1 when there is a topology.")                                           \
    SIZE(topology_nodes, "Nodes of the topology.")                                                 \
    SIZE(topology_links, "Directed links of the topology.")                                        \
    COUNTER(reloads, "Reloads (SIGHUP), refused ones included.")                                   \
    COUNTER(reloads_refused, "Reloads of which a part was refused.")                               \
    GAUGE(compute_threads, "Threads that compute what is too long for a shard.")                   \
    SECONDS(compute_seconds, "Time that the compute threads have computed, together.")             \
    COUNTER(compute_given_up, "Computations given up at limits.path-work by the compute threads.") \
    COUNTER(compute_skipped,                                                                       \
            "Computations that were not run: nobody wanted them, or the topology was another.")    \
    COUNTER(store_commits, "Transactions of the store that were written and synced.")              \
    COUNTER(store_records, "Records that were put or deleted in these.")                           \
    COUNTER(store_octets, "Octets of keys and records in these.")                                  \
    LOGGED(store_refused, "Orders for which the queue of the store had no place.")                 \
    LOGGED(store_failed, "Orders that the store could not keep.")                                  \
    GAUGE(store_waiting, "Orders that the store has not answered yet.")                            \
    GAUGE(store_size, "Octets of the store's file that are or were in use.")                       \
    LOGGED(log_lines_lost, "Log lines that could not be written.")                                 \
    NETWORK_FIGURES(COUNTER, SECONDS, GAUGE)

#define SERVER_FIGURE_MEMBER(member, help) uint64_t member;
struct server_figures {
    SERVER_FIGURES(SERVER_FIGURE_MEMBER, SERVER_FIGURE_MEMBER, SERVER_FIGURE_MEMBER,
                   SERVER_FIGURE_MEMBER, SERVER_FIGURE_MEMBER)
};
#undef SERVER_FIGURE_MEMBER

/* topology: of this moment, or NULL. */
struct ted_snapshot;
struct server_figures server_figures_read(const struct shared *shared,
                                          const struct ted_snapshot *topology);

#endif
