/* Node segments: where the traffic of a node SID goes, and what it costs at worst.
 *
 * Forwarding of a node SID of algorithm 0 follows the IGP's shortest paths over the whole topology,
 * whatever a request asks, without the links that nothing leads back from, and uses all those of
 * equal cost (RFC 8402 3.1.1, RFC 2328 16.1). A segment search
 * starts at the node where a segment begins and settles the nodes in the order of their distance;
 * for each it knows whether every branch to it keeps to the constraint, and the maximum sum that
 * any branch has in the metrics that matter. Of SR-MPLS every node on the way, the end included, must
 * have a label for the SID's index; of SRv6 the end alone has to know its SID. A link of IGP metric 0 on a shortest path makes a
 * segment inadmissible: routers of equal distance may send to each other in a circle.
 *
 * Thread: the engine's. Owns: its arrays. Bound: each edge once per search. */
#ifndef PCED_CORE_PATH_SEGMENT_H
#define PCED_CORE_PATH_SEGMENT_H

#include "core/path/dimensions.h"
#include "core/path/heap.h"
#include "core/path/landmarks.h"

struct path_engine;

struct segment_node {
    uint64_t worst_key;             /* of the objective, over all branches */
    uint64_t worst[DIMENSIONS_MAX]; /* by dimension */
    uint64_t key_min;               /* key of a path with a segment to here; see expansion.h */
    uint32_t index_end; /* SID indexes below it are understood by every node of every branch */
    bool is_admitted;   /* all branches keep to the constraint; of a node that is not settled: all
                           branches to the nodes before it. Where not, the rest is not known */
};

struct segment_search {
    struct spf_node *states; /* keys are plain IGP distances here */
    struct segment_node *nodes;
    uint32_t *order; /* nodes in the order in which they were settled */
    uint32_t capacity, node_capacity, order_capacity;
    uint32_t stamp;
    uint32_t settled_count;
    uint32_t admitted_waiting; /* nodes in the heap that are admitted so far */
    uint64_t distance_end;     /* segments of this length and above are not admissible */
    uint64_t last;             /* the order of the node that was settled last */
    uint32_t partial;   /* what leads from it to no best answer is not admitted; TED_NONE: any is */
    uint64_t key_limit; /* paths of greater key are not looked for yet; expansion.h */
    uint64_t key_beyond; /* the minimum key of those */
    struct potential potential;
    struct dimensions dimensions;
};

/* Starts a search at a node. towards: where the nodes that will be asked for lead to, so that
 * landmarks can guide the search; TED_NONE: nowhere. PATH_NO_MEMORY or PATH_FOUND. Until the last
 * use of the search, the engine's heap is taken. */
enum path_outcome segment_begin(struct path_engine *engine, const struct problem *problem,
                                const struct dimensions *dimensions, uint32_t from,
                                uint32_t towards);

/* Goes on until the node is settled. TED_NONE: until no further node can be admissible. PATH_NONE:
 * the node cannot be reached. */
enum path_outcome segment_settle(struct path_engine *engine, const struct problem *problem,
                                 uint32_t node);

/* Another shortest path to a node: the worst of both. */
void segment_merge(const struct segment_search *search, struct segment_node *into,
                   const struct segment_node *other);

/* Whether a reverse edge of a settled node is the last link of a shortest path to it. */
bool segment_is_last_link(const struct segment_search *search, const struct ted_edge *edge,
                          uint32_t node);

/* Whether a segment may end at this settled node, its SID apart. */
bool segment_is_admissible(const struct segment_search *search, uint32_t node);

/* The IGP distance of a settled node. */
static inline uint64_t segment_distance(const struct segment_search *search, uint32_t node)
{
    return search->states[node].key;
}

/* Appends a branch of the admissible segment from -> to that has the worst objective to
 * engine->links: read backwards, the node of lowest index at each step. PATH_NONE: PATH_HOPS_MAX.
 */
enum path_outcome segment_walk(struct path_engine *engine, const struct problem *problem,
                               uint32_t from, uint32_t to);

/* The segment to the settled node `to` by its node SID, as `from`, where the search began,
 * understands it (RFC 8660 2.4). false: it has no SID, or a node on the way knows no label for it.
 * Node segments are known for algorithm 0 only. sid: NULL where it is not wanted. */
bool segment_sid(const struct segment_search *search, const struct problem *problem, uint32_t from,
                 uint32_t to, struct path_sid *sid);

void segment_fini(struct segment_search *search);
size_t segment_octets(const struct segment_search *search);

#endif
