/* Profiles: by name, by the Open, by what reports carry. */
#include "core/lsp/profile.h"
#include "core/pcep/model.h"

#include <criterion/criterion.h>

TestSuite(profile, .timeout = 10);

#define PST(n)   (UINT64_C(1) << (n))
#define STATEFUL (PCEP_STATEFUL_U | PCEP_STATEFUL_I)

Test(profile, each_is_found_by_its_name)
{
    for (int i = 0; i < LSP_PROFILE_COUNT; i++) {
        const struct lsp_profile *profile = lsp_profile_get((enum lsp_profile_id)i);
        cr_assert_eq(profile->id, i);
        cr_assert_eq(lsp_profile_find(profile->name), profile);
    }
    cr_assert_null(lsp_profile_find("auto"));
    cr_assert_null(lsp_profile_find(""));
}

Test(profile, an_open_that_says_nothing_is_the_standard)
{
    const struct lsp_said said = {.psts = PST(0), .stateful_flags = STATEFUL};
    cr_assert_eq(lsp_profile_recognise(&said)->id, LSP_PROFILE_STANDARD);
}

Test(profile, segment_routing_alone_without_associations_is_frr)
{
    struct lsp_said said = {.psts = PST(1), .has_pst_list = true, .stateful_flags = STATEFUL};
    cr_assert_eq(lsp_profile_recognise(&said)->id, LSP_PROFILE_FRR);
    said.psts |= PST(0);
    cr_assert_eq(lsp_profile_recognise(&said)->id, LSP_PROFILE_STANDARD);
    said.psts = PST(1);
    said.stateful_flags |= PCEP_STATEFUL_T;
    cr_assert_eq(lsp_profile_recognise(&said)->id, LSP_PROFILE_STANDARD);
    said.stateful_flags = STATEFUL;
    said.associations = LSP_SAID_ASSOCIATIONS;
    cr_assert_eq(lsp_profile_recognise(&said)->id, LSP_PROFILE_STANDARD);
}

Test(profile, association_types_tell_the_vendor_and_the_rfc_wins)
{
    struct lsp_said said = {.psts = PST(0) | PST(1), .has_pst_list = true};
    said.associations = LSP_SAID_ASSOCIATIONS | LSP_SAID_POLICY_CISCO;
    cr_assert_eq(lsp_profile_recognise(&said)->id, LSP_PROFILE_CISCO_XR);
    said.associations = LSP_SAID_ASSOCIATIONS | LSP_SAID_POLICY_JUNIPER;
    cr_assert_eq(lsp_profile_recognise(&said)->id, LSP_PROFILE_JUNIPER);
    said.associations |= LSP_SAID_SR_POLICY;
    cr_assert_eq(lsp_profile_recognise(&said)->id, LSP_PROFILE_STANDARD);
}

Test(profile, a_version_without_the_s_flag_is_the_simulator)
{
    struct lsp_said said = {.psts = PST(0), .stateful_flags = STATEFUL, .has_db_version = true};
    cr_assert_eq(lsp_profile_recognise(&said)->id, LSP_PROFILE_ODL);
    said.stateful_flags |= PCEP_STATEFUL_S;
    cr_assert_eq(lsp_profile_recognise(&said)->id, LSP_PROFILE_STANDARD);
}

Test(profile, reports_change_a_standard_one_alone)
{
    const struct lsp_profile *standard = lsp_profile_get(LSP_PROFILE_STANDARD);
    const struct lsp_profile *frr = lsp_profile_get(LSP_PROFILE_FRR);
    cr_assert_eq(lsp_profile_learn(standard, 0x14)->id, LSP_PROFILE_CISCO_XR);
    cr_assert_eq(lsp_profile_learn(standard, 0xFFE1)->id, LSP_PROFILE_JUNIPER);
    cr_assert_eq(lsp_profile_learn(standard, 6), standard);
    cr_assert_eq(lsp_profile_learn(standard, 2), standard);
    cr_assert_eq(lsp_profile_learn(frr, 0x14), frr);
}
