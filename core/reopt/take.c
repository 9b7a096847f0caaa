#include "core/reopt/take.h"

#include "core/reopt/lay.h"

/* The links of the next path, by whether the LSP holds something of them. Both lists ascend. */
static void take_divide(struct reopt *reopt, const struct ted_snapshot *snapshot,
                        const struct take_wanted *wanted, struct taken *taken)
{
    const struct lsp_route *route = wanted->reading->lsp->route;
    uint32_t held_count = 0;
    uint32_t next_count =
        route_numbers_of(snapshot, reopt->next.links, reopt->next.count, reopt->numbers[1]);
    if (route != NULL && route->claim.octets_per_s > 0)
        held_count = route_numbers(reopt, route, 0, route->count, reopt->numbers[0]);
    for (uint32_t i = 0, h = 0; i < next_count; i++) {
        uint32_t number = reopt->numbers[1][i];
        while (h < held_count && reopt->numbers[0][h] < number)
            h++;
        unsigned kind = h < held_count && reopt->numbers[0][h] == number ? TAKE_MORE : TAKE_FRESH;
        taken->numbers[kind][taken->counts[kind]++] = number;
    }
}

/* What the LSP holds of each of those links. */
static uint64_t take_held(const struct take_wanted *wanted)
{
    const struct lsp_route *route = wanted->reading->lsp->route;
    return route == NULL ? 0 : route->claim.octets_per_s;
}

enum pce_status take_next(struct reopt *reopt, const struct ted_snapshot *snapshot,
                          const struct take_wanted *wanted, struct taken *taken)
{
    const struct ted_claim *claim = &wanted->claim;
    uint64_t held = take_held(wanted);
    enum pce_status status = PCE_OK;
    taken->counts[TAKE_FRESH] = taken->counts[TAKE_MORE] = 0;
    if (reopt->reservations == NULL || claim->octets_per_s == 0 ||
        !lay_is_counted(wanted->reading->instance))
        return PCE_OK;
    take_divide(reopt, snapshot, wanted, taken);
    taken->claims[TAKE_FRESH] = taken->claims[TAKE_MORE] = *claim;
    taken->claims[TAKE_MORE].octets_per_s -=
        held < claim->octets_per_s ? held : claim->octets_per_s;
    if (taken->claims[TAKE_MORE].octets_per_s == 0)
        taken->counts[TAKE_MORE] = 0;
    for (unsigned kind = 0; kind < TAKE_KINDS; kind++) {
        if (status == PCE_OK)
            status = ted_reservations_take(reopt->reservations, snapshot, taken->numbers[kind],
                                           taken->counts[kind], &taken->claims[kind]);
        if (status != PCE_OK)
            taken->counts[kind] = 0;
    }
    if (status != PCE_OK)
        take_release(reopt, taken);
    return status;
}

void take_release(struct reopt *reopt, const struct taken *taken)
{
    for (unsigned kind = 0; kind < TAKE_KINDS; kind++)
        if (taken->counts[kind] > 0)
            ted_reservations_release(reopt->reservations, taken->numbers[kind], taken->counts[kind],
                                     &taken->claims[kind]);
}

enum pce_status take_shares(struct reopt *reopt, const struct ted_snapshot *snapshot,
                            const struct take_shares *wanted, struct taken_shares *taken)
{
    enum pce_status status = PCE_OK;
    taken->count = 0;
    for (uint32_t i = 0; i < wanted->count && reopt->reservations != NULL; i++) {
        const uint32_t number = wanted->numbers[i];
        struct ted_claim claim = route_share_of(wanted->claim, wanted->shares[i]);
        uint64_t held = wanted->route == NULL ? 0 : route_held_of(reopt, wanted->route, number);
        if (claim.octets_per_s <= held)
            continue;
        claim.octets_per_s -= held;
        status = ted_reservations_take(reopt->reservations, snapshot, &number, 1, &claim);
        if (status != PCE_OK)
            break;
        taken->numbers[taken->count] = number;
        taken->claims[taken->count++] = claim;
    }
    if (status != PCE_OK)
        take_release_shares(reopt, taken);
    return status;
}

void take_release_shares(struct reopt *reopt, const struct taken_shares *taken)
{
    for (uint32_t i = 0; i < taken->count; i++)
        ted_reservations_release(reopt->reservations, &taken->numbers[i], 1, &taken->claims[i]);
}
