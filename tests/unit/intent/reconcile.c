/* Intents against what a PCC reports: what it is asked for, and when it is not asked. The PCC is
 * played: its reports go into a database, its answers to the orders. */
#include "core/intent/reconcile.h"
#include "core/intent/intent_ero.h"
#include "core/lsp/lane.h"
#include "core/pcep/model.h"
#include "tests/lib/lsp_reports.h"
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define MESSAGES_MAX 64
#define SETTLE_S     5
#define DELEGATED    (PCEP_LSP_D | PCEP_LSP_A | PCEP_LSP_C)
#define ACTIVE       (PCEP_LSP_ACTIVE << PCEP_LSP_O_SHIFT)

static struct {
    struct lsp_rig pcc;
    struct lsp_orders orders;
    struct arena arena;
    struct intents intents;
    struct lsp_pcc *session;
    struct lsp_lane *lane;
    struct ted_snapshot *snapshot;
    struct path_engine *engine;
    struct ted_hop hops[PATH_HOPS_MAX];
    uint8_t plan[65536];
    uint8_t message[65536];
    uint32_t sent; /* messages */
    uint32_t srp_id;
    uint32_t srp_flags;
    uint8_t type;
    uint32_t labels[8]; /* of the path asked for */
    uint32_t label_count;
} world;

/* ---- the session ---- */

static enum pce_status open_message(void *owner, const struct lsp_lane *lane, size_t size,
                                    struct wire_writer *writer)
{
    (void)owner;
    (void)lane;
    *writer = wire_writer_init(world.message, size);
    return PCE_OK;
}

static void note_path(const struct pcep_object *ero)
{
    world.label_count = 0;
    for (uint32_t i = 0; i < ero->subobject_count && i < 8; i++)
        world.labels[world.label_count++] =
            ((const struct pcep_sub_sr *)ero->subobjects[i].body)->sid >> 12;
}

static void commit_message(void *owner, const struct lsp_lane *lane, struct wire_writer *writer)
{
    struct arena arena;
    struct pcep_message message;
    struct pcep_fault fault = {0};
    (void)owner;
    (void)lane;
    arena_init(&arena, 1U << 20);
    cr_assert_eq(pcep_decode((struct wire_span){writer->start, wire_written(writer)}, &arena,
                             &message, &fault),
                 PCE_OK);
    cr_assert_eq(pcep_check_sending(&message, &arena, &fault), PCE_OK);
    cr_assert_not(pcep_fault_is_set(&fault), "%s", fault.reason);
    const struct pcep_srp *srp = message.objects[0].body;
    world.sent++;
    world.srp_id = srp->srp_id;
    world.srp_flags = srp->flags;
    world.type = message.type;
    for (uint32_t i = 0; i < message.object_count; i++)
        if (message.objects[i].row->id == PCEP_OBJECT_ERO)
            note_path(&message.objects[i]);
    arena_fini(&arena);
}

static bool find_target(void *owner, const struct lsp_lane *lane, struct wire_span name,
                        struct lsp_target *target)
{
    const struct lsp *lsp = lsp_pcc_find_name(world.session, name);
    (void)owner;
    (void)lane;
    if (lsp == NULL || !lsp_is_bound(lsp))
        return false;
    *target = (struct lsp_target){.plsp_id = lsp->plsp_id,
                                  .flags = lsp_first_instance(lsp)->summary.flags};
    return true;
}

static const struct lsp_order_ops ops = {
    .open_message = open_message, .commit_message = commit_message, .find = find_target};

static void turn(void)
{
    struct reconcile_scene scene = {
        .intents = &world.intents,
        .db = &world.pcc.db,
        .orders = &world.orders,
        .planner = {.engine = world.engine,
                    .arena = &world.arena,
                    .snapshot = world.snapshot,
                    .work_max = 100000,
                    .octets = world.plan,
                    .octets_max = sizeof world.plan,
                    .hops = world.hops},
        .settle_s = SETTLE_S,
        .now = world.pcc.now,
    };
    do {
        scene.work_left = RECONCILE_WORK_PER_TURN;
    } while (reconcile_turn(&scene));
    (void)lsp_orders_turn(&world.orders, world.pcc.now);
}

static void pass_s(uint64_t s)
{
    for (uint64_t i = 0; i < 10 * s; i++) {
        lsp_rig_pass(&world.pcc, 100);
        turn();
    }
}

