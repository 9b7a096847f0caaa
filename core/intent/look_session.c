/* Whether the PCC can be asked now, and what has become of what it was asked last. */
#include "core/intent/look.h"
#include "core/lsp/lane.h"

/* ---- the session ---- */

/* What another session has refused may be asked in this one. */
static void look_meet_session(struct look *look)
{
    struct intents_pcc *pcc = look->lsp->entry->pcc;
    if (pcc->session.ns == look->lane->synchronised.ns)
        return;
    pcc->session = look->lane->synchronised;
    LIST_FOR(link, &pcc->entries)
    {
        struct intent_entry *entry = CONTAINER_OF(link, struct intent_entry, of_pcc);
        LIST_FOR(at, &entry->lsps)
        look_unblock(CONTAINER_OF(at, struct intent_lsp, of_entry));
    }
}

/* False: its PCC cannot be asked now. */
bool look_find_session(struct look *look)
{
    struct reconcile_scene *scene = look->scene;
    const struct ip *address = &look->lsp->entry->pcc->address;
    look->lane = lsp_lane_find(scene->orders, address);
    look->pcc = lsp_db_pcc(scene->db, address);
    if (look->lane == NULL || look->pcc == NULL || !look->lane->is_up) {
        look_wait(look, "the PCC has no session that can be asked");
        return false;
    }
    if (!look->lane->is_synchronised) {
        look_wait(look, "the PCC has not reported all of its LSPs yet");
        return false;
    }
    struct mono settled = mono_add_s(look->lane->synchronised, scene->settle_s);
    if (mono_is_before(scene->now, settled)) {
        look_wait(look, "the PCC settles after its synchronisation");
        look_again_at(look, settled);
        return false;
    }
    look_meet_session(look);
    return true;
}

/* ---- the order that is under way ---- */

static void look_refused(struct look *look, const struct lsp_order *order)
{
    look_block(look, INTENT_REFUSED, order->reason);
    look->lsp->sight.error_type = order->error_type;
    look->lsp->sight.error_value = order->error_value;
    look->lsp->asked_digest = 0; /* of no plan: its attributes are not there */
}

static void look_take_outcome(struct look *look, const struct lsp_order *order)
{
    struct intent_lsp *lsp = look->lsp;
    if (lsp->order_binding != lsp->binding)
        return; /* it was for what nobody wants any more */
    switch (order->state) {
    case LSP_ORDER_REFUSED:
        look_refused(look, order);
        break;
    case LSP_ORDER_UNCONFIRMED:
        look_block(look, INTENT_UNCONFIRMED, "the PCC has not answered");
        if (order->kind == LSP_ORDER_UPDATE)
            lsp->asked_digest = 0;
        break;
    case LSP_ORDER_DONE:
        if (!order->has_other_path)
            break;
        look_block(look, INTENT_REFUSED, "the PCC has put it on another path");
        lsp->waits_for_path = true;
        break;
    default:
        break; /* dropped: its session or its LSP is gone, which is seen */
    }
}

/* False: the LSP has to wait for it. */
bool look_end_order(struct look *look)
{
    struct intent_lsp *lsp = look->lsp;
    if (lsp->order_id == 0)
        return true;
    const struct lsp_order *order = lsp_order_find(look->scene->orders, lsp->order_id);
    if (order != NULL && !lsp_order_has_ended(order)) {
        look_set(look, INTENT_ORDERED, NULL);
        return false;
    }
    lsp->order_id = 0;
    if (order != NULL)
        look_take_outcome(look, order);
    return true;
}
