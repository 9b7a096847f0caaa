#include "core/reopt/judge.h"

#include "core/path/link_metric.h"
#include "core/ted/flex.h"

#include <math.h>

/* Of the worst branch: the links stand in the order of a walk, so that those that lead to a link
 * come before it. */
static uint64_t judge_sum(const struct ted_snapshot *snapshot, const struct resolved_path *path,
                          enum path_metric metric)
{
    uint64_t sums[RESOLVE_LINKS_MAX], worst = 0;
    for (uint32_t i = 0; i < path->count; i++) {
        const struct ted_link *link = &snapshot->links[path->links[i]];
        uint64_t before = 0;
        for (uint32_t j = 0; j < i; j++)
            if (snapshot->links[path->links[j]].to == link->from && sums[j] > before)
                before = sums[j];
        sums[i] = before + link_metric(snapshot, path->links[i], metric);
        if (link->to == path->end && sums[i] > worst)
            worst = sums[i];
    }
    return worst;
}

static bool judge_is_own(const struct path_reservations *reservations, uint32_t link)
{
    for (uint32_t i = 0; i < reservations->own_count; i++)
        if (reservations->own_links[i] == link)
            return true;
    return false;
}

/* As a search would see it (core/path/residual.h). */
static bool judge_has_room(const struct ted_snapshot *snapshot, const struct path_request *request,
                           uint32_t link)
{
    const struct path_reservations *reservations = request->reservations;
    double left = floor((double)snapshot->links[link].unreserved[request->priority]);
    if (!(request->bandwidth > 0))
        return true;
    if (reservations->table != NULL)
        left -= (double)ted_reservations_held(
            reservations->table, snapshot->link_numbers->of_links[link], request->priority);
    if (reservations->own.holding <= request->priority && judge_is_own(reservations, link))
        left += (double)reservations->own.octets_per_s;
    return left >= (double)request->bandwidth;
}

static bool judge_is_allowed(const struct ted_link *link, const struct path_request *request)
{
    if ((link->admin_group & request->exclude_any) != 0)
        return false;
    if (link->is_first_only && link->from != request->source)
        return false; /* through a node that carries no transit */
    if (request->include_any != 0 && (link->admin_group & request->include_any) == 0)
        return false;
    return (link->admin_group & request->include_all) == request->include_all;
}

bool judge_link(const struct ted_snapshot *snapshot, const struct path_request *request,
                uint32_t link)
{
    return judge_is_allowed(&snapshot->links[link], request) &&
           judge_has_room(snapshot, request, link);
}

static bool judge_keeps_bounds(const struct ted_snapshot *snapshot,
                               const struct path_request *request, const struct resolved_path *path)
{
    for (unsigned m = 0; m < PATH_METRIC_SIDS; m++)
        if ((request->bound_mask & (1U << m)) != 0 &&
            !(request->bounds[m] >= 0 &&
              judge_sum(snapshot, path, (enum path_metric)m) <=
                  link_metric_bound((enum path_metric)m, request->bounds[m])))
            return false;
    return true;
}

/* Of a flexible algorithm it is the metric of its definition; a link that it is without costs more than
 * any other, so that a path of its own is better. */
static double judge_objective(const struct ted_snapshot *snapshot,
                              const struct path_request *request, const struct resolved_path *path)
{
    const struct ted_flex_view *view = ted_flex_view_of(snapshot, request->algorithm);
    bool is_igp = view != NULL || request->metric == PATH_METRIC_SIDS;
    enum path_metric metric = is_igp ? PATH_METRIC_IGP : request->metric;
    return link_metric_tell(metric,
                            judge_sum(view == NULL ? snapshot : view->snapshot, path, metric));
}

/* Whether a path has to be one of an algorithm, and the link is none of it. */
static bool judge_is_beyond(const struct ted_snapshot *snapshot, const struct path_request *request,
                            uint32_t link)
{
    const struct ted_flex_view *view = ted_flex_view_of(snapshot, request->algorithm);
    return request->algorithm != 0 && request->is_algorithm_strict &&
           (view == NULL || view->snapshot->flex_metrics[link] == TED_NONE);
}

struct judgement judge_path(const struct ted_snapshot *snapshot, const struct path_request *request,
                            const struct resolved_path *path)
{
    struct judgement judgement = {.keeps = path->reason == RESOLVE_RESOLVED &&
                                           path->end == request->destination};
    for (uint32_t i = 0; i < path->count && judgement.keeps; i++)
        judgement.keeps = judge_link(snapshot, request, path->links[i]) &&
                          !judge_is_beyond(snapshot, request, path->links[i]);
    judgement.keeps = judgement.keeps && judge_keeps_bounds(snapshot, request, path);
    judgement.cost = judge_objective(snapshot, request, path);
    return judgement;
}
