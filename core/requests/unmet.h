/* Unmet: the constraints that stand between a request and a path (RFC 5440 7.5), as a set of bits
 * and by name: what a NO-PATH says, what the log says of it, and what pcectl reads out of it.
 *
 * A METRIC is in the set only where the request has it as a bound: to say one that was not asked,
 * or another value than the one that was, would be a suggestion that a path exists for it (RFC 5440
 * 7.5, 7.8). For the SID depth that means: the bound of the request, where it is what binds; where
 * the MSD of the session or of the headend is lower, or alone, it is the depth as such (RFC 8664
 * 5.1), for which a reply has no object.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_REQUESTS_UNMET_H
#define PCED_CORE_REQUESTS_UNMET_H

#include "core/base/wire.h"
#include "core/path/path.h"

#include <stdint.h>

/* What a name stands for, and the object of a reply that says it. */
#define UNMET_ROWS(X)                                                                              \
    X(BANDWIDTH, "bandwidth")     /* BANDWIDTH */                                                  \
    X(AFFINITIES, "affinities")   /* LSPA */                                                       \
    X(PROTECTION, "protection")   /* LSPA: what is mandatory of it (RFC 9488 5) */                 \
    X(STRICT_HOPS, "strict hops") /* none: a link has no hop of the family */                      \
    X(SID_DEPTH, "SID depth")     /* none: no SID list within the MSD */                           \
    X(SID_LIST, "SID list")       /* none: no SID list, however long */                            \
    X(ALGORITHM, "algorithm")     /* LSPA: no path of that SR-Algorithm (RFC 9933 5.2) */          \
    X(EXCLUSION, "exclusion")     /* none: what the path must keep off (core/path/avoid.h) */

enum unmet {
#define UNMET_VALUE(id, name) UNMET_##id,
    UNMET_ROWS(UNMET_VALUE)
#undef UNMET_VALUE
        UNMET_BOUND, /* + enum path_metric: "bound on te"; METRIC with B set */
    UNMET_COUNT = UNMET_BOUND + PATH_METRIC_COUNT,
};

#define UNMET_BIT(unmet) (1U << (unmet))
/* All bounds. */
#define UNMET_BOUNDS (UNMET_BIT(UNMET_COUNT) - UNMET_BIT(UNMET_BOUND))

_Static_assert(UNMET_COUNT <= 16, "a set of them is 16 bits (struct reply_note)");

/* The set for enum path_constraint bits of a request. */
uint16_t unmet_of_constraints(const struct path_request *request, uint32_t unsatisfied);

/* The same of its result: 0 for a path, for a search that was given up, and where nothing is known
 * to stand in the way. */
static inline uint16_t unmet_of_result(const struct path_request *request,
                                       const struct path_result *result)
{
    if (result->outcome != PATH_NONE || result->unsatisfied == 0)
        return 0;
    return unmet_of_constraints(request, result->unsatisfied);
}

/* Static; unmet below UNMET_COUNT. */
const char *unmet_name(unsigned unmet);

/* The bounds of the METRIC objects in a response (RP, NO-PATH …) that say a bound, in the unit of
 * the metric; the others are left as they are. Such a response has one for each of UNMET_BOUNDS. */
void unmet_read_bounds(struct wire_span response, float bounds[PATH_METRIC_COUNT]);

#endif
