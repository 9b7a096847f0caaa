/* What is told of a link whose node begins or ends to carry transit. */
#include "core/ted/link_change.h"

#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct ted_snapshot *pair_where_a_is(const char *overload)
{
    char text[256];
    int size = snprintf(text, sizeof text,
                        "nodes: [{name: A, router-id: 10.0.0.1, overload: %s}, "
                        "{name: B, router-id: 10.0.0.2}]\nlinks: [{from: A, to: B}]\n",
                        overload);
    return read_text(text, (size_t)size);
}

Test(link_change, links_that_leave_an_overloaded_node_are_worse_and_better_afterwards)
{
    struct ted_snapshot *plain = pair_where_a_is("false"), *overloaded = pair_where_a_is("true");
    cr_expect_eq(ted_link_change(plain, 0, overloaded, 0), TED_LINK_WORSE);
    cr_expect_eq(ted_link_change(overloaded, 0, plain, 0), TED_LINK_BETTER);
    cr_expect_eq(ted_link_change(plain, 1, overloaded, 1), 0);
    ted_snapshot_destroy(plain);
    ted_snapshot_destroy(overloaded);
}

static struct ted_snapshot *pair_with(const char *of_node, const char *of_link)
{
    char text[256];
    int size = snprintf(text, sizeof text,
                        "nodes: [{name: A, router-id: 10.0.0.1, %s}, "
                        "{name: B, router-id: 10.0.0.2}]\nlinks: [{from: A, to: B, %s}]\n",
                        of_node, of_link);
    return read_text(text, (size_t)size);
}

Test(link_change, what_a_link_has_for_flexible_algorithms_may_be_better_or_worse)
{
    struct ted_snapshot *one = pair_with("overload: false", "flex-attributes: {te-metric: 1}");
    struct ted_snapshot *other = pair_with("overload: false", "flex-attributes: {te-metric: 2}");
    struct ted_snapshot *red = pair_with("overload: false", "flex-attributes: {admin-group: [99]}");
    cr_expect_eq(ted_link_change(one, 0, other, 0), TED_LINK_WORSE);
    cr_expect_eq(ted_link_change(other, 0, one, 0), TED_LINK_BETTER);
    cr_expect_eq(ted_link_change(one, 0, red, 0), TED_LINK_WORSE | TED_LINK_BETTER);
    cr_expect_eq(ted_link_change(one, 0, one, 0), 0);
    cr_expect_not(ted_labels_differ(one, other));
    ted_snapshot_destroy(red);
    ted_snapshot_destroy(one);
    ted_snapshot_destroy(other);
}

Test(link_change, another_definition_or_participation_leads_labels_elsewhere)
{
    static const char *const nodes[] = {
        "overload: false", "algorithms: [0, 128]", "algorithms: [0, 129]",
        "flex-algorithms: [{algorithm: 128}]", "flex-algorithms: [{algorithm: 128, metric: te}]"};
    struct ted_snapshot *snapshots[5];
    for (size_t i = 0; i < 5; i++)
        snapshots[i] = pair_with(nodes[i], "igp-metric: 1");
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 5; j++)
            cr_expect_eq(ted_labels_differ(snapshots[i], snapshots[j]), i != j);
    for (size_t i = 0; i < 5; i++)
        ted_snapshot_destroy(snapshots[i]);
}

Test(link_change, what_was_measured_is_better_or_worse_and_nothing_is_the_worst)
{
    static const char *const links[][2] = {{"loss: 0.3", "loss: 0.6"},
                                           {"delay-variation: 1", "delay-variation: 2"},
                                           {"delay-range: [1, 9]", "delay-range: [2, 9]"},
                                           {"loss: 50", "igp-metric: 10"}};
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        struct ted_snapshot *one = pair_with("overload: false", links[i][0]);
        struct ted_snapshot *other = pair_with("overload: false", links[i][1]);
        cr_expect_eq(ted_link_change(one, 0, other, 0), TED_LINK_WORSE, "%s", links[i][0]);
        cr_expect_eq(ted_link_change(other, 0, one, 0), TED_LINK_BETTER, "%s", links[i][0]);
        ted_snapshot_destroy(one);
        ted_snapshot_destroy(other);
    }
}