static void come_up(void)
{
    const struct lsp_ability ability = {.profile = lsp_profile_get(LSP_PROFILE_STANDARD),
                                        .psts = 3,
                                        .may_update = true,
                                        .may_initiate = true};
    const struct ip address = lsp_rig_address(1);
    world.session = lsp_rig_up(&world.pcc, 1, true);
    world.lane = lsp_lane_on_up(&world.orders, &address, &ability);
}

static void synchronise(void)
{
    cr_assert(lsp_db_on_end_of_sync(&world.pcc.db, world.session, world.pcc.now));
    lsp_lane_on_synchronised(world.lane, world.pcc.now);
    intents_touch_pcc(&world.intents, &world.session->address);
    turn();
}

static void go_down(void)
{
    const struct ip address = world.session->address;
    lsp_lane_on_down(world.lane, world.pcc.now);
    lsp_db_on_down(&world.pcc.db, world.session, world.pcc.now);
    intents_touch_pcc(&world.intents, &address);
    turn();
}

/* Three nodes in a row, or a triangle with a direct link that is better. */
static struct ted_snapshot *make_network(bool is_triangle)
{
    struct net net;
    net_init(&net, 3);
    net_join(&net, 0, 1, 10);
    net_join(&net, 1, 2, 10);
    if (is_triangle)
        net_join(&net, 0, 2, 5);
    return net_snapshot(&net);
}

static void set_up(void)
{
    const struct lsp_limits limits = {.lsps_max = 1000,
                                      .octets_max = 1 << 24,
                                      .lsps_per_pcc_max = 1000,
                                      .stale_s = 600,
                                      .record_max = 64};
    memset(&world, 0, sizeof world);
    lsp_rig_init(&world.pcc, &limits);
    arena_init(&world.arena, 1U << 24);
    cr_assert_eq(lsp_orders_init(&world.orders, &ops, NULL, &world.pcc.wheel, 1), PCE_OK);
    world.orders.arena = &world.arena;
    world.orders.settings = (struct lsp_order_settings){.in_flight_max = 16,
                                                        .waiting_max = 100,
                                                        .waiting_per_pcc_max = 100,
                                                        .controls_max = 100,
                                                        .settle_s = SETTLE_S};
    intents_init(&world.intents, &world.pcc.wheel);
    world.engine = path_engine_create(0);
    world.snapshot = make_network(false);
}

static void tear_down(void)
{
    intents_fini(&world.intents);
    lsp_orders_fini(&world.orders);
    lsp_rig_fini(&world.pcc);
    arena_fini(&world.arena);
    path_engine_destroy(world.engine);
    ted_snapshot_destroy(world.snapshot);
}

TestSuite(reconcile, .init = set_up, .fini = tear_down, .timeout = 20);

/* ---- what an operator does ---- */

static void put_text(const char *name, const char *text)
{
    static const struct intent_limits limits = {8, 8};
    const struct intent_key key = {lsp_rig_address(1), name};
    struct intent_fault fault;
    struct intent *intent;
    struct intent_record record;
    json_t *json = json_loads(text, 0, NULL);
    cr_assert_not_null(json, "%s", text);
    enum pce_status status = intent_read(json, &key, &limits, &intent, &fault);
    cr_assert_eq(status, PCE_OK, "%s: %s", fault.field, fault.reason);
    json_decref(json);
    cr_assert_null(intents_clash(&world.intents, intent));
    cr_assert_eq(intents_compose(&world.intents, &key.pcc, name, intent, &record), PCE_OK);
    cr_assert_eq(intents_put(&world.intents, &key.pcc, name, &record, world.pcc.now), PCE_OK);
    turn();
}

static void put_label(const char *name, uint32_t label)
{
    char text[256];
    (void)snprintf(text, sizeof text,
                   "{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"segments\":[{\"label\":%u}]}]}",
                   label);
    put_text(name, text);
}

static void delete_intent(const char *name)
{
    const struct ip pcc = lsp_rig_address(1);
    struct intent_record record;
    cr_assert_eq(intents_compose(&world.intents, &pcc, name, NULL, &record), PCE_OK);
    cr_assert_eq(intents_put(&world.intents, &pcc, name, &record, world.pcc.now), PCE_OK);
    turn();
}

