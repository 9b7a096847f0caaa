#include "core/ted/builder.h"

#include "core/ted/builder_impl.h"
#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static enum pce_status try_node(struct ted_builder *builder, const struct ted_node_spec *spec,
                                struct ted_fault *fault)
{
    uint32_t index = TED_NONE;
    enum pce_status status = ted_builder_add_node(builder, spec, &index, fault);
    cr_expect_eq(status == PCE_OK, index != TED_NONE);
    return status;
}

static enum pce_status try_link(struct ted_builder *builder, const struct ted_link_spec *spec,
                                struct ted_fault *fault)
{
    uint32_t index = TED_NONE;
    enum pce_status status = ted_builder_add_link(builder, spec, &index, fault);
    cr_expect_eq(status == PCE_OK, index != TED_NONE);
    return status;
}

/* The refusal of a node that is `good` but for one change. */
#define EXPECT_NODE_REFUSED(wanted_status, wanted_element, ...)                                    \
    do {                                                                                           \
        struct ted_builder *b = ted_builder_create("");                                            \
        struct ted_fault refusal;                                                                  \
        struct ted_node_spec spec = {.name = "A", .router_id_v4 = address("192.0.2.1")};           \
        __VA_ARGS__;                                                                               \
        cr_expect_eq(try_node(b, &spec, &refusal), wanted_status);                                 \
        cr_expect_str_eq(refusal.element, wanted_element);                                         \
        cr_expect_eq(ted_builder_find_node(b, "A"), TED_NONE);                                     \
        ted_builder_destroy(b);                                                                    \
    } while (0)

Test(builder, an_empty_builder_gives_an_empty_snapshot)
{
    struct ted_snapshot *s = finish(ted_builder_create("void"));
    struct ip somebody = address("192.0.2.1");
    cr_expect_str_eq(s->name, "void");
    cr_expect_eq(s->node_count, 0);
    cr_expect_eq(s->link_count, 0);
    cr_expect_eq(s->first_edge[0], 0);
    cr_expect_eq(ted_find_node_by_name(s, "A"), TED_NONE);
    cr_expect_eq(ted_find_node_by_address(s, &somebody), TED_NONE);
    ted_snapshot_destroy(s);
}

Test(builder, a_name_belongs_to_one_node)
{
    struct ted_builder *b = ted_builder_create("");
    struct ted_fault fault;
    add_plain_node(b, "A", 1);
    const struct ted_node_spec again = {.name = "A", .router_id_v4 = address("10.0.0.2")};
    cr_expect_eq(try_node(b, &again, &fault), PCE_EXISTS);
    cr_expect_str_eq(fault.element, "name");
    ted_builder_destroy(b);
}

Test(builder, an_address_belongs_to_one_node)
{
    struct ted_builder *b = ted_builder_create("");
    struct ted_fault fault;
    const struct ip two[] = {address("10.9.9.9"), address("10.0.0.1")};
    add_plain_node(b, "A", 1);
    const struct ted_node_spec other = {
        .name = "B", .router_id_v4 = address("10.0.0.2"), .addresses = two, .address_count = 2};
    cr_expect_eq(try_node(b, &other, &fault), PCE_EXISTS);
    cr_expect_str_eq(fault.element, "addresses[1]");
    cr_expect_str_eq(fault.reason, "10.0.0.1 belongs to node A already");
    /* Nothing of the refused node stays. */
    cr_expect_eq(ted_builder_find_address(b, &two[0]), TED_NONE);
    cr_expect_eq(ted_builder_find_node(b, "B"), TED_NONE);
    ted_builder_destroy(b);
}

Test(builder, a_link_may_not_take_the_address_of_another_node)
{
    struct ted_builder *b = ted_builder_create("");
    struct ted_fault fault;
    uint32_t a = add_plain_node(b, "A", 1);
    uint32_t c = add_plain_node(b, "C", 3);
    add_plain_node(b, "B", 2);
    struct ted_link_spec link = {.from = a, .to = c, .local_v4 = address("10.0.0.2")};
    cr_expect_eq(try_link(b, &link, &fault), PCE_EXISTS);
    cr_expect_str_eq(fault.element, "addresses[0]");
    link = (struct ted_link_spec){.from = a, .to = c, .remote_v4 = address("10.0.0.2")};
    cr_expect_eq(try_link(b, &link, &fault), PCE_EXISTS);
    cr_expect_str_eq(fault.element, "addresses[1]");
    ted_builder_destroy(b);
}

