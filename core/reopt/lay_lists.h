/* Lay lists: the segment lists of one candidate path onto links, each with its share of the traffic
 * (draft-ietf-pce-multipath 4.3).
 *
 * A route has one claim for all of its links: it is what the link holds that has the largest share,
 * so that no link holds less than what is on it.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard. Owns: nothing. Bound: LAY_LISTS_MAX lists, REOPT_ROUTE_LINKS_MAX links;
 * what is beyond is not laid, and counted. */
#ifndef PCED_CORE_REOPT_LAY_LISTS_H
#define PCED_CORE_REOPT_LAY_LISTS_H

#include "core/reopt/lsp_reading.h"
#include "core/reopt/reopt.h"

#define LAY_LISTS_MAX 16

/* Lists that carry traffic; 0 and 1: there are no shares. */
uint32_t lay_lists_count(const struct lsp_reading *reading);
/* Lays them: reopt->current says whether all could be. Writes the numbers of the links, ascending,
 * each once; how many. *share: of the bandwidth, that its busiest link carries. */
uint32_t lay_lists(struct reopt *reopt, const struct ted_snapshot *snapshot,
                   const struct lsp_reading *reading, uint32_t *numbers, double *share);

#endif
