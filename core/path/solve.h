/* Solve: which search answers which problem.
 *
 * Thread: the engine's. Owns: nothing. */
#ifndef PCED_CORE_PATH_SOLVE_H
#define PCED_CORE_PATH_SOLVE_H

#include "core/path/engine.h"

/* One attempt: leaves the path in engine->links and, where it is asked for, the list in
 * engine->sids. engine->work is what it took; engine->work_left is less by that. */
enum path_outcome solve(struct path_engine *engine, const struct problem *problem);

#endif
