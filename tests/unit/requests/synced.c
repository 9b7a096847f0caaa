/* Requests that a SVEC ties together: sets, what is told of them, and how they wait. */
#include "core/requests/synced.h"
#include "core/path/path_set.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "tests/lib/scene.h"

#include <criterion/criterion.h>

#define P       PCEP_OBJECT_FLAG_P
#define MISSING 7

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

TestSuite(synced, .init = set_up, .fini = tear_down);

static void put_svec(uint32_t flags, const uint32_t *ids, uint32_t count)
{
    const struct pcep_svec svec = {.flags = flags, .request_ids = ids, .count = count};
    pcep_object_put(&scene.writer, PCEP_OBJECT_SVEC, P, &svec);
}

static void put_request(uint32_t id, float bandwidth)
{
    scene_put_rp(&scene, id, 0, 1);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    if (bandwidth > 0)
        scene_put_bandwidth(&scene, bandwidth);
}

/* Request-IDs from 1 on, from A to D. */
static void send_set(uint32_t flags, uint32_t count)
{
    uint32_t ids[64];
    for (uint32_t i = 0; i < count; i++)
        ids[i] = i + 1;
    scene_clear(&scene);
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    put_svec(flags, ids, count);
    for (uint32_t i = 0; i < count; i++)
        put_request(ids[i], 0);
    scene_send(&scene);
}

static void expect_counts(uint64_t paths, uint64_t no_paths, uint64_t refused)
{
    cr_expect_eq(scene.counters.replies_path, paths);
    cr_expect_eq(scene.counters.replies_no_path, no_paths);
    cr_expect_eq(scene.counters.requests_refused, refused);
}

static const uint32_t pair[] = {1, 2};

Test(synced, two_that_are_diverse_get_two_paths_that_share_no_link)
{
    send_set(PCEP_SVEC_L, 2);
    expect_counts(2, 0, 0);
    struct pcep_response_list list = scene_responses(&scene, 0);
    cr_assert_eq(list.response_count, 2);
    uint32_t first = scene_label(list.responses[0].ero, 0);
    cr_assert_neq(first, scene_label(list.responses[1].ero, 0));
    send_set(PCEP_SVEC_N | PCEP_SVEC_S, 2);
    expect_counts(4, 0, 0);
}

Test(synced, the_third_one_has_no_disjoint_path_and_is_told_so)
{
    send_set(PCEP_SVEC_N, 3);
    expect_counts(2, 1, 0);
    struct pcep_response_list list = scene_responses(&scene, 0);
    uint32_t told = 0;
    for (uint32_t i = 0; i < list.response_count; i++) {
        if (list.responses[i].no_path != NULL)
            told += scene_vector(&list.responses[i]) == PCEP_NO_PATH_VECTOR_NO_DISJOINT_PATH;
    }
    cr_assert_eq(told, 1);
}

Test(synced, a_svec_without_its_p_flag_ties_nothing)
{
    const struct pcep_svec svec = {.flags = PCEP_SVEC_L, .request_ids = pair, .count = 2};
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    pcep_object_put(&scene.writer, PCEP_OBJECT_SVEC, 0, &svec);
    put_request(1, 0);
    put_request(2, 0);
    scene_send(&scene);
    struct pcep_response_list list = scene_responses(&scene, 0);
    cr_assert_eq(scene_label(list.responses[0].ero, 0), scene_label(list.responses[1].ero, 0));
}

Test(synced, those_beside_the_set_are_answered_as_ever)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    put_svec(PCEP_SVEC_L, pair, 2);
    for (uint32_t id = 1; id <= 3; id++)
        put_request(id, 0);
    scene_send(&scene);
    expect_counts(3, 0, 0);
}

Test(synced, independent_ones_share_a_link_only_as_far_as_it_has_bandwidth)
{
    for (int tied = 0; tied < 2; tied++) {
        scene_clear(&scene);
        scene_begin(&scene, PCEP_MESSAGE_PCREQ);
        if (tied)
            put_svec(0, pair, 2);
        put_request(1, 950000.0F); /* A-B-D has 1,000,000, A-C-D 100,000 */
        put_request(2, 60000.0F);
        scene_send(&scene);
        struct pcep_response_list list = scene_responses(&scene, 0);
        bool are_same =
            scene_label(list.responses[0].ero, 0) == scene_label(list.responses[1].ero, 0);
        cr_assert_eq(are_same, !tied);
    }
}

