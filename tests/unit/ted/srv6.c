/* SRv6 SIDs of a network: whose they are, and which a segment list may name. */
#include "core/ted/link_change.h"
#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>

static uint32_t add_node(struct ted_builder *builder, const char *name, uint32_t n,
                         const struct ted_srv6_sid *sids, uint32_t count)
{
    struct ted_fault fault;
    uint32_t index;
    const struct ted_node_spec spec = {.name = name,
                                       .router_id_v4 = ip_from_u32(0x0a000000 + n),
                                       .srv6_sids = sids,
                                       .srv6_sid_count = count};
    cr_assert_eq(ted_builder_add_node(builder, &spec, &index, &fault), PCE_OK);
    return index;
}

static void join(struct ted_builder *builder, uint32_t from, uint32_t to,
                 const struct ted_srv6_sid *sids, uint32_t count)
{
    struct ted_fault fault;
    uint32_t index;
    const struct ted_link_spec spec = {
        .from = from, .to = to, .igp_metric = 1, .srv6_sids = sids, .srv6_sid_count = count};
    cr_assert_eq(ted_builder_add_link(builder, &spec, &index, &fault), PCE_OK);
}

Test(srv6, a_sid_of_two_nodes_or_links_is_of_neither)
{
    const struct ted_srv6_sid own = {.sid = address("fc00:1:1::"), .behavior = 1};
    const struct ted_srv6_sid anycast = {.sid = address("fc00:ff::"), .behavior = 28};
    const struct ted_srv6_sid both[] = {own, anycast};
    const struct ted_srv6_sid end_x = {.sid = address("fc00:1:e::"), .behavior = 5};
    struct ted_builder *builder = ted_builder_create("");
    add_node(builder, "A", 1, both, 2);
    add_node(builder, "B", 2, &anycast, 1);
    add_node(builder, "C", 3, &anycast, 1);
    join(builder, 0, 1, &end_x, 1);
    join(builder, 0, 2, &end_x, 1);
    join(builder, 0, 2, &own, 1);
    struct ted_snapshot *s = finish(builder);
    for (uint32_t i = 0; i < 4; i++)
        cr_expect_eq(s->srv6_sids[i].is_shared, true, "SID %u", i);
    cr_expect_null(ted_find_end_sid(s, 0, 0), "a link has it, too");
    cr_expect_null(ted_find_end_sid(s, 2, 0));
    cr_expect_null(ted_find_end_x_sid(s, 0, 0, TED_UNPROTECTED_PREFERRED));
    cr_expect_null(ted_find_end_x_sid(s, 1, 0, TED_UNPROTECTED_PREFERRED));
    ted_snapshot_destroy(s);
}

Test(srv6, a_sid_that_its_node_names_twice_is_its_own)
{
    const struct ted_srv6_sid twice[] = {{.sid = address("fc00:1:1::"), .behavior = 43},
                                         {.sid = address("fc00:1:1::"), .behavior = 1}};
    struct ted_builder *builder = ted_builder_create("");
    add_node(builder, "A", 1, twice, 2);
    struct ted_snapshot *s = finish(builder);
    cr_assert_not_null(ted_find_end_sid(s, 0, 0));
    cr_expect_eq(ted_find_end_sid(s, 0, 0)->behavior, 1);
    cr_expect_null(ted_find_end_sid(s, 0, 128));
    ted_snapshot_destroy(s);
}

/* One node with a SID, and a link of it with another one. */
static struct ted_snapshot *network_of(const struct ted_srv6_sid *end,
                                       const struct ted_srv6_sid *end_x)
{
    struct ted_builder *builder = ted_builder_create("");
    add_node(builder, "A", 1, end, 1);
    add_plain_node(builder, "B", 2);
    join(builder, 0, 1, end_x, 1);
    return finish(builder);
}

Test(srv6, what_lists_may_name_of_a_sid_is_a_change_where_it_changes)
{
    const struct ted_srv6_sid plain = {.sid = address("fc00:1:1::"), .behavior = 1};
    const struct ted_srv6_sid link = {.sid = address("fc00:1:e::"), .behavior = 5};
    struct ted_srv6_sid others[4] = {link, link, link, link};
    others[0].sid = address("fc00:1:f::");
    others[1].behavior = 6;
    others[2].algorithm = 128;
    others[3].is_protected = true;
    struct ted_snapshot *before = network_of(&plain, &link), *same = network_of(&plain, &link);
    cr_expect_eq(ted_link_change(before, 0, same, 0), 0);
    cr_expect_not(ted_labels_differ(before, same));
    for (uint32_t i = 0; i < 4; i++) {
        struct ted_snapshot *after = network_of(&others[i], &others[i]);
        cr_expect_neq(ted_link_change(before, 0, after, 0) & TED_LINK_RELABELLED, 0, "%u", i);
        cr_expect(ted_labels_differ(before, after), "%u", i);
        ted_snapshot_destroy(after);
    }
    ted_snapshot_destroy(before);
    ted_snapshot_destroy(same);
}
