#include "core/requests/algorithm.h"

#include "core/pcep/error.h"
#include "core/pcep/model.h"

bool algorithm_is_agreed(const struct session *session, uint8_t pst)
{
    if (pst == PCEP_PST_SR)
        return session->config->sr_mpls && session->peer.sr_algorithms;
    if (pst == PCEP_PST_SRV6)
        return session->config->srv6 && session->peer.srv6_algorithms;
    return false;
}

static bool refuse_use(const struct pcep_object *object, struct pcep_fault *fault)
{
    pcep_fault_set(fault, PCEP_FAULT_REQUEST, PCEP_ERROR_SR_ALGORITHM_WITHOUT_CAPABILITY,
                   object->offset, "SR-Algorithm that the capabilities do not allow");
    return false;
}

/* Whether a segment names an algorithm that the capability of its kind does not allow. */
static bool is_beyond(const struct pcep_subobject *subobject, bool has_sr, bool has_srv6)
{
    if (subobject->row == NULL)
        return false;
    if (subobject->row->id == PCEP_SUBOBJECT_SR)
        return !has_sr && (((const struct pcep_sub_sr *)subobject->body)->flags & PCEP_SR_A) != 0;
    if (subobject->row->id == PCEP_SUBOBJECT_SRV6)
        return !has_srv6 &&
               (((const struct pcep_sub_srv6 *)subobject->body)->flags & PCEP_SRV6_A) != 0;
    return false;
}

/* RFC 9933 5.1.1, 5.1.2: the kind of segment says which capability counts. */
static bool check_route(const struct session *session, const struct pcep_object *route,
                        struct pcep_fault *fault)
{
    const bool has_sr = algorithm_is_agreed(session, PCEP_PST_SR);
    const bool has_srv6 = algorithm_is_agreed(session, PCEP_PST_SRV6);
    for (uint32_t i = 0; i < route->subobject_count; i++) {
        if (is_beyond(&route->subobjects[i], has_sr, has_srv6))
            return refuse_use(route, fault);
    }
    return true;
}

bool algorithm_check_object(const struct session *session, const struct pcep_object *object,
                            uint8_t pst, struct pcep_fault *fault)
{
    if (object->row->tail == PCEP_TAIL_ERO || object->row->tail == PCEP_TAIL_RRO)
        return check_route(session, object, fault);
    if (object->row->id != PCEP_OBJECT_LSPA || algorithm_is_agreed(session, pst) ||
        pcep_find_tlv(object, PCEP_TLV_SR_ALGORITHM) == NULL)
        return true;
    return refuse_use(object, fault);
}

/* RFC 9933 5.2.1: of the others than flexible algorithms one that is not known is refused, strict or
 * not. The first TLV counts (4.4). */
bool algorithm_read_constraint(const struct pcep_object *lspa, struct path_request *path,
                               struct pcep_fault *fault)
{
    const struct pcep_sr_algorithm *constraint = pcep_find_tlv(lspa, PCEP_TLV_SR_ALGORITHM);
    if (constraint == NULL || constraint->algorithm == 0)
        return true;
    if (constraint->algorithm >= PCEP_SR_ALGORITHM_FLEXIBLE) {
        path->algorithm = constraint->algorithm;
        path->is_algorithm_strict = (constraint->flags & PCEP_SR_ALGORITHM_S) != 0;
        return true;
    }
    pcep_fault_set(fault, PCEP_FAULT_REQUEST, PCEP_ERROR_CONSTRAINTS_NOT_SUPPORTED, lspa->offset,
                   "SR-Algorithm that no path is computed for");
    return false;
}
