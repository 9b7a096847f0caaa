/* What a deletion needs now: an order, or nothing more. */
#include "core/lsp/lane.h"
#include "core/pcep/error.h"
#include "server/deletion/deletions_impl.h"

static uint32_t session_of(const struct deletions *deletions, const struct deletion *deletion)
{
    const struct lsp_pcc *pcc = lsp_db_pcc(&deletions->shard->lsps, &deletion->pcc);
    return pcc == NULL ? 0 : pcc->number;
}

static void deletion_refuse(struct deletions *deletions, struct deletion *deletion,
                            const char *reason)
{
    deletion->state = DELETION_REFUSED;
    deletion->reason = reason;
    deletion->refused_in = session_of(deletions, deletion);
}

static void deletion_wait(struct deletions *deletions, struct deletion *deletion,
                          enum pce_status status)
{
    struct shard *shard = deletions->shard;
    deletion->state = DELETION_WAITING;
    if (status != PCE_LIMIT && status != PCE_NO_MEMORY)
        return; /* a record of the journal tells when to look again */
    deletion_touch(deletions, deletion);
    if (!wheel_is_running(&deletions->again))
        wheel_start(&shard->wheel, &deletions->again, mono_add_s(shard->now, DELETION_AGAIN_S));
}

void deletion_order(struct deletions *deletions, struct deletion *deletion)
{
    struct shard *shard = deletions->shard;
    struct lsp_lane *lane = lsp_lane_find(&shard->orders, &deletion->pcc);
    const struct lsp_order_request request = {
        .wanted = {.kind = LSP_ORDER_DELETE, .setup_type = deletion->setup_type},
        .name = deletion_name(deletion),
        .who = LSP_ORDER_BY_OPERATOR,
    };
    struct lsp_order_receipt receipt = {0};
    const enum pce_status status =
        lane == NULL ? PCE_CLOSED : lsp_order_submit(lane, &request, shard->now, &receipt);
    deletion->order_id = 0;
    switch (status) {
    case PCE_OK:
        deletion->state = DELETION_ORDERED;
        deletion->order_id = receipt.id;
        deletion->reason = NULL;
        break;
    case PCE_NOT_FOUND:
        deletion_end(deletions, deletion, "the PCC has no such LSP");
        break;
    case PCE_DENIED:
    case PCE_INVALID:
        deletion_refuse(deletions, deletion, receipt.reason);
        break;
    default:
        deletion_wait(deletions, deletion, status);
        break;
    }
}

/* False: it goes on. */
static bool deletion_take_end(struct deletions *deletions, struct deletion *deletion)
{
    const struct lsp_order *order = lsp_order_find(&deletions->shard->orders, deletion->order_id);
    if (order != NULL && !lsp_order_has_ended(order))
        return false;
    deletion->order_id = 0;
    deletion->state = DELETION_WAITING;
    if (order == NULL || order->state == LSP_ORDER_DROPPED)
        return true;
    deletion->error_type = order->error_type;
    deletion->error_value = order->error_value;
    if (order->state == LSP_ORDER_DONE)
        deletion_end(deletions, deletion, "the LSP is gone");
    else if (pcep_error_code(order->error_type, order->error_value) == PCEP_ERROR_LSP_NOT_INITIATED)
        deletion_end(deletions, deletion, "the LSP is the PCC's own");
    else
        deletion_refuse(deletions, deletion, order->reason);
    return true;
}

/* What its PCC, in this session, says of the LSP. */
static void deletion_look_at_pcc(struct deletions *deletions, struct deletion *deletion)
{
    struct shard *shard = deletions->shard;
    const struct lsp_lane *lane = lsp_lane_find(&shard->orders, &deletion->pcc);
    const struct wire_span name = deletion_name(deletion);
    struct lsp_target target;
    if (lane == NULL || !lane->is_up || !lane->is_synchronised) {
        deletion->state = DELETION_WAITING;
        return;
    }
    if (!shard->orders.ops->find(shard->orders.owner, lane, name, &target))
        deletion_end(deletions, deletion, "the PCC has no such LSP");
    else if (shard_is_intended(shard, &deletion->pcc, name))
        deletion_end(deletions, deletion, "an intent wants the LSP");
    else if (deletion->state != DELETION_REFUSED ||
             deletion->refused_in != session_of(deletions, deletion))
        deletion_order(deletions, deletion);
}

void deletion_look(struct deletions *deletions, struct deletion *deletion)
{
    if (deletion->is_at_store)
        return;
    if (deletion->state == DELETION_CLEANING) {
        deletion_clean(deletions, deletion);
        return;
    }
    if (deletion->order_id != 0 && !deletion_take_end(deletions, deletion))
        return;
    if (deletion->state == DELETION_WAITING || deletion->state == DELETION_REFUSED)
        deletion_look_at_pcc(deletions, deletion);
}
