/* Synced solve: the paths of a set of requests that belong together (synced_set.h), and the answer.
 *
 * Each member is answered by a response of its own. A PCRep that answers a set whose OF or METRICs were
 * given begins with its SVEC, the OF that was applied and the METRICs that were to be computed (RFC 5541
 * 3.2). Where there is no path for all members, those that can be placed beside each other get one, and
 * the others NO-PATH, with "no disjoint path" where it is the paths of the others that are in the way
 * (RFC 8800 7.4). A bound of the set that cannot be kept is NO-PATH for all of it,
 * "PCE unavailable" where the search was given up before that was known.
 *
 * Internal to core/requests.
 *
 * Thread: the owning shard. Owns: nothing. Bound: SYNCED_WORK_MAX steps of the engine for a set, three
 * times as many under MLL (set_load.h); what is found within it is the answer, though there may be a better one. */
#ifndef PCED_CORE_REQUESTS_SYNCED_SOLVE_H
#define PCED_CORE_REQUESTS_SYNCED_SOLVE_H

#include "core/requests/answer.h"
#include "core/requests/synced_set.h"

#define SYNCED_WORK_MAX REQUESTS_WORK_PER_TURN

/* What the sets of one message use one after another. */
struct synced_scratch {
    struct path_set *paths;
    double *added; /* by link; of the arena. NULL: not needed yet */
};

/* No message may be open in the session. PCE_LIMIT: the arena is full, or the session takes no more;
 * what was not answered is dropped, and counted. */
PCE_MUST_CHECK enum pce_status synced_answer(struct request_context *context,
                                             struct session *session,
                                             struct synced_scratch *scratch,
                                             struct synced_set *set);

#endif
