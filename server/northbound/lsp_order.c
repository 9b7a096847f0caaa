#include "server/northbound/lsp_order.h"

#include "core/base/check.h"
#include "core/lsp/delegation.h"
#include "core/lsp/lane.h"
#include "core/reopt/reopt.h"
#include "server/northbound/northbound.h"
#include "server/shard/shard.h"

#include <string.h>

/* ---- orders ---- */

static const enum lsp_order_kind lsp_ask_kinds[LSP_ASK_COUNT] = {
#define LSP_ASK_KIND(id, text, kind) [LSP_ASK_##id] = (kind),
    LSP_ASKS(LSP_ASK_KIND)
#undef LSP_ASK_KIND
};

static void lsp_asking_refuse(struct lsp_asking *asking, enum pce_status status, const char *reason)
{
    asking->status = status;
    asking->reason = reason;
}

/* The path of the next move is the engine's to find: nothing is asked of the PCC but by that. */
static void lsp_asking_reoptimise(struct shard *shard, struct lsp *lsp, struct lsp_asking *asking)
{
    uint8_t sids_max;
    if (!shard->reopt.events->may_move(&shard->reopt, lsp, &sids_max))
        lsp_asking_refuse(asking, PCE_DENIED, "it is not delegated to us in this session");
    else
        reopt_ask(&shard->reopt, lsp);
}

/* What was returned is not moved, whatever the PCC says of it, until it is asked for again. Where it
 * is delegated still nothing need be asked of the PCC for that. */
static bool lsp_asking_resume(struct shard *shard, struct lsp *lsp, struct lsp_lane *lane)
{
    if (!lsp_delegation_resume(lane, lsp_name(lsp)) || lsp->delegation != LSP_IS_DELEGATED)
        return false;
    reopt_on_change(&shard->reopt, lsp, LSP_DELEGATED);
    return true;
}

static enum pce_status lsp_asking_order(struct shard *shard, const struct lsp *lsp,
                                        struct lsp_lane *lane, enum lsp_ask ask,
                                        struct lsp_order_receipt *receipt)
{
    const uint8_t setup_type = lsp_first_instance(lsp)->summary.setup_type;
    const struct lsp_order_request request = {
        .wanted = {.kind = (uint8_t)lsp_ask_kinds[ask], .setup_type = setup_type},
        .name = lsp_name(lsp),
        .who = LSP_ORDER_BY_OPERATOR,
    };
    if (ask == LSP_ASK_RETURN)
        return lsp_delegation_return(lane, lsp_name(lsp), setup_type, shard->now, receipt);
    return lsp_order_submit(lane, &request, shard->now, receipt);
}

static void lsp_asking_submit(struct shard *shard, struct lsp *lsp, struct lsp_asking *asking)
{
    struct lsp_lane *lane = lsp_lane_find(&shard->orders, &lsp->pcc->address);
    struct lsp_order_receipt receipt = {0};
    if (lane == NULL) {
        lsp_asking_refuse(asking, PCE_CLOSED, "its PCC has no session");
        return;
    }
    if (asking->ask == LSP_ASK_CONTROL && lsp_asking_resume(shard, lsp, lane))
        return;
    asking->status = lsp_asking_order(shard, lsp, lane, (enum lsp_ask)asking->ask, &receipt);
    asking->reason = asking->status == PCE_OK ? NULL : receipt.reason;
    asking->order_id = asking->status == PCE_OK ? receipt.id : 0;
}

void order_lsp_ask(struct shard *shard, void *argument)
{
    struct lsp_asking *asking = argument;
    struct lsp *lsp = lsp_named(&shard->lsps, &asking->name);
    CHECK(asking->ask < LSP_ASK_COUNT);
    asking->is_found = lsp != NULL;
    asking->status = PCE_OK;
    if (lsp == NULL)
        return;
    if (asking->ask == LSP_ASK_REOPTIMISE)
        lsp_asking_reoptimise(shard, lsp, asking);
    else
        lsp_asking_submit(shard, lsp, asking);
}

