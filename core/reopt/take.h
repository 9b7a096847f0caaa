/* Take: the links of a path that an LSP is to be moved to are taken before anything is asked of its
 * router: who comes second finds them taken.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard; the account is of all shards. Owns: what is taken, until it is released.
 * Bound: RESOLVE_LINKS_MAX links. */
#ifndef PCED_CORE_REOPT_TAKE_H
#define PCED_CORE_REOPT_TAKE_H

#include "core/reopt/lsp_reading.h"
#include "core/reopt/reopt.h"

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
    bool is_list; /* of one segment list of several, which has the path of reopt->current now */
};

/* Takes the claim of the links of reopt->next, less what the LSP, or the list, holds of them already. Not
 * PCE_OK: nothing was taken, since there is not so much left. */
PCE_MUST_CHECK enum pce_status take_next(struct reopt *reopt, const struct ted_snapshot *snapshot,
                                         const struct take_wanted *wanted, struct taken *taken);
void take_release(struct reopt *reopt, const struct taken *taken);

#endif
