#include "core/reopt/change.h"

#include "core/reopt/route.h"
#include "core/reopt/urge.h"

/* ---- a new network ---- */

static void change_mark(struct reopt *reopt, uint32_t slot, bool is_urgent)
{
    if (is_urgent)
        reopt_urge(reopt, lsp_slots_at(&reopt->db->slots, slot));
    else
        reopt->counters.reopt_no_memory += !slot_set_add(&reopt->waiting, slot);
}

/* The LSPs of the link that is looked at; false: the turn's work is used up before the last one. */
static bool change_mark_link(struct reopt *reopt, struct reopt_scene *scene, bool is_urgent)
{
    uint32_t slot;
    while (scene->work_left > 0) {
        if (!link_index_next(&reopt->index, reopt->scan_number, &reopt->scan_place, &slot)) {
            reopt->scan_place = LINK_INDEX_NONE;
            return true;
        }
        change_mark(reopt, slot, is_urgent);
        reopt_spend(scene, REOPT_WORK_OF_MARK);
    }
    return false;
}

static uint32_t change_later(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static void change_note_turns(struct reopt *reopt, const struct ted_link_history *history)
{
    reopt->better_turn = change_later(reopt->better_turn, history->better);
    reopt->better_turn = change_later(reopt->better_turn, history->relabelled);
    reopt->worse_turn = change_later(reopt->worse_turn, history->worse);
    reopt->worse_turn = change_later(reopt->worse_turn, history->gone);
}

/* What has happened to a link since the network that was gone through last. False: it is to be
 * looked at again. */
static bool change_of_link(struct reopt *reopt, struct reopt_scene *scene,
                           const struct ted_link_history *history)
{
    uint32_t seen = reopt->seen_turn;
    bool is_urgent = history->gone > seen || history->relabelled > seen;
    bool is_worse = history->worse > seen, is_better = history->better > seen;
    reopt->is_changed = reopt->is_changed || is_urgent || is_worse || is_better;
    reopt->has_improved = reopt->has_improved || is_better;
    change_note_turns(reopt, history);
    return (!is_urgent && !is_worse) || change_mark_link(reopt, scene, is_urgent);
}

static void change_begin(struct reopt *reopt, const struct ted_link_numbers *numbers)
{
    if (numbers->turn == reopt->scan_turn)
        return;
    reopt->scan_turn = numbers->turn;
    reopt->scan_number = 0;
    reopt->scan_place = LINK_INDEX_NONE;
    reopt->scan_slot = 0;
    reopt->is_scanning = true;
    reopt->is_relabelled = numbers->labels_turn > reopt->seen_turn;
    reopt->is_changed = reopt->is_relabelled;
    reopt->has_improved = false;
}

/* False: the turn's work is used up before the last link. */
static bool change_scan_links(struct reopt *reopt, struct reopt_scene *scene)
{
    const struct ted_link_numbers *numbers = scene->snapshot->link_numbers;
    while (reopt->scan_number < numbers->count) {
        if (scene->work_left == 0 ||
            !change_of_link(reopt, scene, &numbers->history[reopt->scan_number]))
            return false;
        if (++reopt->scan_number % REOPT_LINKS_OF_STEP == 0)
            reopt_spend(scene, 1);
    }
    return true;
}

/* Labels are read otherwise now: all are laid. False: there are more. */
static bool change_relabel(struct reopt *reopt, struct reopt_scene *scene)
{
    const struct lsp *lsp;
    while (reopt->is_relabelled && scene->work_left > 0) {
        if ((lsp = lsp_db_next(reopt->db, &reopt->scan_slot)) == NULL) {
            reopt->is_relabelled = false;
            reopt->scan_slot = 0;
            break;
        }
        reopt->counters.reopt_no_memory += !slot_set_add(&reopt->laying, lsp->slot);
        reopt_spend(scene, 1);
    }
    return !reopt->is_relabelled;
}

/* Something is better: there may be a path for those without one. False: there are more. */
static bool change_mark_blocked(struct reopt *reopt, struct reopt_scene *scene)
{
    while (reopt->has_improved && scene->work_left > 0) {
        if (!slot_set_next(&reopt->blocked, &reopt->scan_slot)) {
            reopt->has_improved = false;
            break;
        }
        change_mark(reopt, reopt->scan_slot++, true);
        reopt_spend(scene, REOPT_WORK_OF_MARK);
    }
    return !reopt->has_improved;
}

/* Node segments go where the IGP leads: any change of any link may move them, and what was not
 * resolved may be now. */
static void change_mark_led(struct reopt *reopt)
{
    if (reopt->is_changed)
        reopt->counters.reopt_no_memory += !slot_set_add_all(&reopt->laying, &reopt->led);
    reopt->is_changed = false;
}

bool change_scan(struct reopt *reopt, struct reopt_scene *scene)
{
    change_begin(reopt, scene->snapshot->link_numbers);
    if (!reopt->is_scanning)
        return false;
    if (!change_scan_links(reopt, scene))
        return true;
    change_mark_led(reopt);
    if (!change_relabel(reopt, scene) || !change_mark_blocked(reopt, scene))
        return true;
    reopt->is_scanning = false;
    reopt->seen_turn = reopt->scan_turn;
    return false;
}

/* ---- links that hold too much ---- */

/* One LSP gives way: what it holds of the other links goes with it. */
static void change_evict(struct reopt *reopt, struct lsp *lsp, uint32_t number)
{
    struct lsp_route *route = lsp->route;
    route_release_others(reopt, route, number);
    route->claim.octets_per_s = 0;
    route->is_evicted = true;
    reopt->counters.reopt_pre_empted++;
    reopt_urge(reopt, lsp);
}

static bool change_may_evict(struct reopt *reopt, const struct lsp *lsp, unsigned holding)
{
    uint8_t sids_max;
    const struct lsp_route *route = lsp->route;
    return route != NULL && route->is_counted && route->claim.octets_per_s > 0 &&
           route->claim.holding == holding && lsp->delegation == LSP_IS_DELEGATED &&
           reopt->events->may_move(reopt, lsp, &sids_max);
}

/* Of the LSPs that hold the link at one priority as many as are needed. False: the turn's work is
 * used up before the last one. */
static bool change_relieve_at(struct reopt *reopt, struct reopt_scene *scene, unsigned holding)
{
    uint32_t number = reopt->press_number, slot;
    while (link_index_next(&reopt->index, number, &reopt->press_place, &slot)) {
        struct lsp *lsp = lsp_slots_at(&reopt->db->slots, slot);
        reopt_spend(scene, REOPT_WORK_OF_MARK);
        if (change_may_evict(reopt, lsp, holding)) {
            /* Of several segment lists the share of those over the link; backups hold nothing of it. */
            const struct ted_claim claim = route_claim_of(reopt, lsp->route, number);
            if (claim.octets_per_s > 0 &&
                !ted_reservations_give_way(reopt->reservations, scene->snapshot, number, &claim))
                break;
            if (claim.octets_per_s > 0)
                change_evict(reopt, lsp, number);
        }
        if (scene->work_left == 0)
            return false;
    }
    reopt->press_place = LINK_INDEX_NONE;
    return true;
}

static bool change_is_over(const struct reopt *reopt, const struct reopt_scene *scene)
{
    unsigned priority;
    return ted_reservations_is_over(reopt->reservations, scene->snapshot, reopt->press_number,
                                    &priority);
}

/* The lowest priorities first, down to what the link has. False: as above. */
static bool change_relieve(struct reopt *reopt, struct reopt_scene *scene)
{
    while (reopt->press_left > 0 && change_is_over(reopt, scene)) {
        if (!change_relieve_at(reopt, scene, reopt->press_left - 1))
            return false;
        reopt->press_left--;
    }
    reopt->press_left = TED_PRIORITIES;
    reopt->press_place = LINK_INDEX_NONE;
    return true;
}

/* Those on a link that is gone are computed anew for that, and give way to nobody. */
static bool change_is_there(const struct reopt_scene *scene, uint32_t number)
{
    const struct ted_link_numbers *numbers = scene->snapshot->link_numbers;
    return number < numbers->count && numbers->links[number] != TED_NONE;
}

/* False: the turn's work is used up before the link is relieved. */
static bool change_press_link(struct reopt *reopt, struct reopt_scene *scene)
{
    uint32_t number = reopt->press_number;
    bool is_used = link_index_count(&reopt->index, number) > 0 && change_is_there(scene, number);
    reopt_spend(scene, is_used ? REOPT_WORK_OF_MARK : 1);
    return !is_used || change_relieve(reopt, scene);
}

static void change_press_begin(struct reopt *reopt, const struct reopt_scene *scene)
{
    uint64_t pressed = ted_reservations_pressed(reopt->reservations);
    bool is_early =
        mono_since_ns(scene->now, reopt->pressed_since) < REOPT_PRESSED_MS * MONO_NS_PER_MS;
    if (reopt->is_pressing || pressed == reopt->pressed || is_early)
        return;
    reopt->pressed = pressed;
    reopt->pressed_since = scene->now;
    reopt->press_number = 0;
    reopt->press_left = TED_PRIORITIES;
    reopt->press_place = LINK_INDEX_NONE;
    reopt->is_pressing = true;
}

bool change_press(struct reopt *reopt, struct reopt_scene *scene)
{
    if (reopt->reservations == NULL)
        return false;
    change_press_begin(reopt, scene);
    while (reopt->is_pressing && scene->work_left > 0) {
        reopt->is_pressing = reopt->press_number < reopt->index.chain_count;
        if (reopt->is_pressing && change_press_link(reopt, scene))
            reopt->press_number++;
    }
    return reopt->is_pressing;
}

/* ---- the interval ---- */

static void change_look_begin(struct reopt *reopt, const struct reopt_scene *scene)
{
    uint64_t interval_ns = reopt->settings.interval_s * MONO_NS_PER_S;
    if (reopt->is_looking || interval_ns == 0 ||
        mono_since_ns(scene->now, reopt->looked) < interval_ns)
        return;
    reopt->looked = scene->now;
    reopt->look_turn++;
    reopt->is_looking = true;
    reopt->look_slot = 0;
}

bool change_look(struct reopt *reopt, struct reopt_scene *scene)
{
    change_look_begin(reopt, scene);
    for (; reopt->is_looking && scene->work_left > 0; reopt_spend(scene, REOPT_WORK_OF_MARK)) {
        const struct lsp *lsp = lsp_db_next(reopt->db, &reopt->look_slot);
        if (lsp == NULL)
            reopt->is_looking = false;
        else if (lsp->delegation == LSP_IS_DELEGATED)
            reopt->counters.reopt_no_memory += !slot_set_add(&reopt->waiting, lsp->slot);
    }
    return reopt->is_looking;
}
