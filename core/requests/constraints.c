#include "core/requests/constraints.h"

#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "core/requests/algorithm.h"
#include "core/requests/metric.h"

#include <math.h>

#define PRIORITY_DEFAULT 0 /* setup priority without LSPA (RFC 5440 7.11): the highest */

/* Always gives false. */
static bool constraints_refuse(struct pcep_fault *fault, const struct pcep_object *object,
                               enum pcep_error_code error, const char *reason)
{
    pcep_fault_set(fault, PCEP_FAULT_REQUEST, error, object->offset, reason);
    return false;
}

static bool constraints_must_process(const struct constraint_objects *objects,
                                     const struct pcep_object *object)
{
    return objects->p_counts && (object->header_flags & PCEP_OBJECT_FLAG_P) != 0;
}

/* ---- BANDWIDTH, LSPA, OF ---- */

static bool constraints_is_amount(float value)
{
    return isfinite(value) && value >= 0;
}

static bool constraints_read_bandwidth(const struct constraint_objects *objects,
                                       struct constraints *constraints, struct pcep_fault *fault)
{
    const struct pcep_object *object;
    if (!pcep_get(objects->bandwidth, &object))
        return true;
    const struct pcep_bandwidth *bandwidth = object->body;
    if (!constraints_is_amount(bandwidth->bandwidth))
        return constraints_refuse(fault, object, PCEP_ERROR_MALFORMED_OBJECT,
                                  "bandwidth is not an amount");
    constraints->path->bandwidth = bandwidth->bandwidth;
    return true;
}

/* RFC 9488 5: L says which is wanted, E that nothing else will do. */
static enum ted_protection constraints_protection_of(uint8_t lspa_flags)
{
    bool is_protected = (lspa_flags & PCEP_LSPA_L) != 0;
    if ((lspa_flags & PCEP_LSPA_E) != 0)
        return is_protected ? TED_PROTECTED_ONLY : TED_UNPROTECTED_ONLY;
    return is_protected ? TED_PROTECTED_PREFERRED : TED_UNPROTECTED_PREFERRED;
}

static bool constraints_read_lspa(const struct constraint_objects *objects,
                                  struct constraints *constraints, struct pcep_fault *fault)
{
    const struct pcep_object *object;
    constraints->path->priority = PRIORITY_DEFAULT;
    if (!pcep_get(objects->lspa, &object))
        return true;
    const struct pcep_lspa *lspa = object->body;
    if (lspa->setup_priority >= TED_PRIORITIES)
        return constraints_refuse(fault, object, PCEP_ERROR_MALFORMED_OBJECT,
                                  "setup priority above 7");
    constraints->path->priority = lspa->setup_priority;
    constraints->path->exclude_any = lspa->exclude_any;
    constraints->path->include_any = lspa->include_any;
    constraints->path->include_all = lspa->include_all;
    constraints->path->protection = (uint8_t)constraints_protection_of(lspa->flags);
    return algorithm_read_constraint(object, constraints->path, fault);
}

static bool constraints_read_of(const struct constraint_objects *objects,
                                struct constraints *constraints, struct pcep_fault *fault)
{
    const struct pcep_object *object;
    constraints->of_code = PCEP_OF_MCP;
    constraints->path->objective = PATH_MIN_METRIC;
    if (!pcep_get(objects->of, &object))
        return true;
    constraints->of_code = ((const struct pcep_of *)object->body)->code;
    switch (constraints->of_code) {
    case PCEP_OF_MCP:
        return true;
    case PCEP_OF_MLP:
        constraints->path->objective = PATH_MIN_MAX_LOAD;
        return true;
    case PCEP_OF_MBP:
        constraints->path->objective = PATH_MAX_RESIDUAL_BANDWIDTH;
        return true;
    case PCEP_OF_MPLP:
        return true; /* the sum of one metric, whichever METRIC says (constraints_read_metrics) */
    default:
        break;
    }
    if (constraints_must_process(objects, object))
        return constraints_refuse(fault, object, PCEP_ERROR_PARAMETER_NOT_SUPPORTED,
                                  "objective function not supported");
    constraints->of_code = PCEP_OF_MCP;
    return true;
}

/* ---- METRIC ---- */

