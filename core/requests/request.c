#include "core/requests/request.h"

#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "core/requests/algorithm.h"
#include "core/requests/metric.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PRIORITY_DEFAULT 0 /* setup priority without LSPA (RFC 5440 7.11): the highest */

uint32_t request_id_of(const struct pcep_request *request)
{
    return ((const struct pcep_rp *)request->rp->body)->request_id;
}

uint8_t request_priority_of(const struct pcep_request *request)
{
    const struct pcep_rp *rp = request->rp->body;
    return (uint8_t)(rp->flags & PCEP_RP_PRIORITY_MASK);
}

/* The first refusal stands; always gives false. */
static bool request_refuse(struct pcep_fault *fault, const struct pcep_object *object,
                           enum pcep_error_code error, const char *reason)
{
    pcep_fault_set(fault, PCEP_FAULT_REQUEST, error, object->offset, reason);
    return false;
}

static bool must_process(const struct pcep_object *object)
{
    return (object->header_flags & PCEP_OBJECT_FLAG_P) != 0;
}

/* ---- RP ---- */

static bool read_rp(struct request_plan *plan, struct pcep_fault *fault)
{
    const struct pcep_object *object = plan->request->rp;
    const struct pcep_rp *rp = object->body;
    /* RFC 8306 3.7: the flag is understood, and trees are not computed. */
    if ((rp->flags & PCEP_RP_N) != 0)
        return request_refuse(fault, object, PCEP_ERROR_P2MP_NOT_SUPPORTED,
                              "P2MP paths are not supported");
    /* RFC 5441: the error for a VSPT that is not supported; the same for what is bidirectional, and
     * for what RFC 5557 5.3 asks of requests that belong together. */
    if ((rp->flags & (PCEP_RP_B | PCEP_RP_VSPT)) != 0)
        return request_refuse(fault, object, PCEP_ERROR_PARAMETER_NOT_SUPPORTED,
                              "bidirectional paths and VSPT are not supported");
    if ((rp->flags & (PCEP_RP_D | PCEP_RP_M)) != 0)
        return request_refuse(fault, object, PCEP_ERROR_PARAMETER_NOT_SUPPORTED,
                              "order of setup and make-before-break not supported");
    return true;
}

static bool is_advertised(const struct session *session, uint8_t pst)
{
    if (pst >= 64 || (session->peer.psts >> pst & 1) == 0)
        return false;
    switch (pst) {
    case PCEP_PST_RSVP_TE:
        return session->config->rsvp_te;
    case PCEP_PST_SR:
        return session->config->sr_mpls;
    default: /* the engine makes no others, whatever is advertised */
        return false;
    }
}

/* The longest SID list: the peer's limit, and the headend's own where the topology knows it (RFC
 * 8664 5.1); 0 = no limit named. */
static uint8_t sids_max_of(const struct session *session, const struct ted_snapshot *snapshot,
                           uint32_t source)
{
    uint8_t limit = session->peer.sr_unlimited_msd ? 0 : session->peer.sr_msd;
    uint8_t node = source == TED_NONE ? 0 : snapshot->nodes[source].msd;
    if (limit == 0 || (node != 0 && node < limit))
        limit = node;
    return limit;
}

static bool read_setup(const struct session *session, struct request_plan *plan,
                       struct pcep_fault *fault)
{
    const struct pcep_object *rp = plan->request->rp;
    const struct pcep_path_setup_type *tlv = pcep_find_tlv(rp, PCEP_TLV_PATH_SETUP_TYPE);
    plan->has_pst = tlv != NULL;
    plan->pst = tlv == NULL ? PCEP_PST_RSVP_TE : tlv->pst;
    if (!is_advertised(session, plan->pst)) {
        plan->ends_session = true;
        return request_refuse(fault, rp, PCEP_ERROR_PST_NOT_SUPPORTED,
                              "path setup type not supported");
    }
    plan->path.setup = plan->pst == PCEP_PST_SR ? PATH_SETUP_SR_MPLS : PATH_SETUP_RSVP_TE;
    return true;
}

/* ---- END-POINTS ---- */

