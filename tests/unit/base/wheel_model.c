/* The wheel against a model: a list of the running timers that is kept sorted by the tick at which
 * each is to fire. Random starts, stops and turns, from outside and from fire functions, with steps
 * of time from nothing to months. After each step both must agree on everything. */
#include "core/base/wheel.h"

#include "tests/lib/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define TIMERS 300

struct model_timer {
    struct wheel_timer timer;
    struct list_link sorted; /* in the model's list while it is to run */
    uint64_t tick;           /* when it is to fire */
};

static struct wheel wheel;
static struct random rng;
/* Each on the heap by itself, so that the use of a freed one is seen. */
static struct model_timer *timers[TIMERS];
static struct list_link model;
static uint64_t model_count;
static struct mono present;
static uint64_t fired_count;

static void on_fire(struct wheel_timer *timer, struct mono now);

static struct model_timer *at(struct list_link *link)
{
    return CONTAINER_OF(link, struct model_timer, sorted);
}

static struct model_timer *timer_create(void)
{
    struct model_timer *t = calloc(1, sizeof *t);
    cr_assert_not_null(t);
    wheel_timer_init(&t->timer, on_fire);
    list_init(&t->sorted);
    return t;
}

static void model_remove(struct model_timer *t)
{
    model_count -= list_is_linked(&t->sorted);
    list_remove(&t->sorted);
}

static void model_start(struct model_timer *t, struct mono deadline)
{
    uint64_t tick = (deadline.ns + MONO_NS_PER_MS - 1) / MONO_NS_PER_MS;
    model_remove(t);
    t->tick = tick > wheel.now_ms ? tick : wheel.now_ms;
    struct list_link *place = model.prev;
    while (place != &model && at(place)->tick > t->tick)
        place = place->prev;
    list_insert_between(&t->sorted, place, place->next);
    model_count++;
}

static struct mono random_deadline(void)
{
    if (test_random_below(&rng, 10) == 0) {
        uint64_t back = test_random_magnitude(&rng, 40);
        return (struct mono){present.ns > back ? present.ns - back : 0};
    }
    /* Up to 2^56 ns (834 days) ahead, which is far beyond the horizon. */
    return (struct mono){present.ns + test_random_magnitude(&rng, 56)};
}

static void random_start(struct model_timer *t)
{
    struct mono deadline = random_deadline();
    wheel_start(&wheel, &t->timer, deadline);
    model_start(t, deadline);
}

static void random_change(void)
{
    uint64_t i = test_random_below(&rng, TIMERS);
    switch (test_random_below(&rng, 6)) {
    case 0:
        wheel_stop(&wheel, &timers[i]->timer);
        model_remove(timers[i]);
        break;
    case 1:
        wheel_stop(&wheel, &timers[i]->timer);
        model_remove(timers[i]);
        free(timers[i]);
        timers[i] = timer_create();
        break;
    default:
        random_start(timers[i]);
    }
}

/* What fires is what the model has first, and not before its tick. */
static void on_fire(struct wheel_timer *timer, struct mono now)
{
    struct model_timer *t = CONTAINER_OF(timer, struct model_timer, timer);
    cr_assert(list_is_linked(&t->sorted), "fired, but does not run");
    cr_assert_not(wheel_is_running(timer));
    cr_assert_eq(now.ns, present.ns);
    cr_assert_leq(t->tick, wheel.now_ms, "fired early");
    cr_assert_eq(t->tick, at(model.next)->tick, "fired before an earlier one");
    model_remove(t);
    fired_count++;
    switch (test_random_below(&rng, 8)) {
    case 0:
    case 1:
        random_start(t);
        break;
    case 2:
    case 3:
        random_change();
        break;
    case 4:
        for (size_t i = 0; i < TIMERS; i++) {
            if (timers[i] == t)
                timers[i] = timer_create();
        }
        free(t);
        break;
    default:
        break;
    }
}

/* What is left over is what a fire function of the last tick started for "at once". */
static void check_after_turn(void)
{
    cr_assert_eq(wheel.count, model_count);
    cr_assert_eq(wheel.now_ms, present.ns / MONO_NS_PER_MS);
    LIST_FOR(link, &model)
    {
        if (at(link)->tick > wheel.now_ms)
            break;
        cr_assert_eq(at(link)->tick, wheel.now_ms, "did not fire");
        cr_assert_not(list_is_empty(&wheel.carry), "did not fire");
    }
    for (size_t i = 0; i < TIMERS; i++)
        cr_assert_eq(wheel_is_running(&timers[i]->timer), list_is_linked(&timers[i]->sorted));
}

/* What is kept from an earlier look is what a look finds now. */
static void check_kept(void)
{
    struct mono kept = wheel_next(&wheel);
    wheel.next_ms = 0;
    cr_assert_eq(wheel_next(&wheel).ns, kept.ns);
}

static void check_next(void)
{
    check_kept();
    struct mono next = wheel_next(&wheel);
    if (list_is_empty(&model)) {
        cr_assert(mono_is_never(next));
        return;
    }
    uint64_t first = at(model.next)->tick;
    cr_assert_leq(next.ns, first * MONO_NS_PER_MS);
    /* A timer that was to fire at once and was moved away since costs one turn for nothing. */
    if (first > wheel.now_ms && list_is_empty(&wheel.carry))
        cr_assert_gt(next.ns, wheel.now_ms * MONO_NS_PER_MS, "nothing to do, but does not sleep");
}

static void random_turn(void)
{
    check_next();
    struct mono next = wheel_next(&wheel);
    uint64_t kind = test_random_below(&rng, 4);
    if (kind == 0 && !mono_is_never(next) && mono_is_before(present, next))
        present = next;
    else if (kind == 1)
        present.ns += MONO_NS_PER_MS;
    else if (kind == 2)
        present.ns += test_random_magnitude(&rng, 31);
    /* Months at a time only now and then: they empty the wheel. */
    else if (test_random_below(&rng, 50) == 0)
        present.ns += test_random_magnitude(&rng, 55);
    uint64_t before = fired_count;
    uint64_t fired = wheel_turn(&wheel, present);
    cr_assert_eq(fired, fired_count - before);
    check_after_turn();
}

Test(wheel, agrees_with_a_sorted_list, .timeout = 240)
{
    uint64_t operations = test_env_u64("PCED_TEST_OPERATIONS", 1000000);
    rng = test_random_init("wheel model", 1);
    present.ns = test_random_magnitude(&rng, 60);
    wheel_init(&wheel, present);
    list_init(&model);
    for (size_t i = 0; i < TIMERS; i++)
        timers[i] = timer_create();
    for (uint64_t i = 0; i < operations; i++) {
        /* Small steps of time need many of them to reach the higher levels. */
        if (test_random_below(&rng, 3) == 0)
            random_turn();
        else
            random_change();
        if (present.ns > UINT64_C(1) << 62) {
            present.ns = UINT64_C(1) << 40;
            for (size_t j = 0; j < TIMERS; j++) {
                wheel_stop(&wheel, &timers[j]->timer);
                model_remove(timers[j]);
            }
            wheel_init(&wheel, present);
        }
    }
    printf("wheel model: %llu operations, %llu fired\n", (unsigned long long)operations,
           (unsigned long long)fired_count);
    cr_assert_gt(fired_count, operations / 20, "hardly anything fired");
    for (size_t i = 0; i < TIMERS; i++)
        free(timers[i]);
}
