/* A session and its handlers driven by a script: each octet of the input is a step (octets of the
 * peer, time, the end of the transport, a full queue …), and after each step what must always hold
 * is checked. What the session writes is decoded again. */
#include "core/base/check.h"
#include "core/handlers/handlers.h"
#include "core/lsp/order_db.h"
#include "core/ted/builder.h"
#include "tests/lib/session_owner.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

enum step {
    STEP_OCTETS, /* count, then so many octets of the peer */
    STEP_CANNED, /* number of a message that a peer sends */
    STEP_TIME,   /* seconds */
    STEP_DUE,    /* on to the next deadline */
    STEP_START,
    STEP_CONNECT,
    STEP_END, /* the transport ends */
    STEP_CLOSE,
    STEP_HOLD,
    STEP_ROOM,   /* the queue takes messages, or not */
    STEP_UNREAD, /* input waits unread, or not */
    STEP_SYNC,   /* end_transport answers within the call, or later */
    STEP_SERVE,  /* requests that a turn has work for; then the requests that wait */
    STEP_TAKES,  /* the peer takes its answers, or not */
    STEP_COUNT,
};

struct world {
    struct session_owner owner; /* first */
    struct request_context context;
    struct request_counters counters;
    struct handler_context handler;
    struct handler_counters handled;
    struct wheel wheel;
    struct lsp_db lsps;
    struct lsp_orders orders;
    struct arena arena;
    struct mono now;
    bool takes_nothing;
    bool ends_at_once;
    bool has_closed; /* a Close was sent: nothing may follow */
};

static const struct session_config config = {
    .keepalive_min_s = 2,
    .keepalive_max_s = 120,
    .dead_timer_min_s = 4,
    .dead_timer_max_s = 240,
    SESSION_OWNER_LIMITS,
    .stateful = true,
    .stateful_update = true,
    .sr_mpls = true,
    .rsvp_te = true,
};

static const struct ip *address_of(const struct session *session)
{
    static const struct ip peer = {.family = IP_V4, .octets = {192, 0, 2, 1}};
    (void)session;
    return &peer;
}

/* Every other delegation is refused, so that there are orders. */
static struct handler_lsp_policy lsp_policy_of(const struct session *session)
{
    static const struct lsp_delegation_rule rule = {"?", LSP_DELEGATION_ANY_SETUP, true};
    (void)session;
    return (struct handler_lsp_policy){.delegation = {&rule, 1, false}};
}

static enum pce_status open_order(void *owner, const struct lsp_lane *lane, size_t size,
                                  struct wire_writer *writer)
{
    (void)lane;
    return session_open_message(&((struct world *)owner)->owner.session, size, writer);
}

static void commit_order(void *owner, const struct lsp_lane *lane, struct wire_writer *writer)
{
    struct world *world = owner;
    (void)lane;
    (void)!session_commit_message(&world->owner.session, writer, SESSION_DATA, world->now);
}

static bool find_target(void *owner, const struct lsp_lane *lane, struct wire_span name,
                        struct lsp_target *target)
{
    return lsp_orders_find_target(&((struct world *)owner)->lsps, lane, name, target);
}

static const struct lsp_order_ops order_ops = {
    .open_message = open_order, .commit_message = commit_order, .find = find_target};

static void on_lsp_change(struct lsp_db *db, struct lsp_pcc *pcc, struct lsp *lsp,
                          const struct journal_record *record)
{
    lsp_orders_on_change(&((struct world *)db->owner)->orders, pcc, lsp, record);
}

/* ---- what is checked of each message ---- */

static void on_sent(struct session_owner *owner, const struct session_sent *sent)
{
    struct world *world = (struct world *)owner;
    struct arena arena;
    struct pcep_message message;
    struct pcep_fault fault = {0};
    arena_init(&arena, (size_t)1 << 24);
    CHECK(pcep_decode(sent->octets, &arena, &message, &fault) == PCE_OK);
    CHECK(!pcep_fault_is_set(&fault) || message.type == PCEP_MESSAGE_PCERR);
    CHECK(message.type == PCEP_MESSAGE_OPEN || message.type == PCEP_MESSAGE_KEEPALIVE ||
          message.type == PCEP_MESSAGE_PCREP || message.type == PCEP_MESSAGE_PCERR ||
          message.type == PCEP_MESSAGE_PCNTF || message.type == PCEP_MESSAGE_CLOSE);
    CHECK((sent->message_class == SESSION_DATA) == (message.type == PCEP_MESSAGE_PCREP));
    CHECK(!world->has_closed);
    world->has_closed = message.type == PCEP_MESSAGE_CLOSE;
    arena_fini(&arena);
}

