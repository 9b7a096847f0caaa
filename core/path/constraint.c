#include "core/path/constraint.h"

#include "core/base/check.h"

#include <math.h>
#include <string.h>

/* Loads are compared to a millionth: bandwidths come as single-precision numbers (RFC 5440 7.7), so
 * that two links that are half full need not give the same quotient. */
#define LOAD_STEPS 1e6

struct constraint constraint_of_request(const struct path_request *request)
{
    CHECK(request->priority < TED_PRIORITIES);
    struct constraint constraint = {
        .priority = request->priority,
        .bandwidth = request->bandwidth > 0 ? request->bandwidth : 0,
        .exclude_any = request->exclude_any,
        .include_any = request->include_any,
        .include_all = request->include_all,
        .objective = request->objective,
        .source = request->source,
        .destination = request->destination,
    };
    if (request->excluded != NULL && !path_avoid_is_empty(request->excluded)) {
        constraint.excluded = request->excluded;
        constraint.asks_more = true;
    }
    constraint.is_trivial = constraint_asked(request) == 0;
    return constraint;
}

uint32_t constraint_asked(const struct path_request *request)
{
    uint32_t asked = 0;
    if (request->bandwidth > 0)
        asked |= PATH_CONSTRAINT_BANDWIDTH;
    if ((request->exclude_any | request->include_any | request->include_all) != 0)
        asked |= PATH_CONSTRAINT_AFFINITY;
    if (request->excluded != NULL && !path_avoid_is_empty(request->excluded))
        asked |= PATH_CONSTRAINT_EXCLUSION;
    return asked;
}

void constraint_set_topology(struct constraint *constraint, const struct ted_snapshot *snapshot)
{
    if (!snapshot->has_first_only && snapshot->flex_metrics == NULL)
        return;
    constraint->is_trivial = false;
    constraint->asks_more = true;
    constraint->topology = snapshot;
}

/* The bits of an IEEE 754 number, turned so that unsigned comparison is numeric comparison. */
static uint64_t ordered_bits(double value)
{
    uint64_t bits;
    value += 0.0; /* -0 and +0 are one value */
    memcpy(&bits, &value, sizeof bits);
    return (bits >> 63) != 0 ? ~bits : bits | (UINT64_C(1) << 63);
}

uint64_t constraint_badness(const struct constraint *constraint, float unreserved, float capacity)
{
    double left = (double)unreserved, all = (double)capacity;
    double badness = -left;
    if (constraint->objective == PATH_MIN_MAX_LOAD)
        badness = all > 0 ? rint((all - left) / all * LOAD_STEPS) : (double)INFINITY;
    return ordered_bits(isnan(badness) ? (double)INFINITY : badness);
}

void constraint_limit_badness(struct constraint *constraint, uint64_t badness_max)
{
    constraint->is_trivial = false;
    constraint->asks_more = true;
    constraint->limits_badness = true;
    constraint->badness_max = badness_max;
}

/* The snapshot's own figure does not bound what LSPs leave: a request's own LSP is added to it. */
void constraint_show_residual(struct constraint *constraint, struct residual *residual)
{
    constraint->asks_more = true;
    constraint->residual = residual;
    constraint->residual_bandwidth = constraint->bandwidth;
    constraint->bandwidth = 0;
}

static bool constraint_excludes(const struct constraint *constraint, uint32_t link)
{
    return path_avoid_has(constraint->excluded, link, constraint->source, constraint->destination);
}

static bool constraint_is_roomy(const struct constraint *constraint, float unreserved,
                                float capacity)
{
    if (constraint->residual_bandwidth > 0 && !(unreserved >= constraint->residual_bandwidth))
        return false;
    return !constraint->limits_badness ||
           constraint_badness(constraint, unreserved, capacity) <= constraint->badness_max;
}

bool constraint_admits_more(const struct constraint *constraint, const struct ted_link *link)
{
    const struct ted_snapshot *topology = constraint->topology;
    if (link->is_first_only && link->from != constraint->source)
        return false;
    if (topology != NULL && topology->flex_metrics != NULL &&
        topology->flex_metrics[link - topology->links] == TED_NONE)
        return false;
    if (constraint->excluded != NULL &&
        constraint_excludes(constraint, (uint32_t)(link - constraint->excluded->snapshot->links)))
        return false;
    return constraint_is_roomy(constraint, constraint_unreserved(constraint, link), link->capacity);
}

bool constraint_admits_more_edge(const struct constraint *constraint,
                                 const struct ted_columns *columns, uint32_t edge)
{
    const struct ted_snapshot *topology = constraint->topology;
    const struct ted_edge *at = topology == NULL ? NULL : &topology->reverse_edges[edge];
    if (at != NULL && at->is_first_only && at->node != constraint->source)
        return false;
    if (at != NULL && at->is_one_way && topology->flex_metrics != NULL)
        return false;
    if (constraint->excluded != NULL &&
        constraint_excludes(constraint, constraint->excluded->snapshot->reverse_edges[edge].link))
        return false;
    return constraint_is_roomy(constraint, constraint_unreserved_edge(constraint, columns, edge),
                               columns->capacity[edge]);
}
