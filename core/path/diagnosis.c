#include "core/path/diagnosis.h"

#include "core/path/solve.h"

#define ADDITIVE_MASK ((1u << ADDITIVE_METRIC_COUNT) - 1)
/* What every request of its setup asks: that there is a way to write the path down. */
#define FORM_BITS ((uint32_t)PATH_CONSTRAINT_SID_DEPTH | (uint32_t)PATH_CONSTRAINT_HOPS)

static bool is_mandatory(uint8_t protection)
{
    return protection == TED_PROTECTED_ONLY || protection == TED_UNPROTECTED_ONLY;
}

/* Whether hops can stand in the way: not where each link has its own. */
static bool asks_hops(const struct ted_snapshot *snapshot, const struct path_request *request)
{
    struct problem problem = problem_of_request(snapshot, request);
    return problem.wants_hops && (problem.hops != NULL || problem.source == problem.destination);
}

static uint32_t asked(const struct ted_snapshot *snapshot, const struct path_request *request)
{
    uint32_t bits = constraint_asked(request);
    if ((request->bound_mask & ADDITIVE_MASK) != 0)
        bits |= PATH_CONSTRAINT_METRIC_BOUND;
    bool bounds_sids = (request->bound_mask & (1u << PATH_METRIC_SIDS)) != 0;
    if (path_setup_is_sr(request->setup) || bounds_sids)
        bits |= PATH_CONSTRAINT_SID_DEPTH;
    if (is_mandatory(request->protection))
        bits |= PATH_CONSTRAINT_PROTECTION;
    if (request->algorithm != 0)
        bits |= PATH_CONSTRAINT_ALGORITHM;
    if (asks_hops(snapshot, request))
        bits |= PATH_CONSTRAINT_HOPS;
    return bits;
}

static bool limits_depth(const struct path_request *request)
{
    return request->sids_max != 0 || (request->bound_mask & (1u << PATH_METRIC_SIDS)) != 0;
}

/* With a SID list, however long. */
static void lift_sid_depth(struct path_request *request)
{
    request->bound_mask &= ADDITIVE_MASK;
    request->sids_max = 0;
}

/* Without a SID list: any path will do. Where SIDs must be protected, or must not, there is still a
 * list of them. */
static void drop_sid_list(struct path_request *request)
{
    lift_sid_depth(request);
    if (request->setup == PATH_SETUP_RSVP_TE || is_mandatory(request->protection))
        return;
    request->setup = PATH_SETUP_RSVP_TE;
    request->family = IP_NONE;
}

/* The request without these constraints. Whether there is a path does not depend on the objective.
 */
static struct path_request without(const struct path_request *request, uint32_t bits)
{
    struct path_request relaxed = *request;
    relaxed.objective = PATH_MIN_METRIC;
    relaxed.undesired = NULL;
    if ((bits & PATH_CONSTRAINT_BANDWIDTH) != 0)
        relaxed.bandwidth = 0;
    if ((bits & PATH_CONSTRAINT_AFFINITY) != 0) {
        relaxed.exclude_any = 0;
        relaxed.include_any = 0;
        relaxed.include_all = 0;
    }
    if ((bits & PATH_CONSTRAINT_EXCLUSION) != 0)
        relaxed.excluded = NULL;
    if ((bits & PATH_CONSTRAINT_METRIC_BOUND) != 0)
        relaxed.bound_mask &= ~ADDITIVE_MASK;
    if ((bits & PATH_CONSTRAINT_PROTECTION) != 0)
        relaxed.protection = TED_UNPROTECTED_PREFERRED;
    if ((bits & PATH_CONSTRAINT_ALGORITHM) != 0)
        relaxed.algorithm = 0;
    if ((bits & PATH_CONSTRAINT_HOPS) != 0)
        relaxed.family = IP_NONE;
    if ((bits & PATH_CONSTRAINT_SID_DEPTH) != 0)
        drop_sid_list(&relaxed);
    return relaxed;
}

static bool diagnosis_has_path(struct path_engine *engine, const struct ted_snapshot *snapshot,
                               const struct path_request *request, uint64_t *work)
{
    struct problem problem = problem_of_request(snapshot, request);
    if (engine->is_cut)
        return false;
    engine_show_residual(engine, &problem);
    bool found = solve(engine, &problem) == PATH_FOUND;
    *work += engine->work;
    return found;
}

/* SID_DEPTH has stood for the SID list as a whole, without which the relaxed request has a path: it
 * becomes SID_LIST unless a longer list would do. */
static uint32_t tell_list_from_depth(struct path_engine *engine,
                                     const struct ted_snapshot *snapshot,
                                     const struct path_request *relaxed, uint32_t bits,
                                     uint64_t *work)
{
    struct path_request longer = *relaxed;
    if ((bits & PATH_CONSTRAINT_SID_DEPTH) == 0 || relaxed->setup == PATH_SETUP_RSVP_TE ||
        is_mandatory(relaxed->protection))
        return bits;
    lift_sid_depth(&longer);
    if (limits_depth(relaxed) && diagnosis_has_path(engine, snapshot, &longer, work))
        return bits;
    return (bits & ~(uint32_t)PATH_CONSTRAINT_SID_DEPTH) | PATH_CONSTRAINT_SID_LIST;
}

uint32_t diagnosis_of_request(struct path_engine *engine, const struct ted_snapshot *snapshot,
                              const struct path_request *request, uint64_t *work)
{
    uint32_t bits = asked(snapshot, request), unsatisfied = 0;
    struct path_request relaxed = without(request, bits);
    if (bits == 0 || !diagnosis_has_path(engine, snapshot, &relaxed, work))
        return 0;
    for (uint32_t bit = 1; bit <= bits; bit <<= 1) {
        if ((bits & bit) == 0)
            continue;
        relaxed = without(request, bit);
        if (diagnosis_has_path(engine, snapshot, &relaxed, work))
            unsatisfied |= bit;
    }
    relaxed = without(request, 0);
    if (unsatisfied != 0)
        return tell_list_from_depth(engine, snapshot, &relaxed, unsatisfied, work);
    uint32_t others = bits & ~FORM_BITS;
    relaxed = without(request, others);
    if (others != bits && diagnosis_has_path(engine, snapshot, &relaxed, work))
        return others;
    return tell_list_from_depth(engine, snapshot, &relaxed, bits, work);
}
