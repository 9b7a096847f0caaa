#include "core/intent/reconcile.h"

#include "core/base/check.h"
#include "core/intent/intent_ero.h"
#include "core/intent/intents_impl.h"
#include "core/lsp/lane.h"
#include "core/pcep/model.h"

#define PEACE_S     3600 /* after it, tries are forgotten */
#define AGAIN_S     1    /* what had no room is tried again */
#define SERIAL_NONE UINT64_MAX

/* One look at an LSP. */
struct look {
    struct reconcile_scene *scene;
    struct intent_lsp *lsp;
    struct lsp_lane *lane;
    struct lsp_pcc *pcc;
    const struct lsp *reported; /* NULL: not in this session */
    struct intent_plan plan;
    bool has_plan;
};

/* ---- what has become of it ---- */

static void look_set(struct look *look, enum intent_state state, const char *reason)
{
    struct intent_lsp *lsp = look->lsp;
    if (lsp->sight.state != state)
        lsp->since = look->scene->now;
    lsp->sight = (struct intent_sight){.state = (uint8_t)state, .reason = reason};
}

static void look_block(struct look *look, enum intent_state state, const char *reason)
{
    look_set(look, state, reason);
    look->lsp->sight.is_blocked = true;
    look->scene->intents->counters.intents_refused++;
}

/* What was refused stays to be seen while its PCC is away. */
static void look_wait(struct look *look, const char *reason)
{
    if (!look->lsp->sight.is_blocked)
        look_set(look, INTENT_WAITING, reason);
}

static void look_again_at(struct look *look, struct mono when)
{
    struct wheel_timer *timer = &look->lsp->entry->pcc->timer;
    if (!wheel_is_running(timer) || timer->deadline_ms > when.ns / MONO_NS_PER_MS)
        wheel_start(look->scene->intents->wheel, timer, when);
}

static void look_unblock(struct intent_lsp *lsp)
{
    lsp->sight.is_blocked = false;
    lsp->waits_for_path = false;
}

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
static bool look_find_session(struct look *look)
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
static bool look_end_order(struct look *look)
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

/* ---- what is wanted, and what is there ---- */

static uint64_t look_serial(const struct look *look)
{
    const struct ted_snapshot *snapshot = look->scene->planner.snapshot;
    return snapshot == NULL ? SERIAL_NONE : snapshot->serial;
}

static bool look_make_plan(struct look *look)
{
    struct reconcile_scene *scene = look->scene;
    struct intent_lsp *lsp = look->lsp;
    intent_plan_make(&scene->planner, lsp->entry->record.intent, lsp->path, &look->lane->ability,
                     &look->plan);
    scene->work_left -= look->plan.work < scene->work_left ? look->plan.work : scene->work_left;
    look->has_plan = look->plan.reason == NULL;
    if (look->has_plan) {
        lsp->plan_path = look->plan.path_digest;
        lsp->plan_whole = look->plan.whole_digest;
        lsp->plan_serial = look_serial(look);
        return true;
    }
    lsp->plan_serial = 0;
    scene->intents->counters.intents_no_path += lsp->sight.state != INTENT_NO_PATH;
    look_set(look, INTENT_NO_PATH, look->plan.reason);
    lsp->sight.unmet = look->plan.unmet;
    return false;
}

/* Unless nothing has changed that it depends on. False: there is none. */
static bool look_plan(struct look *look)
{
    struct intent_lsp *lsp = look->lsp;
    if (lsp->path == NULL || lsp->must_go || lsp->plan_serial == look_serial(look))
        return true;
    if (lsp->plan_serial != 0)
        look_unblock(lsp);
    return look_make_plan(look);
}

static bool look_has_path(const struct look *look)
{
    uint64_t digest;
    const struct lsp_instance *instance = lsp_first_instance(look->reported);
    const struct lsp_summary *summary = &instance->summary;
    const struct wire_span path = {instance->octets + summary->path_at, summary->path_size};
    return intent_digest_of(path, look->scene->planner.arena, &digest) &&
           digest == look->lsp->plan_path;
}

/* PCCs report attributes in part or not at all: what was asked last is compared, and bandwidth
 * where nothing was asked yet. */
static bool look_has_attributes(const struct look *look)
{
    const struct intent_lsp *lsp = look->lsp;
    if (lsp->has_asked)
        return lsp->asked_digest == lsp->plan_whole;
    float reported = lsp_first_instance(look->reported)->summary.bandwidth;
    return !(reported < lsp->path->bandwidth) && !(reported > lsp->path->bandwidth);
}

static struct intent_seen look_see(struct look *look)
{
    const struct intent_lsp *lsp = look->lsp;
    struct intent_seen seen = {.is_wanted = lsp->path != NULL && !lsp->must_go,
                               .is_blocked = lsp->sight.is_blocked};
    const struct lsp *reported = lsp_pcc_find_name(
        look->pcc, (struct wire_span){(const uint8_t *)lsp->name, lsp->name_size});
    if (reported == NULL || !lsp_is_bound(reported) || lsp_is_stale(reported))
        return seen;
    look->reported = reported;
    uint16_t flags = lsp_first_instance(reported)->summary.flags;
    bool is_vague = lsp_profile_has(look->lane->ability.profile, LSP_HABIT_VAGUE_C);
    seen.is_there = true;
    seen.is_delegated = reported->delegation == LSP_IS_DELEGATED;
    seen.is_ours = (flags & PCEP_LSP_C) != 0 && (seen.is_delegated || !is_vague);
    seen.is_down = lsp_operational(reported) == PCEP_LSP_DOWN;
    seen.has_path = seen.is_wanted && look_has_path(look);
    seen.has_attributes = seen.is_wanted && look_has_attributes(look);
    return seen;
}

/* ---- what is done ---- */

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

static void look_submit(struct look *look, enum intent_action action)
{
    const struct intent_lsp *lsp = look->lsp;
    const struct reconcile_scene *scene = look->scene;
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
        bool is_policy = intent_policy_of(intent, lsp->path, &scene->originator, &policy);
        request.wanted.policy = is_policy ? &policy : NULL;
        request.wanted.has_color = intent->has_color && !is_policy;
        request.wanted.color = intent->color;
    }
    look_on_submit(look, action, lsp_order_submit(look->lane, &request, scene->now, &receipt),
                   &receipt);
}

static void look_act(struct look *look, enum intent_action action)
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
    uint64_t serial = snapshot == NULL ? SERIAL_NONE : snapshot->serial;
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
