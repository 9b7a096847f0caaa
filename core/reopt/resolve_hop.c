/* Hops of a path that is resolved: addresses and interfaces, strict or loose. */
#include "core/pcep/model.h"
#include "core/reopt/resolve_walk.h"

static bool hop_is_far_end(const struct ted_snapshot *snapshot, const struct ted_link *link,
                           const void *wanted)
{
    (void)snapshot;
    return ip_is_equal(&link->remote_v4, wanted) || ip_is_equal(&link->remote_v6, wanted);
}

static bool hop_is_near_end(const struct ted_snapshot *snapshot, const struct ted_link *link,
                            const void *wanted)
{
    (void)snapshot;
    return ip_is_equal(&link->local_v4, wanted) || ip_is_equal(&link->local_v6, wanted);
}

static bool hop_leads_to(const struct ted_snapshot *snapshot, const struct ted_link *link,
                         const void *wanted)
{
    const uint32_t *node = wanted;
    (void)snapshot;
    return link->to == *node;
}

/* Over whichever of the links that fit, which all lead to one node: a router takes which it likes.
 */
static enum resolve_reason hop_over_any(struct resolve_walk *walk, resolve_fits_fn *fits,
                                        const void *wanted)
{
    const struct ted_snapshot *snapshot = walk->snapshot;
    struct resolved_path *path = walk->path;
    uint32_t at = path->end, before = path->count;
    for (uint32_t i = snapshot->first_edge[at]; i < snapshot->first_edge[at + 1]; i++) {
        uint32_t link = snapshot->edges[i].link;
        if (!fits(snapshot, &snapshot->links[link], wanted))
            continue;
        enum resolve_reason reason = resolve_step_link(walk, link);
        if (reason != RESOLVE_RESOLVED)
            return reason;
    }
    for (uint32_t i = before; i < path->count; i++)
        path->is_branch[i] = path->count - before > 1;
    return path->count == before ? RESOLVE_NOT_ADJACENT : RESOLVE_RESOLVED;
}

/* The one link that leaves the router by this address of its own; TED_NONE: none does, several
 * share it, or it is where the path has just come in. */
static uint32_t hop_near_end(const struct resolve_walk *walk, const struct ip *address)
{
    const struct ted_snapshot *snapshot = walk->snapshot;
    const struct resolved_path *path = walk->path;
    uint32_t found = TED_NONE;
    for (uint32_t i = snapshot->first_edge[path->end]; i < snapshot->first_edge[path->end + 1];
         i++) {
        uint32_t link = snapshot->edges[i].link;
        if (!hop_is_near_end(snapshot, &snapshot->links[link], address))
            continue;
        if (found != TED_NONE)
            return TED_NONE;
        found = link;
    }
    bool has_come_in = found != TED_NONE && path->count > 0 &&
                       snapshot->links[found].reverse == path->links[path->count - 1];
    return has_come_in ? TED_NONE : found;
}

static enum resolve_reason hop_strict(struct resolve_walk *walk, const struct ip *address,
                                      uint32_t node)
{
    enum resolve_reason reason = hop_over_any(walk, hop_is_far_end, address);
    if (reason != RESOLVE_NOT_ADJACENT)
        return reason;
    uint32_t link = hop_near_end(walk, address);
    if (link != TED_NONE)
        return resolve_step_link(walk, link);
    if (node == TED_NONE)
        return RESOLVE_UNKNOWN_ADDRESS;
    return node == walk->path->end ? RESOLVE_RESOLVED : hop_over_any(walk, hop_leads_to, &node);
}

enum resolve_reason resolve_address(struct resolve_walk *walk,
                                    const struct pcep_subobject *subobject)
{
    const struct pcep_sub_prefix *hop = subobject->body;
    if (hop->bits < 8 * ip_size(&hop->prefix))
        return RESOLVE_MANY_NODES;
    uint32_t node = ted_find_node_by_address(walk->snapshot, &hop->prefix);
    if (!subobject->is_loose)
        return hop_strict(walk, &hop->prefix, node);
    return node == TED_NONE ? RESOLVE_UNKNOWN_ADDRESS : resolve_step_igp(walk, node);
}

/* An interface by the router that has it. */
struct interface {
    uint32_t router;
    uint32_t id;
};

static bool hop_leaves_by(const struct ted_snapshot *snapshot, const struct ted_link *link,
                          const void *wanted)
{
    const struct interface *interface = wanted;
    (void)snapshot;
    return link->from == interface->router && link->local_id == interface->id;
}

static bool hop_comes_in_by(const struct ted_snapshot *snapshot, const struct ted_link *link,
                            const void *wanted)
{
    const struct interface *interface = wanted;
    (void)snapshot;
    return link->to == interface->router && link->remote_id == interface->id;
}

/* The interface that the path leaves a router by (RFC 3477 4), or, as our own replies have it, the
 * one that it comes in by at the next one. */
enum resolve_reason resolve_unnumbered(struct resolve_walk *walk,
                                       const struct pcep_subobject *subobject)
{
    const struct pcep_sub_unnumbered *hop = subobject->body;
    const struct interface interface = {ted_find_node_by_address(walk->snapshot, &hop->router_id),
                                        hop->interface_id};
    if (interface.router == TED_NONE)
        return RESOLVE_UNKNOWN_ADDRESS;
    uint32_t link = resolve_find_link(walk, hop_leaves_by, &interface);
    if (link == TED_NONE)
        link = resolve_find_link(walk, hop_comes_in_by, &interface);
    return link == TED_NONE ? RESOLVE_UNKNOWN_ADJACENCY : resolve_step_link(walk, link);
}
