#include "core/lsp/compose_policy.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"

#include <string.h>

#define ORIGIN_PCEP        10 /* RFC 9256 2.4: the protocol of a candidate path that a PCE made */
#define POLICY_ID          1  /* RFC 9862 4.1: the association ID of every SR policy */
#define VENDOR_CISCO       9
#define VENDOR_COLOR_HEAD  UINT32_C(0x00010004) /* what FRR's pathd reads the colour behind */
#define VENDOR_COLOR_SIZE  8
#define IPV4_IN_IPV6_INDEX 12 /* RFC 9862 4.2.2: an IPv4 originator is the low 32 bits */

/* Association types and TLVs by form. */
struct policy_form {
    uint16_t type;
    enum pcep_tlv_id extended_id;
    enum pcep_tlv_id path_id;
    enum pcep_tlv_id preference;
};

static const struct policy_form policy_forms[] = {
    [LSP_COLOR_ASSOCIATION] = {6, PCEP_TLV_EXTENDED_ASSOCIATION_ID, PCEP_TLV_SRPOLICY_CPATH_ID,
                               PCEP_TLV_SRPOLICY_CPATH_PREFERENCE},
    [LSP_COLOR_ASSOCIATION_CISCO] = {0x14, PCEP_TLV_EXTENDED_ASSOCIATION_ID,
                                     PCEP_TLV_SRPOLICY_CPATH_ID,
                                     PCEP_TLV_SRPOLICY_CPATH_PREFERENCE},
    [LSP_COLOR_ASSOCIATION_JUNIPER] = {0xFFE1, PCEP_TLV_EXTENDED_ASSOCIATION_ID_OLD,
                                       PCEP_TLV_SRPOLICY_CPATH_ID_OLD,
                                       PCEP_TLV_SRPOLICY_CPATH_PREFERENCE_OLD},
};

const char *lsp_compose_policy_refusal(const struct lsp_ability *ability,
                                       const struct lsp_wanted *wanted)
{
    if (wanted->policy == NULL)
        return NULL;
    if (wanted->kind != LSP_ORDER_INITIATE)
        return "only an initiation names an SR policy";
    if (wanted->setup_type != PCEP_PST_SR && wanted->setup_type != PCEP_PST_SRV6)
        return "an SR policy needs a setup type of segment routing";
    if (ability->profile->color == LSP_COLOR_NONE)
        return "this kind of peer cannot be told a colour";
    if (ability->profile->color == LSP_COLOR_ASSOCIATION &&
        (ability->associations & LSP_SAID_SR_POLICY) == 0)
        return "the peer cannot be told a colour: its Open lists no SR policy association";
    if (wanted->policy->headend.family == IP_NONE || wanted->policy->endpoint.family == IP_NONE)
        return "an SR policy needs its headend and its endpoint";
    return NULL;
}

const char *lsp_compose_color_refusal(const struct lsp_ability *ability,
                                      const struct lsp_wanted *wanted)
{
    bool is_sr = wanted->setup_type == PCEP_PST_SR || wanted->setup_type == PCEP_PST_SRV6;
    if (!wanted->has_color)
        return NULL;
    if (wanted->kind != LSP_ORDER_INITIATE)
        return "only an initiation gives a colour";
    if (wanted->policy != NULL)
        return "an SR policy has its colour already";
    /* RFC 9863 2: a colour of SR paths goes by the policy where that is known. */
    if (is_sr && (ability->associations & LSP_SAID_SR_POLICY) != 0)
        return "the peer is told the colour of SR paths by their SR policy";
    if (!ability->may_color)
        return "the peer cannot be told a colour: none was agreed (C flag of RFC 9863)";
    return NULL;
}

static void put_extended_id(const struct policy_form *form, const struct lsp_policy *policy,
                            struct wire_writer *writer)
{
    const struct pcep_extended_association_id id = {
        .color = policy->color,
        .endpoint = {policy->endpoint.octets, ip_size(&policy->endpoint)},
    };
    pcep_tlv_put(writer, form->extended_id, &id);
}

static void put_path_id(const struct policy_form *form, const struct lsp_policy *policy,
                        struct wire_writer *writer)
{
    struct pcep_srpolicy_cpath_id id = {
        .origin = ORIGIN_PCEP,
        .originator_as = policy->originator_as,
        .originator = {.family = IP_V6},
        .discriminator = policy->discriminator,
    };
    size_t at = policy->originator.family == IP_V4 ? IPV4_IN_IPV6_INDEX : 0;
    memcpy(id.originator.octets + at, policy->originator.octets, ip_size(&policy->originator));
    pcep_tlv_put(writer, form->path_id, &id);
}

void lsp_compose_policy_association(const struct lsp_profile *profile,
                                    const struct lsp_policy *policy, struct wire_writer *writer)
{
    if (profile->color == LSP_COLOR_NONE || profile->color == LSP_COLOR_VENDOR)
        return;
    const struct policy_form *form = &policy_forms[profile->color];
    const struct pcep_association association = {
        .type = form->type, .id = POLICY_ID, .source = policy->headend};
    bool is_v6 = policy->headend.family == IP_V6;
    size_t object = pcep_object_open(
        writer, is_v6 ? PCEP_OBJECT_ASSOCIATION_V6 : PCEP_OBJECT_ASSOCIATION_V4, 0, &association);
    const struct pcep_preference preference = {.preference = policy->preference};
    put_extended_id(form, policy, writer);
    put_path_id(form, policy, writer);
    pcep_tlv_put(writer, form->preference, &preference);
    pcep_object_close(writer, object);
}

void lsp_compose_policy_vendor(const struct lsp_profile *profile, const struct lsp_policy *policy,
                               struct wire_writer *writer)
{
    if (profile->color != LSP_COLOR_VENDOR)
        return;
    uint8_t octets[VENDOR_COLOR_SIZE];
    struct wire_writer color = wire_writer_init(octets, sizeof octets);
    wire_put_u32(&color, VENDOR_COLOR_HEAD);
    wire_put_u32(&color, policy->color);
    const struct pcep_vendor vendor = {.enterprise = VENDOR_CISCO,
                                       .octets = {octets, sizeof octets}};
    pcep_object_put(writer, PCEP_OBJECT_VENDOR_INFORMATION, 0, &vendor);
}
