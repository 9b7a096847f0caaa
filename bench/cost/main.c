/* cost: one thing that a shard does, again and again, for callgrind: the counts of instructions at
 * N and at 2N rounds differ by N times its true cost.
 *
 *     valgrind --tool=callgrind --callgrind-out-file=/dev/null cost CASE ROUNDS TOPOLOGY
 *     cost --list
 *
 * A session that is UP and all that lies between the octets that come and those that go: framing,
 * the state machine, codec, handlers, paths, the send queue. No socket, no thread: what the kernel
 * does is not in it. */
#include "bench/cost/move.h"
#include "core/base/check.h"
#include "core/base/number.h"
#include "core/lsp/order_db.h"
#include "core/path/path_set.h"
#include "core/pcep/model.h"
#include "core/ted/topology_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BANDWIDTHS (1u << 20) /* different ones; octets per second that any link has */
#define VECTORS    8
#define BATCH      64u /* requests that come together */
#define CACHE_SIZE ((size_t)16 << 20)

static const struct lsp_limits lsp_limits = {.lsps_max = UINT64_MAX,
                                             .octets_max = UINT64_MAX,
                                             .lsps_per_pcc_max = UINT32_MAX,
                                             .stale_s = 600,
                                             .record_max = 1024};

static const struct ip *cost_peer_of(const struct session *session)
{
    static const struct ip peer = {.family = IP_V4, .octets = {192, 0, 2, 1}};
    (void)session;
    return &peer;
}

static struct handler_lsp_policy cost_lsp_policy_of(const struct session *session)
{
    (void)session;
    return (struct handler_lsp_policy){.delegation = {.accepts = true}};
}

static enum pce_status cost_open_order(void *owner, const struct lsp_lane *lane, size_t size,
                                       struct wire_writer *writer)
{
    (void)lane;
    return session_open_message(&((struct cost *)owner)->session, size, writer);
}

static void cost_commit_order(void *owner, const struct lsp_lane *lane, struct wire_writer *writer)
{
    struct cost *cost = owner;
    (void)lane;
    CHECK(session_commit_message(&cost->session, writer, SESSION_DATA, cost->now) == PCE_OK);
}

static bool cost_find_target(void *owner, const struct lsp_lane *lane, struct wire_span name,
                             struct lsp_target *target)
{
    return lsp_orders_find_target(&((struct cost *)owner)->lsps, lane, name, target);
}

static const struct lsp_order_ops order_ops = {.open_message = cost_open_order,
                                               .commit_message = cost_commit_order,
                                               .find = cost_find_target,
                                               .on_order = move_on_order};

/* ---- the session's owner: as server/peer/peer.c, without a connection ---- */

static enum pce_status on_open_message(struct session *session, size_t size_max,
                                       struct wire_writer *writer)
{
    struct cost *cost = (struct cost *)session;
    return send_queue_open(cost->pool, &cost->queue, size_max, writer);
}

static void on_commit_message(struct session *session, struct wire_writer *writer,
                              enum session_class message_class)
{
    struct cost *cost = (struct cost *)session;
    enum send_class class = message_class == SESSION_DATA ? SEND_DATA : SEND_CONTROL;
    CHECK(send_queue_commit(cost->pool, &cost->queue, writer, class) == PCE_OK);
    cost->messages++;
}

static void on_abort_message(struct session *session, struct wire_writer *writer)
{
    struct cost *cost = (struct cost *)session;
    (void)writer;
    send_queue_abort(cost->pool, &cost->queue);
}

static void on_end_transport(struct session *session, enum session_end how)
{
    (void)session;
    (void)how;
    CHECK(false); /* nothing here ends a session */
}

static bool cost_has_unread_input(struct session *session)
{
    (void)session;
    return false;
}

static void on_state(struct session *session, enum session_state from, enum session_state to)
{
    (void)session;
    (void)from;
    (void)to;
}

static void on_message(struct session *session, const struct pcep_message *message,
                       const struct pcep_fault *fault)
{
    handlers_on_message(&((struct cost *)session)->handler, session, message, fault);
}

static bool on_octets(struct session *session, struct wire_span objects)
{
    struct request_context *context = &((struct cost *)session)->context;
    return requests_on_octets(context, session, objects) ||
           requests_defer(context, session, objects);
}

static const struct session_ops ops = {
    .open_message = on_open_message,
    .commit_message = on_commit_message,
    .abort_message = on_abort_message,
    .end_transport = on_end_transport,
    .has_unread_input = cost_has_unread_input,
    .on_state = on_state,
    .on_octets = on_octets,
    .on_message = on_message,
};