static void on_end(struct session_owner *owner, enum session_end how)
{
    struct world *world = (struct world *)owner;
    (void)how;
    if (world->ends_at_once)
        session_on_transport_end(&owner->session, PCE_OK, world->now);
}

static void on_state(struct session_owner *owner, enum session_state from, enum session_state to)
{
#define TO(state) (1U << SESSION_##state)
    static const unsigned reach[SESSION_STATE_COUNT] = {
        [SESSION_IDLE] = TO(TCP_PENDING) | TO(OPEN_WAIT) | TO(CLOSING),
        [SESSION_TCP_PENDING] = TO(OPEN_WAIT) | TO(CLOSING) | TO(IDLE),
        [SESSION_OPEN_WAIT] = TO(OPEN_WAIT) | TO(KEEP_WAIT) | TO(UP) | TO(CLOSING) | TO(IDLE),
        [SESSION_KEEP_WAIT] = TO(OPEN_WAIT) | TO(KEEP_WAIT) | TO(UP) | TO(CLOSING) | TO(IDLE),
        [SESSION_UP] = TO(CLOSING) | TO(IDLE),
        [SESSION_CLOSING] = TO(IDLE),
    };
#undef TO
    CHECK((reach[from] >> to & 1) != 0);
    const struct session *session = &owner->session;
    if (from == SESSION_UP && to != SESSION_UP)
        requests_forget_session(&((struct world *)owner)->context, &owner->session);
    CHECK(to != SESSION_UP || (session->local_ok && session->remote_ok));
}

static void on_message(struct session_owner *owner, const struct pcep_message *message,
                       const struct pcep_fault *fault)
{
    struct world *world = (struct world *)owner;
    world->context.now = world->now;
    handlers_on_message(&world->handler, &owner->session, message, fault);
}

static bool on_octets(struct session_owner *owner, struct wire_span objects)
{
    struct world *world = (struct world *)owner;
    world->context.now = world->now;
    return requests_on_octets(&world->context, &owner->session, objects) ||
           requests_defer(&world->context, &owner->session, objects);
}

static const struct session_owner_hooks hooks = {.on_sent = on_sent,
                                                 .on_end = on_end,
                                                 .on_state = on_state,
                                                 .on_octets = on_octets,
                                                 .on_message = on_message};

static bool may_answer(struct request_context *context, struct session *session)
{
    (void)context;
    return !((struct world *)session)->takes_nothing;
}

/* ---- what must always hold ---- */

static void check_queue(const struct world *world)
{
    const struct request_counters *c = &world->counters;
    const struct request_queue *queue = world->context.queue;
    uint64_t ended = c->replies_path + c->replies_no_path + c->requests_refused +
                     c->replies_dropped + c->requests_cancelled + c->requests_over_limit +
                     c->requests_unserved + c->requests_gone;
    CHECK(c->requests == ended + queue->count);
    CHECK(queue->octets <= world->context.limits.octets_max);
    CHECK(queue->count <= world->context.limits.in_flight_max);
    CHECK(world->owner.session.state == SESSION_UP || queue->peers.count == 0);
}

static void check_world(const struct world *world)
{
    const struct session *session = &world->owner.session;
    bool waits = session->state == SESSION_TCP_PENDING || session->state == SESSION_OPEN_WAIT ||
                 session->state == SESSION_KEEP_WAIT;
    CHECK(session->state < SESSION_STATE_COUNT);
    CHECK(world->owner.open_octets == NULL);
    CHECK(!waits || !mono_is_never(session->wait_deadline));
    CHECK(!waits || session->wait_deadline.ns <= mono_add_s(world->now, 60).ns);
    if (session->state == SESSION_IDLE || session->state == SESSION_CLOSING)
        CHECK(mono_is_never(session_deadline(session)) && session->frame.partial == NULL);
    if (session->state == SESSION_CLOSING)
        CHECK(session->verdict.text != NULL);
    if (session->state == SESSION_UP && session->dead_timer_s != 0)
        CHECK(session->wait_deadline.ns <= mono_add_s(world->now, 255).ns);
    CHECK(session->frame.partial_size <= config.message_size_max);
    CHECK(session->open_retry <= 1 && session->proposals <= SESSION_PROPOSALS_MAX);
    check_queue(world);
}

/* ---- the network: A and B, one link ---- */

static struct ip make_address(const char *text)
{
    struct ip ip = {0};
    CHECK(ip_parse(text, &ip));
    return ip;
}

