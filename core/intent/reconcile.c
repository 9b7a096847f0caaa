#include "core/intent/reconcile.h"

#include "core/intent/intents_impl.h"
#include "core/intent/look.h"

/* ---- one LSP ---- */

/* It is there as wanted, or nothing may be done. */
static void look_rest(struct look *look, const struct intent_seen *seen, enum intent_state state)
{
    struct intent_lsp *lsp = look->lsp;
    if (state == INTENT_UP || state == INTENT_DOWN) {
        look_set(look, state, NULL);
        lsp->has_asked = true;
        lsp->asked_digest = lsp->plan_whole;
        return;
    }
    if (!seen->is_blocked)
        look_set(look, state,
                 state == INTENT_CONFLICT ? "the router has an LSP of this name that is not ours"
                                          : NULL);
}

/* What was there is gone. False: so is the LSP. */
static bool look_forget(struct look *look)
{
    struct intent_lsp *lsp = look->lsp;
    if (lsp->path == NULL) {
        intents_drop_lsp(lsp);
        return false;
    }
    intents_cleared(lsp);
    return true;
}

static void look_decide(struct look *look)
{
    enum intent_state state = INTENT_WAITING;
    if (!look_plan(look))
        return;
    struct intent_seen seen = look_see(look);
    enum intent_action action = intent_decide(&seen, &state);
    if (action == INTENT_DO_NOTHING) {
        look_rest(look, &seen, state);
    } else if (action != INTENT_DO_FORGET) {
        look_act(look, action);
    } else if (look_forget(look)) {
        intents_touch(look->scene->intents, look->lsp); /* and now for what is wanted */
    }
}

static void reconcile_lsp(struct reconcile_scene *scene, struct intent_lsp *lsp)
{
    struct look look = {.scene = scene, .lsp = lsp};
    if (look_find_session(&look) && look_end_order(&look))
        look_decide(&look);
    arena_reset(scene->planner.arena);
}

/* ---- the turn ---- */

/* On another network every plan is made anew, some entries in each turn. */
static bool reconcile_walk(struct reconcile_scene *scene)
{
    struct intents *intents = scene->intents;
    const struct ted_snapshot *snapshot = scene->planner.snapshot;
    uint64_t serial = snapshot == NULL ? LOOK_NO_NETWORK : snapshot->serial;
    if (intents->serial != serial) {
        intents->serial = serial;
        intents->walk = 0;
    }
    for (uint32_t i = 0; i < RECONCILE_LOOKS_PER_TURN; i++) {
        struct intent_entry *entry = intents_next(intents, &intents->walk);
        if (entry == NULL)
            return false;
        intents->walk++;
        intents_touch_entry(intents, entry);
    }
    return true;
}

bool reconcile_turn(struct reconcile_scene *scene)
{
    struct intents *intents = scene->intents;
    bool has_more = reconcile_walk(scene);
    for (uint32_t i = 0; i < RECONCILE_LOOKS_PER_TURN && scene->work_left > 0; i++) {
        struct list_link *link = list_pop_front(&intents->due);
        if (link == NULL)
            return has_more;
        scene->work_left -=
            scene->work_left < RECONCILE_WORK_OF_ONE ? scene->work_left : RECONCILE_WORK_OF_ONE;
        reconcile_lsp(scene, CONTAINER_OF(link, struct intent_lsp, due));
    }
    return has_more || !list_is_empty(&intents->due);
}

void reconcile_on_lsp(struct intents *intents, const struct ip *pcc, struct wire_span name,
                      bool has_new_path)
{
    struct intent_lsp *lsp = intents_find_lsp(intents, pcc, name);
    if (lsp == NULL)
        return;
    if (has_new_path && lsp->waits_for_path)
        look_unblock(lsp);
    intents_touch(intents, lsp);
}
