/* Resolve walk: the steps of a path that is resolved, shared by the kinds of hops.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REOPT_RESOLVE_WALK_H
#define PCED_CORE_REOPT_RESOLVE_WALK_H

#include "core/reopt/resolve.h"

struct resolve_walk {
    struct resolver *resolver;
    const struct ted_snapshot *snapshot;
    struct resolved_path *path; /* path->end is where the walk stands */
};

/* Over one link from where the walk stands. */
enum resolve_reason resolve_step_link(struct resolve_walk *walk, uint32_t link);
/* To a node, by the IGP; no step where the walk stands there already. */
enum resolve_reason resolve_step_igp(struct resolve_walk *walk, uint32_t node);
/* The same by the shortest paths of an algorithm. */
enum resolve_reason resolve_step_algorithm(struct resolve_walk *walk, uint8_t algorithm,
                                           uint32_t node);

/* The first link from where the walk stands that fits; TED_NONE when there is none. */
typedef bool resolve_fits_fn(const struct ted_snapshot *snapshot, const struct ted_link *link,
                             const void *wanted);
uint32_t resolve_find_link(const struct resolve_walk *walk, resolve_fits_fn *fits,
                           const void *wanted);

/* One hop of a kind. */
enum resolve_reason resolve_sr(struct resolve_walk *walk, const struct pcep_subobject *subobject);
enum resolve_reason resolve_srv6(struct resolve_walk *walk, const struct pcep_subobject *subobject);
enum resolve_reason resolve_address(struct resolve_walk *walk,
                                    const struct pcep_subobject *subobject);
enum resolve_reason resolve_unnumbered(struct resolve_walk *walk,
                                       const struct pcep_subobject *subobject);

#endif