Test(builder, a_prefix_sid_index_belongs_to_one_node)
{
    struct ted_builder *b = ted_builder_create("");
    struct ted_fault fault;
    const struct ted_prefix_sid sid = {.family = IP_V4, .index = 7};
    struct ted_node_spec spec = {.name = "A",
                                 .router_id_v4 = address("10.0.0.1"),
                                 .prefix_sids = &sid,
                                 .prefix_sid_count = 1};
    cr_expect_eq(try_node(b, &spec, &fault), PCE_OK);
    spec.name = "B";
    spec.router_id_v4 = address("10.0.0.2");
    cr_expect_eq(try_node(b, &spec, &fault), PCE_EXISTS);
    cr_expect_str_eq(fault.element, "prefix-sids[0]");
    cr_expect_str_eq(fault.reason, "index 7 belongs to node A already");
    ted_builder_destroy(b);
}

Test(builder, a_node_needs_a_name_and_a_router_id)
{
    EXPECT_NODE_REFUSED(PCE_INVALID, "name", spec.name = "");
    EXPECT_NODE_REFUSED(PCE_INVALID, "name", spec.name = "A\nB");
    EXPECT_NODE_REFUSED(PCE_INVALID, "router-id", spec.router_id_v4 = (struct ip){0});
    EXPECT_NODE_REFUSED(PCE_INVALID, "router-id", spec.router_id_v4 = address("0.0.0.0"));
    EXPECT_NODE_REFUSED(PCE_INVALID, "router-id", spec.router_id_v4 = address("2001:db8::1"));
    EXPECT_NODE_REFUSED(PCE_INVALID, "router-id-v6", spec.router_id_v6 = address("::"));
}

Test(builder, a_position_is_on_the_globe)
{
    EXPECT_NODE_REFUSED(PCE_INVALID, "position", spec.has_position = true; spec.latitude = 90.5);
    EXPECT_NODE_REFUSED(PCE_INVALID, "position", spec.has_position = true; spec.longitude = -180.5);
    EXPECT_NODE_REFUSED(PCE_INVALID, "position", spec.has_position = true; spec.latitude = NAN);
}

Test(builder, label_ranges_are_labels_and_apart)
{
    struct ted_srgb r[2] = {{.base = 16000, .size = 8000}, {.base = 23999, .size = 1}};
    EXPECT_NODE_REFUSED(PCE_INVALID, "srgb[1]", spec.srgbs = r; spec.srgb_count = 2);
    r[1] = (struct ted_srgb){.base = 15, .size = 1};
    EXPECT_NODE_REFUSED(PCE_INVALID, "srgb[1]", spec.srgbs = r; spec.srgb_count = 2);
    r[1] = (struct ted_srgb){.base = 30000, .size = 0};
    EXPECT_NODE_REFUSED(PCE_INVALID, "srgb[1]", spec.srgbs = r; spec.srgb_count = 2);
    r[1] = (struct ted_srgb){.base = 1048575, .size = 2};
    EXPECT_NODE_REFUSED(PCE_INVALID, "srgb[1]", spec.srgbs = r; spec.srgb_count = 2);
    r[1] = (struct ted_srgb){.base = 1048575, .size = UINT32_MAX};
    EXPECT_NODE_REFUSED(PCE_INVALID, "srgb[1]", spec.srgbs = r; spec.srgb_count = 2);
}

Test(builder, a_link_has_two_ends_that_exist)
{
    struct ted_builder *b = ted_builder_create("");
    struct ted_fault fault;
    add_plain_node(b, "A", 1);
    const struct ted_link_spec self = {.from = 0, .to = 0};
    const struct ted_link_spec beyond = {.from = 0, .to = 1};
    const struct ted_link_spec from_beyond = {.from = 1, .to = 0};
    cr_expect_eq(try_link(b, &self, &fault), PCE_INVALID);
    cr_expect_str_eq(fault.element, "to");
    cr_expect_eq(try_link(b, &beyond, &fault), PCE_INVALID);
    cr_expect_str_eq(fault.element, "to");
    cr_expect_eq(try_link(b, &from_beyond, &fault), PCE_INVALID);
    cr_expect_str_eq(fault.element, "from");
    ted_builder_destroy(b);
}

Test(builder, a_bandwidth_is_a_number)
{
    struct ted_builder *b = ted_builder_create("");
    struct ted_fault fault;
    add_plain_node(b, "A", 1);
    add_plain_node(b, "B", 2);
    struct ted_link_spec link = {.from = 0, .to = 1, .capacity = NAN};
    cr_expect_eq(try_link(b, &link, &fault), PCE_INVALID);
    cr_expect_str_eq(fault.element, "capacity");
    link = (struct ted_link_spec){.from = 0, .to = 1, .max_reservable = INFINITY};
    cr_expect_eq(try_link(b, &link, &fault), PCE_INVALID);
    cr_expect_str_eq(fault.element, "reservable");
    link = (struct ted_link_spec){.from = 0, .to = 1};
    link.unreserved[7] = -1;
    cr_expect_eq(try_link(b, &link, &fault), PCE_INVALID);
    cr_expect_str_eq(fault.element, "unreserved[7]");
    ted_builder_destroy(b);
}

