/* The send-hold policy at single instants; send_hold_model.c has the traffic. */
#include "core/session/send_hold.h"

#include <criterion/criterion.h>

#define HOLD_S   480
#define SAMPLE_S 5

static struct send_hold hold;
static struct mono now;
static uint64_t end;

static void set_up(void)
{
    now = (struct mono){1000 * MONO_NS_PER_S};
    end = 0;
    hold = (struct send_hold){0};
    send_hold_start(&hold, HOLD_S, SAMPLE_S, 0, now);
}

static void tear_down(void)
{
    send_hold_stop(&hold);
}

TestSuite(send_hold, .init = set_up, .fini = tear_down);

static void queue(uint64_t size)
{
    end += size;
    send_hold_on_message(&hold, end, now);
}

static void wait_s(uint64_t seconds)
{
    now = mono_add_s(now, seconds);
}

static uint64_t seconds_to_sample(void)
{
    return mono_since_ns(send_hold_deadline(&hold), now) / MONO_NS_PER_S;
}

static enum send_hold_verdict sample(uint64_t acknowledged)
{
    return send_hold_on_sample(&hold, acknowledged, now);
}

Test(send_hold, nothing_outstanding_needs_no_sample)
{
    cr_assert(mono_is_never(send_hold_deadline(&hold)));
    wait_s(100 * HOLD_S);
    cr_assert_not(send_hold_take_sample(&hold, now));
    cr_assert_eq(sample(0), SEND_HOLD_CLEAR);
}

Test(send_hold, a_single_keepalive_is_looked_at_when_the_time_is_over)
{
    queue(4);
    cr_assert_eq(seconds_to_sample(), HOLD_S);
    wait_s(HOLD_S);
    cr_assert(send_hold_take_sample(&hold, now));
    cr_assert_eq(sample(0), SEND_HOLD_EXPIRED);
}

Test(send_hold, a_second_message_has_both_looked_at_a_period_later)
{
    queue(4);
    wait_s(30);
    queue(4);
    cr_assert_eq(seconds_to_sample(), SAMPLE_S);
    wait_s(SAMPLE_S);
    cr_assert_eq(sample(4), SEND_HOLD_PROGRESS);
    cr_assert_eq(sample(8), SEND_HOLD_CLEAR);
    cr_assert(mono_is_never(send_hold_deadline(&hold)));
}

Test(send_hold, a_long_message_is_looked_at_a_period_later)
{
    queue(SEND_HOLD_SHORT_SIZE + 1);
    cr_assert_eq(seconds_to_sample(), SAMPLE_S);
}

Test(send_hold, many_messages_need_one_sample_a_period)
{
    unsigned samples = 0;
    for (int i = 0; i < 10000; i++) {
        queue(100);
        now = mono_add_ms(now, 10);
        if (!send_hold_take_sample(&hold, now))
            continue;
        samples++;
        (void)sample(end - 50);
    }
    cr_assert_eq(samples, 100 / SAMPLE_S);
}

Test(send_hold, what_was_outstanding_when_the_session_came_up_counts)
{
    send_hold_stop(&hold);
    send_hold_start(&hold, HOLD_S, SAMPLE_S, 44, now);
    wait_s(HOLD_S);
    cr_assert_eq(sample(43), SEND_HOLD_EXPIRED);
}

Test(send_hold, octets_that_end_no_message_are_no_progress)
{
    queue(60000);
    queue(4);
    for (uint64_t s = SAMPLE_S; s < HOLD_S; s += SAMPLE_S) {
        wait_s(SAMPLE_S);
        cr_assert_eq(sample(s * 100), SEND_HOLD_WAITING);
    }
    wait_s(SAMPLE_S);
    cr_assert_eq(sample(59999), SEND_HOLD_EXPIRED);
}

Test(send_hold, the_last_octet_of_a_message_is_progress)
{
    queue(60000);
    queue(4);
    wait_s(HOLD_S);
    cr_assert_eq(sample(60000), SEND_HOLD_PROGRESS);
    wait_s(HOLD_S - 1);
    cr_assert_eq(sample(60003), SEND_HOLD_WAITING);
    wait_s(1);
    cr_assert_eq(sample(60003), SEND_HOLD_EXPIRED);
}

Test(send_hold, the_sample_before_the_end_is_at_the_end)
{
    queue(1000);
    wait_s(HOLD_S - 2);
    cr_assert_eq(sample(0), SEND_HOLD_WAITING);
    cr_assert_eq(seconds_to_sample(), 2);
}

Test(send_hold, a_sample_without_an_answer_is_asked_for_again)
{
    queue(1000);
    wait_s(SAMPLE_S);
    cr_assert(send_hold_take_sample(&hold, now));
    cr_assert_not(send_hold_take_sample(&hold, now));
    wait_s(SAMPLE_S);
    cr_assert(send_hold_take_sample(&hold, now));
}