static const struct intent_lsp *lsp_of(const char *name)
{
    const struct ip pcc = lsp_rig_address(1);
    return intents_find_lsp(&world.intents, &pcc,
                            (struct wire_span){(const uint8_t *)name, strlen(name)});
}

static enum intent_state state_of(const char *name)
{
    const struct intent_lsp *lsp = lsp_of(name);
    return lsp == NULL ? INTENT_STATE_COUNT : (enum intent_state)lsp->sight.state;
}

/* ---- what the PCC does ---- */

static void report(const char *name, uint32_t plsp_id, uint16_t flags, uint32_t label)
{
    const struct lsp_report_spec spec = {.plsp_id = plsp_id,
                                         .name = name,
                                         .flags = flags,
                                         .has_srp = true,
                                         .srp_id = world.srp_id,
                                         .setup_type = 1,
                                         .segments = {label}};
    const struct wire_span span = {(const uint8_t *)name, strlen(name)};
    struct lsp_seen seen = {.name = span,
                            .srp_id = world.srp_id,
                            .flags = flags,
                            .is_gone = (flags & PCEP_LSP_R) != 0,
                            .is_newest = true};
    cr_assert_eq(lsp_rig_report(&world.pcc, world.session, &spec), PCE_OK);
    if ((flags & PCEP_LSP_R) == 0) {
        const struct lsp_instance *instance =
            lsp_first_instance(lsp_pcc_find_name(world.session, span));
        const struct wire_span path = {instance->octets + instance->summary.path_at,
                                       instance->summary.path_size};
        cr_assert(intent_digest_of(path, &world.arena, &seen.path_digest));
    }
    lsp_lane_on_report(world.lane, &seen, world.pcc.now);
    reconcile_on_lsp(&world.intents, &world.session->address, span, true);
    turn();
}

/* As FRR's pathd does: three reports for one order. */
static void obey(const char *name, uint32_t plsp_id, uint32_t label)
{
    report(name, plsp_id, DELEGATED, label);
    report(name, plsp_id, DELEGATED | (PCEP_LSP_GOING_UP << PCEP_LSP_O_SHIFT), label);
    report(name, plsp_id, DELEGATED | ACTIVE, label);
}

static void refuse(uint8_t type, uint8_t value, const char *name)
{
    lsp_lane_on_error(world.lane, world.srp_id, type, value, world.pcc.now);
    reconcile_on_lsp(&world.intents, &world.session->address,
                     (struct wire_span){(const uint8_t *)name, strlen(name)}, false);
    turn();
}

static void settle(void)
{
    come_up();
    synchronise();
    pass_s(SETTLE_S);
}

/* ---- initiating ---- */

Test(reconcile, nothing_is_asked_before_the_session_has_settled)
{
    put_label("a", 16001);
    cr_assert_eq(state_of("a"), INTENT_WAITING);
    come_up();
    pass_s(60);
    cr_assert_eq(world.sent, 0);
    synchronise();
    pass_s(SETTLE_S - 1);
    cr_assert_eq(world.sent, 0);
    pass_s(1);
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCINITIATE);
    cr_assert_eq(world.labels[0], 16001);
    cr_assert_eq(state_of("a"), INTENT_ORDERED);
}

Test(reconcile, three_reports_make_one_lsp_that_is_up)
{
    settle();
    put_label("a", 16001);
    obey("a", 1, 16001);
    cr_assert_eq(state_of("a"), INTENT_UP);
    pass_s(600);
    cr_assert_eq(world.sent, 1);
}

Test(reconcile, what_is_there_already_is_left_alone)
{
    put_label("a", 16001);
    come_up();
    report("a", 1, DELEGATED | ACTIVE | PCEP_LSP_S, 16001);
    synchronise();
    pass_s(60);
    cr_assert_eq(world.sent, 0);
    cr_assert_eq(state_of("a"), INTENT_UP);
}

Test(reconcile, what_a_session_does_not_bring_back_is_initiated_again)
{
    settle();
    put_label("a", 16001);
    obey("a", 1, 16001);
    go_down();
    cr_assert_eq(state_of("a"), INTENT_WAITING);
    settle();
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCINITIATE);
}

