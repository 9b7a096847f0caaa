/* What is counted of requests that have had no path, one row for each.
 *
 *   COUNTER(member, "help")    only grows
 *   GAUGE(member, "help")      goes up and down; the sum over all shards is shown
 *
 * A row is the member and its name everywhere: in the log, the API and the metrics.
 *
 * Thread: the owner of the memory; read by others relaxed (server/ copies them out). Owns:
 * nothing. */
#ifndef PCED_CORE_REQUESTS_NO_PATH_COUNTERS_H
#define PCED_CORE_REQUESTS_NO_PATH_COUNTERS_H

#include <stdint.h>

#define NO_PATH_COUNTERS(COUNTER, GAUGE)                                                           \
    GAUGE(no_paths, "Path requests answered with NO-PATH that are remembered.")                    \
    GAUGE(no_paths_cured, "Those of them for which there is a path now.")                          \
    COUNTER(no_path_cures, "Times that a path has become possible for one of them.")               \
    COUNTER(no_path_checks, "Computations of remembered requests for another topology.")           \
    COUNTER(no_paths_displaced,                                                                    \
            "Remembered requests that gave way to newer ones (limits.no-paths…).")                 \
    COUNTER(no_paths_unkept,                                                                       \
            "Requests without a path not remembered: they are too long, or memory was short.")

#define NO_PATH_COUNTER_MEMBER(member, help) uint64_t member;
struct no_path_counters {
    NO_PATH_COUNTERS(NO_PATH_COUNTER_MEMBER, NO_PATH_COUNTER_MEMBER)
};
#undef NO_PATH_COUNTER_MEMBER

#endif
