/* What link state means for a RIB: identities, keys, and each attribute in its member. */
#include "core/bgp/ls.h"

#include "tests/unit/bgp/support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The object of one NLRI of a message. */
struct read_ls {
    struct octets octets;
    struct bgp_decoded decoded;
    struct bgp_ls_object object;
    enum pce_status status;
};

static void read_decoded(struct read_ls *read, uint32_t index)
{
    bgp_decoded_init(&read->decoded, &read->octets);
    cr_assert(read->decoded.status == PCE_OK, "%s", read->decoded.fault.reason);
    const struct bgp_update *update = &read->decoded.message.update;
    const struct bgp_attribute *reach = bgp_find_attribute(update, BGP_ATTRIBUTE_MP_REACH_NLRI);
    cr_assert(reach != NULL && index < reach->nlri_count);
    read->status =
        bgp_ls_read(&reach->nlris[index], bgp_find_attribute(update, BGP_ATTRIBUTE_BGP_LS),
                    &read->decoded.arena, &read->object);
}

static void read_golden(struct read_ls *read, const char *name, uint32_t index)
{
    char path[256];
    (void)snprintf(path, sizeof path, "tests/golden/bgp/%s.hex", name);
    read->octets = read_hex_file(source_path(path));
    read_decoded(read, index);
}

/* One NLRI and the TLVs of its attribute, in hex. */
static void read_hex(struct read_ls *read, const char *nlri, const char *tlvs)
{
    char hex[4096];
    size_t nlri_size = 0;
    size_t tlvs_size = 0;
    for (const char *at = nlri; *at != '\0'; at++)
        nlri_size += *at != ' ';
    for (const char *at = tlvs; *at != '\0'; at++)
        tlvs_size += *at != ' ';
    nlri_size /= 2;
    tlvs_size /= 2;
    (void)snprintf(hex, sizeof hex,
                   MARKER "0000 02 0000 %04zx 900e %04zx 4004 47 04 c0000201 00 %s 40010100 400200 "
                          "901d %04zx %s",
                   nlri_size + tlvs_size + 24, nlri_size + 9, nlri, tlvs_size, tlvs);
    read->octets = bgp_octets(hex);
    read_decoded(read, 0);
}

static void read_fini(struct read_ls *read)
{
    bgp_decoded_fini(&read->decoded);
    octets_free(&read->octets);
}

static struct ip address_of(const char *text)
{
    struct ip ip;
    cr_assert(ip_parse(text, &ip));
    return ip;
}

static void expect_address(const struct ip *ip, const char *text)
{
    struct ip expected = address_of(text);
    char found[IP_TEXT_SIZE];
    cr_expect(ip_is_equal(ip, &expected), "%s, not %s", ip_format(ip, found), text);
}

static void expect_name(const struct rib_name *name, const char *text)
{
    char found[RIB_NAME_TEXT_SIZE];
    cr_expect_str_eq(rib_name_format(name, found), text);
}

Test(ls, a_node_has_all_that_its_attribute_says)
{
    struct read_ls read;
    read_golden(&read, "update-node", 0);
    const struct rib_node *node = &read.object.as_node;
    cr_assert(read.status == PCE_OK && read.object.kind == RIB_KIND_NODE);
    expect_name(&read.object.node, "1921.6800.1001");
    cr_expect_eq(read.object.part, 2, "the level");
    cr_expect(read.object.has_attribute);
    expect_address(&node->router_id_v4, "192.0.2.1");
    expect_address(&node->router_id_v6, "2001:db8::1");
    cr_expect_eq(node->flags, RIB_NODE_OVERLOADED | RIB_NODE_ATTACHED);
    cr_expect_eq(node->msd, 10);
    cr_expect(node->text_count == 6 && memcmp(node->text, "core-1", 6) == 0);
    cr_assert_eq(node->srgb_count, 2);
    cr_expect(node->srgbs[0].base == 16000 && node->srgbs[0].size == 8000);
    cr_expect(node->srgbs[1].base == 100000 && node->srgbs[1].size == 1000);
    cr_assert_eq(node->srlb_count, 1);
    cr_expect(node->srlbs[0].base == 15000 && node->srlbs[0].size == 1000);
    cr_expect(node->algorithm_count == 3 && node->algorithms[2] == 128);
    cr_assert_eq(node->flex_count, 1);
    const struct ted_flex_definition *flex = &node->flexes[0];
    cr_expect(flex->algorithm == 128 && flex->metric_type == TED_FLEX_MIN_DELAY);
    cr_expect(flex->calculation_type == 0 && flex->priority == 100 && flex->has_prefix_metric == 1);
    cr_expect(flex->exclude_any[0] == 1 && flex->exclude_any[1] == 0x80000000);
    cr_expect(flex->include_any[1] == 0x80000000 && flex->include_all[0] == 1);
    cr_expect(flex->srlg_count == 2 && flex->exclude_srlgs[1] == 8);
    cr_expect_eq(flex->is_partial, 1, "what the peer did not support is not known");
    /* MT, MSDs, opaque, area, SRMS and SRv6 are kept as they came. */
    cr_expect_eq(node->rest_count, 8 + 8 + 7 + 7 + 5 + 8);
    read_fini(&read);
}

