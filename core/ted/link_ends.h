/* Link ends: how a strict path names where each link ends, beside the links of a snapshot that is
 * made, so that who writes a path reads no record of a link or a node; and whether that name tells
 * the link from others between the same nodes.
 *
 * Thread: the builder's. Owns: nothing; the hops are a part of the snapshot's block. */
#ifndef PCED_CORE_TED_LINK_ENDS_H
#define PCED_CORE_TED_LINK_ENDS_H

#include "core/base/status.h"
#include "core/ted/ted.h"

/* The octets that they take: a hop for each link and each family that any link has one of. */
size_t link_ends_size(const struct ted_node *nodes, const struct ted_link *links, uint32_t count);

/* Fills link_ends_size octets at `to`, in the order of the links, which are paired already. */
PCE_MUST_CHECK enum pce_status link_ends_fill(void *to, const struct ted_node *nodes,
                                              const struct ted_link *links, uint32_t count,
                                              struct ted_link_ends *ends);

/* The hops of a family of all links from one node to another one, which are those of these indexes,
 * in their order. */
PCE_MUST_CHECK enum pce_status link_ends_of_run(const struct ted_snapshot *snapshot,
                                                const uint32_t *run, uint32_t count, uint8_t family,
                                                struct ted_hop *hops);

#endif
