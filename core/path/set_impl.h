/* What the files of path sets share: the scratch memory of a set, and the words for its parts. Private
 * to core/path.
 *
 * Thread: the set's. Owns: everything below; see path_set.h. Bound: the same. */
#ifndef PCED_CORE_PATH_SET_IMPL_H
#define PCED_CORE_PATH_SET_IMPL_H

#include "core/path/path_pair.h"
#include "core/path/path_set.h"
#include "core/path/uses.h"

/* What a set, or a part of it, costs: compared in this order. */
struct set_cost {
    uint64_t shared; /* links, where they may be */
    uint64_t
        rank; /* links that members do not desire, times SET_RANK_UNDESIRED; and SIDs, where they
                        come before the metric */
    uint64_t metric;
};

#define SET_RANK_UNDESIRED 256 /* more than a SID list has segments */
_Static_assert(SET_RANK_UNDESIRED > PATH_SIDS_MAX, "SIDs count as undesired links");

/* A path of a member, as far as the others have to know it. */
struct set_path {
    uint32_t first, count; /* of the pool: the links that it uses */
    struct set_cost cost;
    uint64_t badness; /* of the worst link, where that is the member's objective; else 0 */
};

enum set_kind {
    SET_NOTHING,
    SET_LINK, /* id: a directed link; both directions are meant */
    SET_NODE,
    SET_SRLG,
    SET_ROOM, /* a directed link that has no bandwidth for all who use it */
};

/* Something that two members must not share, but do. */
struct set_conflict {
    enum set_kind kind;
    uint32_t id;
    uint32_t members[2];
};

/* What holds between the members. */
struct set_stage {
    uint32_t diversity;
    bool may_share; /* links, as few as can be */
};

/* A step of the search: what was decided on the way here, and what it costs at least. */
struct set_step {
    uint32_t parent;
    uint32_t member;             /* whose path is another one from here on; TED_NONE: nobody's */
    struct set_conflict decided; /* what that member avoids, or what may be shared */
    struct set_conflict next;    /* what is to be decided; SET_NOTHING: this is an answer */
    struct set_path path;        /* of the member */
    struct set_cost cost;        /* of all members */
};

/* Answers of all members. */
struct set_bank {
    struct path_result results[PATH_SET_MAX];
    uint32_t links[PATH_SET_MAX][PATH_HOPS_MAX];
    struct path_sid sids[PATH_SET_MAX][PATH_SIDS_MAX];
    struct set_path paths[PATH_SET_MAX];
    bool is_placed[PATH_SET_MAX];
    uint32_t placed;
    struct set_cost cost;
};

struct path_set {
    /* Of the call: */
    struct path_engine *engine;
    const struct ted_snapshot *snapshot;
    const struct path_member *members;
    uint32_t count;
    const uint8_t *between;
    struct set_bank
        *alone;         /* the paths that members have alone; without one, a member is left out */
    uint64_t work_left; /* of the stage */
    uint64_t work;      /* of the call */
    /* Of the stage: */
    struct set_stage stage;
    bool has_bound;
    struct set_cost bound; /* nothing costs less */
    bool has_best;         /* *best places all that are active */
    bool is_impossible;    /* no set keeps what the stage asks */
    bool is_proven;        /* nothing is better than *best */
    struct set_bank *best, *tried;
    struct set_bank banks[3];
    /* Of a member's computation: */
    struct path_avoid excluded, undesired;
    struct path_uses uses;
    struct residual residuals[2];             /* of a pair */
    struct path_avoid ceilings[PATH_SET_MAX]; /* of members, where links are to be loaded least */
    /* Marks of links and nodes that one member uses. */
    uint32_t *link_marks, *node_marks;
    uint32_t link_mark_capacity, node_mark_capacity, stamp;
    /* The search: */
    struct set_step *steps;
    uint32_t *heap; /* of steps */
    uint32_t *pool; /* links of paths */
    uint32_t step_capacity, heap_capacity, pool_capacity;
    uint32_t step_count, heap_count, pool_count;
    struct path_pair pair;
};

static inline int set_cost_compare(const struct set_cost *a, const struct set_cost *b)
{
    if (a->shared != b->shared)
        return a->shared < b->shared ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return a->metric < b->metric ? -1 : a->metric > b->metric;
}

static inline struct set_cost set_cost_sum(struct set_cost a, struct set_cost b)
{
    return (struct set_cost){a.shared + b.shared, a.rank + b.rank, a.metric + b.metric};
}

/* b is a part of a. */
static inline struct set_cost set_cost_without(struct set_cost a, struct set_cost b)
{
    return (struct set_cost){a.shared - b.shared, a.rank - b.rank, a.metric - b.metric};
}

/* Whether a path is worse to its member than another one. */
static inline bool set_path_is_worse(const struct set_path *a, const struct set_path *b)
{
    return a->badness > b->badness ||
           (a->badness == b->badness && set_cost_compare(&a->cost, &b->cost) > 0);
}

/* Takes work from the stage; false: it had less. */
static inline bool set_pay(struct path_set *set, uint64_t work)
{
    bool is_enough = work <= set->work_left;
    set->work += work;
    set->work_left -= is_enough ? work : set->work_left;
    return is_enough;
}

/* What the stage asks between two members: enum path_diversity bits; 0: nothing but bandwidth. */
static inline uint32_t set_diversity_between(const struct path_set *set, uint32_t a, uint32_t b)
{
    uint32_t asked = set->between == NULL ? set->stage.diversity : set->between[a * set->count + b];
    if (asked == 0 || (set->members[a].is_first && set->members[b].is_first))
        return 0;
    return (asked & set->stage.diversity) | PATH_DIVERSE_LINK;
}

/* What a result says until there is one. */
static inline void set_result_init(struct path_set_result *result, uint32_t count)
{
    *result = (struct path_set_result){.outcome = PATH_NO_MEMORY};
    for (uint32_t m = 0; m < count; m++)
        result->members[m].outcome = PATH_NO_MEMORY;
}

static inline uint32_t set_weight(const struct path_member *member)
{
    return member->weight == 0 ? 1 : member->weight;
}

#endif
