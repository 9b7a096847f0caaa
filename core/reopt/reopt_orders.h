/* Reoptimisation's moves as orders to the PCC (core/lsp/order.h).
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REOPT_REOPT_ORDERS_H
#define PCED_CORE_REOPT_REOPT_ORDERS_H

#include "core/lsp/order.h"
#include "core/reopt/reopt.h"

/* may_move and submit of struct reopt_events, over reopt->orders; NULL there: nothing is moved. */
bool reopt_orders_may_move(struct reopt *reopt, const struct lsp *lsp, uint8_t *sids_max);
PCE_MUST_CHECK enum pce_status reopt_orders_submit(struct reopt *reopt, struct lsp *lsp,
                                                   const struct reopt_move *move);

/* An order has changed its state (lsp_order_ops.on_order): where it was one of these and has ended,
 * its LSP is looked at again. */
void reopt_orders_on_order(struct reopt *reopt, const struct lsp_order *order);

#endif
