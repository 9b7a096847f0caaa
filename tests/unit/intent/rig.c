#include "tests/unit/intent/rig.h"

#include "core/intent/intent_ero.h"
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

struct world world;

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

static void note_policy(const struct pcep_object *association)
{
    const struct pcep_srpolicy_cpath_id *id =
        pcep_find_tlv(association, PCEP_TLV_SRPOLICY_CPATH_ID);
    const struct pcep_preference *preference =
        pcep_find_tlv(association, PCEP_TLV_SRPOLICY_CPATH_PREFERENCE);
    cr_assert_not_null(id);
    cr_assert_not_null(preference);
    world.path_id = *id;
    world.preference = preference->preference;
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
    for (uint32_t i = 0; i < message.object_count; i++) {
        if (message.objects[i].row->id == PCEP_OBJECT_ERO)
            note_path(&message.objects[i]);
        else if (message.objects[i].row->id == PCEP_OBJECT_ASSOCIATION_V4)
            note_policy(&message.objects[i]);
    }
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

static struct intent_originator originator_of(void *owner, const struct ip *pcc)
{
    struct intent_originator originator = {.as = 64500};
    (void)owner;
    (void)pcc;
    cr_assert(ip_parse("198.51.100.1", &originator.address));
    return originator;
}

void rig_turn(void)
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
        .originator_of = originator_of,
        .settle_s = SETTLE_S,
        .now = world.pcc.now,
    };
    do {
        scene.work_left = RECONCILE_WORK_PER_TURN;
    } while (reconcile_turn(&scene));
    (void)lsp_orders_turn(&world.orders, world.pcc.now);
}

void rig_pass_s(uint64_t s)
{
    for (uint64_t i = 0; i < 10 * s; i++) {
        lsp_rig_pass(&world.pcc, 100);
        rig_turn();
    }
}

void rig_come_up(void)
{
    const struct lsp_ability ability = {.profile = lsp_profile_get(LSP_PROFILE_STANDARD),
                                        .psts = 3,
                                        .associations = LSP_SAID_SR_POLICY,
                                        .may_update = true,
                                        .may_initiate = true};
    const struct ip address = lsp_rig_address(1);
    world.session = lsp_rig_up(&world.pcc, 1, true);
    world.lane = lsp_lane_on_up(&world.orders, &address, &ability);
}

void rig_synchronise(void)
{
    cr_assert(lsp_db_on_end_of_sync(&world.pcc.db, world.session, world.pcc.now));
    lsp_lane_on_synchronised(world.lane, world.pcc.now);
    intents_touch_pcc(&world.intents, &world.session->address);
    rig_turn();
}

void rig_go_down(void)
{
    const struct ip address = world.session->address;
    lsp_lane_on_down(world.lane, world.pcc.now);
    lsp_db_on_down(&world.pcc.db, world.session, world.pcc.now);
    intents_touch_pcc(&world.intents, &address);
    rig_turn();
}

/* Three nodes in a row, or a triangle with a direct link that is better. */
struct ted_snapshot *rig_make_network(bool is_triangle)
{
    struct net net;
    net_init(&net, 3);
    net_join(&net, 0, 1, 10);
    net_join(&net, 1, 2, 10);
    if (is_triangle)
        net_join(&net, 0, 2, 5);
    return net_snapshot(&net);
}

void rig_set_up(void)
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
    world.snapshot = rig_make_network(false);
}

void rig_tear_down(void)
{
    intents_fini(&world.intents);
    lsp_orders_fini(&world.orders);
    lsp_rig_fini(&world.pcc);
    arena_fini(&world.arena);
    path_engine_destroy(world.engine);
    ted_snapshot_destroy(world.snapshot);
}

/* ---- what an operator does ---- */

void rig_put_text(const char *name, const char *text)
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
    rig_turn();
}

void rig_put_label(const char *name, uint32_t label)
{
    char text[256];
    (void)snprintf(text, sizeof text,
                   "{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"segments\":[{\"label\":%u}]}]}",
                   label);
    rig_put_text(name, text);
}

void rig_delete_intent(const char *name)
{
    const struct ip pcc = lsp_rig_address(1);
    struct intent_record record;
    cr_assert_eq(intents_compose(&world.intents, &pcc, name, NULL, &record), PCE_OK);
    cr_assert_eq(intents_put(&world.intents, &pcc, name, &record, world.pcc.now), PCE_OK);
    rig_turn();
}

const struct intent_lsp *rig_lsp_of(const char *name)
{
    const struct ip pcc = lsp_rig_address(1);
    return intents_find_lsp(&world.intents, &pcc,
                            (struct wire_span){(const uint8_t *)name, strlen(name)});
}

enum intent_state rig_state_of(const char *name)
{
    const struct intent_lsp *lsp = rig_lsp_of(name);
    return lsp == NULL ? INTENT_STATE_COUNT : (enum intent_state)lsp->sight.state;
}

/* ---- what the PCC does ---- */

void rig_report(const char *name, uint32_t plsp_id, uint16_t flags, uint32_t label)
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
    rig_turn();
}

/* As FRR's pathd does: three reports for one order. */
void rig_obey(const char *name, uint32_t plsp_id, uint32_t label)
{
    rig_report(name, plsp_id, DELEGATED, label);
    rig_report(name, plsp_id, DELEGATED | (PCEP_LSP_GOING_UP << PCEP_LSP_O_SHIFT), label);
    rig_report(name, plsp_id, DELEGATED | ACTIVE, label);
}

void rig_refuse(uint8_t type, uint8_t value, const char *name)
{
    lsp_lane_on_error(world.lane, world.srp_id, type, value, world.pcc.now);
    reconcile_on_lsp(&world.intents, &world.session->address,
                     (struct wire_span){(const uint8_t *)name, strlen(name)}, false);
    rig_turn();
}

void rig_settle(void)
{
    rig_come_up();
    rig_synchronise();
    rig_pass_s(SETTLE_S);
}
