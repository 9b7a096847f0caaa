/* What the LSP holds that a request names is free to that request. */
#include "core/reopt/own_route.h"

#include "core/pcep/model.h"
#include "tests/unit/reopt/rig.h"

#include <criterion/criterion.h>
#include <string.h>

#define LINK_ADDRESSES 0x0b000000U /* of tests/unit/path/net.c: two a link */

static uint32_t links[REQUEST_OWN_LINKS_MAX];
static struct request_own own;

/* 0 – 1 – 3 costs 20, 0 – 2 – 3 costs 40; 1,000 octets/s a link. */
static void two_ways(void)
{
    rig_init();
    net_init(&net, 4);
    (void)net_join(&net, 0, 1, 10); /* 0, 1 */
    (void)net_join(&net, 1, 3, 10); /* 2, 3 */
    (void)net_join(&net, 0, 2, 20); /* 4, 5 */
    (void)net_join(&net, 2, 3, 20); /* 6, 7 */
    rig_publish();
}

TestSuite(own_route, .init = two_ways, .fini = rig_fini, .timeout = 20);

static void add_lsp(bool is_rsvp)
{
    lsps[0] = (struct rig_lsp){
        .is_delegated = true,
        .is_rsvp = is_rsvp,
        .destination = 3,
        .bandwidth = 100,
        .setup = 5,
        .holding = 4,
        .labels = {is_rsvp ? 4 : net.links[4].adj_label, is_rsvp ? 6 : net.links[6].adj_label},
        .label_count = 2};
    rig_report(0);
    rig_settle(false);
}

static bool ask(struct request_lsp named)
{
    own = (struct request_own){.links = links};
    return reopt_own_route(&reopt, rig_find(0) == NULL ? NULL : rig_find(0)->pcc, snapshot, &named,
                           &own);
}

static void expect_lower_way(uint64_t octets)
{
    cr_expect_eq(own.claim.octets_per_s, octets);
    cr_assert_eq(own.count, 2);
    cr_expect_eq(links[0], 4);
    cr_expect_eq(links[1], 6);
}

static struct wire_span name_of(const char *text)
{
    return (struct wire_span){(const uint8_t *)text, strlen(text)};
}

Test(own_route, an_lsp_is_found_by_its_plsp_id)
{
    add_lsp(false);
    cr_assert(ask((struct request_lsp){.plsp_id = 1, .setup = PATH_SETUP_SR_MPLS}));
    expect_lower_way(100);
    cr_expect_eq(own.claim.holding, 4);
    cr_expect_not(ask((struct request_lsp){.plsp_id = 2, .setup = PATH_SETUP_SR_MPLS}));
}

Test(own_route, an_lsp_is_found_by_its_name)
{
    add_lsp(false);
    cr_assert(ask((struct request_lsp){.name = name_of("lsp 1")}));
    expect_lower_way(100);
    cr_expect_not(ask((struct request_lsp){.name = name_of("lsp 2")}));
    cr_expect_not(ask((struct request_lsp){.plsp_id = 2, .name = name_of("lsp 1")}),
                  "the PLSP-ID says another one");
}

Test(own_route, while_an_lsp_is_moved_the_links_of_both_paths_are_its_own)
{
    add_lsp(false);
    reopt_ask(&reopt, rig_find(0));
    rig_settle(false);
    cr_assert_eq(moves, 1);
    cr_assert(ask((struct request_lsp){.plsp_id = 1}));
    cr_expect_eq(own.count, 4);
}

/* RFC 5440 7.4.1 */
static struct pcep_subobjects recorded(uint32_t first, uint32_t second)
{
    static struct pcep_sub_prefix bodies[2];
    static struct pcep_subobject hops[2];
    const uint32_t numbers[2] = {first, second};
    for (uint32_t i = 0; i < 2; i++) {
        bodies[i] = (struct pcep_sub_prefix){
            .prefix = ip_from_u32(LINK_ADDRESSES + 2 * numbers[i] + 1), .bits = 32};
        hops[i] = (struct pcep_subobject){.row = pcep_subobject_get(PCEP_SUBOBJECT_IPV4_PREFIX),
                                          .body = &bodies[i]};
    }
    return (struct pcep_subobjects){hops, 2, true};
}

Test(own_route, what_rsvp_te_has_recorded_counts_where_the_lsp_is_not_known)
{
    const struct request_lsp named = {
        .route = recorded(4, 6), .claim = {70, 3, 3}, .setup = PATH_SETUP_RSVP_TE};
    cr_assert(ask(named));
    expect_lower_way(70);
    cr_expect_gt(own.work, 0);
}

Test(own_route, an_lsp_that_is_known_counts_as_it_was_reported)
{
    struct request_lsp named = {
        .plsp_id = 1, .route = recorded(0, 2), .claim = {70, 3, 3}, .setup = PATH_SETUP_RSVP_TE};
    add_lsp(true);
    cr_assert(ask(named));
    expect_lower_way(100);
}

Test(own_route, what_segment_routing_has_recorded_is_counted_nowhere)
{
    cr_expect_not(ask((struct request_lsp){
        .route = recorded(4, 6), .claim = {70, 3, 3}, .setup = PATH_SETUP_SR_MPLS}));
}

Test(own_route, links_that_are_gone_are_nobodys)
{
    add_lsp(false);
    is_down[6] = is_down[7] = true;
    rig_publish();
    cr_assert(ask((struct request_lsp){.plsp_id = 1}));
    cr_assert_eq(own.count, 1);
    cr_expect_eq(links[0], 4);
}
