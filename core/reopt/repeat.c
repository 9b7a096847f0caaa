#include "core/reopt/repeat.h"

#include "core/reopt/lay.h"
#include "core/reopt/urge.h"

bool repeat_is(const struct lsp_route *route, uint32_t turn, uint32_t hash)
{
    return route != NULL && route->moved_s != 0 && !route->is_asked && route->moved_turn == turn &&
           route->ordered_hash == hash;
}

bool repeat_is_due(const struct lsp_route *route, struct mono now)
{
    uint64_t pause_s = (uint64_t)REPEAT_PAUSE_S << route->repeats;
    return now.ns / MONO_NS_PER_S >= route->moved_s + pause_s;
}

bool repeat_pauses(struct reopt *reopt, const struct reopt_scene *scene, const struct lsp *lsp,
                   uint32_t count)
{
    uint32_t hash = route_hash(reopt->numbers[1], count);
    if (!repeat_is(lsp->route, scene->snapshot->link_numbers->turn, hash) ||
        repeat_is_due(lsp->route, scene->now))
        return false;
    reopt->counters.reopt_no_memory += !slot_set_add(&reopt->paused, lsp->slot);
    return true;
}

void repeat_note(struct lsp_route *route, uint32_t turn, uint32_t hash, struct mono now)
{
    if (!repeat_is(route, turn, hash))
        route->repeats = 0;
    else if (route->repeats < REPEAT_DOUBLINGS_MAX)
        route->repeats++;
    route->moved_turn = turn;
    route->ordered_hash = hash;
    route->moved_s = (uint32_t)(now.ns / MONO_NS_PER_S);
}

static void repeat_look_begin(struct reopt *reopt, const struct reopt_scene *scene)
{
    if (reopt->is_repeating || reopt->paused.count == 0 ||
        mono_since_ns(scene->now, reopt->repeated) < REPEAT_LOOK_MS * MONO_NS_PER_MS)
        return;
    reopt->repeated = scene->now;
    reopt->is_repeating = true;
    reopt->repeat_slot = 0;
}

bool repeat_look(struct reopt *reopt, struct reopt_scene *scene)
{
    repeat_look_begin(reopt, scene);
    for (; reopt->is_repeating && scene->work_left > 0; reopt_spend(scene, REOPT_WORK_OF_MARK)) {
        if (!slot_set_next(&reopt->paused, &reopt->repeat_slot)) {
            reopt->is_repeating = false;
            break;
        }
        const uint32_t slot = reopt->repeat_slot++;
        const struct lsp *lsp = lsp_slots_at(&reopt->db->slots, slot);
        if (lsp != NULL && lsp->route != NULL && !repeat_is_due(lsp->route, scene->now))
            continue;
        slot_set_remove(&reopt->paused, slot);
        if (lsp != NULL)
            reopt_urge(reopt, lsp);
    }
    return reopt->is_repeating;
}
