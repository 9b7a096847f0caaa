#include "core/reopt/resolve.h"

#include "core/base/check.h"
#include "core/path/segment_links.h"
#include "core/reopt/resolve_walk.h"

#include <stdlib.h>

const char *resolve_reason_text(enum resolve_reason reason)
{
    static const char *const texts[] = {
#define RESOLVE_REASON(id, text) [RESOLVE_##id] = text,
#include "core/reopt/resolve_reason.def"
#undef RESOLVE_REASON
    };
    CHECK(reason < RESOLVE_REASON_COUNT);
    return texts[reason];
}

void resolver_init(struct resolver *resolver, struct path_engine *engine)
{
    *resolver = (struct resolver){.engine = engine};
}

void resolver_fini(struct resolver *resolver)
{
    slots_fini(&resolver->srv6_nodes);
    free(resolver->srv6_owners);
}

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

enum resolve_reason resolve_step_igp(struct resolve_walk *walk, uint32_t node)
{
    struct resolved_path *path = walk->path;
    if (node == path->end)
        return RESOLVE_RESOLVED;
    struct segment_links found = {.links = path->links + path->count,
                                  .links_max = RESOLVE_LINKS_MAX - path->count,
                                  .work_max = RESOLVE_WORK_MAX - path->work};
    if (path->work >= RESOLVE_WORK_MAX)
        return RESOLVE_TOO_LONG;
    path->follows_igp = true;
    enum pce_status status =
        path_segment_links(walk->resolver->engine, walk->snapshot, path->end, node, &found);
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

static enum resolve_reason resolve_hop(struct resolve_walk *walk,
                                       const struct pcep_subobject *subobject)
{
    if (subobject->row == NULL || subobject->body == NULL)
        return RESOLVE_OTHER_HOP;
    switch (subobject->row->id) {
    case PCEP_SUBOBJECT_SR:
        return resolve_sr(walk, subobject);
    case PCEP_SUBOBJECT_SRV6:
        return resolve_srv6(walk, subobject);
    case PCEP_SUBOBJECT_IPV4_PREFIX:
    case PCEP_SUBOBJECT_IPV6_PREFIX:
        return resolve_address(walk, subobject);
    case PCEP_SUBOBJECT_UNNUMBERED:
        return resolve_unnumbered(walk, subobject);
    case PCEP_SUBOBJECT_LABEL: /* of the hop before (RFC 3473 5.1): no step */
    case PCEP_SUBOBJECT_SRLG_RECORDED:
        return RESOLVE_RESOLVED;
    default:
        return RESOLVE_OTHER_HOP;
    }
}

static void resolve_begin(struct resolved_path *path, uint32_t headend)
{
    path->count = 0;
    path->work = 0;
    path->follows_igp = false;
    path->end = headend;
    path->failed_at = 0;
    path->reason = headend == TED_NONE ? RESOLVE_NO_HEADEND : RESOLVE_RESOLVED;
}

void resolve_path(struct resolver *resolver, const struct ted_snapshot *snapshot, uint32_t headend,
                  const struct pcep_subobject *subobjects, uint32_t count,
                  struct resolved_path *path)
{
    struct resolve_walk walk = {resolver, snapshot, path};
    resolve_begin(path, headend);
    for (uint32_t i = 0; i < count && path->reason == RESOLVE_RESOLVED; i++) {
        path->failed_at = i;
        path->reason = resolve_hop(&walk, &subobjects[i]);
    }
    if (path->reason == RESOLVE_RESOLVED)
        path->failed_at = count;
}

void resolve_sids(struct resolver *resolver, const struct ted_snapshot *snapshot, uint32_t headend,
                  const struct path_sid *sids, uint32_t count, struct resolved_path *path)
{
    struct resolve_walk walk = {resolver, snapshot, path};
    resolve_begin(path, headend);
    for (; path->failed_at < count && path->reason == RESOLVE_RESOLVED; path->failed_at++) {
        const struct path_sid *sid = &sids[path->failed_at];
        path->reason = sid->kind == PATH_SID_ADJACENCY ? resolve_step_link(&walk, sid->link)
                                                       : resolve_step_igp(&walk, sid->node);
    }
}

void resolve_links(const struct ted_snapshot *snapshot, uint32_t headend, const uint32_t *links,
                   uint32_t count, struct resolved_path *path)
{
    struct resolve_walk walk = {NULL, snapshot, path};
    resolve_begin(path, headend);
    for (; path->failed_at < count && path->reason == RESOLVE_RESOLVED; path->failed_at++)
        path->reason = resolve_step_link(&walk, links[path->failed_at]);
}
