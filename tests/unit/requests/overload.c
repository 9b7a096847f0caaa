/* Congestion: when it begins and ends, and who is told. */
#include "core/requests/overload.h"
#include "tests/unit/requests/crowd.h"

#include <criterion/criterion.h>

static struct crowd *crowd;

static void set_up(void)
{
    crowd = crowd_create();
}

static void tear_down(void)
{
    crowd_destroy(crowd);
}

TestSuite(overload, .init = set_up, .fini = tear_down);

static void serve_all(void)
{
    while (crowd->queue->count > 0)
        (void)crowd_serve(crowd, 100);
}

Test(overload, begins_when_a_request_has_waited_for_a_second)
{
    crowd_ask(crowd, 0, 1, 1, 0);
    crowd_wait_ms(crowd, OVERLOAD_HIGH_MS - 1);
    (void)crowd_serve(crowd, 0);
    cr_assert_not(crowd->queue->is_congested);
    crowd_wait_ms(crowd, 1);
    (void)crowd_serve(crowd, 0);
    cr_assert(crowd->queue->is_congested);
    cr_assert_eq(crowd->scene.counters.congestions, 1);
}

Test(overload, those_that_waited_are_told_once_and_told_the_end)
{
    crowd_ask(crowd, 0, 1, 10, 0);
    crowd_wait_ms(crowd, 1500);
    crowd_ask(crowd, 1, 1, 10, 0);
    (void)crowd_serve(crowd, 1);
    (void)crowd_serve(crowd, 1);
    cr_assert_eq(crowd->members[0].overloaded, 1);
    cr_assert_eq(crowd->members[0].duration_s, 2, "as long again as it has waited");
    serve_all();
    cr_assert_eq(crowd->members[0].overloaded, 1);
    cr_assert_eq(crowd->members[1].overloaded, 0, "it was served in time");
    cr_assert_eq(crowd->members[2].overloaded, 0, "it asked nothing");
    cr_assert(crowd->queue->is_congested, "for a second at least");
    crowd_wait_ms(crowd, 999);
    (void)crowd_serve(crowd, 1);
    cr_assert_eq(crowd->members[0].available, 0);
    crowd_wait_ms(crowd, 1);
    cr_assert_not(crowd_serve(crowd, 1));
    cr_assert_not(crowd->queue->is_congested);
    cr_assert_eq(crowd->members[0].available, 1);
    cr_assert_eq(crowd->members[1].available, 0);
    cr_assert_eq(crowd->queue->peers.count, 0);
    cr_assert_eq(crowd->scene.counters.overloads_told, 1);
    cr_assert_eq(crowd->scene.counters.overload_ends_told, 1);
}

Test(overload, is_told_again_when_the_time_that_was_told_is_over)
{
    crowd_ask(crowd, 0, 1, 1000, 0);
    crowd_wait_ms(crowd, 1000);
    (void)crowd_serve(crowd, 1);
    cr_assert_eq(crowd->members[0].overloaded, 1);
    cr_assert_eq(crowd->members[0].duration_s, 1);
    crowd_wait_ms(crowd, 999);
    (void)crowd_serve(crowd, 1);
    cr_assert_eq(crowd->members[0].overloaded, 1);
    crowd_wait_ms(crowd, 1);
    (void)crowd_serve(crowd, 1);
    cr_assert_eq(crowd->members[0].overloaded, 2);
}

Test(overload, what_found_no_room_is_told_when_there_is_some)
{
    crowd_ask(crowd, 0, 1, 100, 0);
    crowd_wait_ms(crowd, 1000);
    crowd->members[0].owner.room = 0;
    (void)crowd_serve(crowd, 1);
    cr_assert_eq(crowd->scene.counters.overloads_told, 0);
    crowd->members[0].owner.room = SESSION_OWNER_ROOM;
    (void)crowd_serve(crowd, 1);
    cr_assert_eq(crowd->members[0].overloaded, 1);
}

Test(overload, the_estimate_is_bounded)
{
    crowd_ask(crowd, 0, 1, 1, 0);
    crowd_wait_ms(crowd, 1000000);
    (void)crowd_serve(crowd, 1);
    cr_assert_eq(crowd->members[0].duration_s, OVERLOAD_DURATION_MAX_S);
}

Test(overload, marks_are_apart_so_that_it_does_not_flutter)
{
    crowd_ask(crowd, 0, 1, 1, 0);
    crowd_wait_ms(crowd, 5000);
    (void)crowd_serve(crowd, 0);
    cr_assert(crowd->queue->is_congested);
    (void)crowd_serve(crowd, 10);
    crowd_ask(crowd, 0, 1, 1, 0);
    crowd_wait_ms(crowd, 5000);
    crowd_ask(crowd, 1, 1, 1, 0);
    (void)crowd_serve(crowd, 1);
    crowd_wait_ms(crowd, OVERLOAD_LOW_MS);
    (void)crowd_serve(crowd, 0);
    cr_assert(crowd->queue->is_congested, "one waits still for longer than the low mark");
    cr_assert_eq(crowd->scene.counters.congestions, 1);
}

