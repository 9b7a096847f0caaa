/* The network as a flexible algorithm sees it (RFC 9350 13). */
#include "core/ted/flex.h"

#include <stdlib.h>
#include <string.h>

/* ---- which links an algorithm has, and what they cost it ---- */

static bool view_meets(const uint32_t *groups, const uint32_t *wanted, bool all)
{
    bool has_some = false, has_all = true;
    for (uint32_t i = 0; i < TED_GROUP_WORDS_MAX; i++) {
        has_some = has_some || (groups[i] & wanted[i]) != 0;
        has_all = has_all && (groups[i] & wanted[i]) == wanted[i];
    }
    return all ? has_all : has_some;
}

static bool view_is_rule(const uint32_t *groups)
{
    for (uint32_t i = 0; i < TED_GROUP_WORDS_MAX; i++)
        if (groups[i] != 0)
            return true;
    return false;
}

static bool view_has_srlg(const struct ted_flex_seen *seen, const struct ted_flex_definition *flex)
{
    for (uint32_t i = 0; i < seen->srlg_count; i++)
        for (uint32_t j = 0; j < flex->srlg_count; j++)
            if (seen->srlgs[i] == flex->exclude_srlgs[j])
                return true;
    return false;
}

/* RFC 9350 13, rules 1 to 5. TED_NONE: the algorithm is without the link. */
static uint32_t view_metric(const struct ted_snapshot *base, const struct ted_link *link,
                            const struct ted_flex_definition *flex)
{
    struct ted_flex_seen seen;
    ted_flex_see(base, link, &seen);
    if (view_meets(seen.groups, flex->exclude_any, false) || view_has_srlg(&seen, flex) ||
        (view_is_rule(flex->include_any) && !view_meets(seen.groups, flex->include_any, false)) ||
        !view_meets(seen.groups, flex->include_all, true))
        return TED_NONE;
    switch (flex->metric_type) {
    case TED_FLEX_MIN_DELAY:
        return seen.delay_min_us;
    case TED_FLEX_TE:
        return seen.te_metric;
    default:
        return link->igp_metric;
    }
}

/* Both ends take part (RFC 9350 13), and the IGP uses the link. */
static bool view_has_link(const struct ted_snapshot *base, const struct ted_link *link,
                          uint8_t algorithm)
{
    return link->is_two_way && ted_node_takes_part(base, link->from, algorithm) &&
           ted_node_takes_part(base, link->to, algorithm);
}

/* ---- the view ---- */

static void view_fill_edges(struct ted_edge *edges, const struct ted_edge *from,
                            const uint32_t *metrics, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t metric = metrics[from[i].link];
        edges[i] = from[i];
        edges[i].is_one_way = metric == TED_NONE;
        edges[i].igp_metric = metric;
    }
}

static void view_note_extremes(struct ted_snapshot *view)
{
    view->igp_metric_min = UINT32_MAX;
    view->igp_metric_max = 0;
    for (uint32_t i = 0; i < view->link_count; i++) {
        uint32_t metric = view->flex_metrics[i];
        if (metric == TED_NONE)
            continue;
        view->igp_metric_min = metric < view->igp_metric_min ? metric : view->igp_metric_min;
        view->igp_metric_max = metric > view->igp_metric_max ? metric : view->igp_metric_max;
    }
}

/* NULL: memory ran out. */
static struct ted_snapshot *view_create(const struct ted_snapshot *base,
                                        const struct ted_flex_definition *flex)
{
    size_t links = base->link_count;
    struct ted_edge *edges;
    struct ted_snapshot *view =
        malloc(sizeof *view + links * (2 * sizeof *edges + sizeof(uint32_t)));
    if (view == NULL)
        return NULL;
    edges = (struct ted_edge *)(void *)(view + 1);
    uint32_t *metrics = (uint32_t *)(void *)(edges + 2 * links);
    for (uint32_t i = 0; i < base->link_count; i++)
        metrics[i] = view_has_link(base, &base->links[i], flex->algorithm)
                         ? view_metric(base, &base->links[i], flex)
                         : TED_NONE;
    view_fill_edges(edges, base->edges, metrics, base->edge_count);
    view_fill_edges(edges + links, base->reverse_edges, metrics, base->edge_count);
    *view = *base;
    view->edges = edges;
    view->reverse_edges = edges + links;
    view->flex_metrics = metrics;
    view->landmarks = NULL;
    view->derived = NULL;
    view->link_numbers = NULL;
    view->delta = NULL;
    view->flex_views = NULL;
    view_note_extremes(view);
    return view;
}

_Static_assert(sizeof(struct ted_snapshot) % _Alignof(struct ted_edge) == 0, "edges are aligned");

/* ---- all views ---- */

static void views_mark_algorithms(const struct ted_snapshot *snapshot, bool has[UINT8_MAX + 1])
{
    for (uint32_t node = 0; node < snapshot->node_count; node++) {
        struct ted_range range = snapshot->nodes[node].algorithms;
        for (uint32_t i = 0; i < range.count; i++)
            has[snapshot->algorithms[range.first + i]] = true;
    }
}

static enum pce_status views_add(const struct ted_snapshot *snapshot, struct ted_flex_views *views,
                                 const struct ted_flex_definition *flex)
{
    if (flex == NULL || !ted_flex_is_known(flex))
        return PCE_OK;
    if (views->count == TED_FLEX_VIEWS_MAX) {
        views->left_out++;
        return PCE_OK;
    }
    struct ted_flex_view *view = &views->items[views->count];
    *view = (struct ted_flex_view){.algorithm = flex->algorithm,
                                   .metric = (enum ted_flex_metric)flex->metric_type,
                                   .snapshot = view_create(snapshot, flex)};
    views->count += view->snapshot != NULL;
    return view->snapshot == NULL ? PCE_NO_MEMORY : PCE_OK;
}

enum pce_status ted_flex_views_make(struct ted_snapshot *snapshot)
{
    bool has[UINT8_MAX + 1] = {false};
    struct ted_flex_winners winners;
    struct ted_flex_views *views = calloc(1, sizeof *views);
    enum pce_status status = views == NULL ? PCE_NO_MEMORY : PCE_OK;
    views_mark_algorithms(snapshot, has);
    ted_flex_find_winners(snapshot, &winners);
    for (unsigned i = TED_FLEX_ALGORITHM_MIN; i <= UINT8_MAX && status == PCE_OK; i++)
        if (has[i])
            status = views_add(snapshot, views, winners.of[i]);
    if (status != PCE_OK)
        ted_flex_views_destroy(views);
    else
        snapshot->flex_views = views;
    return status;
}

void ted_flex_views_destroy(struct ted_flex_views *views)
{
    if (views == NULL)
        return;
    for (uint32_t i = 0; i < views->count; i++)
        free(views->items[i].snapshot);
    free(views);
}

const struct ted_flex_view *ted_flex_view_of(const struct ted_snapshot *snapshot, uint8_t algorithm)
{
    const struct ted_flex_views *views = snapshot->flex_views;
    for (uint32_t i = 0; views != NULL && i < views->count; i++)
        if (views->items[i].algorithm == algorithm)
            return &views->items[i];
    return NULL;
}
