/* What wheel_validate and map_validate find: each kind of damage, done by hand. */
#include "core/base/validate.h"
#include "core/base/map.h"
#include "core/base/wheel.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

Test(validate, walks_once_what_was_paid_for)
{
    uint64_t owed = 0;
    unsigned walks = 0;
    for (int i = 0; i < 100; i++) {
        if (validate_pay(&owed, 64)) {
            walks++;
            owed = 640; /* what the walk has cost */
        }
    }
    cr_assert_eq(walks, 10);
    for (int i = 0; i < 100; i++) {
        owed = 64;
        cr_assert(validate_pay(&owed, 64), "a small structure is looked at each time");
    }
}

#ifdef PCED_VALIDATE

/* ---- the wheel ---- */

#define TIMERS 5

static struct wheel wheel;
static struct wheel_timer timers[TIMERS];

static struct mono ms(uint64_t count)
{
    return (struct mono){count * MONO_NS_PER_MS};
}

static void on_fire(struct wheel_timer *timer, struct mono now)
{
    (void)timer;
    (void)now;
}

/* One timer at each level, and one that waits to fire at once. */
static void setup_wheel(void)
{
    static const uint64_t deadlines_ms[TIMERS] = {1010, 2000, 100000, 20000000, 1000};
    wheel_init(&wheel, ms(1000));
    for (int i = 0; i < TIMERS; i++) {
        wheel_timer_init(&timers[i], on_fire);
        wheel_start(&wheel, &timers[i], ms(deadlines_ms[i]));
    }
    (void)wheel_validate(&wheel);
}

TestSuite(wheel_validate, .init = setup_wheel);

Test(wheel_validate, a_good_wheel_passes_and_costs_what_it_has)
{
    cr_assert_eq(wheel_validate(&wheel), 2 + 4 + TIMERS); /* four slots */
    wheel_turn(&wheel, ms(30000));
    cr_assert_eq(wheel.count, 2);
    cr_assert_geq(wheel_validate(&wheel), 2 + 2 + 2);
}

Test(wheel_validate, finds_a_count_that_is_off, .signal = SIGABRT)
{
    wheel.count++;
    (void)wheel_validate(&wheel);
}

Test(wheel_validate, finds_a_bit_that_is_missing, .signal = SIGABRT)
{
    memset(wheel.occupied, 0, sizeof wheel.occupied);
    (void)wheel_validate(&wheel);
}

Test(wheel_validate, finds_a_first_tick_that_is_late, .signal = SIGABRT)
{
    (void)wheel_turn(&wheel, ms(1000));
    cr_assert_eq(wheel_next(&wheel).ns, ms(1010).ns);
    wheel.next_ms++;
    (void)wheel_validate(&wheel);
}

Test(wheel_validate, finds_a_deadline_before_its_slot, .signal = SIGABRT)
{
    timers[2].deadline_ms = 1001;
    (void)wheel_validate(&wheel);
}

Test(wheel_validate, finds_a_link_that_points_elsewhere, .signal = SIGABRT)
{
    timers[1].link.prev = &timers[2].link;
    (void)wheel_validate(&wheel);
}

/* The memory of a timer that was not stopped is used for something else. */
Test(wheel_validate, finds_a_timer_that_is_gone, .signal = SIGABRT)
{
    memset(&timers[1].deadline_ms, 0, sizeof timers[1] - offsetof(struct wheel_timer, deadline_ms));
    (void)wheel_validate(&wheel);
}

Test(wheel_validate, finds_what_a_turn_has_left_due, .signal = SIGABRT)
{
    list_remove(&timers[0].link);
    list_push_back(&wheel.due, &timers[0].link);
    (void)wheel_validate(&wheel);
}

Test(wheel_validate, is_run_by_the_wheel_itself, .signal = SIGABRT)
{
    wheel.count++;
    for (int i = 0; i < 100; i++)
        wheel_start(&wheel, &timers[0], ms(i % 2 == 0 ? 1005 : 1010));
}

/* ---- the map ---- */

#define ITEMS 40 /* more than 32, and few of these have been moved */

static struct map map;
static struct map_node items[ITEMS];

static bool is_equal(const struct map_node *node, const void *key)
{
    return node == key;
}

static void insert(size_t index)
{
    cr_assert_eq(map_insert(&map, &items[index], index, &items[index]), PCE_OK);
}

/* Stops right after the map began to grow, so that there are two arrays. */
static void setup_map(void)
{
    map_init(&map, is_equal, ITEMS);
    for (size_t i = 0; i < 33; i++)
        insert(i);
    cr_assert_not_null(map.old_buckets);
    (void)map_validate(&map);
}

static void teardown_map(void)
{
    map_fini(&map);
}

TestSuite(map_validate, .init = setup_map, .fini = teardown_map);

Test(map_validate, a_good_map_passes_and_costs_what_it_has)
{
    cr_assert_eq(map_validate(&map), 64 + 32 + 33);
    for (size_t i = 33; i < ITEMS; i++)
        insert(i);
    cr_assert_null(map_remove(&map, 99, &map));
    cr_assert_null(map.old_buckets);
    cr_assert_eq(map_validate(&map), 64 + ITEMS);
}

Test(map_validate, finds_a_count_that_is_off, .signal = SIGABRT)
{
    map.count--;
    (void)map_validate(&map);
}

Test(map_validate, finds_more_than_there_may_be, .signal = SIGABRT)
{
    map.count_max = 32;
    (void)map_validate(&map);
}

Test(map_validate, finds_a_node_in_a_wrong_bucket, .signal = SIGABRT)
{
    items[20].hash ^= 1;
    (void)map_validate(&map);
}

Test(map_validate, finds_a_node_that_was_not_moved, .signal = SIGABRT)
{
    map.buckets[20] = map.old_buckets[20];
    map.old_buckets[20] = NULL;
    (void)map_validate(&map);
}

Test(map_validate, finds_a_chain_that_is_a_circle, .signal = SIGABRT)
{
    items[20].next = &items[20];
    (void)map_validate(&map);
}

Test(map_validate, finds_an_array_of_a_wrong_size, .signal = SIGABRT)
{
    map.old_bucket_index = map.old_bucket_count;
    (void)map_validate(&map);
}

Test(map_validate, is_run_by_the_map_itself, .signal = SIGABRT)
{
    map.count--;
    for (int i = 0; i < 100; i++)
        (void)map_remove(&map, 99, &map);
}

#endif