Test(synced, svecs_with_a_request_in_common_ask_pair_by_pair)
{
    const uint32_t first[] = {1, 2}, second[] = {2, 3};
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    put_svec(PCEP_SVEC_L, first, 2);
    put_svec(PCEP_SVEC_N, second, 2);
    for (uint32_t id = 1; id <= 3; id++)
        put_request(id, 0);
    scene_send(&scene);
    expect_counts(3, 0, 0);
    struct pcep_response_list list = scene_responses(&scene, 0);
    uint32_t labels[3];
    for (uint32_t i = 0; i < 3; i++)
        labels[i] = scene_label(list.responses[i].ero, 0);
    cr_assert(labels[0] == labels[2] && labels[0] != labels[1]);
}

/* ---- refusals ---- */

Test(synced, a_set_of_which_a_request_is_missing_is_refused_as_a_whole)
{
    const uint32_t ids[] = {1, 2, 9};
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    put_svec(PCEP_SVEC_L, ids, 3);
    put_request(1, 0);
    put_request(2, 0);
    put_request(3, 0);
    scene_send(&scene);
    expect_counts(1, 0, 2);
    cr_assert_eq(pcep_fault_error(&scene.last_fault), PCEP_ERROR_SYNCHRONIZED_REQUEST_MISSING);
}

Test(synced, a_request_that_is_refused_cancels_its_set)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    put_svec(PCEP_SVEC_L, pair, 2);
    put_request(1, 0);
    scene_put_rp(&scene, 2, PCEP_RP_B, 1);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    scene_send(&scene);
    expect_counts(0, 0, 2);
    cr_assert_eq(scene.message_count, 2);
    cr_assert_eq(pcep_fault_error(&scene.last_fault), PCEP_ERROR_SYNCHRONIZED_REQUEST_MISSING);
}

Test(synced, a_set_has_so_many_requests_and_no_more)
{
    send_set(PCEP_SVEC_L, PATH_SET_MAX);
    expect_counts(2, PATH_SET_MAX - 2, 0);
    send_set(PCEP_SVEC_L, PATH_SET_MAX + 1);
    expect_counts(2, PATH_SET_MAX - 2, PATH_SET_MAX + 1);
    send_set(0, PATH_SET_MAX + 1); /* independent ones need not be a set */
    expect_counts(2 + PATH_SET_MAX + 1, PATH_SET_MAX - 2, PATH_SET_MAX + 1);
    send_set(0x800000, PATH_SET_MAX + 1); /* an unassigned flag asks for nothing */
    expect_counts(2 + 2 * (PATH_SET_MAX + 1), PATH_SET_MAX - 2, PATH_SET_MAX + 1);
}

Test(synced, diversity_of_trees_is_refused_and_unassigned_flags_are_ignored)
{
    send_set(PCEP_SVEC_L | 0x8, 2);
    expect_counts(0, 0, 2);
    send_set(PCEP_SVEC_L | 0x800000, 2);
    expect_counts(2, 0, 2);
}

Test(synced, an_end_that_nobody_knows_leaves_the_others_their_paths)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    put_svec(PCEP_SVEC_L, pair, 2);
    put_request(1, 0);
    scene_put_rp(&scene, 2, 0, 1);
    scene_put_end_points(&scene, "10.0.0.1", "10.9.9.9");
    scene_send(&scene);
    expect_counts(1, 1, 0);
}

/* ---- what is asked of the set, and told ---- */

static void put_of(uint8_t header_flags, uint16_t code)
{
    const struct pcep_of of = {.code = code};
    pcep_object_put(&scene.writer, PCEP_OBJECT_OF, header_flags, &of);
}

static void begin_set(uint32_t flags)
{
    scene_clear(&scene);
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    put_svec(flags, pair, 2);
}

static void send_pair(float bandwidth)
{
    put_request(1, bandwidth);
    put_request(2, bandwidth);
    scene_send(&scene);
}

static const struct pcep_object *told_object(const struct pcep_message *message, uint32_t index,
                                             enum pcep_object_id id)
{
    cr_assert_lt(index, message->object_count);
    cr_assert_eq(message->objects[index].row->id, id);
    return &message->objects[index];
}

Test(synced, the_objective_and_metrics_of_a_set_are_told_behind_its_svec)
{
    const double values[] = {80000, 0.2, 60, 220};
    begin_set(PCEP_SVEC_L);
    put_of(P, PCEP_OF_MCC);
    for (uint8_t type = 4; type <= 7; type++)
        scene_put_metric(&scene, P, PCEP_METRIC_C, type, 0);
    send_pair(20000.0F);
    cr_assert_eq(scene.message_count, 1);
    struct pcep_message message = scene_decoded(&scene, 0);
    const struct pcep_svec *svec = told_object(&message, 0, PCEP_OBJECT_SVEC)->body;
    cr_assert(svec->flags == PCEP_SVEC_L && svec->count == 2 && svec->request_ids[1] == 2);
    const struct pcep_of *of = told_object(&message, 1, PCEP_OBJECT_OF)->body;
    cr_assert_eq(of->code, PCEP_OF_MCC);
    for (uint32_t i = 0; i < 4; i++) {
        const struct pcep_metric *metric = told_object(&message, 2 + i, PCEP_OBJECT_METRIC)->body;
        cr_expect_eq(metric->type, 4 + i);
        cr_expect_float_eq((double)metric->value, values[i], 1e-3 * values[i], "type %u: %g",
                           metric->type, (double)metric->value);
    }
    (void)told_object(&message, 6, PCEP_OBJECT_RP);
    expect_counts(2, 0, 0);
}

