/* SID search: the best SID list of all that are short enough, where the list of the best path is
 * not.
 *
 * The search runs over nodes; one step is a whole segment: an adjacency segment or an admissible
 * node segment, which costs what its worst ECMP branch costs. The number of segments is one more
 * bounded sum of the partial paths (partial.h).
 *
 * Thread: the engine's. Owns: nothing. Bound: those of partial.h; each partial path that is settled
 * costs a way through a near tree (expansion.h), or a segment search where there are links of
 * metric 0. */
#ifndef PCED_CORE_PATH_SID_SEARCH_H
#define PCED_CORE_PATH_SID_SEARCH_H

#include "core/path/engine.h"

/* Leaves the list in engine->sids, one branch of it in engine->links, and in engine->worst the
 * bounded sums of the worst branch. */
enum path_outcome sid_search(struct path_engine *engine, const struct problem *problem);

#endif
