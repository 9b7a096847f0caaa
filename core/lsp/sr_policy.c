#include "core/lsp/sr_policy.h"

#include "core/lsp/lsp_association.h"
#include "core/lsp/lsp_identifiers.h"
#include "core/lsp/profile.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"

#include <string.h>

#define ASSOCIATION_FIXED 12 /* header, reserved, flags, type, id: in front of the source */
#define IPV4_IN_IPV6_AT   12 /* RFC 9862 4.2.2: an IPv4 originator is the low 32 bits */

static const struct lsp_membership *find_policy(const struct lsp *lsp)
{
    for (const struct lsp_membership *at = lsp->memberships; at != NULL; at = at->next) {
        if (lsp_profile_association_bit(at->group->type) != 0)
            return at;
    }
    return NULL;
}

/* RFC 9862 4.1: the colour, and an endpoint of either family. */
static void read_key(const struct lsp_association *group, struct sr_policy *policy)
{
    struct wire_reader reader = wire_reader_init(group->extended, group->extended_size);
    uint8_t octets[16];
    policy->color = wire_u32(&reader);
    const size_t size = wire_left(&reader);
    if (reader.failed || (size != 4 && size != 16))
        return;
    wire_copy(&reader, octets, size);
    policy->endpoint = size == 4 ? ip_from_v4(octets) : ip_from_v6(octets);
}

static struct ip originator_of(const uint8_t octets[16])
{
    static const uint8_t zeros[IPV4_IN_IPV6_AT];
    return memcmp(octets, zeros, sizeof zeros) == 0 ? ip_from_v4(octets + IPV4_IN_IPV6_AT)
                                                    : ip_from_v6(octets);
}

static void read_path_id(struct wire_reader *value, struct sr_policy *policy)
{
    uint8_t octets[16];
    uint8_t origin = wire_u8(value);
    wire_skip(value, 3);
    uint32_t originator_as = wire_u32(value);
    wire_copy(value, octets, sizeof octets);
    uint32_t discriminator = wire_u32(value);
    if (value->failed)
        return;
    policy->has_path_id = true;
    policy->origin = origin;
    policy->originator_as = originator_as;
    policy->originator = originator_of(octets);
    policy->discriminator = discriminator;
}

static bool policy_tlv_is(uint16_t type, enum pcep_tlv_id id, enum pcep_tlv_id old)
{
    return type == pcep_tlv_get(id)->type || type == pcep_tlv_get(old)->type;
}

static void policy_read_tlv(uint16_t type, struct wire_reader *value, struct sr_policy *policy)
{
    if (policy_tlv_is(type, PCEP_TLV_SRPOLICY_CPATH_ID, PCEP_TLV_SRPOLICY_CPATH_ID_OLD)) {
        read_path_id(value, policy);
    } else if (policy_tlv_is(type, PCEP_TLV_SRPOLICY_CPATH_PREFERENCE,
                             PCEP_TLV_SRPOLICY_CPATH_PREFERENCE_OLD)) {
        uint32_t preference = wire_u32(value);
        policy->preference = value->failed ? policy->preference : preference;
    } else if (type == pcep_tlv_get(PCEP_TLV_SRPOLICY_POL_NAME)->type) {
        policy->policy_name = wire_rest(value);
    } else if (type == pcep_tlv_get(PCEP_TLV_SRPOLICY_CPATH_NAME)->type) {
        policy->path_name = wire_rest(value);
    }
}

static void policy_read_tlvs(const struct lsp_membership *membership, struct sr_policy *policy)
{
    struct wire_reader reader = wire_reader_init(membership->octets, membership->size);
    wire_skip(&reader, ASSOCIATION_FIXED + ip_size(&membership->group->source));
    while (!reader.failed && wire_left(&reader) > 0) {
        uint16_t type = wire_u16(&reader);
        size_t size = wire_u16(&reader);
        struct wire_reader value = wire_sub(&reader, size);
        wire_skip(&reader, (size_t)-size % 4);
        if (!reader.failed)
            policy_read_tlv(type, &value, policy);
    }
}

bool sr_policy_of(const struct lsp *lsp, struct sr_policy *policy)
{
    const struct lsp_membership *membership = find_policy(lsp);
    *policy = (struct sr_policy){.preference = SR_POLICY_PREFERENCE};
    if (membership == NULL)
        return false;
    policy->headend = membership->group->source;
    read_key(membership->group, policy);
    policy_read_tlvs(membership, policy);
    return true;
}

