#include "core/reopt/own_route.h"

#include "core/reopt/route.h"

_Static_assert(REQUEST_OWN_LINKS_MAX >= REOPT_ROUTE_LINKS_MAX, "a route is free as a whole");

uint32_t own_route_links(struct reopt *reopt, const struct lsp_route *route,
                         const struct ted_snapshot *snapshot, uint32_t *links)
{
    const struct ted_link_numbers *numbers = snapshot->link_numbers;
    uint32_t end = route->is_counted ? route->count : route->current_count;
    uint32_t count = route_numbers(reopt, route, 0, end, reopt->numbers[0]), filled = 0;
    for (uint32_t at = end; route->flood != NULL && at < route->count; at++)
        reopt->numbers[0][count++] = link_index_number(&reopt->index, route->places[at]);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = reopt->numbers[0][i];
        uint32_t link = number < numbers->count ? numbers->links[number] : TED_NONE;
        if (link != TED_NONE)
            links[filled++] = link;
    }
    return route_sort(links, filled);
}

static const struct lsp *own_route_find(struct lsp_pcc *pcc, const struct request_lsp *named)
{
    const struct lsp *lsp = NULL;
    if (pcc != NULL && named->plsp_id != 0)
        lsp = lsp_pcc_find_plsp_id(pcc, named->plsp_id);
    else if (pcc != NULL && named->name.size > 0)
        lsp = lsp_pcc_find_name(pcc, named->name);
    return lsp;
}

/* What RSVP-TE has recorded. */
static void own_route_lay(struct reopt *reopt, const struct ted_snapshot *snapshot,
                          const struct request_lsp *named, struct request_own *own)
{
    struct resolved_path *path = &reopt->current;
    resolve_path(&reopt->resolver, snapshot, named->source, named->route, path);
    own->work = path->work + REOPT_WORK_OF_ONE;
    own->claim = named->claim;
    for (uint32_t i = 0; i < path->count; i++)
        own->links[i] = path->links[i];
    own->count = route_sort(own->links, path->count);
}

bool reopt_own_route(struct reopt *reopt, struct lsp_pcc *pcc, const struct ted_snapshot *snapshot,
                     const struct request_lsp *named, struct request_own *own)
{
    const struct lsp *lsp = own_route_find(pcc, named);
    if (snapshot->link_numbers == NULL)
        return false;
    if (lsp != NULL && lsp->route != NULL) {
        own->claim = route_claim_least(lsp->route);
        own->count = own_route_links(reopt, lsp->route, snapshot, own->links);
    } else if (named->setup == PATH_SETUP_RSVP_TE && named->route.count > 0) {
        own_route_lay(reopt, snapshot, named, own);
    }
    return own->count > 0 && own->claim.octets_per_s > 0;
}

void reopt_show_account(struct reopt *reopt, const struct lsp *lsp,
                        const struct ted_snapshot *snapshot, struct path_reservations *seen)
{
    *seen = (struct path_reservations){.own_links = reopt->own_links};
    if (snapshot == NULL || snapshot->link_numbers == NULL)
        return;
    seen->table = reopt->reservations;
    if (lsp == NULL || lsp->route == NULL)
        return;
    seen->own = route_claim_least(lsp->route);
    seen->own_count = own_route_links(reopt, lsp->route, snapshot, reopt->own_links);
}
