/* Which definition of a flexible algorithm counts, and how many have a view; what a view is, is tried in
 * tests/unit/path/flex.c. */
#include "core/ted/flex.h"

#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define READ(text) read_text(text, sizeof text - 1)

static uint32_t winner_of(struct ted_snapshot *snapshot, uint8_t algorithm)
{
    struct ted_flex_winners winners;
    ted_flex_find_winners(snapshot, &winners);
    uint32_t node = winners.of[algorithm] == NULL ? TED_NONE : winners.nodes[algorithm];
    ted_snapshot_destroy(snapshot);
    return node;
}

Test(flex, the_greatest_priority_counts)
{
    struct ted_snapshot *s = READ(
        "nodes: [{name: A, router-id: 10.0.0.3, flex-algorithms: [{algorithm: 128, priority: 9}]},"
        "{name: B, router-id: 10.0.0.1, flex-algorithms: [{algorithm: 128, priority: 10}]},"
        "{name: C, router-id: 10.0.0.4, flex-algorithms: [{algorithm: 129, priority: 11}]}]");
    cr_expect_eq(winner_of(s, 128), 1);
}

Test(flex, of_one_priority_the_greatest_router_id_counts)
{
    struct ted_snapshot *s =
        READ("nodes: [{name: A, router-id: 10.0.0.1, flex-algorithms: [{algorithm: 128}]},"
             "{name: B, router-id: 10.0.0.3, flex-algorithms: [{algorithm: 128}]},"
             "{name: C, router-id: 10.0.0.2, flex-algorithms: [{algorithm: 128}]}]");
    cr_expect_eq(winner_of(s, 128), 1);
}

Test(flex, an_algorithm_that_nobody_defines_has_no_winner)
{
    cr_expect_eq(winner_of(READ("nodes: [{name: A, router-id: 10.0.0.1}]"), 128), TED_NONE);
}

/* One node that takes part in so many algorithms, and defines them. */
static struct ted_snapshot *make_views(uint32_t count)
{
    struct ted_builder *builder = ted_builder_create("many");
    struct ted_flex_definition flexes[TED_FLEX_VIEWS_MAX + 1] = {{0}};
    uint8_t algorithms[TED_FLEX_VIEWS_MAX + 1];
    struct ted_fault fault;
    uint32_t index;
    for (uint32_t i = 0; i < count; i++)
        algorithms[i] = flexes[i].algorithm = (uint8_t)(128 + i);
    struct ted_node_spec spec = {.name = "A",
                                 .router_id_v4 = address("10.0.0.1"),
                                 .algorithms = algorithms,
                                 .algorithm_count = count,
                                 .flexes = flexes,
                                 .flex_count = count};
    cr_assert_eq(ted_builder_add_node(builder, &spec, &index, &fault), PCE_OK);
    struct ted_snapshot *snapshot = finish(builder);
    cr_assert_eq(ted_flex_views_make(snapshot), PCE_OK);
    return snapshot;
}

Test(flex, so_many_algorithms_have_a_view_and_one_more_is_counted)
{
    struct ted_snapshot *all = make_views(TED_FLEX_VIEWS_MAX);
    cr_expect_eq(all->flex_views->left_out, 0);
    cr_expect_not_null(ted_flex_view_of(all, 128 + TED_FLEX_VIEWS_MAX - 1));
    ted_snapshot_destroy(all);
    struct ted_snapshot *more = make_views(TED_FLEX_VIEWS_MAX + 1);
    cr_expect_eq(more->flex_views->left_out, 1);
    cr_expect_null(ted_flex_view_of(more, 128 + TED_FLEX_VIEWS_MAX));
    ted_snapshot_destroy(more);
}

Test(flex, what_is_not_known_makes_no_view)
{
    const struct ted_flex_definition known = {.algorithm = 128, .metric_type = TED_FLEX_TE};
    struct ted_flex_definition other = known;
    cr_expect(ted_flex_is_known(&known));
    other.metric_type = TED_FLEX_TE + 1;
    cr_expect_not(ted_flex_is_known(&other));
    other = known;
    other.calculation_type = 1;
    cr_expect_not(ted_flex_is_known(&other));
    other = known;
    other.is_partial = 1;
    cr_expect_not(ted_flex_is_known(&other));
}
