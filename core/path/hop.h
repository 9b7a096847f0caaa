/* Hops: whether a strict path can name a link (RSVP-TE alone: SID lists have no hops).
 *
 * A hop of kind TED_HOP_NODE means any link between two nodes, and the router before it takes
 * whichever it likes. So it may stand for a link only if all of those links may be used, and none
 * costs more in a bounded metric.
 *
 * Thread: the engine's. Owns: nothing. Bound: the links of a node for each question;
 * engine->work counts them. */
#ifndef PCED_CORE_PATH_HOP_H
#define PCED_CORE_PATH_HOP_H

#include "core/path/problem.h"

/* Whether a link that the constraint admits has a hop that stands for it. problem->hops is there;
 * *work grows. */
bool hop_admits(const struct problem *problem, uint32_t link, uint64_t *work);

#endif
