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

/* The path that was found, as a result on the snapshot, laid in reopt->next: valid until that is
 * used for another one. False: there is none, or it does not hold. Uses reopt->octets, and the
 * arena. */
bool late_use(struct reopt *reopt, const struct ted_snapshot *snapshot,
              const struct path_request *request, const struct computation *computation,
              struct path_result *result);

/* No path was found for such a request, on whatever network. */
bool late_is_none(const struct computation *computation, const struct path_request *request);
/* … and nothing has changed since that could give one. */
bool late_is_none_still(const struct reopt *reopt, const struct ted_snapshot *snapshot,
                        const struct computation *computation);

#endif
