#include "core/path/scope.h"

#include "core/path/landmarks.h"
#include "core/path/link_metric.h"

static uint8_t scope_reads(const struct path_request *request, uint32_t told)
{
    uint32_t metrics = told | request->bound_mask | 1U << request->metric;
    uint8_t reads = TED_READS_WAY;
    if (request->algorithm != 0)
        return TED_READS_ALL;
    if ((metrics & 1U << PATH_METRIC_TE) != 0)
        reads |= TED_READS_TE;
    if ((metrics & 1U << PATH_METRIC_DELAY) != 0)
        reads |= TED_READS_DELAY;
    if (request->objective != PATH_MIN_METRIC || request->bandwidth > 0 ||
        request->reservations != NULL)
        reads |= TED_READS_ROOM;
    if ((request->exclude_any | request->include_any | request->include_all) != 0 ||
        request->excluded != NULL || request->undesired != NULL)
        reads |= TED_READS_KIND;
    return reads;
}

/* Whether it is decided by the paths that cost no more. */
static bool scope_is_near(const struct path_request *request, const struct path_result *result)
{
    bool is_of_links = request->setup == PATH_SETUP_RSVP_TE && request->metric != PATH_METRIC_SIDS;
    return result->outcome == PATH_FOUND && request->objective == PATH_MIN_METRIC &&
           (is_of_links || request->metric == PATH_METRIC_IGP) && request->bound_mask == 0 &&
           request->algorithm == 0 && request->reservations == NULL && request->excluded == NULL &&
           request->undesired == NULL && result->metrics[request->metric] < (double)UINT32_MAX;
}

struct path_scope path_scope_of(const struct ted_snapshot *snapshot,
                                const struct path_request *request,
                                const struct path_result *result, uint32_t told, bool names_nodes)
{
    bool is_near = names_nodes && scope_is_near(request, result);
    return (struct path_scope){
        .turn = snapshot->turn,
        .cost = is_near ? (uint32_t)result->metrics[request->metric] : UINT32_MAX,
        .reads = scope_reads(request, told),
        .metric = (uint8_t)request->metric,
    };
}

/* Whether no path of this cost leads over the link, as it was or as it is. */
static bool scope_is_far(const struct ted_snapshot *snapshot,
                         const struct ted_recent_change *change, const struct path_scope *scope,
                         uint32_t source, uint32_t destination)
{
    enum path_metric metric = (enum path_metric)scope->metric;
    uint64_t least = path_distance_bound(snapshot, metric, source, change->from);
    least += link_metric_of_change(change, metric);
    if (least <= scope->cost)
        least += path_distance_bound(snapshot, metric, change->to, destination);
    return least > scope->cost;
}

bool path_scope_holds(const struct ted_snapshot *snapshot, struct path_scope *scope,
                      uint32_t source, uint32_t destination)
{
    const struct ted_recent *recent = snapshot->recent;
    if (scope->turn == snapshot->turn)
        return true;
    if (recent == NULL || scope->turn < recent->since || scope->turn > snapshot->turn)
        return false;
    for (uint32_t i = recent->count; i > 0 && recent->changes[i - 1].turn > scope->turn; i--) {
        const struct ted_recent_change *change = &recent->changes[i - 1];
        if ((change->reads & scope->reads) == 0)
            continue;
        /* How many SIDs the source can put on may be what one of its links says. */
        if (scope->cost == UINT32_MAX || change->from == source ||
            !scope_is_far(snapshot, change, scope, source, destination))
            return false;
    }
    scope->turn = snapshot->turn;
    return true;
}
