/* Brute force: answers to path requests on small networks by looking at every simple path and at
 * every SID list of a few segments. Slow, plain, and written from docs/PATHS.md alone. */
#ifndef PCED_TESTS_UNIT_PATH_BRUTE_H
#define PCED_TESTS_UNIT_PATH_BRUTE_H

#include "tests/unit/path/forward.h"

#define BRUTE_NODES_MAX 8
#define BRUTE_SIDS_MAX  5

struct brute_path {
    bool found;
    uint32_t links[BRUTE_NODES_MAX];
    uint32_t count;
    uint64_t sums[PATH_METRIC_SIDS];
    double badness;     /* of the worst link, in the objective's sense; 0 for MIN_METRIC */
    uint64_t undesired; /* links */
};

/* The best list of at most sids_max (at most BRUTE_SIDS_MAX; 0: that many, which is enough for any
 * answer of up to BRUTE_SIDS_MAX + 1 nodes) segments. */
struct brute_list {
    bool found;
    uint32_t count;
    uint64_t worst[PATH_METRIC_SIDS];
    double badness;
    uint64_t undesired; /* of the worst branch, by undesired links and then the metric … */
    uint64_t metric;    /* … the sum of this branch */
};

/* The path that docs/PATHS.md promises, exactly, whatever the setup. */
struct brute_path brute_best_path(const struct net *net, const struct path_request *request);
/* Minimum objective, then fewest segments. Its segments and ties are not told. */
struct brute_list brute_best_list(const struct net *net, const struct forward_table *table,
                                  const struct path_request *request);
/* Segments of the shortest list whose traffic may take this path and has no branch that costs more;
 * 0 when there is none of at most BRUTE_SIDS_MAX. */
uint32_t brute_list_size_of_path(const struct net *net, const struct forward_table *table,
                                 const struct path_request *request, const struct brute_path *path);
/* Whether `unsatisfied` and `blame` are right for a request without an answer: NULL, or what is wrong. */
const char *brute_judge_blame(const struct net *net, const struct forward_table *table,
                              const struct path_request *request, const struct path_result *result);
bool brute_has_answer(const struct net *net, const struct forward_table *table,
                      const struct path_request *request);

#endif
