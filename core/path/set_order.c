#include "core/path/set_order.h"

#include "core/base/check.h"
#include "core/path/set_member.h"
#include "core/path/set_share.h"

/* Links of a path that have no bandwidth for one more member. */
static void order_avoid_full(struct path_set *set, const struct set_bank *bank, uint32_t member,
                             uint32_t other)
{
    const struct set_path *path = &bank->paths[other];
    if (!(set->members[member].request.bandwidth > 0) ||
        !(set->members[other].request.bandwidth > 0))
        return;
    for (uint32_t i = 0; i < path->count; i++) {
        uint32_t link = set->pool[path->first + i];
        if (!path_avoid_has(&set->excluded, link, TED_NONE, TED_NONE) &&
            !set_share_has_room(set, bank->paths, bank->is_placed, link, member))
            path_avoid_link(&set->excluded, link);
    }
}

/* What a member has to keep off for those that are placed. */
static bool order_avoid_placed(struct path_set *set, const struct set_bank *bank, uint32_t member)
{
    if (!set_member_begin(set, member))
        return false;
    for (uint32_t other = 0; other < set->count; other++) {
        if (!bank->is_placed[other])
            continue;
        uint32_t diversity = set_diversity_between(set, member, other);
        if (diversity != 0)
            set_member_avoid_links(set, diversity, &set->pool[bank->paths[other].first],
                                   bank->paths[other].count);
        order_avoid_full(set, bank, member, other);
    }
    return true;
}

static void order_avoid_ahead(struct path_set *set, const struct set_order *order)
{
    set_member_avoid_links(set, set_diversity_between(set, order->members[0], order->members[1]),
                           order->ahead, order->ahead_count);
    bool takes[PATH_SET_MAX] = {false};
    for (uint32_t k = 0; k < order->count; k++)
        takes[order->members[k]] = true;
    for (uint32_t i = 0; i < order->ahead_count; i++) {
        if (!set_share_fits(set, takes, order->ahead[i]))
            path_avoid_link(&set->excluded, order->ahead[i]);
    }
}

static bool order_may_share(const void *owner, const struct set_conflict *conflict)
{
    const struct path_set *set = owner;
    return set->stage.may_share && conflict->kind == SET_LINK;
}

/* Whether the member may stay where it was just placed. */
static bool order_is_kept(struct path_set *set, uint32_t member)
{
    const struct set_bank *bank = set->tried;
    bool is_worse = set->members[member].is_first &&
                    set_path_is_worse(&bank->paths[member], &set->alone->paths[member]);
    return !is_worse &&
           set_share_find(set, bank->paths, bank->is_placed, order_may_share, set).kind ==
               SET_NOTHING;
}

static enum path_outcome order_place_one(struct path_set *set, const struct set_order *order,
                                         uint32_t place)
{
    uint32_t member = order->members[place];
    struct set_bank *bank = set->tried;
    struct path_result answer;
    struct set_path path;
    if (!order_avoid_placed(set, bank, member))
        return PATH_NO_MEMORY;
    if (place == 0 && order->ahead_count > 0)
        order_avoid_ahead(set, order);
    enum path_outcome outcome = set_member_compute(set, member, false, &path, &answer);
    if (outcome == PATH_NONE)
        return PATH_FOUND;
    if (outcome != PATH_FOUND)
        return outcome;
    set_member_keep(bank, member, &path, &answer);
    if (!order_is_kept(set, member)) {
        bank->is_placed[member] = false;
        bank->placed--;
    }
    return PATH_FOUND;
}

static void order_offer(struct path_set *set)
{
    struct set_bank *bank = set->tried;
    for (uint32_t m = 0; m < set->count; m++) {
        if (bank->is_placed[m])
            bank->cost = set_cost_sum(bank->cost, bank->paths[m].cost);
    }
    if (set->stage.may_share)
        bank->cost.shared = set_share_links(set, bank->paths, bank->is_placed);
    bool is_better = bank->placed != set->best->placed
                         ? bank->placed > set->best->placed
                         : set_cost_compare(&bank->cost, &set->best->cost) < 0;
    if (!is_better)
        return;
    set->tried = set->best;
    set->best = bank;
    set->has_best = bank->placed == set->alone->placed;
}

enum path_outcome set_order_place(struct path_set *set, const struct set_order *order)
{
    enum path_outcome outcome = PATH_FOUND;
    set_bank_clear(set->tried);
    for (uint32_t place = 0; place < order->count && outcome == PATH_FOUND; place++)
        outcome = order_place_one(set, order, place);
    /* Who keeps off something ahead of everybody is not placed as far as it goes. */
    if (order->ahead_count == 0 || set->tried->placed == set->alone->placed)
        order_offer(set);
    return outcome;
}

bool set_order_is_best(const struct path_set *set)
{
    return set->has_best && set_cost_compare(&set->best->cost, &set->bound) <= 0;
}

/* Those that come first, as they were given; then the others from the turn-th on, or back from it. */
static struct set_order order_at(const struct path_set *set, const struct set_order *others,
                                 uint32_t turn)
{
    struct set_order order = {.count = 0};
    for (uint32_t m = 0; m < set->count; m++) {
        if (set->alone->is_placed[m] && set->members[m].is_first)
            order.members[order.count++] = m;
    }
    for (uint32_t k = 0; k < others->count; k++) {
        uint32_t step = turn < others->count ? k : others->count - k;
        order.members[order.count++] = others->members[(turn + step) % others->count];
    }
    return order;
}

enum path_outcome set_order_try(struct path_set *set)
{
    struct set_order others = {.count = 0};
    for (uint32_t m = 0; m < set->count; m++) {
        if (set->alone->is_placed[m] && !set->members[m].is_first)
            others.members[others.count++] = m;
    }
    uint32_t turns = others.count > 2 ? 2 * others.count : others.count > 0 ? others.count : 1;
    CHECK(turns <= SET_ORDERS_MAX);
    enum path_outcome outcome = PATH_FOUND;
    for (uint32_t turn = 0; turn < turns && outcome == PATH_FOUND && !set_order_is_best(set);
         turn++) {
        struct set_order order = order_at(set, &others, turn);
        outcome = set_order_place(set, &order);
    }
    return outcome;
}

/* A path that is there all the same was not enough: it is not the best one alone, or leads over where
 * another one begins. */
static enum path_outcome order_explain_one(struct path_set *set, uint32_t member)
{
    struct set_bank *bank = set->best;
    struct path_result *result = &bank->results[member];
    struct set_path path;
    if (!set->alone->is_placed[member]) {
        *result = set->alone->results[member];
        return PATH_FOUND;
    }
    if (!order_avoid_placed(set, bank, member))
        return PATH_NO_MEMORY;
    enum path_outcome outcome = set_member_compute(set, member, true, &path, result);
    if (outcome == PATH_FOUND)
        *result = (struct path_result){.outcome = PATH_NONE,
                                       .unsatisfied = PATH_CONSTRAINT_EXCLUSION,
                                       .blame = PATH_BLAME_EACH};
    else if (result->outcome ==
             PATH_FOUND) /* what it uses was not paid for: its links are the engine's */
        *result = (struct path_result){.outcome = outcome};
    return outcome == PATH_NO_MEMORY ? outcome : PATH_FOUND;
}

enum path_outcome set_order_explain(struct path_set *set)
{
    enum path_outcome outcome = PATH_FOUND;
    for (uint32_t m = 0; m < set->count && outcome == PATH_FOUND; m++) {
        if (!set->best->is_placed[m])
            outcome = order_explain_one(set, m);
    }
    return outcome;
}
