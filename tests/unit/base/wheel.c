#include "core/base/wheel.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>

/* A timer that notes how it fired, and may do something then. */
struct probe {
    struct wheel_timer timer;
    unsigned fired;
    uint64_t fired_ms;
    struct probe *other;
    void (*then)(struct probe *probe, struct mono now);
};

static struct wheel wheel;
static struct probe probes[4];

static struct mono ms(uint64_t count)
{
    return (struct mono){count * MONO_NS_PER_MS};
}

static void on_fire(struct wheel_timer *timer, struct mono now)
{
    struct probe *probe = CONTAINER_OF(timer, struct probe, timer);
    cr_assert_not(wheel_is_running(timer));
    probe->fired++;
    probe->fired_ms = wheel.now_ms;
    if (probe->then != NULL)
        probe->then(probe, now);
}

static void setup(void)
{
    wheel_init(&wheel, ms(0));
    for (size_t i = 0; i < 4; i++) {
        probes[i] = (struct probe){.other = &probes[(i + 1) % 4]};
        wheel_timer_init(&probes[i].timer, on_fire);
    }
}

TestSuite(wheel, .init = setup);

/* Turns to now as a shard does: only when wheel_next says that there may be work. Returns the
 * turns. */
static unsigned turn_by_next(struct mono now)
{
    unsigned turns = 0;
    while (!mono_is_before(now, wheel_next(&wheel))) {
        struct mono next = wheel_next(&wheel);
        wheel_turn(&wheel, next);
        turns++;
        cr_assert_lt(turns, 1000000);
        if (next.ns == now.ns)
            break;
    }
    return turns;
}

Test(wheel, timer_is_small)
{
    cr_assert_leq(sizeof(struct wheel_timer), 32);
}

Test(wheel, idle_wheel_has_nothing_to_do)
{
    cr_assert(mono_is_never(wheel_next(&wheel)));
    cr_assert_eq(wheel_turn(&wheel, ms(UINT64_C(1) << 40)), 0);
    cr_assert_eq(wheel.now_ms, UINT64_C(1) << 40);
    cr_assert(mono_is_never(wheel_next(&wheel)));
}

Test(wheel, timer_fires_once_at_its_tick)
{
    wheel_start(&wheel, &probes[0].timer, ms(10));
    cr_assert(wheel_is_running(&probes[0].timer));
    cr_assert_eq(wheel_turn(&wheel, ms(9)), 0);
    cr_assert_eq(wheel_turn(&wheel, ms(10)), 1);
    cr_assert_eq(wheel_turn(&wheel, ms(5000)), 0);
    cr_assert_eq(probes[0].fired, 1);
    cr_assert_not(wheel_is_running(&probes[0].timer));
    cr_assert_eq(wheel.count, 0);
}

Test(wheel, part_of_a_millisecond_never_fires_early)
{
    const struct mono deadline = {10 * MONO_NS_PER_MS + 1};
    wheel_start(&wheel, &probes[0].timer, deadline);
    cr_assert_eq(wheel_turn(&wheel, deadline), 0);
    cr_assert_eq(wheel_turn(&wheel, (struct mono){11 * MONO_NS_PER_MS - 1}), 0);
    cr_assert_eq(wheel_turn(&wheel, ms(11)), 1);
}

Test(wheel, every_distance_fires_exactly_on_time)
{
    /* Around each border of the levels, from tick zero and from just before a carry into all
     * levels. */
    const uint64_t starts[3] = {0, (UINT64_C(1) << 32) - 3, 0x01fffe};
    for (size_t i = 0; i < 3; i++) {
        for (unsigned bits = 0; bits <= 34; bits++) {
            for (uint64_t near = 0; near < 5; near++) {
                uint64_t distance = (UINT64_C(1) << bits) + near - 2;
                if (distance > UINT64_C(1) << 40 || distance == 0)
                    continue;
                wheel_init(&wheel, ms(starts[i]));
                uint64_t deadline = starts[i] + distance;
                wheel_start(&wheel, &probes[0].timer, ms(deadline));
                cr_assert_eq(wheel_turn(&wheel, ms(deadline - 1)), 0);
                cr_assert_eq(wheel_turn(&wheel, ms(deadline)), 1, "%lu + %lu",
                             (unsigned long)starts[i], (unsigned long)distance);
            }
        }
    }
}

Test(wheel, next_leads_to_the_deadline_in_few_turns)
{
    const uint64_t deadlines[6] = {1, 255, 256, 70000, 30000000, UINT64_C(20000000000)};
    uint64_t start = 0;
    for (size_t i = 0; i < 6; i++) {
        uint64_t deadline = start + deadlines[i];
        wheel_start(&wheel, &probes[0].timer, ms(deadline));
        unsigned turns = turn_by_next(ms(deadline));
        cr_assert_eq(probes[0].fired_ms, deadline);
        cr_assert_eq(probes[0].fired, i + 1);
        /* One for each level on the way down, and some rounds of the horizon for the last one. */
        cr_assert_leq(turns, 4 + deadlines[i] / UINT32_MAX + 1);
        start = deadline;
    }
}