Test(builder, srlgs_are_kept_ascending_and_once)
{
    struct ted_builder *b = ted_builder_create("");
    struct ted_fault fault;
    const uint32_t groups[] = {9, 3, 9, UINT32_MAX, 3, 0};
    add_plain_node(b, "A", 1);
    add_plain_node(b, "B", 2);
    struct ted_link_spec link = {.from = 0, .to = 1, .srlgs = groups, .srlg_count = 6};
    cr_expect_eq(try_link(b, &link, &fault), PCE_OK);
    cr_expect_eq(try_link(b, &link, &fault), PCE_OK);
    struct ted_snapshot *s = finish(b);
    for (uint32_t i = 0; i < 2; i++) {
        const uint32_t *kept = &s->srlgs[s->links[i].srlgs.first];
        cr_assert_eq(s->links[i].srlgs.count, 4);
        cr_expect(kept[0] == 0 && kept[1] == 3 && kept[2] == 9 && kept[3] == UINT32_MAX);
    }
    ted_snapshot_destroy(s);
}

Test(builder, a_snapshot_outlives_its_builder_and_later_additions)
{
    struct ted_builder *b = ted_builder_create("net");
    struct ted_snapshot *early;
    struct ted_fault fault;
    add_plain_node(b, "A", 1);
    cr_assert_eq(ted_builder_snapshot(b, &early, &fault), PCE_OK);
    for (uint32_t i = 2; i < 200; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%u", i);
        add_plain_link(b, 0, add_plain_node(b, name, i));
    }
    struct ted_snapshot *late = finish(b);
    cr_expect_eq(early->node_count, 1);
    cr_expect_eq(early->link_count, 0);
    cr_expect_str_eq(early->nodes[0].name, "A");
    cr_expect_eq(ted_find_node_by_name(early, "n2"), TED_NONE);
    cr_expect_eq(late->node_count, 199);
    cr_expect_eq(ted_find_node_by_name(late, "n199"), 198);
    ted_snapshot_destroy(early);
    ted_snapshot_destroy(late);
}

/* A node with as many of everything as is possible, and `more` of one kind. */
static enum pce_status try_full_node(uint32_t more_addresses, uint32_t more_srgbs,
                                     uint32_t more_prefix_sids, uint32_t more_srv6_sids,
                                     struct ted_fault *fault)
{
    struct ip addresses[TED_NODE_ADDRESSES_MAX + 1];
    struct ted_srgb srgbs[TED_NODE_SRGBS_MAX + 1];
    struct ted_prefix_sid prefix_sids[TED_NODE_SIDS_MAX + 1];
    struct ted_srv6_sid srv6_sids[TED_NODE_SIDS_MAX + 1];
    for (uint32_t i = 0; i <= TED_NODE_ADDRESSES_MAX; i++)
        addresses[i] = ip_from_u32(UINT32_C(0x0a010000) + i);
    for (uint32_t i = 0; i <= TED_NODE_SRGBS_MAX; i++)
        srgbs[i] = (struct ted_srgb){.base = 16000 + 1000 * i, .size = 1000};
    for (uint32_t i = 0; i <= TED_NODE_SIDS_MAX; i++) {
        prefix_sids[i] =
            (struct ted_prefix_sid){.algorithm = (uint8_t)(128 + i), .family = IP_V4, .index = i};
        srv6_sids[i] = (struct ted_srv6_sid){.sid = address("2001:db8::1"), .behavior = 1};
    }
    char name[TED_NAME_SIZE_MAX + 1];
    memset(name, 'x', TED_NAME_SIZE_MAX);
    name[TED_NAME_SIZE_MAX] = '\0';
    const struct ted_node_spec spec = {
        .name = name,
        .router_id_v4 = address("10.0.0.1"),
        .router_id_v6 = address("2001:db8::"),
        .addresses = addresses,
        .address_count = TED_NODE_ADDRESSES_MAX + more_addresses,
        .srgbs = srgbs,
        .srgb_count = TED_NODE_SRGBS_MAX + more_srgbs,
        .prefix_sids = prefix_sids,
        .prefix_sid_count = TED_NODE_SIDS_MAX + more_prefix_sids,
        .srv6_sids = srv6_sids,
        .srv6_sid_count = TED_NODE_SIDS_MAX + more_srv6_sids,
    };
    struct ted_builder *b = ted_builder_create("");
    enum pce_status status = try_node(b, &spec, fault);
    ted_builder_destroy(b);
    return status;
}

