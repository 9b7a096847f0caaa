/* Bounded: the shortest path that keeps bounds on other sums, exactly (a resource-constrained
 * shortest path by settling partial paths; partial.h).
 *
 * Thread: the engine's. Owns: nothing. Bound: those of partial.h. */
#ifndef PCED_CORE_PATH_BOUNDED_H
#define PCED_CORE_PATH_BOUNDED_H

#include "core/path/engine.h"

/* Leaves the path in engine->links. Among paths of equal objective: fewer links, then the minimum
 * sum of each bounded metric in the order of the enum, then the lowest sequence of nodes, then of
 * links. */
enum path_outcome bounded_search(struct path_engine *engine, const struct problem *problem);

#endif