Test(wheel, passed_deadline_fires_in_the_next_turn)
{
    wheel_turn(&wheel, ms(100));
    wheel_start(&wheel, &probes[0].timer, ms(40));
    wheel_start(&wheel, &probes[1].timer, ms(100));
    cr_assert_eq(wheel_next(&wheel).ns, ms(100).ns);
    cr_assert_eq(wheel_turn(&wheel, ms(100)), 2);
}

Test(wheel, time_that_goes_back_is_taken_as_the_present)
{
    wheel_turn(&wheel, ms(100));
    wheel_start(&wheel, &probes[0].timer, ms(101));
    cr_assert_eq(wheel_turn(&wheel, ms(50)), 0);
    cr_assert_eq(wheel.now_ms, 100);
    cr_assert_eq(wheel_turn(&wheel, ms(101)), 1);
}

Test(wheel, restart_to_later_is_only_stamped)
{
    wheel_start(&wheel, &probes[0].timer, ms(1000));
    const struct list_link *place = probes[0].timer.link.prev;
    for (uint64_t i = 1; i <= 500; i++)
        wheel_start(&wheel, &probes[0].timer, ms(1000 + 10 * i));
    cr_assert_eq(probes[0].timer.link.prev, place);
    cr_assert_eq(wheel.count, 1);
    cr_assert_eq(wheel_turn(&wheel, ms(5999)), 0);
    cr_assert_eq(wheel_turn(&wheel, ms(6000)), 1);
}

Test(wheel, restart_to_earlier_fires_earlier)
{
    wheel_start(&wheel, &probes[0].timer, ms(100000));
    wheel_start(&wheel, &probes[0].timer, ms(70));
    cr_assert_eq(wheel.count, 1);
    cr_assert_eq(wheel_turn(&wheel, ms(69)), 0);
    cr_assert_eq(wheel_turn(&wheel, ms(70)), 1);
    cr_assert_eq(wheel_turn(&wheel, ms(200000)), 0);
}

Test(wheel, stopped_timer_does_not_fire)
{
    wheel_start(&wheel, &probes[0].timer, ms(10));
    wheel_stop(&wheel, &probes[0].timer);
    wheel_stop(&wheel, &probes[0].timer);
    cr_assert_eq(wheel.count, 0);
    cr_assert(mono_is_never(wheel_next(&wheel)));
    cr_assert_eq(wheel_turn(&wheel, ms(1000)), 0);
}

Test(wheel, slot_that_was_emptied_is_looked_at_once)
{
    wheel_start(&wheel, &probes[0].timer, ms(10));
    wheel_stop(&wheel, &probes[0].timer);
    wheel_start(&wheel, &probes[1].timer, ms(20));
    cr_assert_neq(wheel.occupied[0][0] & (UINT64_C(1) << 10), 0);
    cr_assert_eq(wheel_next(&wheel).ns, ms(20).ns);
    cr_assert_eq(wheel.occupied[0][0] & (UINT64_C(1) << 10), 0);
}

Test(wheel, next_goes_with_the_earliest_timer)
{
    wheel_start(&wheel, &probes[0].timer, ms(30));
    cr_assert_eq(wheel_next(&wheel).ns, ms(30).ns);
    wheel_start(&wheel, &probes[1].timer, ms(20));
    cr_assert_eq(wheel_next(&wheel).ns, ms(20).ns);
    wheel_start(&wheel, &probes[0].timer, ms(10));
    cr_assert_eq(wheel_next(&wheel).ns, ms(10).ns);
    wheel_stop(&wheel, &probes[0].timer);
    cr_assert_eq(wheel_next(&wheel).ns, ms(20).ns);
    wheel_start(&wheel, &probes[2].timer, ms(20));
    wheel_stop(&wheel, &probes[1].timer);
    cr_assert_eq(wheel_next(&wheel).ns, ms(20).ns);
    wheel_stop(&wheel, &probes[2].timer);
    cr_assert(mono_is_never(wheel_next(&wheel)));
}

Test(wheel, never_as_deadline_stops)
{
    wheel_start(&wheel, &probes[0].timer, MONO_NEVER);
    cr_assert_not(wheel_is_running(&probes[0].timer));
    wheel_start(&wheel, &probes[0].timer, ms(10));
    wheel_start(&wheel, &probes[0].timer, MONO_NEVER);
    cr_assert_not(wheel_is_running(&probes[0].timer));
    cr_assert_eq(wheel.count, 0);
}

