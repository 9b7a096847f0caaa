#include "core/reopt/slot_queue.h"

#include "tests/lib/random.h"

#include <criterion/criterion.h>

#define SLOTS 500

TestSuite(slot_queue, .timeout = 60);

Test(slot_queue, an_empty_queue_has_nothing)
{
    struct slot_queue queue = {0};
    uint32_t slot;
    slot_queue_remove(&queue, 7);
    cr_expect_not(slot_queue_take(&queue, &slot));
    cr_expect_not(slot_queue_peek(&queue, 0, &slot));
    slot_queue_fini(&queue);
}

Test(slot_queue, the_lowest_rank_is_first_and_one_that_is_in_it_keeps_its_rank)
{
    struct slot_queue queue = {0};
    uint32_t slot;
    cr_assert(slot_queue_add(&queue, 1, 30) && slot_queue_add(&queue, 2, 10) &&
              slot_queue_add(&queue, 3, 20) && slot_queue_add(&queue, 1, 0));
    cr_expect_eq(slot_queue_count(&queue), 3);
    cr_assert(slot_queue_take(&queue, &slot));
    cr_expect_eq(slot, 2);
    cr_assert(slot_queue_take(&queue, &slot));
    cr_expect_eq(slot, 3);
    cr_assert(slot_queue_take(&queue, &slot));
    cr_expect_eq(slot, 1);
    cr_expect_not(slot_queue_take(&queue, &slot));
    slot_queue_fini(&queue);
}

Test(slot_queue, what_leaves_it_again_and_again_does_not_make_it_grow)
{
    struct slot_queue queue = {0};
    for (uint32_t i = 0; i < 100000; i++) {
        cr_assert(slot_queue_add(&queue, i % 3, i));
        if (i % 5 != 0)
            slot_queue_remove(&queue, i % 3);
    }
    cr_expect_lt(queue.heap_room, 300);
    slot_queue_fini(&queue);
}

Test(slot_queue, each_is_taken_once_and_by_rank)
{
    struct random rng = test_random_init("slot queue", 20261130);
    struct slot_queue queue = {0};
    bool is_in[SLOTS] = {false};
    uint64_t ranks[SLOTS] = {0};
    uint32_t count = 0, slot;
    for (unsigned round = 0; round < 100000; round++) {
        slot = random_below(&rng, SLOTS);
        uint32_t kind = random_below(&rng, 4);
        if (kind < 2 && !is_in[slot]) {
            /* The same one for good: what leaves otherwise may come with the rank of before. */
            ranks[slot] = slot % 7;
            cr_assert(slot_queue_add(&queue, slot, ranks[slot]));
            is_in[slot] = true;
            count++;
        } else if (kind == 2) {
            slot_queue_remove(&queue, slot);
            count -= is_in[slot];
            is_in[slot] = false;
        } else if (kind == 3 && slot_queue_take(&queue, &slot)) {
            cr_assert(is_in[slot]);
            for (uint32_t other = 0; other < SLOTS; other++)
                cr_assert(!is_in[other] || ranks[other] >= ranks[slot]);
            is_in[slot] = false;
            count--;
        }
        cr_assert_eq(slot_queue_count(&queue), count);
    }
    slot_queue_fini(&queue);
}
