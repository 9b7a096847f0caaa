/* Requests that are answered by what the same request was answered before: when, and when not. */
#include "tests/lib/random.h"
#include "tests/unit/requests/crowd.h"

#include <criterion/criterion.h>

static struct scene scene;

static void set_up(void)
{
    scene_init(&scene);
    scene_keep_replies(&scene);
}

static void tear_down(void)
{
    scene_check_counters(&scene);
    scene_fini(&scene);
}

TestSuite(cached, .init = set_up, .fini = tear_down);

#define ASK_SR                                                                                     \
    "2003 0024 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001"                                  \
    "0412 000c 0a00 0001 0a00 0004"
#define ASK_SR_AGAIN                                                                               \
    "2003 0024 0212 0014 0000 0000 0102 0304 001c 0004 0000 0001"                                  \
    "0412 000c 0a00 0001 0a00 0004"

static void expect_cached(uint64_t count)
{
    cr_expect_eq(scene.counters.replies_cached, count, "%llu",
                 (unsigned long long)scene.counters.replies_cached);
    cr_expect_eq(scene.cached_count, count);
}

/* What is asked once may never come again: the second answer is kept. */
static void learn(void)
{
    scene_receive_hex(&scene, ASK_SR);
    scene_receive_hex(&scene, ASK_SR);
    expect_cached(0);
}

Test(cached, the_same_request_gets_the_same_octets_with_its_own_id)
{
    learn();
    scene_receive_hex(&scene, ASK_SR_AGAIN);
    expect_cached(1);
    cr_assert_eq(scene.message_count, 3);
    cr_expect(scene_message_is(&scene, 2,
                               "2004 0024 0212 0014 0000 0000 0102 0304 001c 0004 0000 0001"
                               "0710 000c 2408 0009 03e8 4000"));
    cr_expect_eq(scene.classes[2], SESSION_DATA);
    cr_expect_eq(scene.room_asked[2], scene.messages[2].size);
    cr_expect_eq(scene.counters.requests, 3);
    cr_expect_eq(scene.counters.replies_path, 3);
    cr_expect_eq(scene.reply_count, 2);
    cr_expect_eq(scene.last_note.source, scene.last_request.source);
    cr_expect_eq(scene.last_note.destination, scene.last_request.destination);
    cr_expect_eq(scene.last_note.link_count, 2);
    cr_expect_eq(scene.last_note.sid_count, 1);
    cr_expect_eq(scene.last_note.outcome, PATH_FOUND);
}

Test(cached, the_session_is_as_it_would_be_without)
{
    learn();
    struct session *session = &scene.owner.session;
    struct session_counters before = session->counters;
    scene.context.now = mono_add_s(scene.context.now, 7);
    scene_receive_hex(&scene, ASK_SR_AGAIN);
    expect_cached(1);
    cr_expect_eq(session->counters.messages_received, before.messages_received + 1);
    cr_expect_eq(session->counters.messages_sent, before.messages_sent + 1);
    cr_expect_eq(session->wait_deadline.ns,
                 mono_add_s(scene.context.now, session->dead_timer_s).ns);
    cr_expect_eq(session->keepalive_deadline.ns,
                 mono_add_s(scene.context.now, session->keepalive_s).ns);
}

static uint64_t prefetch(const char *hex)
{
    uint8_t octets[256];
    const struct wire_span span = {octets, session_owner_parse_hex(hex, octets, sizeof octets)};
    return requests_prefetch(&scene.context, &scene.owner.session, span);
}

Test(cached, an_answer_that_is_known_is_prefetched_for_one_whole_message)
{
    cr_expect_eq(prefetch(ASK_SR), 0);
    learn();
    uint64_t found = prefetch(ASK_SR_AGAIN);
    cr_expect_neq(found, 0);
    cr_expect(requests_prefetch_entry(&scene.context, found));
    cr_expect_not(requests_prefetch_entry(&scene.context, 0));
    cr_expect_eq(prefetch(ASK_SR ASK_SR_AGAIN), 0, "those of one input are expected elsewhere");
    cr_expect_eq(prefetch("2003 0024 0212"), 0, "a part of one");
    cr_expect_eq(prefetch("20"), 0);
    cr_expect_eq(prefetch("2002 0004"), 0, "another message");
    scene_receive_hex(&scene, "2003 0024 0212");
    cr_expect_eq(prefetch(ASK_SR), 0, "these octets are of the one that has begun");
    scene_receive_hex(&scene, "0014 0000 0000 0000 0007 001c 0004 0000 0001"
                              "0412 000c 0a00 0001 0a00 0004");
    expect_cached(1);
}

