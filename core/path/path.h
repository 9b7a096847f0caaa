/* Path computation: a constrained shortest path on a TED snapshot, and what it costs.
 *
 * path_compute answers one request. It is exact: if a path that meets every constraint exists, one
 * of the minimum objective is found, within a named bound of work past which it says so instead of
 * guessing. Ties: fewer hops, then the lowest sequence of node indexes, then of link indexes, so
 * that the answer is the same on every run (docs/PATHS.md has the whole rule, bounds and SID lists
 * included).
 *
 * Thread: the engine belongs to one thread; the snapshot may be shared.
 * Owns: the engine owns its scratch memory, made when a request first needs it and sized for the
 * largest snapshot seen (docs/PATHS.md has the figures); a request allocates nothing once it is
 * warm, but for one that needs more than PATH_PARTIALS_KEPT partial paths, which are freed after
 * it. Results point into the engine until its next call. Bound: PATH_HOPS_MAX (a longer path does
 * not count as one), PATH_SIDS_MAX, and work_max steps for a request; one without a path is
 * diagnosed by a bounded number of more computations (diagnosis.h), each with a work_max of its own. */
#ifndef PCED_CORE_PATH_PATH_H
#define PCED_CORE_PATH_PATH_H

#include "core/base/status.h"
#include "core/path/avoid.h"
#include "core/ted/reservations.h"

#include <stdbool.h>
#include <stdint.h>

#define PATH_HOPS_MAX      1024 /* links of a path */
#define PATH_SIDS_MAX      255  /* segments of a SID list */
#define PATH_SRV6_SIDS_MAX 127  /* … of SRv6: a header's length is an octet (RFC 8754 2) */
#define PATH_PARTIALS_KEPT 8192
#define PATH_BOUNDS_MAX    4 /* bounded metrics of a request, hops and SID depth apart */

/* The metrics that a request may minimise, bound, or ask for (RFC 5440 7.8, RFC 8233,
 * RFC 8664 4.5). */
enum path_metric {
    PATH_METRIC_IGP,
    PATH_METRIC_TE,
    PATH_METRIC_HOPS,
    PATH_METRIC_DELAY,           /* microseconds, and the next two */
    PATH_METRIC_MIN_DELAY,       /* the least that was measured (RFC 9933 4.5.1) */
    PATH_METRIC_DELAY_VARIATION, /* RFC 8233 3.1.2 */
    PATH_METRIC_LOSS,            /* percent of the packets (RFC 8233 3.1.3) */
    PATH_METRIC_SIDS, /* SID depth; 0 where the setup is not SR. Minimised: then IGP, then hops */
    PATH_METRIC_COUNT,
};

/* Whether a request may have all these bounds. */
static inline bool path_allows_bounds(uint32_t bound_mask)
{
    uint32_t counted = bound_mask & ~(1U << PATH_METRIC_HOPS | 1U << PATH_METRIC_SIDS);
    uint32_t count = 0;
    for (; counted != 0; counted &= counted - 1)
        count++;
    return count <= PATH_BOUNDS_MAX;
}

/* What is optimised (RFC 5541 4): the sum of a metric, or the worst link. Among paths of equal
 * worst link the one of the minimum `metric` is taken. */
enum path_objective {
    PATH_MIN_METRIC,             /* MCP: minimum sum of `metric` */
    PATH_MIN_MAX_LOAD,           /* MLP: minimum (capacity - unreserved) / capacity of any link,
                                    compared to a millionth; without capacity: the worst */
    PATH_MAX_RESIDUAL_BANDWIDTH, /* MBP: maximum unreserved bandwidth of the narrowest link */
};

enum path_setup {
    PATH_SETUP_RSVP_TE, /* PATH-SETUP-TYPE 0: strict hops */
    PATH_SETUP_SR_MPLS, /* 1: a SID list, of labels */
    PATH_SETUP_SRV6,    /* 3: a SID list, of IPv6 addresses */
};

/* Whether paths are SID lists. */
static inline bool path_setup_is_sr(enum path_setup setup)
{
    return setup != PATH_SETUP_RSVP_TE;
}

