/* Constraints: what BANDWIDTH, LSPA, OF and METRIC objects ask of a path, as the path engine
 * understands it; the same whether a PCReq asks for a path or an LSP has them.
 *
 * Thread: the owning shard. Owns: nothing; points into the message. */
#ifndef PCED_CORE_REQUESTS_CONSTRAINTS_H
#define PCED_CORE_REQUESTS_CONSTRAINTS_H

#include "core/path/path.h"
#include "core/pcep/fault.h"
#include "core/pcep/optional.h"

struct constraint_objects {
    const struct pcep_optional *bandwidth; /* asked for */
    const struct pcep_optional *lspa;
    const struct pcep_optional *of;
    const struct pcep_object *const *metrics;
    uint32_t metric_count;
    uint8_t sids_max; /* of the session (RFC 8664 4.1.2); 0: it named none, or said there is none */
    /* What has P set and is not known is refused. Elsewhere than in a request the flag says nothing
     * (RFC 8231 7), and it is left out. */
    bool p_counts;
};

struct constraints {
    struct path_request *path; /* whose setup is known; the rest of what they ask is filled in */
    uint32_t computed_mask;    /* 1 << enum path_metric: C was set */
    uint16_t of_code;          /* that is applied */
};

/* False, and the fault, when it is refused. */
bool constraints_read(const struct constraint_objects *objects, struct constraints *constraints,
                      struct pcep_fault *fault);

#endif
