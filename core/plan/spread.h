/* Spread: how routers divide what one sends to another over all shortest paths of the IGP: of a unit from u
 * to v, what each link carries. Each router divides evenly among its links that lead on (ECMP).
 *
 * Thread: any, once it is made. Owns: its arrays. Bound: SPREAD_NODES_MAX nodes, SPREAD_SHARES_MAX shares. */
#ifndef PCED_CORE_PLAN_SPREAD_H
#define PCED_CORE_PLAN_SPREAD_H

#include "core/base/status.h"
#include "core/ted/ted.h"

#define SPREAD_NODES_MAX  512
#define SPREAD_SHARES_MAX (UINT32_C(1) << 25) /* 256 MiB */

struct spread_share {
    uint32_t link;
    float part; /* of the unit */
};

struct spread {
    uint32_t node_count;
    uint32_t *first; /* node_count * node_count + 1: from u to v at u * node_count + v */
    struct spread_share *shares;
    uint32_t share_count, share_capacity;
};

/* PCE_LIMIT: more nodes or shares than that. PCE_INVALID: a link has IGP metric 0, so that what is as near
 * as it has no order. On any failure there is nothing to release. */
PCE_MUST_CHECK enum pce_status spread_init(struct spread *spread,
                                           const struct ted_snapshot *snapshot);
void spread_fini(struct spread *spread);

/* None from a node to itself, and none where there is no path. */
static inline const struct spread_share *spread_between(const struct spread *spread, uint32_t from,
                                                        uint32_t to, uint32_t *count)
{
    const uint32_t *first = &spread->first[from * spread->node_count + to];
    *count = first[1] - first[0];
    return spread->shares + first[0];
}

#endif
