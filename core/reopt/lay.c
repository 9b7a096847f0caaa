#include "core/reopt/lay.h"

#include "core/pcep/model.h"
#include "core/reopt/adjust.h"
#include "core/reopt/flood.h"
#include "core/reopt/hold.h"
#include "core/reopt/lay_lists.h"

bool lay_is_counted(const struct lsp_instance *instance)
{
    return instance->summary.setup_type != PCEP_PST_RSVP_TE;
}

/* What RSVP-TE has recorded is where it goes; an ERO may be loose. */
static struct pcep_subobjects lay_path_of(const struct lsp_reading *reading)
{
    struct pcep_subobjects recorded = pcep_subobjects_of(reading->state->rro);
    if (reading->instance->summary.setup_type == PCEP_PST_RSVP_TE && recorded.count > 0)
        return recorded;
    return pcep_subobjects_of(reading->state->ero);
}

/* A path that is down holds nothing. */
static bool lay_is_down(const struct lsp_instance *instance)
{
    unsigned operational = (instance->summary.flags & PCEP_LSP_O) >> PCEP_LSP_O_SHIFT;
    return operational == PCEP_LSP_DOWN;
}

/* Whether the LSP has come to where it was ordered to; what leads there and further, to nowhere, has
 * not. */
static bool lay_has_arrived(const struct reopt *reopt, const struct lsp_route *route,
                            const struct route_wanted *wanted)
{
    return reopt->current.reason == RESOLVE_RESOLVED &&
           route_hash(wanted->current, wanted->current_count) == route->ordered_hash;
}

/* What was taken for an order is held on links that the LSP takes, or is ordered onto. */
static void lay_keep_flood(struct reopt *reopt, struct lsp *lsp, bool is_down)
{
    uint32_t numbers[REOPT_ROUTE_LINKS_MAX];
    if (lsp->route->flood == NULL)
        return;
    uint32_t count = route_numbers(reopt, lsp->route, 0, lsp->route->count, numbers);
    flood_keep(reopt, lsp, numbers, is_down ? 0 : count);
}

/* What the route is to be. */
static struct route_wanted lay_wanted(struct reopt *reopt, const struct lsp_reading *reading,
                                      uint32_t count, bool *is_ordered)
{
    const struct lsp_route *route = reading->lsp->route;
    struct route_wanted wanted = {.current = reopt->numbers[0],
                                  .ordered = reopt->numbers[1],
                                  .current_count = count,
                                  .current_shares = reopt->has_shares ? reopt->shares[0] : NULL,
                                  .ordered_shares = reopt->shares[1],
                                  .is_counted = lay_is_counted(reading->instance)};
    bool is_down = lay_is_down(reading->instance);
    *is_ordered = route != NULL && route->is_ordered;
    wanted.claim = adjust_claim(reopt, reading, *is_ordered);
    /* FRR's pathd says first that the new path is down. */
    if (*is_ordered && !is_down && lay_has_arrived(reopt, route, &wanted) &&
        !adjust_is_pending(reopt, reading->lsp))
        *is_ordered = false;
    else if (*is_ordered)
        wanted.ordered_count =
            route_shares(reopt, route, route->count, reopt->numbers[1], reopt->shares[1]);
    if ((is_down && !*is_ordered) || (route != NULL && route->is_evicted))
        wanted.claim.octets_per_s = 0;
    return wanted;
}

static bool lay_route(struct reopt *reopt, const struct lsp_reading *reading, uint32_t count)
{
    struct lsp *lsp = lsp_db_get(reopt->db, lsp_handle_of(reading->lsp));
    struct reopt_hold *hold = hold_of(reopt, lsp);
    bool is_ordered;
    if (hold != NULL && hold_keeps(hold, reopt->numbers[0], count, lay_is_down(reading->instance)))
        return true;
    /* It has room where it was ordered to. */
    if (hold != NULL && lsp->route != NULL && hold_is_path(hold, reopt->numbers[0], count))
        lsp->route->is_evicted = false;
    struct route_wanted wanted = lay_wanted(reopt, reading, count, &is_ordered);
    bool is_set = route_set(reopt, lsp, &wanted);
    if (lsp->route == NULL)
        return is_set;
    lsp->route->is_ordered = is_ordered;
    lay_keep_flood(reopt, lsp, lay_is_down(reading->instance) && !is_ordered);
    if (hold != NULL && !lay_is_down(reading->instance) &&
        hold_is_path(hold, reopt->numbers[0], count))
        hold_hand_over(reopt, hold, lsp);
    if (hold != NULL)
        hold_end(reopt, hold);
    return is_set;
}

static void lay_note_led(struct reopt *reopt, const struct lsp *lsp)
{
    const struct resolved_path *path = &reopt->current;
    if (lsp->route == NULL || path->follows_igp || path->reason != RESOLVE_RESOLVED)
        reopt->counters.reopt_no_memory += !slot_set_add(&reopt->led, lsp->slot);
    else
        slot_set_remove(&reopt->led, lsp->slot);
}

bool lay_reported(struct reopt *reopt, const struct ted_snapshot *snapshot,
                  const struct lsp_reading *reading)
{
    struct resolved_path *path = &reopt->current;
    struct pcep_subobjects hops = lay_path_of(reading);
    uint32_t count;
    reopt->counters.reopt_laid++;
    reopt->has_shares = lay_lists_count(reading) > 1;
    if (reopt->has_shares) {
        count = lay_lists(reopt, snapshot, reading);
    } else {
        resolve_path(&reopt->resolver, snapshot, lsp_reading_headend(reading, snapshot), hops,
                     path);
        count = route_numbers_of(snapshot, path->links, path->count, reopt->numbers[0]);
    }
    reopt->counters.reopt_unresolved += path->reason != RESOLVE_RESOLVED;
    bool is_laid = lay_route(reopt, reading, count);
    reopt->counters.reopt_no_memory += !is_laid;
    lay_note_led(reopt, reading->lsp);
    return is_laid;
}

void lay_readmit(struct reopt *reopt, const struct ted_snapshot *snapshot,
                 const struct lsp_reading *reading)
{
    struct lsp_route *route = reading->lsp->route;
    struct ted_claim claim = adjust_claim(reopt, reading, false);
    if (route == NULL || !route->is_evicted || reopt->reservations == NULL ||
        route_take(reopt, snapshot, route, &claim) != PCE_OK)
        return;
    route->claim = claim;
    route->is_evicted = false;
}
