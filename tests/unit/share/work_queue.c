/* Work queues within one thread and between two; races are looked for in tests/race. */
#include "io/share/work_queue.h"
#include "io/os/thread.h"

#include <criterion/criterion.h>
#include <sched.h>

static int things[16];

static struct work_queue *make(unsigned lanes, unsigned room)
{
    struct work_queue *queue;
    cr_assert_eq(work_queue_create(lanes, room, &queue), PCE_OK);
    return queue;
}

static int take(struct work_queue *queue, unsigned *next)
{
    int *thing = work_queue_take(queue, next);
    cr_assert_not_null(thing);
    return (int)(thing - things);
}

Test(work_queue, a_lane_keeps_its_order_and_refuses_when_it_is_full)
{
    struct work_queue *queue = make(1, 4);
    unsigned next = 0;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 4; i++)
            cr_assert_eq(work_queue_put(queue, 0, &things[i]), PCE_OK);
        cr_assert_eq(work_queue_put(queue, 0, &things[4]), PCE_LIMIT);
        for (int i = 0; i < 4; i++)
            cr_assert_eq(take(queue, &next), i);
    }
    work_queue_destroy(queue);
}

Test(work_queue, lanes_take_turns)
{
    struct work_queue *queue = make(3, 8);
    unsigned next = 0;
    for (int i = 0; i < 6; i++)
        cr_assert_eq(work_queue_put(queue, 0, &things[i]), PCE_OK);
    cr_assert_eq(work_queue_put(queue, 2, &things[10]), PCE_OK);
    cr_assert_eq(take(queue, &next), 0);
    cr_assert_eq(take(queue, &next), 10, "it does not wait for the five");
    for (int i = 1; i < 6; i++)
        cr_assert_eq(take(queue, &next), i);
    work_queue_destroy(queue);
}

Test(work_queue, a_closed_one_gives_nothing_more)
{
    struct work_queue *queue = make(1, 2);
    unsigned next = 0;
    cr_assert_eq(work_queue_put(queue, 0, &things[0]), PCE_OK);
    cr_assert_not(work_queue_is_closed(queue));
    work_queue_close(queue, 1);
    cr_assert_null(work_queue_take(queue, &next));
    cr_assert_null(work_queue_take(queue, &next));
    work_queue_destroy(queue);
}

struct taker {
    struct work_queue *queue;
    _Atomic int taken;
};

static void sleep_for_work(void *context)
{
    struct taker *taker = context;
    unsigned next = 0;
    cr_assert_eq(take(taker->queue, &next), 1);
    taker->taken = 1;
    cr_assert_null(work_queue_take(taker->queue, &next));
}

Test(work_queue, a_taker_sleeps_until_there_is_work_or_the_end, .timeout = 20)
{
    struct taker taker = {.queue = make(2, 2)};
    struct thread thread;
    cr_assert_eq(thread_start(&thread, "taker", THREAD_CPU_ANY, sleep_for_work, &taker, NULL),
                 PCE_OK);
    cr_assert_eq(work_queue_put(taker.queue, 1, &things[1]), PCE_OK);
    while (!taker.taken)
        (void)sched_yield();
    work_queue_close(taker.queue, 1);
    thread_join(&thread);
    work_queue_destroy(taker.queue);
}

Test(work_queue, what_is_out_of_range_is_invalid)
{
    struct work_queue *queue;
    cr_assert_eq(work_queue_create(0, 4, &queue), PCE_INVALID);
    cr_assert_eq(work_queue_create(1, 0, &queue), PCE_INVALID);
    cr_assert_eq(work_queue_create(WORK_QUEUE_LANES_MAX + 1, 1, &queue), PCE_INVALID);
    cr_assert_eq(work_queue_create(1, WORK_QUEUE_ROOM_MAX + 1, &queue), PCE_INVALID);
}
