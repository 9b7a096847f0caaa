/* Publish: a network that was read or merged is made ready for path computation, and published.
 *
 * Thread: the topology thread. Owns: the publisher, the numbers of links. Bound: see
 * ted_link_registry_create, SNAPSHOT_RETIRED_MAX. */
#ifndef PCED_SERVER_TOPOLOGY_PUBLISH_H
#define PCED_SERVER_TOPOLOGY_PUBLISH_H

#include "core/ted/rib_findings.h"
#include "core/ted/ted.h"
#include "server/topology/surveying.h"
#include "server/topology/topology.h"

struct ted_link_registry;

struct topology_publisher {
    struct topology_options options;
    struct snapshot_publisher *publisher;
    struct ted_link_registry *links; /* which link is which from one topology to the next */
    struct surveying surveying;
};

PCE_MUST_CHECK enum pce_status topology_publisher_init(struct topology_publisher *publisher,
                                                       const struct topology_options *options);
/* Withdraws what is published, and waits for its readers. */
void topology_publisher_fini(struct topology_publisher *publisher);

/* Takes the snapshot over, whatever comes back; NULL withdraws the topology. file: for the log. */
PCE_MUST_CHECK enum pce_status topology_publish(struct topology_publisher *publisher,
                                                struct ted_snapshot *snapshot, const char *file);

/* A copy of what the sources of the topology contradict each other in. */
PCE_MUST_CHECK enum pce_status topology_publish_findings(struct topology_publisher *publisher,
                                                         const struct rib_findings *findings);

#endif