Test(reconcile, an_lsp_that_goes_away_again_and_again_is_initiated_at_growing_pauses)
{
    settle();
    put_label("a", 16001);
    for (unsigned i = 0; i < 20; i++) {
        uint32_t before = world.sent;
        obey("a", 10 + i, 16001);
        report("a", 10 + i, DELEGATED | PCEP_LSP_R, 16001);
        pass_s(30);
        if (world.sent == before)
            break;
    }
    cr_assert_leq(world.sent, 6);
    cr_assert_geq(world.sent, 3);
    pass_s(RECONCILE_PAUSE_MAX_S);
    cr_assert_leq(world.sent, 8);
}

/* ---- changing ---- */

Test(reconcile, another_path_is_an_update)
{
    settle();
    put_label("a", 16001);
    obey("a", 1, 16001);
    put_label("a", 16002);
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCUPD);
    cr_assert_eq(world.labels[0], 16002);
    obey("a", 1, 16002);
    cr_assert_eq(state_of("a"), INTENT_UP);
    pass_s(60);
    cr_assert_eq(world.sent, 2);
}

Test(reconcile, a_change_while_an_order_is_under_way_follows_it)
{
    settle();
    put_label("a", 16001);
    put_label("a", 16002);
    cr_assert_eq(world.sent, 1);
    obey("a", 1, 16001);
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.labels[0], 16002);
}

Test(reconcile, an_attribute_alone_is_an_update_that_is_asked_once)
{
    settle();
    put_label("a", 16001);
    obey("a", 1, 16001);
    put_text("a", "{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"bandwidth\":1000,"
                  "\"segments\":[{\"label\":16001}]}]}");
    cr_assert_eq(world.sent, 2);
    obey("a", 1, 16001);
    pass_s(60);
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(state_of("a"), INTENT_UP);
}

Test(reconcile, another_endpoint_removes_the_lsp_and_initiates_it_anew)
{
    settle();
    put_label("a", 16001);
    obey("a", 1, 16001);
    put_text("a", "{\"endpoint\":\"192.0.2.8\",\"paths\":[{\"segments\":[{\"label\":16001}]}]}");
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCINITIATE);
    cr_assert_neq(world.srp_flags & PCEP_SRP_R, 0);
    cr_assert_eq(intents_find(&world.intents, &world.session->address, "a")->record.removal_count,
                 1, "the end of the process must not forget it");
    report("a", 1, DELEGATED | PCEP_LSP_R, 16001);
    pass_s(RECONCILE_PAUSE_S);
    cr_assert_eq(world.sent, 3);
    cr_assert_eq(world.srp_flags & PCEP_SRP_R, 0);
    cr_assert_eq(intents_find(&world.intents, &world.session->address, "a")->record.removal_count,
                 0);
    cr_assert_not(list_is_empty(&world.intents.stale));
    obey("a", 2, 16001);
    cr_assert_eq(state_of("a"), INTENT_UP);
}

/* ---- removing ---- */

Test(reconcile, a_deleted_intent_is_removed_and_then_forgotten)
{
    settle();
    put_label("a", 16001);
    obey("a", 1, 16001);
    delete_intent("a");
    cr_assert_eq(world.sent, 2);
    cr_assert_neq(world.srp_flags & PCEP_SRP_R, 0);
    cr_assert(list_is_empty(&world.intents.stale));
    report("a", 1, DELEGATED | PCEP_LSP_R, 16001);
    cr_assert_null(lsp_of("a"));
    struct intent_entry *entry = intents_find(&world.intents, &world.session->address, "a");
    cr_assert_not_null(entry, "until the store has forgotten it, too");
    cr_assert(intents_is_empty(entry));
    cr_assert_not(list_is_empty(&world.intents.stale));
}

Test(reconcile, what_is_to_be_removed_is_removed_in_the_next_session)
{
    settle();
    put_label("a", 16001);
    obey("a", 1, 16001);
    go_down();
    delete_intent("a");
    cr_assert_eq(state_of("a"), INTENT_WAITING);
    come_up();
    report("a", 7, DELEGATED | ACTIVE | PCEP_LSP_S, 16001);
    synchronise();
    pass_s(SETTLE_S);
    cr_assert_eq(world.sent, 2);
    cr_assert_neq(world.srp_flags & PCEP_SRP_R, 0);
}

