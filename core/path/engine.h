/* Engine: the scratch memory that all searches of this folder share, and the budget of the request
 * that is being computed. Private to core/path.
 *
 * Thread: one. Owns: everything below; it grows to the largest snapshot seen and is never cleared
 * for a request: records carry the stamp of the search that wrote them. */
#ifndef PCED_CORE_PATH_ENGINE_H
#define PCED_CORE_PATH_ENGINE_H

#include "core/path/heap.h"
#include "core/path/landmarks.h"
#include "core/path/last_segment.h"
#include "core/path/near_tree.h"
#include "core/path/partial.h"
#include "core/path/problem.h"
#include "core/path/segment.h"

/* Shortest paths to (or from) one node; see spf.h. */
struct spf_tree {
    struct spf_node *nodes;
    uint32_t capacity;
    uint32_t stamp;
    uint32_t target; /* the node whose key is wanted; TED_NONE: all */
    uint64_t limit;  /* nodes are settled up to this key, the minimum from the source included */
    struct potential potential;
};

/* Nodes that a walk has met (segment_links.c). */
struct segment_marks {
    uint32_t *stamps; /* by node */
    uint32_t capacity;
    uint32_t stamp;
};

struct path_engine {
    uint64_t work_max;   /* of one attempt */
    uint64_t work_left;  /* of the call, over all its attempts */
    uint64_t work;       /* of the attempt that runs: edges looked at and partial paths made or
                            compared */
    uint64_t work_limit; /* of the attempt that runs */
    bool is_cut;         /* an attempt would have gone on, had the call had work left */
    uint32_t node_capacity;
    struct heap heap;     /* one search at a time */
    struct spf_tree tree; /* the objective's */
    struct spf_tree bound_trees[ADDITIVE_METRIC_COUNT];
    struct near_tree_maker near_trees;
    struct segment_search segment;
    struct last_segment last_segment;
    struct partial_search partials;
    struct residual residual;
    struct segment_marks segment_marks;
    uint64_t *badness; /* bottleneck.c */
    uint32_t badness_capacity;
    /* The path that was found last. */
    uint8_t algorithm; /* whose topology it is of */
    uint32_t links[PATH_HOPS_MAX];
    uint32_t link_count;
    struct path_sid sids[PATH_SIDS_MAX];
    uint32_t sid_count;
    /* What the worst ECMP branch of the SID list pays, where this can differ from the links' sum.
     */
    uint32_t worst_mask; /* 1 << additive metric */
    uint64_t worst[ADDITIVE_METRIC_COUNT];
};

/* Room for count things of size octets each, at least doubling; what was there is kept, what is new
 * is zero. *capacity counts things. false when memory ran out, and nothing is changed. */
bool engine_grow(void **array, uint32_t *capacity, uint32_t count, size_t size);

/* Room in the heap for so many nodes; false when memory ran out. */
bool engine_reserve_heap(struct path_engine *engine, uint32_t node_count);

/* A problem that depends on bandwidth sees what LSPs leave of it, where the request said so. */
static inline void engine_show_residual(struct path_engine *engine, struct problem *problem)
{
    if (engine->residual.reservations != NULL &&
        (problem->constraint.bandwidth > 0 || problem->constraint.objective != PATH_MIN_METRIC))
        constraint_show_residual(&problem->constraint, &engine->residual);
}

/* The next stamp of an array of records; the caller clears the array when it is 1 again. */
static inline bool engine_stamp_wraps(uint32_t *stamp)
{
    if (*stamp == UINT32_MAX)
        *stamp = 0;
    return ++*stamp == 1;
}

/* path_compute_within, but nothing is asked about a request without a path. */
void path_attempt(struct path_engine *engine, const struct ted_snapshot *snapshot,
                  const struct path_request *request, uint64_t work_max,
                  struct path_result *result);

static inline bool engine_is_exhausted(const struct path_engine *engine)
{
    return engine->work > engine->work_limit;
}

#endif
