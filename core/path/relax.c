#include "core/path/relax.h"

#define ADDITIVE_MASK ((1u << ADDITIVE_METRIC_COUNT) - 1)

/* Whether hops can stand in the way: not where each link has its own. */
static bool relax_asks_hops(const struct ted_snapshot *snapshot, const struct path_request *request)
{
    struct problem problem = problem_of_request(snapshot, request);
    return problem.wants_hops && (problem.hops != NULL || problem.source == problem.destination);
}

uint32_t relax_asked(const struct ted_snapshot *snapshot, const struct path_request *request)
{
    uint32_t bits = constraint_asked(request);
    bits |= (request->bound_mask & ADDITIVE_MASK) * PATH_CONSTRAINT_BOUND(0);
    bool bounds_sids = (request->bound_mask & (1u << PATH_METRIC_SIDS)) != 0;
    if (path_setup_is_sr(request->setup) || bounds_sids)
        bits |= PATH_CONSTRAINT_SID_DEPTH;
    if (relax_is_mandatory(request->protection))
        bits |= PATH_CONSTRAINT_PROTECTION;
    if (request->algorithm != 0)
        bits |= PATH_CONSTRAINT_ALGORITHM;
    if (relax_asks_hops(snapshot, request))
        bits |= PATH_CONSTRAINT_HOPS;
    return bits;
}

uint32_t relax_list(uint32_t asked, uint32_t bits[RELAX_BITS_MAX])
{
    const uint32_t parts[] = {asked & ~RELAX_FORM, asked & RELAX_FORM};
    uint32_t count = 0;
    for (unsigned part = 0; part < 2; part++) {
        for (uint32_t left = parts[part]; left != 0; left &= left - 1)
            bits[count++] = left & (~left + 1);
    }
    return count;
}

struct path_request relax_sid_depth(const struct path_request *request)
{
    struct path_request relaxed = *request;
    relaxed.bound_mask &= ADDITIVE_MASK;
    relaxed.sids_max = 0;
    return relaxed;
}

/* Without a SID list: any path will do. Where SIDs must be protected, or must not, there is still a
 * list of them. */
static void relax_sid_list(struct path_request *request)
{
    *request = relax_sid_depth(request);
    if (request->setup == PATH_SETUP_RSVP_TE || relax_is_mandatory(request->protection))
        return;
    request->setup = PATH_SETUP_RSVP_TE;
    request->family = IP_NONE;
}

struct path_request relax_without(const struct path_request *request, uint32_t bits)
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
    relaxed.bound_mask &= ~((bits & PATH_CONSTRAINT_BOUNDS) / PATH_CONSTRAINT_BOUND(0));
    if ((bits & PATH_CONSTRAINT_PROTECTION) != 0)
        relaxed.protection = TED_UNPROTECTED_PREFERRED;
    if ((bits & PATH_CONSTRAINT_ALGORITHM) != 0)
        relaxed.algorithm = 0;
    if ((bits & PATH_CONSTRAINT_HOPS) != 0)
        relaxed.family = IP_NONE;
    if ((bits & PATH_CONSTRAINT_SID_DEPTH) != 0)
        relax_sid_list(&relaxed);
    return relaxed;
}