Test(wheel, latest_deadline_of_all_does_not_overflow)
{
    wheel_start(&wheel, &probes[0].timer, (struct mono){UINT64_MAX - 1});
    cr_assert_eq(wheel_turn(&wheel, (struct mono){UINT64_MAX - 2}), 0);
    cr_assert(wheel_is_running(&probes[0].timer));
}

static void then_restart_in_10(struct probe *probe, struct mono now)
{
    wheel_start(&wheel, &probe->timer, mono_add_ms(now, 10));
}

Test(wheel, fire_may_restart_its_own_timer)
{
    probes[0].then = then_restart_in_10;
    wheel_start(&wheel, &probes[0].timer, ms(10));
    for (uint64_t t = 1; t <= 100; t++)
        wheel_turn(&wheel, ms(t));
    cr_assert_eq(probes[0].fired, 10);
}

static void then_restart_at_once(struct probe *probe, struct mono now)
{
    wheel_start(&wheel, &probe->timer, now);
}

Test(wheel, fire_that_restarts_at_once_does_not_hold_the_turn)
{
    probes[0].then = then_restart_at_once;
    wheel_start(&wheel, &probes[0].timer, ms(5));
    cr_assert_eq(wheel_turn(&wheel, ms(5)), 1);
    cr_assert_eq(wheel_turn(&wheel, ms(5)), 1);
    cr_assert_eq(wheel_turn(&wheel, ms(6)), 2);
}

static void then_stop_other(struct probe *probe, struct mono now)
{
    (void)now;
    wheel_stop(&wheel, &probe->other->timer);
}

Test(wheel, fire_may_stop_a_timer_of_the_same_tick)
{
    for (size_t i = 0; i < 2; i++) {
        probes[i].other = &probes[1 - i];
        probes[i].then = then_stop_other;
        wheel_start(&wheel, &probes[i].timer, ms(300));
    }
    cr_assert_eq(wheel_turn(&wheel, ms(1000)), 1);
    cr_assert_eq(probes[0].fired + probes[1].fired, 1);
    cr_assert_eq(wheel.count, 0);
}

static void then_delay_other(struct probe *probe, struct mono now)
{
    wheel_start(&wheel, &probe->other->timer, mono_add_ms(now, 50));
}

Test(wheel, fire_may_delay_a_timer_of_the_same_tick)
{
    probes[0].then = then_delay_other;
    wheel_start(&wheel, &probes[0].timer, ms(300));
    wheel_start(&wheel, &probes[1].timer, ms(300));
    cr_assert_eq(wheel_turn(&wheel, ms(300)), 1);
    cr_assert_eq(wheel_turn(&wheel, ms(349)), 0);
    cr_assert_eq(wheel_turn(&wheel, ms(350)), 1);
    cr_assert_eq(probes[1].fired, 1);
}

static void on_fire_free(struct wheel_timer *timer, struct mono now)
{
    (void)now;
    free(CONTAINER_OF(timer, struct probe, timer));
}

Test(wheel, fire_may_free_its_own_timer)
{
    for (uint64_t i = 0; i < 100; i++) {
        struct probe *probe = calloc(1, sizeof *probe);
        cr_assert_not_null(probe);
        wheel_timer_init(&probe->timer, on_fire_free);
        wheel_start(&wheel, &probe->timer, ms(10 + i / 10));
    }
    cr_assert_eq(wheel_turn(&wheel, ms(100)), 100);
    cr_assert_eq(wheel.count, 0);
}

static void then_turn(struct probe *probe, struct mono now)
{
    (void)probe;
    wheel_turn(&wheel, now);
}

Test(wheel, turning_from_a_fire_function_is_a_bug, .signal = SIGABRT)
{
    probes[0].then = then_turn;
    wheel_start(&wheel, &probes[0].timer, ms(1));
    wheel_turn(&wheel, ms(1));
}

Test(wheel, jump_over_years_fires_everything_in_few_steps)
{
    const uint64_t year_ms = UINT64_C(365) * 24 * 3600 * 1000;
    wheel_start(&wheel, &probes[0].timer, ms(1));
    wheel_start(&wheel, &probes[1].timer, ms(year_ms));
    wheel_start(&wheel, &probes[2].timer, ms(1000 * year_ms));
    wheel_start(&wheel, &probes[3].timer, ms(200 * year_ms));
    cr_assert_eq(wheel_turn(&wheel, ms(200 * year_ms)), 3);
    cr_assert_eq(probes[0].fired_ms, 1);
    cr_assert_eq(probes[1].fired_ms, year_ms);
    cr_assert_eq(probes[3].fired_ms, 200 * year_ms);
    cr_assert(wheel_is_running(&probes[2].timer));
}
