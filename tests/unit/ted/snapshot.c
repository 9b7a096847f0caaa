#include "core/ted/ted.h"

#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define RANDOM_NODES 200
#define RANDOM_LINKS 3000

static uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

/* Parallel links, one-way links and nodes without links, all from one seed. */
static struct ted_snapshot *random_network(uint64_t seed)
{
    struct ted_builder *b = ted_builder_create("random");
    struct ted_fault fault;
    for (uint32_t i = 0; i < RANDOM_NODES; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%u", i);
        add_plain_node(b, name, i + 1);
    }
    for (uint32_t i = 0; i < RANDOM_LINKS; i++) {
        uint32_t from = next_random(&seed) % (RANDOM_NODES - 10);
        uint32_t to = (from + 1 + next_random(&seed) % 20) % (RANDOM_NODES - 10);
        uint32_t index;
        const struct ted_link_spec spec = {
            .from = from, .to = to, .igp_metric = i, .te_metric = 2 * i, .delay_us = 3 * i};
        cr_assert_eq(ted_builder_add_link(b, &spec, &index, &fault), PCE_OK);
        cr_assert_eq(index, i);
    }
    return finish(b);
}

/* Each edge stands at the right node, says what its link says, and no link is there twice. */
static void expect_csr(const struct ted_snapshot *s, bool is_reverse)
{
    const uint32_t *first = is_reverse ? s->reverse_first_edge : s->first_edge;
    const struct ted_edge *edges = is_reverse ? s->reverse_edges : s->edges;
    bool *is_seen = calloc(s->link_count, sizeof *is_seen);
    cr_assert_not_null(is_seen);
    cr_assert_eq(first[0], 0);
    cr_assert_eq(first[s->node_count], s->link_count);
    for (uint32_t node = 0; node < s->node_count; node++) {
        cr_assert_leq(first[node], first[node + 1]);
        for (uint32_t e = first[node]; e < first[node + 1]; e++) {
            const struct ted_link *link = &s->links[edges[e].link];
            cr_assert_not(is_seen[edges[e].link]);
            is_seen[edges[e].link] = true;
            cr_assert_eq(node, is_reverse ? link->to : link->from);
            cr_assert_eq(edges[e].node, is_reverse ? link->from : link->to);
            cr_assert_eq(edges[e].igp_metric, link->igp_metric);
            cr_assert_eq(edges[e].te_metric, link->te_metric);
            cr_assert(e == first[node] || edges[e - 1].link < edges[e].link);
        }
    }
    free(is_seen);
}

Test(snapshot, edges_of_both_directions_are_the_links)
{
    struct ted_snapshot *s = random_network(1);
    expect_csr(s, false);
    expect_csr(s, true);
    cr_expect_eq(s->igp_metric_max, RANDOM_LINKS - 1);
    cr_expect_eq(s->te_metric_max, 2 * (RANDOM_LINKS - 1));
    cr_expect_eq(s->delay_us_max, 3 * (RANDOM_LINKS - 1));
    ted_snapshot_destroy(s);
}

Test(snapshot, pairs_are_mutual_and_leave_nobody_behind)
{
    struct ted_snapshot *s = random_network(2);
    for (uint32_t i = 0; i < s->link_count; i++) {
        const struct ted_link *link = &s->links[i];
        if (link->reverse != TED_NONE) {
            cr_assert_eq(s->links[link->reverse].reverse, i);
            cr_assert_eq(s->links[link->reverse].from, link->to);
            cr_assert_eq(s->links[link->reverse].to, link->from);
            continue;
        }
        /* Alone: then no link of the other direction is alone either. */
        for (uint32_t j = 0; j < s->link_count; j++)
            cr_assert_not(s->links[j].from == link->to && s->links[j].to == link->from &&
                          s->links[j].reverse == TED_NONE);
    }
    ted_snapshot_destroy(s);
}

