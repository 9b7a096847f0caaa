/* Requests that are too long for a turn: computed elsewhere, once for all that ask the same. */
#include "core/requests/computation.h"
#include "core/requests/overload.h"
#include "tests/unit/requests/crowd.h"

#include <criterion/criterion.h>
#include <string.h>

#define A "10.0.0.1"
#define B "10.0.0.2"
#define C "10.0.0.3"
#define D "10.0.0.4"

static struct crowd *crowd;
static struct request_counters *counters;

static void set_up(void)
{
    crowd = crowd_create();
    crowd_offload(crowd, 2);
    crowd->context->work_left = 1000000;
    counters = &crowd->scene.counters;
}

static void tear_down(void)
{
    crowd_destroy(crowd);
}

TestSuite(offload, .init = set_up, .fini = tear_down);

static bool serve(void)
{
    crowd->context->work_left = 1000000;
    bool has_more = requests_serve(crowd->context);
    crowd->context->work_left = 1000000;
    crowd_check(crowd);
    return has_more;
}

static void cancel(uint32_t member, uint8_t request_id)
{
    uint8_t octets[] = {0x20, 5, 0, 24,         2,    0x10, 0, 12, 0, 0, 0, 0,
                        0,    0, 0, request_id, 0x0c, 0x10, 0, 8,  0, 0, 1, 1};
    (void)session_receive(&crowd->members[member].owner.session,
                          (struct wire_span){octets, sizeof octets}, crowd->context->arena,
                          crowd->context->now);
    arena_reset(crowd->context->arena);
}

static void end_session(uint32_t member)
{
    session_on_transport_end(&crowd->members[member].owner.session, PCE_CLOSED,
                             crowd->context->now);
}

/* The topology is replaced by one that is the same. */
static void replace_topology(void)
{
    crowd->scene.snapshot->serial++;
}

static void expect_nothing_left(void)
{
    cr_assert_eq(crowd->queue->count, 0);
    cr_assert_eq(crowd->queue->octets, 0);
    cr_assert_eq(crowd->queue->computing, 0);
    cr_assert_eq(crowd->context->computations->busy_count, 0);
}

Test(offload, a_heavy_request_does_not_hold_back_light_ones)
{
    crowd_ask_between(crowd, 0, 1, A, D);
    cr_assert_eq(crowd->note_count, 0);
    cr_assert_eq(crowd->offloaded_count, 1);
    crowd_ask_between(crowd, 0, 2, A, A);
    crowd_ask_between(crowd, 1, 1, D, D);
    cr_assert_eq(crowd->note_count, 2, "answered at once");
    cr_assert_not(serve(), "there is nothing to do until it is back");
    crowd_compute(crowd, 1);
    cr_assert_not(serve());
    cr_assert_eq(crowd->note_count, 3);
    cr_assert_eq(crowd->notes[2].request_id, 1);
    expect_nothing_left();
}

Test(offload, what_nobody_takes_now_is_tried_again_in_the_next_turn)
{
    crowd->takes_no_computation = true;
    crowd_ask_between(crowd, 0, 1, A, D);
    crowd_ask_between(crowd, 1, 1, D, A);
    cr_assert(serve(), "the next turn must not sleep");
    cr_assert_gt(counters->computations_refused, 0);
    cr_assert_eq(counters->computations, 0);
    cr_assert_eq(crowd->queue->count, 2, "both keep their entries");
    cr_assert_eq(crowd->context->computations->busy_count, 0);
    crowd->takes_no_computation = false;
    (void)serve();
    cr_assert_eq(crowd->offloaded_count, 2);
    crowd_compute(crowd, 2);
    (void)serve();
    cr_assert_eq(crowd->note_count, 2);
    expect_nothing_left();
}

Test(offload, what_is_the_same_is_computed_once)
{
    for (uint32_t i = 0; i < 10; i++) {
        crowd_ask_between(crowd, i, 100 + i, A, D);
        crowd_ask_between(crowd, i, 200 + i, A, D);
    }
    cr_assert_eq(crowd->offloaded_count, 1);
    cr_assert_eq(crowd->queue->count, 20);
    crowd_compute(crowd, 1);
    (void)serve();
    cr_assert_eq(counters->computations, 1);
    cr_assert_eq(counters->requests_coalesced, 19);
    for (uint32_t i = 0; i < 10; i++)
        cr_assert_eq(crowd->members[i].replies, 2);
    expect_nothing_left();
}