Test(cached, no_path_is_known_too)
{
    for (int i = 0; i < 3; i++)
        scene_receive_hex(&scene, "2003 0024 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001"
                                  "0412 000c 0a00 0001 0a00 0063");
    expect_cached(1);
    cr_expect(scene_message_is(&scene, 2,
                               "2004 0028 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001"
                               "0310 0010 0000 0000 0001 0004 0000 0002"));
    cr_expect_eq(scene.counters.replies_no_path, 3);
    cr_expect_eq(scene.last_note.destination, TED_NONE);
    cr_expect_eq(scene.last_note.outcome, PATH_NONE);
}

Test(cached, work_is_paid_for_less)
{
    scene.context.work_left = 1000000;
    learn();
    uint64_t left = scene.context.work_left;
    scene_receive_hex(&scene, ASK_SR);
    expect_cached(1);
    cr_expect_eq(scene.context.work_left, left - REQUESTS_WORK_CACHED);
}

Test(cached, another_topology_is_computed_anew)
{
    learn();
    scene.snapshot->ground++;
    scene_receive_hex(&scene, ASK_SR);
    expect_cached(0);
    scene_receive_hex(&scene, ASK_SR);
    expect_cached(1);
}

Test(cached, without_a_topology_nothing_is_kept)
{
    scene.context.snapshot = NULL;
    for (int i = 0; i < 3; i++)
        scene_receive_hex(&scene, ASK_SR);
    expect_cached(0);
    cr_expect_eq(scene.reply_count, 3);
}

Test(cached, request_id_0_is_refused_as_ever)
{
    learn();
    scene_receive_hex(&scene, "2003 0024 0212 0014 0000 0000 0000 0000 001c 0004 0000 0001"
                              "0412 000c 0a00 0001 0a00 0004");
    expect_cached(0);
    cr_expect_eq(scene.refused_count, 1);
    cr_expect_eq(scene.last_fault.error_type, 8);
}

Test(cached, what_is_refused_is_refused_again)
{
    for (int i = 0; i < 3; i++) { /* without END-POINTS */
        scene_receive_hex(&scene, "2003 0018 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001");
    }
    expect_cached(0);
    cr_expect_eq(scene.refused_count, 3);
}

Test(cached, a_message_with_an_unknown_object_is_not_kept)
{
    for (int i = 0; i < 3; i++)
        scene_receive_hex(&scene, "2003 002c 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001"
                                  "0412 000c 0a00 0001 0a00 0004 f010 0008 0000 0000");
    expect_cached(0);
    cr_expect_eq(scene.reply_count, 3);
}

Test(cached, two_requests_in_a_message_are_not_kept)
{
    for (int i = 0; i < 2; i++)
        scene_receive_hex(&scene, "2003 0044 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001"
                                  "0412 000c 0a00 0001 0a00 0004"
                                  "0212 0014 0000 0000 0000 0006 001c 0004 0000 0001"
                                  "0412 000c 0a00 0001 0a00 0004");
    scene_receive_hex(&scene, ASK_SR);
    expect_cached(0);
}

Test(cached, a_session_with_another_msd_has_answers_of_its_own)
{
    learn();
    scene_restart(&scene, "2001 0028 0110 0024 201e 7800 0010 0004 0000 0005 0022 0010 0000 0002"
                          "0001 0000 001a 0004 0000 0001");
    scene_receive_hex(&scene, ASK_SR);
    expect_cached(0);
    scene_restart(&scene, PEER_OPEN);
    scene_receive_hex(&scene, ASK_SR);
    expect_cached(1);
}

Test(cached, a_session_that_has_no_room_loses_it_as_ever)
{
    learn();
    scene.owner.room = 0;
    scene_receive_hex(&scene, ASK_SR);
    expect_cached(0);
    cr_expect_eq(scene.counters.replies_dropped, 1);
}