static uint32_t add_addressed_link(struct ted_builder *b, uint32_t from, uint32_t to,
                                   const char *local, const char *remote)
{
    struct ted_fault fault;
    uint32_t index;
    struct ted_link_spec spec = {.from = from, .to = to};
    if (address(local).family == IP_V4) {
        spec.local_v4 = address(local);
        spec.remote_v4 = address(remote);
    } else {
        spec.local_v6 = address(local);
        spec.remote_v6 = address(remote);
    }
    cr_assert_eq(ted_builder_add_link(b, &spec, &index, &fault), PCE_OK, "%s", fault.reason);
    return index;
}

Test(snapshot, parallel_links_are_paired_by_their_addresses)
{
    struct ted_builder *b = ted_builder_create("");
    uint32_t x = add_plain_node(b, "X", 1);
    uint32_t y = add_plain_node(b, "Y", 2);
    uint32_t there1 = add_addressed_link(b, x, y, "10.1.0.0", "10.1.0.1");
    uint32_t there2 = add_addressed_link(b, x, y, "10.1.0.2", "10.1.0.3");
    uint32_t there3 = add_addressed_link(b, x, y, "fe80::1", "fe80::2");
    uint32_t alone = add_addressed_link(b, x, y, "10.1.0.4", "10.1.0.5");
    uint32_t back3 = add_addressed_link(b, y, x, "fe80::2", "fe80::1");
    uint32_t back2 = add_addressed_link(b, y, x, "10.1.0.3", "10.1.0.2");
    uint32_t back1 = add_addressed_link(b, y, x, "10.1.0.1", "10.1.0.0");
    uint32_t plain_there = add_plain_link(b, x, y);
    uint32_t plain_back = add_plain_link(b, y, x);
    struct ted_snapshot *s = finish(b);
    cr_expect_eq(s->links[there1].reverse, back1);
    cr_expect_eq(s->links[there2].reverse, back2);
    cr_expect_eq(s->links[there3].reverse, back3);
    cr_expect_eq(s->links[back3].reverse, there3);
    cr_expect_eq(s->links[plain_there].reverse, plain_back);
    cr_expect_eq(s->links[alone].reverse, TED_NONE);
    ted_snapshot_destroy(s);
}

/* Two links from X to Y with these ends, and their other directions added the other way round. */
static void expect_paired(const char *x1, const char *y1, const char *x2, const char *y2)
{
    struct ted_builder *b = ted_builder_create("");
    uint32_t x = add_plain_node(b, "X", 1);
    uint32_t y = add_plain_node(b, "Y", 2);
    uint32_t there1 = add_addressed_link(b, x, y, x1, y1);
    uint32_t there2 = add_addressed_link(b, x, y, x2, y2);
    uint32_t back2 = add_addressed_link(b, y, x, y2, x2);
    uint32_t back1 = add_addressed_link(b, y, x, y1, x1);
    struct ted_snapshot *s = finish(b);
    cr_expect_eq(s->links[there1].reverse, back1, "%s - %s", x1, y1);
    cr_expect_eq(s->links[there2].reverse, back2, "%s - %s", x2, y2);
    ted_snapshot_destroy(s);
}

Test(snapshot, one_end_that_differs_is_enough_to_tell_parallel_links_apart)
{
    expect_paired("10.1.0.0", "10.1.0.1", "10.1.0.0", "10.1.0.3");
    expect_paired("10.1.0.0", "10.1.0.1", "10.1.0.2", "10.1.0.1");
    expect_paired("fd00::", "fd00::1", "fd00::", "fd00::3");
    expect_paired("fd00::", "fd00::1", "fd00::2", "fd00::1");
}

static uint32_t find_address(const struct ted_snapshot *s, const char *text)
{
    struct ip wanted = address(text);
    return ted_find_node_by_address(s, &wanted);
}

