#include "core/base/random.h"

#include <criterion/criterion.h>

/* What the generator's authors publish for this seed. */
Test(random, seed_gives_the_published_numbers)
{
    struct random random = {1234567};
    cr_assert_eq(random_u64(&random), UINT64_C(6457827717110365317));
    cr_assert_eq(random_u64(&random), UINT64_C(3203168211198807973));
    cr_assert_eq(random_u64(&random), UINT64_C(9817491932198370423));
}

Test(random, number_below_an_end_reaches_both_ends)
{
    struct random random = {1};
    unsigned seen[3] = {0};
    for (unsigned i = 0; i < 300; i++)
        seen[random_below(&random, 3)]++;
    for (unsigned i = 0; i < 3; i++)
        cr_assert_gt(seen[i], 50u);
    cr_assert_eq(random_below(&random, 1), 0u);
    cr_assert_eq(random_below(&random, 0), 0u);
}

Test(random, part_is_below_one)
{
    struct random random = {1};
    double sum = 0;
    for (unsigned i = 0; i < 1000; i++) {
        double part = random_part(&random);
        cr_assert(part >= 0 && part < 1);
        sum += part;
    }
    cr_assert(sum > 450 && sum < 550);
}
