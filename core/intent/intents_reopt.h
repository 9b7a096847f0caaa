/* What reoptimisation (core/reopt) is told of the LSPs of intents, and tells of them: it moves those
 * that are there and whose path is computed, counts what all of them hold, and lets them give way.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_INTENT_INTENTS_REOPT_H
#define PCED_CORE_INTENT_INTENTS_REOPT_H

#include "core/intent/intents.h"
#include "core/lsp/order.h"
#include "core/reopt/wants.h"

/* False: no intent wants it as it is, or it is not delegated. The octets hold until the next call. */
bool intents_wants(struct intents *intents, const struct lsp *reported, struct reopt_wants *wants);
/* There is no path for it, though it needs one: enum path_constraint bits. Or there is again. */
void intents_on_no_path(struct intents *intents, const struct lsp *reported, uint32_t unsatisfied);
void intents_on_cured(struct intents *intents, const struct lsp *reported);
/* An order has changed its state; before reoptimisation hears of it. */
void intents_on_order(struct intents *intents, const struct lsp_order *order);

#endif