Test(offload, one_that_comes_while_the_answer_is_on_its_way_shares_it)
{
    crowd_ask_between(crowd, 0, 1, A, D);
    crowd_compute(crowd, 1);
    crowd_ask_between(crowd, 1, 1, A, D);
    (void)serve();
    cr_assert_eq(counters->computations, 1);
    cr_assert_eq(crowd->note_count, 2);
}

Test(offload, what_differs_is_computed_apart)
{
    crowd_ask_between(crowd, 0, 1, A, D);
    crowd_ask_between(crowd, 0, 2, D, A);
    cr_assert_eq(crowd->offloaded_count, 2);
    cr_assert_eq(counters->requests_coalesced, 0);
    crowd_compute(crowd, 2);
    (void)serve();
    expect_nothing_left();
}

Test(offload, what_finds_no_room_waits_and_sessions_take_turns)
{
    const char *ends[][2] = {{A, B}, {A, C}, {B, A}, {B, C}, {B, D}, {C, A}};
    crowd_ask_between(crowd, 0, 1, A, D);
    crowd_ask_between(crowd, 0, 2, D, A);
    for (uint32_t i = 0; i < 6; i++)
        crowd_ask_between(crowd, 0, 3 + i, ends[i][0], ends[i][1]);
    crowd_ask_between(crowd, 1, 1, C, B);
    cr_assert_eq(crowd->offloaded_count, 2);
    cr_assert_eq(request_queue_waiting(crowd->queue, REQUEST_HEAVY), 7);
    cr_assert_not(serve(), "no room: the shard may sleep");
    for (unsigned i = 0; crowd->members[1].replies == 0; i++) {
        cr_assert_lt(i, 3, "behind two of the first that were there, and one turn");
        crowd_compute(crowd, 2);
        (void)serve();
        cr_assert_leq(crowd->offloaded_count, 2);
    }
    while (crowd->offloaded_count > 0) {
        crowd_compute(crowd, 1);
        (void)serve();
    }
    cr_assert_eq(crowd->members[0].replies, 8);
    expect_nothing_left();
}

Test(offload, requests_of_one_message_are_answered_each_when_it_is_ready)
{
    struct scene *scene = &crowd->scene;
    const char *ends[][2] = {{A, A}, {A, D}, {B, B}, {D, A}, {C, C}};
    scene_begin(scene, PCEP_MESSAGE_PCREQ);
    for (uint32_t i = 0; i < 5; i++) {
        scene_put_rp(scene, i + 1, 0, 1);
        scene_put_end_points(scene, ends[i][0], ends[i][1]);
    }
    pcep_message_close(&scene->writer, 0);
    (void)session_receive(&crowd->members[0].owner.session,
                          (struct wire_span){scene->request, wire_written(&scene->writer)},
                          crowd->context->arena, crowd->context->now);
    cr_assert_eq(crowd->note_count, 3);
    cr_assert_eq(crowd->offloaded_count, 2);
    crowd_compute(crowd, 2);
    (void)serve();
    cr_assert_eq(crowd->note_count, 5);
    uint32_t sum = 0;
    for (uint32_t i = 0; i < 5; i++)
        sum |= 1U << crowd->notes[i].request_id;
    cr_assert_eq(sum, 0x3e, "each once");
}

Test(offload, one_that_waited_for_work_goes_on_to_be_computed_elsewhere)
{
    crowd->context->work_left = 0;
    crowd_ask_between(crowd, 0, 1, A, D);
    cr_assert_eq(request_queue_waiting(crowd->queue, REQUEST_READY), 1);
    (void)serve();
    cr_assert_eq(crowd->offloaded_count, 1);
    crowd_compute(crowd, 1);
    (void)serve();
    cr_assert_eq(crowd->note_count, 1);
    expect_nothing_left();
}

Test(offload, what_is_cancelled_is_not_answered_and_the_rest_is)
{
    crowd_ask_between(crowd, 0, 1, A, D);
    crowd_ask_between(crowd, 1, 1, A, D);
    cancel(0, 1);
    cr_assert_eq(counters->requests_cancelled, 1);
    crowd_compute(crowd, 1);
    (void)serve();
    cr_assert_eq(crowd->members[0].replies, 0);
    cr_assert_eq(crowd->members[1].replies, 1);
    expect_nothing_left();
}

Test(offload, what_nobody_wants_is_not_begun)
{
    crowd_ask_between(crowd, 0, 1, A, D);
    struct computation *computation = crowd->offloaded[0];
    cancel(0, 1);
    cr_assert_eq(crowd->queue->count, 0);
    crowd_compute(crowd, 1);
    cr_assert(computation->is_stale);
    (void)serve();
    expect_nothing_left();
}