Test(send_hold, switched_off_it_samples_and_never_expires)
{
    send_hold_set(&hold, SEND_HOLD_OFF, SAMPLE_S, now);
    queue(4);
    wait_s(SAMPLE_S);
    cr_assert(send_hold_take_sample(&hold, now));
    wait_s(UINT32_MAX);
    cr_assert_eq(sample(0), SEND_HOLD_WAITING);
}

Test(send_hold, a_new_time_holds_for_the_clock_that_runs)
{
    queue(1000);
    wait_s(100);
    cr_assert_eq(sample(0), SEND_HOLD_WAITING);
    send_hold_set(&hold, 90, 2, now);
    cr_assert(send_hold_take_sample(&hold, now));
    cr_assert_eq(sample(0), SEND_HOLD_EXPIRED);
}

Test(send_hold, the_same_times_again_change_nothing)
{
    queue(1000);
    wait_s(2);
    send_hold_set(&hold, HOLD_S, SAMPLE_S, now);
    cr_assert_eq(seconds_to_sample(), SAMPLE_S - 2);
}

Test(send_hold, memory_comes_with_the_third_message_and_goes_when_it_is_not_used_again)
{
    queue(100);
    queue(100);
    cr_assert_eq(send_hold_octets(&hold), 0);
    queue(100);
    size_t octets = send_hold_octets(&hold);
    cr_assert_gt(octets, 0);
    cr_assert_eq(sample(300), SEND_HOLD_CLEAR);
    cr_assert_eq(send_hold_octets(&hold), octets, "the next burst finds it");
    for (int i = 0; i < 3; i++)
        queue(100);
    cr_assert_eq(sample(600), SEND_HOLD_CLEAR);
    cr_assert_eq(send_hold_octets(&hold), octets);
    queue(100);
    cr_assert_eq(sample(700), SEND_HOLD_CLEAR);
    cr_assert_eq(send_hold_octets(&hold), 0, "one message needs none");
}

Test(send_hold, a_million_messages_need_no_more_than_the_marks)
{
    for (int i = 0; i < 1000000; i++)
        queue(4);
    cr_assert_leq(send_hold_octets(&hold), SEND_MARKS_MAX * 4 + 32);
    cr_assert_eq(sample(4), SEND_HOLD_PROGRESS, "the first end is never merged");
}

Test(send_hold, merged_messages_are_a_small_part_of_the_backlog)
{
    const uint64_t count = 100000;
    for (uint64_t i = 0; i < count; i++)
        queue(100);
    uint64_t step = 0;
    for (uint64_t taken = 1; taken <= count; taken++) {
        step++;
        if (sample(taken * 100) != SEND_HOLD_WAITING)
            step = 0;
        cr_assert_lt(step, count / SEND_MARKS_SHARES + 1);
    }
    cr_assert(mono_is_never(send_hold_deadline(&hold)));
}

Test(send_hold, time_without_progress_is_told_only_of_a_backlog_that_was_seen)
{
    queue(4);
    wait_s(100);
    cr_assert_eq(send_hold_stalled_ns(&hold, now), 0);
    cr_assert_eq(sample(0), SEND_HOLD_WAITING);
    cr_assert_eq(send_hold_stalled_ns(&hold, now), 100 * MONO_NS_PER_S);
    cr_assert_eq(sample(4), SEND_HOLD_CLEAR);
    cr_assert_eq(send_hold_stalled_ns(&hold, now), 0);
}

Test(send_hold, stopped_it_does_nothing)
{
    send_hold_stop(&hold);
    queue(1000);
    wait_s(HOLD_S);
    cr_assert(mono_is_never(send_hold_deadline(&hold)));
    cr_assert_not(send_hold_take_sample(&hold, now));
    cr_assert_eq(sample(0), SEND_HOLD_CLEAR);
}

Test(send_hold, the_automatic_time_is_eight_minutes_or_twice_the_larger_dead_timer)
{
    cr_assert_eq(send_hold_effective_s(SEND_HOLD_AUTO, 120, 120), 480);
    cr_assert_eq(send_hold_effective_s(SEND_HOLD_AUTO, 120, 255), 510);
    cr_assert_eq(send_hold_effective_s(SEND_HOLD_AUTO, 241, 0), 482);
    cr_assert_eq(send_hold_effective_s(10, 120, 120), 10);
    cr_assert_eq(send_hold_effective_s(SEND_HOLD_OFF, 120, 120), SEND_HOLD_OFF);
}

Test(send_hold, a_time_that_is_not_larger_than_a_dead_timer_is_short)
{
    cr_assert(send_hold_is_short(120, 120, 0));
    cr_assert(send_hold_is_short(119, 0, 120));
    cr_assert_not(send_hold_is_short(121, 120, 120));
    cr_assert_not(send_hold_is_short(SEND_HOLD_OFF, 120, 120));
    cr_assert_not(send_hold_is_short(SEND_HOLD_AUTO, 120, 120));
}
