/* Requests that wait: whose turn it is, limits, cancellation, sessions that go. */
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

TestSuite(queue, .init = set_up, .fini = tear_down);

static void congest(void)
{
    crowd_wait_ms(crowd, OVERLOAD_HIGH_MS);
    (void)crowd_serve(crowd, 0);
    cr_assert(crowd->queue->is_congested);
}

/* How many of the first responses were for this member. */
static uint32_t replies_among(uint32_t member, uint32_t first)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < first && i < crowd->note_count; i++)
        count += crowd->notes[i].member == member;
    return count;
}

Test(queue, with_work_left_requests_are_answered_at_once)
{
    crowd->context->work_left = 1000000;
    crowd_ask(crowd, 0, 1, 10, 0);
    cr_assert_eq(crowd->members[0].replies, 10);
    cr_assert_eq(crowd->queue->count, 0);
    cr_assert_eq(crowd->scene.counters.requests_queued, 0);
    cr_assert_lt(crowd->context->work_left, 1000000);
}

Test(queue, what_is_beyond_the_turns_work_is_answered_in_later_turns)
{
    crowd->context->work_left = 10 * crowd->work_of_one;
    crowd_ask(crowd, 0, 1, 100, 0);
    cr_assert_eq(crowd->members[0].replies, 10);
    cr_assert_eq(crowd->queue->count, 90);
    unsigned turns = 1;
    while (crowd_serve(crowd, 10))
        turns++;
    cr_assert_eq(crowd->members[0].replies, 100);
    cr_assert_eq(turns, 9);
    for (uint32_t i = 0; i < crowd->note_count; i++)
        cr_assert_eq(crowd->notes[i].request_id, i + 1, "in the order in which they were asked");
    cr_assert_eq(crowd->queue->octets, 0);
}

Test(queue, a_turn_does_not_go_beyond_its_work_by_more_than_one_request)
{
    for (uint32_t i = 0; i < 4; i++)
        crowd_ask(crowd, i, 1, 500, 0);
    crowd->context->work_left = 20 * crowd->work_of_one + 1;
    cr_assert(requests_serve(crowd->context));
    cr_assert_eq(crowd->note_count, 21);
    cr_assert_eq(crowd->context->work_left, 0);
}

#define WITHOUT_ENDS "2003 0018 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001"

Test(queue, what_is_wrong_with_a_request_that_waits_is_told_in_its_turn)
{
    crowd->context->work_left = 0;
    crowd_receive_hex(crowd, 0, WITHOUT_ENDS);
    cr_assert_eq(crowd->queue->count, 1);
    cr_assert_eq(crowd->members[0].errors, 0);
    crowd_ask(crowd, 0, 6, 1, 0);
    (void)crowd_serve(crowd, 10);
    cr_expect_eq(crowd->members[0].errors, 1);
    cr_expect_eq(crowd->scene.counters.requests_refused, 1);
    cr_expect_eq(crowd->note_count, 1, "the next one is answered");
}

static struct pcep_fault refused;

static void note_refused(struct request_context *context, struct session *session,
                         const struct pcep_fault *fault)
{
    (void)context;
    (void)session;
    refused = *fault;
}

Test(queue, a_request_that_waited_and_finds_no_memory_is_refused_and_says_so)
{
    struct request_events events = *crowd->context->events;
    struct arena *arena = crowd->context->arena;
    struct arena full;
    crowd_ask(crowd, 0, 5, 1, 0);
    events.on_refused = note_refused;
    crowd->context->events = &events;
    arena_init(&full, 16);
    crowd->context->arena = &full;
    (void)crowd_serve(crowd, 10);
    crowd->context->arena = arena;
    arena_fini(&full);
    cr_expect_eq(crowd->scene.counters.requests_refused, 1);
    cr_assert_not_null(refused.reason);
    cr_expect_str_eq(refused.reason, "no memory for a request that waited");
    cr_expect_eq(refused.id, 5U);
}

Test(queue, request_id_0_does_not_wait)
{
    crowd->context->work_left = 0;
    crowd_receive_hex(crowd, 0, "2003 0018 0212 0014 0000 0000 0000 0000 001c 0004 0000 0001");
    cr_expect_eq(crowd->queue->count, 0);
    cr_expect_eq(crowd->members[0].errors, 1);
}

