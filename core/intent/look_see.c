/* What is wanted, and what is there. */
#include "core/intent/intent_ero.h"
#include "core/intent/look.h"
#include "core/lsp/lane.h"
#include "core/pcep/model.h"

void look_find(struct look *look)
{
    const struct intent_lsp *lsp = look->lsp;
    const struct lsp *reported = lsp_pcc_find_name(
        look->pcc, (struct wire_span){(const uint8_t *)lsp->name, lsp->name_size});
    if (reported != NULL && lsp_is_bound(reported) && !lsp_is_stale(reported))
        look->reported = reported;
}

/* Where a computed path leads is reoptimisation's, once its LSP is there. */
static bool look_has_path(const struct look *look)
{
    uint64_t digest;
    const struct lsp_instance *instance = lsp_first_instance(look->reported);
    const struct lsp_summary *summary = &instance->summary;
    const struct wire_span path = {instance->octets + summary->path_at, summary->path_size};
    if (look->lsp->path->is_dynamic)
        return true;
    return intent_digest_of(path, look->scene->planner.arena, &digest) &&
           digest == look->lsp->plan_path;
}

/* PCCs report attributes in part or not at all: what was asked last is compared, and what is reported
 * where nothing was asked yet. So a router that never reports one is asked once. */
static void look_see_attributes(struct look *look, struct intent_seen *seen)
{
    struct intent_lsp *lsp = look->lsp;
    const struct intent *intent = lsp->entry->record.intent;
    look->attributes = intent_attributes_digest(intent, lsp->path);
    if (lsp->has_asked) {
        seen->has_attributes = lsp->asked_digest == look->attributes;
        return;
    }
    enum intent_match match =
        intent_attributes_match(intent, lsp->path, look->reported, look->scene->planner.arena);
    seen->has_attributes = match == INTENT_MATCH;
    if (match != INTENT_MATCH_POLICY || !seen->is_ours)
        return;
    lsp->must_go = true;
    seen->is_wanted = false;
}

struct intent_seen look_see(struct look *look)
{
    const struct intent_lsp *lsp = look->lsp;
    const struct lsp *reported = look->reported;
    struct intent_seen seen = {.is_wanted = lsp->path != NULL && !lsp->must_go,
                               .is_blocked = lsp->sight.is_blocked};
    if (reported == NULL)
        return seen;
    uint16_t flags = lsp_first_instance(reported)->summary.flags;
    bool is_vague = lsp_profile_has(look->lane->ability.profile, LSP_HABIT_VAGUE_C);
    seen.is_there = true;
    seen.is_delegated = reported->delegation == LSP_IS_DELEGATED;
    seen.is_ours = (flags & PCEP_LSP_C) != 0 && (seen.is_delegated || !is_vague);
    seen.is_down = lsp_operational(reported) == PCEP_LSP_DOWN;
    if (!seen.is_wanted)
        return seen;
    seen.has_path = look_has_path(look);
    look_see_attributes(look, &seen);
    return seen;
}