static bool read_end_points(const struct ted_snapshot *snapshot, struct request_plan *plan,
                            struct pcep_fault *fault)
{
    const struct pcep_object *object;
    plan->path.source = TED_NONE;
    plan->path.destination = TED_NONE;
    /* The grammar has found some, but not of two addresses: a path key, a P2MP tree … */
    if (!pcep_get(plan->request->end_points, &object))
        return request_refuse(fault, plan->request->rp, PCEP_ERROR_TYPE_NOT_SUPPORTED,
                              "END-POINTS of a kind that is not supported");
    const struct pcep_end_points *ends = object->body;
    plan->path.family = object->row->id == PCEP_OBJECT_END_POINTS_V6 ? IP_V6 : IP_V4;
    if (!must_process(object))
        return request_refuse(fault, object, PCEP_ERROR_P_FLAG_NOT_SET,
                              "END-POINTS without P flag");
    if (snapshot == NULL) {
        plan->no_path_vector = PCEP_NO_PATH_VECTOR_PCE_UNAVAILABLE;
        return true;
    }
    plan->path.source = ted_find_node_by_address(snapshot, &ends->source);
    plan->path.destination = ted_find_node_by_address(snapshot, &ends->destination);
    if (plan->path.source == TED_NONE)
        plan->no_path_vector |= PCEP_NO_PATH_VECTOR_UNKNOWN_SOURCE;
    if (plan->path.destination == TED_NONE)
        plan->no_path_vector |= PCEP_NO_PATH_VECTOR_UNKNOWN_DESTINATION;
    return true;
}

/* ---- BANDWIDTH, LSPA, OF ---- */

static bool request_is_amount(float value)
{
    return isfinite(value) && value >= 0;
}

static bool read_bandwidth(struct request_plan *plan, struct pcep_fault *fault)
{
    const struct pcep_object *object;
    if (!pcep_get(plan->request->bandwidth, &object))
        return true;
    const struct pcep_bandwidth *bandwidth = object->body;
    if (!request_is_amount(bandwidth->bandwidth))
        return request_refuse(fault, object, PCEP_ERROR_MALFORMED_OBJECT,
                              "bandwidth is not an amount");
    plan->path.bandwidth = bandwidth->bandwidth;
    return true;
}

/* RFC 9488 5: L says which is wanted, E that nothing else will do. */
static enum ted_protection protection_of(uint8_t lspa_flags)
{
    bool is_protected = (lspa_flags & PCEP_LSPA_L) != 0;
    if ((lspa_flags & PCEP_LSPA_E) != 0)
        return is_protected ? TED_PROTECTED_ONLY : TED_UNPROTECTED_ONLY;
    return is_protected ? TED_PROTECTED_PREFERRED : TED_UNPROTECTED_PREFERRED;
}

static bool read_lspa(struct request_plan *plan, struct pcep_fault *fault)
{
    const struct pcep_object *object;
    plan->path.priority = PRIORITY_DEFAULT;
    if (!pcep_get(plan->request->lspa, &object))
        return true;
    const struct pcep_lspa *lspa = object->body;
    if (lspa->setup_priority >= TED_PRIORITIES)
        return request_refuse(fault, object, PCEP_ERROR_MALFORMED_OBJECT, "setup priority above 7");
    plan->path.priority = lspa->setup_priority;
    plan->path.exclude_any = lspa->exclude_any;
    plan->path.include_any = lspa->include_any;
    plan->path.include_all = lspa->include_all;
    plan->path.protection = (uint8_t)protection_of(lspa->flags);
    return algorithm_check_constraint(object, fault);
}

static bool read_of(struct request_plan *plan, struct pcep_fault *fault)
{
    const struct pcep_object *object;
    plan->of_code = PCEP_OF_MCP;
    plan->path.objective = PATH_MIN_METRIC;
    if (!pcep_get(plan->request->of, &object))
        return true;
    plan->of_code = ((const struct pcep_of *)object->body)->code;
    switch (plan->of_code) {
    case PCEP_OF_MCP:
        return true;
    case PCEP_OF_MLP:
        plan->path.objective = PATH_MIN_MAX_LOAD;
        return true;
    case PCEP_OF_MBP:
        plan->path.objective = PATH_MAX_RESIDUAL_BANDWIDTH;
        return true;
    default:
        break;
    }
    if (must_process(object))
        return request_refuse(fault, object, PCEP_ERROR_PARAMETER_NOT_SUPPORTED,
                              "objective function not supported");
    plan->of_code = PCEP_OF_MCP;
    return true;
}

/* ---- METRIC ---- */

