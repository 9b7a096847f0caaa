#include "core/base/arena.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena arena;

static void teardown(void)
{
    arena_fini(&arena);
}

TestSuite(arena, .fini = teardown);

Test(arena, takes_no_memory_before_first_allocation)
{
    arena_init(&arena, 1 << 20);
    cr_assert_eq(arena.size, 0);
    cr_assert_not_null(arena_alloc(&arena, 1));
    cr_assert(arena.size > 0);
}

Test(arena, allocations_are_aligned_and_apart)
{
    arena_init(&arena, 1 << 24);
    uint8_t *previous = NULL;
    size_t previous_size = 0;
    for (size_t size = 0; size < 3000; size++) {
        uint8_t *octets = arena_alloc(&arena, size);
        cr_assert_not_null(octets);
        cr_assert_eq((uintptr_t)octets % 16, 0);
        memset(octets, (int)(size & 0xff), size);
        for (size_t i = 0; i < previous_size; i++)
            cr_assert_eq(previous[i], (uint8_t)(previous_size & 0xff));
        cr_assert_neq(octets, previous);
        previous = octets;
        previous_size = size;
    }
    cr_assert_eq(arena.refused, 0);
}

Test(arena, whole_limit_can_be_had_and_not_one_octet_more)
{
    arena_init(&arena, 1 << 20);
    cr_assert_not_null(arena_alloc(&arena, 1 << 20));
    cr_assert_null(arena_alloc(&arena, 1));
    cr_assert_eq(arena.refused, 1);
    arena_reset(&arena);
    cr_assert_not_null(arena_alloc(&arena, 1));
    arena_reset(&arena);
    cr_assert_null(arena_alloc(&arena, (1 << 20) + 1));
    cr_assert_eq(arena.refused, 2);
    cr_assert_eq(arena.size, 1 << 20);
}

Test(arena, small_allocations_reach_the_limit_without_passing_it)
{
    arena_init(&arena, 100000);
    size_t given = 0;
    while (arena_alloc(&arena, 48) != NULL)
        given += 48;
    cr_assert_leq(arena.size, 100000);
    /* At most one allocation is lost at the end of each of the few blocks. */
    cr_assert_geq(given, 99000);
}

Test(arena, sizes_that_overflow_are_refused)
{
    arena_init(&arena, SIZE_MAX);
    cr_assert_null(arena_alloc(&arena, SIZE_MAX));
    cr_assert_null(arena_alloc(&arena, SIZE_MAX - 8));
    cr_assert_null(arena_alloc_array(&arena, SIZE_MAX / 2, 3));
    cr_assert_null(arena_alloc_array(&arena, (size_t)1 << 33, (size_t)1 << 33));
    cr_assert_eq(arena.refused, 4);
    cr_assert_eq(arena.size, 0);
}

Test(arena, limit_of_zero_refuses_everything)
{
    arena_init(&arena, 0);
    cr_assert_null(arena_alloc(&arena, 0));
    cr_assert_null(arena_alloc(&arena, 1));
    cr_assert_eq(arena.refused, 2);
}

Test(arena, array_is_cleared_after_reset_too)
{
    arena_init(&arena, 1 << 20);
    uint8_t *dirty = arena_alloc(&arena, 4096);
    memset(dirty, 0xff, 4096);
    arena_reset(&arena);
    uint32_t *numbers = ARENA_ARRAY(&arena, uint32_t, 1024);
    cr_assert_eq((void *)numbers, (void *)dirty);
    for (size_t i = 0; i < 1024; i++)
        cr_assert_eq(numbers[i], 0);
}

Test(arena, same_turn_again_takes_no_new_memory)
{
    arena_init(&arena, 1 << 24);
    size_t size = 0;
    for (unsigned turn = 0; turn < 10; turn++) {
        for (size_t i = 0; i < 2000; i++)
            cr_assert_not_null(arena_alloc(&arena, i));
        if (turn > 0)
            cr_assert_eq(arena.size, size);
        size = arena.size;
        arena_reset(&arena);
    }
}

Test(arena, kept_small_blocks_do_not_eat_the_limit_of_a_large_one)
{
    arena_init(&arena, 256 * 1024);
    while (arena_alloc(&arena, 1000) != NULL) {
    }
    arena_reset(&arena);
    cr_assert_not_null(arena_alloc(&arena, 1000));
    cr_assert_not_null(arena_alloc(&arena, 200 * 1024));
    cr_assert_leq(arena.size, 256 * 1024);
}
