/* Routes that have been with us before are ignored, and end no session. */
#include "core/bgp/feasible.h"

#include "tests/unit/bgp/peers.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* MP_REACH_NLRI with one node of AS 65001, and ORIGIN. */
#define REACH(next_hop)                                                                            \
    "800e2c 4004 47 04 " next_hop " 00 0001 001f 02 0000000000000000 0100 0012 "                   \
    "0200 0004 0000fde9 0203 0006 000000000001 40010100 "
#define PEER_HOP "0a000002"

/* UPDATE with these attributes behind those of REACH. */
static enum bgp_unfeasible why(const char *next_hop, const char *attributes, bool has_as4)
{
    static const struct bgp_open_config us = {.local_as = 65000,
                                              .peer_as = 65000,
                                              .identifier = {IP_V4, {192, 0, 2, 1}},
                                              .local = {IP_V4, {10, 0, 0, 1}}};
    char hex[600];
    (void)snprintf(hex, sizeof hex, MARKER "0000 02 0000 0000 " REACH("%s") "%s", next_hop,
                   attributes);
    struct octets octets = bgp_octets(hex);
    struct bgp_decoded decoded;
    octets.at[21] = (uint8_t)((octets.size - 23) >> 8);
    octets.at[22] = (uint8_t)(octets.size - 23);
    bgp_decoded_init_as(&decoded, &octets, (struct bgp_options){.has_as4 = has_as4});
    cr_assert(decoded.status == PCE_OK && !bgp_fault_is_set(&decoded.fault), "%s",
              decoded.fault.reason);
    enum bgp_unfeasible found = bgp_update_unfeasible(&decoded.message.update, &us);
    bgp_decoded_fini(&decoded);
    octets_free(&octets);
    return found;
}

Test(bgp_feasible, our_own_as_in_any_segment_is_a_loop)
{
    cr_expect_eq(why(PEER_HOP, "400200", true), BGP_FEASIBLE);
    cr_expect_eq(why(PEER_HOP, "400206 0201 0000fde9", true), BGP_FEASIBLE);
    cr_expect_eq(why(PEER_HOP, "400206 0201 0000fde8", true), BGP_OWN_AS);
    cr_expect_eq(why(PEER_HOP, "40020a 0202 0000fde9 0000fde8", true), BGP_OWN_AS);
    cr_expect_eq(why(PEER_HOP, "40020c 0201 0000fde9 0101 0000fde8", true), BGP_OWN_AS, "AS_SET");
    cr_expect_eq(why(PEER_HOP, "400206 0301 0000fde8", true), BGP_OWN_AS, "AS_CONFED_SEQUENCE");
    cr_expect_eq(why(PEER_HOP, "400206 0401 0000fde8", true), BGP_OWN_AS, "AS_CONFED_SET");
}

Test(bgp_feasible, the_long_path_counts_beside_one_of_two_octets_alone)
{
    cr_expect_eq(why(PEER_HOP, "400204 0201 5ba0 c01106 0201 0000fde8", false), BGP_OWN_AS);
    cr_expect_eq(why(PEER_HOP, "400204 0201 5ba0 c01106 0201 00010000", false), BGP_FEASIBLE);
    cr_expect_eq(why(PEER_HOP, "400206 0201 0000fde9 c01106 0201 0000fde8", true), BGP_FEASIBLE);
}

Test(bgp_feasible, our_own_identifier_among_reflectors_is_a_loop)
{
    cr_expect_eq(why(PEER_HOP, "400200 800904 c0000201", true), BGP_OWN_ORIGINATOR);
    cr_expect_eq(why(PEER_HOP, "400200 800904 c0000202", true), BGP_FEASIBLE);
    cr_expect_eq(why(PEER_HOP, "400200 800a08 c0000209 c0000201", true), BGP_OWN_CLUSTER);
    cr_expect_eq(why(PEER_HOP, "400200 800a04 c0000209", true), BGP_FEASIBLE);
}

Test(bgp_feasible, our_own_address_is_no_next_hop)
{
    cr_expect_eq(why("0a000001", "400200", true), BGP_OWN_NEXT_HOP);
}

Test(bgp_feasible, each_reason_has_a_word_and_a_text)
{
    for (unsigned i = BGP_FEASIBLE + 1; i < BGP_UNFEASIBLE_COUNT; i++) {
        cr_expect_str_not_empty(bgp_unfeasible_word((enum bgp_unfeasible)i));
        cr_expect_str_not_empty(bgp_unfeasible_text((enum bgp_unfeasible)i));
    }
}

Test(bgp_feasible, the_session_goes_on_and_it_is_counted)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_ESTABLISHED);
    cr_expect(peers_feed(&owner, BGP_OUTGOING,
                         MARKER "0000 02 0000 003c " REACH(PEER_HOP) "400206 0201 0000fde8"));
    cr_expect(owner.updates == 1 && owner.last_unfeasible == BGP_OWN_AS);
    cr_expect_eq(owner.peer.counters.unfeasible[BGP_OWN_AS], 1);
    cr_expect_eq(owner.peer.counters.faults[BGP_ACTION_WITHDRAW], 0);
    bgp_owner_fini(&owner);
}
