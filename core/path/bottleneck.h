/* Bottleneck: the objectives that look at the worst link of a path (RFC 5541 4: MLP and MBP).
 *
 * The lowest badness that a path's worst link can have is found first; then only links that are no
 * worse are admitted, and the minimum metric decides among them. Where bounds or the SID depth rule
 * those paths out, the lowest one that leaves a path is found by bisection over the links' values.
 *
 * Thread: the engine's. Owns: nothing. */
#ifndef PCED_CORE_PATH_BOTTLENECK_H
#define PCED_CORE_PATH_BOTTLENECK_H

#include "core/path/engine.h"

typedef enum path_outcome bottleneck_solve_fn(struct path_engine *engine,
                                              const struct problem *problem);

/* solve answers the problem for the metric alone, under the constraint that it is given. */
enum path_outcome bottleneck_search(struct path_engine *engine, const struct problem *problem,
                                    bottleneck_solve_fn *solve);

#endif
