/* A snapshot of which nodes are patched: what they have, how they are found, and what is refused. */
#include "core/ted/patch.h"

#include "core/ted/link_numbers.h"
#include "core/ted/patch_impl.h"
#include "core/ted/recent.h"
#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(patch_nodes, .timeout = 60);

#define NODES 40

/* Nodes in a row, each with a prefix SID of its number and an SRv6 SID. */
struct row {
    struct ted_snapshot *snapshot;
    struct ted_node_spec specs[NODES];
    char names[NODES][8];
    struct ted_srgb srgb;
    struct ted_prefix_sid sids[NODES];
    struct ted_srv6_sid srv6_sids[NODES];
};

static void row_describe(struct row *row, uint32_t i)
{
    struct ip sid = address("2001:db8:f::");
    sid.octets[15] = (uint8_t)i;
    snprintf(row->names[i], sizeof row->names[i], "n%u", i);
    row->sids[i] = (struct ted_prefix_sid){.family = IP_V4, .index = i};
    row->srv6_sids[i] = (struct ted_srv6_sid){.sid = sid, .behavior = 1};
    row->specs[i] = (struct ted_node_spec){.name = row->names[i],
                                           .router_id_v4 = ip_from_u32(0x0a000000 + i),
                                           .srgbs = &row->srgb,
                                           .srgb_count = 1,
                                           .prefix_sids = &row->sids[i],
                                           .prefix_sid_count = 1,
                                           .srv6_sids = &row->srv6_sids[i],
                                           .srv6_sid_count = 1};
}

static void row_make(struct row *row)
{
    struct ted_builder *builder = ted_builder_create("row");
    struct ted_fault fault;
    uint32_t index;
    row->srgb = (struct ted_srgb){16000, 1000};
    for (uint32_t i = 0; i < NODES; i++) {
        row_describe(row, i);
        cr_assert_eq(ted_builder_add_node(builder, &row->specs[i], &index, &fault), PCE_OK);
    }
    for (uint32_t i = 0; i + 1 < NODES; i++) {
        struct ted_link_spec link = {.from = i, .to = i + 1, .igp_metric = 10, .te_metric = 10};
        cr_assert_eq(ted_builder_add_link(builder, &link, &index, &fault), PCE_OK);
        link.from = i + 1;
        link.to = i;
        cr_assert_eq(ted_builder_add_link(builder, &link, &index, &fault), PCE_OK);
    }
    row->snapshot = finish(builder);
}

/* The next snapshot in the place of the one before. */
static enum pce_status row_patch(struct row *row, uint32_t node)
{
    const struct ted_patch_node item = {.node = node, .spec = &row->specs[node]};
    const struct ted_patch patch = {.nodes = &item, .node_count = 1};
    struct ted_snapshot *after;
    enum pce_status status = ted_snapshot_patch_all(row->snapshot, &patch, &after);
    if (status != PCE_OK)
        return status;
    ted_snapshot_destroy(row->snapshot);
    row->snapshot = after;
    return PCE_OK;
}

Test(patch_nodes, an_address_and_a_sid_come_and_go)
{
    struct row row;
    struct ip extra = address("10.9.0.1");
    uint32_t node;
    row_make(&row);
    row.specs[3].addresses = &extra;
    row.specs[3].address_count = 1;
    row.sids[3].index = 900;
    cr_assert_eq(row_patch(&row, 3), PCE_OK);
    cr_expect_eq(ted_find_node_by_address(row.snapshot, &extra), 3);
    cr_expect_not_null(ted_find_sid_of_index(row.snapshot, 900, &node));
    cr_expect_eq(node, 3);
    cr_expect_null(ted_find_sid_of_index(row.snapshot, 3, &node));
    cr_expect(row.snapshot->delta->is_relabelled);
    row.specs[3].address_count = row.specs[3].prefix_sid_count = 0;
    cr_assert_eq(row_patch(&row, 3), PCE_OK);
    cr_expect_eq(ted_find_node_by_address(row.snapshot, &extra), TED_NONE);
    cr_expect_null(ted_find_sid_of_index(row.snapshot, 900, &node));
    cr_expect_eq(ted_find_node_by_address(row.snapshot, &row.specs[3].router_id_v4), 3);
    ted_snapshot_destroy(row.snapshot);
}