Test(ls, a_pseudonode_and_a_router_of_bgp_have_names_of_their_own)
{
    struct read_ls read;
    read_golden(&read, "update-node", 1);
    cr_expect(read.status == PCE_OK && rib_name_is_lan(&read.object.node));
    expect_name(&read.object.node, "192.0.2.1/198.51.100.1");
    cr_expect_eq(read.object.part, 1, "the area");
    read_fini(&read);
    read_golden(&read, "update-node", 2);
    cr_expect(read.status == PCE_OK && !rib_name_is_lan(&read.object.node));
    expect_name(&read.object.node, "192.0.2.1");
    read_fini(&read);
}

Test(ls, a_link_has_its_descriptors_and_measures)
{
    struct read_ls read;
    read_golden(&read, "update-link", 0);
    const struct rib_link *link = &read.object.as_link.link;
    cr_assert(read.status == PCE_OK && read.object.kind == RIB_KIND_LINK);
    expect_name(&read.object.node, "1921.6800.1001");
    expect_name(&read.object.as_link.remote, "1921.6800.1002");
    cr_expect(link->local_id == 3 && link->remote_id == 4);
    expect_address(&link->local_v4, "198.51.100.1");
    expect_address(&link->remote_v4, "198.51.100.2");
    expect_address(&link->local_v6, "2001:db8:1::1");
    expect_address(&link->remote_v6, "2001:db8:1::2");
    cr_expect_eq(link->igp_metric_mt2, 70000);
    cr_expect_not(link->present & RIB_LINK_IGP_METRIC, "the metric is that of MT 2 alone");
    cr_expect_eq(link->admin_group, 0x12);
    cr_expect_float_eq(link->capacity, 1.25e9F, 1);
    cr_expect_float_eq(link->max_reservable, 6.25e8F, 1);
    cr_expect_float_eq(link->unreserved[7], 1.5625e8F, 1);
    cr_expect(link->srlg_count == 2 && link->srlgs[1] == 200);
    cr_expect(link->extended_group_count == 2 && link->extended_groups[1] == 0x80000000);
    cr_expect(link->delay_us == 1500 && link->delay_variation_us == 17 && link->loss == 3333);
    cr_expect_float_eq(link->residual, 1e9F, 1);
    cr_expect_float_eq(link->available, 9e8F, 1);
    cr_expect_float_eq(link->utilized, 3.5e8F, 1);
    cr_expect_eq(link->msd, 6);
    cr_assert_eq(link->flex_link_count, 1);
    cr_expect(link->flex_links[0].te_metric == 30 && link->flex_links[0].delay_min_us == 900);
    cr_expect(link->flex_links[0].group_count == 0 && link->flex_links[0].srlg_count == 0);
    cr_expect(link->text_count == 5 && memcmp(link->text, "r1-r2", 5) == 0);
    read_fini(&read);
}