Test(snapshot, a_node_is_found_by_each_of_its_addresses)
{
    struct ted_builder *b = ted_builder_create("");
    struct ted_fault fault;
    uint32_t a;
    const struct ip others[] = {address("192.0.2.100"), address("2001:db8:1::100")};
    const struct ted_node_spec spec = {.name = "A",
                                       .router_id_v4 = address("192.0.2.1"),
                                       .router_id_v6 = address("2001:db8::1"),
                                       .addresses = others,
                                       .address_count = 2};
    cr_assert_eq(ted_builder_add_node(b, &spec, &a, &fault), PCE_OK);
    uint32_t z = add_plain_node(b, "Z", 9);
    add_addressed_link(b, a, z, "198.51.100.0", "198.51.100.1");
    add_addressed_link(b, a, z, "fe80::1", "fe80::2");
    struct ted_snapshot *s = finish(b);
    cr_expect_eq(find_address(s, "192.0.2.1"), a);
    cr_expect_eq(find_address(s, "2001:db8::1"), a);
    cr_expect_eq(find_address(s, "192.0.2.100"), a);
    cr_expect_eq(find_address(s, "2001:db8:1::100"), a);
    cr_expect_eq(find_address(s, "198.51.100.0"), a);
    cr_expect_eq(find_address(s, "198.51.100.1"), z);
    cr_expect_eq(find_address(s, "10.0.0.9"), z);
    cr_expect_eq(find_address(s, "fe80::1"), TED_NONE);
    cr_expect_eq(find_address(s, "198.51.100.2"), TED_NONE);
    cr_expect_eq(find_address(s, "::c000:201"), TED_NONE);
    cr_expect_eq(s->nodes[a].addresses.count, 2);
    ted_snapshot_destroy(s);
}

Test(snapshot, names_are_found_as_they_are_written)
{
    struct ted_snapshot *s = random_network(3);
    for (uint32_t i = 0; i < s->node_count; i++)
        cr_assert_eq(ted_find_node_by_name(s, s->nodes[i].name), i);
    cr_expect_eq(ted_find_node_by_name(s, "N1"), TED_NONE);
    cr_expect_eq(ted_find_node_by_name(s, "n"), TED_NONE);
    cr_expect_eq(ted_find_node_by_name(s, ""), TED_NONE);
    ted_snapshot_destroy(s);
}

Test(snapshot, an_index_runs_through_the_label_ranges_in_their_order)
{
    struct ted_builder *b = ted_builder_create("");
    struct ted_fault fault;
    uint32_t a;
    const struct ted_srgb srgbs[] = {{100000, 10}, {16, 1}, {500, 5}};
    const struct ted_node_spec spec = {
        .name = "A", .router_id_v4 = address("192.0.2.1"), .srgbs = srgbs, .srgb_count = 3};
    cr_assert_eq(ted_builder_add_node(b, &spec, &a, &fault), PCE_OK);
    uint32_t none = add_plain_node(b, "B", 2);
    struct ted_snapshot *s = finish(b);
    cr_expect_eq(ted_label_of_index(s, a, 0), 100000);
    cr_expect_eq(ted_label_of_index(s, a, 9), 100009);
    cr_expect_eq(ted_label_of_index(s, a, 10), 16);
    cr_expect_eq(ted_label_of_index(s, a, 11), 500);
    cr_expect_eq(ted_label_of_index(s, a, 15), 504);
    cr_expect_eq(ted_label_of_index(s, a, 16), TED_NONE);
    cr_expect_eq(ted_label_of_index(s, a, UINT32_MAX), TED_NONE);
    cr_expect_eq(ted_label_of_index(s, none, 0), TED_NONE);
    ted_snapshot_destroy(s);
}

