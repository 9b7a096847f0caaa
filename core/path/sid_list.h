/* SID list of a given path: the shortest one that keeps its traffic on it, or on branches as good.
 *
 * docs/PATHS.md states when a part of the path may be one node segment and proves that the list is
 * the shortest one under that rule.
 *
 * Thread: the engine's. Owns: nothing. Bound: PATH_SIDS_MAX. */
#ifndef PCED_CORE_PATH_SID_LIST_H
#define PCED_CORE_PATH_SID_LIST_H

#include "core/path/engine.h"

/* The list of engine->links into engine->sids. PATH_NONE: there is none of at most
 * problem->sids_max segments. */
enum path_outcome sid_list_of_path(struct path_engine *engine, const struct problem *problem);

#endif