Test(queue, requests_that_share_a_message_wait_one_by_one)
{
    crowd->context->work_left = 0;
    crowd_receive_hex(crowd, 0,
                      "2003 0044 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001"
                      "0412 000c 0a00 0001 0a00 0004"
                      "0212 0014 0000 0000 0000 0006 001c 0004 0000 0001"
                      "0412 000c 0a00 0001 0a00 0004");
    cr_assert_eq(crowd->queue->count, 2);
    (void)crowd_serve(crowd, 10);
    cr_expect_eq(crowd->note_count, 2);
}

Test(queue, a_malformed_message_ends_the_session_though_requests_wait)
{
    crowd->context->work_left = 0;
    crowd_receive_hex(crowd, 0,
                      "2003 0024 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001"
                      "0412 0010 0a00 0001 0a00 0004");
    cr_expect_eq(crowd->queue->count, 0);
    cr_expect_neq(crowd->members[0].owner.session.state, SESSION_UP);
}

Test(queue, nobody_overtakes_those_that_wait)
{
    crowd_ask(crowd, 0, 1, 5, 0);
    crowd->context->work_left = 1000000;
    crowd_ask(crowd, 1, 1, 1, 0);
    cr_assert_eq(crowd->note_count, 0);
    (void)crowd_serve(crowd, 100);
    cr_assert_eq(crowd->note_count, 6);
}

Test(queue, a_flood_of_one_session_does_not_starve_the_others)
{
    crowd_ask(crowd, 0, 1, 1500, 7);
    for (uint32_t i = 1; i < CROWD_MEMBERS; i++)
        crowd_ask(crowd, i, 1, 2, 0);
    while (crowd->note_count < 2 * (CROWD_MEMBERS - 1) + 2 * 8)
        cr_assert(crowd_serve(crowd, 9));
    for (uint32_t i = 1; i < CROWD_MEMBERS; i++)
        cr_assert_eq(crowd->members[i].replies, 2, "behind two turns of the first");
}

Test(queue, a_session_that_asks_now_and_then_goes_before_those_that_always_have_something)
{
    const uint32_t last = CROWD_MEMBERS - 1;
    for (uint32_t i = 0; i < last; i++)
        crowd_ask(crowd, i, 1, 100, 0);
    while (crowd->note_count < 8 * last)
        cr_assert(crowd_serve(crowd, 8));
    crowd_ask(crowd, last, 1, 1, 0);
    cr_assert(crowd_serve(crowd, 17));
    cr_assert_eq(crowd->members[last].replies, 1, "at most two turns of others are before it");
    for (uint32_t i = 0; i < last; i++)
        cr_assert_geq(crowd->members[i].replies, 8);
}

Test(queue, fresh_sessions_leave_turns_to_those_that_wait)
{
    crowd_ask(crowd, 0, 1, 100, 0);
    (void)crowd_serve(crowd, 8);
    uint32_t before = crowd->members[0].replies;
    for (unsigned round = 0; round < 4; round++) {
        for (uint32_t i = 1; i < CROWD_MEMBERS; i++)
            crowd_ask(crowd, i, 1, 1, 0);
        cr_assert(crowd_serve(crowd, CROWD_MEMBERS - 1));
    }
    cr_assert_gt(crowd->members[0].replies, before);
}

Test(queue, responses_of_a_turn_share_a_message)
{
    crowd_ask(crowd, 0, 1, 8, 0);
    uint32_t before = crowd->members[0].owner.session.counters.messages_sent;
    (void)crowd_serve(crowd, 100);
    cr_assert_eq(crowd->members[0].replies, 8);
    cr_assert_eq(crowd->members[0].owner.session.counters.messages_sent - before, 1);
}