static const struct request_events no_request_events;
static const struct handler_events no_handler_events;

/* ---- one turn ---- */

static void cost_begin_turn(struct cost *cost)
{
    cost->context.work_left = REQUESTS_WORK_PER_TURN;
    cost->context.now = cost->now;
}

void cost_receive(struct cost *cost, const uint8_t *octets, size_t size)
{
    cost_begin_turn(cost);
    CHECK(
        session_receive(&cost->session, (struct wire_span){octets, size}, &cost->arena, cost->now));
    arena_reset(&cost->arena);
}

/* All that waits is taken by the kernel. */
void cost_send_all(struct cost *cost)
{
    struct iovec vectors[VECTORS];
    while (send_queue_octets(&cost->queue) > 0) {
        size_t size = 0;
        unsigned count = send_queue_peek(&cost->queue, vectors, VECTORS, SIZE_MAX);
        for (unsigned i = 0; i < count; i++)
            size += vectors[i].iov_len;
        (void)send_queue_accept(cost->pool, &cost->queue, size);
    }
}

/* ---- what is said ---- */

static void say_open(struct cost *cost)
{
    uint8_t octets[256];
    static const uint8_t psts[] = {PCEP_PST_RSVP_TE, PCEP_PST_SR};
    const struct pcep_open open = {.version = 1, .sid = 1};
    const struct pcep_path_setup_type_capability capability = {.psts = psts, .count = 2};
    const struct pcep_sr_pce_capability sr = {.msd = 10};
    const struct pcep_stateful_pce_capability stateful = {.flags = PCEP_STATEFUL_U};
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_OPEN);
    size_t object = pcep_object_open(&writer, PCEP_OBJECT_OPEN, 0, &open);
    pcep_tlv_put(&writer, PCEP_TLV_STATEFUL_PCE_CAPABILITY, &stateful);
    size_t tlv = pcep_tlv_open(&writer, PCEP_TLV_PATH_SETUP_TYPE_CAPABILITY, &capability);
    pcep_tlv_put(&writer, PCEP_TLV_SR_PCE_CAPABILITY, &sr);
    pcep_tlv_close(&writer, tlv);
    pcep_object_close(&writer, object);
    pcep_message_close(&writer, message);
    pcep_message_close(&writer, pcep_message_open(&writer, PCEP_MESSAGE_KEEPALIVE));
    CHECK(!writer.failed);
    cost_receive(cost, octets, wire_written(&writer));
    CHECK(cost->session.state == SESSION_UP);
    cost_send_all(cost);
}

static struct ip cost_address_of(const struct cost *cost, uint32_t node)
{
    return cost->snapshot->nodes[node].router_id_v4;
}

/* RP with PATH-SETUP-TYPE, END-POINTS of two nodes far from each other in the file, BANDWIDTH. */
static void cost_make_request(struct cost *cost)
{
    const struct pcep_path_setup_type setup = {.pst = PCEP_PST_SR};
    const struct pcep_rp rp = {.flags = PCEP_RP_O, .request_id = 1};
    const struct pcep_bandwidth bandwidth = {.bandwidth = 1.0F};
    const struct pcep_end_points_v4 ends = {
        .source = cost_address_of(cost, 0),
        .destination = cost_address_of(cost, cost->snapshot->node_count / 2)};
    struct wire_writer writer = wire_writer_init(cost->octets, sizeof cost->octets);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCREQ);
    size_t object = pcep_object_open(&writer, PCEP_OBJECT_RP, PCEP_OBJECT_FLAG_P, &rp);
    pcep_tlv_put(&writer, PCEP_TLV_PATH_SETUP_TYPE, &setup);
    pcep_object_close(&writer, object);
    pcep_object_put(&writer, PCEP_OBJECT_END_POINTS_V4, PCEP_OBJECT_FLAG_P, &ends);
    pcep_object_put(&writer, PCEP_OBJECT_BANDWIDTH, PCEP_OBJECT_FLAG_P, &bandwidth);
    cost->bandwidth_offset = wire_written(&writer) - sizeof(float);
    pcep_message_close(&writer, message);
    CHECK(!writer.failed);
    cost->request = (struct wire_span){cost->octets, wire_written(&writer)};
    cost->id_offset = 4 + 4 + 4; /* message header, object header, flags */
}

