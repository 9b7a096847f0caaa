/* Requests that ask for bandwidth, and what LSPs hold of it. */
#include "core/requests/account.h"
#include "core/requests/computation.h"
#include "tests/unit/requests/crowd.h"

#include <criterion/criterion.h>
#include <string.h>

#define P PCEP_OBJECT_FLAG_P

/* The directed links of the scene by their adjacency SIDs; the upper way has 1,000,000 octets/s. */
enum { AB = 24000, BD = 24002, AC = 24004, CD = 24006 };

static struct scene scene;
static struct request_account account;
static struct ted_reservations *reservations;
static struct ted_link_registry *registry;
static struct request_events events;
/* What own_route was asked, and what it says. */
static unsigned asked_count;
static struct request_lsp asked;
static char asked_name[32];
static struct ted_claim own_claim;
static uint32_t own_labels[2];
static uint64_t own_work;

static uint32_t link_of(uint32_t label)
{
    for (uint32_t i = 0; i < scene.snapshot->link_count; i++) {
        const struct ted_link *link = &scene.snapshot->links[i];
        if (scene.snapshot->adj_sids[link->adj_sids.first].label == label)
            return i;
    }
    cr_assert_fail("no such link");
    return TED_NONE;
}

static uint32_t node_of(const char *address)
{
    struct ip ip;
    cr_assert(ip_parse(address, &ip));
    return ted_find_node_by_address(scene.snapshot, &ip);
}

static bool own_route(struct request_context *context, struct session *session,
                      const struct request_lsp *lsp, struct request_own *own)
{
    (void)context;
    cr_assert_eq((void *)session, (void *)&scene.owner.session);
    asked_count++;
    asked = *lsp;
    cr_assert_lt(lsp->name.size, sizeof asked_name);
    memset(asked_name, 0, sizeof asked_name);
    if (lsp->name.size > 0)
        memcpy(asked_name, lsp->name.octets, lsp->name.size);
    own->work = own_work;
    if (own_claim.octets_per_s == 0)
        return false;
    own->claim = own_claim;
    uint32_t first = link_of(own_labels[0]), second = link_of(own_labels[1]);
    own->links[0] = first < second ? first : second;
    own->links[1] = first < second ? second : first;
    own->count = 2;
    return true;
}

static void number_links(struct scene *of)
{
    registry = ted_link_registry_create(100);
    reservations = ted_reservations_create(100);
    cr_assert_eq(ted_link_registry_number(registry, NULL, of->snapshot), PCE_OK);
    cr_assert_eq(ted_reservations_make_room(reservations, of->snapshot->link_numbers->count),
                 PCE_OK);
    account.table = reservations;
    of->context.account = &account;
    events = *of->context.events;
    events.own_route = own_route;
    of->context.events = &events;
}

static void set_up(void)
{
    scene_init(&scene);
    number_links(&scene);
}

static void tear_down(void)
{
    scene_check_counters(&scene);
    scene_fini(&scene);
    ted_link_registry_destroy(registry);
    ted_reservations_destroy(reservations);
}

TestSuite(account, .init = set_up, .fini = tear_down, .timeout = 20);

static void change(uint32_t label, uint64_t octets, uint8_t priority, bool takes)
{
    uint32_t number = scene.snapshot->link_numbers->of_links[link_of(label)];
    const struct ted_claim claim = {octets, priority, priority};
    if (takes)
        ted_reservations_force(reservations, &number, 1, &claim);
    else
        ted_reservations_release(reservations, &number, 1, &claim);
}

static void hold(uint32_t label, uint64_t octets, uint8_t priority)
{
    change(label, octets, priority, true);
}

static void begin(float bandwidth)
{
    scene_clear(&scene);
    scene_begin_request(&scene);
    if (bandwidth > 0)
        scene_put_bandwidth(&scene, bandwidth);
}

/* The first label of the path; 0: there is none. */
static uint32_t answered(void)
{
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    return response.ero == NULL ? 0 : scene_label(response.ero, 0);
}

