/* Network check: looks at a whole network for what its operator may not have meant.
 *
 * Thread: the only one. Owns: nothing afterwards. Bound: a few octets for each node and link while
 * it looks; each link is looked at a fixed number of times, but for sorting. */
#ifndef PCED_SERVER_PCECTL_TOPOLOGY_NETWORK_CHECK_H
#define PCED_SERVER_PCECTL_TOPOLOGY_NETWORK_CHECK_H

#include "core/base/status.h"
#include "core/ted/ted.h"
#include "server/pcectl/topology/findings.h"

/* PCE_NO_MEMORY: what was found is not all. */
PCE_MUST_CHECK enum pce_status network_check(const struct ted_snapshot *snapshot,
                                             struct findings *findings);

#endif