/* The LSP object with LSP-IDENTIFIERS and a name of 24 octets. */
static void cost_put_lsp(struct cost *cost, struct wire_writer *writer)
{
    static const char name[] = "paris-rome-gold-candidate";
    const struct ip ends[2] = {ip_from_u32(0xC0000201), ip_from_u32(0xC0000202)};
    const struct pcep_symbolic_path_name path_name = {.name = {(const uint8_t *)name, 24}};
    const struct pcep_ipv4_lsp_identifiers identifiers = {
        .sender = ends[0], .extended_tunnel_id = ends[0], .endpoint = ends[1]};
    const uint16_t delegated = cost->config.stateful_update ? PCEP_LSP_D : 0;
    const struct pcep_lsp lsp = {
        .plsp_id = 1, .flags = delegated | PCEP_LSP_A | PCEP_LSP_ACTIVE << PCEP_LSP_O_SHIFT};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_LSP, PCEP_OBJECT_FLAG_P, &lsp);
    cost->plsp_id_offset = wire_written(writer) - sizeof(uint32_t);
    pcep_tlv_put(writer, PCEP_TLV_IPV4_LSP_IDENTIFIERS, &identifiers);
    pcep_tlv_put(writer, PCEP_TLV_SYMBOLIC_PATH_NAME, &path_name);
    cost->name_offset = wire_written(writer) - path_name.name.size;
    pcep_object_close(writer, object);
}

/* SRP, LSP, an ERO of five segments, LSPA, BANDWIDTH, METRIC. */
static void cost_make_report(struct cost *cost)
{
    static const uint8_t nothing;
    const struct pcep_srp srp = {.srp_id = 0};
    const struct pcep_path_setup_type setup = {.pst = PCEP_PST_SR};
    const struct pcep_lspa lspa = {.setup_priority = 7, .holding_priority = 7};
    const struct pcep_bandwidth bandwidth = {.bandwidth = 1.0F};
    const struct pcep_metric metric = {.type = PCEP_METRIC_TYPE_TE, .value = 30.0F};
    struct wire_writer writer = wire_writer_init(cost->report_octets, sizeof cost->report_octets);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    size_t object = pcep_object_open(&writer, PCEP_OBJECT_SRP, PCEP_OBJECT_FLAG_P, &srp);
    pcep_tlv_put(&writer, PCEP_TLV_PATH_SETUP_TYPE, &setup);
    pcep_object_close(&writer, object);
    cost_put_lsp(cost, &writer);
    object = pcep_object_open(&writer, PCEP_OBJECT_ERO, PCEP_OBJECT_FLAG_P, &nothing);
    for (uint32_t i = 0; i < 5; i++) {
        const struct pcep_sub_sr sr = {.flags = PCEP_SR_M | PCEP_SR_F, .sid = (16000 + i) << 12};
        pcep_subobject_put(&writer, PCEP_SUBOBJECT_SR, false, &sr);
    }
    cost->label_offset = wire_written(&writer) - sizeof(uint32_t);
    pcep_object_close(&writer, object);
    pcep_object_put(&writer, PCEP_OBJECT_LSPA, 0, &lspa);
    pcep_object_put(&writer, PCEP_OBJECT_BANDWIDTH, PCEP_OBJECT_FLAG_P, &bandwidth);
    pcep_object_put(&writer, PCEP_OBJECT_METRIC, 0, &metric);
    pcep_message_close(&writer, message);
    CHECK(!writer.failed);
    cost->report = (struct wire_span){cost->report_octets, wire_written(&writer)};
}