Test(cached, an_answer_that_does_not_fit_is_counted_and_answered_anew)
{
    learn();
    scene.owner.lacking = 1;
    scene_receive_hex(&scene, ASK_SR);
    expect_cached(0);
    cr_expect_eq(scene.message_count, 2);
    cr_expect_eq(scene.counters.replies_unfit, 2, "that of the cache, and that computed");
    scene.owner.lacking = 0;
    scene_receive_hex(&scene, ASK_SR);
    expect_cached(1);
}

/* ---- beside requests that wait ---- */

static void ask_alone(struct crowd *crowd, uint32_t member, uint32_t id)
{
    crowd_ask(crowd, member, id, 1, 0);
}

Test(cached_queue, nothing_overtakes_what_waits)
{
    struct crowd *crowd = crowd_create();
    scene_keep_replies(&crowd->scene);
    crowd->context->work_left = 1000000;
    for (uint32_t i = 1; i <= 3; i++)
        ask_alone(crowd, 0, i);
    cr_assert_eq(crowd->scene.counters.replies_cached, 1);
    crowd->context->work_left = 0;
    ask_alone(crowd, 0, 4);
    crowd->context->work_left = 1000000;
    ask_alone(crowd, 0, 5);
    ask_alone(crowd, 1, 6);
    cr_assert_eq(crowd->note_count, 3, "they wait");
    while (crowd_serve(crowd, 10))
        continue;
    cr_assert_eq(crowd->note_count, 6);
    cr_assert_eq(crowd->members[1].replies, 1);
    uint32_t last = 0;
    for (uint32_t i = 0; i < crowd->note_count; i++) {
        if (crowd->notes[i].member != 0)
            continue;
        cr_expect_gt(crowd->notes[i].request_id, last);
        last = crowd->notes[i].request_id;
    }
    crowd_destroy(crowd);
}

Test(cached_queue, a_session_that_takes_no_answers_gets_none)
{
    struct crowd *crowd = crowd_create();
    scene_keep_replies(&crowd->scene);
    crowd->context->work_left = 1000000;
    ask_alone(crowd, 0, 1);
    ask_alone(crowd, 0, 1);
    crowd->members[0].takes_nothing = true;
    ask_alone(crowd, 0, 2);
    cr_assert_eq(crowd->scene.counters.replies_cached, 0);
    cr_assert_eq(crowd->queue->count, 1);
    crowd_destroy(crowd);
}

Test(cached_queue, what_had_to_wait_is_known_afterwards)
{
    struct crowd *crowd = crowd_create();
    scene_keep_replies(&crowd->scene);
    ask_alone(crowd, 0, 1);
    ask_alone(crowd, 0, 2);
    (void)crowd_serve(crowd, 10);
    crowd->context->work_left = 1000000;
    ask_alone(crowd, 1, 3);
    cr_assert_eq(crowd->scene.counters.replies_cached, 1);
    crowd_destroy(crowd);
}

Test(cached_queue, what_waits_is_answered_by_what_became_known_meanwhile)
{
    struct crowd *crowd = crowd_create();
    scene_keep_replies(&crowd->scene);
    for (uint32_t i = 0; i < 5; i++)
        ask_alone(crowd, i, 10 + i);
    cr_assert_eq(crowd->queue->count, 5);
    while (crowd_serve(crowd, 10))
        continue;
    cr_assert_eq(crowd->scene.counters.replies_cached, 3);
    for (uint32_t i = 0; i < 5; i++) {
        cr_expect_eq(crowd->notes[i].member, i);
        cr_expect_eq(crowd->notes[i].request_id, 10 + i);
    }
    crowd_destroy(crowd);
}

/* ---- with and without, octet by octet ---- */

#define DICE 40

static struct scene plain;
static struct random rng;

static uint32_t below(uint64_t bound)
{
    return (uint32_t)test_random_below(&rng, bound);
}

struct dice {
    uint32_t id, flags, source, destination, metric, bound;
    int pst;
    bool has_bandwidth, has_lspa, has_unknown, has_two;
};

static const char *const places[] = {"10.0.0.1", "10.0.0.2", "10.0.0.3",
                                     "10.0.0.4", "10.0.0.5", "10.0.0.99"};

