/* Hold: the bandwidth of a path from its order to the report that has it, where it is not counted by
 * the route of its LSP: somebody else than reoptimisation orders it, or the LSP had to give way and
 * holds nothing of the path that it has.
 *
 *   before the order       the links are taken, all or none: what the LSP holds of them already is
 *                          its own, and only what is more is taken
 *   the path is reported   the LSP's route counts it, and the hold is let go; a report that says
 *                          DOWN, or another path, changes nothing as long as the order is out
 *   the order ends         what is reported then counts; without a report the hold is let go
 *
 * So that each octet is counted once, whatever is reported in which order.
 *
 * An LSP of RSVP-TE counts in the IGP: what is held for its order goes over to the flood of its route
 * when the path is reported, and from there to the network (flood.h).
 *
 * Thread: the owning shard. Owns: the holds, until they are let go.
 * Bound: one for each name that has an order which has not ended (struct lsp_order_settings). */
#ifndef PCED_CORE_REOPT_HOLD_H
#define PCED_CORE_REOPT_HOLD_H

#include "core/base/ip.h"
#include "core/base/list.h"
#include "core/base/map.h"
#include "core/base/mono.h"
#include "core/base/wire.h"
#include "core/ted/reservations.h"

struct lsp;
struct reopt;
struct reopt_hold;

struct reopt_holds {
    struct map by_name;
    struct list_link all;
};

/* A path that is to be ordered. */
struct hold_wanted {
    struct ip pcc;
    struct wire_span name;
    const uint32_t *links; /* of the snapshot, in any order */
    uint32_t link_count;
    /* Of several segment lists, in place of links: their numbers, ascending, each once, and what they carry
     * of the claim, of ROUTE_SHARE_WHOLE. Its LSP holds nothing. */
    const uint32_t *numbers;
    const uint16_t *shares;
    struct ted_claim claim;
    bool is_flooded; /* of RSVP-TE: the IGP tells of it when it is there (flood.h) */
    struct mono now;
};

/* PCE_OK: it is taken, until it is let go. PCE_LIMIT: a link has not so much left; PCE_NOT_FOUND:
 * one is gone; PCE_EXISTS: an order for the name is out; PCE_NO_MEMORY. */
PCE_MUST_CHECK enum pce_status reopt_hold(struct reopt *reopt, const struct ted_snapshot *snapshot,
                                          const struct hold_wanted *wanted);
/* No order came of it. Harmless when there is none. */
void reopt_hold_let_go(struct reopt *reopt, const struct ip *pcc, struct wire_span name);

/* ---- internal to core/reopt ---- */

void hold_init(struct reopt_holds *holds);
void hold_fini(struct reopt *reopt);
/* The order has ended. lsp: NULL: there is none of the name. */
void hold_on_order_end(struct reopt *reopt, const struct ip *pcc, struct wire_span name,
                       struct lsp *lsp);
/* NULL: there is none. */
struct reopt_hold *hold_of(struct reopt *reopt, const struct lsp *lsp);
/* Whether its route stays as it is for now: the order is out, and this is not its outcome. numbers:
 * the links of the reported path. */
bool hold_keeps(const struct reopt_hold *hold, const uint32_t *numbers, uint32_t count,
                bool is_down);
/* The LSP has come to where it was ordered, and is up: what only the network has to show yet is its
 * route's. */
void hold_hand_over(struct reopt *reopt, struct reopt_hold *hold, struct lsp *lsp);
bool hold_is_path(const struct reopt_hold *hold, const uint32_t *numbers, uint32_t count);
/* The route counts it from now on, or the LSP is gone. */
void hold_end(struct reopt *reopt, struct reopt_hold *hold);
void hold_on_removed(struct reopt *reopt, const struct lsp *lsp);

#endif
