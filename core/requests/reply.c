#include "core/requests/reply.h"
#include "core/pcep/model.h"
#include "core/requests/ero.h"
#include "core/requests/metric.h"
#include "core/requests/unmet.h"

#define RP_SIZE         12
#define PST_TLV_SIZE    8
#define NO_PATH_SIZE    8
#define VECTOR_TLV_SIZE 8
#define OF_SIZE         8
#define LSPA_SIZE       20
#define BANDWIDTH_SIZE  8
#define METRIC_SIZE     12

static bool reply_has_path(const struct path_result *result)
{
    return result->outcome == PATH_FOUND;
}

static const struct pcep_rp *rp_of(const struct request_plan *plan)
{
    return plan->request->rp->body;
}

/* RFC 5541 3.3: told when it was asked for and a path was found. */
static bool tells_of(const struct request_plan *plan, const struct path_result *result)
{
    return reply_has_path(result) && (rp_of(plan)->flags & PCEP_RP_OF) != 0;
}

static uint32_t vector_of(const struct request_plan *plan, const struct path_result *result)
{
    if (plan->no_path_vector != 0)
        return plan->no_path_vector;
    bool gave_up = result->outcome == PATH_WORK_EXCEEDED || result->outcome == PATH_NO_MEMORY;
    return gave_up ? PCEP_NO_PATH_VECTOR_PCE_UNAVAILABLE : 0;
}

/* Whether a NO-PATH names one of these constraints. */
static bool is_unmet(const struct request_plan *plan, const struct path_result *result,
                     uint32_t constraints)
{
    return (unmet_of_result(&plan->path, result) & constraints) != 0;
}

static bool tells_lspa(const struct request_plan *plan, const struct path_result *result)
{
    return plan->request->lspa != NULL &&
           (reply_has_path(result) ||
            is_unmet(plan, result,
                     UNMET_BIT(UNMET_AFFINITIES) | UNMET_BIT(UNMET_PROTECTION) |
                         UNMET_BIT(UNMET_ALGORITHM)));
}

static bool tells_bandwidth(const struct request_plan *plan, const struct path_result *result)
{
    return plan->request->bandwidth != NULL &&
           (reply_has_path(result) || is_unmet(plan, result, UNMET_BIT(UNMET_BANDWIDTH)));
}

/* ---- METRIC ---- */

struct told_metric {
    uint8_t flags;
    float value;
};

/* Whether a metric has a METRIC object in the reply, and what stands in it. Of a path: the computed
 * value with B clear (RFC 5440 7.8), where all links say theirs. Of NO-PATH: the bound of the request that could not be met, as
 * it was asked (7.5). */
static bool tell_metric(const struct request_plan *plan, const struct path_result *result,
                        enum path_metric metric, struct told_metric *told)
{
    if (reply_has_path(result)) {
        *told = (struct told_metric){0, (float)result->metrics[metric]};
        return (plan->computed_mask & ~result->unmeasured & 1U << metric) != 0;
    }
    *told = (struct told_metric){PCEP_METRIC_B, (float)plan->path.bounds[metric]};
    return is_unmet(plan, result, UNMET_BIT(UNMET_BOUND + metric));
}

static void write_metrics(const struct request_plan *plan, const struct path_result *result,
                          struct wire_writer *writer)
{
    for (unsigned i = 0; i < PATH_METRIC_COUNT; i++) {
        struct told_metric told;
        if (!tell_metric(plan, result, (enum path_metric)i, &told))
            continue;
        const struct pcep_metric body = {
            .flags = told.flags, .type = metric_type((enum path_metric)i), .value = told.value};
        pcep_object_put(writer, PCEP_OBJECT_METRIC, 0, &body);
    }
}

static size_t metrics_size(const struct request_plan *plan, const struct path_result *result)
{
    size_t size = 0;
    for (unsigned i = 0; i < PATH_METRIC_COUNT; i++) {
        struct told_metric told;
        if (tell_metric(plan, result, (enum path_metric)i, &told))
            size += METRIC_SIZE;
    }
    return size;
}

