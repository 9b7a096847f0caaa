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

static bool route_has(const uint32_t *numbers, uint32_t count, uint32_t number)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (numbers[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && numbers[low] == number;
}

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

/* Appends a link; false: there is no place for it. A router may report ever other paths while it
 * is ordered onto one, and all of them are held. */
static bool route_append(struct reopt *reopt, const struct lsp *lsp, struct lsp_route *route,
                         uint32_t number)
{
    if (route->count == REOPT_ROUTE_LINKS_MAX) {
        reopt->counters.reopt_route_limit++;
        return false;
    }
    uint32_t place = route_keep(reopt, lsp->route, number);
    if (place == LINK_INDEX_NONE &&
        link_index_add(&reopt->index, number, lsp->slot, &place) != PCE_OK)
        return false;
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

static bool route_fill(struct reopt *reopt, struct lsp *lsp, struct lsp_route *route,
                       const struct route_wanted *wanted)
{
    bool is_whole = true;
    for (uint32_t i = 0; i < wanted->current_count; i++)
        is_whole = route_append(reopt, lsp, route, wanted->current[i]) && is_whole;
    route->current_count = route->count;
    for (uint32_t i = 0; i < wanted->ordered_count; i++)
        if (!route_has(wanted->current, wanted->current_count, wanted->ordered[i]))
            is_whole = route_append(reopt, lsp, route, wanted->ordered[i]) && is_whole;
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
    if (takes)
        ted_reservations_force(reopt->reservations, numbers, count, &route->claim);
    else
        ted_reservations_release(reopt->reservations, numbers, count, &route->claim);
}

static bool route_is_as_wanted(const struct reopt *reopt, const struct lsp_route *route,
                               const struct route_wanted *wanted)
{
    if (route == NULL || wanted->ordered_count > 0 || route->count != wanted->current_count ||
        route->is_counted != wanted->is_counted ||
        route->claim.octets_per_s != wanted->claim.octets_per_s ||
        route->claim.setup != wanted->claim.setup || route->claim.holding != wanted->claim.holding)
        return false;
    for (uint32_t i = 0; i < route->count; i++)
        if (link_index_number(&reopt->index, route->places[i]) != wanted->current[i])
            return false;
    return true;
}

/* The new path is counted before the old one is given back: what both have stays held. */
bool route_set(struct reopt *reopt, struct lsp *lsp, const struct route_wanted *wanted)
{
    struct lsp_route *old = lsp->route;
    if (route_is_as_wanted(reopt, old, wanted)) {
        old->current_count = old->count;
        return true;
    }
    struct lsp_route *route =
        malloc(sizeof *route +
               ((size_t)wanted->current_count + wanted->ordered_count) * sizeof route->places[0]);
    if (route == NULL)
        return false;
    *route = old == NULL ? (struct lsp_route){0} : *old;
    route->claim = wanted->claim;
    route->is_counted = wanted->is_counted;
    route->count = 0;
    struct lsp_route held = old == NULL ? (struct lsp_route){0} : *old;
    uint32_t numbers[REOPT_ROUTE_LINKS_MAX];
    uint32_t count = old == NULL ? 0 : route_numbers(reopt, old, 0, old->count, numbers);
    bool is_whole = route_fill(reopt, lsp, route, wanted);
    route_account(reopt, route, true);
    if (held.is_counted && held.claim.octets_per_s > 0 && reopt->reservations != NULL)
        ted_reservations_release(reopt->reservations, numbers, count, &held.claim);
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
