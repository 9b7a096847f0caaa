/* Path pair: two paths between the same ends that share nothing, of the least sum of one metric
 * (Suurballe's algorithm: a shortest path, and then a shortest way to change it into two).
 *
 * What it finds bounds what two members of a set can cost together: it knows the links that either of
 * both may use, but no other bounds, no depth of SID lists and no SRLGs.
 *
 * Both searches are guided by landmarks: the key of a link is its own, less what its end is nearer to the
 * destination than its beginning, which leaves the order of whole paths as it is.
 *
 * Thread: the engine's. Owns: its arrays. Bound: two searches over all nodes, each edge once or twice. */
#ifndef PCED_CORE_PATH_PATH_PAIR_H
#define PCED_CORE_PATH_PATH_PAIR_H

#include "core/path/engine.h"

struct path_pair_ask {
    const struct problem
        *problems[2]; /* of the same snapshot, source, destination and metric; the same
                                          twice where both ask the same of links */
    bool by_node;     /* no node is shared but the ends */
    /* A link may be shared where this says so, which costs KEY_UNDESIRED; NULL: none. Not by_node. */
    bool (*may_share)(void *owner, uint32_t link);
    void *owner;
};

/* What is known of a node on the paths. */
struct path_pair_place {
    uint32_t stamp;
    uint32_t in; /* the link that the first path comes in by; TED_NONE at the source */
    uint32_t out_count;
    uint32_t outs[2]; /* the links that the paths leave by: first that of the first path */
};

/* What leads at least from a node to the destination (landmarks.h), worked out once for a pair. */
struct path_pair_rest {
    uint32_t stamp;
    uint32_t metric;
};

/* How a search came to a state: from which one, over which link. */
struct path_pair_step {
    uint32_t from;
    uint32_t link; /* TED_NONE: within a node */
};

struct path_pair {
    struct spf_node
        *first; /* by node: keys from the source, each link's less what it leads nearer */
    struct spf_node *second; /* by state: reduced keys; a node has two of them */
    struct path_pair_step *steps;
    struct path_pair_place *places;
    struct path_pair_rest *rests;
    struct potential potential;
    uint32_t first_capacity, second_capacity, step_capacity, place_capacity, rest_capacity;
    uint32_t first_stamp, second_stamp, place_stamp;
    uint64_t first_key; /* of the first path, the rest of its source taken off */
    /* The answer, from source to destination: */
    uint32_t links[2][PATH_HOPS_MAX];
    uint32_t counts[2];
    uint32_t shared_count; /* links that both have */
};

/* PATH_FOUND; PATH_NONE: there are no two such paths; PATH_WORK_EXCEEDED: more than work_max steps, or
 * paths of more than PATH_HOPS_MAX links; PATH_NO_MEMORY. engine->work is what it took. */
enum path_outcome path_pair_find(struct path_pair *pair, struct path_engine *engine,
                                 const struct path_pair_ask *ask, uint64_t work_max);

void path_pair_fini(struct path_pair *pair);
size_t path_pair_octets(const struct path_pair *pair);

#endif
