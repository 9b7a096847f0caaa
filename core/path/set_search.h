/* Set search: the best set of all, by deciding one conflict after another.
 *
 * It begins with the paths that members have alone, which is the least that anything can cost. Where two
 * of them share what they must not, one of both has to avoid it: that makes two steps on, each with one
 * path computed anew around all that its member has to avoid by then, or three where the link may be
 * shared for its price. Steps are taken in the order of their cost, which never falls on the way; so the
 * first one without a conflict is the best set, and when none is left there is no set.
 *
 * Thread: the set's. Owns: nothing. Bound: PATH_SET_STEPS_MAX, PATH_SET_LINKS_MAX, the work of the stage. */
#ifndef PCED_CORE_PATH_SET_SEARCH_H
#define PCED_CORE_PATH_SET_SEARCH_H

#include "core/path/set_impl.h"

/* Improves *set->best until set->is_proven or set->is_impossible. PATH_WORK_EXCEEDED: neither, at a
 * limit; set->bound is what is known. PATH_NO_MEMORY. */
enum path_outcome set_search_run(struct path_set *set);

#endif
