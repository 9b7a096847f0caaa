/* Problem: a request in the form in which the searches want it: limits as whole numbers, the
 * objective as one additive metric, the constraint combined.
 *
 * The unit of comparison of all searches is a key: the sum of the metric times 2^KEY_HOP_BITS plus
 * the number of links. Comparing keys compares the metric first and hops second, and adding keys
 * adds both. A path of at most PATH_HOPS_MAX links never carries from hops into the metric; a
 * longer one does, which only makes its key greater than its metric, so keys stay lower bounds.
 * TED_NODES_MAX links of the maximum metric stay below 2^63.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_PATH_PROBLEM_H
#define PCED_CORE_PATH_PROBLEM_H

#include "core/path/constraint.h"
#include "core/path/link_metric.h"

#define KEY_HOP_BITS 11
#define KEY_HOP_MASK ((UINT64_C(1) << KEY_HOP_BITS) - 1)
/* Where the objective is the fewest SIDs, a segment counts so much: more than any path of
 * PATH_HOPS_MAX links in the other two parts of the key. */
#define KEY_SEGMENT (UINT64_C(1) << 53)
/* The same of a link that is undesired; there segments are counted apart (solve.c). */
#define KEY_UNDESIRED KEY_SEGMENT
/* What is dearer has more than PATH_HOPS_MAX links that are undesired. */
#define KEY_MAX ((uint64_t)(PATH_HOPS_MAX + 1) * KEY_UNDESIRED - 1)
/* No key: not reached. */
#define KEY_NONE UINT64_MAX

_Static_assert(PATH_HOPS_MAX * 2 <= KEY_HOP_MASK + 1, "hops carry into the metric");
_Static_assert(TED_NODES_MAX <= 1 << 20, "keys overflow");
_Static_assert(KEY_MAX < UINT64_MAX - 2 * KEY_UNDESIRED, "keys overflow by one more link");

/* The metrics that are sums over links: all but the SID depth. */
#define ADDITIVE_METRIC_COUNT PATH_METRIC_SIDS

struct problem {
    const struct ted_snapshot *snapshot;
    uint32_t source, destination;
    struct constraint constraint;
    enum path_metric metric; /* the additive one that is minimised */
    bool fewest_sids;        /* the number of SIDs comes first, then the metric */
    bool is_ranked;     /* SIDs, or undesired links, come first: keys do not bound the metric */
    bool is_impossible; /* a bound that nothing keeps, or a protection that nothing has */
    uint32_t bounded;   /* 1 << additive metric */
    uint64_t bounds[ADDITIVE_METRIC_COUNT];
    bool wants_hops;
    bool wants_sids;
    bool sids_impossible; /* the bound on the SID depth is below zero, or not a number */
    uint32_t sids_max;
    bool has_node_sids; /* they may be used */
    bool is_srv6;       /* SIDs are IPv6 addresses, no labels */
    uint8_t algorithm;
    uint8_t family;
    uint8_t protection;
    const struct ted_hops *hops; /* that links are asked for (hop.h); NULL: each link has its own,
                                    or none is wanted */
    const struct path_avoid *undesired; /* NULL: nothing is */
    uint32_t undesired_max;             /* more such links than that are no answer */
};

struct problem problem_of_request(const struct ted_snapshot *snapshot,
                                  const struct path_request *request);

/* What an edge adds to a sum, as far as it can be told without its link's record. */
static inline uint32_t edge_metric(const struct ted_snapshot *snapshot, const struct ted_edge *edge,
                                   enum path_metric metric)
{
    switch (metric) {
    case PATH_METRIC_TE:
        return edge->te_metric;
    case PATH_METRIC_HOPS:
        return 1;
    case PATH_METRIC_IGP:
        return edge->igp_metric;
    default:
        return link_metric(snapshot, edge->link, metric);
    }
}

/* The same of an edge towards a node, by its place. */
static inline uint32_t reverse_edge_metric(const struct ted_snapshot *snapshot, uint32_t edge,
                                           enum path_metric metric)
{
    switch (metric) {
    case PATH_METRIC_TE:
        return snapshot->reverse_edges[edge].te_metric;
    case PATH_METRIC_HOPS:
        return 1;
    case PATH_METRIC_DELAY:
        return snapshot->reverse_columns.delay_us[edge];
    case PATH_METRIC_IGP:
        return snapshot->reverse_edges[edge].igp_metric;
    default:
        return link_metric(snapshot, snapshot->reverse_edges[edge].link, metric);
    }
}

static inline uint64_t key_of_metric(uint32_t metric)
{
    return ((uint64_t)metric << KEY_HOP_BITS) | 1;
}

static inline uint64_t link_key(const struct ted_snapshot *snapshot, uint32_t link,
                                enum path_metric metric)
{
    return key_of_metric(link_metric(snapshot, link, metric));
}

/* Not inline: most problems have no such set, and their loops are the shorter for that. */
uint64_t undesired_key_of_link(const struct problem *problem, uint32_t link);

/* What a link costs more for being undesired. */
static inline uint64_t undesired_key(const struct problem *problem, uint32_t link)
{
    return problem->undesired == NULL ? 0 : undesired_key_of_link(problem, link);
}

static inline uint64_t key_metric(uint64_t key)
{
    return (key & (KEY_SEGMENT - 1)) >> KEY_HOP_BITS;
}

static inline uint32_t key_hops(uint64_t key)
{
    return (uint32_t)(key & KEY_HOP_MASK);
}

#endif