Test(offload, one_that_comes_when_nobody_wanted_it_any_more_is_computed)
{
    crowd_ask_between(crowd, 0, 1, A, D);
    cancel(0, 1);
    struct computation *computation = crowd->offloaded[0];
    computation_run(computation, crowd->context->engine, crowd->context->snapshot);
    crowd_ask_between(crowd, 1, 1, A, D);
    crowd->offloaded_count = 0;
    requests_on_computed(crowd->context, computation);
    (void)serve();
    cr_assert_eq(crowd->members[1].replies, 0);
    cr_assert_eq(crowd->offloaded_count, 1, "once more");
    crowd_compute(crowd, 1);
    (void)serve();
    cr_assert_eq(crowd->members[1].replies, 1);
    expect_nothing_left();
}

Test(offload, a_session_that_ends_leaves_the_rest_its_answers)
{
    crowd_ask_between(crowd, 0, 1, A, D);
    crowd_ask_between(crowd, 1, 1, A, D);
    crowd_ask_between(crowd, 0, 2, D, A);
    crowd_ask_between(crowd, 0, 3, B, C);
    end_session(0);
    cr_assert_eq(counters->requests_gone, 3);
    crowd_compute(crowd, 2);
    (void)serve();
    cr_assert_eq(crowd->members[0].replies, 0);
    cr_assert_eq(crowd->members[1].replies, 1);
    expect_nothing_left();
}

Test(offload, the_queue_may_go_while_computations_are_under_way)
{
    crowd_ask_between(crowd, 0, 1, A, D);
    crowd_ask_between(crowd, 1, 1, A, D);
    for (uint32_t i = 0; i < CROWD_MEMBERS; i++)
        end_session(i);
    cr_assert_eq(crowd->queue->count, 0);
    cr_assert_eq(crowd->context->computations->busy_count, 1);
}

Test(offload, a_topology_that_comes_before_the_computation_is_the_one_that_counts)
{
    crowd_ask_between(crowd, 0, 1, A, D);
    replace_topology();
    crowd_compute(crowd, 1);
    cr_assert(serve() || crowd->offloaded_count == 1);
    cr_assert_eq(crowd->note_count, 0);
    cr_assert_eq(crowd->offloaded_count, 1, "begun anew");
    crowd_compute(crowd, 1);
    (void)serve();
    cr_assert_eq(crowd->note_count, 1);
    expect_nothing_left();
}

Test(offload, a_topology_that_comes_behind_the_computation_does_not_make_it_wrong)
{
    crowd_ask_between(crowd, 0, 1, A, D);
    crowd_compute(crowd, 1);
    replace_topology();
    crowd_ask_between(crowd, 1, 1, A, D);
    cr_assert_eq(crowd->offloaded_count, 1, "another topology is another question");
    (void)serve();
    cr_assert_eq(crowd->members[0].replies, 1, "as of when it was computed");
    crowd_compute(crowd, 1);
    (void)serve();
    expect_nothing_left();
}

Test(offload, without_a_topology_what_waits_is_answered_without_a_computation)
{
    crowd_ask_between(crowd, 0, 1, A, D);
    crowd_ask_between(crowd, 0, 2, D, A);
    crowd_ask_between(crowd, 0, 3, B, C);
    crowd->context->snapshot = NULL;
    crowd_compute(crowd, 1);
    while (serve())
        ;
    crowd_compute(crowd, 1);
    while (serve())
        ;
    cr_assert_eq(crowd->note_count, 3);
    cr_assert_eq(counters->replies_no_path, 3);
    expect_nothing_left();
    crowd->context->snapshot = crowd->scene.snapshot;
}

Test(offload, a_session_that_takes_no_answers_is_answered_when_it_does)
{
    crowd_ask_between(crowd, 0, 1, A, D);
    crowd_ask_between(crowd, 1, 1, A, D);
    crowd->members[0].takes_nothing = true;
    crowd_compute(crowd, 1);
    cr_assert_not(serve());
    cr_assert_eq(crowd->members[0].replies, 0);
    cr_assert_eq(crowd->members[1].replies, 1);
    cr_assert_eq(crowd->offloaded_count, 0, "not while it takes nothing");
    crowd_wait_ms(crowd, OVERLOAD_HIGH_MS);
    (void)serve();
    cr_assert_not(crowd->queue->is_congested, "it does not wait for us");
    crowd->members[0].takes_nothing = false;
    requests_resume_session(crowd->context, &crowd->members[0].owner.session);
    (void)serve();
    crowd_compute(crowd, 1);
    (void)serve();
    cr_assert_eq(crowd->members[0].replies, 1);
    expect_nothing_left();
}

