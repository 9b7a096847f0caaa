/* Segment links: all links that the traffic of a node segment may take, however many shortest paths
 * of the IGP there are (RFC 8402 3.1.1).
 *
 * Thread: the engine's. Owns: nothing. Bound: links_max, work_max; one near tree (near_tree.h) that reaches
 * the end, which is kept with the snapshot where there is room. */
#ifndef PCED_CORE_PATH_SEGMENT_LINKS_H
#define PCED_CORE_PATH_SEGMENT_LINKS_H

#include "core/path/path.h"

struct segment_links {
    uint32_t *links; /* the caller's, for links_max; in the order of a walk from the start */
    uint32_t links_max;
    uint32_t count;
    uint64_t work_max; /* steps of the engine, and entries looked at */
    uint64_t work;     /* that it took */
    bool branches;     /* there is more than one shortest path */
};

/* The links from `from` to `to`, other nodes. PCE_NOT_FOUND: no path leads there; PCE_LIMIT: they
 * are more than links_max, or it takes more than work_max steps; PCE_UNSUPPORTED:
 * over links of metric 0 traffic may go in a circle (segment_zero.h); PCE_NO_MEMORY. */
PCE_MUST_CHECK enum pce_status path_segment_links(struct path_engine *engine,
                                                  const struct ted_snapshot *snapshot,
                                                  uint32_t from, uint32_t to,
                                                  struct segment_links *links);

#endif
