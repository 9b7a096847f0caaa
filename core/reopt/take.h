/* Take: the links of a path that an LSP is to be moved to are taken before anything is asked of its
 * router: who comes second finds them taken.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard; the account is of all shards. Owns: what is taken, until it is released.
 * Bound: RESOLVE_LINKS_MAX links; of several lists REOPT_ROUTE_LINKS_MAX. */
#ifndef PCED_CORE_REOPT_TAKE_H
#define PCED_CORE_REOPT_TAKE_H

#include "core/reopt/lsp_reading.h"
#include "core/reopt/reopt.h"
#include "core/reopt/route.h"

enum {
    TAKE_FRESH,
    TAKE_MORE,
    TAKE_KINDS
}; /* links that the LSP has not; those where it has less */

struct taken {
    struct ted_claim claims[TAKE_KINDS];
    uint32_t counts[TAKE_KINDS];
    uint32_t numbers[TAKE_KINDS][RESOLVE_LINKS_MAX];
};

struct take_wanted {
    const struct lsp_reading *reading;
    struct ted_claim claim;
};

/* Takes the claim of the links of reopt->next, less what the LSP holds of them already. Not PCE_OK: nothing was taken, since there is not so much left. */
PCE_MUST_CHECK enum pce_status take_next(struct reopt *reopt, const struct ted_snapshot *snapshot,
                                         const struct take_wanted *wanted, struct taken *taken);
void take_release(struct reopt *reopt, const struct taken *taken);

/* What several segment lists are to hold. */
struct take_shares {
    const struct lsp_route *route; /* NULL: it holds nothing yet */
    struct ted_claim claim;        /* of all lists together */
    const uint32_t *numbers;       /* of links, ascending */
    const uint16_t *shares;        /* of the claim, one for each of them */
    uint32_t count;
};

struct taken_shares {
    uint32_t count;
    uint32_t numbers[REOPT_ROUTE_LINKS_MAX];
    struct ted_claim claims[REOPT_ROUTE_LINKS_MAX];
};

/* The same of these links, each less what the route holds of it. */
PCE_MUST_CHECK enum pce_status take_shares(struct reopt *reopt, const struct ted_snapshot *snapshot,
                                           const struct take_shares *wanted,
                                           struct taken_shares *taken);
void take_release_shares(struct reopt *reopt, const struct taken_shares *taken);

#endif
