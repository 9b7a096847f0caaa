/* Requests that had no path: what is kept of them, for how long, and what another topology changes. */
#include "core/requests/no_path.h"
#include "tests/lib/scene.h"

#include <criterion/criterion.h>

#define LINK_D_E "- {from: D, to: E, igp-metric: 10, capacity: 1M, adj-sid: 24008}\n"
#define NODES                                                                                      \
    "defaults: {srgb: {base: 16000, size: 8000}}\n"                                                \
    "nodes:\n"                                                                                     \
    "- {name: X, router-id: 10.0.0.9}\n" /* other indexes than those of the scene */               \
    "- {name: A, router-id: 10.0.0.1, prefix-sids: [{index: 1}]}\n"                                \
    "- {name: D, router-id: 10.0.0.4, prefix-sids: [{index: 4}]}\n"                                \
    "- {name: E, router-id: 10.0.0.5, prefix-sids: [{index: 5}]}\n"                                \
    "links:\n"                                                                                     \
    "- {from: A, to: D, igp-metric: 10, capacity: 1M, adj-sid: 24001}\n"
#define A "10.0.0.1"
#define D "10.0.0.4"
#define E "10.0.0.5" /* has no links in the scene's network */

#define SESSION_MAX 4
#define ROOM_MAX    6

static struct scene scene;
static struct no_path_memory memory;
static unsigned cured_count;
static uint32_t cured_id;
static struct path_request cured_request;

static const struct ip *address_of(void *owner, const struct session *session)
{
    cr_assert_eq(owner, (void *)&scene);
    return scene.handler.address_of(session);
}

static void on_cured(void *owner, const struct no_path *record, const struct path_request *request)
{
    cr_assert_eq(owner, (void *)&scene);
    cured_count++;
    cured_id = record->request_id;
    cured_request = *request;
}

static const struct no_path_events events = {.address_of = address_of, .on_cured = on_cured};

static void begin(uint32_t room_max, uint32_t session_max)
{
    const struct no_path_limits limits = {room_max, session_max};
    no_path_memory_fini(&memory);
    no_path_memory_init(&memory, &limits, &events, &scene);
}

static void set_up(void)
{
    scene_init(&scene);
    begin(ROOM_MAX, SESSION_MAX);
    scene.no_paths = &memory;
}

static void tear_down(void)
{
    no_path_memory_fini(&memory);
    scene_fini(&scene);
}

TestSuite(no_path, .init = set_up, .fini = tear_down, .timeout = 60);

static void ask(uint32_t request_id, const char *destination, float bandwidth)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, request_id, 0, PCEP_PST_SR);
    scene_put_end_points(&scene, A, destination);
    if (bandwidth > 0)
        scene_put_bandwidth(&scene, bandwidth);
    scene_send(&scene);
    scene_clear(&scene);
}

static const struct no_path *find(uint32_t request_id)
{
    uint32_t slot = 0;
    uint32_t looks = UINT32_MAX;
    const struct no_path *record;
    while ((record = no_path_memory_next(&memory, &slot, &looks)) != NULL) {
        if (record->request_id == request_id)
            return record;
    }
    return NULL;
}

static void use_links(const char *links)
{
    scene_use_network(&scene, links);
    cr_expect_not(no_path_turn(&memory, &scene.context), "a few are one turn's work");
}

/* ---- what is kept ---- */

Test(no_path, it_is_kept_with_what_stood_in_its_way)
{
    ask(7, D, 9e6F);
    const struct no_path *record = find(7);
    cr_assert_not_null(record);
    cr_expect_eq(record->why.unmet, UNMET_BIT(UNMET_BANDWIDTH));
    cr_expect_eq(record->why.causes, 0);
    cr_expect_eq(record->times, 1);
    cr_expect_not(record->is_cured);
    cr_expect_eq(record->asked.ns, scene.context.now.ns);
    cr_expect(ip_is_equal(&record->peer->address, scene.handler.address_of(NULL)));
    cr_expect_eq(memcmp(record->octets, scene.request, record->size), 0, "as it came");
    cr_expect_eq(memory.counters.no_paths, 1);
}