/* PATH_METRIC_COUNT where the engine has no such metric for this setup. */
static enum path_metric metric_of(uint8_t type, enum path_setup setup)
{
    enum path_metric metric = metric_of_type(type);
    return metric == PATH_METRIC_SIDS && setup != PATH_SETUP_SR_MPLS ? PATH_METRIC_COUNT : metric;
}

static bool read_unknown_metric(const struct pcep_object *object, struct pcep_fault *fault)
{
    const struct pcep_metric *metric = object->body;
    if (!must_process(object))
        return true;
    /* RFC 8233 3.1.4, and RFC 9933 5.3 for its own: known but not supported has a value of its own.
     */
    if ((metric->type >= PCEP_METRIC_TYPE_PATH_DELAY_VARIATION &&
         metric->type <= PCEP_METRIC_TYPE_P2MP_PATH_LOSS) ||
        (metric->type >= PCEP_METRIC_TYPE_PATH_MIN_DELAY &&
         metric->type <= PCEP_METRIC_TYPE_P2MP_PATH_BANDWIDTH) ||
        metric->type >= PCEP_METRIC_TYPE_USER_DEFINED)
        return request_refuse(fault, object, PCEP_ERROR_PERFORMANCE_NOT_SUPPORTED,
                              "performance metric not supported");
    return request_refuse(fault, object, PCEP_ERROR_PARAMETER_NOT_SUPPORTED,
                          "metric type not supported");
}

static bool read_bound(const struct session *session, struct request_plan *plan,
                       const struct pcep_object *object, enum path_metric kind,
                       struct pcep_fault *fault)
{
    const struct pcep_metric *metric = object->body;
    uint32_t bit = 1U << kind;
    if ((plan->path.bound_mask & bit) != 0)
        return true; /* the first one of its type counts */
    if (isnan(metric->value) || metric->value < 0)
        return request_refuse(fault, object, PCEP_ERROR_MALFORMED_OBJECT, "bound is not an amount");
    const struct session_peer_open *peer = &session->peer;
    if (kind == PATH_METRIC_SIDS && !peer->sr_unlimited_msd && peer->sr_msd != 0 &&
        metric->value > (float)peer->sr_msd)
        return request_refuse(fault, object, PCEP_ERROR_MSD_ABOVE_SESSION,
                              "SID depth above the session's MSD");
    plan->path.bound_mask |= bit;
    plan->path.bounds[kind] = (double)metric->value;
    return true;
}

static bool read_metrics(const struct session *session, struct request_plan *plan,
                         struct pcep_fault *fault)
{
    bool has_objective = false;
    plan->path.metric = PATH_METRIC_IGP;
    for (uint32_t i = 0; i < plan->request->metric_count; i++) {
        const struct pcep_object *object = plan->request->metrics[i];
        const struct pcep_metric *metric = object->body;
        enum path_metric kind = metric_of(metric->type, plan->path.setup);
        if (kind == PATH_METRIC_COUNT) {
            if (!read_unknown_metric(object, fault))
                return false;
            continue;
        }
        if ((metric->flags & PCEP_METRIC_B) != 0) {
            if (!read_bound(session, plan, object, kind, fault))
                return false;
        } else if (!has_objective) {
            has_objective = true;
            plan->path.metric = kind;
        }
        if ((metric->flags & PCEP_METRIC_C) != 0)
            plan->computed_mask |= 1U << kind;
    }
    return true;
}

/* ---- what is not honoured ---- */

static bool is_honoured(const struct pcep_object *object)
{
    switch (object->row->id) {
    case PCEP_OBJECT_END_POINTS_V4:
    case PCEP_OBJECT_END_POINTS_V6:
    case PCEP_OBJECT_LSP: /* says for which LSP, and asks for nothing */
    case PCEP_OBJECT_LSPA:
    case PCEP_OBJECT_BANDWIDTH:
    case PCEP_OBJECT_METRIC:
    case PCEP_OBJECT_OF:
        return true;
    default:
        return false;
    }
}

