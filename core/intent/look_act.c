/* What is done: orders, and how often. */
#include "core/intent/intent_binding.h"
#include "core/intent/intent_group.h"
#include "core/intent/look.h"
#include "core/lsp/lane.h"
#include "core/requests/unmet.h"

#define PEACE_S           3600 /* after it, tries are forgotten */
#define AGAIN_S           1    /* what had no room is tried again */
#define BANDWIDTH_AGAIN_S 10

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

static struct ted_claim look_claim(const struct intent_path *path)
{
    return ted_claim_of(path->bandwidth, path->setup_priority, path->holding_priority);
}

/* What is asked of it holds from here on. */
static void look_note_asked(struct look *look)
{
    struct intent_lsp *lsp = look->lsp;
    const struct ted_claim claim = look_claim(lsp->path);
    lsp->claims[1] = lsp->has_claim ? lsp->claims[0] : claim;
    lsp->claims[0] = claim;
    lsp->has_claim = lsp->has_asked = true;
    lsp->has_bound = lsp->path->binding.what != LSP_BINDING_NONE;
    lsp->asked_digest = intent_attributes_digest(lsp->entry->record.intent, lsp->path);
}

static bool look_is_path(enum intent_action action)
{
    return action == INTENT_DO_INITIATE || action == INTENT_DO_UPDATE;
}

static struct wire_span look_name(const struct look *look)
{
    return (struct wire_span){(const uint8_t *)look->lsp->name, look->lsp->name_size};
}

static void look_on_submit(struct look *look, enum intent_action action, enum pce_status status,
                           const struct lsp_order_receipt *receipt)
{
    struct intent_lsp *lsp = look->lsp;
    if (status != PCE_OK && look_is_path(action))
        reopt_hold_let_go(look->scene->planner.reopt, &lsp->entry->pcc->address, look_name(look));
    switch (status) {
    case PCE_OK:
        lsp->order_id = receipt->id;
        lsp->order_binding = lsp->binding;
        lsp->is_settled = false;
        look_set(look, INTENT_ORDERED, NULL);
        look_count(look, action);
        if (look_is_path(action))
            look_note_asked(look);
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

/* ---- its bandwidth ---- */

static void look_on_raced(struct look *look)
{
    struct intents *intents = look->scene->intents;
    intents->counters.intents_raced++;
    if (look->lsp->path->is_dynamic) {
        look_wait(look, "others have taken the bandwidth of its path");
        intents_touch(intents, look->lsp); /* another path, or none */
        return;
    }
    look_set(look, INTENT_NO_PATH, "a link of its path has not so much bandwidth left");
    look->lsp->sight.unmet = UNMET_BIT(UNMET_BANDWIDTH);
    look_again_at(look, mono_add_s(look->scene->now, BANDWIDTH_AGAIN_S));
}

/* False: it cannot be had now, which is shown. */
static bool look_hold(struct look *look)
{
    const struct intent_lsp *lsp = look->lsp;
    const struct intent_planner *planner = &look->scene->planner;
    const struct hold_wanted wanted = {.pcc = lsp->entry->pcc->address,
                                       .name = look_name(look),
                                       .links = look->plan.links,
                                       .link_count = look->plan.link_count,
                                       .claim = look_claim(lsp->path),
                                       .is_flooded = lsp->entry->record.intent->setup_type ==
                                                     PCEP_PST_RSVP_TE,
                                       .now = look->scene->now};
    if (look->plan.link_count == 0)
        return true;
    switch (reopt_hold(planner->reopt, planner->snapshot, &wanted)) {
    case PCE_OK:
        return true;
    case PCE_LIMIT:
    case PCE_NOT_FOUND:
        look_on_raced(look);
        return false;
    case PCE_EXISTS:
        look_wait(look, "an order for the LSP is under way");
        break;
    default:
        look_wait(look, "memory is short");
        break;
    }
    look_again_at(look, mono_add_s(look->scene->now, AGAIN_S));
    return false;
}

/* ---- the order ---- */

static bool look_policy(const struct look *look, struct lsp_policy *policy)
{
    const struct reconcile_scene *scene = look->scene;
    const struct intent_lsp *lsp = look->lsp;
    const struct intent_originator originator =
        scene->originator_of(scene->owner, &lsp->entry->pcc->address);
    return intent_policy_of(lsp->entry->record.intent, lsp->path, &originator, policy);
}

/* What an operator has taken out of the intent is taken back where it was asked for. */
static struct lsp_binding look_binding(const struct look *look)
{
    const struct intent_lsp *lsp = look->lsp;
    if (look->reported == NULL)
        return lsp->path->binding;
    if (lsp->path->binding.what == LSP_BINDING_NONE && lsp->has_bound)
        return intent_binding_to_remove(look->reported);
    return intent_binding_to_ask(&lsp->path->binding, look->reported);
}

static void look_submit(struct look *look, enum intent_action action)
{
    const struct intent_lsp *lsp = look->lsp;
    const struct intent *intent = lsp->entry->record.intent;
    struct lsp_policy policy;
    struct lsp_order_receipt receipt = {.reason = NULL};
    struct lsp_order_request request = {
        .wanted = {.kind = look_order_kind(action)},
        .name = look_name(look),
        .who = LSP_ORDER_BY_INTENT,
    };
    if (look->reported != NULL)
        request.wanted.setup_type = lsp_first_instance(look->reported)->summary.setup_type;
    if (look_is_path(action)) {
        request.wanted.setup_type = intent->setup_type;
        request.wanted.objects =
            action == INTENT_DO_INITIATE ? look->plan.objects : intent_plan_update(&look->plan);
    }
    if (look_is_path(action))
        request.wanted.binding = look_binding(look);
    if (action == INTENT_DO_INITIATE) {
        bool is_policy = look_policy(look, &policy);
        request.wanted.policy = is_policy ? &policy : NULL;
        request.wanted.has_color = intent->has_color && !is_policy;
        request.wanted.color = intent->color;
    }
    look_on_submit(look, action, lsp_order_submit(look->lane, &request, look->scene->now, &receipt),
                   &receipt);
}

/* Before anything is computed. */
static bool look_is_refused(struct look *look)
{
    const struct intent *intent = look->lsp->entry->record.intent;
    const char *reason = intent_group_refusal(&intent->group, &look->scene->planner.group_source,
                                              &look->lane->ability);
    if (reason != NULL)
        look_block(look, INTENT_REFUSED, reason);
    return reason != NULL;
}

void look_act(struct look *look, enum intent_action action)
{
    struct intent_lsp *lsp = look->lsp;
    if (action != INTENT_DO_UPDATE && mono_is_before(look->scene->now, lsp->not_before)) {
        look_wait(look, "it has been asked for before, and waits for a while");
        look_again_at(look, lsp->not_before);
        return;
    }
    if (action == INTENT_DO_INITIATE && look_is_refused(look))
        return;
    if (look_is_path(action) && ((!look->has_plan && !look_make_plan(look)) || !look_hold(look)))
        return;
    look_submit(look, action);
}
