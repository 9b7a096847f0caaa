/* Scope: what of a network an answer depends on, and whether it is the same on a later snapshot.
 *
 * An answer is what it was as long as nothing has changed that it reads: a request that asks for no
 * bandwidth does not see what is reserved. Of a least path more is known, without a SID list by any
 * metric, with one by that of the IGP. What decides it are the paths that cost no more than it does,
 * and the shortest paths of the IGP between their nodes, which then lie on such paths themselves. So
 * a change of a link is none to it where by the bounds of distances (landmarks.h) no path over the
 * link, as it was or as it is, costs so little.
 *
 * Thread: any. Owns: nothing. Bound: TED_RECENT_MAX changes are looked at. */
#ifndef PCED_CORE_PATH_SCOPE_H
#define PCED_CORE_PATH_SCOPE_H

#include "core/path/path.h"

/* Of an answer. */
struct path_scope {
    uint32_t turn;  /* of the last snapshot for which it is known to hold */
    uint32_t cost;  /* UINT32_MAX: any change of what it reads may be one to it */
    uint8_t reads;  /* TED_READS_… */
    uint8_t metric; /* enum path_metric of the cost */
};

/* told: metrics that the answer names, 1 << enum path_metric. names_nodes: the request names its
 * ends, and nothing else, by what nodes have and links have not. */
struct path_scope path_scope_of(const struct ted_snapshot *snapshot,
                                const struct path_request *request,
                                const struct path_result *result, uint32_t told, bool names_nodes);

/* Whether the answer, to a request between these nodes, is the same on this snapshot, which is of
 * the same ground as the one that it was computed on, or a later turn. When it is, the scope is
 * brought up to date. */
bool path_scope_holds(const struct ted_snapshot *snapshot, struct path_scope *scope,
                      uint32_t source, uint32_t destination);

#endif