Test(reconcile, a_path_that_an_intent_has_no_more_is_removed)
{
    settle();
    put_text("a", "{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"preference\":1,\"segments\":[{"
                  "\"label\":16001}]},{\"preference\":2,\"segments\":[{\"label\":16002}]}]}");
    obey("a-2", 2, 16002);
    cr_assert_eq(world.sent, 2);
    world.srp_id--;
    obey("a-1", 1, 16001);
    cr_assert_eq(state_of("a-1"), INTENT_UP);
    cr_assert_eq(state_of("a-2"), INTENT_UP);
    put_text("a", "{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"preference\":2,\"lsp\":\"a-2\","
                  "\"segments\":[{\"label\":16002}]}]}");
    cr_assert_eq(world.sent, 3);
    cr_assert_neq(world.srp_flags & PCEP_SRP_R, 0);
    cr_assert_eq(state_of("a-2"), INTENT_UP);
}

/* ---- refusals ---- */

Test(reconcile, a_refusal_is_shown_and_not_repeated)
{
    settle();
    put_label("a", 16001);
    refuse(24, 1, "a");
    cr_assert_eq(state_of("a"), INTENT_REFUSED);
    cr_assert_eq(lsp_of("a")->sight.error_type, 24);
    cr_assert_eq(lsp_of("a")->sight.error_value, 1);
    pass_s(3600);
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(state_of("a"), INTENT_REFUSED);
}

Test(reconcile, a_refusal_is_asked_again_when_the_operator_says_so)
{
    settle();
    put_label("a", 16001);
    refuse(24, 1, "a");
    put_label("a", 16001);
    pass_s(RECONCILE_PAUSE_S);
    cr_assert_eq(world.sent, 2);
}

Test(reconcile, a_refusal_stays_to_be_seen_without_a_session_and_is_asked_again_in_the_next)
{
    settle();
    put_label("a", 16001);
    refuse(24, 1, "a");
    go_down();
    cr_assert_eq(state_of("a"), INTENT_REFUSED);
    settle();
    pass_s(RECONCILE_PAUSE_S);
    cr_assert_eq(world.sent, 2);
}

Test(reconcile, an_order_without_an_answer_is_not_repeated)
{
    settle();
    put_label("a", 16001);
    pass_s(600);
    intents_touch_pcc(&world.intents, &world.session->address);
    pass_s(600);
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(state_of("a"), INTENT_UNCONFIRMED);
    report("a", 1, DELEGATED | ACTIVE, 16001);
    cr_assert_eq(state_of("a"), INTENT_UP);
}

Test(reconcile, a_path_that_is_not_what_was_asked_for_is_no_loop)
{
    settle();
    put_label("a", 16001);
    obey("a", 1, 16099);
    turn();
    uint32_t sent = world.sent;
    for (int i = 0; i < 10; i++) {
        intents_touch_pcc(&world.intents, &world.session->address);
        pass_s(60);
    }
    cr_assert_leq(world.sent, sent + 1);
}

/* ---- whose it is ---- */

Test(reconcile, an_lsp_of_the_router_itself_is_a_conflict)
{
    come_up();
    report("a", 1, PCEP_LSP_A | ACTIVE | PCEP_LSP_S, 16005);
    synchronise();
    pass_s(SETTLE_S);
    put_label("a", 16001);
    cr_assert_eq(state_of("a"), INTENT_CONFLICT);
    delete_intent("a");
    cr_assert_eq(world.sent, 0, "it is not removed, either");
    cr_assert_null(lsp_of("a"));
}

Test(reconcile, an_orphan_is_adopted_before_it_is_changed)
{
    come_up();
    report("a", 1, PCEP_LSP_A | PCEP_LSP_C | ACTIVE | PCEP_LSP_S, 16005);
    synchronise();
    pass_s(SETTLE_S);
    put_label("a", 16001);
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCINITIATE);
    report("a", 1, DELEGATED | ACTIVE, 16005);
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCUPD);
    cr_assert_eq(world.labels[0], 16001);
}

Test(reconcile, a_name_belongs_to_one_intent)
{
    static const struct intent_limits limits = {8, 8};
    const struct intent_key key = {lsp_rig_address(1), "b"};
    struct intent_fault fault;
    struct intent *intent;
    json_t *json = json_loads("{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"lsp\":\"a\","
                              "\"dynamic\":{}}]}",
                              0, NULL);
    put_label("a", 16001);
    cr_assert_eq(intent_read(json, &key, &limits, &intent, &fault), PCE_OK);
    cr_assert_str_eq(intents_clash(&world.intents, intent), "a");
    intent_destroy(intent);
    json_decref(json);
}

