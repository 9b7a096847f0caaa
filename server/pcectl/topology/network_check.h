/* Network check: looks at a whole network for what its operator may not have meant.
 *
 * Thread: the only one. Owns: nothing afterwards. Bound: a few octets for each node and link while
 * it looks; each link is looked at a fixed number of times, but for sorting. */
#ifndef PCED_SERVER_PCECTL_TOPOLOGY_NETWORK_CHECK_H
#define PCED_SERVER_PCECTL_TOPOLOGY_NETWORK_CHECK_H

#include "core/base/status.h"
#include "core/ted/ted.h"
#include "server/pcectl/topology/findings.h"

#define NETWORK_LINK_TEXT_SIZE 600

/* PCE_NO_MEMORY: what was found is not all. */
PCE_MUST_CHECK enum pce_status network_check(const struct ted_snapshot *snapshot,
                                             struct findings *findings);

/* Its parts. */
enum pce_status network_check_parts(const struct ted_snapshot *snapshot, struct findings *findings);
enum pce_status network_check_links(const struct ted_snapshot *snapshot, struct findings *findings);
enum pce_status network_check_srlgs(const struct ted_snapshot *snapshot, struct findings *findings);
enum pce_status network_check_labels(const struct ted_snapshot *snapshot,
                                     struct findings *findings);

/* "Paris > Lyon (198.51.100.0)": with what tells it from parallel ones, where it has that. */
const char *network_link_text(const struct ted_snapshot *snapshot, uint32_t link,
                              char text[NETWORK_LINK_TEXT_SIZE]);

#endif