Test(builder, a_node_holds_each_limit_and_not_one_more)
{
    struct ted_fault fault;
    cr_expect_eq(try_full_node(0, 0, 0, 0, &fault), PCE_OK);
    cr_expect_eq(try_full_node(1, 0, 0, 0, &fault), PCE_LIMIT);
    cr_expect_str_eq(fault.element, "addresses");
    cr_expect_eq(try_full_node(0, 1, 0, 0, &fault), PCE_LIMIT);
    cr_expect_str_eq(fault.element, "srgb");
    cr_expect_eq(try_full_node(0, 0, 1, 0, &fault), PCE_LIMIT);
    cr_expect_str_eq(fault.element, "prefix-sids");
    cr_expect_eq(try_full_node(0, 0, 0, 1, &fault), PCE_LIMIT);
    cr_expect_str_eq(fault.element, "srv6-sids");
    char name[TED_NAME_SIZE_MAX + 2];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    EXPECT_NODE_REFUSED(PCE_LIMIT, "name", spec.name = name);
}

static enum pce_status try_full_link(uint32_t more_srlgs, uint32_t more_adj_sids,
                                     uint32_t more_srv6_sids, struct ted_fault *fault)
{
    uint32_t srlgs[TED_LINK_SRLGS_MAX + 1];
    struct ted_adj_sid adj_sids[TED_LINK_SIDS_MAX + 1];
    struct ted_srv6_sid srv6_sids[TED_LINK_SIDS_MAX + 1];
    for (uint32_t i = 0; i <= TED_LINK_SRLGS_MAX; i++)
        srlgs[i] = i;
    for (uint32_t i = 0; i <= TED_LINK_SIDS_MAX; i++) {
        adj_sids[i] = (struct ted_adj_sid){.label = TED_LABEL_MAX - i};
        srv6_sids[i] = (struct ted_srv6_sid){.sid = address("2001:db8::1"), .behavior = 5};
    }
    const struct ted_link_spec spec = {
        .from = 0,
        .to = 1,
        .srlgs = srlgs,
        .srlg_count = TED_LINK_SRLGS_MAX + more_srlgs,
        .adj_sids = adj_sids,
        .adj_sid_count = TED_LINK_SIDS_MAX + more_adj_sids,
        .srv6_sids = srv6_sids,
        .srv6_sid_count = TED_LINK_SIDS_MAX + more_srv6_sids,
    };
    struct ted_builder *b = ted_builder_create("");
    add_plain_node(b, "A", 1);
    add_plain_node(b, "B", 2);
    enum pce_status status = try_link(b, &spec, fault);
    ted_builder_destroy(b);
    return status;
}

Test(builder, a_link_holds_each_limit_and_not_one_more)
{
    struct ted_fault fault;
    cr_expect_eq(try_full_link(0, 0, 0, &fault), PCE_OK);
    cr_expect_eq(try_full_link(1, 0, 0, &fault), PCE_LIMIT);
    cr_expect_str_eq(fault.element, "srlgs");
    cr_expect_eq(try_full_link(0, 1, 0, &fault), PCE_LIMIT);
    cr_expect_str_eq(fault.element, "adj-sids");
    cr_expect_eq(try_full_link(0, 0, 1, &fault), PCE_LIMIT);
    cr_expect_str_eq(fault.element, "srv6-sids");
}

/* Filling it for real would take gigabytes: the last two places are what matters. */
Test(builder, a_network_holds_each_limit_and_not_one_more)
{
    struct ted_builder *b = ted_builder_create("");
    struct ted_fault fault;
    add_plain_node(b, "A", 1);
    add_plain_node(b, "B", 2);
    cr_assert_eq(ted_array_reserve(&b->links, TED_LINKS_MAX), PCE_OK);
    b->links.count = TED_LINKS_MAX - 1;
    const struct ted_link_spec link = {.from = 0, .to = 1};
    cr_expect_eq(try_link(b, &link, &fault), PCE_OK);
    cr_expect_eq(try_link(b, &link, &fault), PCE_LIMIT);
    cr_assert_eq(ted_array_reserve(&b->nodes, TED_NODES_MAX), PCE_OK);
    b->nodes.count = TED_NODES_MAX - 1;
    const struct ted_node_spec last = {.name = "C", .router_id_v4 = address("10.0.0.3")};
    const struct ted_node_spec more = {.name = "D", .router_id_v4 = address("10.0.0.4")};
    cr_expect_eq(try_node(b, &last, &fault), PCE_OK);
    cr_expect_eq(try_node(b, &more, &fault), PCE_LIMIT);
    ted_builder_destroy(b);
}
