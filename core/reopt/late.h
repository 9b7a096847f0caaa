/* Late: a path that was computed on a network which has been replaced since, and that holds on the
 * one at hand.
 *
 * Where networks are replaced faster than a long computation takes no result is ever of the network
 * at hand. So what comes too late twice in a row is not thrown away: the path is read as a router
 * would read it, label by label or hop by hop, and is used where it leads to the destination, and
 * each of its links is there and allowed to the request with what it has now. It may not be the
 * best one any more; that is seen at the next interval.
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

#endif
