#include "core/path/diagnosis.h"

#include "core/path/solve.h"

#define ADDITIVE_MASK ((1u << ADDITIVE_METRIC_COUNT) - 1)

static uint32_t asked(const struct path_request *request)
{
    uint32_t bits = constraint_asked(request);
    if ((request->bound_mask & ADDITIVE_MASK) != 0)
        bits |= PATH_CONSTRAINT_METRIC_BOUND;
    bool bounds_sids = (request->bound_mask & (1u << PATH_METRIC_SIDS)) != 0;
    if (request->setup == PATH_SETUP_SR_MPLS || bounds_sids)
        bits |= PATH_CONSTRAINT_SID_DEPTH;
    return bits;
}

/* The request without these constraints. Whether there is a path does not depend on the objective.
 */
static struct path_request without(const struct path_request *request, uint32_t bits)
{
    struct path_request relaxed = *request;
    relaxed.objective = PATH_MIN_METRIC;
    if ((bits & PATH_CONSTRAINT_BANDWIDTH) != 0)
        relaxed.bandwidth = 0;
    if ((bits & PATH_CONSTRAINT_AFFINITY) != 0) {
        relaxed.exclude_any = 0;
        relaxed.include_any = 0;
        relaxed.include_all = 0;
    }
    if ((bits & PATH_CONSTRAINT_METRIC_BOUND) != 0)
        relaxed.bound_mask &= ~ADDITIVE_MASK;
    if ((bits & PATH_CONSTRAINT_SID_DEPTH) != 0) {
        relaxed.bound_mask &= ADDITIVE_MASK;
        relaxed.setup = PATH_SETUP_RSVP_TE;
    }
    return relaxed;
}

static bool has_path(struct path_engine *engine, const struct ted_snapshot *snapshot,
                     const struct path_request *request, uint64_t *work)
{
    struct problem problem = problem_of_request(snapshot, request);
    if (engine->is_cut)
        return false;
    bool found = solve(engine, &problem) == PATH_FOUND;
    *work += engine->work;
    return found;
}

uint32_t diagnosis_of_request(struct path_engine *engine, const struct ted_snapshot *snapshot,
                              const struct path_request *request, uint64_t *work)
{
    uint32_t bits = asked(request), unsatisfied = 0;
    struct path_request relaxed = without(request, bits);
    if (bits == 0 || !has_path(engine, snapshot, &relaxed, work))
        return 0;
    for (uint32_t bit = 1; bit <= bits; bit <<= 1) {
        if ((bits & bit) == 0)
            continue;
        relaxed = without(request, bit);
        if (has_path(engine, snapshot, &relaxed, work))
            unsatisfied |= bit;
    }
    if (unsatisfied != 0)
        return unsatisfied;
    /* Every SR request asks for a list that fits: it is named only where the others do not suffice.
     */
    uint32_t others = bits & ~(uint32_t)PATH_CONSTRAINT_SID_DEPTH;
    relaxed = without(request, others);
    return others != bits && has_path(engine, snapshot, &relaxed, work) ? others : bits;
}
