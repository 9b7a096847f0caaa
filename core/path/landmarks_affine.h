/* Affine landmarks: landmarks (landmarks.h) of the network that is left when affinities have ruled links out.
 *
 * Affinities that are asked for again and again are few, and they make most of the difference between the bounds
 * of landmarks and the distances that a request finds. So the requests of each set of masks and metric are watched:
 * once their searches have taken some times the work that it takes to make landmarks for them alone, the engine that finds
 * so makes them, and leaves them to all others with what is derived of the snapshot. The links that such a request
 * may use are some of those that its affinities admit, so that the bounds are as true as others.
 *
 * They hold for later snapshots for which what is derived is kept, as long as no link that has changed leads to a
 * node that is farther away than over it.
 *
 * Thread: any reader of a snapshot. Owns: nothing; what is made is the snapshot's.
 * Bound: TED_DERIVED_SHELVES of them at once; 64 octets a node each, out of what is derived altogether. */
#ifndef PCED_CORE_PATH_LANDMARKS_AFFINE_H
#define PCED_CORE_PATH_LANDMARKS_AFFINE_H

#include "core/path/landmarks.h"
#include "core/path/problem.h"

struct path_engine;

/* The rows for what a problem asks of affinities; those for all links where there are no better ones. */
const struct landmark_row *affine_rows(const struct problem *problem, enum path_metric metric);

/* Adds the work of a search that affine_rows had no rows of its own for, and makes them when it is time, if the
 * call has enough work left. The engine's heap is taken. */
void affine_note(struct path_engine *engine, const struct problem *problem, enum path_metric metric,
                 uint64_t work);

#endif
