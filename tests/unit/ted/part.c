/* Blocks that snapshots have in common, and the memory that is kept for the next copy of one. */
#include "core/ted/part.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(part, .timeout = 30);

#define SIZE 1000

static struct ted_part *made(char fill)
{
    struct ted_part *part = ted_part_create(SIZE);
    cr_assert_not_null(part);
    memset(ted_part_data(part), fill, SIZE);
    return part;
}

Test(part, a_copy_says_the_same_in_the_memory_of_the_one_that_went)
{
    struct ted_part *first = made('a'), *second = ted_part_copy(first, 0);
    ted_part_leave(first);
    memset(ted_part_data(second), 'b', SIZE);
    struct ted_part *third = ted_part_copy(second, 0);
    cr_expect_eq(third, first, "it was kept");
    cr_expect_eq(memcmp(ted_part_data(third), ted_part_data(second), SIZE), 0);
    cr_expect_eq(third->users, 1);
    ted_part_leave(second);
    ted_part_leave(third);
}

Test(part, what_is_shared_is_kept_for_nobody)
{
    struct ted_part *first = made('a'), *second = ted_part_copy(first, 0);
    (void)ted_part_share(first);
    ted_part_leave(first);
    struct ted_part *third = ted_part_copy(second, 0);
    cr_expect_neq(third, first);
    cr_expect_eq(ted_part_data(first)[0], 'a');
    ted_part_leave(third);
    ted_part_leave(first);
    ted_part_leave(second);
}

Test(part, one_is_kept_and_a_second_one_is_not)
{
    struct ted_part *first = made('a'), *second = ted_part_copy(first, 0);
    struct ted_part *third = ted_part_copy(second, 0);
    ted_part_leave(first);
    cr_expect_eq(third->spare->part, first);
    ted_part_leave(second);
    cr_expect_eq(third->spare->part, first);
    cr_expect_eq(third->spare->users, 1);
    ted_part_leave(third);
}

Test(part, a_longer_copy_has_memory_of_its_own)
{
    struct ted_part *first = made('a'), *second = ted_part_copy(first, 0);
    ted_part_leave(first);
    struct ted_part *third = ted_part_copy(second, SIZE);
    cr_expect_geq(third->octets, second->octets + SIZE);
    cr_expect_eq(third->made_octets, second->made_octets);
    cr_expect_eq(memcmp(ted_part_data(third), ted_part_data(second), SIZE), 0);
    ted_part_leave(second);
    ted_part_leave(third);
}