/* The constraints that a NO-PATH can name (RFC 5440 7.5): bits. */
enum path_constraint {
    PATH_CONSTRAINT_BANDWIDTH = 1 << 0,
    PATH_CONSTRAINT_AFFINITY = 1 << 1,
    PATH_CONSTRAINT_SID_DEPTH = 1 << 2,  /* a SID list exists, none of this depth */
    PATH_CONSTRAINT_PROTECTION = 1 << 3, /* what is mandatory of it */
    PATH_CONSTRAINT_HOPS = 1 << 4,       /* a path exists, no strict hops of the family name it */
    PATH_CONSTRAINT_SID_LIST = 1 << 5,   /* a path exists, no SID list of it, however long */
    PATH_CONSTRAINT_EXCLUSION = 1 << 6,  /* `excluded` */
    PATH_CONSTRAINT_ALGORITHM = 1 << 7,  /* `algorithm`, where it has to be that one */
};

/* … and of the bound on each metric that is a sum. */
#define PATH_CONSTRAINT_BOUND(metric) (1U << (8 + (metric)))
#define PATH_CONSTRAINT_BOUNDS        (PATH_CONSTRAINT_BOUND(PATH_METRIC_SIDS) - PATH_CONSTRAINT_BOUND(0))

/* What taking constraints away would do for a request that has no path. */
enum path_blame {
    PATH_BLAME_NONE,  /* nothing: its nodes are not connected; or nobody has asked */
    PATH_BLAME_EACH,  /* each of `unsatisfied` alone gives one */
    PATH_BLAME_LEAST, /* only all of them together, and no smaller set gives one */
    PATH_BLAME_ENOUGH, /* the same, but that of smaller sets not all were tried to the end; of none: nor
                          what there is without any constraint */
};

enum path_outcome {
    PATH_FOUND,
    PATH_NONE,          /* no path meets the constraints (or none at all: `unsatisfied` is 0) */
    PATH_WORK_EXCEEDED, /* gave up at work_max */
    PATH_NO_MEMORY,
};

/* What a request has to know of the bandwidth that LSPs hold. It is looked at where the request asks
 * for bandwidth, or its objective does. */
struct path_reservations {
    const struct ted_reservations *table; /* NULL: nothing is held but what the snapshot says */
    /* Of the LSP that is computed anew, and free to it: */
    const uint32_t *own_links; /* that it takes, ascending indexes of the snapshot */
    uint32_t own_count;
    struct ted_claim own; /* on each of them */
};

struct path_request {
    uint32_t source;      /* node indexes of the snapshot */
    uint32_t destination; /* may be equal to source: its node SID, or no path */
    enum path_setup setup;
    enum path_objective objective;
    enum path_metric metric;
    uint32_t bound_mask; /* 1 << enum path_metric: which bounds hold; a request with more than
                            PATH_BOUNDS_MAX has no path */
    double bounds[PATH_METRIC_COUNT]; /* its sum must not be above; < 0 or NaN: no path */
    float bandwidth;                  /* octets per second; 0 = none asked */
    uint8_t priority;                 /* setup priority 0-7: which unreserved[] counts */
    uint32_t exclude_any;             /* affinities (RFC 3209 4.7.4); 0 = no constraint */
    uint32_t include_any;
    uint32_t include_all;
    uint8_t sids_max;  /* MSD: longest SID list; 0 = PATH_SIDS_MAX */
    uint8_t algorithm; /* 0, or a flexible algorithm: the path is one of its topology, of the least
                           metric of its definition instead of `metric`, and has its prefix SIDs */
    bool is_algorithm_strict; /* else, where there is no such path, any will do (RFC 9933 4.4) */
    uint8_t family;     /* enum ip_family of the SIDs or the strict hops; IP_NONE: there need not be
                           any hops */
    uint8_t protection; /* enum ted_protection of adjacency SIDs; node SIDs count as protected, and
                           of the links that RSVP-TE uses none is known to be (RFC 9488 5) */
    const struct path_reservations *reservations; /* NULL: none are known */
    /* Sets of this snapshot (avoid.h) that do not change during the call; NULL: none. Of the one no
     * branch touches any link; of the other the path has as few as can be, which comes before the
     * objective. */
    const struct path_avoid *excluded;
    const struct path_avoid *undesired;
};

enum path_sid_kind { PATH_SID_NODE, PATH_SID_ADJACENCY };

struct path_sid {
    enum path_sid_kind kind;
    uint32_t label;           /* of SR-MPLS */
    struct ted_srv6_sid srv6; /* of SRv6; whole, as a result may outlive its snapshot */
    uint32_t node;            /* where the segment ends */
    uint32_t link;            /* the adjacency's directed link; TED_NONE for a node SID */
    bool is_protected;
};

