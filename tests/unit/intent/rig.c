#include "tests/unit/intent/rig.h"

#include "core/intent/intent_ero.h"
#include "core/reopt/reopt_orders.h"
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

struct rig_world worlds[RIG_SHARDS];
unsigned rig_shard;
static struct ted_reservations *account;
static struct ted_link_registry *registry;
static struct ted_snapshot *network;

struct ip rig_address(void)
{
    return lsp_rig_address((uint8_t)(1 + rig_shard));
}

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

static void note_group(const struct pcep_object *association)
{
    const struct pcep_association *body = association->body;
    const struct pcep_disjointness *configuration =
        pcep_find_tlv(association, PCEP_TLV_DISJOINTNESS_CONFIGURATION);
    cr_assert_not_null(configuration);
    world.group = *body;
    world.group_flags = configuration->flags;
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

static void note_association(const struct pcep_object *association)
{
    if (((const struct pcep_association *)association->body)->type == 2)
        note_group(association);
    else
        note_policy(association);
}

static void note_asked(const struct pcep_message *message)
{
    cr_assert_lt(world.asked_count, RIG_ASKED_MAX);
    struct rig_asked *asked = &world.asked[world.asked_count++];
    *asked = (struct rig_asked){.srp_id = world.srp_id,
                                .is_removal = (world.srp_flags & PCEP_SRP_R) != 0,
                                .label_count = world.label_count};
    memcpy(asked->labels, world.labels, sizeof asked->labels);
    for (uint32_t i = 0; i < message->object_count; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object->row->id == PCEP_OBJECT_BANDWIDTH)
            asked->bandwidth = ((const struct pcep_bandwidth *)object->body)->bandwidth;
        if (object->row->id != PCEP_OBJECT_LSP)
            continue;
        const struct pcep_lsp *lsp = object->body;
        const struct lsp *known = lsp_pcc_find_plsp_id(world.session, lsp->plsp_id);
        struct wire_span name = {NULL, 0};
        for (uint32_t k = 0; k < object->tlv_count; k++)
            if (object->tlvs[k].row->id == PCEP_TLV_SYMBOLIC_PATH_NAME)
                name = (struct wire_span){object->tlvs[k].octets, object->tlvs[k].size};
        if (known != NULL)
            name = lsp_name(known);
        cr_assert_lt(name.size, sizeof asked->name);
        if (name.size > 0)
            memcpy(asked->name, name.octets, name.size);
    }
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
            note_association(&message.objects[i]);
    }
    note_asked(&message);
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

static void on_order(void *owner, const struct lsp_order *order, enum lsp_order_state from)
{
    (void)owner;
    (void)from;
    intents_on_order(&world.intents, order);
    reopt_orders_on_order(&world.reopt, order);
    if (lsp_order_has_ended(order)) /* as the journal tells it */
        reconcile_on_lsp(&world.intents, &order->pcc,
                         (struct wire_span){(const uint8_t *)order->name, order->name_size}, false);
}

static const struct lsp_order_ops ops = {.open_message = open_message,
                                         .commit_message = commit_message,
                                         .find = find_target,
                                         .on_order = on_order};

/* ---- reoptimisation ---- */

static bool wants(struct reopt *reopt, const struct lsp *lsp, struct reopt_wants *wanted)
{
    (void)reopt;
    return intents_wants(&world.intents, lsp, wanted);
}

static void on_no_path(struct reopt *reopt, const struct lsp *lsp, enum reopt_cause cause,
                       const struct path_result *result, bool is_past)
{
    (void)reopt;
    (void)cause;
    (void)is_past;
    intents_on_no_path(&world.intents, lsp, result->unsatisfied);
}

static void on_cured(struct reopt *reopt, const struct lsp *lsp)
{
    (void)reopt;
    intents_on_cured(&world.intents, lsp);
}

static const struct reopt_events reopt_events = {.may_move = reopt_orders_may_move,
                                                 .submit = reopt_orders_submit,
                                                 .wants = wants,
                                                 .on_no_path = on_no_path,
                                                 .on_cured = on_cured};

static void on_change(struct lsp_db *db, struct lsp_pcc *pcc, struct lsp *lsp,
                      const struct journal_record *record)
{
    world.rig_events->on_change(db, pcc, lsp, record);
    if (lsp != NULL)
        reopt_on_change(&world.reopt, lsp, (enum lsp_change)record->change);
    else if (record->change == PCC_SYNCHRONISED)
        reopt_on_synchronised(&world.reopt, pcc);
}

