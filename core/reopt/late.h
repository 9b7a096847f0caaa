/* Late: what was computed on a network which has been replaced since, for the one at hand.
 *
 * Where networks are replaced faster than a long computation takes no result is ever of the network
 * at hand. So what comes too late twice in a row is not thrown away:
 *
 *   a path      is read as a router would read it, label by label or hop by hop, and is used where it
 *               leads to the destination, and each of its links is there and allowed to the request
 *               with what it has now. It may not be the best one any more; that is seen at the next
 *               interval
 *   no path     is told as it is, and looked for again
 *
 * That there is no path is believed the first time where nothing has changed since that could give one.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REOPT_LATE_H
#define PCED_CORE_REOPT_LATE_H

#include "core/reopt/reopt.h"
#include "core/requests/computation.h"

/* A path as it was found on another network; hops: with RSVP-TE, one for each of its links. */
struct late_path {
    const struct path_result *result; /* NULL: there is none */
    const struct ted_hop *hops;
};

/* What it is used with. */
struct late_scene {
    const struct ted_snapshot *snapshot;
    struct resolver *resolver;
    struct arena *arena;
    struct resolved_path *path; /* takes it as it is laid */
};

/* The path as a result on the snapshot: its links in scene->path, its segments in the arena. False: it
 * does not hold, or no memory. */
bool late_lay(const struct late_scene *scene, const struct path_request *request,
              const struct late_path *late, struct path_result *result);

/* The same of what other threads have found, laid in reopt->next: valid until that is used for another
 * one. False, too: they have found none. */
bool late_use(struct reopt *reopt, const struct ted_snapshot *snapshot,
              const struct path_request *request, const struct computation *computation,
              struct path_result *result);

/* No path was found for such a request, on whatever network. */
bool late_is_none(const struct computation *computation, const struct path_request *request);
/* … and nothing has changed since that could give one. */
bool late_is_none_still(const struct reopt *reopt, const struct ted_snapshot *snapshot,
                        const struct computation *computation);

#endif