static uint32_t ask(float bandwidth)
{
    begin(bandwidth);
    return answered();
}

/* ---- what is seen ---- */

Test(account, a_request_for_bandwidth_goes_round_what_lsps_hold)
{
    uint32_t upper = ask(50000);
    hold(BD, 960000, 0);
    uint32_t lower = ask(50000);
    cr_expect_eq(upper, 16004, "the node SID of D");
    cr_expect_neq(lower, 0);
    cr_expect_neq(lower, upper);
    cr_expect_eq(scene.last_result.link_count, 2);
    cr_expect_eq(scene.last_result.residual_bandwidth, 100000, "the way by C");
    cr_expect_eq(ask(40000), upper, "what is left is given");
    cr_expect_eq(scene.last_result.residual_bandwidth, 40000);
}

Test(account, where_lsps_hold_too_much_there_is_no_path_and_bandwidth_is_named)
{
    hold(BD, 960000, 0);
    hold(AC, 60000, 0);
    begin(50000);
    scene_send(&scene);
    struct pcep_response response = scene_only_response(&scene);
    cr_expect_null(response.ero);
    cr_expect(scene_lists_constraints(&response));
    cr_expect_not_null(response.bandwidth);
}

Test(account, who_asks_for_no_bandwidth_is_not_held_back)
{
    hold(BD, 1000000, 0);
    hold(CD, 1000000, 0);
    cr_expect_eq(ask(0), 16004);
    cr_expect_null(scene.last_request.reservations);
}

Test(account, what_lower_priorities_hold_does_not_count)
{
    hold(BD, 1000000, 4);
    begin(50000);
    scene_put_lspa(&scene, 0, 0, 0, 3);
    cr_expect_eq(answered(), 16004);
    begin(50000);
    scene_put_lspa(&scene, 0, 0, 0, 4);
    cr_expect_neq(answered(), 16004);
    cr_expect_eq(ask(50000), 16004, "without LSPA the setup priority is 0 (RFC 5440 7.11)");
}

Test(account, an_objective_that_is_about_bandwidth_sees_it_too)
{
    const struct pcep_of body = {.code = PCEP_OF_MBP};
    hold(BD, 960000, 0);
    begin(0);
    pcep_object_put(&scene.writer, PCEP_OBJECT_OF, P, &body);
    scene_send(&scene);
    cr_expect_eq(scene.last_result.residual_bandwidth, 100000);
}

Test(account, an_answer_takes_nothing)
{
    hold(BD, 1, 0);
    uint64_t before = ted_reservations_changes(reservations);
    cr_expect_neq(ask(50000), 0);
    cr_expect_eq(ted_reservations_changes(reservations), before);
}

Test(account, where_nothing_was_ever_held_the_topology_says_it_all)
{
    cr_expect_eq(ask(50000), 16004);
    cr_expect_null(scene.last_request.reservations);
    hold(BD, 1, 0);
    cr_expect_eq(ask(50000), 16004);
    cr_expect_not_null(scene.last_request.reservations);
}

/* ---- what was answered before ---- */

/* Until the answer is one that was known. */
static uint32_t learn(float bandwidth)
{
    uint64_t known = scene.counters.replies_cached;
    (void)ask(bandwidth);
    (void)ask(bandwidth);
    cr_expect_eq(scene.counters.replies_cached, known);
    uint32_t label = ask(bandwidth);
    cr_expect_eq(scene.counters.replies_cached, known + 1);
    return label;
}

Test(account, an_answer_is_known_again_until_the_account_changes)
{
    scene_keep_replies(&scene);
    cr_expect_eq(learn(50000), 16004);
    hold(BD, 960000, 0);
    uint64_t known = scene.counters.replies_cached;
    cr_expect_neq(ask(50000), 16004, "not what was known");
    cr_expect_neq(ask(50000), 16004);
    cr_expect_eq(scene.counters.replies_cached, known + 1, "it was asked before: kept at once");
    change(BD, 960000, 0, false);
    cr_expect_eq(ask(50000), 16004, "nor what was known before that");
    cr_expect_eq(scene.counters.replies_cached, known + 1);
}

