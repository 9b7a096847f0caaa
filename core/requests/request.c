#include "core/requests/request.h"

#include "core/base/check.h"
#include "core/path/path_set.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "core/requests/algorithm.h"
#include "core/requests/constraints.h"
#include "core/requests/setup.h"

#include <stdlib.h>
#include <string.h>

uint32_t request_id_of(const struct pcep_request *request)
{
    return ((const struct pcep_rp *)request->rp->body)->request_id;
}

uint8_t request_priority_of(const struct pcep_request *request)
{
    const struct pcep_rp *rp = request->rp->body;
    return (uint8_t)(rp->flags & PCEP_RP_PRIORITY_MASK);
}

/* From the RP to the next one: the objects of a received message lie one after the other. */
struct wire_span request_octets_of(const struct request_plan *plan)
{
    const struct pcep_message *message = plan->message;
    const struct pcep_object *rp = plan->request->rp;
    const struct pcep_object *end = message->objects + message->object_count;
    const struct pcep_object *last = rp;
    for (const struct pcep_object *next = rp + 1; next < end; next++) {
        if (next->row != NULL && next->row->id == PCEP_OBJECT_RP)
            break;
        last = next;
    }
    const uint8_t *start = rp->octets - PCEP_OBJECT_HEADER_SIZE;
    CHECK(last->offset >= rp->offset);
    return (struct wire_span){start, last->offset + last->size - rp->offset};
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
    case PCEP_PST_SRV6: /* an Open that lists it without its capability is refused (RFC 9603 5.1) */
        return session->config->srv6;
    default: /* the engine makes no others, whatever is advertised */
        return false;
    }
}

/* The longest SID list of the session; 0 = no limit named. */
static uint8_t request_session_sids_max(const struct session *session, enum path_setup setup)
{
    if (setup == PATH_SETUP_SRV6)
        return session->peer.srv6_msd;
    return session->peer.sr_unlimited_msd ? 0 : session->peer.sr_msd;
}

/* The longest SID list: the peer's limit, and the headend's own where the topology knows it (RFC
 * 8664 5.1); 0 = no limit named. Of SRv6 what the topology knows is all that counts (RFC 9603 5.1).
 */
static uint8_t sids_max_of(const struct session *session, const struct ted_snapshot *snapshot,
                           const struct path_request *path)
{
    uint32_t source = path->source;
    CHECK(source == TED_NONE || (snapshot != NULL && source < snapshot->node_count));
    uint8_t limit = request_session_sids_max(session, path->setup);
    uint8_t node = source == TED_NONE ? 0 : path_sids_max_of_node(snapshot, source, path->setup);
    bool replaces = path->setup == PATH_SETUP_SRV6 && node != 0;
    return replaces ? node : path_sids_max_least(limit, node);
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
    (void)setup_of_pst(plan->pst, &plan->path.setup);
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

/* ---- BANDWIDTH, LSPA, OF, METRIC ---- */

static bool read_constraints(const struct session *session, struct request_plan *plan,
                             struct pcep_fault *fault)
{
    const struct pcep_request *request = plan->request;
    const struct constraint_objects objects = {
        .bandwidth = request->bandwidth,
        .lspa = request->lspa,
        .of = request->of,
        .metrics = request->metrics,
        .metric_count = request->metric_count,
        .sids_max = request_session_sids_max(session, plan->path.setup),
        .p_counts = true,
    };
    struct constraints constraints = {.path = &plan->path};
    bool is_sound = constraints_read(&objects, &constraints, fault);
    plan->computed_mask = constraints.computed_mask;
    plan->of_code = constraints.of_code;
    return is_sound;
}

/* ---- what is not honoured ---- */

static bool is_honoured(const struct request_plan *plan, const struct pcep_object *object)
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
    case PCEP_OBJECT_RRO: /* what the LSP has, of which account.c makes use */
    case PCEP_OBJECT_BANDWIDTH_EXISTING:
        return (((const struct pcep_rp *)plan->request->rp->body)->flags & PCEP_RP_R) != 0;
    default:
        return false;
    }
}