/* ---- RP, NO-PATH ---- */

static void write_rp(const struct request_plan *plan, const struct path_result *result,
                     struct wire_writer *writer)
{
    const struct pcep_rp body = {
        .flags = (rp_of(plan)->flags & PCEP_RP_R) | (tells_of(plan, result) ? PCEP_RP_OF : 0) |
                 plan->priority,
        .request_id = rp_of(plan)->request_id,
    };
    size_t object = pcep_object_open(writer, PCEP_OBJECT_RP, PCEP_OBJECT_FLAG_P, &body);
    if (plan->has_pst) {
        const struct pcep_path_setup_type tlv = {.pst = plan->pst};
        pcep_tlv_put(writer, PCEP_TLV_PATH_SETUP_TYPE, &tlv);
    }
    pcep_object_close(writer, object);
}

static void write_no_path(const struct request_plan *plan, const struct path_result *result,
                          struct wire_writer *writer)
{
    bool names_constraints =
        tells_lspa(plan, result) || tells_bandwidth(plan, result) || metrics_size(plan, result) > 0;
    const struct pcep_no_path body = {.nature = PCEP_NO_PATH_NONE_FOUND,
                                      .flags = names_constraints ? PCEP_NO_PATH_C : 0};
    const struct pcep_no_path_vector vector = {.flags = vector_of(plan, result)};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_NO_PATH, 0, &body);
    if (vector.flags != 0)
        pcep_tlv_put(writer, PCEP_TLV_NO_PATH_VECTOR, &vector);
    pcep_object_close(writer, object);
}

/* ---- LSPA ---- */

/* As asked; but what is said of a path is true of it: L only where all of it is protected. */
static void write_lspa(const struct request_plan *plan, const struct path_result *result,
                       struct wire_writer *writer)
{
    const struct pcep_object *asked;
    if (!tells_lspa(plan, result) || !pcep_get(plan->request->lspa, &asked))
        return;
    struct pcep_lspa body = *(const struct pcep_lspa *)asked->body;
    if (reply_has_path(result) && !result->is_protected)
        body.flags &= (uint8_t)~PCEP_LSPA_L;
    pcep_object_put(writer, PCEP_OBJECT_LSPA, 0, &body);
}

/* ---- the response ---- */

size_t reply_size(const struct request_plan *plan, const struct path_result *result,
                  const struct ted_hop *hops)
{
    size_t size = RP_SIZE + (plan->has_pst ? PST_TLV_SIZE : 0U);
    if (reply_has_path(result))
        size += ero_size(plan->path.setup, result, hops);
    else
        size += NO_PATH_SIZE + (vector_of(plan, result) != 0 ? VECTOR_TLV_SIZE : 0U);
    size += tells_of(plan, result) ? OF_SIZE : 0U;
    size += tells_lspa(plan, result) ? LSPA_SIZE : 0U;
    size += tells_bandwidth(plan, result) ? BANDWIDTH_SIZE : 0U;
    return size + metrics_size(plan, result);
}

void reply_write(const struct request_plan *plan, const struct path_result *result,
                 const struct ted_hop *hops, struct wire_writer *writer)
{
    const struct pcep_object *asked;
    write_rp(plan, result, writer);
    if (reply_has_path(result))
        ero_write(plan->path.setup, result, hops, writer);
    else
        write_no_path(plan, result, writer);
    if (tells_of(plan, result)) {
        const struct pcep_of body = {.code = plan->of_code};
        pcep_object_put(writer, PCEP_OBJECT_OF, 0, &body);
    }
    write_lspa(plan, result, writer);
    if (tells_bandwidth(plan, result) && pcep_get(plan->request->bandwidth, &asked))
        pcep_object_put(writer, PCEP_OBJECT_BANDWIDTH, 0, asked->body);
    write_metrics(plan, result, writer);
}
