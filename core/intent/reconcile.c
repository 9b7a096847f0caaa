#include "core/intent/reconcile.h"

#include "core/intent/intents_impl.h"
#include "core/intent/look.h"

/* ---- one LSP ---- */

/* It is there as wanted: from here on reoptimisation may move it, and says what it could not do. */
static void look_settle(struct look *look, enum intent_state state)
{
    struct intent_lsp *lsp = look->lsp;
    struct reopt *reopt = look->scene->planner.reopt;
    lsp->has_asked = true;
    lsp->asked_digest = look->attributes;
    lsp->is_settled = true;
    reopt_look(reopt, look->reported);
    if (reopt_is_blocked(reopt, look->reported)) {
        look_set(look, INTENT_NO_PATH,
                 lsp->path->is_dynamic ? "its path breaks a constraint, and there is no other one"
                                       : "LSPs of higher priority hold the bandwidth of its path");
        lsp->sight.unmet = lsp->lost.unmet;
        return;
    }
    look_set(look, state, lsp->lost.reason);
    lsp->sight.error_type = lsp->lost.error_type;
    lsp->sight.error_value = lsp->lost.error_value;
}

/* Nothing is to be done, or may be. */
static void look_rest(struct look *look, const struct intent_seen *seen, enum intent_state state)
{
    if (state == INTENT_UP || state == INTENT_DOWN)
        look_settle(look, state);
    else if (!seen->is_blocked)
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
    look_find(look);
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

/* computed: what another thread has found for it; NULL: nothing. */
static void reconcile_lsp(struct reconcile_scene *scene, struct intent_lsp *lsp,
                          const struct computation *computed)
{
    struct look look = {.scene = scene, .lsp = lsp, .computed = computed};
    scene->work_left -=
        scene->work_left < RECONCILE_WORK_OF_ONE ? scene->work_left : RECONCILE_WORK_OF_ONE;
    if (look_find_session(&look) && look_end_order(&look) && look_end_computing(&look))
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

/* What other threads have found. */
static void reconcile_take_results(struct reconcile_scene *scene)
{
    struct intents *intents = scene->intents;
    const struct computation *computation;
    uint64_t tag;
    while (scene->work_left > 0 && (computation = errands_next(intents->errands, &tag)) != NULL) {
        struct intent_lsp *lsp = (struct intent_lsp *)(uintptr_t)tag;
        lsp->is_computing = false;
        intents->counters.intents_computing--;
        reconcile_lsp(scene, lsp, computation);
    }
}

/* Those that wait for other threads are looked at again while these have room. */
static void reconcile_wake_heavy(struct reconcile_scene *scene)
{
    struct intents *intents = scene->intents;
    struct list_link *link;
    for (uint32_t i = 0; i < RECONCILE_LOOKS_PER_TURN && errands_has_room(intents->errands); i++) {
        link = list_pop_front(&intents->heavy);
        if (link == NULL)
            return;
        reconcile_lsp(scene, CONTAINER_OF(link, struct intent_lsp, due), NULL);
    }
}

static void reconcile_offload(struct reconcile_scene *scene)
{
    if (scene->intents->errands == NULL)
        return;
    reconcile_take_results(scene);
    reconcile_wake_heavy(scene);
}

static bool reconcile_has_more(const struct intents *intents)
{
    return !list_is_empty(&intents->due) ||
           (intents->errands != NULL &&
            (errands_is_back(intents->errands) ||
             (!list_is_empty(&intents->heavy) && errands_has_room(intents->errands))));
}

bool reconcile_turn(struct reconcile_scene *scene)
{
    struct intents *intents = scene->intents;
    bool has_more = reconcile_walk(scene);
    reconcile_offload(scene);
    for (uint32_t i = 0; i < RECONCILE_LOOKS_PER_TURN && scene->work_left > 0; i++) {
        struct list_link *link = list_pop_front(&intents->due);
        if (link == NULL)
            break;
        reconcile_lsp(scene, CONTAINER_OF(link, struct intent_lsp, due), NULL);
    }
    return has_more || reconcile_has_more(intents);
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