/* The objects from after the RP to the next RP. Unknown ones are the grammar's business. */
static bool check_others(const struct request_scene *scene, const struct request_plan *plan,
                         struct pcep_fault *fault)
{
    const struct pcep_object *end = scene->message->objects + scene->message->object_count;
    for (const struct pcep_object *object = plan->request->rp + 1; object < end; object++) {
        if (object->row == NULL)
            continue;
        if (object->row->id == PCEP_OBJECT_RP)
            break;
        if (!is_honoured(plan, object) && must_process(object))
            return request_refuse(fault, object, PCEP_ERROR_CLASS_NOT_SUPPORTED,
                                  "object not supported in a request");
        if (!algorithm_check_object(scene->session, object, plan->pst, fault))
            return false;
    }
    return true;
}

/* Without a diversity all that is asked together is bandwidth: of more than a set has room for each is
 * answered by its best path. */
bool request_is_tie(const struct pcep_object *svec)
{
    const struct pcep_svec *body = svec->body;
    return must_process(svec) &&
           ((body->flags & REQUEST_SVEC_FLAGS) != 0 || body->count <= PATH_SET_MAX);
}

static bool request_has_id(const struct pcep_object *object, enum pcep_object_id id)
{
    return object->row != NULL && object->row->id == id;
}

/* Whether an object in front of the requests is of the last SVEC before it, and that ties: its OF, or a
 * METRIC (synced_set.h). svec: NULL: there is none. */
static bool request_is_of_set(const struct pcep_object *svec, const struct pcep_object *object)
{
    return svec != NULL && request_is_tie(svec) &&
           (request_has_id(object, PCEP_OBJECT_OF) || request_has_id(object, PCEP_OBJECT_METRIC));
}

/* What stands in front of the requests and must be processed, for all of them, and is not: monitoring
 * (RFC 5886 3.1), and what RFC 5557 5.5 asks of a set. */
static const struct pcep_object *find_demand(const struct pcep_message *message)
{
    const struct pcep_object *end = message->objects + message->object_count;
    const struct pcep_object *svec = NULL;
    for (const struct pcep_object *object = message->objects; object < end; object++) {
        if (object->row == NULL)
            continue;
        if (object->row->id == PCEP_OBJECT_RP)
            break;
        if (object->row->id == PCEP_OBJECT_SVEC)
            svec = object;
        else if (must_process(object) && !request_is_of_set(svec, object))
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
        if (request_is_tie(list->svecs[i]))
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
        for (uint32_t k = 0; request_is_tie(list->svecs[i]) && k < svec->count; k++)
            ids[filled++] = svec->request_ids[k];
    }
    CHECK(filled == count);
    qsort(ids, count, sizeof *ids, request_ids_compare);
    scene->dependent_ids = ids;
    scene->dependent_count = count;
    return PCE_OK;
}

/* Requests that a SVEC ties are computed together (RFC 5440 7.13). */
static bool request_is_tied(const struct request_scene *scene, const struct request_plan *plan)
{
    uint32_t id = request_id_of(plan->request);
    return scene->dependent_count > 0 && bsearch(&id, scene->dependent_ids, scene->dependent_count,
                                                 sizeof id, request_ids_compare) != NULL;
}

bool request_read(const struct request_scene *scene, const struct pcep_request *request,
                  struct request_plan *plan, struct pcep_fault *fault)
{
    memset(plan, 0, sizeof *plan);
    plan->request = request;
    plan->message = scene->message;
    if (scene->heeds_priority)
        plan->priority = request_priority_of(request);
    bool is_sound =
        request_check_head(scene, fault) && read_rp(plan, fault) &&
        read_setup(scene->session, plan, fault) && read_end_points(scene->snapshot, plan, fault) &&
        read_constraints(scene->session, plan, fault) && check_others(scene, plan, fault);
    plan->is_tied = request_is_tied(scene, plan);
    if (is_sound && plan->is_tied && !scene->may_tie)
        is_sound = request_refuse(fault, request->rp, PCEP_ERROR_CLASS_NOT_SUPPORTED,
                                  "dependent requests are not supported");
    if (path_setup_is_sr(plan->path.setup))
        plan->path.sids_max = sids_max_of(scene->session, scene->snapshot, &plan->path);
    fault->id_kind = PCEP_ID_REQUEST;
    fault->id = request_id_of(request);
    plan->is_refused = !is_sound;
    CHECK(is_sound != pcep_fault_is_set(fault));
    return is_sound;
}
