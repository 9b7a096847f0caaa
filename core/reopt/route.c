#include "core/reopt/route.h"

#include "core/base/map.h"
#include "core/reopt/flood.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(REOPT_ROUTE_LINKS_MAX <= UINT16_MAX, "a route counts its links in 16 bits");

uint32_t *route_entry_of(void *context, uint32_t lsp, uint32_t place)
{
    const struct reopt *reopt = context;
    struct lsp_route *route = lsp_slots_at(&reopt->db->slots, lsp)->route;
    for (uint32_t i = 0; route != NULL && i < route->count; i++)
        if (route->places[i] == place)
            return &route->places[i];
    return NULL;
}

/* Paths are short, and mostly sorted already. */
uint32_t route_sort(uint32_t *numbers, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = numbers[i], at = kept;
        while (at > 0 && numbers[at - 1] > number)
            at--;
        if (at > 0 && numbers[at - 1] == number)
            continue;
        memmove(numbers + at + 1, numbers + at, (kept - at) * sizeof *numbers);
        numbers[at] = number;
        kept++;
    }
    return kept;
}

uint32_t route_hash(const uint32_t *numbers, uint32_t count)
{
    return (uint32_t)map_hash(numbers, count * sizeof *numbers);
}

uint32_t route_numbers(const struct reopt *reopt, const struct lsp_route *route, uint32_t first,
                       uint32_t end, uint32_t *numbers)
{
    for (uint32_t i = first; i < end; i++)
        numbers[i - first] = link_index_number(&reopt->index, route->places[i]);
    return route_sort(numbers, end - first);
}

uint32_t route_numbers_of(const struct ted_snapshot *snapshot, const uint32_t *links,
                          uint32_t count, uint32_t *numbers)
{
    uint32_t filled = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = snapshot->link_numbers->of_links[links[i]];
        if (number != TED_NONE)
            numbers[filled++] = number;
    }
    return route_sort(numbers, filled);
}

