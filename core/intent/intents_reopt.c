#include "core/intent/intents_reopt.h"

#include "core/base/check.h"
#include "core/lsp/lsp_pcc.h"
#include "core/requests/unmet.h"

static struct intent_lsp *reopt_find_lsp(struct intents *intents, const struct lsp *reported)
{
    return intents->counters.intents == 0
               ? NULL
               : intents_find_lsp(intents, &reported->pcc->address, lsp_name(reported));
}

/* What was asked for last; before anything was, what is reported, or what is wanted where routers do
 * not report it: it was asked for in a former life. */
static struct ted_claim reopt_claim_of(const struct intent_lsp *lsp, const struct lsp *reported)
{
    const struct lsp_summary *summary = &lsp_first_instance(reported)->summary;
    const struct intent_path *path = lsp->path;
    if (lsp->has_claim)
        return lsp->claims[0];
    float bandwidth = summary->bandwidth > path->bandwidth ? summary->bandwidth : path->bandwidth;
    return ted_claim_of(bandwidth, path->setup_priority, path->holding_priority);
}

bool intents_wants(struct intents *intents, const struct lsp *reported, struct reopt_wants *wants)
{
    const struct intent_lsp *lsp = reopt_find_lsp(intents, reported);
    if (lsp == NULL || lsp->path == NULL || reported->delegation != LSP_IS_DELEGATED)
        return false;
    const struct intent *intent = lsp->entry->record.intent;
    struct wire_writer writer = wire_writer_init(intents->attributes, sizeof intents->attributes);
    intent_attributes_write(intent, lsp->path, &writer);
    CHECK(!writer.failed);
    *wants = (struct reopt_wants){
        .source = intent->source,
        .endpoint = intent->endpoint,
        .claim = reopt_claim_of(lsp, reported),
        .attributes = {intents->attributes, wire_written(&writer)},
        .auto_bandwidth = lsp->path->has_auto_bandwidth ? &lsp->path->auto_bandwidth : NULL,
        .is_fixed = !lsp->path->is_dynamic,
        .is_busy = lsp->must_go || lsp->order_id != 0 || !lsp->is_settled,
    };
    intent_request_of(intent, lsp->path, &wants->path);
    return true;
}

void intents_on_no_path(struct intents *intents, const struct lsp *reported, uint32_t unsatisfied)
{
    struct intent_lsp *lsp = reopt_find_lsp(intents, reported);
    struct path_request request;
    if (lsp == NULL || lsp->path == NULL)
        return;
    intent_request_of(lsp->entry->record.intent, lsp->path, &request);
    lsp->lost.unmet = unmet_of_constraints(&request, unsatisfied);
    intents_touch(intents, lsp);
}

void intents_on_cured(struct intents *intents, const struct lsp *reported)
{
    struct intent_lsp *lsp = reopt_find_lsp(intents, reported);
    if (lsp != NULL)
        intents_touch(intents, lsp);
}

static void reopt_on_move(struct intents *intents, struct intent_lsp *lsp,
                          const struct lsp_order *order)
{
    lsp->lost = (struct intent_lost){.unmet = lsp->lost.unmet};
    if (order->state == LSP_ORDER_REFUSED) {
        lsp->lost.reason = "the router has refused to move it to another path";
        lsp->lost.error_type = order->error_type;
        lsp->lost.error_value = order->error_value;
    } else if (order->state == LSP_ORDER_UNCONFIRMED) {
        lsp->lost.reason = "the router has not answered when it was to be moved";
    }
    intents_touch(intents, lsp);
}

void intents_on_order(struct intents *intents, const struct lsp_order *order)
{
    const struct wire_span name = {(const uint8_t *)order->name, order->name_size};
    bool is_ours = order->who == LSP_ORDER_BY_INTENT || order->who == LSP_ORDER_BY_REOPTIMISATION;
    if (!is_ours || !lsp_order_has_ended(order) || intents->counters.intents == 0)
        return;
    struct intent_lsp *lsp = intents_find_lsp(intents, &order->pcc, name);
    if (lsp == NULL)
        return;
    if (order->who == LSP_ORDER_BY_REOPTIMISATION)
        reopt_on_move(intents, lsp, order);
    else if (order->id == lsp->order_id && order->kind == LSP_ORDER_UPDATE &&
             order->state != LSP_ORDER_DONE)
        lsp->claims[0] = lsp->claims[1]; /* it has what was asked for before */
}
