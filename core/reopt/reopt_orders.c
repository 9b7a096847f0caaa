#include "core/reopt/reopt_orders.h"

#include "core/lsp/delegation.h"

bool reopt_orders_may_move(struct reopt *reopt, const struct lsp *lsp, uint8_t *sids_max)
{
    if (reopt->orders == NULL || lsp->delegation != LSP_IS_DELEGATED || lsp_is_stale(lsp) ||
        !lsp_is_bound(lsp))
        return false;
    struct lsp_lane *lane = lsp_lane_find(reopt->orders, &lsp->pcc->address);
    if (lane == NULL || !lane->is_synchronised || !lane->ability.may_update)
        return false;
    *sids_max = lsp_ability_depth_max(&lane->ability, lsp_first_instance(lsp)->summary.setup_type);
    return lsp_delegation_holds(lane, lsp_name(lsp), lsp_first_instance(lsp)->summary.flags);
}

enum pce_status reopt_orders_submit(struct reopt *reopt, struct lsp *lsp,
                                    const struct reopt_move *move)
{
    struct lsp_order_receipt receipt;
    const struct lsp_order_request request = {
        .wanted = {.kind = LSP_ORDER_UPDATE,
                   .setup_type = lsp_first_instance(lsp)->summary.setup_type,
                   .objects = move->objects},
        .name = lsp_name(lsp),
        .who = LSP_ORDER_BY_REOPTIMISATION,
    };
    struct lsp_lane *lane = lsp_lane_find(reopt->orders, &lsp->pcc->address);
    return lane == NULL ? PCE_CLOSED : lsp_order_submit(lane, &request, move->now, &receipt);
}

void reopt_orders_on_order(struct reopt *reopt, const struct lsp_order *order)
{
    bool is_path = order->kind == LSP_ORDER_INITIATE || order->kind == LSP_ORDER_UPDATE;
    bool is_intent = order->who == LSP_ORDER_BY_INTENT && is_path;
    if ((order->who != LSP_ORDER_BY_REOPTIMISATION && !is_intent) || !lsp_order_has_ended(order))
        return;
    struct lsp_pcc *pcc = lsp_db_pcc(reopt->db, &order->pcc);
    const struct wire_span name = {(const uint8_t *)order->name, order->name_size};
    struct lsp *lsp = pcc == NULL ? NULL : lsp_pcc_find_name(pcc, name);
    if (is_intent || lsp == NULL)
        hold_on_order_end(reopt, &order->pcc, name, lsp);
    else
        reopt_on_order_end(reopt, lsp);
}
