/* When requests are sent, and from when their latency counts. */
#include "tests/unit/pceload/scene.h"

#include <criterion/criterion.h>

#define US 1000u
#define MS 1000000u

static struct scene scene;

/* Drops what was marked. */
static uint32_t take_dirty(void)
{
    uint32_t count = scene.client.dirty_count;
    for (uint32_t i = 0; i < count; i++)
        scene.client.sessions[scene.client.dirty[i]].flags &= (uint8_t)~FLAG_DIRTY;
    scene.client.dirty_count = 0;
    return count;
}

static size_t put(uint32_t session)
{
    uint8_t octets[DEPTH_MAX * TEMPLATE_SIZE];
    struct client *client = &scene.client;
    uint64_t before = client->sessions[session].free_slots;
    (void)client_put_requests(client, &client->sessions[session], octets, sizeof octets);
    return (size_t)__builtin_popcountll(before & ~client->sessions[session].free_slots);
}

static void begin(struct options options)
{
    scene_init(&scene, &options);
    counter_set(&scene.stage.load_from, 10 * MS);
    counter_set(&scene.stage.measure_from, 10 * MS);
}

static void end(void)
{
    scene_fini(&scene);
}

TestSuite(schedule, .fini = end);

Test(schedule, open_loop_takes_sessions_in_turn_at_even_distances)
{
    begin((struct options){.sessions = 4, .depth = 8, .open_loop = 1000, .seed = 1});
    scene_at(&scene, 10 * MS);
    cr_assert_eq(client_schedule(&scene.client), 11u * MS, "the second one is due 1 ms later");
    cr_assert_eq(take_dirty(), 1u);
    cr_assert_eq(put(0), 1u);
    cr_assert_eq(put(1), 0u);
    scene_at(&scene, 12 * MS + MS / 2);
    cr_assert_eq(client_schedule(&scene.client), 13u * MS);
    cr_assert_eq(take_dirty(), 2u);
    cr_assert_eq(put(1), 1u);
    cr_assert_eq(put(2), 1u);
    cr_assert_eq(put(3), 0u);
    cr_assert_eq(put(0), 0u, "its next one is due at 14 ms");
}

Test(schedule, late_request_is_asked_from_when_it_was_due)
{
    begin((struct options){.sessions = 4, .depth = 8, .open_loop = 1000, .seed = 1});
    scene_at(&scene, 10 * MS);
    scene_at(&scene, 19 * MS);
    (void)client_schedule(&scene.client);
    cr_assert_eq(put(0), 3u, "due at 10, 14 and 18 ms");
    cr_assert_eq(scene.client.slots[0].asked_ns, 10u * MS);
    cr_assert_eq(scene.client.slots[1].asked_ns, 14u * MS);
    cr_assert_eq(scene.client.slots[2].asked_ns, 18u * MS);
}

Test(schedule, full_window_holds_requests_and_keeps_their_instants)
{
    begin((struct options){.sessions = 1, .depth = 2, .open_loop = 1000, .seed = 1});
    scene_at(&scene, 10 * MS);
    scene_at(&scene, 15 * MS);
    (void)client_schedule(&scene.client);
    cr_assert_eq(put(0), 2u);
    cr_assert_eq(put(0), 0u);
    scene_at(&scene, 30 * MS);
    uint8_t octets[256];
    struct reply reply = {.id = scene.client.slots[0].id, .has_no_path = true};
    client_on_reply(&scene.client, &scene.client.sessions[0], octets,
                    (uint32_t)scene_reply(octets, &reply, 1));
    cr_assert_eq(scene.client.results->latency.max, 20u * MS, "due at 10, answered at 30");
    cr_assert_eq(put(0), 1u);
    cr_assert_eq(scene.client.slots[0].asked_ns, 12u * MS, "the third one");
}

Test(schedule, session_that_comes_up_later_has_missed_what_was_due)
{
    begin((struct options){.sessions = 2, .depth = 8, .open_loop = 1000, .seed = 1});
    scene.client.sessions[1].state = SESSION_KEEPING;
    scene_at(&scene, 20 * MS);
    (void)client_schedule(&scene.client);
    scene.client.sessions[1].state = SESSION_UP;
    client_on_up(&scene.client, &scene.client.sessions[1]);
    cr_assert_eq(put(1), 0u);
    cr_assert_eq(put(0), 6u);
}

Test(schedule, requests_of_the_warm_up_are_not_measured)
{
    begin((struct options){.sessions = 1, .depth = 8, .open_loop = 1000, .seed = 1});
    counter_set(&scene.stage.measure_from, 12 * MS);
    counter_set(&scene.stage.measure_until, 20 * MS);
    scene_at(&scene, 14 * MS);
    (void)client_schedule(&scene.client);
    cr_assert_eq(put(0), 5u);
    for (unsigned i = 0; i < 5; i++)
        cr_assert_eq(scene.client.slots[i].is_measured, i >= 2);
    cr_assert_eq(counter_get(&scene.client.counters.sent), 3u);
}

Test(schedule, closed_loop_fills_the_window_and_refills_what_is_answered)
{
    begin((struct options){.sessions = 1, .depth = 5, .seed = 1});
    scene_at(&scene, 11 * MS);
    cr_assert_eq(take_dirty(), 1u, "the load begins");
    cr_assert_eq(put(0), 5u);
    cr_assert_eq(put(0), 0u);
    uint8_t octets[256];
    struct reply replies[] = {{.id = scene.client.slots[1].id, .has_no_path = true},
                              {.id = scene.client.slots[4].id, .has_no_path = true}};
    client_on_reply(&scene.client, &scene.client.sessions[0], octets,
                    (uint32_t)scene_reply(octets, replies, 2));
    cr_assert_eq(take_dirty(), 1u);
    cr_assert_eq(put(0), 2u);
    cr_assert_eq(counter_get(&scene.client.counters.outstanding), 5u);
}

Test(schedule, nothing_is_sent_when_the_measurement_is_over)
{
    begin((struct options){.sessions = 1, .depth = 5, .seed = 1});
    counter_set(&scene.stage.measure_until, 20 * MS);
    scene_at(&scene, 20 * MS);
    cr_assert_eq(put(0), 0u);
}

Test(schedule, number_of_requests_ends_the_sending)
{
    begin((struct options){.sessions = 2, .depth = 4, .requests = 6, .seed = 1});
    scene_at(&scene, 11 * MS);
    cr_assert_eq(put(0), 4u);
    cr_assert_eq(put(1), 2u);
    cr_assert_eq(counter_get(&scene.client.counters.sent), 6u);
}
