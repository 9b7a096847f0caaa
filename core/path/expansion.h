/* Expansion: the node segments that may lead on from a node, found in the near tree around it
 * (near_tree.h). What it finds is what a segment search of segment.h finds, and is left in the same
 * place; but it looks only at nodes that a segment may lead to, and at those right behind them.
 *
 * Thread: the engine's. Owns: nothing. Bound: the near tree. */
#ifndef PCED_CORE_PATH_EXPANSION_H
#define PCED_CORE_PATH_EXPANSION_H

#include "core/path/problem.h"

struct path_engine;
struct dimensions;

/* Leaves the nodes in engine->segment: `order` has those that a segment may lead to, the first one
 * being the partial path's own, and nodes[] what they cost. Segments that can only be a part of
 * paths of a greater key than key_limit are left for later, and the minimum key of these is
 * key_beyond; KEY_NONE: there are none. No link has IGP metric 0. */
enum path_outcome expansion_search(struct path_engine *engine, const struct problem *problem,
                                   uint32_t partial, uint64_t key_limit);

/* The same of a path's part: only nodes that a segment from its first node may lead through that
 * stands for some of the part. rest: the key of the path from there to the destination. */
enum path_outcome expansion_along(struct path_engine *engine, const struct problem *problem,
                                  const struct dimensions *dimensions, uint32_t from,
                                  uint64_t rest);

/* Whether a segment may lead to the node. */
bool expansion_has(const struct path_engine *engine, uint32_t node);

#endif
