/* SPF: Dijkstra's algorithm over the links that a constraint admits, from the destination
 * backwards.
 *
 * Where the snapshot has landmarks, the search is guided to the source by bounds of the distance
 * from it (A*), and settles few nodes that are not on the way.
 *
 * The search runs backwards so that the path can be read forwards from the source: among all paths
 * of the minimum metric and then fewest links, the walk takes the one whose sequence of node
 * indexes is the lowest, and of parallel links the one of lowest index. The same trees are the
 * lower bounds of the searches under bounds.
 *
 * Thread: the engine's. Owns: nothing. Bound: each edge once; engine->work counts them. */
#ifndef PCED_CORE_PATH_SPF_H
#define PCED_CORE_PATH_SPF_H

#include "core/path/engine.h"

/* Empties the tree and puts the destination alone into the heap. false: memory ran out. */
bool spf_begin(struct path_engine *engine, struct spf_tree *tree, const struct problem *problem);

/* Keys of the nodes towards problem->destination in the sum of `metric`, until that of the source
 * is final, and with it those of all nodes that a shortest path may lead through. PATH_NONE: the
 * source cannot be reached. */
enum path_outcome spf_search(struct path_engine *engine, struct spf_tree *tree,
                             const struct problem *problem, enum path_metric metric);

/* The same for all nodes that a path from the source of at most this sum may lead through;
 * UINT64_MAX: for all. The key of any other node is too great, if it has one. */
enum path_outcome spf_search_tree(struct path_engine *engine, struct spf_tree *tree,
                                  const struct problem *problem, enum path_metric metric,
                                  uint64_t metric_max);

/* Reads the path from the source out of a finished search by problem->metric into engine->links.
 * PATH_NONE: it has more than PATH_HOPS_MAX links. */
enum path_outcome spf_walk(struct path_engine *engine, const struct problem *problem);

/* KEY_NONE when the search did not reach the node. */
static inline uint64_t spf_key(const struct spf_tree *tree, uint32_t node)
{
    const struct spf_node *state = &tree->nodes[node];
    return state->stamp == tree->stamp ? state->key : KEY_NONE;
}

static inline bool spf_is_settled(const struct spf_tree *tree, uint32_t node)
{
    return tree->nodes[node].stamp == tree->stamp && tree->nodes[node].place == HEAP_SETTLED;
}

#endif
