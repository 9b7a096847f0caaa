/* One direction of a link of a topology file: what it has where it says nothing.
 *
 * Thread: the caller's. Owns: nothing. Bound: as topology_impl.h. */
#ifndef PCED_CORE_TED_TOPOLOGY_DIRECTION_H
#define PCED_CORE_TED_TOPOLOGY_DIRECTION_H

#include "core/ted/topology_impl.h"

/* Places of rows in the table of links; those up to ROW_SRV6_SIDS in that of `reverse` too. */
enum {
    ROW_IGP_METRIC,
    ROW_TE_METRIC,
    ROW_DELAY,
    ROW_CAPACITY,
    ROW_RESERVABLE,
    ROW_UNRESERVED,
    ROW_ADMIN_GROUP,
    ROW_SRLGS,
    ROW_DELAY_RANGE,
    ROW_DELAY_VARIATION,
    ROW_LOSS,
    ROW_MSD,
    ROW_GROUPS,
    ROW_FLEX,
    ROW_ADJ_SID,
    ROW_ADJ_SIDS,
    ROW_SRV6_SIDS,
    ROW_FROM,
    ROW_TO,
    ROW_ADDRESSES,
    ROW_ADDRESSES_V6,
    ROW_INTERFACE_IDS,
    ROW_ONE_WAY,
    ROW_REVERSE,
};

void topo_direction_clear(struct topo_direction *d);

static inline bool topo_direction_has(const struct topo_direction *d, uint32_t row)
{
    return d->marks[row].line != 0;
}

/* The other direction is as this one where it does not say otherwise; SIDs are each direction's
 * own. */
void topo_direction_inherit(struct topo_direction *reverse, const struct topo_direction *forward);
void topo_direction_default(struct topo_direction *d, const struct topo_defaults *defaults);
/* What was measured of it, its extended group, and what is for flexible algorithms. */
void topo_direction_measure(const struct topo_direction *d, struct ted_link_spec *spec);

#endif