Test(synced, each_objective_of_a_set_is_answered_and_others_are_refused)
{
    uint64_t answered = 0;
    for (uint16_t code = 1; code <= 7; code++) {
        bool is_of_set = code >= PCEP_OF_MBC && code <= PCEP_OF_MCC;
        begin_set(PCEP_SVEC_L);
        put_of(P, code);
        send_pair(1000.0F);
        answered += is_of_set ? 2 : 0;
        cr_expect_eq(scene.counters.replies_path, answered, "OF %u", code);
        begin_set(PCEP_SVEC_L);
        put_of(0, code);
        send_pair(1000.0F);
        answered += 2;
        cr_expect_eq(scene.counters.replies_path, answered, "OF %u without P", code);
    }
    begin_set(0);
    put_of(P, PCEP_OF_MLL); /* two on a link would have a load together */
    send_pair(1000.0F);
    cr_expect_eq(scene.counters.replies_path, answered);
}

Test(synced, a_bound_on_the_sum_that_is_minimised_is_kept_or_there_is_no_path)
{
    for (int kept = 0; kept < 2; kept++) {
        begin_set(PCEP_SVEC_L);
        scene_put_metric(&scene, P, PCEP_METRIC_B, 6, kept ? 60 : 59);
        send_pair(0);
        expect_counts(kept ? 2 : 0, 2, 0);
    }
    begin_set(PCEP_SVEC_L);
    scene_put_metric(&scene, P, PCEP_METRIC_B, 7,
                     1000); /* it is the IGP metric that is minimised */
    send_pair(0);
    expect_counts(2, 2, 2);
}

Test(synced, each_set_of_a_message_is_told_of_the_network_with_its_own_paths)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    for (uint32_t id = 1; id <= 2; id++) {
        put_svec(PCEP_SVEC_L, &id, 1);
        scene_put_metric(&scene, P, PCEP_METRIC_C, PCEP_METRIC_TYPE_BANDWIDTH_CONSUMPTION, 0);
    }
    put_request(1, 20000.0F);
    put_request(2, 30000.0F);
    scene_send(&scene);
    cr_assert_eq(scene.message_count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        struct pcep_message message = scene_decoded(&scene, i);
        const struct pcep_metric *metric = told_object(&message, 1, PCEP_OBJECT_METRIC)->body;
        cr_expect_eq(metric->value, i == 0 ? 40000.0F : 60000.0F, "two links each");
    }
    expect_counts(2, 0, 0);
}

static uint64_t work_to_tell(uint8_t type)
{
    scene.context.work_left = REQUESTS_WORK_PER_TURN;
    begin_set(PCEP_SVEC_L);
    scene_put_metric(&scene, P, PCEP_METRIC_C, type, 0);
    send_pair(20000.0F);
    return REQUESTS_WORK_PER_TURN - scene.context.work_left;
}

Test(synced, to_look_at_the_network_is_work_of_the_turn)
{
    uint64_t without = work_to_tell(PCEP_METRIC_TYPE_CUMULATIVE_IGP);
    cr_assert_eq(work_to_tell(PCEP_METRIC_TYPE_MOST_LOADED_LINK),
                 without + scene.snapshot->link_count + REQUESTS_WORK_OF_ONE);
}

Test(synced, a_set_of_one_is_loaded_least_too)
{
    for (int of = PCEP_OF_MBC; of <= PCEP_OF_MCC; of++) {
        const uint16_t code = (uint16_t)of;
        scene_clear(&scene);
        scene_begin(&scene, PCEP_MESSAGE_PCREQ);
        put_svec(PCEP_SVEC_L, pair, 1);
        put_of(P, code);
        put_request(1, 1000.0F);
        scene_send(&scene);
        cr_assert_eq(scene.last_request.objective,
                     code == PCEP_OF_MLL ? PATH_MIN_MAX_LOAD : PATH_MIN_METRIC);
    }
    expect_counts(3, 0, 0);
}

/* ---- waiting ---- */

static struct request_queue *queue;

static void fill_turn(void)
{
    queue = request_queue_create();
    scene.context.queue = queue;
    scene.context.limits = (struct request_limits){.octets_max = 1 << 20};
    scene.context.work_left = 0;
}