static void add_node(struct ted_builder *builder, const char *name, const char *router_id,
                     uint32_t sid_index)
{
    const struct ted_srgb srgb = {16000, 8000};
    const struct ted_prefix_sid sid = {.family = IP_V4, .index = sid_index};
    const struct ted_node_spec spec = {.name = name,
                                       .router_id_v4 = make_address(router_id),
                                       .srgbs = &srgb,
                                       .srgb_count = 1,
                                       .prefix_sids = &sid,
                                       .prefix_sid_count = 1};
    uint32_t index;
    struct ted_fault fault;
    CHECK(ted_builder_add_node(builder, &spec, &index, &fault) == PCE_OK);
}

static const struct ted_snapshot *network(void)
{
    static struct ted_snapshot *snapshot;
    if (snapshot != NULL)
        return snapshot;
    struct ted_builder *builder = ted_builder_create("fuzz");
    struct ted_fault fault;
    uint32_t index;
    CHECK(builder != NULL);
    add_node(builder, "A", "10.0.0.1", 1);
    add_node(builder, "B", "10.0.0.4", 4);
    for (uint32_t from = 0; from < 2; from++) {
        const struct ted_link_spec spec = {.from = from,
                                           .to = 1 - from,
                                           .igp_metric = 10,
                                           .te_metric = 10,
                                           .capacity = 1e6F,
                                           .max_reservable = 1e6F};
        CHECK(ted_builder_add_link(builder, &spec, &index, &fault) == PCE_OK);
    }
    CHECK(ted_builder_snapshot(builder, &snapshot, &fault) == PCE_OK);
    ted_builder_destroy(builder);
    return snapshot;
}

static struct path_engine *engine(void)
{
    static struct path_engine *only;
    if (only == NULL)
        only = path_engine_create(10000);
    CHECK(only != NULL);
    return only;
}

/* ---- the script ---- */

static void feed(struct world *world, const uint8_t *octets, size_t size)
{
    bool goes_on = session_receive(&world->owner.session, (struct wire_span){octets, size},
                                   &world->arena, world->now);
    CHECK(!goes_on || (world->owner.session.state != SESSION_IDLE &&
                       world->owner.session.state != SESSION_CLOSING));
    arena_reset(&world->arena);
}

/* Each as long as its own length field says. */
static void feed_canned(struct world *world, uint8_t number)
{
    static const uint8_t messages[][40] = {
        {0x20, 1,  0, 40, 1, 0x10, 0, 36, 0x20, 30, 120, 0, 0, 16, 0, 4, 0, 0, 0, 5,
         0,    34, 0, 16, 0, 0,    0, 2,  0,    1,  0,   0, 0, 26, 0, 4, 0, 0, 0, 10},
        {0x20, 2, 0, 4},
        {0x20, 1, 0, 12, 1, 0x10, 0, 8, 0x20, 1, 4, 0}, /* timers out of range */
        {0x20, 6, 0, 20, 13, 0x10, 0, 8, 0, 0, 1, 4, 1, 0x10, 0, 8, 0x20, 10, 40, 0},
        {0x20, 7, 0, 12, 15, 0x10, 0, 8, 0, 0, 0, 1},
        {0x20, 3, 0, 36, 2, 0x12, 0, 20,   0, 0,  0,  0, 0, 0, 0,  5, 0, 28,
         0,    4, 0, 0,  0, 1,    4, 0x12, 0, 12, 10, 0, 0, 1, 10, 0, 0, 4},
        {0x20, 10, 0, 16, 0x20, 0x10, 0, 8, 0, 0, 0x10, 0, 7, 0x10, 0, 4},
        {0x20, 200, 0, 4},
        {0x20, 13, 0, 4},
        {0x20, 1, 0, 12, 1, 0x10, 0, 8, 0x20, 0, 0, 0}, /* no keepalives */
        {0x20, 5, 0, 24, 2,    0x10, 0, 12, 0, 0, 0, 0, /* cancels request 5 */
         0,    0, 0, 5,  0x0c, 0x10, 0, 8,  0, 0, 1, 1},
    };
    const uint8_t *message = messages[number % (sizeof messages / sizeof *messages)];
    feed(world, message, message[3]);
}

static void turn(struct world *world, struct mono now)
{
    world->now = now;
    session_on_time(&world->owner.session, now);
    CHECK(mono_is_before(now, session_deadline(&world->owner.session)));
}

static void end(struct world *world)
{
    session_on_transport_end(&world->owner.session, PCE_CLOSED, world->now);
    CHECK(world->owner.session.state == SESSION_IDLE);
}

