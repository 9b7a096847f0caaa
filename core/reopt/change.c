#include "core/reopt/change.h"

#include "core/reopt/route.h"
#include "core/reopt/urge.h"

/* ---- a new network ---- */

static void change_mark_urgent(struct reopt *reopt, uint32_t number)
{
    uint32_t place = LINK_INDEX_NONE, slot;
    while (link_index_next(&reopt->index, number, &place, &slot))
        reopt_urge(reopt, lsp_slots_at(&reopt->db->slots, slot));
}

static void change_mark_waiting(struct reopt *reopt, uint32_t number)
{
    uint32_t place = LINK_INDEX_NONE, slot;
    while (link_index_next(&reopt->index, number, &place, &slot))
        reopt->counters.reopt_no_memory += !slot_set_add(&reopt->waiting, slot);
}

/* What has happened to one link since the network that was gone through last. */
static void change_of_link(struct reopt *reopt, const struct ted_link_numbers *numbers,
                           uint32_t number)
{
    const struct ted_link_history *history = &numbers->history[number];
    uint32_t seen = reopt->seen_turn;
    reopt->is_marking = reopt->is_marking || history->gone > seen || history->worse > seen ||
                        history->better > seen || history->relabelled > seen;
    reopt->has_improved = reopt->has_improved || history->better > seen;
    if (history->gone > seen || history->relabelled > seen)
        change_mark_urgent(reopt, number);
    else if (history->worse > seen)
        change_mark_waiting(reopt, number);
}

static void change_begin(struct reopt *reopt, const struct ted_link_numbers *numbers)
{
    if (numbers->turn == reopt->scan_turn)
        return;
    reopt->scan_turn = numbers->turn;
    reopt->scan_number = 0;
    reopt->scan_slot = 0;
    reopt->is_scanning = true;
    reopt->is_relabelled = numbers->labels_turn > reopt->seen_turn;
    reopt->is_marking = reopt->is_relabelled;
    reopt->has_improved = false;
}

static void change_mark_lsp(struct reopt *reopt, const struct lsp *lsp)
{
    if (reopt->is_relabelled || lsp->route == NULL || lsp->route->follows_igp)
        reopt->counters.reopt_no_memory += !slot_set_add(&reopt->laying, lsp->slot);
    if (reopt->has_improved && slot_set_has(&reopt->blocked, lsp->slot))
        reopt_urge(reopt, lsp);
}

/* Node segments go where the IGP leads: any change of any link may move them, and what was not
 * resolved may be now. */
static bool change_mark_all(struct reopt *reopt)
{
    struct lsp *lsp = NULL;
    for (unsigned i = 0; i < REOPT_SLOTS_PER_TURN && reopt->is_marking; i++) {
        lsp = lsp_db_next(reopt->db, &reopt->scan_slot);
        if (lsp == NULL)
            return false;
        change_mark_lsp(reopt, lsp);
    }
    return reopt->is_marking;
}

bool change_scan(struct reopt *reopt, const struct reopt_scene *scene)
{
    const struct ted_link_numbers *numbers = scene->snapshot->link_numbers;
    change_begin(reopt, numbers);
    if (!reopt->is_scanning)
        return false;
    uint32_t end = reopt->scan_number + REOPT_LINKS_PER_TURN;
    end = end < numbers->count ? end : numbers->count;
    while (reopt->scan_number < end)
        change_of_link(reopt, numbers, reopt->scan_number++);
    if (end < numbers->count || change_mark_all(reopt))
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
    uint32_t numbers[REOPT_ROUTE_LINKS_MAX], kept = 0;
    uint32_t count = route_numbers(reopt, route, 0, route->count, numbers);
    for (uint32_t i = 0; i < count; i++)
        if (numbers[i] != number)
            numbers[kept++] = numbers[i];
    ted_reservations_release(reopt->reservations, numbers, kept, &route->claim);
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

/* The lowest priorities first, down to what the link has. */
static void change_relieve(struct reopt *reopt, const struct reopt_scene *scene, uint32_t number)
{
    unsigned over;
    for (unsigned holding = TED_PRIORITIES; holding-- > 0;) {
        uint32_t place = LINK_INDEX_NONE, slot;
        if (!ted_reservations_is_over(reopt->reservations, scene->snapshot, number, &over))
            return;
        while (link_index_next(&reopt->index, number, &place, &slot)) {
            struct lsp *lsp = lsp_slots_at(&reopt->db->slots, slot);
            if (!change_may_evict(reopt, lsp, holding))
                continue;
            if (!ted_reservations_give_way(reopt->reservations, scene->snapshot, number,
                                           &lsp->route->claim))
                break;
            change_evict(reopt, lsp, number);
        }
    }
}

/* Those on a link that is gone are computed anew for that, and give way to nobody. */
static bool change_is_there(const struct reopt_scene *scene, uint32_t number)
{
    const struct ted_link_numbers *numbers = scene->snapshot->link_numbers;
    return number < numbers->count && numbers->links[number] != TED_NONE;
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
    reopt->is_pressing = true;
}

bool change_press(struct reopt *reopt, const struct reopt_scene *scene)
{
    unsigned over;
    if (reopt->reservations == NULL)
        return false;
    change_press_begin(reopt, scene);
    if (!reopt->is_pressing)
        return false;
    uint32_t end = reopt->press_number + REOPT_LINKS_PER_TURN;
    end = end < reopt->index.chain_count ? end : reopt->index.chain_count;
    for (; reopt->press_number < end; reopt->press_number++) {
        uint32_t number = reopt->press_number;
        if (link_index_count(&reopt->index, number) > 0 && change_is_there(scene, number) &&
            ted_reservations_is_over(reopt->reservations, scene->snapshot, number, &over))
            change_relieve(reopt, scene, number);
    }
    reopt->is_pressing = end < reopt->index.chain_count;
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
    reopt->is_looking = true;
    reopt->look_slot = 0;
}

bool change_look(struct reopt *reopt, const struct reopt_scene *scene)
{
    change_look_begin(reopt, scene);
    for (unsigned i = 0; i < REOPT_SLOTS_PER_TURN && reopt->is_looking; i++) {
        const struct lsp *lsp = lsp_db_next(reopt->db, &reopt->look_slot);
        if (lsp == NULL)
            reopt->is_looking = false;
        else if (lsp->delegation == LSP_IS_DELEGATED)
            reopt->counters.reopt_no_memory += !slot_set_add(&reopt->waiting, lsp->slot);
    }
    return reopt->is_looking;
}
