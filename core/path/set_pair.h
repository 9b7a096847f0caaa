/* Set pair: two members that are alike, of the same ends and with the same metric, for which the least
 * sum of two paths is known at once (path_pair.h).
 *
 * Thread: the set's. Owns: nothing. Bound: path_pair.h, and two orders. */
#ifndef PCED_CORE_PATH_SET_PAIR_H
#define PCED_CORE_PATH_SET_PAIR_H

#include "core/path/set_impl.h"

/* Where those members that have paths alone (set->alone) are such a pair: raises set->bound to what their paths cost together at least, or
 * says set->is_impossible; and makes *set->best of them where their other constraints allow it.
 * PATH_FOUND: done, with or without that; PATH_WORK_EXCEEDED, PATH_NO_MEMORY. */
enum path_outcome set_pair_try(struct path_set *set);

#endif