Test(offload, the_limit_of_a_session_counts_what_is_computed)
{
    crowd->context->limits.in_flight_max = 3;
    for (uint32_t i = 1; i <= 5; i++)
        crowd_ask_between(crowd, 0, i, A, D);
    cr_assert_eq(crowd->queue->count, 3);
    cr_assert_eq(counters->requests_over_limit, 2);
    cr_assert_eq(crowd->members[0].cancelled, 2);
    crowd_compute(crowd, 1);
    (void)serve();
    cr_assert_eq(crowd->members[0].replies, 3);
}

Test(offload, memory_counts_what_is_computed_and_takes_it_from_who_has_most)
{
    for (uint32_t i = 1; i <= 20; i++)
        crowd_ask_between(crowd, 0, i, A, D);
    crowd->context->limits.octets_max = crowd->queue->octets;
    crowd_ask_between(crowd, 1, 1, A, D);
    cr_assert_geq(counters->requests_unserved, 1);
    cr_assert_eq(crowd->members[0].cancelled, counters->requests_unserved);
    cr_assert_leq(crowd->queue->octets, crowd->context->limits.octets_max);
    crowd_compute(crowd, 1);
    (void)serve();
    cr_assert_eq(crowd->members[0].replies, 20 - counters->requests_unserved);
    cr_assert_eq(crowd->members[1].replies, 1);
    expect_nothing_left();
}

Test(offload, what_waits_for_a_computation_for_long_is_congestion)
{
    crowd_ask_between(crowd, 0, 1, A, D);
    crowd_wait_ms(crowd, OVERLOAD_HIGH_MS);
    (void)serve();
    cr_assert(crowd->queue->is_congested);
    crowd_compute(crowd, 1);
    (void)serve();
    cr_assert_eq(crowd->members[0].overloaded, 1);
    cr_assert_eq(crowd->members[0].replies, 1);
}

Test(offload, a_turn_answers_so_many_and_no_more)
{
    const uint32_t asked = 700;
    for (uint32_t i = 0; i < asked; i++)
        crowd_ask_between(crowd, i % CROWD_MEMBERS, 1 + i, A, D);
    crowd_compute(crowd, 1);
    cr_assert(serve(), "more could be done at once");
    cr_assert_lt(crowd->note_count, asked);
    cr_assert_gt(crowd->note_count, 0);
    while (serve())
        ;
    cr_assert_eq(crowd->note_count, asked);
    expect_nothing_left();
}

Test(offload, without_a_limit_for_one_request_nothing_is_given_away)
{
    crowd->context->work_inline = 0;
    crowd_ask_between(crowd, 0, 1, A, D);
    cr_assert_eq(crowd->note_count, 1);
    cr_assert_eq(crowd->offloaded_count, 0);
}

/* ---- what is the same request ---- */

static void expect_apart(const struct path_request *first, const struct path_request *other)
{
    struct computation_table *table = computation_table_create(1, 0, COMPUTATION_OF_REQUESTS);
    (void)computation_begin(table, first, 1, 0);
    cr_assert_null(computation_find(table, other, 1, 0));
    cr_assert_null(computation_find(table, first, 2, 0));
    cr_assert_not_null(computation_find(table, first, 1, 0));
    computation_table_destroy(table);
}

#define EXPECT_COUNTS(member, value)                                                               \
    do {                                                                                           \
        struct path_request other = request;                                                       \
        other.member = value;                                                                      \
        expect_apart(&request, &other);                                                            \
    } while (0)

Test(offload, every_part_of_a_request_counts)
{
    const struct path_request request = {.source = 1, .destination = 2, .bound_mask = 2};
    EXPECT_COUNTS(source, 3);
    EXPECT_COUNTS(destination, 3);
    EXPECT_COUNTS(setup, PATH_SETUP_SR_MPLS);
    EXPECT_COUNTS(objective, PATH_MIN_MAX_LOAD);
    EXPECT_COUNTS(metric, PATH_METRIC_TE);
    EXPECT_COUNTS(bound_mask, 3);
    EXPECT_COUNTS(bounds[1], 1);
    EXPECT_COUNTS(bandwidth, 1);
    EXPECT_COUNTS(priority, 1);
    EXPECT_COUNTS(exclude_any, 1);
    EXPECT_COUNTS(include_any, 1);
    EXPECT_COUNTS(include_all, 1);
    EXPECT_COUNTS(sids_max, 1);
    EXPECT_COUNTS(algorithm, 1);
    EXPECT_COUNTS(family, 4);
    struct path_request other = request;
    other.bounds[3] = 1; /* does not hold */
    struct computation_table *table = computation_table_create(1, 0, COMPUTATION_OF_REQUESTS);
    (void)computation_begin(table, &request, 1, 0);
    cr_assert_not_null(computation_find(table, &other, 1, 0));
    computation_table_destroy(table);
}

