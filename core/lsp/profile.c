#include "core/lsp/profile.h"
#include "core/pcep/model.h"

#include <stddef.h>
#include <string.h>

#define ASSOCIATION_SR_POLICY         6 /* RFC 9862 4.1 */
#define ASSOCIATION_SR_POLICY_CISCO   0x14
#define ASSOCIATION_SR_POLICY_JUNIPER 0xFFE1

static const struct lsp_profile profiles[LSP_PROFILE_COUNT] = {
#define LSP_PROFILE(id, name, color, habits, message_size_max)                                     \
    [LSP_PROFILE_##id] = {name, LSP_PROFILE_##id, LSP_COLOR_##color, habits, message_size_max},
#include "core/lsp/profile.def"
#undef LSP_PROFILE
};

const struct lsp_profile *lsp_profile_get(enum lsp_profile_id id)
{
    return &profiles[id];
}

const struct lsp_profile *lsp_profile_find(const char *name)
{
    for (size_t i = 0; i < LSP_PROFILE_COUNT; i++) {
        if (strcmp(profiles[i].name, name) == 0)
            return &profiles[i];
    }
    return NULL;
}

uint8_t lsp_profile_association_bit(uint16_t association_type)
{
    switch (association_type) {
    case ASSOCIATION_SR_POLICY:
        return LSP_SAID_SR_POLICY;
    case ASSOCIATION_SR_POLICY_CISCO:
        return LSP_SAID_POLICY_CISCO;
    case ASSOCIATION_SR_POLICY_JUNIPER:
        return LSP_SAID_POLICY_JUNIPER;
    default:
        return 0;
    }
}

/* FRR's pathd lists SR-MPLS alone and knows neither associations nor versions of the LSP-DB. Any
 * router that says as little is taken for it: all that this costs is that less is asked of it. */
static bool looks_like_frr(const struct lsp_said *said)
{
    const uint32_t known = PCEP_STATEFUL_U | PCEP_STATEFUL_I;
    return said->has_pst_list && said->psts == UINT64_C(1) << PCEP_PST_SR &&
           said->associations == 0 && (said->stateful_flags & ~known) == 0;
}

const struct lsp_profile *lsp_profile_recognise(const struct lsp_said *said)
{
    /* RFC 8232 3.3.1 has the version only with the S flag; the simulator sends it without. */
    if (said->has_db_version && (said->stateful_flags & PCEP_STATEFUL_S) == 0)
        return lsp_profile_get(LSP_PROFILE_ODL);
    if ((said->associations & LSP_SAID_SR_POLICY) != 0)
        return lsp_profile_get(LSP_PROFILE_STANDARD);
    if ((said->associations & LSP_SAID_POLICY_CISCO) != 0)
        return lsp_profile_get(LSP_PROFILE_CISCO_XR);
    if ((said->associations & LSP_SAID_POLICY_JUNIPER) != 0)
        return lsp_profile_get(LSP_PROFILE_JUNIPER);
    return lsp_profile_get(looks_like_frr(said) ? LSP_PROFILE_FRR : LSP_PROFILE_STANDARD);
}

const struct lsp_profile *lsp_profile_learn(const struct lsp_profile *profile,
                                            uint16_t association_type)
{
    if (profile->id != LSP_PROFILE_STANDARD)
        return profile;
    uint8_t bit = lsp_profile_association_bit(association_type);
    if (bit == LSP_SAID_POLICY_CISCO)
        return lsp_profile_get(LSP_PROFILE_CISCO_XR);
    return bit == LSP_SAID_POLICY_JUNIPER ? lsp_profile_get(LSP_PROFILE_JUNIPER) : profile;
}