/* The objects from behind the RP to the next RP. Unknown ones are the grammar's business. */
static bool check_others(const struct request_scene *scene, const struct request_plan *plan,
                         struct pcep_fault *fault)
{
    const struct pcep_object *end = scene->message->objects + scene->message->object_count;
    for (const struct pcep_object *object = plan->request->rp + 1; object < end; object++) {
        if (object->row == NULL)
            continue;
        if (object->row->id == PCEP_OBJECT_RP)
            break;
        if (!is_honoured(object) && must_process(object))
            return request_refuse(fault, object, PCEP_ERROR_CLASS_NOT_SUPPORTED,
                                  "object not supported in a request");
        if (!algorithm_check_object(scene->session, object, plan->pst, fault))
            return false;
    }
    return true;
}

/* Requests that a SVEC makes depend on each other cannot be answered one by one (RFC 5440 7.13);
 * one that asks for no diversity is met by the best path of each. */
static bool ties(const struct pcep_object *object)
{
    return must_process(object) && ((const struct pcep_svec *)object->body)->flags != 0;
}

/* What stands in front of the requests and must be processed, for all of them: monitoring (RFC 5886
 * 3.1), and what holds for a set of requests (RFC 5541 3.2, RFC 5557 5.5). Of all that SVECs alone
 * are read. */
static const struct pcep_object *find_demand(const struct pcep_message *message)
{
    const struct pcep_object *end = message->objects + message->object_count;
    for (const struct pcep_object *object = message->objects; object < end; object++) {
        if (object->row == NULL)
            continue;
        if (object->row->id == PCEP_OBJECT_RP)
            break;
        if (object->row->id != PCEP_OBJECT_SVEC && must_process(object))
            return object;
    }
    return NULL;
}

static bool request_check_head(const struct request_scene *scene, struct pcep_fault *fault)
{
    if (scene->demand == NULL)
        return true;
    return request_refuse(fault, scene->demand, PCEP_ERROR_CLASS_NOT_SUPPORTED,
                          "object not supported in front of requests");
}

enum pce_status request_read_head(const struct pcep_request_list *list, struct arena *arena,
                                  struct request_scene *scene)
{
    uint32_t count = 0;
    scene->demand = find_demand(scene->message);
    for (uint32_t i = 0; i < list->svec_count; i++) {
        if (ties(list->svecs[i]))
            count += ((const struct pcep_svec *)list->svecs[i]->body)->count;
    }
    if (count == 0)
        return PCE_OK;
    uint32_t *ids = arena_alloc_array(arena, count, sizeof *ids);
    if (ids == NULL)
        return PCE_LIMIT;
    uint32_t filled = 0;
    for (uint32_t i = 0; i < list->svec_count; i++) {
        const struct pcep_svec *svec = list->svecs[i]->body;
        for (uint32_t k = 0; ties(list->svecs[i]) && k < svec->count; k++)
            ids[filled++] = svec->request_ids[k];
    }
    qsort(ids, count, sizeof *ids, request_ids_compare);
    scene->dependent_ids = ids;
    scene->dependent_count = count;
    return PCE_OK;
}

static bool check_svecs(const struct request_scene *scene, const struct request_plan *plan,
                        struct pcep_fault *fault)
{
    uint32_t id = request_id_of(plan->request);
    if (scene->dependent_count == 0 || bsearch(&id, scene->dependent_ids, scene->dependent_count,
                                               sizeof id, request_ids_compare) == NULL)
        return true;
    return request_refuse(fault, plan->request->rp, PCEP_ERROR_CLASS_NOT_SUPPORTED,
                          "dependent requests are not supported");
}

bool request_read(const struct request_scene *scene, const struct pcep_request *request,
                  struct request_plan *plan, struct pcep_fault *fault)
{
    memset(plan, 0, sizeof *plan);
    plan->request = request;
    if (scene->heeds_priority)
        plan->priority = request_priority_of(request);
    bool is_sound = request_check_head(scene, fault) && read_rp(plan, fault) &&
                    read_setup(scene->session, plan, fault) &&
                    read_end_points(scene->snapshot, plan, fault) && read_bandwidth(plan, fault) &&
                    read_lspa(plan, fault) && read_of(plan, fault) &&
                    read_metrics(scene->session, plan, fault) && check_others(scene, plan, fault) &&
                    check_svecs(scene, plan, fault);
    if (plan->path.setup == PATH_SETUP_SR_MPLS)
        plan->path.sids_max = sids_max_of(scene->session, scene->snapshot, plan->path.source);
    fault->id_kind = PCEP_ID_REQUEST;
    fault->id = request_id_of(request);
    plan->is_refused = !is_sound;
    return is_sound;
}