Test(account, an_answer_without_bandwidth_is_known_whatever_lsps_hold)
{
    scene_keep_replies(&scene);
    cr_expect_eq(learn(0), 16004);
    hold(BD, 960000, 0);
    uint64_t known = scene.counters.replies_cached;
    cr_expect_eq(ask(0), 16004);
    cr_expect_eq(scene.counters.replies_cached, known + 1);
}

Test(account, an_answer_that_names_an_lsp_is_not_kept)
{
    const struct pcep_lsp body = {.plsp_id = 7};
    scene_keep_replies(&scene);
    for (unsigned i = 0; i < 4; i++) {
        begin(50000);
        pcep_object_put(&scene.writer, PCEP_OBJECT_LSP, P, &body);
        cr_expect_eq(answered(), 16004);
    }
    cr_expect_eq(scene.counters.replies_cached, 0);
    cr_expect_eq(asked_count, 4);
}

/* ---- the LSP's own ---- */

static void own_is(uint64_t octets, uint8_t priority)
{
    own_claim = (struct ted_claim){octets, priority, priority};
    own_labels[0] = AB;
    own_labels[1] = BD;
}

Test(account, what_the_lsp_holds_itself_is_free_to_it)
{
    const struct pcep_lsp body = {.plsp_id = 7};
    hold(AB, 960000, 0);
    hold(BD, 960000, 0);
    cr_expect_neq(ask(50000), 16004);
    own_is(20000, 0);
    begin(50000);
    pcep_object_put(&scene.writer, PCEP_OBJECT_LSP, P, &body);
    cr_expect_eq(answered(), 16004);
    cr_expect_eq(scene.last_result.residual_bandwidth, 60000);
    cr_expect_eq(asked.plsp_id, 7);
    cr_expect_eq(asked.route.count, 0);
    cr_expect_eq(asked.setup, PATH_SETUP_SR_MPLS);
    cr_expect_neq(ask(50000), 16004, "and to no other");
}

Test(account, an_lsp_is_named_by_its_symbolic_path_name_too)
{
    static const char name[] = "blue";
    const struct pcep_lsp body = {0};
    const struct pcep_symbolic_path_name tlv = {{(const uint8_t *)name, sizeof name - 1}};
    hold(BD, 1, 0);
    begin(50000);
    size_t object = pcep_object_open(&scene.writer, PCEP_OBJECT_LSP, P, &body);
    pcep_tlv_put(&scene.writer, PCEP_TLV_SYMBOLIC_PATH_NAME, &tlv);
    pcep_object_close(&scene.writer, object);
    (void)answered();
    cr_expect_eq(asked.plsp_id, 0);
    cr_expect_str_eq(asked_name, name);
}

#define RRO_BY_B "0812 0014 0108 c000 0202 2000 0108 c000 0204 2000"

static void begin_again(uint32_t flags, float existing)
{
    uint8_t octets[64];
    size_t size = session_owner_parse_hex(RRO_BY_B, octets, sizeof octets);
    const struct pcep_bandwidth body = {existing};
    scene_clear(&scene);
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 5, flags, 0);
    scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
    scene_put_lspa(&scene, 0, 0, 0, 5);
    scene_put_bandwidth(&scene, 50000);
    wire_put_octets(&scene.writer, octets, size);
    pcep_object_put(&scene.writer, PCEP_OBJECT_BANDWIDTH_EXISTING, P, &body);
    scene_send(&scene);
}

