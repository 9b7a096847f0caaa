/* Network checks: the parts of a network check (network_check.h).
 *
 * Thread: the only one. Owns: nothing afterwards. Bound: as network_check.h. */
#ifndef PCED_SERVER_PCECTL_TOPOLOGY_NETWORK_CHECKS_H
#define PCED_SERVER_PCECTL_TOPOLOGY_NETWORK_CHECKS_H

#include "core/base/status.h"
#include "server/pcectl/topology/findings.h"
#include "server/pcectl/topology/link_text.h"

enum pce_status network_check_parts(const struct ted_snapshot *snapshot, struct findings *findings);
enum pce_status network_check_links(const struct ted_snapshot *snapshot, struct findings *findings);
enum pce_status network_check_srlgs(const struct ted_snapshot *snapshot, struct findings *findings);
enum pce_status network_check_labels(const struct ted_snapshot *snapshot,
                                     struct findings *findings);

#endif