Test(ls, a_link_has_all_its_sids)
{
    struct read_ls read;
    read_golden(&read, "update-link", 0);
    const struct rib_link *link = &read.object.as_link.link;
    cr_assert_eq(link->adj_sid_count, 5, "the PeerAdj SID counts, the PeerNode SID does not");
    cr_expect(link->adj_sids[0].value == 24001 && !link->adj_sids[0].is_index);
    cr_expect(link->adj_sids[0].family == IP_V4 && !link->adj_sids[0].is_protected);
    cr_expect(link->adj_sids[1].value == 17 && link->adj_sids[1].is_index);
    cr_expect(link->adj_sids[1].is_protected && link->adj_sids[1].weight == 5);
    cr_expect_eq(link->adj_sids[0].neighbor.size, 0);
    expect_name(&link->adj_sids[2].neighbor, "1921.6800.1003");
    cr_expect_eq(link->adj_sids[4].value, 24101);
    cr_assert_eq(link->end_x_count, 3);
    expect_address(&link->end_xs[0].sid.sid, "2001:db8:f1:2::");
    cr_expect(link->end_xs[0].sid.behavior == 52 && link->end_xs[0].sid.block_bits == 32);
    cr_expect_eq(link->end_xs[0].neighbor.size, 0);
    expect_name(&link->end_xs[1].neighbor, "1921.6800.1003");
    read_fini(&read);
}

#define LINK(protocol)                                                                             \
    "0002 0025 " protocol " 0000000000000000 0100 000a 0203 0006 192168001001 "                    \
    "0101 000a 0203 0006 192168001002"

Test(ls, attributes_of_sr_policies_go_before_those_for_all)
{
    static const struct {
        const char *tlvs;
        uint32_t te_metric;
    } cases[] = {
        {"0444 0004 00000014", 20},
        /* SR policy, before and after it */
        {"0462 0010 04000000 40000000 0444 0004 0000001e 0444 0004 00000014", 30},
        {"0444 0004 00000014 0462 0010 04000000 40000000 0444 0004 0000001e", 30},
        /* another application; every one */
        {"0444 0004 00000014 0462 0010 04000000 80000000 0444 0004 0000001e", 20},
        {"0444 0004 00000014 0462 000c 00000000 0444 0004 0000001e", 30},
        /* a user's own */
        {"0444 0004 00000014 0462 0010 00040000 40000000 0444 0004 0000001e", 20},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct read_ls read;
        read_hex(&read, LINK("02"), cases[i].tlvs);
        cr_expect_eq(read.object.as_link.link.te_metric, cases[i].te_metric, "case %u", i);
        read_fini(&read);
    }
}

Test(ls, a_list_of_an_application_stands_in_place_of_the_one_for_all)
{
    struct read_ls read;
    read_hex(&read, LINK("02"),
             "0448 0004 00000001 0448 0004 00000002 "
             "0462 0018 04000000 40000000 0448 0004 00000007 0448 0004 00000008");
    const struct rib_link *link = &read.object.as_link.link;
    cr_assert_eq(link->srlg_count, 2);
    cr_expect(link->srlgs[0] == 7 && link->srlgs[1] == 8);
    read_fini(&read);
}

Test(ls, metrics_have_one_to_three_octets_and_no_mask)
{
    static const struct {
        const char *tlv;
        uint32_t metric;
        bool is_there;
    } cases[] = {{"0447 0001 ff", 255, true},
                 {"0447 0002 0100", 256, true},
                 {"0447 0003 011170", 70000, true},
                 {"0447 0004 00011170", 0, false},
                 {"0447 0000", 0, false}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct read_ls read;
        read_hex(&read, LINK("02"), cases[i].tlv);
        const struct rib_link *link = &read.object.as_link.link;
        cr_expect_eq((link->present & RIB_LINK_IGP_METRIC) != 0, cases[i].is_there, "case %u", i);
        cr_expect_eq(link->igp_metric, cases[i].metric, "case %u", i);
        read_fini(&read);
    }
}

Test(ls, flags_of_sids_are_those_of_the_protocol)
{
    struct read_ls read;
    read_hex(&read, LINK("02"), "044b 0007 f0000000 005dc1"); /* IS-IS: F, B, V, L */
    const struct rib_adj_sid *sid = read.object.as_link.link.adj_sids;
    cr_assert_not_null(sid);
    cr_expect(sid->family == IP_V6 && sid->is_protected && !sid->is_index && sid->value == 24001);
    read_fini(&read);
    read_hex(&read, LINK("03"), "044b 0008 20000000 00000011"); /* OSPF: L alone */
    sid = read.object.as_link.link.adj_sids;
    cr_assert_not_null(sid);
    cr_expect(sid->family == IP_V4 && !sid->is_protected && sid->is_index && sid->value == 17);
    read_fini(&read);
}