/* RFC 5440 7.4.1 */
Test(account, a_reoptimisation_says_where_the_lsp_goes_and_what_it_has_there)
{
    hold(AB, 1000000, 0);
    own_is(20000, 0);
    begin_again(PCEP_RP_R, 30000.5F);
    (void)scene_only_response(&scene);
    cr_expect_eq(asked.plsp_id, 0);
    cr_expect_eq(asked.route.count, 2);
    cr_expect_eq(asked.claim.octets_per_s, 30001);
    cr_expect_eq(asked.claim.setup, 5);
    cr_expect_leq(asked.claim.holding, 5);
    cr_expect_eq(asked.setup, PATH_SETUP_RSVP_TE);
    cr_expect_eq(asked.source, node_of("10.0.0.1"));
    cr_expect_eq(scene.last_result.residual_bandwidth, 100000, "20,000 are not enough");
    own_is(60000, 0);
    begin_again(PCEP_RP_R, 60000);
    (void)scene_only_response(&scene);
    cr_expect_eq(scene.last_result.residual_bandwidth, 60000, "its own is");
}

Test(account, an_rro_that_must_be_processed_is_of_a_reoptimisation_alone)
{
    begin_again(0, 30000);
    scene_expect_error(&scene, 5, 4, 1);
    cr_expect_eq(asked_count, 0);
}

Test(account, what_it_takes_to_find_the_own_links_counts_for_the_turn)
{
    scene.context.work_left = 1000000;
    begin_again(PCEP_RP_R, 60000);
    uint64_t without = 1000000 - scene.context.work_left;
    own_work = 5000;
    scene.context.work_left = 1000000;
    begin_again(PCEP_RP_R, 60000);
    cr_expect_eq(1000000 - scene.context.work_left, without + 5000 + REQUESTS_WORK_OF_ONE);
}

/* ---- elsewhere ---- */

static const struct path_reservations *shown[2];
static uint32_t shown_count;

static void take_shown(struct request_context *context, struct session *session,
                       const struct request_reply *reply)
{
    (void)context;
    (void)session;
    cr_assert_lt(shown_count, 2U);
    shown[shown_count++] = reply->request->reservations;
}

Test(account, members_of_a_set_that_hold_nothing_are_alike)
{
    const struct pcep_svec svec = {
        .flags = PCEP_SVEC_L, .request_ids = (const uint32_t[]){1, 2}, .count = 2};
    hold(BD, 1000, 0);
    events.on_reply = take_shown;
    scene_clear(&scene);
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    pcep_object_put(&scene.writer, PCEP_OBJECT_SVEC, PCEP_OBJECT_FLAG_P, &svec);
    for (uint32_t id = 1; id <= 2; id++) {
        scene_put_rp(&scene, id, 0, 1);
        scene_put_end_points(&scene, "10.0.0.1", "10.0.0.4");
        scene_put_bandwidth(&scene, 1000.0F);
    }
    scene_send(&scene);
    cr_assert_eq(shown_count, 2U);
    cr_assert_not_null(shown[0]);
    cr_assert_eq(shown[0], shown[1]);
}

static struct path_request wants(const struct path_reservations *seen)
{
    return (struct path_request){.source = node_of("10.0.0.1"),
                                 .destination = node_of("10.0.0.4"),
                                 .bandwidth = 50000,
                                 .setup = PATH_SETUP_SR_MPLS,
                                 .family = IP_V4,
                                 .reservations = seen};
}

Test(account, a_computation_keeps_what_its_request_was_shown)
{
    struct computation_table *table = computation_table_create(1, 0, COMPUTATION_OF_REQUESTS);
    uint32_t first = link_of(AB), second = link_of(BD);
    uint32_t links[2] = {first < second ? first : second, first < second ? second : first};
    struct path_reservations seen = {
        .table = reservations, .own_links = links, .own_count = 2, .own = {60000, 0, 0}};
    struct path_request request = wants(&seen);
    hold(AB, 1000000, 0);
    hold(BD, 1000000, 0);
    struct computation *computation = computation_begin(table, &request, scene.snapshot->serial, 2);
    links[0] = links[1] = UINT32_MAX; /* the shard shows others */
    seen = (struct path_reservations){.table = reservations};
    computation_run(computation, scene.context.engine, scene.snapshot);
    cr_expect_eq(computation->result.outcome, PATH_FOUND);
    cr_expect_eq(computation->result.residual_bandwidth, 60000);
    computation_table_destroy(table);
}