Test(no_path, an_end_that_is_not_known_is_a_cause)
{
    ask(7, "10.0.0.99", 0);
    cr_assert_not_null(find(7));
    cr_expect_eq(find(7)->why.causes, 1U << NO_PATH_UNKNOWN_DESTINATION);
    cr_expect_str_eq(no_path_cause_text(NO_PATH_UNKNOWN_DESTINATION), "unknown destination");
}

Test(no_path, one_that_gets_a_path_is_not_kept)
{
    ask(7, D, 0);
    cr_expect_eq(memory.count, 0);
    cr_expect_null(memory.slots, "no memory is taken");
}

Test(no_path, each_of_one_message_is_its_own)
{
    scene_begin(&scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(&scene, 1, 0, PCEP_PST_SR);
    scene_put_end_points(&scene, A, E);
    scene_put_rp(&scene, 2, 0, PCEP_PST_SR);
    scene_put_end_points(&scene, A, D);
    scene_put_rp(&scene, 3, 0, PCEP_PST_SR);
    scene_put_end_points(&scene, A, "10.0.0.99");
    scene_send(&scene);
    cr_expect_eq(memory.count, 2);
    cr_assert_not_null(find(1));
    cr_assert_not_null(find(3));
    cr_expect_eq(find(1)->size, find(3)->size);
    use_links(NODES LINK_D_E);
    cr_expect(find(1)->is_cured);
    cr_expect_not(find(3)->is_cured, "nobody has this address");
}

Test(no_path, the_same_request_again_is_the_same_record)
{
    ask(7, E, 0);
    ask(8, E, 0);
    cr_expect_eq(memory.count, 1);
    cr_expect_null(find(7));
    cr_assert_not_null(find(8));
    cr_expect_eq(find(8)->times, 2);
}

Test(no_path, one_whose_answer_is_known_is_kept_too)
{
    scene_keep_replies(&scene);
    for (uint32_t id = 1; id <= 3; id++)
        ask(id, E, 0);
    cr_expect_eq(scene.cached_count, 1);
    cr_expect_eq(memory.count, 1);
    cr_assert_not_null(find(3), "with the last request-ID");
    cr_expect_eq(find(3)->times, 3);
    uint8_t id_in_octets = find(3)->octets[PCEP_HEADER_SIZE + REPLY_ID_OFFSET + 3];
    cr_expect_eq(id_in_octets, 3);
}

Test(no_path, it_goes_when_the_same_request_gets_a_path)
{
    scene_keep_replies(&scene);
    ask(1, E, 0);
    ask(2, E, 9e6F);
    use_links(NODES LINK_D_E);
    ask(3, E, 0);
    cr_expect_eq(memory.count, 1);
    cr_expect_not_null(find(2));
    cr_expect_eq(memory.counters.no_paths_cured, 0);
}

Test(no_path, it_goes_by_a_known_answer_as_well)
{
    scene_keep_replies(&scene);
    use_links(NODES LINK_D_E);
    ask(1, E, 0);
    ask(1, E, 0); /* from now on the answer is known */
    const uint64_t serial = scene.snapshot->serial;
    const uint8_t *octets = scene.request;
    const struct no_path_note note = {
        .session = &scene.owner.session,
        .objects = {octets + PCEP_HEADER_SIZE, wire_written(&scene.writer) - PCEP_HEADER_SIZE},
        .request_id = 1,
        .serial = serial,
    };
    no_path_memory_add(&memory, &note);
    cr_assert_eq(memory.count, 1);
    ask(2, E, 0);
    cr_expect_eq(scene.cached_count, 1);
    cr_expect_eq(memory.count, 0);
}

Test(no_path, it_goes_with_its_session)
{
    ask(1, E, 0);
    ask(2, E, 1);
    no_path_memory_forget(&memory, (const struct session *)&memory);
    cr_expect_eq(memory.count, 2, "another session");
    no_path_memory_forget(&memory, &scene.owner.session);
    cr_expect_eq(memory.count, 0);
    cr_expect_eq(memory.counters.no_paths, 0);
    cr_expect_eq(memory.peers.count, 0);
    cr_expect_eq(memory.records.count, 0);
}

/* ---- limits ---- */

Test(no_path, a_session_that_has_its_limit_loses_its_oldest)
{
    for (uint32_t id = 1; id <= SESSION_MAX; id++)
        ask(id, E, (float)id);
    cr_expect_eq(memory.counters.no_paths_displaced, 0);
    cr_expect_eq(memory.count, SESSION_MAX);
    ask(SESSION_MAX + 1, E, SESSION_MAX + 1);
    cr_expect_eq(memory.counters.no_paths_displaced, 1);
    cr_expect_eq(memory.count, SESSION_MAX);
    cr_expect_null(find(1));
    cr_expect_not_null(find(2));
}

Test(no_path, one_that_was_asked_again_is_not_the_oldest)
{
    for (uint32_t id = 1; id <= SESSION_MAX; id++)
        ask(id, E, (float)id);
    ask(101, E, 1);
    ask(102, E, 102);
    cr_expect_not_null(find(101));
    cr_expect_null(find(2));
}

/* Sessions that are only pointers here: nothing is computed for them. */
static void add_of(const char *session, uint8_t number)
{
    uint8_t objects[16] = {0x02, 0x12, 0x00, 0x10, 0, 0, 0, 0, 0, 0, 0, 1, number};
    const struct no_path_note note = {.session = (const struct session *)(const void *)session,
                                      .objects = {objects, sizeof objects},
                                      .request_id = number,
                                      .serial = 1};
    no_path_memory_add(&memory, &note);
}

Test(no_path, where_all_have_their_limit_the_oldest_of_all_goes)
{
    static const char sessions[3];
    for (uint8_t i = 1; i <= ROOM_MAX; i++)
        add_of(&sessions[i % 3], i);
    cr_expect_eq(memory.counters.no_paths_displaced, 0);
    add_of(&sessions[0], ROOM_MAX + 1);
    cr_expect_eq(memory.counters.no_paths_displaced, 1);
    cr_expect_eq(memory.count, ROOM_MAX);
    cr_expect_null(find(1));
    for (uint32_t i = 2; i <= ROOM_MAX + 1; i++)
        cr_expect_not_null(find(i));
}

Test(no_path, a_limit_of_one_holds_the_last)
{
    static const char sessions[2];
    begin(1, 1);
    add_of(&sessions[0], 1);
    add_of(&sessions[0], 2);
    add_of(&sessions[1], 3);
    cr_expect_eq(memory.count, 1);
    cr_expect_not_null(find(3));
    cr_expect_eq(memory.peers.count, 1);
}

Test(no_path, with_a_limit_of_none_nothing_is_kept)
{
    begin(0, 1);
    ask(1, E, 0);
    cr_expect_eq(memory.count, 0);
    cr_expect_eq(memory.counters.no_paths_unkept, 0, "nobody wanted it");
}

Test(no_path, one_that_is_too_long_is_counted_and_not_kept)
{
    static uint8_t objects[NO_PATH_SIZE_MAX];
    struct no_path_note note = {.session = &scene.owner.session,
                                .objects = {objects, NO_PATH_SIZE_MAX - PCEP_HEADER_SIZE},
                                .request_id = 1};
    no_path_memory_add(&memory, &note);
    cr_expect_eq(memory.count, 1);
    cr_expect_eq(find(1)->size, NO_PATH_SIZE_MAX);
    note.objects.size++;
    note.request_id = 2;
    no_path_memory_add(&memory, &note);
    cr_expect_eq(memory.count, 1);
    cr_expect_eq(memory.counters.no_paths_unkept, 1);
}

Test(no_path, a_slot_is_used_again)
{
    static const char session;
    begin(3, 3);
    for (unsigned i = 0; i < 20; i++)
        add_of(&session, (uint8_t)i);
    cr_expect_eq(memory.slot_count, 3);
    cr_expect_eq(memory.count, 3);
}

/* ---- another topology ---- */

Test(no_path, one_that_has_become_possible_is_marked_and_told_once)
{
    ask(1, E, 0);
    ask(2, E, 9e6F);
    scene.context.now = mono_add_s(scene.context.now, 5);
    use_links(NODES LINK_D_E);
    cr_expect(find(1)->is_cured);
    cr_expect_eq(find(1)->cured.ns, scene.context.now.ns);
    cr_expect_eq(find(1)->why_now.unmet, 0);
    cr_expect_not(find(2)->is_cured);
    cr_expect_eq(find(2)->why_now.unmet, UNMET_BIT(UNMET_BANDWIDTH), "what is in its way now");
    cr_expect_eq(cured_count, 1);
    cr_expect_eq(cured_id, 1);
    cr_expect_str_eq(scene.snapshot->nodes[cured_request.destination].name, "E");
    cr_expect_eq(memory.counters.no_paths_cured, 1);
    cr_expect_eq(memory.counters.no_path_checks, 2);
    scene.context.now = mono_add_s(scene.context.now, 5);
    use_links(NODES LINK_D_E "network: {name: again}\n");
    cr_expect_eq(cured_count, 1, "it was told already");
    cr_expect_neq(find(1)->cured.ns, scene.context.now.ns, "since when it is so");
    cr_expect_eq(memory.counters.no_path_cures, 1);
}

Test(no_path, one_that_has_lost_its_path_again_is_not_marked)
{
    ask(1, E, 0);
    use_links(NODES LINK_D_E);
    use_links(NODES);
    cr_expect_not(find(1)->is_cured);
    cr_expect_eq(memory.counters.no_paths_cured, 0);
    use_links(NODES LINK_D_E);
    cr_expect(find(1)->is_cured);
    cr_expect_eq(cured_count, 2, "that is news again");
}

Test(no_path, on_the_same_topology_nothing_is_computed)
{
    ask(1, E, 0);
    for (int i = 0; i < 3; i++)
        cr_expect_not(no_path_turn(&memory, &scene.context));
    cr_expect_eq(memory.counters.no_path_checks, 0);
}

Test(no_path, what_was_answered_without_a_topology_is_computed_when_there_is_one)
{
    scene.context.snapshot = NULL;
    ask(1, D, 0);
    cr_expect_eq(find(1)->why.causes, 1U << NO_PATH_NO_TOPOLOGY);
    cr_expect_not(no_path_turn(&memory, &scene.context));
    scene.context.snapshot = scene.snapshot;
    cr_expect_not(no_path_turn(&memory, &scene.context));
    cr_expect(find(1)->is_cured);
}

/* The topology was replaced while it was computed elsewhere. */
Test(no_path, an_answer_of_a_topology_that_is_replaced_is_looked_at_again)
{
    ask(1, E, 0);
    use_links(NODES LINK_D_E);
    struct no_path_note note = {
        .session = &scene.owner.session,
        .objects = {scene.request + PCEP_HEADER_SIZE,
                    wire_written(&scene.writer) - PCEP_HEADER_SIZE},
        .request_id = 2,
    };
    no_path_memory_add(&memory, &note);
    cr_expect_not(find(2)->is_cured);
    cr_expect_not(no_path_turn(&memory, &scene.context));
    cr_expect(find(2)->is_cured);
}

Test(no_path, many_are_computed_in_several_turns)
{
    const uint32_t count = 2500;
    unsigned turns = 1;
    begin(count, count);
    for (uint32_t id = 1; id <= count; id++)
        ask(id, E, (float)id);
    cr_assert_eq(memory.count, count);
    scene_use_network(&scene, NODES LINK_D_E);
    while (no_path_turn(&memory, &scene.context)) {
        turns++;
        cr_expect_leq(memory.counters.no_path_checks,
                      turns * (NO_PATH_WORK_PER_TURN / REQUESTS_WORK_OF_ONE + 1));
        cr_assert_lt(turns, 100);
    }
    cr_expect_geq(turns, 3);
    cr_expect_eq(memory.counters.no_path_checks, count);
    cr_expect_eq(memory.counters.no_paths_cured, count);
}

Test(no_path, a_topology_that_comes_meanwhile_begins_anew)
{
    const uint32_t count = 2500;
    begin(count, count);
    for (uint32_t id = 1; id <= count; id++)
        ask(id, E, (float)id);
    scene_use_network(&scene, NODES LINK_D_E);
    cr_assert(no_path_turn(&memory, &scene.context));
    scene_use_network(&scene, NODES);
    while (no_path_turn(&memory, &scene.context))
        ;
    cr_expect_eq(memory.counters.no_paths_cured, 0);
}
