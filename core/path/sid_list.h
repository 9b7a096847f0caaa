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

/* The label of a node's SID for the node itself; TED_NONE: it has none that may be used. */
uint32_t sid_label_of_node(const struct problem *problem, uint32_t node);

/* A node segment to a node, by the label that the node before understands. */
struct path_sid sid_of_node(uint32_t label, uint32_t node);

/* The adjacency SID of a link, of those that the protection allows; TED_NONE as label when it has
 * none. */
struct path_sid sid_of_link(const struct problem *problem, uint32_t link);

#endif