static void start(struct world *world)
{
    if (world->owner.session.state == SESSION_IDLE ||
        world->owner.session.state == SESSION_TCP_PENDING)
        world->has_closed = false;
    session_start(&world->owner.session, 1, world->now);
}

static void serve(struct world *world, uint8_t requests)
{
    world->context.now = world->now;
    world->context.work_left = requests * (uint64_t)REQUESTS_WORK_OF_ONE;
    (void)requests_serve(&world->context);
    (void)wheel_turn(&world->wheel, world->now);
    (void)lsp_orders_turn(&world->orders, world->now);
}

static void turn_taking(struct world *world)
{
    world->takes_nothing = !world->takes_nothing;
    if (!world->takes_nothing)
        requests_resume_session(&world->context, &world->owner.session);
}

static void take_step(struct world *world, enum step step, struct wire_reader *script)
{
    struct mono deadline = session_deadline(&world->owner.session);
    struct wire_reader octets;
    switch (step) {
    case STEP_OCTETS:
        octets = wire_sub(script, wire_u8(script));
        feed(world, octets.at, wire_left(&octets));
        break;
    case STEP_CANNED:
        feed_canned(world, wire_u8(script));
        break;
    case STEP_TIME:
        turn(world, mono_add_s(world->now, wire_u8(script)));
        break;
    case STEP_DUE:
        if (!mono_is_never(deadline))
            turn(world, mono_is_before(world->now, deadline) ? deadline : world->now);
        break;
    case STEP_START:
        start(world);
        break;
    case STEP_CONNECT:
        session_connect(&world->owner.session, world->now);
        break;
    case STEP_END:
        end(world);
        break;
    case STEP_CLOSE:
        session_close(&world->owner.session, 1, NULL, world->now);
        break;
    case STEP_HOLD:
        session_on_send_hold(&world->owner.session, world->now);
        break;
    case STEP_ROOM:
        world->owner.room = world->owner.room == 0 ? SESSION_OWNER_ROOM : 0;
        break;
    case STEP_SERVE:
        serve(world, wire_u8(script));
        break;
    case STEP_TAKES:
        turn_taking(world);
        break;
    case STEP_UNREAD:
        world->owner.has_unread = !world->owner.has_unread;
        break;
    default:
        world->ends_at_once = !world->ends_at_once;
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    static const struct request_events events = {.may_answer = may_answer};
    static const struct handler_events no_events;
    static const struct lsp_db_events lsp_events = {.on_change = on_lsp_change};
    static const struct lsp_limits lsp_limits = {.lsps_max = 8,
                                                 .octets_max = 65536,
                                                 .lsps_per_pcc_max = 4,
                                                 .stale_s = 600,
                                                 .record_max = 64};
    struct world world = {.now = {MONO_NS_PER_S}};
    struct wire_reader script = wire_reader_init(octets, size);
    world.context = (struct request_context){
        .arena = &world.arena,
        .engine = engine(),
        .snapshot = network(),
        .counters = &world.counters,
        .events = &events,
        .reply_size_max = 256,
        .queue = request_queue_create(),
        .limits = {.octets_max = 4096, .in_flight_max = 12},
        .work_left = UINT64_MAX,
    };
    wheel_init(&world.wheel, world.now);
    CHECK(lsp_db_init(&world.lsps, &lsp_limits, &world.wheel, &lsp_events, &world) == PCE_OK);
    CHECK(lsp_orders_init(&world.orders, &order_ops, &world, &world.wheel, 1) == PCE_OK);
    world.orders.arena = &world.arena;
    world.orders.settings = (struct lsp_order_settings){
        .in_flight_max = 2, .waiting_max = 4, .waiting_per_pcc_max = 4, .controls_max = 4};
    world.handler = (struct handler_context){.requests = &world.context,
                                             .counters = &world.handled,
                                             .events = &no_events,
                                             .lsps = &world.lsps,
                                             .orders = &world.orders,
                                             .address_of = address_of,
                                             .lsp_policy_of = lsp_policy_of};
    CHECK(world.context.queue != NULL);
    arena_init(&world.arena, (size_t)1 << 22);
    session_owner_init(&world.owner, &hooks, &config, SESSION_ACCEPTED);
    while (wire_left(&script) > 0) {
        take_step(&world, (enum step)(wire_u8(&script) % STEP_COUNT), &script);
        check_world(&world);
    }
    session_owner_fini(&world.owner);
    lsp_orders_fini(&world.orders);
    lsp_db_fini(&world.lsps);
    request_queue_destroy(world.context.queue);
    arena_fini(&world.arena);
    return 0;
}