Test(snapshot, a_prefix_sid_is_one_of_algorithm_and_family)
{
    struct ted_builder *b = ted_builder_create("");
    struct ted_fault fault;
    uint32_t a;
    const struct ted_prefix_sid sids[] = {
        {.algorithm = 0, .family = IP_V4, .index = 1},
        {.algorithm = 0, .family = IP_V6, .index = 2},
        {.algorithm = 128, .family = IP_V4, .index = 3},
    };
    const struct ted_node_spec spec = {.name = "A",
                                       .router_id_v4 = address("192.0.2.1"),
                                       .prefix_sids = sids,
                                       .prefix_sid_count = 3};
    cr_assert_eq(ted_builder_add_node(b, &spec, &a, &fault), PCE_OK);
    struct ted_snapshot *s = finish(b);
    cr_expect_eq(ted_find_prefix_sid(s, a, 0, IP_V4)->index, 1);
    cr_expect_eq(ted_find_prefix_sid(s, a, 0, IP_V6)->index, 2);
    cr_expect_eq(ted_find_prefix_sid(s, a, 128, IP_V4)->index, 3);
    cr_expect_null(ted_find_prefix_sid(s, a, 128, IP_V6));
    cr_expect_null(ted_find_prefix_sid(s, a, 1, IP_V4));
    ted_snapshot_destroy(s);
}

/* The label that is chosen on a link with these SIDs; 0 for none. */
static uint32_t choose_for(const struct ted_adj_sid *sids, uint32_t count, uint8_t family,
                           enum ted_protection protection)
{
    struct ted_builder *b = ted_builder_create("");
    struct ted_fault fault;
    uint32_t link;
    add_plain_node(b, "A", 1);
    add_plain_node(b, "B", 2);
    const struct ted_link_spec spec = {
        .from = 0, .to = 1, .adj_sids = sids, .adj_sid_count = count};
    cr_assert_eq(ted_builder_add_link(b, &spec, &link, &fault), PCE_OK);
    struct ted_snapshot *s = finish(b);
    const struct ted_adj_sid *found = ted_find_adj_sid(s, link, family, protection);
    uint32_t label = found == NULL ? 0 : found->label;
    ted_snapshot_destroy(s);
    return label;
}

static uint32_t choose(const struct ted_adj_sid *sids, uint32_t count, uint8_t family)
{
    return choose_for(sids, count, family, TED_UNPROTECTED_PREFERRED);
}

/* RFC 9488 5 */
Test(snapshot, an_adjacency_sid_is_protected_as_wanted)
{
    const struct ted_adj_sid both[] = {{.label = 101}, {.label = 102, .is_protected = true}};
    const uint32_t labels[4][3] = {
        /* of both, of the unprotected one alone, of the protected one alone */
        [TED_UNPROTECTED_PREFERRED] = {101, 101, 102},
        [TED_PROTECTED_PREFERRED] = {102, 101, 102},
        [TED_UNPROTECTED_ONLY] = {101, 101, 0},
        [TED_PROTECTED_ONLY] = {102, 0, 102},
    };
    for (unsigned p = 0; p < 4; p++) {
        cr_expect_eq(choose_for(both, 2, IP_V4, (enum ted_protection)p), labels[p][0]);
        cr_expect_eq(choose_for(both, 1, IP_V4, (enum ted_protection)p), labels[p][1]);
        cr_expect_eq(choose_for(&both[1], 1, IP_V4, (enum ted_protection)p), labels[p][2]);
    }
}

Test(snapshot, an_adjacency_sid_fits_the_family_and_is_rather_unprotected)
{
    const struct ted_adj_sid sids[] = {
        {.label = 101, .family = IP_V4, .is_protected = true},
        {.label = 102, .family = IP_V4},
        {.label = 103, .family = IP_V6, .is_protected = true},
    };
    const struct ted_adj_sid both[] = {
        {.label = 201, .family = IP_V6},
        {.label = 202, .family = IP_NONE},
    };
    cr_expect_eq(choose(sids, 3, IP_V4), 102);
    cr_expect_eq(choose(sids, 3, IP_V6), 103);
    cr_expect_eq(choose(sids, 1, IP_V4), 101);
    cr_expect_eq(choose(sids, 1, IP_V6), 0);
    cr_expect_eq(choose(both, 2, IP_V4), 202);
    cr_expect_eq(choose(both, 2, IP_V6), 201);
    cr_expect_eq(choose(sids, 3, IP_NONE), 102);
    cr_expect_eq(choose(sids, 0, IP_V4), 0);
}