static void on_deletion(struct shard *shard, struct deletion_ask *ask)
{
    struct envelope *envelope = ask->owner;
    struct lsp_asking *asking = envelope->argument;
    asking->status = ask->status;
    asking->reason = ask->reason;
    asking->order_id = ask->order_id;
    northbound_answer(shard, envelope);
}

/* What an intent wants is not to be deleted for ever: the intent has it made again. */
void order_lsp_delete(struct shard *shard, struct envelope *envelope)
{
    struct lsp_asking *asking = envelope->argument;
    struct lsp *lsp = lsp_named(&shard->lsps, &asking->name);
    CHECK(asking->ask == LSP_ASK_DELETE);
    bool is_kept = lsp != NULL && deletions_are_kept(shard) &&
                   !shard_is_intended(shard, &lsp->pcc->address, lsp_name(lsp));
    if (!is_kept) {
        order_lsp_ask(shard, asking);
        northbound_answer(shard, envelope);
        return;
    }
    asking->is_found = true;
    asking->deletion.owner = envelope;
    asking->deletion.on_done = on_deletion;
    deletions_ask(shard, lsp, &asking->deletion);
}

void order_pcc_resync(struct shard *shard, void *argument)
{
    struct pcc_resync *resync = argument;
    struct lsp_lane *lane = lsp_lane_find(&shard->orders, &resync->address);
    struct lsp_order_receipt receipt = {0};
    const struct lsp_order_request request = {.wanted = {.kind = LSP_ORDER_RESYNC},
                                              .who = LSP_ORDER_BY_OPERATOR};
    resync->status = PCE_CLOSED;
    resync->reason = "the PCC has no session";
    if (lane == NULL)
        return;
    resync->status = lsp_order_submit(lane, &request, shard->now, &receipt);
    resync->reason = resync->status == PCE_OK ? NULL : receipt.reason;
    resync->order_id = resync->status == PCE_OK ? receipt.id : 0;
}

/* ---- views ---- */

static void lsp_order_copy(const struct shard *shard, const struct lsp_order *order,
                           struct lsp_order_view *view)
{
    *view = (struct lsp_order_view){
        .shard = shard->index,
        .id = order->id,
        .pcc = order->pcc,
        .kind = order->kind,
        .state = order->state,
        .who = order->who,
        .operational = order->operational,
        .error_type = order->error_type,
        .error_value = order->error_value,
        .has_delegation = order->has_delegation,
        .has_other_path = order->has_other_path,
        .srp_id = order->srp_id,
        .tries = order->tries,
        .reason = order->reason,
        .submitted_ns = mono_since_ns(shard->now, order->submitted),
        .ended_ns =
            lsp_order_has_ended(order) ? mono_since_ns(shard->now, order->ended) : UINT64_MAX,
        .name_size = order->name_size,
    };
    memcpy(view->name, order->name, order->name_size);
}

void view_lsp_order(struct shard *shard, void *argument)
{
    struct lsp_order_lookup *lookup = argument;
    const struct lsp_order *order = lsp_order_find(&shard->orders, lookup->id);
    lookup->is_found = order != NULL;
    if (order != NULL)
        lsp_order_copy(shard, order, &lookup->view);
}

void view_lsp_order_list(struct shard *shard, void *argument)
{
    struct lsp_order_list *list = argument;
    struct lsp_order_view *views = list->page.views;
    struct view_batch *batch = view_page_begin(&list->page);
    for (uint32_t looks = 0; looks < VIEW_BATCH && batch->count < batch->room; looks++) {
        const struct lsp_order *order = lsp_order_before(&shard->orders, list->page.place);
        batch->is_over = order == NULL;
        if (order == NULL)
            return;
        list->page.place = order->id;
        if (list->pcc.family == IP_NONE || ip_is_equal(&list->pcc, &order->pcc))
            lsp_order_copy(shard, order, &views[batch->count++]);
    }
}
