/* Labels: the partial paths of a search under bounds, several per node, none of them dominated.
 *
 * A resource-constrained shortest path needs, at each node, every partial path that is not worse in
 * all respects than another. Labels start at the source and are settled in the order of what they
 * cost plus the least that is still to come (the trees of spf.h give it: A*), so that the first one
 * to be settled at the destination is the best. A label that cannot keep a bound even at the least
 * rest is not made.
 *
 * Thread: the engine's. Owns: its arrays. Bound: LABELS_MAX labels, and engine->work. */
#ifndef PCED_CORE_PATH_LABEL_H
#define PCED_CORE_PATH_LABEL_H

#include "core/path/dimensions.h"

struct path_engine;

#define LABELS_MAX (1u << 20)
/* resources[0] is the number of segments, the others follow the dimensions. */
#define LABEL_RESOURCES (1 + ADDITIVE_METRIC_COUNT)

struct label {
    uint64_t key; /* of the objective, from the source */
    uint64_t resources[LABEL_RESOURCES];
    uint64_t extended; /* by node segments that may be part of paths of at most this key; 0: not yet
                          settled */
    uint32_t node;
    uint32_t via;    /* the link that leads here; TED_NONE: a node segment */
    uint32_t parent; /* label; TED_NONE at the source */
    uint32_t next;   /* label of the same node */
    bool is_dominated;
};

/* What a label is extended by. */
struct label_step {
    uint32_t node;
    uint32_t via;
    uint64_t key;
    uint64_t resources[LABEL_RESOURCES];
};

struct label_entry {
    uint64_t least; /* key plus the least rest */
    uint64_t key;
    uint32_t label;
};

struct label_head {
    uint32_t stamp;
    uint32_t label;
};

struct label_search {
    struct label *all;
    struct label_entry *heap;
    struct label_head *heads; /* by node */
    uint32_t capacity, heap_capacity, head_capacity;
    uint32_t count, heap_count;
    uint32_t stamp;
    uint64_t first;    /* the least key of a whole path, as far as was known at the beginning */
    uint64_t upper;    /* the best answer costs no more: labels that must cost more are not made */
    bool is_truncated; /* a label was not made because of PATH_HOPS_MAX alone */
    struct dimensions dimensions;
};

/* Prepares the trees of lower bounds and the label of the source. PATH_NONE: no path can keep the
 * bounds. */
enum path_outcome label_begin(struct path_engine *engine, const struct problem *problem,
                              const struct dimensions *dimensions);

/* Makes a label if it can lead to an answer and nothing dominates it. PATH_FOUND: go on. */
enum path_outcome label_extend(struct path_engine *engine, const struct problem *problem,
                               uint32_t parent, const struct label_step *step);

/* What a step costs, the segment that it takes counted where the number of SIDs comes first. */
static inline uint64_t label_step_key(const struct problem *problem, uint64_t key)
{
    return problem->fewest_sids ? key + KEY_SEGMENT : key;
}

/* Extends a label by each link of its node that the constraint admits. Where SIDs are wanted, each
 * link is an adjacency segment, and one without a SID is left out. */
enum path_outcome label_extend_by_links(struct path_engine *engine, const struct problem *problem,
                                        uint32_t label);

/* Whether a node segment from a label to the node, of the cost that the engine's segment search
 * found, or one that leads on from there, can be part of the best answer. *least is the least key
 * of a whole path with it. */
bool label_allows_segment(const struct path_engine *engine, const struct problem *problem,
                          uint32_t label, uint32_t node, uint64_t *least);

/* Whether what lies behind a node on a segment from a label is reached as well from another label,
 * there: one that costs no more, with no more segments, and with less of one or the other. A
 * segment from there is a part of the segment from the label; the list is as long and better. */
bool label_is_dominated(struct path_engine *engine, uint32_t label, uint32_t node);

/* The next label to settle, and the least key of a path through it; TED_NONE when there is none
 * left. */
uint32_t label_pop(struct path_engine *engine, uint64_t *least);

/* Settles a label once more, for paths of this key and above. */
void label_push_again(struct path_engine *engine, uint32_t label, uint64_t least);

/* Of the labels at the destination that cost as much as this settled one, the one of the least
 * resources: fewest segments, then the least sum of each bounded metric in turn. */
uint32_t label_best_equal(const struct path_engine *engine, uint32_t label);

/* Frees what is more than PATH_LABELS_KEPT labels need. */
void label_trim(struct label_search *search);
void label_fini(struct label_search *search);
size_t label_octets(const struct label_search *search);

#endif
