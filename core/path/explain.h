/* Explain: why a request has this path, and why it has none, for an operator who wants to know.
 *
 * Of a path: what it costs, what the best one would cost without any constraint, and without each of
 * them alone. Of none: the cut that stands in the way (cut.h), and of each bounded metric the least
 * sum that any path over usable links has. What can be taken away for a path, the result says itself
 * (diagnosis.h).
 *
 * Thread: the engine's. Owns: nothing; the result must not be the engine's own, which is
 * overwritten. Bound: work_max steps for all of it, in at most two computations more than there are
 * constraints; what they do not suffice for is not known. */
#ifndef PCED_CORE_PATH_EXPLAIN_H
#define PCED_CORE_PATH_EXPLAIN_H

#include "core/path/cut.h"
#include "core/path/relax.h"

/* What the best path would cost without some of what is asked. */
struct path_price {
    uint32_t constraint; /* its bit; 0: the objective, of which the sum of the metric is left */
    bool is_known;       /* there is such a path; else the search was given up */
    double cost;
};

struct path_explanation {
    enum path_metric metric; /* that costs are sums of */
    /* Of a path: */
    double cost;
    struct path_price free; /* without all of them */
    uint32_t price_count;
    struct path_price prices[RELAX_BITS_MAX];
    /* Of none: */
    struct path_cut cut;
    uint32_t reached; /* 1 << enum path_metric: bounded ones of which `least` is known */
    double least[PATH_METRIC_COUNT];
};

/* Adds to result->work. false: memory ran out. */
bool path_explain(struct path_engine *engine, const struct ted_snapshot *snapshot,
                  const struct path_request *request, struct path_result *result,
                  struct path_explanation *explanation);

#endif
