/* Change: what a new network, or more bandwidth than a link has, means for the LSPs of the shard.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard. Owns: nothing. Bound: the work that the scene has left. */
#ifndef PCED_CORE_REOPT_CHANGE_H
#define PCED_CORE_REOPT_CHANGE_H

#include "core/reopt/reopt.h"

/* Each goes on where it was in the turn before; true: there is more. */
bool change_scan(struct reopt *reopt, struct reopt_scene *scene);
bool change_press(struct reopt *reopt, struct reopt_scene *scene);
bool change_look(struct reopt *reopt, struct reopt_scene *scene);

#endif