Test(overload, memory_is_a_mark_too)
{
    crowd->context->limits.octets_max = 60000;
    crowd_ask(crowd, 0, 1, 100, 0);
    (void)crowd_serve(crowd, 0);
    cr_assert_not(crowd->queue->is_congested);
    crowd_ask(crowd, 0, 101, 100, 0);
    (void)crowd_serve(crowd, 0);
    cr_assert(crowd->queue->is_congested);
    crowd_wait_ms(crowd, 1000);
    while (crowd->queue->octets > 15000) {
        cr_assert(crowd->queue->is_congested);
        (void)crowd_serve(crowd, 8);
    }
    serve_all();
    (void)crowd_serve(crowd, 1);
    cr_assert_not(crowd->queue->is_congested);
}

static void one_congestion(void)
{
    crowd_ask(crowd, 0, 1, 1, 0);
    crowd_wait_ms(crowd, 1000);
    (void)crowd_serve(crowd, 1);
    cr_assert(crowd->queue->is_congested);
}

static uint64_t seconds_until_calm(void)
{
    uint64_t seconds = 0;
    while (crowd->queue->is_congested) {
        crowd_wait_ms(crowd, 1000);
        (void)crowd_serve(crowd, 1);
        seconds++;
    }
    return seconds;
}

Test(overload, congestions_that_follow_each_other_last_longer)
{
    static const uint64_t expected[] = {1, 2, 4, 8, 16, 32, 32};
    for (unsigned i = 0; i < sizeof expected / sizeof *expected; i++) {
        one_congestion();
        cr_assert_eq(seconds_until_calm(), expected[i]);
    }
    crowd_wait_ms(crowd, 1000 * (uint64_t)OVERLOAD_CALM_S);
    one_congestion();
    cr_assert_eq(seconds_until_calm(), 1);
}

Test(overload, the_end_is_told_to_so_many_a_turn)
{
    for (uint32_t i = 0; i < CROWD_MEMBERS; i++)
        crowd_ask(crowd, i, 1, 1, 0);
    crowd_wait_ms(crowd, 1000);
    serve_all();
    cr_assert_eq(crowd->scene.counters.overloads_told, CROWD_MEMBERS);
    crowd_wait_ms(crowd, 1000);
    unsigned turns = 1;
    while (crowd_serve(crowd, 1))
        turns++;
    cr_assert_eq(crowd->scene.counters.overload_ends_told, CROWD_MEMBERS);
    cr_assert_eq(turns, CROWD_MEMBERS / OVERLOAD_TELL_MAX);
}

Test(overload, a_session_that_ended_is_told_nothing)
{
    crowd_ask(crowd, 0, 1, 2, 0);
    crowd_wait_ms(crowd, 1000);
    (void)crowd_serve(crowd, 1);
    cr_assert_eq(crowd->members[0].overloaded, 1);
    crowd_receive_hex(crowd, 0, "2007 000c 0f10 0008 0000 0001");
    cr_assert(list_is_empty(&crowd->queue->told));
    crowd_wait_ms(crowd, 1000);
    (void)crowd_serve(crowd, 1);
    cr_assert_eq(crowd->members[0].available, 0);
}

Test(overload, many_that_were_told_do_not_use_up_the_memory)
{
    crowd->context->limits.octets_max = 20000;
    for (uint32_t i = 0; i < CROWD_MEMBERS; i++) {
        crowd_ask(crowd, i, 1, 1, 0);
        crowd_wait_ms(crowd, 1000);
        serve_all();
    }
    cr_assert_gt(crowd->scene.counters.overloads_told, 10);
    cr_assert_eq(crowd->queue->octets, 0);
}

Test(overload, is_congested_while_reports_are_late_and_who_sends_them_is_told)
{
    struct request_context *context = crowd->context;
    struct session *session = &crowd->members[0].owner.session;
    context->reports_are_late = true;
    requests_tell_late(context, session, 5 * MONO_NS_PER_S);
    requests_tell_late(context, session, 5 * MONO_NS_PER_S);
    cr_assert(crowd->queue->is_congested);
    cr_assert_eq(crowd->members[0].overloaded, 1);
    cr_assert_eq(crowd->members[0].duration_s, 5);
    crowd_wait_ms(crowd, 1500);
    (void)crowd_serve(crowd, 1);
    cr_assert(crowd->queue->is_congested);
    cr_assert_eq(crowd->members[0].available, 0);
    context->reports_are_late = false;
    (void)crowd_serve(crowd, 1);
    cr_assert_eq(crowd->members[0].available, 1);
    cr_assert_eq(crowd->members[1].overloaded, 0);
}