Test(ls, a_peer_node_sid_counts_where_there_is_no_peer_adjacency_sid)
{
    struct read_ls read;
    read_hex(&read,
             "0002 0031 07 0000000000000000 0100 0010 0200 0004 0000fde8 0204 0004 c0000201 "
             "0101 0010 0200 0004 0000fde9 0204 0004 c0000209 ",
             "044d 0007 c0000000 005dc1");
    cr_assert(read.status == PCE_OK);
    expect_name(&read.object.as_link.remote, "192.0.2.9");
    cr_expect_not(rib_name_is_same_domain(&read.object.node, &read.object.as_link.remote),
                  "the other AS is another domain");
    cr_assert_eq(read.object.as_link.link.adj_sid_count, 1);
    cr_expect_eq(read.object.as_link.link.adj_sids[0].value, 24001);
    read_fini(&read);
}

Test(ls, a_prefix_has_its_address_and_sids)
{
    struct read_ls read;
    read_golden(&read, "update-prefix", 0);
    const struct rib_prefix *prefix = &read.object.as_prefix.prefix;
    cr_assert(read.status == PCE_OK && read.object.kind == RIB_KIND_PREFIX);
    expect_address(&read.object.as_prefix.address, "198.51.100.4");
    cr_expect_eq(read.object.as_prefix.bits, 30);
    cr_expect(prefix->metric == 10 && prefix->flags == RIB_PREFIX_NODE);
    cr_assert_eq(prefix->sid_count, 1);
    cr_expect(prefix->sids[0].value == 11 && prefix->sids[0].is_node && !prefix->sids[0].is_label);
    read_fini(&read);
    read_golden(&read, "update-prefix", 1);
    cr_expect(read.status == PCE_OK && read.object.as_prefix.bits == 0);
    expect_address(&read.object.as_prefix.address, "0.0.0.0");
    cr_expect_eq(read.object.as_prefix.prefix.flags, 0, "0x20 is N of IS-IS, not of OSPF");
    read_fini(&read);
    read_golden(&read, "update-prefix", 2);
    expect_address(&read.object.as_prefix.address, "2001:db8:f1::");
    read_fini(&read);
}

Test(ls, bits_behind_a_prefix_are_no_part_of_it)
{
    struct read_ls read;
    read_hex(&read,
             "0003 0020 02 0000000000000000 0100 000a 0203 0006 192168001001 0109 0005 1d c63364ff",
             "");
    cr_assert(read.status == PCE_OK);
    expect_address(&read.object.as_prefix.address, "198.51.100.248");
    read_fini(&read);
}

Test(ls, an_anycast_prefix_names_no_node)
{
    struct read_ls read;
    read_hex(&read,
             "0003 0020 02 0000000000000000 0100 000a 0203 0006 192168001001 0109 0005 20 c6336401",
             "0492 0001 28");
    cr_expect_eq(read.object.as_prefix.prefix.flags, RIB_PREFIX_ANYCAST);
    read_fini(&read);
}

Test(ls, an_srv6_sid_has_behaviour_and_structure)
{
    struct read_ls read;
    read_golden(&read, "update-srv6-sid", 0);
    const struct ted_srv6_sid *sid = &read.object.as_srv6_sid;
    cr_assert(read.status == PCE_OK && read.object.kind == RIB_KIND_SRV6_SID);
    expect_address(&sid->sid, "2001:db8:f1:1::");
    cr_expect(sid->behavior == 48 && sid->block_bits == 32 && sid->node_bits == 16 &&
              sid->function_bits == 16 && sid->argument_bits == 0);
    read_fini(&read);
}

