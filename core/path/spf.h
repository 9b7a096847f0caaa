/* SPF: Dijkstra's algorithm over the links that a constraint admits, from the destination
 * backwards.
 *
 * The search runs backwards so that the path can be read forwards from the source: among all paths
 * of least metric and then fewest links, the walk takes the one whose sequence of node indexes is
 * the lowest, and of parallel links the one of lowest index. The same trees are the lower bounds of
 * the searches under bounds.
 *
 * Thread: the engine's. Owns: nothing. Bound: each edge once; engine->work counts them. */
#ifndef PCED_CORE_PATH_SPF_H
#define PCED_CORE_PATH_SPF_H

#include "core/path/engine.h"

/* Empties the tree and puts the destination alone into the heap. false: memory ran out. */
bool spf_begin(struct path_engine *engine, struct spf_tree *tree, const struct problem *problem);

/* Keys of the nodes towards problem->destination in the sum of `metric`. Stops when the target's
 * key is final; TED_NONE: all nodes. PATH_NONE: the target cannot be reached. */
enum path_outcome spf_search(struct path_engine *engine, struct spf_tree *tree,
                             const struct problem *problem, enum path_metric metric,
                             uint32_t target);

/* Reads the path from the source out of a finished search by problem->metric into engine->links.
 * PATH_NONE: it has more than PATH_HOPS_MAX links. */
enum path_outcome spf_walk(struct path_engine *engine, const struct problem *problem);

/* KEY_NONE when the search did not reach the node. */
static inline uint64_t spf_key(const struct spf_tree *tree, uint32_t node)
{
    const struct spf_node *state = &tree->nodes[node];
    return state->stamp == tree->stamp ? state->key : KEY_NONE;
}

#endif