/* ---- the network ---- */

/* From node 0 to node 2. */
#define ACROSS "\"source\":\"10.0.0.1\",\"endpoint\":\"10.0.0.3\","

Test(reconcile, a_dynamic_path_follows_the_network)
{
    settle();
    put_text("a", "{" ACROSS "\"paths\":[{\"dynamic\":{\"metric\":\"igp\",\"protection\":"
                  "\"unprotected-only\"}}]}");
    cr_assert_eq(world.sent, 1);
    uint32_t before[2] = {world.labels[0], world.labels[1]};
    uint32_t count = world.label_count;
    cr_assert_eq(count, 2, "two links in a row");
    const struct lsp_report_spec spec = {.plsp_id = 1,
                                         .name = "a",
                                         .flags = DELEGATED | ACTIVE,
                                         .has_srp = true,
                                         .srp_id = world.srp_id,
                                         .setup_type = 1,
                                         .segments = {before[0], before[1]}};
    cr_assert_eq(lsp_rig_report(&world.pcc, world.session, &spec), PCE_OK);
    const struct lsp_seen seen = {.name = {(const uint8_t *)"a", 1},
                                  .srp_id = world.srp_id,
                                  .flags = DELEGATED | ACTIVE,
                                  .path_digest = lsp_of("a")->plan_path,
                                  .is_newest = true};
    lsp_lane_on_report(world.lane, &seen, world.pcc.now);
    reconcile_on_lsp(&world.intents, &world.session->address, seen.name, true);
    turn();
    cr_assert_eq(state_of("a"), INTENT_UP);
    struct ted_snapshot *old = world.snapshot;
    world.snapshot = make_network(true);
    turn();
    cr_assert_eq(world.sent, 2);
    cr_assert_eq(world.type, PCEP_MESSAGE_PCUPD);
    cr_assert_eq(world.label_count, 1, "the direct link");
    ted_snapshot_destroy(old);
}

Test(reconcile, no_path_is_a_state_with_its_reason_and_is_tried_on_the_next_network)
{
    settle();
    put_text("a", "{" ACROSS "\"paths\":[{\"dynamic\":{\"bounds\":{\"igp\":12}}}]}");
    cr_assert_eq(world.sent, 0);
    cr_assert_eq(state_of("a"), INTENT_NO_PATH);
    cr_assert_not_null(lsp_of("a")->sight.reason);
    cr_assert_neq(lsp_of("a")->sight.unmet, 0);
    struct ted_snapshot *old = world.snapshot;
    world.snapshot = make_network(true);
    turn();
    cr_assert_eq(world.sent, 1);
    ted_snapshot_destroy(old);
}

Test(reconcile, an_endpoint_that_is_nowhere_has_no_path)
{
    settle();
    put_text("a", "{\"source\":\"10.0.0.1\",\"endpoint\":\"10.9.9.9\",\"paths\":[{\"dynamic\":"
                  "{}}]}");
    cr_assert_eq(state_of("a"), INTENT_NO_PATH);
    cr_assert_str_eq(lsp_of("a")->sight.reason, "the endpoint is not in the network");
}

Test(reconcile, a_segment_without_a_label_has_that_of_the_network)
{
    settle();
    /* Node 1 by what node 0 understands; the link from node 1 to node 2 (links 2 and 3). */
    put_text("a", "{" ACROSS "\"paths\":[{\"segments\":[{\"node\":\"10.0.0.2\"},"
                  "{\"local\":\"11.0.0.4\",\"remote\":\"11.0.0.5\"}]}]}");
    cr_assert_eq(world.sent, 1);
    cr_assert_eq(world.label_count, 2);
    cr_assert_eq(world.labels[0], NET_FIRST_BASE + 1);
    cr_assert_eq(world.labels[1], 500002);
    put_text("b", "{" ACROSS "\"paths\":[{\"segments\":[{\"node\":\"10.9.9.9\"}]}]}");
    cr_assert_eq(state_of("b"), INTENT_NO_PATH);
}
