/* What is done: orders, and how often. */
#include "core/intent/look.h"
#include "core/lsp/lane.h"

#define PEACE_S 3600 /* after it, tries are forgotten */
#define AGAIN_S 1    /* what had no room is tried again */

static uint8_t look_order_kind(enum intent_action action)
{
    switch (action) {
    case INTENT_DO_INITIATE:
        return LSP_ORDER_INITIATE;
    case INTENT_DO_UPDATE:
        return LSP_ORDER_UPDATE;
    case INTENT_DO_ADOPT:
        return LSP_ORDER_ADOPT;
    default:
        return LSP_ORDER_DELETE;
    }
}

static void look_count(struct look *look, enum intent_action action)
{
    struct intent_counters *counters = &look->scene->intents->counters;
    struct intent_lsp *lsp = look->lsp;
    counters->intents_initiated += action == INTENT_DO_INITIATE;
    counters->intents_updated += action == INTENT_DO_UPDATE;
    counters->intents_adopted += action == INTENT_DO_ADOPT;
    counters->intents_removed += action == INTENT_DO_DELETE;
    if (action == INTENT_DO_UPDATE)
        return; /* its pauses are those of LSPs that somebody else moves (lane.h) */
    if (mono_since_ns(look->scene->now, lsp->asked) >= PEACE_S * MONO_NS_PER_S)
        lsp->tries = 0;
    lsp->asked = look->scene->now;
    uint64_t pause_s = lsp->tries == 0 ? 0 : (uint64_t)RECONCILE_PAUSE_S << (lsp->tries - 1);
    if (pause_s > RECONCILE_PAUSE_MAX_S)
        pause_s = RECONCILE_PAUSE_MAX_S;
    else
        lsp->tries++;
    lsp->not_before = mono_add_s(look->scene->now, pause_s);
}

static void look_on_submit(struct look *look, enum intent_action action, enum pce_status status,
                           const struct lsp_order_receipt *receipt)
{
    struct intent_lsp *lsp = look->lsp;
    switch (status) {
    case PCE_OK:
        lsp->order_id = receipt->id;
        lsp->order_binding = lsp->binding;
        look_set(look, INTENT_ORDERED, NULL);
        look_count(look, action);
        if (action != INTENT_DO_INITIATE && action != INTENT_DO_UPDATE)
            return;
        lsp->has_asked = true;
        lsp->asked_digest = lsp->plan_whole;
        return;
    case PCE_LIMIT:
    case PCE_NO_MEMORY:
    case PCE_EXISTS:
    case PCE_CLOSED:
        look_wait(look, receipt->reason);
        look_again_at(look, mono_add_s(look->scene->now, AGAIN_S));
        return;
    default:
        look_block(look, INTENT_REFUSED, receipt->reason);
        return;
    }
}

static bool look_policy(const struct look *look, struct lsp_policy *policy)
{
    const struct reconcile_scene *scene = look->scene;
    const struct intent_lsp *lsp = look->lsp;
    const struct intent_originator originator =
        scene->originator_of(scene->owner, &lsp->entry->pcc->address);
    return intent_policy_of(lsp->entry->record.intent, lsp->path, &originator, policy);
}

static void look_submit(struct look *look, enum intent_action action)
{
    const struct intent_lsp *lsp = look->lsp;
    const struct intent *intent = lsp->entry->record.intent;
    struct lsp_policy policy;
    struct lsp_order_receipt receipt = {.reason = NULL};
    struct lsp_order_request request = {
        .wanted = {.kind = look_order_kind(action)},
        .name = {(const uint8_t *)lsp->name, lsp->name_size},
        .who = LSP_ORDER_BY_INTENT,
    };
    if (look->reported != NULL)
        request.wanted.setup_type = lsp_first_instance(look->reported)->summary.setup_type;
    if (action == INTENT_DO_INITIATE || action == INTENT_DO_UPDATE) {
        request.wanted.setup_type = intent->setup_type;
        request.wanted.objects =
            action == INTENT_DO_INITIATE ? look->plan.objects : intent_plan_update(&look->plan);
    }
    if (action == INTENT_DO_INITIATE) {
        bool is_policy = look_policy(look, &policy);
        request.wanted.policy = is_policy ? &policy : NULL;
        request.wanted.has_color = intent->has_color && !is_policy;
        request.wanted.color = intent->color;
    }
    look_on_submit(look, action, lsp_order_submit(look->lane, &request, look->scene->now, &receipt),
                   &receipt);
}

void look_act(struct look *look, enum intent_action action)
{
    struct intent_lsp *lsp = look->lsp;
    bool needs_plan = action == INTENT_DO_INITIATE || action == INTENT_DO_UPDATE;
    if (action != INTENT_DO_UPDATE && mono_is_before(look->scene->now, lsp->not_before)) {
        look_wait(look, "it has been asked for before, and waits for a while");
        look_again_at(look, lsp->not_before);
        return;
    }
    if (needs_plan && !look->has_plan && !look_make_plan(look))
        return;
    look_submit(look, action);
}
