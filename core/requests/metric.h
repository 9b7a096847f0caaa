/* Metric: what the path engine sums up, as METRIC objects have it (IANA "METRIC Object T Field")
 * and as people write it; the one table of both.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_REQUESTS_METRIC_H
#define PCED_CORE_REQUESTS_METRIC_H

#include "core/path/path.h"

#include <stdint.h>

/* enum path_metric, the word of commands, replies and logs, enum pcep_metric_type */
#define METRIC_ROWS(X)                                                                             \
    X(IGP, "igp", IGP)                                                                             \
    X(TE, "te", TE)                                                                                \
    X(HOPS, "hops", HOP_COUNT)                                                                     \
    X(DELAY, "delay", PATH_DELAY)                                                                  \
    X(MIN_DELAY, "min-delay", PATH_MIN_DELAY)                                                      \
    X(DELAY_VARIATION, "delay-variation", PATH_DELAY_VARIATION)                                    \
    X(LOSS, "loss", PATH_LOSS)                                                                     \
    X(SIDS, "sids", SID_DEPTH)

uint8_t metric_type(enum path_metric metric);
/* PATH_METRIC_COUNT where the engine has no metric of this type. */
enum path_metric metric_of_type(uint8_t type);
/* Static; metric below PATH_METRIC_COUNT. */
const char *metric_word(enum path_metric metric);
/* PATH_METRIC_COUNT where it is none of the words. */
enum path_metric metric_of_word(const char *word);

#endif