Test(queue, a_request_that_waited_is_answered_as_one_that_did_not)
{
    struct member *member = &crowd->members[0];
    const char *request = "2003 0034 0212 0014 0000 0008 0000 0005 001c 0004 0000 0001"
                          "0412 000c 0a00 0001 0a00 0004 0610 000c 0000 0202 0000 0000"
                          "0810 0004";
    crowd->context->work_left = 1000000;
    crowd_receive_hex(crowd, 0, request);
    size_t size = 0;
    uint8_t first[2048];
    while (size < (size_t)member->last[2] * 256 + member->last[3]) {
        first[size] = member->last[size];
        size++;
    }
    crowd->context->work_left = 0;
    member->last[1] = 0;
    crowd_receive_hex(crowd, 0, request);
    cr_assert_eq(member->replies, 1);
    (void)crowd_serve(crowd, 10);
    cr_assert_eq(member->replies, 2);
    cr_assert_arr_eq(member->last, first, size);
}

/* ---- priorities ---- */

Test(queue, priorities_do_not_count_while_there_is_no_congestion)
{
    crowd_ask(crowd, 0, 1, 1, 0);
    crowd_ask(crowd, 0, 2, 1, 7);
    crowd_ask(crowd, 0, 3, 1, 3);
    (void)crowd_serve(crowd, 100);
    cr_assert_eq(crowd->notes[0].request_id, 1);
    cr_assert_eq(crowd->notes[1].request_id, 2);
    cr_assert_eq(crowd->notes[2].request_id, 3);
    cr_assert_eq(crowd->notes[1].priority, 7, "the reply gives the priority back");
}

Test(queue, while_congested_the_highest_priority_goes_first)
{
    for (uint32_t i = 0; i < 8; i++)
        crowd_ask(crowd, i, 1, 1, (uint8_t)i);
    congest();
    /* One session a turn of the queue; the fourth goes round. */
    (void)crowd_serve(crowd, 3);
    cr_assert_eq(crowd->notes[0].priority, 7);
    cr_assert_eq(crowd->notes[1].priority, 6);
    cr_assert_eq(crowd->notes[2].priority, 5);
    while (crowd_serve(crowd, 1))
        ;
    cr_assert_eq(crowd->note_count, 8, "and none is forgotten");
}

Test(queue, of_one_priority_the_sessions_take_turns)
{
    crowd_ask(crowd, 0, 1, 800, 5);
    crowd_ask(crowd, 1, 1, 800, 5);
    crowd_ask(crowd, 2, 1, 800, 1);
    congest();
    while (crowd->note_count < 400)
        (void)crowd_serve(crowd, 50);
    uint32_t a = replies_among(0, 400);
    uint32_t b = replies_among(1, 400);
    uint32_t c = replies_among(2, 400);
    cr_assert(a + 16 >= b && b + 16 >= a, "%u and %u", a, b);
    cr_assert(c > 0 && c < 100, "the fourth turns go round: %u", c);
}

Test(queue, one_that_gives_the_highest_priority_to_everything_does_not_starve_the_rest)
{
    crowd_ask(crowd, 0, 1, 1500, 7);
    crowd_ask(crowd, 1, 1, 8, 0);
    congest();
    while (crowd->members[1].replies < 8)
        cr_assert(crowd_serve(crowd, 16));
    cr_assert_leq(crowd->members[0].replies, 100);
}

/* ---- limits ---- */

Test(queue, requests_above_the_sessions_limit_are_cancelled)
{
    crowd->context->limits.in_flight_max = 10;
    crowd_ask(crowd, 0, 1, 25, 0);
    crowd_ask(crowd, 1, 1, 10, 0);
    cr_assert_eq(crowd->queue->count, 20);
    cr_assert_eq(crowd->members[0].cancelled, 15);
    cr_assert_eq(crowd->members[0].cancellations, 1, "in one message");
    cr_assert_eq(crowd->members[0].last_cancelled, 25);
    cr_assert_eq(crowd->members[1].cancelled, 0);
    cr_assert_eq(crowd->scene.counters.requests_over_limit, 15);
    while (crowd_serve(crowd, 100))
        ;
    crowd_ask(crowd, 0, 30, 10, 0);
    cr_assert_eq(crowd->members[0].cancelled, 15, "what was answered does not count any more");
}

Test(queue, cancellations_are_split_at_the_reply_size)
{
    crowd->context->limits.in_flight_max = 1;
    crowd_ask(crowd, 0, 1, 1001, 0);
    cr_assert_eq(crowd->members[0].cancelled, 1000);
    cr_assert_eq(crowd->members[0].cancellations, 6, "169 RPs fit into 2,048 octets");
}