/* ---- what may not change within a session ---- */

/* Of the form of RFC 9862 alone: what older ones may do is not written down. */
static bool is_policy(const struct pcep_object *object)
{
    return lsp_profile_association_bit(((const struct pcep_association *)object->body)->type) ==
           LSP_SAID_SR_POLICY;
}

static bool policy_has_key(const struct lsp_association *group, const struct pcep_object *object)
{
    const struct pcep_association *association = object->body;
    const struct pcep_tlv *key = pcep_find_tlv_entry(object, PCEP_TLV_EXTENDED_ASSOCIATION_ID);
    const size_t size = key == NULL ? 0 : key->size;
    return group->type == association->type && ip_is_equal(&group->source, &association->source) &&
           group->extended_size == size &&
           (size == 0 || memcmp(group->extended, key->octets, size) == 0);
}

static bool policy_has_path_id(const struct sr_policy *policy, const struct pcep_object *object)
{
    const struct pcep_srpolicy_cpath_id *id = pcep_find_tlv(object, PCEP_TLV_SRPOLICY_CPATH_ID);
    if (id == NULL || !policy->has_path_id)
        return true; /* the grammar wants one */
    const struct ip originator = originator_of(id->originator.octets);
    return id->origin == policy->origin && id->originator_as == policy->originator_as &&
           id->discriminator == policy->discriminator &&
           ip_is_equal(&originator, &policy->originator);
}

/* The LSP leaves its policy by the same report. */
static bool policy_is_left(const struct lsp_association *group, const struct lsp_report *report)
{
    for (uint32_t i = 0; i < report->state->association_count; i++) {
        const struct pcep_object *object = report->state->associations[i];
        const struct pcep_association *association = object->body;
        if ((association->flags & PCEP_ASSOCIATION_R) != 0 && policy_has_key(group, object))
            return true;
    }
    return false;
}

static void policy_judge(const struct lsp_membership *membership, const struct lsp *lsp,
                         const struct pcep_object *object, struct pcep_fault *fault)
{
    struct sr_policy policy;
    (void)sr_policy_of(lsp, &policy);
    if (!policy_has_key(membership->group, object))
        pcep_fault_set(fault, PCEP_FAULT_REQUEST, PCEP_ERROR_SR_POLICY_ID_MISMATCH, object->offset,
                       "the SR policy of an LSP changes");
    else if (!policy_has_path_id(&policy, object))
        pcep_fault_set(fault, PCEP_FAULT_REQUEST, PCEP_ERROR_SR_POLICY_PATH_ID_MISMATCH,
                       object->offset, "the candidate path of an LSP changes");
}

bool sr_policy_fits(const struct lsp *lsp, const struct lsp_report *report,
                    struct pcep_fault *fault)
{
    if (report->state->association_count == 0 || lsp == NULL || lsp->memberships == NULL)
        return true;
    const struct lsp_membership *membership = find_policy(lsp);
    /* What an earlier session has said may change. */
    if (membership == NULL || membership->epoch != lsp->pcc->epoch ||
        policy_is_left(membership->group, report))
        return true;
    for (uint32_t i = 0; i < report->state->association_count; i++) {
        const struct pcep_object *object = report->state->associations[i];
        const struct pcep_association *association = object->body;
        if (is_policy(object) && (association->flags & PCEP_ASSOCIATION_R) == 0)
            policy_judge(membership, lsp, object, fault);
    }
    return !pcep_fault_is_set(fault);
}

/* ---- ends ---- */

static bool is_named(const struct ip *end)
{
    return end->family != IP_NONE && !ip_is_unspecified(end);
}

struct lsp_ends lsp_ends_of(const struct lsp *lsp)
{
    const struct lsp_identifiers ids = lsp_identifiers_of(lsp_first_instance(lsp));
    struct lsp_ends ends = {ids.source, ids.destination};
    struct sr_policy policy;
    if ((is_named(&ends.source) && is_named(&ends.destination)) || !sr_policy_of(lsp, &policy))
        return ends;
    if (!is_named(&ends.source))
        ends.source = policy.headend;
    if (!is_named(&ends.destination) && policy.endpoint.family != IP_NONE)
        ends.destination = policy.endpoint;
    return ends;
}
