/* Wants: what an LSP asks for, where that is known better than by its reports: an operator's intent
 * says it, and routers report attributes in part or not at all.
 *
 * Thread: the owning shard. Owns: nothing; the octets are the teller's, until it is asked again. */
#ifndef PCED_CORE_REOPT_WANTS_H
#define PCED_CORE_REOPT_WANTS_H

#include "core/base/ip.h"
#include "core/base/wire.h"
#include "core/lsp/auto_bandwidth.h"
#include "core/path/path.h"

struct reopt_wants {
    struct ip source, endpoint;
    struct path_request path; /* metric, bounds, affinities, bandwidth, priority, protection;
                                 sids_max 0: as many as its PCC can push */
    struct ted_claim claim;   /* what it holds of the links that it has: what was asked for last */
    struct wire_span attributes;                 /* objects that go with its path */
    const struct auto_bandwidth *auto_bandwidth; /* how its bandwidth follows its traffic; NULL: it
                                                    does not, or its reports say it */
    bool is_fixed; /* its path is not ours to choose: it may have to give way, and comes back */
    bool is_busy;  /* it is not to be moved now; reopt_look when it is */
};

#endif