Test(queue, memory_is_bounded_and_what_finds_none_is_cancelled)
{
    crowd->context->limits.octets_max = 20000;
    for (uint32_t i = 0; i < 10; i++) {
        crowd_ask(crowd, 0, 1 + 100 * i, 100, 0);
        cr_assert_leq(crowd->queue->octets, 20000);
    }
    cr_assert_eq(crowd->members[0].cancelled, 1000 - crowd->queue->count);
    cr_assert_gt(crowd->queue->count, 50);
    cr_assert_gt(crowd->members[0].overloaded, 0, "it is told why");
    cr_assert_eq(crowd->scene.counters.requests_unserved, crowd->members[0].cancelled);
}

Test(queue, the_heaviest_session_makes_room_for_a_light_one)
{
    crowd->context->limits.octets_max = 40000;
    crowd_ask(crowd, 0, 1, 1000, 0);
    uint32_t held = crowd->queue->count;
    crowd_ask(crowd, 1, 1, 5, 0);
    cr_assert_eq(crowd->members[1].cancelled, 0);
    cr_assert_eq(requests_waiting(crowd->context, &crowd->members[1].owner.session), 5);
    cr_assert_lt(requests_waiting(crowd->context, &crowd->members[0].owner.session), held);
    cr_assert_gt(requests_waiting(crowd->context, &crowd->members[0].owner.session), held / 2);
    cr_assert_leq(crowd->queue->octets, 40000);
}