Test(patch_nodes, one_gives_up_what_another_one_takes_at_once)
{
    struct row row;
    uint32_t node;
    row_make(&row);
    const struct ted_patch_node items[] = {{4, &row.specs[4]}, {5, &row.specs[5]}};
    const struct ted_patch patch = {.nodes = items, .node_count = 2};
    struct ted_snapshot *after;
    row.sids[4].index = 5;
    row.sids[5].index = 4;
    cr_assert_eq(ted_snapshot_patch_all(row.snapshot, &patch, &after), PCE_OK);
    cr_expect_not_null(ted_find_sid_of_index(after, 5, &node));
    cr_expect_eq(node, 4);
    cr_expect_not_null(ted_find_sid_of_index(after, 4, &node));
    cr_expect_eq(node, 5);
    ted_snapshot_destroy(after);
    ted_snapshot_destroy(row.snapshot);
}

Test(patch_nodes, a_node_is_found_by_its_new_name_alone)
{
    struct row row;
    row_make(&row);
    const struct ted_node *before = row.snapshot->nodes;
    row.specs[7].name = "a-name-that-is-longer-than-all-others";
    cr_assert_eq(row_patch(&row, 7), PCE_OK);
    cr_expect_neq(row.snapshot->nodes, before);
    cr_expect_eq(ted_find_node_by_name(row.snapshot, row.specs[7].name), 7);
    cr_expect_eq(ted_find_node_by_name(row.snapshot, "n7"), TED_NONE);
    for (uint32_t i = 0; i < NODES; i++)
        cr_expect_str_eq(row.snapshot->nodes[i].name, row.specs[i].name);
    cr_expect_str_eq(row.snapshot->name, "row");
    row.specs[7].name = "n7";
    cr_assert_eq(row_patch(&row, 7), PCE_OK);
    cr_expect_eq(ted_find_node_by_name(row.snapshot, "n7"), 7);
    ted_snapshot_destroy(row.snapshot);
}

Test(patch_nodes, answers_outlive_a_name_and_not_a_sid)
{
    struct row row;
    row_make(&row);
    row.specs[7].name = "other";
    cr_assert_eq(row_patch(&row, 7), PCE_OK);
    cr_expect_eq(row.snapshot->recent->since, 0);
    cr_expect_not(row.snapshot->delta->is_relabelled);
    row.sids[7].index = 500;
    cr_assert_eq(row_patch(&row, 7), PCE_OK);
    cr_expect_eq(row.snapshot->recent->since, row.snapshot->turn);
    ted_snapshot_destroy(row.snapshot);
}

Test(patch_nodes, links_of_a_node_that_carries_no_transit_are_its_own)
{
    struct row row;
    row_make(&row);
    row.specs[7].is_overloaded = true;
    cr_assert_eq(row_patch(&row, 7), PCE_OK);
    cr_expect(row.snapshot->has_first_only);
    for (uint32_t i = 0; i < row.snapshot->edge_count; i++) {
        const struct ted_link *link = &row.snapshot->links[row.snapshot->edges[i].link];
        cr_expect_eq(link->is_first_only, link->from == 7);
        cr_expect_eq(row.snapshot->edges[i].is_first_only, link->from == 7);
    }
    cr_expect_eq(row.snapshot->delta->count, 2);
    row.specs[7].is_overloaded = false;
    cr_assert_eq(row_patch(&row, 7), PCE_OK);
    cr_expect_not(row.snapshot->has_first_only);
    ted_snapshot_destroy(row.snapshot);
}

Test(patch_nodes, refuses_what_another_node_has)
{
    struct row row;
    row_make(&row);
    const struct row good = row;
    row.sids[7].index = 8;
    cr_expect_eq(row_patch(&row, 7), PCE_UNSUPPORTED, "an index");
    row.sids[7] = good.sids[7];
    row.specs[7].name = "n8";
    cr_expect_eq(row_patch(&row, 7), PCE_UNSUPPORTED, "a name");
    row.specs[7] = good.specs[7];
    row.srv6_sids[7].sid = row.srv6_sids[8].sid;
    cr_expect_eq(row_patch(&row, 7), PCE_UNSUPPORTED, "an SRv6 SID");
    row.srv6_sids[7] = good.srv6_sids[7];
    row.specs[7].addresses = &row.specs[8].router_id_v4;
    row.specs[7].address_count = 1;
    cr_expect_eq(row_patch(&row, 7), PCE_UNSUPPORTED, "an address");
    row.specs[7] = good.specs[7];
    row.specs[7].router_id_v4 = address("10.9.0.1");
    cr_expect_eq(row_patch(&row, 7), PCE_UNSUPPORTED, "another router id");
    row.specs[7] = good.specs[7];
    row.sids[7].index = TED_LABEL_MAX + 1;
    cr_expect_eq(row_patch(&row, 7), PCE_UNSUPPORTED, "no index at all");
    ted_snapshot_destroy(row.snapshot);
}