Test(snapshot, no_two_snapshots_have_one_serial)
{
    struct ted_builder *b = ted_builder_create("");
    struct ted_fault fault;
    struct ted_snapshot *first, *second;
    cr_assert_eq(ted_builder_snapshot(b, &first, &fault), PCE_OK);
    uint64_t serial = first->serial;
    cr_assert_eq(ted_builder_snapshot(b, &second, &fault), PCE_OK);
    cr_expect_neq(serial, 0);
    cr_expect_neq(second->serial, serial);
    ted_snapshot_destroy(first);
    /* The memory may be the first one's again. */
    struct ted_snapshot *third = finish(b);
    cr_expect_neq(third->serial, serial);
    cr_expect_neq(third->serial, second->serial);
    ted_snapshot_destroy(second);
    ted_snapshot_destroy(third);
}

/* Links of node 1, in an order that differs from that of the edges. */
static void add_links_of_columns(struct ted_builder *b)
{
    for (uint32_t i = 0; i < 6; i++) {
        struct ted_link_spec spec = {.from = i % 2,
                                     .to = 1 - i % 2,
                                     .admin_group = 1u << i,
                                     .delay_us = 10 + i,
                                     .capacity = (float)(100 + i),
                                     .max_reservable = (float)(100 + i)};
        for (uint32_t p = 0; p < TED_PRIORITIES; p++)
            spec.unreserved[p] = (float)(i + (p < 3 ? 50 : p == 3 ? 20 : 10));
        uint32_t index;
        struct ted_fault fault;
        cr_assert_eq(ted_builder_add_link(b, &spec, &index, &fault), PCE_OK);
    }
}

Test(snapshot, columns_say_of_an_edge_what_its_link_says)
{
    struct ted_builder *b = ted_builder_create("");
    add_plain_node(b, "a", 1);
    add_plain_node(b, "b", 2);
    add_links_of_columns(b);
    struct ted_snapshot *s = finish(b);
    const struct ted_columns *columns = &s->reverse_columns;
    for (uint32_t e = 0; e < s->link_count; e++) {
        const struct ted_link *link = &s->links[s->reverse_edges[e].link];
        cr_expect_eq(columns->admin_group[e], link->admin_group);
        cr_expect_eq(columns->delay_us[e], link->delay_us);
        cr_expect_eq(columns->capacity[e], link->capacity);
        for (uint32_t p = 0; p < TED_PRIORITIES; p++)
            cr_expect_eq(columns->unreserved[p][e], link->unreserved[p]);
    }
    /* Eight priorities, three different columns. */
    cr_expect_eq(columns->unreserved[0], columns->unreserved[2]);
    cr_expect_neq(columns->unreserved[2], columns->unreserved[3]);
    cr_expect_neq(columns->unreserved[3], columns->unreserved[4]);
    cr_expect_eq(columns->unreserved[4], columns->unreserved[7]);
    ted_snapshot_destroy(s);
}

Test(snapshot, a_node_has_labels_for_as_many_indexes_as_its_srgbs_hold_together)
{
    struct ted_builder *b = ted_builder_create("");
    const struct ted_srgb srgbs[] = {{16000, 10}, {20000, 5}};
    const struct ted_node_spec spec = {
        .name = "two", .router_id_v4 = ip_from_u32(0x0a000001), .srgbs = srgbs, .srgb_count = 2};
    struct ted_fault fault;
    uint32_t node;
    cr_assert_eq(ted_builder_add_node(b, &spec, &node, &fault), PCE_OK);
    add_plain_node(b, "none", 2);
    struct ted_snapshot *s = finish(b);
    cr_expect_eq(s->sid_index_ends[0], 15);
    cr_expect_eq(s->sid_index_ends[1], 0);
    cr_expect_neq(ted_label_of_index(s, 0, 14), TED_NONE);
    cr_expect_eq(ted_label_of_index(s, 0, 15), TED_NONE);
    cr_expect_eq(s->igp_metric_min, UINT32_MAX);
    ted_snapshot_destroy(s);
}

