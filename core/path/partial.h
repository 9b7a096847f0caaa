/* Partial paths of a search under bounds, several per node, none of them dominated.
 *
 * A resource-constrained shortest path needs, at each node, every partial path that is not worse in
 * all respects than another. Partial paths start at the source and are settled in the order of what
 * they cost plus the minimum that is still to come (the trees of spf.h give it: A*), so that the
 * first one to be settled at the destination is the best. A partial path that cannot keep a bound
 * even at the minimum rest is not made.
 *
 * Thread: the engine's. Owns: its arrays. Bound: PARTIALS_MAX partial paths, and engine->work. */
#ifndef PCED_CORE_PATH_PARTIAL_H
#define PCED_CORE_PATH_PARTIAL_H

#include "core/path/dimensions.h"

struct path_engine;

#define PARTIALS_MAX (1u << 20)
/* resources[0] is the number of segments, the others follow the dimensions. */
#define PARTIAL_RESOURCES (1 + DIMENSIONS_MAX)

struct partial {
    uint64_t key; /* of the objective, from the source */
    uint64_t resources[PARTIAL_RESOURCES];
    uint64_t extended; /* by node segments that may be part of paths of at most this key; 0: not yet
                          settled */
    uint32_t node;
    uint32_t via;    /* the link that leads here; TED_NONE: a node segment */
    uint32_t parent; /* partial; TED_NONE at the source */
    uint32_t next;   /* partial of the same node */
    bool is_dominated;
};

/* What a partial path is extended by. */
struct partial_step {
    uint32_t node;
    uint32_t via;
    uint64_t key;
    uint64_t resources[PARTIAL_RESOURCES];
};

struct partial_entry {
    uint64_t key_min; /* key plus the minimum rest */
    uint64_t key;
    uint32_t partial;
};

struct partial_head {
    uint32_t stamp;
    uint32_t partial;
};

struct partial_search {
    struct partial *all;
    struct partial_entry *heap;
    struct partial_head *heads; /* by node */
    uint32_t capacity, heap_capacity, head_capacity;
    uint32_t count, heap_count;
    uint32_t stamp;
    uint64_t first;    /* the minimum key of a whole path, as far as was known at the beginning */
    uint64_t upper;    /* the best answer costs no more: what must cost more is not made */
    bool is_truncated; /* a partial path was not made because of PATH_HOPS_MAX alone */
    struct dimensions dimensions;
};

/* Prepares the trees of lower bounds and the partial path of the source. PATH_NONE: no path can
 * keep the bounds. */
enum path_outcome partial_begin(struct path_engine *engine, const struct problem *problem,
                                const struct dimensions *dimensions);

/* Makes a partial path if it can lead to an answer and nothing dominates it. PATH_FOUND: go on. */
enum path_outcome partial_extend(struct path_engine *engine, const struct problem *problem,
                                 uint32_t parent, const struct partial_step *step);

/* What a step costs, the segment that it takes counted where the number of SIDs comes first. */
static inline uint64_t partial_step_key(const struct problem *problem, uint64_t key)
{
    return problem->fewest_sids ? key + KEY_SEGMENT : key;
}

/* Extends a partial path by each link of its node that the constraint admits. Where SIDs are
 * wanted, each link is an adjacency segment, and one without a SID is left out. */
enum path_outcome partial_extend_by_links(struct path_engine *engine, const struct problem *problem,
                                          uint32_t partial);

/* Whether a node segment from a partial path to the node, of the cost that the engine's segment
 * search found, or one that leads on from there, can be part of the best answer. *key_min is the
 * minimum key of a whole path with it. */
bool partial_allows_segment(const struct path_engine *engine, const struct problem *problem,
                            uint32_t partial, uint32_t node, uint64_t *key_min);

/* Whether what lies behind a node on a segment from a partial path is reached as well from another
 * partial path, there: one that costs no more, with no more segments, and with less of one or the
 * other. A segment from there is a part of the segment from the partial path; the list is as long
 * and better. */
bool partial_is_dominated(struct path_engine *engine, uint32_t partial, uint32_t node);

/* The next partial path to settle, and the minimum key of a path through it; TED_NONE when there is
 * none left. */
uint32_t partial_pop(struct path_engine *engine, uint64_t *key_min);

/* Settles a partial path once more, for paths of this key and above. */
void partial_push_again(struct path_engine *engine, uint32_t partial, uint64_t key_min);

/* Of the partial paths at the destination that cost as much as this settled one, the one of the
 * minimum resources: fewest segments, then the minimum sum of each bounded metric in turn. */
uint32_t partial_best_equal(const struct path_engine *engine, uint32_t partial);

/* Frees what is more than PATH_PARTIALS_KEPT partial paths need. */
void partial_trim(struct partial_search *search);
void partial_fini(struct partial_search *search);
size_t partial_octets(const struct partial_search *search);

#endif