Test(ls, srv6_limits_of_a_node_and_flags_of_an_end_x_are_taken)
{
    struct read_ls read;
    read_hex(&read, "0001 0017 02 0000000000000000 0100 000a 0203 0006 192168001001",
             "010a 0006 010a 2908 2c05");
    cr_expect_eq(read.object.as_node.srv6_msd, 5, "H.Encaps");
    cr_expect_eq(read.object.as_node.present & RIB_NODE_SRV6_MSD, RIB_NODE_SRV6_MSD);
    read_fini(&read);
    read_hex(&read, "0001 0017 02 0000000000000000 0100 000a 0203 0006 192168001001",
             "010a 0002 2c00");
    cr_expect_eq(read.object.as_node.srv6_msd, 1, "no routing header: one SID");
    read_fini(&read);
    read_hex(&read,
             "0002 0025 02 0000000000000000 0100 000a 0203 0006 192168001001 "
             "0101 000a 0203 0006 192168001002",
             "0452 0016 0005 80 00 00 00 fcbb00bb000100010000000000000000 "
             "0452 0016 0005 40 00 00 00 fcbb00bb000100020000000000000000");
    const struct rib_link *link = &read.object.as_link.link;
    cr_assert_eq(link->end_x_count, 2);
    cr_expect(link->end_xs[0].sid.is_protected && !link->end_xs[0].sid.is_shared);
    cr_expect(!link->end_xs[1].sid.is_protected && link->end_xs[1].sid.is_shared, "S: a set");
    read_fini(&read);
}

Test(ls, one_key_however_the_descriptors_are_ordered)
{
    static const char *const orders[] = {
        "0006 0039 02 0000000000000000 0100 0012 0200 0004 0000fde8 0203 0006 192168001001 "
        "0107 0002 0002 0206 0010 20010db800f100010000000000000000",
        "0006 0039 02 0000000000000000 0100 0012 0203 0006 192168001001 0200 0004 0000fde8 "
        "0206 0010 20010db800f100010000000000000000 0107 0002 0002",
        "0006 0039 02 0000000000000000 0107 0002 0002 0206 0010 20010db800f100010000000000000000 "
        "0100 0012 0200 0004 0000fde8 0203 0006 192168001001",
    };
    struct read_ls first;
    read_hex(&first, orders[0], "");
    cr_assert(first.status == PCE_OK && first.object.key.size == 61);
    for (unsigned i = 1; i < 3; i++) {
        struct read_ls other;
        read_hex(&other, orders[i], "");
        cr_expect(other.object.key.size == first.object.key.size &&
                      memcmp(other.object.key.octets, first.object.key.octets,
                             first.object.key.size) == 0,
                  "order %u", i);
        read_fini(&other);
    }
    read_fini(&first);
}

Test(ls, an_object_without_its_attribute_is_there_and_says_nothing)
{
    struct read_ls read;
    read_golden(&read, "update-node", 0);
    const struct bgp_attribute *reach =
        bgp_find_attribute(&read.decoded.message.update, BGP_ATTRIBUTE_MP_REACH_NLRI);
    struct bgp_ls_object object;
    cr_assert(bgp_ls_read(&reach->nlris[0], NULL, &read.decoded.arena, &object) == PCE_OK);
    cr_expect(!object.has_attribute && object.as_node.present == 0 && object.node.size > 0);
    cr_expect(object.key.size == read.object.key.size);
    read_fini(&read);
}

Test(ls, what_cannot_be_placed_is_refused_with_its_key)
{
    static const struct {
        const char *nlri;
        enum pce_status status;
    } cases[] = {
        {"0001 0009 02 0000000000000000", PCE_INVALID},           /* no node */
        {"0001 000d 02 0000000000000000 0100 0000", PCE_INVALID}, /* no router id */
        {"0001 0011 02 0000000000000000 0100 0004 0203 0000", PCE_INVALID},
        {"0001 001a 02 0000000000000000 0100 000d 0203 0009 010203040506070809", PCE_INVALID},
        {"0002 0017 02 0000000000000000 0100 000a 0203 0006 192168001001", PCE_INVALID},
        {"0003 0017 02 0000000000000000 0100 000a 0203 0006 192168001001", PCE_INVALID},
        {"0006 0017 02 0000000000000000 0100 000a 0203 0006 192168001001", PCE_INVALID},
        {"0005 0017 02 0000000000000000 0100 000a 0203 0006 192168001001", PCE_UNSUPPORTED},
        {"0063 0001 00", PCE_UNSUPPORTED},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct read_ls read;
        read_hex(&read, cases[i].nlri, "");
        cr_expect_eq(read.status, cases[i].status, "case %u: %d", i, (int)read.status);
        cr_expect_eq(read.object.key.size > 0, cases[i].status == PCE_INVALID, "case %u", i);
        read_fini(&read);
    }
}