/* Links from node 0 to node 1: an interface of both families, of one, of none. */
static void add_links_of_ends(struct ted_builder *b)
{
    const struct ip v4 = ip_from_u32(0xc0000201);
    struct ip v6;
    cr_assert(ip_parse("2001:db8:1::1", &v6));
    const struct ted_link_spec specs[] = {
        {.from = 0, .to = 1, .remote_v4 = v4, .remote_v6 = v6},
        {.from = 0, .to = 1, .remote_v4 = ip_from_u32(0xc0000202)},
        {.from = 0, .to = 1},
    };
    for (unsigned i = 0; i < 3; i++) {
        uint32_t index;
        struct ted_fault fault;
        cr_assert_eq(ted_builder_add_link(b, &specs[i], &index, &fault), PCE_OK);
    }
}

Test(snapshot, ends_of_links_are_interfaces_and_else_nodes)
{
    struct ted_builder *b = ted_builder_create("");
    add_plain_node(b, "a", 1);
    add_plain_node(b, "b", 2);
    add_links_of_ends(b);
    struct ted_snapshot *s = finish(b);
    const struct ted_hop *v4 = s->link_ends.v4.of_links, *v6 = s->link_ends.v6.of_links;
    cr_expect(ip_is_equal(&v4[0].address, &s->links[0].remote_v4));
    cr_expect(ip_is_equal(&v4[1].address, &s->links[1].remote_v4));
    cr_expect(ip_is_equal(&v4[2].address, &s->nodes[1].router_id_v4));
    cr_expect_eq(v4[0].kind, TED_HOP_LINK);
    cr_expect_eq(v4[2].kind, TED_HOP_NODE, "it may mean any of the three");
    cr_expect(ip_is_equal(&v6[0].address, &s->links[0].remote_v6));
    cr_expect_eq(v6[0].kind, TED_HOP_LINK);
    cr_expect_eq(v6[1].kind, TED_HOP_NONE, "there is no IPv6 address");
    cr_expect_eq(v6[2].kind, TED_HOP_NONE);
    cr_expect_not(s->link_ends.v4.tell_links);
    cr_expect_not(s->link_ends.v6.tell_links);
    ted_snapshot_destroy(s);
}

Test(snapshot, links_have_no_hops_of_a_family_that_nothing_has)
{
    struct ted_builder *b = ted_builder_create("");
    add_plain_node(b, "a", 1);
    add_plain_node(b, "b", 2);
    (void)add_plain_link(b, 0, 1);
    (void)add_plain_link(b, 1, 0);
    struct ted_snapshot *s = finish(b);
    cr_expect(s->link_ends.v4.tell_links, "there is but one link each way");
    cr_expect(ip_is_equal(&s->link_ends.v4.of_links[1].address, &s->nodes[0].router_id_v4));
    cr_expect_null(s->link_ends.v6.of_links);
    cr_expect_not(s->link_ends.v6.tell_links);
    ted_snapshot_destroy(s);
}

/* Links from a to b beside each other, and one back. */
static struct ted_snapshot *parallel(const struct ted_link_spec *specs, uint32_t count)
{
    struct ted_builder *b = ted_builder_create("");
    add_plain_node(b, "a", 1);
    add_plain_node(b, "b", 2);
    for (uint32_t i = 0; i < count; i++) {
        struct ted_link_spec spec = specs[i];
        struct ted_fault fault;
        uint32_t index;
        spec.to = 1;
        cr_assert_eq(ted_builder_add_link(b, &spec, &index, &fault), PCE_OK, "%s", fault.reason);
    }
    (void)add_plain_link(b, 1, 0);
    return finish(b);
}

