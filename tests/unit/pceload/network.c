/* What a network is laid out as: the same answers as the general search gives, and each end once.
 */
#include "bench/pceload/load/network.h"
#include "bench/pceload/load/verify.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SMALL         PCED_SOURCE_DIR "/deploy/topologies/small.yaml"
#define NATIONAL      PCED_SOURCE_DIR "/deploy/topologies/national.yaml"
#define PATH_MAX_SIZE 64

/* B is known by its router id alone, as the link has no address; C has no IPv4 address at all. */
static const char bare_topology[] = "nodes:\n"
                                    "  - {name: A, router-id: 192.0.2.1}\n"
                                    "  - {name: B, router-id: 192.0.2.2}\n"
                                    "  - {name: C, router-id-v6: \"2001:db8::3\"}\n"
                                    "links:\n"
                                    "  - {from: A, to: B}\n"
                                    "  - {from: A, to: C}\n";

static struct network network;

static void end(void)
{
    network_fini(&network);
}

TestSuite(network, .fini = end);

/* A file in memory; its path. */
static const char *put_file(const char *text, char path[PATH_MAX_SIZE])
{
    int descriptor = memfd_create("network", 0);
    cr_assert_geq(descriptor, 0);
    cr_assert_eq(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
    (void)snprintf(path, PATH_MAX_SIZE, "/proc/self/fd/%d", descriptor);
    return path;
}

static void begin(const char *topology, const char *pairs)
{
    const struct options options = {.topology = topology, .pairs = pairs};
    struct failure failure = {0};
    cr_assert_eq(network_init(&network, &options, &failure), PCE_OK, "%s", failure.text);
}

static uint32_t word_of(const struct ip *address)
{
    uint32_t word;
    memcpy(&word, address->octets, sizeof word);
    return word;
}

static struct ip address_of(const char *text)
{
    struct ip address;
    cr_assert(ip_parse(text, &address));
    return address;
}

static uint32_t far_node(const char *at, const char *address)
{
    struct ip from = address_of(at), to = address_of(address);
    return network_far_node(&network, ted_find_node_by_address(network.topology, &from),
                            word_of(&to));
}

/* The node is the address's own, and a neighbour. */
static void expect_as_searched(uint32_t at, const struct ip *address)
{
    uint32_t node = network_far_node(&network, at, word_of(address));
    if (node == TED_NONE)
        return;
    cr_assert_eq(node, ted_find_node_by_address(network.topology, address));
    cr_assert(network_is_adjacent(&network, at, node));
}

static void compare_with_search(void)
{
    const struct ted_snapshot *topology = network.topology;
    const struct ip zero = {.family = IP_V4};
    for (uint32_t at = 0; at < topology->node_count; at++) {
        expect_as_searched(at, &zero);
        for (uint32_t i = 0; i < topology->address_node_count; i++) {
            if (topology->address_nodes[i].address.family == IP_V4)
                expect_as_searched(at, &topology->address_nodes[i].address);
        }
    }
    for (uint32_t l = 0; l < topology->link_count; l++) {
        const struct ted_link *link = &topology->links[l];
        cr_assert_eq(network_far_node(&network, link->from, word_of(&link->remote_v4)), link->to);
    }
}

Test(network, address_of_a_link_leads_where_the_search_says)
{
    begin(SMALL, NULL);
    compare_with_search();
    network_fini(&network);
    begin(NATIONAL, NULL);
    compare_with_search();
}

Test(network, address_of_another_nodes_link_leads_nowhere)
{
    begin(SMALL, NULL);
    cr_assert_neq(far_node("192.0.2.1", "198.51.100.1"), TED_NONE, "A to B");
    cr_assert_eq(far_node("192.0.2.1", "198.51.100.0"), TED_NONE, "A's own end");
    cr_assert_eq(far_node("192.0.2.1", "198.51.100.3"), TED_NONE, "B to C");
    cr_assert_eq(far_node("192.0.2.1", "198.51.100.2"), TED_NONE, "B's end of another link");
}

Test(network, link_without_address_is_known_by_the_far_router_or_not_at_all)
{
    char path[PATH_MAX_SIZE];
    begin(put_file(bare_topology, path), NULL);
    struct ip b = address_of("192.0.2.2");
    cr_assert_eq(far_node("192.0.2.1", "192.0.2.2"),
                 ted_find_node_by_address(network.topology, &b));
    cr_assert_eq(far_node("192.0.2.1", "0.0.0.0"), TED_NONE, "C has no such address");
}

Test(network, end_that_is_named_again_is_the_same_one)
{
    char path[PATH_MAX_SIZE];
    begin(SMALL, put_file("192.0.2.1 192.0.2.2\n# and back\n192.0.2.2 192.0.2.1\n"
                          "192.0.2.1 203.0.113.1\n",
                          path));
    const struct pair *pairs = network.pairs;
    cr_assert_eq(network.listed, 3u);
    cr_assert_eq(pairs[0].source, pairs[1].destination);
    cr_assert_eq(pairs[0].destination, pairs[1].source);
    cr_assert_eq(pairs[0].source, pairs[2].source);
    cr_assert_eq(network.end_count, 3u);
    cr_assert_eq(network.ends[pairs[2].destination].node, TED_NONE);
}

Test(network, other_address_of_a_node_is_another_end)
{
    char path[PATH_MAX_SIZE];
    begin(SMALL,
          put_file("192.0.2.1 192.0.2.3\n198.51.100.0 192.0.2.3\n192.0.2.1 192.0.2.3\n", path));
    for (uint32_t i = 0; i < 3; i++) {
        struct ip wanted = address_of(i == 1 ? "198.51.100.0" : "192.0.2.1");
        const struct end *source = &network.ends[network.pairs[i].source];
        cr_assert_arr_eq(source->octets, wanted.octets, 4);
        cr_assert_eq(source->node, ted_find_node_by_address(network.topology, &wanted));
    }
}

Test(network, ends_are_read_without_a_topology)
{
    char path[PATH_MAX_SIZE];
    begin(NULL, put_file("192.0.2.1 192.0.2.2\n192.0.2.3 192.0.2.1\n", path));
    struct ip wanted = address_of("192.0.2.3");
    cr_assert_eq(network.listed, 2u);
    cr_assert_arr_eq(network.ends[network.pairs[1].source].octets, wanted.octets, 4);
    cr_assert_eq(network.ends[network.pairs[1].source].node, TED_NONE);
}

/* ---- paths of one-way links, and of links without addresses ---- */

/* A node SID leads to B only over C: nothing leads back from A-B. Nothing leads back from D. */
static const char odd_topology[] = "defaults: {srgb: {base: 16000, size: 8000}}\n"
                                   "nodes:\n"
                                   "  - {name: A, router-id: 192.0.2.1, prefix-sid: 1}\n"
                                   "  - {name: B, router-id: 192.0.2.2, prefix-sid: 2}\n"
                                   "  - {name: C, router-id: 192.0.2.3, prefix-sid: 3}\n"
                                   "  - {name: D, router-id: 192.0.2.4, prefix-sid: 4}\n"
                                   "links:\n"
                                   "  - {from: A, to: B, one-way: true, adj-sid: 24012}\n"
                                   "  - {from: A, to: C}\n"
                                   "  - {from: C, to: B, interface-ids: [11, 12]}\n"
                                   "  - {from: B, to: D, one-way: true, adj-sid: 24024}\n";

Test(network, a_node_segment_leads_only_where_the_igp_does)
{
    char path[PATH_MAX_SIZE];
    begin(put_file(odd_topology, path), NULL);
    cr_expect_eq(network_follow(&network, 0, 24012), 1);
    cr_expect_eq(network_follow(&network, 0, 16002), 1);
    cr_expect_eq(network_follow(&network, 0, 16004), TED_NONE);
    cr_expect_eq(network_follow(&network, 1, 24024), 3);
    cr_expect_eq(network_reach(&network, 1, 3), TED_NONE);
}

static enum tally_kind verify(const struct pair *pair, const uint8_t *ero, size_t size)
{
    const struct verify verify = {&network, SETUP_RSVP, 0};
    return verify_ero(&verify, *pair, ero, size);
}

Test(network, links_are_followed_by_interface_ids)
{
    char path[PATH_MAX_SIZE];
    begin(put_file(odd_topology, path), NULL);
    const struct pair pair = {0, 1};
    uint8_t ero[] = {1, 8, 192, 0, 2, 3, 32, 0, 4, 12, 0, 0, 192, 0, 2, 2, 0, 0, 0, 12};
    cr_expect_eq(verify(&pair, ero, sizeof ero), TALLY_OK);
    ero[sizeof ero - 1] = 11; /* C's own end */
    cr_expect_eq(verify(&pair, ero, sizeof ero), TALLY_ERO_BROKEN);
    cr_expect_eq(verify(&pair, ero + 8, 12), TALLY_ERO_FIRST);
    cr_expect_eq(verify(&pair, ero + 8, 11), TALLY_ERO_MALFORMED);
}

Test(network, hops_of_the_other_family_are_of_another_kind)
{
    char path[PATH_MAX_SIZE];
    begin(put_file(odd_topology, path), NULL);
    const struct pair pair = {0, 1};
    const uint8_t ero[] = {2, 20, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 128, 0};
    cr_expect_eq(verify(&pair, ero, sizeof ero), TALLY_ERO_KIND);
}