/* Where it stands in numbers that ascend; `count` where it does not. */
static uint32_t route_find(const uint32_t *numbers, uint32_t count, uint32_t number)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (numbers[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && numbers[low] == number ? low : count;
}

/* ---- shares ---- */

static uint16_t *route_shares_at(const struct lsp_route *route)
{
    return (uint16_t *)(uintptr_t)(route->places + route->room);
}

static uint16_t route_share_at(const struct lsp_route *route, uint32_t place)
{
    return route->has_shares ? route_shares_at(route)[place] : ROUTE_SHARE_WHOLE;
}

struct ted_claim route_share_of(struct ted_claim claim, uint16_t share)
{
    uint64_t whole = claim.octets_per_s / ROUTE_SHARE_WHOLE * share;
    uint64_t rest = claim.octets_per_s % ROUTE_SHARE_WHOLE * share;
    claim.octets_per_s = whole + (rest + ROUTE_SHARE_WHOLE - 1) / ROUTE_SHARE_WHOLE;
    return claim;
}

uint32_t route_shares(const struct reopt *reopt, const struct lsp_route *route, uint32_t end,
                      uint32_t *numbers, uint16_t *shares)
{
    uint32_t count = route_numbers(reopt, route, 0, end, numbers);
    for (uint32_t i = 0; i < end; i++) {
        uint32_t number = link_index_number(&reopt->index, route->places[i]);
        shares[route_find(numbers, count, number)] = route_share_at(route, i);
    }
    return count;
}

struct ted_claim route_claim_of(const struct reopt *reopt, const struct lsp_route *route,
                                uint32_t number)
{
    for (uint32_t i = 0; route->has_shares && i < route->count; i++)
        if (link_index_number(&reopt->index, route->places[i]) == number)
            return route_share_of(route->claim, route_share_at(route, i));
    return route->claim;
}

uint64_t route_held_of(const struct reopt *reopt, const struct lsp_route *route, uint32_t number)
{
    for (uint32_t i = 0; i < route->count; i++)
        if (link_index_number(&reopt->index, route->places[i]) == number)
            return route_share_of(route->claim, route_share_at(route, i)).octets_per_s;
    return 0;
}

struct ted_claim route_claim_least(const struct lsp_route *route)
{
    uint16_t least = ROUTE_SHARE_WHOLE;
    for (uint32_t i = 0; route->has_shares && i < route->count; i++)
        least = route_share_at(route, i) < least ? route_share_at(route, i) : least;
    return route_share_of(route->claim, least);
}

void route_release_others(struct reopt *reopt, const struct lsp_route *route, uint32_t number)
{
    for (uint32_t i = 0; i < route->count; i++) {
        uint32_t other = link_index_number(&reopt->index, route->places[i]);
        const struct ted_claim claim = route_share_of(route->claim, route_share_at(route, i));
        if (other != number)
            ted_reservations_release(reopt->reservations, &other, 1, &claim);
    }
}

enum pce_status route_take(struct reopt *reopt, const struct ted_snapshot *snapshot,
                           const struct lsp_route *route, const struct ted_claim *claim)
{
    uint32_t taken = 0;
    enum pce_status status = PCE_OK;
    for (; taken < route->count && status == PCE_OK; taken += status == PCE_OK) {
        uint32_t number = link_index_number(&reopt->index, route->places[taken]);
        const struct ted_claim own = route_share_of(*claim, route_share_at(route, taken));
        status = ted_reservations_take(reopt->reservations, snapshot, &number, 1, &own);
    }
    while (status != PCE_OK && taken-- > 0) {
        uint32_t number = link_index_number(&reopt->index, route->places[taken]);
        const struct ted_claim own = route_share_of(*claim, route_share_at(route, taken));
        ted_reservations_release(reopt->reservations, &number, 1, &own);
    }
    return status;
}

/* ---- places ---- */

/* The place that the LSP has of a link already, which is taken off its old route; LINK_INDEX_NONE:
 * none. */
static uint32_t route_keep(const struct reopt *reopt, struct lsp_route *old, uint32_t number)
{
    for (uint32_t i = 0; old != NULL && i < old->count; i++) {
        uint32_t place = old->places[i];
        if (place == LINK_INDEX_NONE || link_index_number(&reopt->index, place) != number)
            continue;
        old->places[i] = LINK_INDEX_NONE;
        return place;
    }
    return LINK_INDEX_NONE;
}

struct route_link {
    uint32_t number;
    uint16_t share;
};

/* Appends a link; false: there is no place for it. A router may report ever other paths while it
 * is ordered onto one, and all of them are held. */
static bool route_append(struct reopt *reopt, const struct lsp *lsp, struct lsp_route *route,
                         const struct route_link *link)
{
    if (route->count == REOPT_ROUTE_LINKS_MAX) {
        reopt->counters.reopt_route_limit++;
        return false;
    }
    uint32_t place = route_keep(reopt, lsp->route, link->number);
    if (place == LINK_INDEX_NONE &&
        link_index_add(&reopt->index, link->number, lsp->slot, &place) != PCE_OK)
        return false;
    if (route->has_shares)
        route_shares_at(route)[route->count] = link->share;
    route->places[route->count++] = place;
    return true;
}

/* What is left on the old route goes. */
static void route_let_go(struct reopt *reopt, struct lsp_route *old)
{
    for (uint32_t i = 0; old != NULL && i < old->count; i++) {
        uint32_t place = old->places[i];
        old->places[i] = LINK_INDEX_NONE;
        if (place != LINK_INDEX_NONE)
            link_index_remove(&reopt->index, place);
    }
}

/* A link of both paths holds what it carries of either. */
static struct route_link route_current_link(const struct route_wanted *wanted, uint32_t index)
{
    struct route_link link = {.number = wanted->current[index]};
    if (wanted->current_shares == NULL)
        return link;
    link.share = wanted->current_shares[index];
    uint32_t at = route_find(wanted->ordered, wanted->ordered_count, link.number);
    if (at < wanted->ordered_count && wanted->ordered_shares[at] > link.share)
        link.share = wanted->ordered_shares[at];
    return link;
}

static bool route_fill(struct reopt *reopt, struct lsp *lsp, struct lsp_route *route,
                       const struct route_wanted *wanted)
{
    bool is_whole = true;
    for (uint32_t i = 0; i < wanted->current_count; i++) {
        const struct route_link link = route_current_link(wanted, i);
        is_whole = route_append(reopt, lsp, route, &link) && is_whole;
    }
    route->current_count = route->count;
    for (uint32_t i = 0; i < wanted->ordered_count; i++) {
        const struct route_link link = {wanted->ordered[i],
                                        route->has_shares ? wanted->ordered_shares[i] : 0};
        if (route_find(wanted->current, wanted->current_count, link.number) ==
            wanted->current_count)
            is_whole = route_append(reopt, lsp, route, &link) && is_whole;
    }
    return is_whole;
}

/* What the route holds is counted, or given back. */
static void route_account(struct reopt *reopt, const struct lsp_route *route, bool takes)
{
    uint32_t numbers[REOPT_ROUTE_LINKS_MAX];
    if (route == NULL || !route->is_counted || route->claim.octets_per_s == 0 ||
        reopt->reservations == NULL)
        return;
    uint32_t count = route_numbers(reopt, route, 0, route->count, numbers);
    void (*const account)(struct ted_reservations *, const uint32_t *, uint32_t,
                          const struct ted_claim *) =
        takes ? ted_reservations_force : ted_reservations_release;
    if (!route->has_shares)
        account(reopt->reservations, numbers, count, &route->claim);
    for (uint32_t i = 0; i < count && route->has_shares; i++) {
        const struct ted_claim claim = route_claim_of(reopt, route, numbers[i]);
        account(reopt->reservations, &numbers[i], 1, &claim);
    }
}

static bool route_is_as_wanted(const struct reopt *reopt, const struct lsp_route *route,
                               const struct route_wanted *wanted)
{
    if (route == NULL || route->has_shares || wanted->current_shares != NULL ||
        wanted->ordered_count > 0 || route->count != wanted->current_count ||
        route->is_counted != wanted->is_counted ||
        route->claim.octets_per_s != wanted->claim.octets_per_s ||
        route->claim.setup != wanted->claim.setup || route->claim.holding != wanted->claim.holding)
        return false;
    for (uint32_t i = 0; i < route->count; i++)
        if (link_index_number(&reopt->index, route->places[i]) != wanted->current[i])
            return false;
    return true;
}

static struct lsp_route *route_make(const struct lsp_route *old, const struct route_wanted *wanted)
{
    size_t room = (size_t)wanted->current_count + wanted->ordered_count;
    bool has_shares = wanted->current_shares != NULL;
    struct lsp_route *route = malloc(
        sizeof *route + room * (sizeof route->places[0] + (has_shares ? sizeof(uint16_t) : 0)));
    if (route == NULL)
        return NULL;
    *route = old == NULL ? (struct lsp_route){0} : *old;
    route->claim = wanted->claim;
    route->is_counted = wanted->is_counted;
    route->has_shares = has_shares;
    route->room = (uint16_t)room;
    route->count = 0;
    return route;
}

/* What a route holds, before its places go over to the next one. */
struct route_held {
    uint32_t count;
    uint32_t numbers[REOPT_ROUTE_LINKS_MAX];
    struct ted_claim claims[REOPT_ROUTE_LINKS_MAX];
};

static void route_note_held(const struct reopt *reopt, const struct lsp_route *old,
                            struct route_held *held)
{
    bool holds = old != NULL && old->is_counted && old->claim.octets_per_s > 0;
    held->count = holds && reopt->reservations != NULL ? old->count : 0;
    for (uint32_t i = 0; i < held->count; i++) {
        held->numbers[i] = link_index_number(&reopt->index, old->places[i]);
        held->claims[i] = route_share_of(old->claim, route_share_at(old, i));
    }
}

/* The new path is counted before the old one is given back: what both have stays held. */
bool route_set(struct reopt *reopt, struct lsp *lsp, const struct route_wanted *wanted)
{
    struct lsp_route *old = lsp->route;
    if (route_is_as_wanted(reopt, old, wanted)) {
        old->current_count = old->count;
        return true;
    }
    struct lsp_route *route = route_make(old, wanted);
    if (route == NULL)
        return false;
    struct route_held held;
    route_note_held(reopt, old, &held);
    bool is_whole = route_fill(reopt, lsp, route, wanted);
    route_account(reopt, route, true);
    for (uint32_t i = 0; i < held.count; i++)
        ted_reservations_release(reopt->reservations, &held.numbers[i], 1, &held.claims[i]);
    route_let_go(reopt, old);
    lsp->route = route;
    free(old);
    return is_whole;
}

void route_drop(struct reopt *reopt, struct lsp *lsp)
{
    flood_drop(reopt, lsp);
    route_account(reopt, lsp->route, false);
    route_let_go(reopt, lsp->route);
    free(lsp->route);
    lsp->route = NULL;
}