/* An SRv6 SID that flaps finds its place again. */
Test(patch_nodes, a_locator_flaps_for_as_long_as_it_likes)
{
    struct row row;
    row_make(&row);
    for (unsigned i = 0; i < 2000; i++) {
        row.specs[7].srv6_sid_count = i % 2;
        cr_assert_eq(row_patch(&row, 7), PCE_OK);
    }
    cr_expect_eq(row.snapshot->nodes[7].srv6_sids.count, 1);
    cr_expect_eq(memcmp(&row.snapshot->srv6_sids[row.snapshot->nodes[7].srv6_sids.first].sid,
                        &row.srv6_sids[7].sid, sizeof(struct ip)),
                 0);
    ted_snapshot_destroy(row.snapshot);
}

/* Lists that grow leave something behind each time; that has an end. */
Test(patch_nodes, a_part_that_grows_is_refused_at_its_limit)
{
    struct row row;
    struct ted_flex_definition flexes[TED_NODE_FLEXES_MAX];
    enum pce_status status = PCE_OK;
    size_t octets = 0;
    row_make(&row);
    const size_t made = row.snapshot->parts[TED_PART_GROUND]->octets;
    memset(flexes, 0, sizeof flexes);
    for (unsigned i = 0; i < TED_NODE_FLEXES_MAX; i++)
        flexes[i].algorithm = (uint8_t)(TED_FLEX_ALGORITHM_MIN + i);
    for (unsigned turn = 0; turn < 10000 && status == PCE_OK; turn++) {
        row.specs[turn % NODES].flexes = flexes;
        row.specs[turn % NODES].flex_count = (turn / NODES + 1) * 2;
        octets = row.snapshot->parts[TED_PART_GROUND]->octets;
        status = row_patch(&row, turn % NODES);
    }
    cr_expect_eq(status, PCE_UNSUPPORTED);
    cr_expect_leq(octets, 2 * made + 262144);
    ted_snapshot_destroy(row.snapshot);
}

/* ---- many SRv6 SIDs at once ---- */

#define MANY       7072
#define MANY_MOVED 7070 /* of them, each compared with all */

_Static_assert((uint64_t)MANY_MOVED *MANY <= PATCH_SIDS_COMPARED_MAX &&
                   (uint64_t)(MANY_MOVED + 1) * MANY > PATCH_SIDS_COMPARED_MAX,
               "the last that fits");

struct many {
    struct ted_srv6_sid sids[MANY];
    struct ted_node_spec specs[MANY];
    struct ted_patch_node items[MANY];
    char names[MANY][8];
};

static void many_describe(struct many *many, uint32_t i, uint32_t sid)
{
    struct ip address_of_sid = address("2001:db8:f::");
    memcpy(address_of_sid.octets + 8, &sid, sizeof sid);
    snprintf(many->names[i], sizeof many->names[i], "n%u", i);
    many->sids[i] = (struct ted_srv6_sid){.sid = address_of_sid, .behavior = 1};
    many->specs[i] = (struct ted_node_spec){.name = many->names[i],
                                            .router_id_v4 = ip_from_u32(0x0a000000 + i),
                                            .srv6_sids = &many->sids[i],
                                            .srv6_sid_count = 1};
    many->items[i] = (struct ted_patch_node){.node = i, .spec = &many->specs[i]};
}

Test(patch_nodes, as_many_srv6_sids_as_are_worth_comparing_move_at_once_and_no_more)
{
    struct many *many = calloc(1, sizeof *many);
    struct ted_builder *builder = ted_builder_create("many");
    struct ted_patch patch = {.nodes = many->items, .node_count = MANY_MOVED};
    struct ted_snapshot *snapshot, *after;
    struct ted_fault fault;
    uint32_t index;
    for (uint32_t i = 0; i < MANY; i++) {
        many_describe(many, i, i);
        cr_assert_eq(ted_builder_add_node(builder, &many->specs[i], &index, &fault), PCE_OK);
    }
    snapshot = finish(builder);
    for (uint32_t i = 0; i < MANY; i++)
        many_describe(many, i, MANY + i);
    cr_assert_eq(ted_snapshot_patch_all(snapshot, &patch, &after), PCE_OK);
    ted_snapshot_destroy(after);
    patch.node_count++;
    cr_expect_eq(ted_snapshot_patch_all(snapshot, &patch, &after), PCE_UNSUPPORTED);
    ted_snapshot_destroy(snapshot);
    free(many);
}
