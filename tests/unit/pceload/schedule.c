/* When requests are sent, and from when their latency counts. */
#include "tests/unit/pceload/scene.h"

#include "bench/pceload/session/message.h"

#include <criterion/criterion.h>

#define US 1000u
#define MS 1000000u

static struct scene scene;

/* Drops what was marked. */
static uint32_t take_marked(void)
{
    struct pcc_table *table = &scene.worker.table;
    uint32_t count = table->marked_count;
    for (uint32_t i = 0; i < count; i++)
        table->pccs[table->marked[i]].flags &= (uint8_t)~PCC_FLAG_MARKED;
    table->marked_count = 0;
    return count;
}

static size_t put(uint32_t number)
{
    uint8_t octets[OPTIONS_DEPTH_MAX * TEMPLATE_SIZE];
    const struct load_window *window = &scene.worker.table.pccs[number].window;
    uint64_t before = window->free;
    (void)scene_put(&scene, number, octets, sizeof octets);
    return (size_t)__builtin_popcountll(before & ~window->free);
}

/* Takes the sessions that are due; when the next one is. */
static uint64_t take_due(uint32_t *count)
{
    struct load *load = &scene.worker.load;
    for (*count = 0; load_due_ns(load) <= scene.worker.now.ns; ++*count)
        (void)load_take_due(load);
    return load_due_ns(load);
}

static void pass_due(void)
{
    uint32_t count;
    (void)take_due(&count);
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
    uint32_t count;
    cr_assert_eq(take_due(&count), 11u * MS, "the second one is due 1 ms later");
    cr_assert_eq(count, 1u);
    cr_assert_eq(put(0), 1u);
    cr_assert_eq(put(1), 0u);
    scene_at(&scene, 12 * MS + MS / 2);
    cr_assert_eq(take_due(&count), 13u * MS);
    cr_assert_eq(count, 2u);
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
    pass_due();
    cr_assert_eq(put(0), 3u, "due at 10, 14 and 18 ms");
    cr_assert_eq(scene.worker.load.requests[0].asked_ns, 10u * MS);
    cr_assert_eq(scene.worker.load.requests[1].asked_ns, 14u * MS);
    cr_assert_eq(scene.worker.load.requests[2].asked_ns, 18u * MS);
}

Test(schedule, full_window_holds_requests_and_keeps_their_instants)
{
    begin((struct options){.sessions = 1, .depth = 2, .open_loop = 1000, .seed = 1});
    scene_at(&scene, 10 * MS);
    scene_at(&scene, 15 * MS);
    pass_due();
    cr_assert_eq(put(0), 2u);
    cr_assert_eq(put(0), 0u);
    scene_at(&scene, 30 * MS);
    uint8_t octets[256];
    struct reply reply = {.id = scene.worker.load.requests[0].id, .has_no_path = true};
    scene_receive(&scene, 0, octets, scene_reply(octets, &reply, 1));
    cr_assert_eq(scene.worker.results.latency.max, 20u * MS, "due at 10, answered at 30");
    cr_assert_eq(put(0), 1u);
    cr_assert_eq(scene.worker.load.requests[0].asked_ns, 12u * MS, "the third one");
}

Test(schedule, session_that_comes_up_later_has_missed_what_was_due)
{
    begin((struct options){.sessions = 2, .depth = 8, .open_loop = 1000, .seed = 1});
    scene.worker.table.pccs[1].state = PCC_KEEPING;
    scene_at(&scene, 20 * MS);
    pass_due();
    scene.worker.table.pccs[1].state = PCC_UP;
    pcc_on_up(&scene.worker.table, &scene.worker.table.pccs[1]);
    cr_assert_eq(put(1), 0u);
    cr_assert_eq(put(0), 6u);
}

Test(schedule, requests_of_the_warm_up_are_not_measured)
{
    begin((struct options){.sessions = 1, .depth = 8, .open_loop = 1000, .seed = 1});
    counter_set(&scene.stage.measure_from, 12 * MS);
    counter_set(&scene.stage.measure_until, 20 * MS);
    scene_at(&scene, 14 * MS);
    pass_due();
    cr_assert_eq(put(0), 5u);
    for (unsigned i = 0; i < 5; i++)
        cr_assert_eq(scene.worker.load.requests[i].is_measured, i >= 2);
    cr_assert_eq(counter_get(&scene.worker.counters.sent), 3u);
}

Test(schedule, closed_loop_fills_the_window_and_refills_what_is_answered)
{
    begin((struct options){.sessions = 1, .depth = 5, .seed = 1});
    scene_at(&scene, 11 * MS);
    cr_assert_eq(take_marked(), 1u, "the load begins");
    cr_assert_eq(put(0), 5u);
    cr_assert_eq(put(0), 0u);
    uint8_t octets[256];
    struct reply replies[] = {{.id = scene.worker.load.requests[1].id, .has_no_path = true},
                              {.id = scene.worker.load.requests[4].id, .has_no_path = true}};
    scene_receive(&scene, 0, octets, scene_reply(octets, replies, 2));
    cr_assert_eq(take_marked(), 1u);
    cr_assert_eq(put(0), 2u);
    cr_assert_eq(counter_get(&scene.worker.counters.outstanding), 5u);
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
    cr_assert_eq(counter_get(&scene.worker.counters.sent), 6u);
}