static void end_waiting(void)
{
    requests_forget_session(&scene.context, &scene.owner.session);
    scene.counters.requests -= scene.counters.requests_gone + scene.counters.requests_cancelled +
                               scene.counters.requests_unserved;
    scene.context.queue = NULL;
    request_queue_destroy(queue);
}

Test(synced, a_set_that_has_to_wait_is_answered_in_a_later_turn)
{
    fill_turn();
    send_set(PCEP_SVEC_L, 2);
    expect_counts(0, 0, 0);
    cr_assert_eq(synced_waiting(scene.context.synced), 2);
    cr_assert(requests_serve(&scene.context), "no work is left");
    scene.context.work_left = REQUESTS_WORK_PER_TURN;
    cr_assert_not(requests_serve(&scene.context));
    expect_counts(2, 0, 0);
    cr_assert_eq(synced_waiting(scene.context.synced), 0);
    end_waiting();
}

Test(synced, so_many_sets_of_a_session_wait_and_the_next_one_is_cancelled)
{
    fill_turn();
    for (uint32_t i = 0; i < SYNCED_PER_SESSION; i++)
        send_set(PCEP_SVEC_L, 2);
    cr_assert_eq(scene.message_count, 0);
    cr_assert_eq(synced_waiting(scene.context.synced), 2 * SYNCED_PER_SESSION);
    send_set(PCEP_SVEC_L, 2);
    cr_assert_eq(scene.message_count, 1);
    cr_assert_eq(scene.counters.requests_unserved, 2);
    end_waiting();
    cr_assert_eq(synced_waiting(scene.context.synced), 0);
}

Test(synced, a_set_is_dropped_as_a_whole_when_one_of_its_requests_is_cancelled)
{
    uint32_t other = 9, second = 2;
    fill_turn();
    send_set(PCEP_SVEC_L, 3);
    requests_cancel(&scene.context, &scene.owner.session, &other, 1);
    cr_assert_eq(synced_waiting(scene.context.synced), 3);
    requests_cancel(&scene.context, &scene.owner.session, &second, 1);
    cr_assert_eq(synced_waiting(scene.context.synced), 0);
    cr_assert_eq(scene.counters.requests_cancelled, 3);
    end_waiting();
}

/* Sets of two, of request-IDs from 1 on. */
static void send_sets(uint32_t count)
{
    scene_clear(&scene);
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    for (uint32_t i = 0; i < count; i++)
        put_svec(PCEP_SVEC_L, (const uint32_t[]){2 * i + 1, 2 * i + 2}, 2);
    for (uint32_t id = 1; id <= 2 * count; id++)
        put_request(id, 0);
    scene_send(&scene);
}

/* A turn with work for one set, or one request. */
static bool serve_one(void)
{
    scene.context.work_left = 1;
    return requests_serve(&scene.context);
}

Test(synced, sets_of_a_message_for_which_the_turn_has_no_work_wait_for_later_ones)
{
    fill_turn();
    scene.context.work_left = 1;
    send_sets(3);
    expect_counts(2, 0, 0);
    cr_assert_eq(synced_waiting(scene.context.synced), 4);
    cr_assert(serve_one());
    expect_counts(4, 0, 0);
    cr_assert_not(serve_one());
    expect_counts(6, 0, 0);
    cr_assert_eq(scene.counters.requests_queued, 4, "each waits but once");
    end_waiting();
}

Test(synced, sets_that_use_up_the_work_of_a_turn_leave_the_next_one_to_other_requests)
{
    fill_turn();
    send_sets(2);
    scene_clear(&scene);
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    put_request(5, 0);
    scene_send(&scene);
    cr_assert(serve_one());
    expect_counts(2, 0, 0);
    cr_assert_eq(requests_waiting(&scene.context, &scene.owner.session), 1);
    cr_assert(serve_one());
    cr_assert_eq(requests_waiting(&scene.context, &scene.owner.session), 0);
    expect_counts(3, 0, 0);
    cr_assert_not(serve_one());
    expect_counts(5, 0, 0);
    end_waiting();
}

Test(synced, nothing_waits_of_a_session_that_another_request_of_the_message_has_ended)
{
    fill_turn();
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    put_svec(PCEP_SVEC_L, pair, 2);
    put_request(1, 0);
    put_request(2, 0);
    scene_put_rp(&scene, 3, 0, 2); /* a setup that was not advertised */
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    scene_send(&scene);
    cr_assert_neq(scene.owner.session.state, SESSION_UP);
    cr_expect_eq(synced_waiting(scene.context.synced), 0);
    cr_expect_eq(scene.counters.replies_dropped, 2);
    end_waiting();
}
