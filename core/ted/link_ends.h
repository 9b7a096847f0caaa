/* Link ends: how a strict path names where each link ends, beside the links of a snapshot that is
 * made, so that who writes a path reads no record of a link or a node.
 *
 * Thread: the builder's. Owns: nothing; the addresses are a part of the snapshot's block. */
#ifndef PCED_CORE_TED_LINK_ENDS_H
#define PCED_CORE_TED_LINK_ENDS_H

#include "core/ted/ted.h"

/* The octets that they take: an address for each link, or two where the families differ. */
size_t link_ends_size(const struct ted_node *nodes, const struct ted_link *links, uint32_t count);

/* Fills link_ends_size octets at `to`, in the order of the links. */
struct ted_link_ends link_ends_fill(void *to, const struct ted_node *nodes,
                                    const struct ted_link *links, uint32_t count);

#endif
