/* Hops: what a strict path names its links by, one for each.
 *
 * Thread: any. Owns: nothing. Bound: PATH_HOPS_MAX. */
#ifndef PCED_CORE_REQUESTS_HOPS_H
#define PCED_CORE_REQUESTS_HOPS_H

#include "core/ted/ted.h"

/* Where each link ends (struct ted_link_ends), for a request of this family (enum ip_family): each
 * has a hop of it (core/path/hop.h). */
void hops_of_links(const struct ted_snapshot *snapshot, uint8_t family, const uint32_t *links,
                   uint32_t link_count, struct ted_hop *hops);

#endif
