#include "core/reopt/slot_set.h"

#include "tests/lib/random.h"

#include <criterion/criterion.h>

#define SLOTS 1000

Test(slot_set, an_empty_set_has_nothing)
{
    struct slot_set set = {0};
    uint32_t slot;
    cr_expect_not(slot_set_has(&set, 5));
    slot_set_remove(&set, 5);
    cr_expect_not(slot_set_take(&set, &slot));
    slot_set_fini(&set);
}

Test(slot_set, each_slot_is_taken_once_and_in_turn)
{
    struct slot_set set = {0};
    uint32_t slot;
    cr_assert(slot_set_add(&set, 700) && slot_set_add(&set, 3) && slot_set_add(&set, 700));
    cr_expect_eq(set.count, 2);
    cr_assert(slot_set_take(&set, &slot));
    cr_expect_eq(slot, 3);
    cr_assert(slot_set_add(&set, 2)); /* comes when the round has come to it again */
    cr_assert(slot_set_take(&set, &slot));
    cr_assert(slot_set_take(&set, &slot));
    cr_expect_not(slot_set_take(&set, &slot));
    slot_set_fini(&set);
}

Test(slot_set, it_has_what_a_naive_table_has)
{
    struct random rng = test_random_init("slot set", 20260818);
    struct slot_set set = {0};
    bool is_in[SLOTS] = {false};
    for (unsigned round = 0; round < 200000; round++) {
        uint32_t slot = random_below(&rng, SLOTS), kind = random_below(&rng, 3);
        if (kind == 0)
            cr_assert(slot_set_add(&set, slot));
        else if (kind == 1)
            slot_set_remove(&set, slot);
        else if (slot_set_take(&set, &slot))
            cr_assert(is_in[slot]);
        is_in[slot] = kind == 0 || (kind == 2 && is_in[slot] && slot_set_has(&set, slot));
        cr_assert_eq(slot_set_has(&set, slot), is_in[slot]);
    }
    uint32_t count = 0, next = 0;
    for (uint32_t slot = 0; slot < SLOTS; slot++) {
        count += is_in[slot];
        if (!is_in[slot])
            continue;
        cr_assert(slot_set_next(&set, &next));
        cr_assert_eq(next++, slot);
    }
    cr_expect_not(slot_set_next(&set, &next));
    cr_expect_eq(set.count, count);
    slot_set_fini(&set);
}

Test(slot_set, all_of_another_set_are_added_at_once_and_each_counts_once)
{
    struct slot_set set = {0}, more = {0};
    cr_expect(slot_set_add_all(&set, &more), "an empty one");
    for (uint32_t slot = 0; slot < 300; slot += 2)
        cr_assert(slot_set_add(&more, slot));
    for (uint32_t slot = 0; slot < 100; slot++)
        cr_assert(slot_set_add(&set, slot));
    cr_expect(slot_set_add_all(&set, &more));
    cr_expect_eq(set.count, 200);
    cr_expect_eq(more.count, 150);
    for (uint32_t slot = 0; slot < 300; slot++)
        cr_assert_eq(slot_set_has(&set, slot), slot < 100 || slot % 2 == 0);
    slot_set_fini(&set);
    slot_set_fini(&more);
}
