/* Protection: which adjacency SIDs a list has, and what is said of it (RFC 9488 5). */
#include "tests/unit/path/fixture.h"

#include <criterion/criterion.h>

#define PLAIN     24000
#define PROTECTED 24001

TestSuite(protection, .init = fixture_init, .fini = fixture_fini);

/* 0-1 by one link, with two adjacency SIDs; 0-2-1 costs less, so that the link has to be pinned. */
static struct path_request pinned(enum ted_protection protection)
{
    net_init(&net, 3);
    (void)net_join(&net, 0, 1, 10);
    (void)net_join(&net, 0, 2, 1);
    (void)net_join(&net, 2, 1, 1);
    net.links[0].adj_label = PLAIN;
    net.links[0].protected_label = PROTECTED;
    net.links[2].admin = net.links[4].admin = 1;
    struct path_request request = net_request(0, 1);
    request.exclude_any = 1;
    request.protection = (uint8_t)protection;
    return request;
}

Test(protection, both_sids_of_an_adjacency_are_there_to_be_chosen)
{
    for (unsigned p = 0; p < 4; p++) {
        struct path_request request = pinned((enum ted_protection)p);
        bool wants = p == TED_PROTECTED_PREFERRED || p == TED_PROTECTED_ONLY;
        expect_outcome(&request, PATH_FOUND);
        expect_labels((const uint32_t[]){wants ? PROTECTED : PLAIN}, 1);
        cr_expect_eq(result.is_protected, wants);
    }
}

Test(protection, what_is_preferred_only_may_be_missing)
{
    struct path_request request = pinned(TED_PROTECTED_PREFERRED);
    net.links[0].protected_label = 0;
    expect_outcome(&request, PATH_FOUND);
    expect_labels((const uint32_t[]){PLAIN}, 1);
    cr_expect_not(result.is_protected);
    request = pinned(TED_UNPROTECTED_PREFERRED);
    net.links[0].adj_label = 0;
    expect_outcome(&request, PATH_FOUND);
    expect_labels((const uint32_t[]){PROTECTED}, 1);
    cr_expect(result.is_protected);
}

Test(protection, what_is_mandatory_and_missing_is_named)
{
    struct path_request request = pinned(TED_PROTECTED_ONLY);
    net.links[0].protected_label = 0;
    expect_unsatisfied(&request, PATH_CONSTRAINT_PROTECTION | PATH_CONSTRAINT_AFFINITY);
    request = pinned(TED_UNPROTECTED_ONLY);
    net.links[0].adj_label = 0;
    request.sids_max = 1;
    expect_unsatisfied(&request, PATH_CONSTRAINT_PROTECTION);
}

Test(protection, node_sids_count_as_protected)
{
    struct path_request request = pinned(TED_PROTECTED_ONLY);
    request.exclude_any = 0;
    expect_outcome(&request, PATH_FOUND);
    cr_expect_eq(result.sids[0].kind, PATH_SID_NODE);
    cr_expect(result.is_protected);
    request.protection = TED_UNPROTECTED_ONLY;
    expect_outcome(&request, PATH_FOUND);
    expect_labels((const uint32_t[]){net.links[2].adj_label, net.links[4].adj_label}, 2);
    cr_expect_not(result.is_protected);
}

Test(protection, no_link_of_a_strict_path_is_known_to_have_it)
{
    struct path_request request = pinned(TED_PROTECTED_ONLY);
    request.setup = PATH_SETUP_RSVP_TE;
    expect_unsatisfied(&request, PATH_CONSTRAINT_PROTECTION);
    const enum ted_protection others[] = {TED_UNPROTECTED_PREFERRED, TED_PROTECTED_PREFERRED,
                                          TED_UNPROTECTED_ONLY};
    for (unsigned i = 0; i < 3; i++) {
        request.protection = (uint8_t)others[i];
        expect_outcome(&request, PATH_FOUND);
        cr_expect_not(result.is_protected);
    }
}
