/* PCReq: metrics that routers measure (RFC 8233, RFC 9933 4.5.1), as objective, bound, and told. */
#include "tests/lib/scene.h"

#include <criterion/criterion.h>

#define P   PCEP_OBJECT_FLAG_P
#define MPL 9 /* minimum packet loss path */

static struct scene scene;

/* R1 to R2: directly, with loss; over R3, without loss, of more delay; over R4, that says nothing. */
static void set_up(void)
{
    scene_init(&scene);
    scene_use_network(&scene, "defaults: {srgb: {base: 16000, size: 8000}, capacity: 10G}\n"
                              "nodes:\n"
                              "- {name: R1, router-id: 192.0.2.1, prefix-sid: 1}\n"
                              "- {name: R2, router-id: 192.0.2.2, prefix-sid: 2}\n"
                              "- {name: R3, router-id: 192.0.2.3, prefix-sid: 3}\n"
                              "- {name: R4, router-id: 192.0.2.4, prefix-sid: 4}\n"
                              "links:\n"
                              "- {from: R1, to: R2, igp-metric: 30, delay-range: [100, 200],"
                              " delay-variation: 9, loss: 1.5}\n"
                              "- {from: R1, to: R3, igp-metric: 20, delay-range: [300, 300],"
                              " delay-variation: 2, loss: 0.3}\n"
                              "- {from: R3, to: R2, igp-metric: 20, delay-range: [300, 300],"
                              " delay-variation: 2, loss: 0.6}\n"
                              "- {from: R1, to: R4, igp-metric: 1}\n"
                              "- {from: R4, to: R2, igp-metric: 1}\n");
}

static void tear_down(void)
{
    scene_check_counters(&scene);
    scene_fini(&scene);
}

TestSuite(measured, .init = set_up, .fini = tear_down);

static void begin(void)
{
    scene_clear(&scene);
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 77, 0, PCEP_PST_RSVP_TE);
    scene_put_end_points(&scene, "192.0.2.1", "192.0.2.2");
}

static uint32_t hops(const struct pcep_response *response)
{
    return pcep_subobjects_of(response->ero).count;
}

Test(measured, each_is_minimised_and_told)
{
    static const struct {
        uint8_t type;
        uint32_t hops;
        double value;
    } cases[] = {
        {PCEP_METRIC_TYPE_PATH_MIN_DELAY, 1, 100},
        {PCEP_METRIC_TYPE_PATH_DELAY_VARIATION, 2, 4},
        {PCEP_METRIC_TYPE_PATH_LOSS, 2, (1 - 0.997 * 0.994) * 100},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin();
        scene_put_metric(&scene, P, PCEP_METRIC_C, cases[i].type, 0);
        scene_send(&scene);
        struct pcep_response response = scene_only_response(&scene);
        cr_expect_eq(hops(&response), cases[i].hops);
        cr_assert_eq(response.metric_count, 1);
        cr_expect_eq(scene_metric(&response, 0)->type, cases[i].type);
        cr_expect_float_eq(scene_metric(&response, 0)->value, cases[i].value, 1e-5);
    }
}

Test(measured, each_binds_and_is_named_where_nothing_keeps_it)
{
    static const struct {
        uint8_t type;
        float kept, broken;
    } cases[] = {
        {PCEP_METRIC_TYPE_PATH_MIN_DELAY, 100, 99},
        {PCEP_METRIC_TYPE_PATH_DELAY_VARIATION, 4, 3},
        {PCEP_METRIC_TYPE_PATH_LOSS, 0.8983F, 0.898F}, /* 0.8982 % */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin();
        scene_put_metric(&scene, P, PCEP_METRIC_B, cases[i].type, cases[i].kept);
        scene_send(&scene);
        struct pcep_response response = scene_only_response(&scene);
        cr_expect_eq(hops(&response), i == 0 ? 1 : 2, "not by R4, which is nearest");
        begin();
        scene_put_metric(&scene, P, PCEP_METRIC_B, cases[i].type, cases[i].broken);
        scene_send(&scene);
        response = scene_only_response(&scene);
        cr_assert(scene_lists_constraints(&response));
        cr_expect_eq(scene_metric(&response, 0)->type, cases[i].type);
        cr_expect_eq(scene_metric(&response, 0)->flags, PCEP_METRIC_B);
        cr_expect_eq(scene_metric(&response, 0)->value, cases[i].broken);
    }
}

/* RFC 8233 3.3 */
Test(measured, the_objective_function_of_loss_comes_before_a_metric)
{
    const struct pcep_of of = {.code = MPL};
    begin();
    scene_put_metric(&scene, P, 0, PCEP_METRIC_TYPE_IGP, 0);
    pcep_object_put(&scene.writer, PCEP_OBJECT_OF, P, &of);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_expect_eq(scene.last_request.metric, PATH_METRIC_LOSS);
    cr_expect_eq(hops(&response), 2);
}

Test(measured, what_a_link_does_not_say_is_not_told)
{
    begin();
    scene_put_metric(&scene, P, PCEP_METRIC_C, PCEP_METRIC_TYPE_IGP, 0);
    scene_put_metric(&scene, P, PCEP_METRIC_C, PCEP_METRIC_TYPE_PATH_LOSS, 0);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_assert_eq(response.metric_count, 1, "over R4");
    cr_expect_eq(scene_metric(&response, 0)->type, PCEP_METRIC_TYPE_IGP);
}

static void put_bounds(uint32_t count, uint8_t header_flags)
{
    static const uint8_t types[] = {1, 2, 12, 13, 14};
    begin();
    scene_put_metric(&scene, P, PCEP_METRIC_B, PCEP_METRIC_TYPE_HOP_COUNT, 2);
    for (uint32_t i = 0; i < count; i++)
        scene_put_metric(&scene, header_flags, PCEP_METRIC_B, types[i], 99);
    scene_send(&scene);
}

Test(measured, so_many_are_bounded_at_once_and_one_more_is_refused)
{
    put_bounds(PATH_BOUNDS_MAX, P);
    struct pcep_response response = scene_only_response(&scene);
    cr_expect_eq(hops(&response), 1, "not by R4");
    put_bounds(PATH_BOUNDS_MAX + 1, 0);
    response = scene_only_response(&scene);
    cr_expect_eq(hops(&response), 1, "without P the last one is left out");
    scene_clear(&scene);
    put_bounds(PATH_BOUNDS_MAX + 1, P);
    scene_expect_error(&scene, 77, 4, 4);
}
