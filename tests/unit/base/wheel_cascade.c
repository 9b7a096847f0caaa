/* Very many timers in one slot: the work of a tick stays bounded, and so does the lateness. */
#include "core/base/wheel.h"

#include <criterion/criterion.h>
#include <stdlib.h>

struct crowd_timer {
    struct wheel_timer timer;
    uint64_t late_ms;
    bool has_fired;
};

static struct wheel wheel;

static struct mono ms(uint64_t count)
{
    return (struct mono){count * MONO_NS_PER_MS};
}

static void on_fire(struct wheel_timer *timer, struct mono now)
{
    struct crowd_timer *member = CONTAINER_OF(timer, struct crowd_timer, timer);
    cr_assert_not(member->has_fired);
    cr_assert_geq(now.ns / MONO_NS_PER_MS, timer->deadline_ms, "fired early");
    member->has_fired = true;
    member->late_ms = now.ns / MONO_NS_PER_MS - timer->deadline_ms;
}

/* count timers with deadlines first, first + step, first + 2 step …, wrapping within span. */
static struct crowd_timer *start_crowd(size_t count, uint64_t first, uint64_t step, uint64_t span)
{
    struct crowd_timer *crowd = calloc(count, sizeof *crowd);
    cr_assert_not_null(crowd);
    wheel_init(&wheel, ms(0));
    for (size_t i = 0; i < count; i++) {
        wheel_timer_init(&crowd[i].timer, on_fire);
        wheel_start(&wheel, &crowd[i].timer, ms(first + i * step % span));
    }
    return crowd;
}

static uint64_t carry_count(void)
{
    uint64_t count = 0;
    LIST_FOR(link, &wheel.carry)
    count++;
    return count;
}

/* Turns tick by tick until nothing runs; returns the worst lateness. */
static uint64_t turn_all(struct crowd_timer *crowd, size_t count)
{
    uint64_t worst = 0;
    for (uint64_t tick = wheel.now_ms + 1; wheel.count > 0; tick++) {
        uint64_t before = carry_count();
        wheel_turn(&wheel, ms(tick));
        uint64_t after = carry_count();
        /* One lot for the tick before, one for this tick. */
        if (before > after)
            cr_assert_leq(before - after, 2 * WHEEL_CASCADE_MAX);
        cr_assert_lt(tick, 1000000, "a timer never fires");
    }
    for (size_t i = 0; i < count; i++) {
        cr_assert(crowd[i].has_fired);
        if (crowd[i].late_ms > worst)
            worst = crowd[i].late_ms;
    }
    return worst;
}

Test(wheel_cascade, crowd_at_the_start_of_a_slot_is_late_by_no_more_than_the_bound)
{
    enum { COUNT = 20000 };
    struct crowd_timer *crowd = start_crowd(COUNT, 65536, 0, 1);
    uint64_t worst = turn_all(crowd, COUNT);
    /* The bound is met and it bites: without it nothing would be late. */
    cr_assert_gt(worst, 0);
    cr_assert_leq(worst, (COUNT + WHEEL_CASCADE_MAX - 1) / WHEEL_CASCADE_MAX);
    free(crowd);
}

Test(wheel_cascade, crowd_over_a_slot_is_late_by_no_more_than_the_bound)
{
    enum { COUNT = 20000 };
    struct crowd_timer *crowd = start_crowd(COUNT, 65536, 7, 65536);
    cr_assert_leq(turn_all(crowd, COUNT), (COUNT + WHEEL_CASCADE_MAX - 1) / WHEEL_CASCADE_MAX);
    free(crowd);
}

Test(wheel_cascade, as_many_as_the_bound_are_never_late)
{
    struct crowd_timer *crowd = start_crowd(WHEEL_CASCADE_MAX, 65536, 3, 256);
    cr_assert_eq(turn_all(crowd, WHEEL_CASCADE_MAX), 0);
    free(crowd);
}

Test(wheel_cascade, first_tick_of_a_crowd_moves_no_more_than_the_bound)
{
    enum { COUNT = 5000 };
    struct crowd_timer *crowd = start_crowd(COUNT, 65536 + 50000, 0, 1);
    wheel_turn(&wheel, ms(65535));
    cr_assert_eq(carry_count(), 0);
    wheel_turn(&wheel, ms(65536));
    cr_assert_eq(carry_count(), COUNT - WHEEL_CASCADE_MAX);
    /* Work at once: a shard that asks does not sleep over it. */
    cr_assert_eq(wheel_next(&wheel).ns, ms(65536).ns);
    wheel_turn(&wheel, ms(65536));
    cr_assert_eq(carry_count(), COUNT - 2 * WHEEL_CASCADE_MAX);
    free(crowd);
}

Test(wheel_cascade, timer_in_the_carry_may_be_stopped_and_moved)
{
    enum { COUNT = 5000 };
    struct crowd_timer *crowd = start_crowd(COUNT, 65536 + 50000, 0, 1);
    wheel_turn(&wheel, ms(65536));
    for (size_t i = COUNT - 100; i < COUNT; i++)
        wheel_stop(&wheel, &crowd[i].timer);
    for (size_t i = COUNT - 200; i < COUNT - 100; i++)
        wheel_start(&wheel, &crowd[i].timer, ms(65600));
    cr_assert_eq(wheel.count, COUNT - 100);
    cr_assert_eq(wheel_turn(&wheel, ms(65600)), 100);
    cr_assert_eq(wheel_turn(&wheel, ms(200000)), COUNT - 200);
    for (size_t i = 0; i < COUNT; i++)
        cr_assert_eq(crowd[i].has_fired, i < COUNT - 100);
    free(crowd);
}

Test(wheel_cascade, jump_over_a_crowd_fires_all_of_it)
{
    enum { COUNT = 100000 };
    struct crowd_timer *crowd = start_crowd(COUNT, 1, 1009, 40000000);
    cr_assert_eq(wheel_turn(&wheel, ms(40000001)), COUNT);
    cr_assert_eq(wheel.count, 0);
    free(crowd);
}

Test(wheel_cascade, crowd_that_traffic_restarts_does_not_fire_until_it_is_silent)
{
    enum { COUNT = 5000 };
    struct crowd_timer *crowd = start_crowd(COUNT, 30000, 0, 1);
    for (uint64_t t = 0; t < 200000; t += 50) {
        for (size_t i = 0; i < COUNT; i++)
            wheel_start(&wheel, &crowd[i].timer, ms(t + 30000));
        cr_assert_eq(wheel_turn(&wheel, ms(t)), 0);
    }
    for (size_t i = 0; i < COUNT; i++)
        cr_assert_not(crowd[i].has_fired);
    /* Silence at last: all of them fire on time, or late by no more than the bound. */
    cr_assert_leq(turn_all(crowd, COUNT), (COUNT + WHEEL_CASCADE_MAX - 1) / WHEEL_CASCADE_MAX);
    free(crowd);
}
