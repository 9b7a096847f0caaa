/* Orders beside the database of their shard: where an order finds its LSP, what the database tells
 * them, and what of them goes into the journal.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_LSP_ORDER_DB_H
#define PCED_CORE_LSP_ORDER_DB_H

#include "core/lsp/lane.h"
#include "core/lsp/lsp_db.h"

/* For struct lsp_order_ops. */
bool lsp_orders_find_target(struct lsp_db *db, const struct lsp_lane *lane, struct wire_span name,
                            struct lsp_target *target);
/* For on_change of struct lsp_db_events. */
void lsp_orders_on_change(struct lsp_orders *orders, const struct lsp_pcc *pcc,
                          const struct lsp *lsp, const struct journal_record *record);
/* For on_order: into the journal, and the LSP's history, when it was sent and how it has ended. */
void lsp_orders_note(struct lsp_db *db, const struct lsp_order *order, struct mono now);
/* Asks the PCCs that wait for it (RFC 8232 5.2) for their LSPs, at_once_max at a time. */
void lsp_orders_trigger(struct lsp_orders *orders, struct lsp_db *db, uint32_t at_once_max,
                        struct mono now);
/* For on_contested, likewise. */
void lsp_orders_note_contest(struct lsp_db *db, const struct lsp_lane *lane, struct wire_span name,
                             struct mono now);

#endif