Test(account, what_is_computed_on_another_state_or_with_something_of_its_own_is_not_the_same)
{
    struct computation_table *table = computation_table_create(2, 0, COMPUTATION_OF_REQUESTS);
    const struct path_reservations seen = {.table = reservations};
    const struct path_reservations own = {.table = reservations, .own = {1, 0, 0}};
    struct path_request plain = wants(&seen), other = wants(&own);
    (void)computation_begin(table, &other, 1, 2);
    cr_expect_null(computation_find(table, &other, 1, 2));
    cr_expect_null(computation_find(table, &plain, 1, 2));
    (void)computation_begin(table, &plain, 1, 2);
    cr_expect_not_null(computation_find(table, &plain, 1, 2));
    cr_expect_null(computation_find(table, &plain, 1, 3));
    cr_expect_null(computation_find(table, &other, 1, 2));
    computation_table_destroy(table);
}

/* One request through the queue and another thread, and back. */
static struct crowd *crowd;

static void ask_heavily(uint32_t request_id)
{
    struct scene *of = &crowd->scene;
    scene_begin(of, PCEP_MESSAGE_PCREQ);
    scene_put_rp(of, request_id, 0, 1);
    scene_put_end_points(of, "10.0.0.1", "10.0.0.4");
    scene_put_bandwidth(of, 50000);
    pcep_message_close(&of->writer, 0);
    crowd->context->work_left = 1000000;
    (void)session_receive(&crowd->members[0].owner.session,
                          (struct wire_span){of->request, wire_written(&of->writer)},
                          crowd->context->arena, crowd->context->now);
    arena_reset(crowd->context->arena);
}

static void serve_computed(void)
{
    crowd->context->work_left = 1000000;
    crowd_compute(crowd, 1);
    crowd->context->work_left = 1000000;
    (void)requests_serve(crowd->context);
}

static void begin_crowd(void)
{
    crowd = crowd_create();
    crowd_offload(crowd, 4);
    crowd->context->replies = reply_cache_create(0);
    number_links(&crowd->scene);
    events.own_route = NULL;
}

static void end_crowd(void)
{
    crowd_destroy(crowd);
    ted_link_registry_destroy(registry);
    ted_reservations_destroy(reservations);
}

TestSuite(account_elsewhere, .init = begin_crowd, .fini = end_crowd, .timeout = 20);

/* Some link of the network: what is held there does not matter to the answer. */
static void touch_account(void)
{
    const uint32_t number = 0;
    const struct ted_claim claim = {1, 7, 7};
    ted_reservations_force(reservations, &number, 1, &claim);
}

Test(account_elsewhere, who_asks_the_same_on_another_state_waits_for_another_computation)
{
    touch_account();
    ask_heavily(1);
    ask_heavily(2);
    cr_expect_eq(crowd->offloaded_count, 1);
    touch_account();
    ask_heavily(3);
    cr_expect_eq(crowd->offloaded_count, 2);
    serve_computed();
    cr_expect_eq(crowd->note_count, 2);
    serve_computed();
    cr_expect_eq(crowd->note_count, 3);
}

Test(account_elsewhere, what_was_computed_is_kept_where_the_account_has_not_changed_since)
{
    for (uint32_t i = 1; i <= 2; i++) { /* what is asked once may never come again */
        ask_heavily(i);
        serve_computed();
    }
    ask_heavily(3);
    cr_expect_eq(crowd->scene.counters.replies_cached, 1);
    cr_expect_eq(crowd->offloaded_count, 0);
}

Test(account_elsewhere, what_was_computed_is_not_kept_where_the_account_has_changed_since)
{
    for (uint32_t i = 1; i <= 4; i++) {
        ask_heavily(i);
        cr_expect_eq(crowd->offloaded_count, 1);
        touch_account();
        serve_computed();
        cr_expect_eq(crowd->note_count, i);
    }
    cr_expect_eq(crowd->scene.counters.replies_cached, 0);
}