struct path_result {
    enum path_outcome outcome;
    uint32_t
        unsatisfied; /* enum path_constraint bits, in the sense of `blame`. SID_DEPTH or SID_LIST
                             counts as asked by every SR request, and HOPS by every other one; of
                             sets of one size one without them comes first */
    enum path_blame blame;
    const uint32_t *links; /* directed, from source to destination; with a SID list the traffic
                              may take these links and, over ECMP, others that are no worse */
    uint32_t link_count;
    const struct path_sid *sids; /* of setups that are SID lists */
    uint32_t sid_count;
    /* Sums over `links`, and the length of the SID list. With a SID list the minimised metric and
     * the bounded ones are those of the worst ECMP branch. */
    double metrics[PATH_METRIC_COUNT];
    uint32_t unmeasured; /* 1 << enum path_metric: one of `links` does not say its own, and counts
                            as the worst that there is (link_metric.h) */
    uint8_t algorithm;   /* the request's, or 0 where it had none but might have any */
    bool is_protected;   /* all of `sids` are; never a path without */
    float residual_bandwidth; /* of the narrowest of `links`, at the request's priority; INFINITY
                                 for the empty path */
    uint32_t
        undesired; /* of `links`, those that touch the request's undesired set; no branch of a SID
                           list has more of them */
    uint64_t work; /* steps taken, in the unit of work_max */
};

/* Makes the bounds of distances that guide searches on this snapshot (landmarks.h); without them
 * every answer is the same, and takes longer to find. To be called before the snapshot is shared;
 * some 64 searches over all nodes. false: memory ran out, and the snapshot is as it was. */
bool path_landmarks_build(struct ted_snapshot *snapshot);
/* The same for a snapshot that was patched out of `before` (ted/patch.h): what holds for both is one.
 * Without memory it has none. */
void path_landmarks_follow(const struct ted_snapshot *before, struct ted_snapshot *snapshot);
/* The same for one that was made as a whole: the bounds before, where little is different. It may have none
 * afterwards. before: NULL: there is none. */
void path_landmarks_carry(const struct ted_snapshot *before, struct ted_snapshot *snapshot);
/* For one that was patched with no change: it gets landmarks that were made of one before (survey.h), between which
 * and this these links have changed. They are its own, or gone. false: memory ran out. */
bool path_landmarks_renew(const struct ted_snapshot *before, struct ted_snapshot *snapshot,
                          struct path_landmarks *landmarks, const uint32_t *changed,
                          uint32_t count);

/* SIDs that a node can put on, as the network knows it; 0 = not known. */
static inline uint8_t path_sids_max_of_node(const struct ted_snapshot *snapshot, uint32_t node,
                                            enum path_setup setup)
{
    return setup == PATH_SETUP_SRV6 ? snapshot->nodes[node].srv6_msd
                                    : ted_msd_of_node(snapshot, node);
}

/* The lesser of two limits, of which 0 is none. */
static inline uint8_t path_sids_max_least(uint8_t a, uint8_t b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

struct path_engine;

/* NULL when memory ran out. work_max: edges looked at and partial paths made or compared for one
 * request; 0 = a default. */
struct path_engine *path_engine_create(uint64_t work_max);
void path_engine_destroy(struct path_engine *engine);
/* What the engine has allocated; pages of it that no search has touched take no memory. */
size_t path_engine_octets(const struct path_engine *engine);

/* source and destination must be nodes of the snapshot (CHECKed). The result is valid until the
 * next call on this engine. */
void path_compute(struct path_engine *engine, const struct ted_snapshot *snapshot,
                  const struct path_request *request, struct path_result *result);
/* The same with at most work_max steps for the whole call, the diagnosis of a request without a
 * path included: where they do not suffice the outcome is PATH_WORK_EXCEEDED, and `unsatisfied` is
 * 0. The answer is never another one than path_compute's. */
void path_compute_within(struct path_engine *engine, const struct ted_snapshot *snapshot,
                         const struct path_request *request, uint64_t work_max,
                         struct path_result *result);

/* One adjacency segment for each link, by its SID that the request allows; false: a link has none. */
bool path_sids_of_links(const struct ted_snapshot *snapshot, const struct path_request *request,
                        const uint32_t *links, uint32_t count, struct path_sid *sids);

#endif
