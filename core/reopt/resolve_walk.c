#include "core/reopt/resolve_walk.h"

#include "core/path/segment_links.h"
#include "core/ted/flex.h"

enum resolve_reason resolve_step_link(struct resolve_walk *walk, uint32_t link)
{
    struct resolved_path *path = walk->path;
    if (path->count == RESOLVE_LINKS_MAX)
        return RESOLVE_TOO_LONG;
    path->is_branch[path->count] = false;
    path->links[path->count++] = link;
    path->end = walk->snapshot->links[link].to;
    return RESOLVE_RESOLVED;
}

static enum resolve_reason resolve_reason_of(enum pce_status status)
{
    switch (status) {
    case PCE_OK:
        return RESOLVE_RESOLVED;
    case PCE_NOT_FOUND:
        return RESOLVE_UNREACHABLE;
    case PCE_UNSUPPORTED:
        return RESOLVE_METRIC_ZERO;
    case PCE_NO_MEMORY:
        return RESOLVE_NO_MEMORY;
    default:
        return RESOLVE_TOO_LONG;
    }
}

/* 0 is the IGP's shortest path, 1 the same without a policy on the way (RFC 8402 3.1.1). NULL: nobody
 * knows where the algorithm's paths are. */
static const struct ted_snapshot *resolve_topology(const struct ted_snapshot *snapshot,
                                                   uint8_t algorithm)
{
    if (algorithm <= 1)
        return snapshot;
    const struct ted_flex_view *view = ted_flex_view_of(snapshot, algorithm);
    return view == NULL ? NULL : view->snapshot;
}

enum resolve_reason resolve_step_igp(struct resolve_walk *walk, uint32_t node)
{
    return resolve_step_algorithm(walk, 0, node);
}

enum resolve_reason resolve_step_algorithm(struct resolve_walk *walk, uint8_t algorithm,
                                           uint32_t node)
{
    const struct ted_snapshot *topology = resolve_topology(walk->snapshot, algorithm);
    struct resolved_path *path = walk->path;
    if (topology == NULL)
        return RESOLVE_OTHER_ALGORITHM;
    if (node == path->end)
        return RESOLVE_RESOLVED;
    struct segment_links found = {.links = path->links + path->count,
                                  .links_max = RESOLVE_LINKS_MAX - path->count,
                                  .work_max = RESOLVE_WORK_MAX - path->work};
    if (path->work >= RESOLVE_WORK_MAX)
        return RESOLVE_TOO_LONG;
    path->follows_igp = true;
    enum pce_status status =
        path_segment_links(walk->resolver->engine, topology, path->end, node, &found);
    path->work += found.work;
    if (status != PCE_OK)
        return resolve_reason_of(status);
    for (uint32_t i = 0; i < found.count; i++)
        path->is_branch[path->count + i] = found.branches;
    path->count += found.count;
    path->end = node;
    return RESOLVE_RESOLVED;
}

uint32_t resolve_find_link(const struct resolve_walk *walk, resolve_fits_fn *fits,
                           const void *wanted)
{
    const struct ted_snapshot *snapshot = walk->snapshot;
    uint32_t node = walk->path->end;
    for (uint32_t i = snapshot->first_edge[node]; i < snapshot->first_edge[node + 1]; i++)
        if (fits(snapshot, &snapshot->links[snapshot->edges[i].link], wanted))
            return snapshot->edges[i].link;
    return TED_NONE;
}
