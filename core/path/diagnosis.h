/* Diagnosis: which constraint stands between a request and a path (RFC 5440 7.5).
 *
 * Thread: the engine's. Owns: nothing. Bound: at most nine more computations, each with its own
 * work_max; only for requests that have no path. */
#ifndef PCED_CORE_PATH_DIAGNOSIS_H
#define PCED_CORE_PATH_DIAGNOSIS_H

#include "core/path/engine.h"

/* The bits of path_result.unsatisfied for a request that has no path. *work is added to. */
uint32_t diagnosis_of_request(struct path_engine *engine, const struct ted_snapshot *snapshot,
                              const struct path_request *request, uint64_t *work);

#endif