static struct dice throw_dice(void)
{
    static const uint32_t flags[] = {0, 0, 0, 1, 0x80, 0x10};
    return (struct dice){
        .id = below(40) == 0 ? 0 : 1 + below(1000),
        .flags = flags[below(6)],
        .source = below(2),
        .destination = 2 + below(4),
        .metric = below(6),
        .bound = below(4),
        .pst = below(60) == 0 ? 2 : (int)below(3) - 1,
        .has_bandwidth = below(3) == 0,
        .has_lspa = below(4) == 0,
        .has_unknown = below(20) == 0,
        .has_two = below(10) == 0,
    };
}

static void put_request(struct scene *to, const struct dice *dice)
{
    static const uint8_t unknown[] = {0xf0, 0x10, 0, 8, 1, 2, 3, 4};
    scene_put_rp(to, dice->id, dice->flags, dice->pst);
    scene_put_end_points(to, places[dice->source], places[dice->destination]);
    if (dice->has_lspa)
        scene_put_lspa(to, dice->metric & 1, 0, dice->bound & 1, 7);
    if (dice->has_bandwidth)
        scene_put_bandwidth(to, dice->bound == 1 ? 2e5F : 1e3F);
    if (dice->metric > 0)
        scene_put_metric(to, 0, 2, (uint8_t)dice->metric, 0);
    if (dice->bound > 0)
        scene_put_metric(to, PCEP_OBJECT_FLAG_P, 1, (uint8_t)dice->bound,
                         15.0F * (float)dice->bound);
    if (dice->has_unknown)
        wire_put_octets(&to->writer, unknown, sizeof unknown);
}

static void ask(struct scene *to, const struct dice *dice)
{
    scene_begin(to, PCEP_MESSAGE_PCREQ);
    put_request(to, dice);
    if (dice->has_two)
        put_request(to, dice);
    scene_send(to);
}

static void compare(void)
{
    cr_assert_eq(scene.message_count, plain.message_count);
    for (size_t i = 0; i < scene.message_count; i++) {
        cr_assert_eq(scene.messages[i].size, plain.messages[i].size);
        cr_assert_eq(
            memcmp(scene.messages[i].octets, plain.messages[i].octets, scene.messages[i].size), 0);
    }
    cr_assert_eq(scene.is_over, plain.is_over);
    cr_assert_eq(scene.refused_count, plain.refused_count);
    cr_assert_eq(scene.counters.requests, plain.counters.requests);
    cr_assert_eq(scene.counters.replies_path, plain.counters.replies_path);
    cr_assert_eq(scene.counters.replies_no_path, plain.counters.replies_no_path);
    cr_assert_eq(scene.reply_count + scene.cached_count, plain.reply_count);
}

static void restart(void)
{
    static const char *const opens[] = {
        PEER_OPEN,
        "2001 0028 0110 0024 201e 7800 0010 0004 0000 0005 0022 0010 0000 0002 0001 0000"
        "001a 0004 0000 0001",
        "2001 0028 0110 0024 201e 7800 0010 0004 0000 0005 0022 0010 0000 0002 0001 0000"
        "001a 0004 0000 0102",
        "2001 000c 0110 0008 201e 7800"};
    const char *chosen = opens[below(4)];
    scene_restart(&scene, chosen);
    scene_restart(&plain, chosen);
}

Test(cached, random_requests_get_the_same_octets_with_and_without)
{
    rng = test_random_init("cached replies", 3);
    scene_init(&plain);
    struct dice pool[DICE];
    for (unsigned i = 0; i < DICE; i++)
        pool[i] = throw_dice();
    for (int step = 0; step < 30000; step++) {
        struct dice *dice = &pool[below(DICE)];
        dice->id = dice->id == 0 ? 0 : 1 + below(UINT32_MAX);
        ask(&scene, dice);
        ask(&plain, dice);
        if (below(10) == 0)
            *dice = throw_dice();
        compare();
        if (scene.is_over || below(500) == 0)
            restart();
        if (below(2000) == 0)
            scene.snapshot->serial++;
        scene_clear(&scene);
        scene_clear(&plain);
        arena_reset(&scene.kept);
        arena_reset(&plain.kept);
    }
    cr_expect_gt(scene.cached_count, 10000, "%u of 30000", scene.cached_count);
    cr_expect_gt(scene.refused_count, 500, "%u", scene.refused_count);
    scene_fini(&plain);
}