/* RFC 3477 4 */
Test(snapshot, interface_ids_tell_links_apart)
{
    const struct ip router = address("10.0.0.2");
    const struct ted_link_spec specs[] = {
        {.local_id = 5, .remote_id = 7},
        {.local_id = 6, .remote_id = 8},
        {.remote_v4 = router},
        {.local_id = 9, .remote_id = 9, .remote_v4 = address("192.0.2.9")},
    };
    struct ted_snapshot *s = parallel(specs, 4);
    const struct ted_hop *hops = s->link_ends.v4.of_links;
    cr_expect(hops[0].interface_id == 7 && hops[0].kind == TED_HOP_LINK);
    cr_expect(hops[1].interface_id == 8 && hops[1].kind == TED_HOP_LINK);
    cr_expect(ip_is_equal(&hops[0].address, &s->nodes[1].router_id_v4));
    cr_expect(hops[2].interface_id == 0 && hops[2].kind == TED_HOP_NODE,
              "the router id stands for no interface");
    cr_expect(hops[3].interface_id == 0 && hops[3].kind == TED_HOP_LINK, "an address comes first");
    ted_snapshot_destroy(s);
}

Test(snapshot, an_address_that_links_share_tells_none_of_them)
{
    const struct ip shared = address("192.0.2.9");
    const struct ted_link_spec specs[] = {
        {.remote_v4 = shared},
        {.remote_v4 = address("192.0.2.10")},
        {.remote_v4 = shared, .local_id = 5, .remote_id = 7},
    };
    struct ted_snapshot *s = parallel(specs, 3);
    const struct ted_hop *hops = s->link_ends.v4.of_links;
    cr_expect_eq(hops[0].kind, TED_HOP_NODE);
    cr_expect_eq(hops[1].kind, TED_HOP_LINK);
    cr_expect(hops[2].kind == TED_HOP_LINK && hops[2].interface_id == 7);
    ted_snapshot_destroy(s);
}

/* RFC 2328 16.1, step 2 b: some link back is enough. */
Test(snapshot, links_that_nothing_leads_back_from_are_one_way)
{
    struct ted_builder *b = ted_builder_create("");
    add_plain_node(b, "a", 1);
    add_plain_node(b, "b", 2);
    add_plain_node(b, "c", 3);
    (void)add_plain_link(b, 0, 1);
    (void)add_plain_link(b, 0, 1);
    (void)add_plain_link(b, 1, 0);
    (void)add_plain_link(b, 2, 1);
    struct ted_snapshot *s = finish(b);
    cr_expect(s->links[0].is_two_way && s->links[1].is_two_way && s->links[2].is_two_way);
    cr_expect_not(s->links[3].is_two_way);
    cr_expect(s->links[0].has_sibling && s->links[1].has_sibling);
    cr_expect_not(s->links[2].has_sibling || s->links[3].has_sibling);
    for (uint32_t i = 0; i < s->link_count; i++) {
        cr_expect_eq(s->edges[i].is_one_way, s->edges[i].link == 3);
        cr_expect_eq(s->reverse_edges[i].is_one_way, s->reverse_edges[i].link == 3);
    }
    ted_snapshot_destroy(s);
}

static uint8_t msd_of(uint8_t of_node, uint8_t first, uint8_t second)
{
    char text[320];
    int size = snprintf(text, sizeof text,
                        "nodes: [{name: A, router-id: 10.0.0.1, node-msd: %u}, "
                        "{name: B, router-id: 10.0.0.2}]\nlinks: [{from: A, to: B, link-msd: %u, "
                        "reverse: {link-msd: 1}}, {from: A, to: B, link-msd: %u}]\n",
                        of_node, first, second);
    struct ted_snapshot *s = read_text(text, (size_t)size);
    uint8_t msd = ted_msd_of_node(s, 0);
    ted_snapshot_destroy(s);
    return msd;
}

/* RFC 8491 */
Test(snapshot, a_node_that_says_no_msd_has_the_least_of_its_links)
{
    cr_expect_eq(msd_of(0, 0, 0), 0, "nobody knows any");
    cr_expect_eq(msd_of(4, 9, 9), 4);
    cr_expect_eq(msd_of(6, 2, 9), 6, "the node's is the least of its links, by its own word");
    cr_expect_eq(msd_of(0, 7, 3), 3);
    cr_expect_eq(msd_of(0, 7, 0), 7);
}
