#include "core/reopt/resolve.h"

#include "core/base/check.h"
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
    slots_fini(&resolver->srv6_sids);
    free(resolver->srv6_owners);
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
                  struct pcep_subobjects hops, struct resolved_path *path)
{
    struct resolve_walk walk = {resolver, snapshot, path};
    resolve_begin(path, headend);
    for (uint32_t i = 0; i < hops.count && path->reason == RESOLVE_RESOLVED; i++) {
        path->failed_at = i;
        path->reason = resolve_hop(&walk, &hops.at[i]);
    }
    if (path->reason == RESOLVE_RESOLVED)
        path->failed_at = hops.count;
}

void resolve_sids(struct resolver *resolver, const struct ted_snapshot *snapshot, uint32_t headend,
                  const struct path_result *result, struct resolved_path *path)
{
    struct resolve_walk walk = {resolver, snapshot, path};
    resolve_begin(path, headend);
    for (; path->failed_at < result->sid_count && path->reason == RESOLVE_RESOLVED;
         path->failed_at++) {
        const struct path_sid *sid = &result->sids[path->failed_at];
        path->reason = sid->kind == PATH_SID_ADJACENCY
                           ? resolve_step_link(&walk, sid->link)
                           : resolve_step_algorithm(&walk, result->algorithm, sid->node);
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
