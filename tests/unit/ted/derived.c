#include "core/ted/derived.h"

#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct ted_snapshot *make_snapshot(void)
{
    struct ted_builder *builder = ted_builder_create("derived");
    (void)add_plain_node(builder, "a", 1);
    (void)add_plain_node(builder, "b", 2);
    return finish(builder);
}

static struct ted_block *make_block(size_t octets)
{
    struct ted_block *block = calloc(1, octets);
    cr_assert_not_null(block);
    block->octets = octets;
    return block;
}

Test(derived, nothing_is_found_or_kept_where_there_is_no_room_for_it)
{
    struct ted_snapshot *snapshot = make_snapshot();
    struct ted_block *block = make_block(64);
    cr_expect_null(ted_derived_find(snapshot, 1));
    cr_expect_not(ted_derived_has_room(snapshot));
    cr_expect_not(ted_derived_give(snapshot, 1, block));
    free(block);
    ted_snapshot_destroy(snapshot);
}

Test(derived, the_block_of_a_node_that_was_given_last_is_found)
{
    struct ted_snapshot *snapshot = make_snapshot();
    cr_assert(ted_derived_prepare(snapshot, 1000));
    struct ted_block *first = make_block(64), *second = make_block(100);
    cr_assert(ted_derived_give(snapshot, 1, first));
    cr_expect_eq(ted_derived_find(snapshot, 1), first);
    cr_expect_null(ted_derived_find(snapshot, 0));
    cr_assert(ted_derived_give(snapshot, 1, second));
    cr_expect_eq(ted_derived_find(snapshot, 1), second);
    cr_expect_eq(first->octets, 64); /* who has it may go on reading */
    ted_snapshot_destroy(snapshot);
}

Test(derived, a_block_that_does_not_fit_stays_the_givers)
{
    struct ted_snapshot *snapshot = make_snapshot();
    cr_assert(ted_derived_prepare(snapshot, 150));
    struct ted_block *large = make_block(151), *fits = make_block(100);
    cr_expect_not(ted_derived_give(snapshot, 0, large));
    cr_expect(ted_derived_has_room(snapshot));
    cr_expect(ted_derived_give(snapshot, 0, fits));
    cr_expect_not(ted_derived_has_room(snapshot));
    cr_expect_eq(ted_derived_find(snapshot, 0), fits);
    free(large);
    ted_snapshot_destroy(snapshot);
}
