/* Set load: paths for several LSPs together of which the most loaded link is loaded least (MLL of RFC
 * 5541 4); of the sets that load it no more, the one of the least sum of what the members minimise.
 *
 * A link's load is what it has when the member's bandwidth is on it too, to a millionth. No two members
 * share a link, so that each link has one load; the least ceiling that leaves a set is found by bisection.
 *
 * Thread: the set's. Owns: nothing; the set keeps the links above the ceiling. Bound: SET_LOAD_ROUNDS_MAX
 * computations of a set, which have the request's work_max together; the last one has as much again, and
 * so has one more where that one finds nothing. */
#ifndef PCED_CORE_PATH_SET_LOAD_H
#define PCED_CORE_PATH_SET_LOAD_H

#include "core/path/path_set.h"

#define SET_LOAD_ROUNDS_MAX                                                                        \
    34 /* a load has 32 bits; the first one and the last one are without a guess */

/* is_strict, and something is asked between each two members (CHECKed). Whatever objective the members
 * have is not looked at. is_optimal: neither the load nor the sum can be less. */
void path_set_compute_load(struct path_set *set, struct path_engine *engine,
                           const struct ted_snapshot *snapshot,
                           const struct path_set_request *request, struct path_set_result *result);

#endif
