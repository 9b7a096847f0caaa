/* Flood: the bandwidth of RSVP-TE paths that were ordered, until the IGP tells of it.
 *
 * RSVP-TE LSPs are in the IGP's unreserved bandwidth, but not before they are signalled and the
 * routers have flooded it: until then another LSP could be ordered onto the same links. So what an
 * order takes anew is held in the account from before the order to when a newer network shows it:
 * its unreserved bandwidth at the lowest priority, which counts all LSPs, has gone down by all that
 * was unflooded when the order was given. Where it never does (others have left the link, what a
 * router floods is below its threshold) time ends it. An order that fails, a path that goes
 * elsewhere, an LSP that is gone end it, too. So each LSP is counted once: here, then there.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard; the account is everybody's. Owns: the floods of its LSPs' routes.
 * Bound: the links of one route; settings.flood_s; the work that a turn has left. */
#ifndef PCED_CORE_REOPT_FLOOD_H
#define PCED_CORE_REOPT_FLOOD_H

#include "core/reopt/route.h"

#define FLOOD_LOOK_MS 500 /* between two looks for those whose time is over */

/* Links of which an LSP is to hold something before it is ordered, ascending numbers. */
struct flood_claim {
    const uint32_t *numbers;
    uint32_t count;
    struct ted_claim claim;
};

/* Takes the claim of each of the links, or of none; what is taken is unflooded. */
PCE_MUST_CHECK enum pce_status flood_take(struct reopt *reopt, const struct ted_snapshot *snapshot,
                                          const struct flood_claim *wanted);
/* Gives that back. */
void flood_give_back(struct reopt *reopt, const struct flood_claim *taken);
/* What was taken is the LSP's from now on, and held until the network shows it. Its route must be
 * there. False: no memory, and it was given back. */
bool flood_hold(struct reopt *reopt, const struct reopt_scene *scene, struct lsp *lsp,
                const struct flood_claim *taken);
/* The same before there is an LSP: what is held so, as it was taken on the snapshot. NULL: no memory,
 * and it is taken still. */
struct lsp_flood *flood_make(struct reopt *reopt, const struct ted_snapshot *snapshot,
                             const struct flood_claim *taken, struct mono now);
/* It is the LSP's from now on, as by flood_hold. */
bool flood_attach(struct reopt *reopt, struct lsp *lsp, struct lsp_flood *flood);
/* It is given back. */
void flood_discard(struct reopt *reopt, struct lsp_flood *flood);
/* Of links that are not among these, which ascend, the LSP holds nothing any more. */
void flood_keep(struct reopt *reopt, struct lsp *lsp, const uint32_t *numbers, uint32_t count);
/* The same of all. Harmless without a route. */
void flood_drop(struct reopt *reopt, struct lsp *lsp);
/* The numbers of its links, ascending; how many. numbers: room for REOPT_ROUTE_LINKS_MAX. */
uint32_t flood_numbers(const struct lsp_route *route, uint32_t *numbers);
/* After a new network, and every now and then: what it shows is let go. True: there is more to look
 * at. */
bool flood_look(struct reopt *reopt, struct reopt_scene *scene);

#endif
