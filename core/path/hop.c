#include "core/path/hop.h"

#include "core/base/check.h"

/* Whether a link between the same nodes may be taken in the place of another one. */
static bool may_replace(const struct problem *problem, uint32_t other, uint32_t link)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    if (!constraint_admits(&problem->constraint, &snapshot->links[other]))
        return false;
    for (uint32_t m = 0; m < ADDITIVE_METRIC_COUNT; m++) {
        if ((problem->bounded & (1u << m)) != 0 &&
            link_metric(snapshot, other, (enum path_metric)m) >
                link_metric(snapshot, link, (enum path_metric)m))
            return false;
    }
    return true;
}

bool hop_admits(const struct problem *problem, uint32_t link, uint64_t *work)
{
    CHECK(problem->hops != NULL);
    const struct ted_snapshot *snapshot = problem->snapshot;
    const struct ted_link *wanted = &snapshot->links[link];
    uint8_t kind =
        problem->hops->of_links == NULL ? TED_HOP_NONE : problem->hops->of_links[link].kind;
    if (kind != TED_HOP_NODE)
        return kind == TED_HOP_LINK;
    uint32_t first = snapshot->first_edge[wanted->from];
    uint32_t end = snapshot->first_edge[wanted->from + 1];
    *work += end - first;
    for (uint32_t i = first; i < end; i++) {
        const struct ted_edge *edge = &snapshot->edges[i];
        if (edge->node == wanted->to && !may_replace(problem, edge->link, link))
            return false;
    }
    return true;
}