static void cost_put_u32(uint8_t *octets, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        octets[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* ---- the cases ---- */

static void cost_ask(struct cost *cost, uint32_t number)
{
    cost_put_u32(cost->octets + cost->id_offset, number + 1);
    cost_receive(cost, cost->request.octets, cost->request.size);
    cost_send_all(cost);
}

/* The same request, under another number. */
static void run_request(struct cost *cost, uint32_t round)
{
    cost_ask(cost, round);
}

/* Many at once, as a busy session sends them. */
static void run_batch(struct cost *cost, uint32_t round)
{
    uint8_t octets[BATCH * sizeof cost->octets];
    size_t size = cost->request.size;
    for (uint32_t i = 0; i < BATCH; i++) {
        memcpy(octets + i * size, cost->octets, size);
        cost_put_u32(octets + i * size + cost->id_offset, round * BATCH + i + 1);
    }
    cost_receive(cost, octets, BATCH * size);
    cost_send_all(cost);
}

static void run_different_request(struct cost *cost, uint32_t round)
{
    float bandwidth = (float)(1 + round % BANDWIDTHS);
    uint32_t bits;
    memcpy(&bits, &bandwidth, sizeof bits);
    cost_put_u32(cost->octets + cost->bandwidth_offset, bits);
    cost_ask(cost, round);
}

static void run_keepalive_in(struct cost *cost, uint32_t round)
{
    static const uint8_t keepalive[] = {0x20, 0x02, 0x00, 0x04};
    (void)round;
    cost_receive(cost, keepalive, sizeof keepalive);
}

static void run_keepalive_out(struct cost *cost, uint32_t round)
{
    (void)round;
    cost->now = session_deadline(&cost->session);
    session_on_time(&cost->session, cost->now);
    cost_send_all(cost);
}

static void run_report(struct cost *cost, uint32_t round)
{
    (void)round;
    cost_receive(cost, cost->report.octets, cost->report.size);
}

/* The last segment is another one each time. */
static void run_different_report(struct cost *cost, uint32_t round)
{
    cost_put_u32(cost->report_octets + cost->label_offset, (17000 + round % 2) << 12);
    run_report(cost, round);
}

/* Another LSP each time. */
static void run_new_report(struct cost *cost, uint32_t round)
{
    cost_put_u32(cost->report_octets + cost->plsp_id_offset,
                 (round + 2) << 12 | PCEP_LSP_A | PCEP_LSP_ACTIVE << PCEP_LSP_O_SHIFT);
    cost_put_u32(cost->report_octets + cost->name_offset, round);
    run_report(cost, round);
}

/* Two nodes, other ones each time; how far apart differs, too. */
static struct path_request cost_path_request(const struct cost *cost, uint32_t round)
{
    uint32_t count = cost->snapshot->node_count, source = round * 7 % count;
    return (struct path_request){.source = source,
                                 .destination = (source + 1 + round * 5 % (count - 1)) % count,
                                 .setup = PATH_SETUP_SR_MPLS,
                                 .metric = PATH_METRIC_TE,
                                 .family = IP_V4};
}

/* What two LSPs cost that are computed alone. */
static void run_paths(struct cost *cost, uint32_t round)
{
    struct path_request request = cost_path_request(cost, round);
    struct path_result result;
    for (uint32_t i = 0; i < 2; i++) {
        path_compute(cost->context.engine, cost->snapshot, &request, &result);
        CHECK(result.outcome == PATH_FOUND);
    }
}

/* The same two as a pair that shares no link. */
static void run_pair(struct cost *cost, uint32_t round)
{
    struct path_request request = cost_path_request(cost, round);
    const struct path_member members[2] = {{.request = request}, {.request = request}};
    const struct path_set_request pair = {
        .members = members, .count = 2, .diversity = PATH_DIVERSE_LINK};
    struct path_set_result result;
    path_set_compute(cost->set, cost->context.engine, cost->snapshot, &pair, &result);
    CHECK(result.outcome == PATH_FOUND && result.is_optimal);
}

static const struct {
    const char *name;
    void (*run)(struct cost *cost, uint32_t round);
    uint32_t messages; /* that go out in a round */
    bool is_active;    /* the peer's LSPs may be updated */
} cases[] = {
    {"request-again", run_request, 1, false},
    {"request-again-batch", run_batch, BATCH, false},
    {"request-different", run_different_request, 1, false},
    {"keepalive-in", run_keepalive_in, 0, false},
    {"keepalive-out", run_keepalive_out, 1, false},
    {"report-again", run_report, 0, false},
    {"report-different", run_different_report, 0, false},
    {"report-new", run_new_report, 0, false},
    {"report-delegated", run_report, 0, true},
    {"lsp-moved", move_run, 1, true},
    {"paths-alone", run_paths, 0, false},
    {"paths-disjoint", run_pair, 0, false},
};
#define CASE_COUNT (sizeof cases / sizeof cases[0])

/* ---- the program ---- */

static struct ted_snapshot *cost_read_topology(const char *path)
{
    struct ted_snapshot *snapshot = NULL;
    struct ted_fault fault = {0};
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        (void)fprintf(stderr, "cost: cannot read %s\n", path);
        exit(2);
    }
    size_t size = (size_t)ftell(file);
    char *text = malloc(size + 1);
    rewind(file);
    CHECK(text != NULL && fread(text, 1, size, file) == size);
    (void)fclose(file);
    if (topology_file_read(text, size, &snapshot, &fault) != PCE_OK) {
        (void)fprintf(stderr, "cost: %s: %s\n", path, fault.reason);
        exit(2);
    }
    free(text);
    CHECK(path_landmarks_build(snapshot)); /* as the server does when it publishes one */
    return snapshot;
}

static void cost_init(struct cost *cost, const char *topology, bool is_active)
{
    memset(cost, 0, sizeof *cost);
    cost->now = (struct mono){MONO_NS_PER_S};
    cost->config = (struct session_config){
        .keepalive_s = 30,
        .dead_timer_s = 120,
        .keepalive_max_s = 255,
        .dead_timer_max_s = 255,
        .allow_keepalive_zero = true,
        .open_wait_s = 60,
        .keep_wait_s = 60,
        .unknown_messages_per_minute_max = 5,
        .unknown_requests_per_minute_max = 5,
        .message_size_max = 65535,
        .stateful = true,
        .stateful_update = is_active,
        .sr_mpls = true,
        .rsvp_te = true,
    };
    cost->snapshot = cost_read_topology(topology);
    arena_init(&cost->arena, (size_t)1 << 26);
    CHECK(send_pool_create(0, 0, &cost->pool) == PCE_OK);
    cost->context = (struct request_context){
        .arena = &cost->arena,
        .engine = path_engine_create(0),
        .queue = request_queue_create(),
        .replies = reply_cache_create(CACHE_SIZE),
        .snapshot = cost->snapshot,
        .counters = &cost->counters,
        .events = &no_request_events,
        .now = cost->now,
        .reply_size_max = 2048,
    };
    wheel_init(&cost->wheel, cost->now);
    CHECK(lsp_db_init(&cost->lsps, &lsp_limits, &cost->wheel, &move_lsp_events, cost) == PCE_OK);
    CHECK(lsp_orders_init(&cost->orders, &order_ops, cost, &cost->wheel, 1) == PCE_OK);
    cost->orders.arena = &cost->arena;
    cost->handler = (struct handler_context){.requests = &cost->context,
                                             .counters = &cost->handled,
                                             .events = &no_handler_events,
                                             .lsps = &cost->lsps,
                                             .orders = &cost->orders,
                                             .address_of = cost_peer_of,
                                             .lsp_policy_of = cost_lsp_policy_of};
    cost->set = path_set_create();
    CHECK(cost->context.engine != NULL && cost->context.queue != NULL &&
          cost->context.replies != NULL && cost->set != NULL);
    session_init(&cost->session, &ops, &cost->config, SESSION_ACCEPTED);
    session_start(&cost->session, 1, cost->now);
    say_open(cost);
    cost_make_request(cost);
    cost_make_report(cost);
    (void)handlers_on_up(&cost->handler, &cost->session);
}

static void cost_fini(struct cost *cost)
{
    session_fini(&cost->session);
    move_fini(cost);
    lsp_orders_fini(&cost->orders);
    lsp_db_fini(&cost->lsps);
    send_queue_clear(cost->pool, &cost->queue);
    send_pool_destroy(cost->pool);
    request_queue_destroy(cost->context.queue);
    reply_cache_destroy(cost->context.replies);
    path_set_destroy(cost->set);
    path_engine_destroy(cost->context.engine);
    ted_snapshot_destroy(cost->snapshot);
    arena_fini(&cost->arena);
}

static int run_case(size_t index, uint32_t rounds, const char *topology)
{
    static struct cost cost;
    cost_init(&cost, topology, cases[index].is_active);
    if (cases[index].run == move_run)
        move_init(&cost);
    uint64_t before = cost.messages;
    for (uint32_t i = 0; i < rounds; i++)
        cases[index].run(&cost, i);
    CHECK(cost.messages - before == (uint64_t)rounds * cases[index].messages);
    CHECK(cost.counters.replies_path == cost.counters.requests);
    CHECK(cost.handled.reports_undelegated == 0);
    CHECK(cost.handled.reports_refused == 0 && cost.handled.messages_refused == 0);
    cost_fini(&cost);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && strcmp(argv[1], "--list") == 0 && i < CASE_COUNT; i++)
        (void)puts(cases[i].name);
    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return EXIT_SUCCESS;
    uint64_t rounds = 0;
    if (argc == 4)
        (void)number_parse(argv[2], UINT32_MAX, &rounds);
    for (size_t i = 0; rounds > 0 && i < CASE_COUNT; i++) {
        if (strcmp(argv[1], cases[i].name) == 0)
            return run_case(i, (uint32_t)rounds, argv[3]);
    }
    (void)fputs("usage: cost --list\n       cost CASE ROUNDS TOPOLOGY\n", stderr);
    return 2;
}
