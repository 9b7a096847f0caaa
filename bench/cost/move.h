/* Move: an LSP whose path is broken is moved, and its PCC does what it is asked: the report that the path
 * leads nowhere, the computation, the order, and the report that answers it.
 *
 * Thread: one. Owns: reopt and the numbers of links, between move_init and move_fini. */
#ifndef PCED_BENCH_COST_MOVE_H
#define PCED_BENCH_COST_MOVE_H

#include "bench/cost/cost.h"

void move_init(struct cost *cost);
void move_run(struct cost *cost, uint32_t round);
void move_fini(struct cost *cost);

/* What the database and the orders tell reopt; of no use without it. */
extern const struct lsp_db_events move_lsp_events;
void move_on_order(void *owner, const struct lsp_order *order, enum lsp_order_state from);

#endif
