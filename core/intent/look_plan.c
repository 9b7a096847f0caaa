/* The path to ask for: when it is made, and by whom. */
#include "core/intent/intents_impl.h"
#include "core/intent/look.h"
#include "core/lsp/lane.h"
#include "core/pcep/error.h"
#include "core/requests/unmet.h"

/* What lacks bandwidth is looked at again: bandwidth comes back without a word. */
#define PAUSE_S     10
#define PAUSE_MAX_S 320

uint64_t look_serial(const struct look *look)
{
    const struct ted_snapshot *snapshot = look->scene->planner.snapshot;
    return snapshot == NULL ? LOOK_NO_NETWORK : snapshot->serial;
}

static uint64_t look_account(const struct look *look)
{
    const struct ted_reservations *account = look->scene->planner.reopt->reservations;
    return account == NULL ? 0 : ted_reservations_changes(account);
}

/* ---- there is none ---- */

static bool look_has_failed_here(const struct look *look)
{
    const struct intent_failure *failure = &look->lsp->failure;
    return failure->serial == look_serial(look) && failure->binding == look->lsp->binding;
}

/* Each time that nothing has come of it the pause is twice as long. */
static uint32_t look_pause_s(const struct look *look)
{
    uint32_t before_s = look_has_failed_here(look) ? look->lsp->failure.pause_s : 0;
    if (before_s == 0)
        return PAUSE_S;
    return before_s < PAUSE_MAX_S ? 2 * before_s : PAUSE_MAX_S;
}

/* There was none on an earlier network: it is looked for on this one. */
static void look_try_again(struct look *look)
{
    look->lsp->failure.serial = 0;
    intents_touch(look->scene->intents, look->lsp);
}

static void look_fail(struct look *look)
{
    struct intent_lsp *lsp = look->lsp;
    uint32_t pause_s = look_pause_s(look);
    look->scene->intents->counters.intents_no_path += lsp->sight.state != INTENT_NO_PATH;
    look_set(look, INTENT_NO_PATH, look->plan.reason);
    lsp->sight.unmet = look->plan.unmet;
    lsp->failure = (struct intent_failure){.serial = look_serial(look),
                                           .account = look_account(look),
                                           .again = mono_add_s(look->scene->now, pause_s),
                                           .pause_s = pause_s,
                                           .binding = lsp->binding};
    if (look->plan.is_past)
        look_try_again(look);
    else if (lsp->path->bandwidth > 0)
        look_again_at(look, lsp->failure.again);
}

/* Nothing has changed since there was none, as far as it is known yet. */
static bool look_is_hopeless(struct look *look)
{
    struct intent_lsp *lsp = look->lsp;
    if (lsp->sight.state != INTENT_NO_PATH || !look_has_failed_here(look))
        return false;
    bool is_early = mono_is_before(look->scene->now, lsp->failure.again);
    if (!is_early && lsp->failure.account != look_account(look))
        return false;
    if (!is_early)
        lsp->failure.again = mono_add_s(look->scene->now, PAUSE_S);
    if (lsp->path->bandwidth > 0)
        look_again_at(look, lsp->failure.again);
    return true;
}

/* ---- other threads ---- */

static void look_send(struct look *look)
{
    struct intents *intents = look->scene->intents;
    struct intent_lsp *lsp = look->lsp;
    lsp->is_heavy = true;
    /* That there was none stays to be seen while it is looked for again. */
    if (!lsp->is_outdated || lsp->sight.state != INTENT_NO_PATH)
        look_wait(look, "its path is computed by another thread");
    const struct ted_snapshot *snapshot = look->scene->planner.snapshot;
    const struct path_request *request = &look->plan.request;
    const uint64_t tag = intents_tag_of(lsp);
    enum pce_status status =
        lsp->is_outdated ? errands_send_patient(intents->errands, tag, request, snapshot)
                         : errands_send(intents->errands, tag, request, look_serial(look), 0);
    if (status != PCE_OK) {
        if (!list_is_linked(&lsp->due))
            list_push_back(&intents->heavy, &lsp->due);
        return;
    }
    lsp->is_computing = true;
    lsp->is_patient = lsp->is_outdated;
    lsp->sent_serial = look_serial(look);
    lsp->sent_binding = lsp->binding;
    intents->counters.intents_computing++;
    intents->counters.intents_offloaded++;
}

bool look_end_computing(struct look *look)
{
    struct intent_lsp *lsp = look->lsp;
    const bool is_same = lsp->is_computing && lsp->sent_binding == lsp->binding;
    if (is_same && (lsp->sent_serial == look_serial(look) || lsp->is_patient))
        return false;
    lsp->is_outdated |= is_same;
    intents_stop_computing(look->scene->intents, lsp);
    return true;
}

/* ---- making it ---- */

bool look_make_plan(struct look *look)
{
    struct reconcile_scene *scene = look->scene;
    struct intent_lsp *lsp = look->lsp;
    const struct intent_subject subject = {.intent = lsp->entry->record.intent,
                                           .path = lsp->path,
                                           .ability = &look->lane->ability,
                                           .reported = look->reported,
                                           .computed = look->computed,
                                           .is_heavy = lsp->is_heavy,
                                           .is_outdated = lsp->is_outdated};
    if (look_is_hopeless(look))
        return false;
    intent_plan_make(&scene->planner, &subject, &look->plan);
    scene->work_left -= look->plan.work < scene->work_left ? look->plan.work : scene->work_left;
    look->has_plan = look->plan.reason == NULL;
    lsp->plan_serial = look->has_plan ? look_serial(look) : 0;
    lsp->is_outdated = !look->has_plan && (lsp->is_outdated || look->computed != NULL);
    lsp->plan_path = look->plan.path_digest;
    if (look->plan.is_heavy)
        look_send(look);
    else if (!look->has_plan)
        look_fail(look);
    return look->has_plan;
}

static bool look_is_unbound(const struct intent_lsp *lsp)
{
    return lsp->sight.error_type == pcep_error_type(PCEP_ERROR_BINDING_FAILED);
}

/* On another network what was refused may be asked again. */
static void look_meet_network(struct look *look)
{
    struct intent_lsp *lsp = look->lsp;
    if (lsp->seen_serial == look_serial(look))
        return;
    /* Which labels its PCC may give away is no matter of the network. */
    if (lsp->seen_serial != 0 && !look_is_unbound(lsp))
        look_unblock(lsp);
    lsp->seen_serial = look_serial(look);
    lsp->lost.reason = NULL;
    lsp->lost.error_type = lsp->lost.error_value = 0;
    lsp->is_heavy = false;
}

bool look_plan(struct look *look)
{
    const struct intent_lsp *lsp = look->lsp;
    if (lsp->path == NULL || lsp->must_go)
        return true;
    look_meet_network(look);
    if (lsp->path->is_dynamic || lsp->plan_serial == look_serial(look))
        return true;
    return look_make_plan(look);
}
