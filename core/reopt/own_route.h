/* Own route: what the LSP holds that a path request names, for the request to have it free
 * (core/requests/account.h).
 *
 *   an LSP that is known    what its route holds: the links of the path that it was moved to too
 *   none that is known,     the links of its RRO and the bandwidth that the request says, which are
 *     but an RRO: RSVP-TE   in the IGP's unreserved bandwidth
 *
 * Segment routing without a known LSP has nothing: nobody has counted it.
 *
 * Thread: the owning shard, beside reopt_turn. Owns: nothing. Bound: REQUEST_OWN_LINKS_MAX links;
 * RESOLVE_WORK_MAX steps of the engine. */
#ifndef PCED_CORE_REOPT_OWN_ROUTE_H
#define PCED_CORE_REOPT_OWN_ROUTE_H

#include "core/reopt/reopt.h"
#include "core/requests/account.h"

struct lsp_route;

/* Fills in own->claim and the links, and the work. pcc: whose LSPs may be meant; NULL: none is
 * known of it. False: there is nothing. */
bool reopt_own_route(struct reopt *reopt, struct lsp_pcc *pcc, const struct ted_snapshot *snapshot,
                     const struct request_lsp *named, struct request_own *own);

/* What a path for the LSP sees of the account: what it holds is free to it. lsp: NULL: it is not
 * there yet. Valid until the next call, or turn. */
void reopt_show_account(struct reopt *reopt, const struct lsp *lsp,
                        const struct ted_snapshot *snapshot, struct path_reservations *seen);

/* Internal to core/reopt. The links of a route that are free to its LSP, ascending indexes of the
 * snapshot; how many. links: room for REOPT_ROUTE_LINKS_MAX. */
uint32_t own_route_links(struct reopt *reopt, const struct lsp_route *route,
                         const struct ted_snapshot *snapshot, uint32_t *links);

#endif