/* ---- the same octets ---- */

struct asked {
    const char *destination;
    int setup;
    uint32_t metric;
    float bound, bandwidth;
    uint32_t exclude;
};

static void ask(const struct asked *asked)
{
    struct scene *scene = &crowd->scene;
    scene_begin(scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(scene, 7, 0, asked->setup);
    scene_put_end_points(scene, A, asked->destination);
    if (asked->exclude != 0)
        scene_put_lspa(scene, asked->exclude, 0, 0, 7);
    if (asked->bandwidth > 0)
        scene_put_bandwidth(scene, asked->bandwidth);
    scene_put_metric(scene, 0, 2, (uint8_t)asked->metric, 0);
    if (asked->bound > 0)
        scene_put_metric(scene, 0, 1, 12, asked->bound);
    pcep_message_close(&scene->writer, 0);
    (void)session_receive(&crowd->members[0].owner.session,
                          (struct wire_span){scene->request, wire_written(&scene->writer)},
                          crowd->context->arena, crowd->context->now);
    arena_reset(crowd->context->arena);
}

Test(offload, answers_have_the_octets_of_those_that_were_computed_at_once)
{
    const struct asked all[] = {
        {D, 1, 1, 0, 0, 0},   {D, 0, 1, 0, 0, 0},          {D, 1, 2, 0, 0, 0},
        {D, 0, 2, 0, 0, 0},   {D, 0, 1, 300, 0, 0},        {D, 1, 1, 300, 0, 0},
        {D, 1, 1, 100, 0, 0}, {D, 0, 1, 0, 5e5F, 0},       {D, 0, 2, 0, 5e5F, 0},
        {D, 0, 2, 0, 0, 1},   {D, 0, 1, 300, 0, 1},        {D, 1, 1, 100, 5e6F, 1},
        {C, 0, 3, 0, 0, 0},   {"10.0.0.5", 0, 1, 0, 0, 0}, {"2001:db8::4", 0, 1, 0, 0, 0},
    };
    struct member *member = &crowd->members[0];
    uint32_t offloaded = 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0] - 1; i++) {
        uint8_t first[CROWD_MESSAGE_MAX];
        crowd->context->work_inline = 0;
        ask(&all[i]);
        memcpy(first, member->last, sizeof first);
        memset(member->last, 0, sizeof member->last);
        crowd->context->work_inline = 1;
        ask(&all[i]);
        offloaded += crowd->offloaded_count;
        crowd_compute(crowd, 1);
        (void)serve();
        cr_assert_eq(memcmp(first, member->last, (size_t)first[2] * 256 + first[3]), 0,
                     "request %zu", i);
        cr_assert_eq(member->replies, 2 * (i + 1));
    }
    cr_assert_geq(offloaded, 10);
    expect_nothing_left();
}

Test(offload, what_is_known_meanwhile_is_not_computed_again)
{
    crowd->context->replies = reply_cache_create(1 << 20);
    cr_assert_not_null(crowd->context->replies);
    crowd_ask_between(crowd, 0, 1, B, C);
    crowd_ask_between(crowd, 0, 2, C, B);
    crowd_ask_between(crowd, 0, 3, A, D); /* these find no room */
    crowd_ask_between(crowd, 0, 4, D, A);
    crowd_ask_between(crowd, 1, 5, A, D);
    crowd_ask_between(crowd, 1, 6, A, D);
    while (crowd->offloaded_count > 0) {
        crowd_compute(crowd, 1);
        (void)serve();
    }
    cr_assert_eq(crowd->note_count, 6);
    cr_assert_eq(counters->computations, 4);
    cr_assert_eq(counters->requests_coalesced + counters->replies_cached, 2);
    cr_assert_gt(counters->replies_cached, 0);
    expect_nothing_left();
    reply_cache_destroy(crowd->context->replies);
    crowd->context->replies = NULL;
}
