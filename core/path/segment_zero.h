/* Segment links where the network has links of IGP metric 0: a router sends to a neighbour that is
 * as near to the end as itself only if that one has a way of its own, which does not lead back over
 * it. Where two or more routers that are equally near have such ways over each other, what their
 * shortest paths share may lead in a circle: nobody can say then what traffic takes.
 *
 * Internal to core/path.
 *
 * Thread: the engine's. Owns: nothing; a call has memory of its own, which is freed.
 * Bound: links_max, work_max; 40 octets a node. */
#ifndef PCED_CORE_PATH_SEGMENT_ZERO_H
#define PCED_CORE_PATH_SEGMENT_ZERO_H

#include "core/path/segment_links.h"

/* As path_segment_links. PCE_UNSUPPORTED: traffic may go in a circle. */
PCE_MUST_CHECK enum pce_status segment_zero_links(struct path_engine *engine,
                                                  const struct ted_snapshot *snapshot,
                                                  uint32_t from, uint32_t to,
                                                  struct segment_links *links);

#endif
