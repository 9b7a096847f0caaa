/* EROs of intents that are set up by SRv6: SIDs that the operator names, and those of the network. */
#include "core/intent/intent_ero.h"

#include "core/intent/intent_json.h"
#include "core/pcep/frame.h"
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct net net;
static struct ted_snapshot *snapshot;
static struct arena arena;
static uint8_t octets[4096];
static struct pcep_subobjects hops;

/* 0 - 1 - 2, with IPv6 addresses; the End of node 2 is of a compressed kind. */
static void set_up(void)
{
    net_init(&net, 3);
    for (uint32_t i = 0; i < 2; i++)
        net_pair(&net, i, i + 1, 1);
    net_add_srv6(&net);
    for (uint32_t i = 0; i < 3; i++)
        net.nodes[i].has_v6 = true;
    for (uint32_t i = 0; i < net.link_count; i++)
        net.links[i].has_v6 = true;
    net.nodes[2].ends[0].behavior = 43;
    snapshot = net_snapshot(&net);
    arena_init(&arena, 1 << 16);
}

static void tear_down(void)
{
    ted_snapshot_destroy(snapshot);
    arena_fini(&arena);
}

TestSuite(srv6, .init = set_up, .fini = tear_down);

/* Writes the path with these segments, in single quotes; why not. */
static const char *write(const struct ted_snapshot *network, const char *segments)
{
    char text[512];
    struct intent_fault fault;
    struct intent *intent;
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    const struct intent_limits limits = {1, INTENT_HOPS_MAX};
    const struct intent_key key = {ip_from_u32(0x0a000001), "gold"};
    snprintf(text, sizeof text,
             "{'endpoint':'10.0.0.3','setup_type':'SRv6','paths':[{'segments':[%s]}]}", segments);
    for (char *at = strchr(text, '\''); at != NULL; at = strchr(at, '\''))
        *at = '"';
    json_t *json = json_loads(text, 0, NULL);
    cr_assert_eq(intent_read(json, &key, &limits, &intent, &fault), PCE_OK, "%s", fault.reason);
    const char *reason = intent_ero_write(network, intent, &intent->paths[0], &writer);
    cr_assert(reason != NULL ||
              intent_hops_of((struct wire_span){octets, wire_written(&writer)}, &arena, &hops));
    intent_destroy(intent);
    json_decref(json);
    return reason;
}

static const struct pcep_sub_srv6 *hop(uint32_t index)
{
    cr_assert_lt(index, hops.count);
    cr_assert_eq(hops.at[index].row->id, PCEP_SUBOBJECT_SRV6);
    return hops.at[index].body;
}

Test(srv6, a_node_and_an_adjacency_have_the_sids_of_the_network)
{
    cr_assert_null(write(snapshot, "{'node':'2001:db8:1::2'},{'local':'2001:db8:2::4','remote':"
                                   "'2001:db8:2::5'}"));
    struct ip end = net_end_sid(&net, 1, 0), end_x = net_end_x_sid(&net, 2, false);
    cr_expect(ip_is_equal(&hop(0)->sid, &end) && hop(0)->behavior == 1);
    cr_expect_eq(hop(0)->nt, PCEP_NAI_IPV6_NODE);
    cr_expect_eq(hop(0)->flags, PCEP_SRV6_T);
    cr_expect_eq(hop(0)->locator_block_bits, 32);
    cr_expect(ip_is_equal(&hop(1)->sid, &end_x) && hop(1)->behavior == 5);
    cr_expect_eq(hop(1)->nt, PCEP_NAI_IPV6_ADJACENCY);
}

Test(srv6, a_node_by_its_ipv4_address_is_no_nai)
{
    cr_assert_null(write(snapshot, "{'node':'10.0.0.2'}"));
    cr_expect_eq(hop(0)->nt, PCEP_NAI_NONE);
    cr_expect_eq(hop(0)->flags, PCEP_SRV6_F | PCEP_SRV6_T);
}

Test(srv6, a_sid_that_is_named_needs_no_network)
{
    cr_assert_null(write(NULL, "{'sid':'fc00:7::'},{'sid':'fc00:8::','node':'2001:db8::8'}"));
    cr_expect_eq(hop(0)->behavior, 0xffff);
    cr_expect_eq(hop(0)->flags, PCEP_SRV6_F);
    cr_expect_eq(hop(1)->nt, PCEP_NAI_IPV6_NODE);
    cr_expect_eq(hop(1)->behavior, 0xffff);
}

Test(srv6, what_the_network_knows_of_a_named_sid_is_said)
{
    cr_assert_null(write(snapshot, "{'sid':'fcbb:bb:3:1::','node':'10.0.0.3'}"));
    cr_expect_eq(hop(0)->behavior, 43);
    cr_expect_eq(hop(0)->flags, PCEP_SRV6_F | PCEP_SRV6_T);
}

Test(srv6, what_the_network_has_no_sid_for_is_told)
{
    cr_expect_not_null(strstr(write(snapshot, "{'node':'10.0.0.3'}"), "no SID that can be used"));
    cr_expect_not_null(strstr(write(snapshot, "{'node':'10.0.0.9'}"), "not in the network"));
    cr_expect_not_null(strstr(write(snapshot, "{'local':'2001:db8:2::4','remote':'2001:db8:2::9'}"),
                              "not in the network"));
    cr_expect_not_null(strstr(write(NULL, "{'node':'10.0.0.2'}"), "not in the network"));
}