static struct intent_originator originator_of(void *owner, const struct ip *pcc)
{
    struct intent_originator originator = {.as = 64500};
    (void)owner;
    (void)pcc;
    cr_assert(ip_parse("198.51.100.1", &originator.address));
    return originator;
}

static void turn_reopt(void)
{
    struct reopt_scene scene = {.snapshot = world.snapshot, .now = world.pcc.now};
    do {
        scene.work_left = REOPT_WORK_PER_TURN;
    } while (reopt_turn(&world.reopt, &scene));
}

void rig_turn(void)
{
    turn_reopt();
    struct reconcile_scene scene = {
        .intents = &world.intents,
        .db = &world.pcc.db,
        .orders = &world.orders,
        .planner = {.reopt = &world.reopt,
                    .engine = world.engine,
                    .arena = &world.arena,
                    .snapshot = world.snapshot,
                    .work_max = world.work_inline,
                    .octets = world.plan,
                    .octets_max = sizeof world.plan,
                    .hops = world.hops,
                    .group_source = world.group_source},
        .originator_of = originator_of,
        .settle_s = SETTLE_S,
        .now = world.pcc.now,
    };
    do {
        scene.work_left = RECONCILE_WORK_PER_TURN;
    } while (reconcile_turn(&scene));
    turn_reopt();
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
                                        .associations = world.associations,
                                        .may_update = true,
                                        .may_initiate = true};
    const struct ip address = rig_address();
    world.session = lsp_rig_up(&world.pcc, (uint8_t)(1 + rig_shard), true);
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

static void set_up_world(void)
{
    const struct lsp_limits limits = {.lsps_max = 1000,
                                      .octets_max = 1 << 24,
                                      .lsps_per_pcc_max = 1000,
                                      .stale_s = 600,
                                      .record_max = 64};
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
    world.associations = LSP_SAID_ASSOCIATIONS | LSP_SAID_SR_POLICY | LSP_SAID_DISJOINT;
    world.engine = path_engine_create(0);
    cr_assert_eq(reopt_init(&world.reopt, &world.pcc.db, world.engine, &world.arena, &reopt_events),
                 PCE_OK);
    world.reopt.orders = &world.orders;
    world.reopt.reservations = account;
    world.reopt.settings = (struct reopt_settings){.interval_s = 60, .gain_min = 10};
    world.rig_events = world.pcc.db.events;
    world.events = *world.rig_events;
    world.events.on_change = on_change;
    world.pcc.db.events = &world.events;
}

void rig_publish(struct ted_snapshot *snapshot)
{
    struct ted_snapshot *old = network;
    cr_assert_not_null(snapshot);
    cr_assert_eq(ted_link_registry_number(registry, old, snapshot), PCE_OK);
    cr_assert_eq(ted_reservations_make_room(account, snapshot->link_numbers->count), PCE_OK);
    network = snapshot;
    for (unsigned i = 0; i < RIG_SHARDS; i++)
        worlds[i].snapshot = snapshot;
    ted_snapshot_destroy(old);
}

uint64_t rig_held(uint32_t link)
{
    return ted_reservations_held(account, network->link_numbers->of_links[link], 7);
}

void rig_use(unsigned shard)
{
    rig_shard = shard;
}

void rig_set_up(void)
{
    memset(worlds, 0, sizeof worlds);
    network = NULL;
    account = ted_reservations_create(1000);
    registry = ted_link_registry_create(1000);
    for (unsigned i = 0; i < RIG_SHARDS; i++) {
        rig_use(i);
        set_up_world();
    }
    rig_use(0);
    rig_publish(rig_make_network(false));
}

static void tear_down_world(void)
{
    intents_fini(&world.intents);
    lsp_orders_fini(&world.orders);
    reopt_fini(&world.reopt);
    lsp_rig_fini(&world.pcc);
    arena_fini(&world.arena);
    path_engine_destroy(world.engine);
}

void rig_tear_down(void)
{
    for (unsigned i = 0; i < RIG_SHARDS; i++) {
        rig_use(i);
        tear_down_world();
    }
    for (uint32_t i = 0; i < network->link_count; i++)
        cr_assert_eq(rig_held(i), 0, "what is held is given back");
    ted_snapshot_destroy(network);
    ted_reservations_destroy(account);
    ted_link_registry_destroy(registry);
}
