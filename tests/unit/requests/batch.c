/* PCReq with many requests: sharing messages, a full queue, a full arena. */
#include "tests/lib/scene.h"

#include <criterion/criterion.h>

#define P PCEP_OBJECT_FLAG_P

static struct scene scene;

static void set_up(void)
{
    scene_init(&scene);
}

static void tear_down(void)
{
    scene_check_counters(&scene);
    scene_fini(&scene);
}

TestSuite(batch, .init = set_up, .fini = tear_down);

/* ---- many requests ---- */

static void send_many(uint32_t count)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    for (uint32_t id = 1; id <= count; id++) {
        scene_put_rp(&scene, id, 0, 1);
        scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    }
    scene_send(&scene);
}

Test(batch, responses_share_messages_up_to_the_limit)
{
    send_many(300);
    uint32_t id = 0;
    for (size_t i = 0; i < scene.message_count; i++) {
        cr_expect_leq(scene.messages[i].size, (size_t)2048);
        if (i + 1 < scene.message_count)
            cr_expect_gt(scene.messages[i].size + 32, (size_t)2048, "no room for one more");
        struct pcep_response_list list = scene_responses(&scene, i);
        for (uint32_t k = 0; k < list.response_count; k++)
            cr_expect_eq(((const struct pcep_rp *)list.responses[k].rp->body)->request_id, ++id,
                         "in order");
    }
    cr_assert_eq(id, 300);
    cr_assert_eq(scene.message_count, 5, "63 responses of 32 octets in a message");
    cr_assert_eq(scene.counters.replies_path, 300);
}

Test(batch, a_response_above_the_limit_goes_alone)
{
    scene.context.reply_size_max = 40;
    send_many(3);
    cr_assert_eq(scene.message_count, 3);
    scene_clear(&scene);
    scene.context.reply_size_max = 1;
    send_many(3);
    cr_assert_eq(scene.message_count, 3);
    cr_assert_eq(scene.messages[2].size, 36);
}

Test(batch, the_limit_is_the_whole_message_exactly)
{
    scene.context.reply_size_max = 4 + 2 * 32;
    send_many(4);
    cr_assert_eq(scene.message_count, 2);
    scene_clear(&scene);
    scene.context.reply_size_max = 4 + 2 * 32 - 1;
    send_many(4);
    cr_assert_eq(scene.message_count, 4);
}

Test(batch, what_the_queue_refuses_is_not_computed)
{
    scene.owner.room = 1;
    send_many(300);
    cr_assert_eq(scene.message_count, 1);
    cr_assert_eq(scene.counters.replies_path, 63);
    cr_assert_eq(scene.counters.replies_dropped, 300 - 63);
    cr_assert_eq(scene.reply_count, 63);
    cr_assert_eq(scene.owner.session.state, SESSION_UP);
}

Test(batch, a_message_full_of_requests_is_answered)
{
    send_many(2047); /* 65,508 octets */
    cr_assert_eq(scene.counters.replies_path, 2047);
}

Test(batch, an_arena_that_is_full_ends_the_session)
{
    struct arena small;
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    for (uint32_t id = 1; id <= 500; id++) {
        scene_put_rp(&scene, id, 0, 1);
        scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    }
    arena_init(&small, 4096);
    scene.context.arena = &small;
    scene_send(&scene);
    scene.context.arena = &scene.arena;
    arena_fini(&small);
    cr_assert_eq(scene.owner.session.state, SESSION_CLOSING);
    cr_assert(scene_message_is(&scene, 0, "2007 000c 0f10 0008 0000 0001"));
}

Test(batch, work_that_is_too_much_is_an_unavailable_pce)
{
    path_engine_destroy(scene.context.engine);
    scene.context.engine = path_engine_create(1);
    cr_assert_not_null(scene.context.engine);
    scene_begin_request(&scene);
    scene_put_lspa(&scene, 0, 1, 0, 0);
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_TE, 1000);
    scene_send(&scene);
    cr_assert_eq(scene.last_result.outcome, PATH_WORK_EXCEEDED);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(scene_vector(&response), PCEP_NO_PATH_VECTOR_PCE_UNAVAILABLE);
    cr_assert_not(scene_lists_constraints(&response));
}
