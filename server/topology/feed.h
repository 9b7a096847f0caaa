/* Feed: what one BGP-LS peer tells, put into the RIB as its source.
 *
 * Thread: the topology thread. Owns: its source of the RIB. Bound: the RIB's limits; what does not
 * fit is counted. Source: RFC 9552 5, 8.2.2. */
#ifndef PCED_SERVER_TOPOLOGY_FEED_H
#define PCED_SERVER_TOPOLOGY_FEED_H

#include "core/bgp/ls.h"
#include "core/bgp/restart.h"
#include "core/ted/rib.h"

struct feed_counters {
    uint64_t announced; /* NLRIs */
    uint64_t withdrawn;
    uint64_t ignored;           /* of a type that is not used, or without what it needs */
    uint64_t without_attribute; /* it was lost on the way */
    uint64_t refused;           /* by the RIB's limits, or for want of memory */
};

struct feed {
    struct rib *rib;
    struct rib_source_spec spec;
    uint32_t source;
    struct feed_counters counters;
};

/* PCE_LIMIT: there are too many sources. */
PCE_MUST_CHECK enum pce_status feed_init(struct feed *feed, struct rib *rib,
                                         const struct rib_source_spec *spec);
void feed_fini(struct feed *feed);

/* arena: for one object at a time, reset after each; the UPDATE is not in it. */
void feed_update(struct feed *feed, const struct bgp_update *update, struct arena *arena);
void feed_change_table(struct feed *feed, enum bgp_table_change change);

#endif
