/* Reconciling: what intents want against what PCCs have reported, and the orders that close the
 * gap.
 *
 *     what is seen                               what is done
 *     wanted, not there                          initiated
 *     wanted, there on another way, or asked
 *     otherwise than now                         updated
 *     wanted or to be removed, an orphan         adopted (RFC 8281 6)
 *     to be removed, there                       deleted
 *     to be removed, not there                   forgotten, in the store too
 *     wanted, there, made by its router and not
 *     delegated                                  nothing: a conflict, which is shown
 *
 * Nothing is done before the end mark of a session and the time that its PCC has to settle, while
 * an order for the LSP is under way, or after a refusal or an order without an answer, until the
 * intent, the network or the session is another. An LSP that goes away again and again is initiated
 * at growing pauses.
 *
 * Thread: the owning shard. Owns: nothing. Bound: RECONCILE_LOOKS_PER_TURN LSPs and the steps of
 * the scene in one turn. */
#ifndef PCED_CORE_INTENT_RECONCILE_H
#define PCED_CORE_INTENT_RECONCILE_H

#include "core/intent/intent_plan.h"
#include "core/intent/intents.h"
#include "core/lsp/lsp_db.h"
#include "core/lsp/order.h"
#include "core/reopt/reopt.h"

#define RECONCILE_LOOKS_PER_TURN 256
#define RECONCILE_WORK_PER_TURN  UINT64_C(10000) /* steps of the engine: about 0.15 ms */
#define RECONCILE_WORK_OF_ONE    UINT64_C(100)   /* a look, in such steps */
#define RECONCILE_PAUSE_S        5 /* before a third initiation in one session; then doubled */
#define RECONCILE_PAUSE_MAX_S    300

struct reconcile_scene {
    struct intents *intents;
    struct lsp_db *db;
    struct lsp_orders *orders;
    struct intent_planner planner;
    struct intent_originator (*originator_of)(void *owner, const struct ip *pcc);
    void *owner;
    uint32_t settle_s; /* after the end mark */
    uint64_t work_left;
    struct mono now;
};

/* Looks at what is due; true: there is more at once. */
bool reconcile_turn(struct reconcile_scene *scene);

/* What readers of the journal have for intents. An LSP of this name has changed. */
void reconcile_on_lsp(struct intents *intents, const struct ip *pcc, struct wire_span name,
                      bool has_new_path);

#endif
