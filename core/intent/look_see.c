/* What is wanted, and what is there. */
#include "core/intent/intent_ero.h"
#include "core/intent/look.h"
#include "core/lsp/lane.h"
#include "core/pcep/model.h"

uint64_t look_serial(const struct look *look)
{
    const struct ted_snapshot *snapshot = look->scene->planner.snapshot;
    return snapshot == NULL ? LOOK_NO_NETWORK : snapshot->serial;
}

bool look_make_plan(struct look *look)
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
bool look_plan(struct look *look)
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

struct intent_seen look_see(struct look *look)
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