/* PATH_METRIC_COUNT where the engine has no such metric for this setup. */
static enum path_metric constraints_metric_of(uint8_t type, enum path_setup setup)
{
    enum path_metric metric = metric_of_type(type);
    return metric == PATH_METRIC_SIDS && !path_setup_is_sr(setup) ? PATH_METRIC_COUNT : metric;
}

static bool constraints_read_unknown_metric(const struct constraint_objects *objects,
                                            const struct pcep_object *object,
                                            struct pcep_fault *fault)
{
    const struct pcep_metric *metric = object->body;
    if (!constraints_must_process(objects, object))
        return true;
    /* RFC 8233 3.1.4, and RFC 9933 5.3 for its own: known but not supported has a value of its own.
     */
    if ((metric->type >= PCEP_METRIC_TYPE_PATH_DELAY_VARIATION &&
         metric->type <= PCEP_METRIC_TYPE_P2MP_PATH_LOSS) ||
        (metric->type >= PCEP_METRIC_TYPE_PATH_MIN_DELAY &&
         metric->type <= PCEP_METRIC_TYPE_P2MP_PATH_BANDWIDTH) ||
        metric->type >= PCEP_METRIC_TYPE_USER_DEFINED)
        return constraints_refuse(fault, object, PCEP_ERROR_PERFORMANCE_NOT_SUPPORTED,
                                  "performance metric not supported");
    return constraints_refuse(fault, object, PCEP_ERROR_PARAMETER_NOT_SUPPORTED,
                              "metric type not supported");
}

static bool constraints_read_bound(const struct constraint_objects *objects,
                                   struct constraints *constraints,
                                   const struct pcep_object *object, enum path_metric kind,
                                   struct pcep_fault *fault)
{
    const struct pcep_metric *metric = object->body;
    uint32_t bit = 1U << kind;
    if ((constraints->path->bound_mask & bit) != 0)
        return true; /* the first one of its type counts */
    if (isnan(metric->value) || metric->value < 0)
        return constraints_refuse(fault, object, PCEP_ERROR_MALFORMED_OBJECT,
                                  "bound is not an amount");
    if (kind == PATH_METRIC_SIDS && objects->sids_max != 0 &&
        metric->value > (float)objects->sids_max)
        return constraints_refuse(fault, object, PCEP_ERROR_MSD_ABOVE_SESSION,
                                  "SID depth above the session's MSD");
    if (!path_allows_bounds(constraints->path->bound_mask | bit))
        return !constraints_must_process(objects, object) ||
               constraints_refuse(fault, object, PCEP_ERROR_PARAMETER_NOT_SUPPORTED,
                                  "more bounded metrics than are kept at once");
    constraints->path->bound_mask |= bit;
    constraints->path->bounds[kind] = (double)metric->value;
    return true;
}

static bool constraints_read_metrics(const struct constraint_objects *objects,
                                     struct constraints *constraints, struct pcep_fault *fault)
{
    bool has_objective = constraints->of_code == PCEP_OF_MPLP;
    constraints->computed_mask = 0;
    constraints->path->metric = has_objective ? PATH_METRIC_LOSS : PATH_METRIC_IGP;
    for (uint32_t i = 0; i < objects->metric_count; i++) {
        const struct pcep_object *object = objects->metrics[i];
        const struct pcep_metric *metric = object->body;
        enum path_metric kind = constraints_metric_of(metric->type, constraints->path->setup);
        if (kind == PATH_METRIC_COUNT) {
            if (!constraints_read_unknown_metric(objects, object, fault))
                return false;
            continue;
        }
        if ((metric->flags & PCEP_METRIC_B) != 0) {
            if (!constraints_read_bound(objects, constraints, object, kind, fault))
                return false;
        } else if (!has_objective) {
            has_objective = true;
            constraints->path->metric = kind;
        }
        if ((metric->flags & PCEP_METRIC_C) != 0)
            constraints->computed_mask |= 1U << kind;
    }
    return true;
}

bool constraints_read(const struct constraint_objects *objects, struct constraints *constraints,
                      struct pcep_fault *fault)
{
    return constraints_read_bandwidth(objects, constraints, fault) &&
           constraints_read_lspa(objects, constraints, fault) &&
           constraints_read_of(objects, constraints, fault) &&
           constraints_read_metrics(objects, constraints, fault);
}