Test(ls, a_full_arena_is_a_limit)
{
    struct read_ls read;
    bool was_whole = false;
    read_golden(&read, "update-link", 0);
    const struct bgp_update *update = &read.decoded.message.update;
    const struct bgp_attribute *reach = bgp_find_attribute(update, BGP_ATTRIBUTE_MP_REACH_NLRI);
    for (size_t room = 0; !was_whole && room < 1U << 20; room += 64) {
        struct arena arena;
        struct bgp_ls_object object;
        arena_init(&arena, room);
        enum pce_status status = bgp_ls_read(
            &reach->nlris[0], bgp_find_attribute(update, BGP_ATTRIBUTE_BGP_LS), &arena, &object);
        was_whole = status == PCE_OK;
        cr_expect(was_whole || status == PCE_LIMIT, "room of %zu: %d", room, (int)status);
        arena_fini(&arena);
    }
    cr_expect(was_whole);
    read_fini(&read);
}

/* A list is as long as a RIB takes, and no longer. */
Test(ls, lists_end_where_a_rib_takes_no_more)
{
    const uint32_t count = RIB_LIST_MAX + 1;
    char *tlvs = malloc((size_t)count * 9 + 32);
    cr_assert_not_null(tlvs);
    size_t at = (size_t)sprintf(tlvs, "0448 %04x ", count * 4);
    for (uint32_t i = 0; i < count; i++)
        at += (size_t)sprintf(tlvs + at, "%08x ", i);
    char *hex = malloc(at + 512);
    cr_assert_not_null(hex);
    (void)sprintf(hex,
                  MARKER "0000 02 0000 %04x 900e 0032 4004 47 04 c0000201 00 " LINK(
                      "02") " 40010100 400200 901d %04x %s",
                  4 + 0x32 + 4 + 3 + 4 + 4 + count * 4, 4 + count * 4, tlvs);
    struct read_ls read = {.octets = bgp_octets(hex)};
    read_decoded(&read, 0);
    cr_expect(read.status == PCE_OK);
    cr_expect_eq(read.object.as_link.link.srlg_count, RIB_LIST_MAX);
    read_fini(&read);
    free(hex);
    free(tlvs);
}

/* All the way: what messages say, put into a RIB, is a network. */
Test(ls, a_rib_makes_a_network_of_what_is_read)
{
    static const struct rib_limits limits = {.objects_max = 100, .octets_max = 1U << 20};
    static const struct rib_source_spec spec = {.name = "peer", .rank = 1};
    static const char *const nodes[] = {"0404 0004 c0000201", "0404 0004 c0000202"};
    struct rib *rib = rib_create(&limits);
    uint32_t source;
    cr_assert(rib != NULL && rib_add_source(rib, &spec, &source) == PCE_OK);
    for (unsigned i = 0; i < 4; i++) {
        char nlri[256];
        struct read_ls read;
        if (i < 2)
            (void)snprintf(nlri, sizeof nlri,
                           "0001 0017 02 0000000000000000 0100 000a 0203 0006 19216800100%u",
                           i + 1);
        else
            (void)snprintf(nlri, sizeof nlri,
                           "0002 0025 02 0000000000000000 0100 000a 0203 0006 19216800100%u "
                           "0101 000a 0203 0006 19216800100%u",
                           i - 1, 4 - i);
        read_hex(&read, nlri, i < 2 ? nodes[i] : "0447 0001 0a");
        cr_assert(read.status == PCE_OK);
        const struct rib_put put = {source, read.object.part, read.object.key, read.object.node};
        enum pce_status status =
            i < 2 ? rib_put_node(rib, &put, &read.object.as_node)
                  : rib_put_link(rib, &put, &read.object.as_link.remote, &read.object.as_link.link);
        cr_assert(status == PCE_OK);
        read_fini(&read);
    }
    struct ted_snapshot *snapshot;
    struct rib_findings *findings = calloc(1, sizeof *findings);
    cr_assert(findings != NULL && rib_merge(rib, "test", &snapshot, findings) == PCE_OK);
    cr_expect(snapshot->node_count == 2 && snapshot->link_count == 2);
    cr_expect_eq(snapshot->links[0].igp_metric, 10);
    ted_snapshot_destroy(snapshot);
    free(findings);
    rib_destroy(rib);
}
