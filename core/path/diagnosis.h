/* Diagnosis: which constraints stand between a request and a path (RFC 5440 7.5).
 *
 * Each constraint that alone is enough is named. Where none is, the least set of them is that has to
 * go: sets are tried by their size, of those that have each constraint without which all others do
 * not suffice.
 *
 * Thread: the engine's. Owns: nothing. Bound: DIAGNOSIS_TRIES_MAX computations, each with its own
 * work_max, and as many more as there are constraints where they do not find the least set; only for
 * requests that have no path. */
#ifndef PCED_CORE_PATH_DIAGNOSIS_H
#define PCED_CORE_PATH_DIAGNOSIS_H

#include "core/path/engine.h"

#define DIAGNOSIS_TRIES_MAX 64

/* Fills in `unsatisfied` and `blame` of a request that has no path, and adds to `work`. */
void diagnosis_of_request(struct path_engine *engine, const struct ted_snapshot *snapshot,
                          const struct path_request *request, struct path_result *result);

#endif