Test(queue, one_that_is_larger_than_many_others_makes_room_for_them)
{
    struct scene *scene = &crowd->scene;
    scene_begin(scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(scene, 1, 0, 1);
    scene_put_end_points(scene, "10.0.0.1", "10.0.0.4");
    wire_put_u32(&scene->writer, 0xc8100fa4); /* unknown, to be skipped: 4,004 octets */
    wire_put_zeros(&scene->writer, 4000);
    pcep_message_close(&scene->writer, 0);
    crowd->context->limits.octets_max = 5000;
    (void)session_receive(&crowd->members[0].owner.session,
                          (struct wire_span){scene->request, wire_written(&scene->writer)},
                          crowd->context->arena, crowd->context->now);
    arena_reset(crowd->context->arena);
    cr_assert_eq(crowd->queue->count, 1);
    for (uint32_t i = 1; i < 5; i++)
        crowd_ask(crowd, i, 1, 1, 0);
    cr_assert_eq(crowd->members[0].cancelled, 1);
    cr_assert_eq(crowd->queue->count, 4);
}

Test(queue, sessions_of_equal_weight_do_not_push_each_other_out)
{
    crowd->context->limits.octets_max = 20000;
    for (uint32_t i = 0; i < CROWD_MEMBERS; i++)
        crowd_ask(crowd, i, 1, 1, 0);
    uint32_t waiting = crowd->queue->count;
    cr_assert_lt(waiting, CROWD_MEMBERS);
    cr_assert_eq(crowd->members[0].cancelled, 0);
    cr_assert_eq(crowd->members[CROWD_MEMBERS - 1].cancelled, 1);
}

/* ---- those that go ---- */

Test(queue, requests_of_a_session_that_ends_are_not_computed)
{
    crowd_ask(crowd, 0, 1, 50, 0);
    crowd_ask(crowd, 1, 1, 3, 0);
    crowd_receive_hex(crowd, 0, "2007 000c 0f10 0008 0000 0001");
    cr_assert_eq(crowd->scene.counters.requests_gone, 50);
    cr_assert_eq(crowd->queue->count, 3);
    while (crowd_serve(crowd, 10))
        ;
    cr_assert_eq(crowd->members[0].replies, 0);
    cr_assert_eq(crowd->members[1].replies, 3);
    cr_assert_eq(crowd->queue->peers.count, 0);
}

Test(queue, a_session_without_requests_may_be_forgotten_as_well)
{
    requests_forget_session(crowd->context, &crowd->members[3].owner.session);
    cr_assert_eq(crowd->scene.counters.requests_gone, 0);
}

Test(queue, a_cancelled_request_is_not_computed)
{
    crowd_ask(crowd, 0, 1, 5, 0);
    crowd_ask(crowd, 1, 1, 5, 0);
    /* RPs 4, 2 and 9, which is not there. */
    crowd_receive_hex(crowd, 0,
                      "2005 0030 0210 000c 0000 0000 0000 0004 0210 000c 0000 0000 0000 0002"
                      "0210 000c 0000 0000 0000 0009 0c10 0008 0000 0101");
    cr_assert_eq(crowd->scene.counters.requests_cancelled, 2);
    while (crowd_serve(crowd, 10))
        ;
    cr_assert_eq(crowd->members[0].replies, 3);
    cr_assert_eq(crowd->members[1].replies, 5, "another session's request-IDs are its own");
    for (uint32_t i = 0; i < crowd->note_count; i++)
        cr_assert(crowd->notes[i].member == 1 || crowd->notes[i].request_id % 2 == 1);
}

Test(queue, only_the_rps_in_front_of_a_cancellation_are_cancelled)
{
    crowd_ask(crowd, 0, 1, 5, 0);
    /* RP 1 with 2/1, which a PCE ignores; RP 2 with 1/1. */
    crowd_receive_hex(crowd, 0,
                      "2005 002c 0210 000c 0000 0000 0000 0001 0c10 0008 0000 0201"
                      "0210 000c 0000 0000 0000 0002 0c10 0008 0000 0101");
    cr_assert_eq(crowd->scene.counters.requests_cancelled, 1);
    cr_assert_eq(crowd->scene.handled.notifications, 2);
    (void)crowd_serve(crowd, 100);
    cr_assert_eq(crowd->notes[0].request_id, 1);
    cr_assert_eq(crowd->notes[1].request_id, 3);
}

Test(queue, cancelling_for_the_other_side_does_nothing)
{
    crowd_ask(crowd, 0, 1, 1, 0);
    crowd_receive_hex(crowd, 0, "2005 0018 0210 000c 0000 0000 0000 0001 0c10 0008 0000 0102");
    cr_assert_eq(crowd->queue->count, 1);
    cr_assert_eq(crowd->members[0].errors, 0);
}

Test(queue, request_id_0_is_unknown_in_a_notification_too)
{
    crowd_receive_hex(crowd, 0, "2005 0018 0210 000c 0000 0000 0000 0000 0c10 0008 0000 0101");
    cr_assert_eq(crowd->members[0].errors, 1);
    cr_assert_eq(crowd->members[0].owner.session.unknown_requests, 1);
}

/* ---- those that do not take their answers ---- */

Test(queue, a_session_that_takes_nothing_waits_and_costs_nothing)
{
    crowd->members[0].takes_nothing = true;
    crowd->context->work_left = 1000000;
    crowd_ask(crowd, 0, 1, 5, 0);
    cr_assert_eq(crowd->queue->count, 5);
    cr_assert_not(crowd_serve(crowd, 100), "no turn is to hurry for it");
    crowd_ask(crowd, 0, 6, 5, 0);
    crowd->context->work_left = 1000000;
    crowd_ask(crowd, 1, 1, 5, 0);
    cr_assert_eq(crowd->members[1].replies, 5, "the others go on at once");
    crowd_wait_ms(crowd, 10 * OVERLOAD_HIGH_MS);
    cr_assert_not(crowd_serve(crowd, 100));
    cr_assert_not(crowd->queue->is_congested, "it waits for itself");
    crowd->members[0].takes_nothing = false;
    requests_resume_session(crowd->context, &crowd->members[0].owner.session);
    cr_assert_not(crowd_serve(crowd, 100));
    cr_assert_eq(crowd->members[0].replies, 10);
}

Test(queue, a_session_without_room_loses_what_was_computed_and_no_more)
{
    crowd_ask(crowd, 0, 1, 5, 0);
    crowd_ask(crowd, 1, 1, 5, 0);
    crowd->members[0].owner.room = 0;
    (void)crowd_serve(crowd, 6);
    cr_assert_eq(crowd->scene.counters.replies_dropped, 1);
    cr_assert_eq(crowd->members[1].replies, 5);
    crowd->members[0].owner.room = SESSION_OWNER_ROOM;
    (void)crowd_serve(crowd, 100);
    cr_assert_eq(crowd->members[0].replies, 4);
}
