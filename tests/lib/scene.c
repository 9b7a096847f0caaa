#include "tests/lib/scene.h"
#include "core/lsp/order_db.h"
#include "core/requests/synced.h"
#include "core/ted/builder.h"
#include "core/ted/topology_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the session's owner ---- */

static void on_sent(struct session_owner *owner, const struct session_sent *sent)
{
    struct scene *scene = (struct scene *)owner;
    uint8_t *octets = malloc(sent->octets.size);
    cr_assert_not_null(octets);
    cr_assert_lt(scene->message_count, (size_t)SCENE_MESSAGES_MAX);
    memcpy(octets, sent->octets.octets, sent->octets.size);
    scene->room_asked[scene->message_count] = sent->room_asked;
    scene->classes[scene->message_count] = sent->message_class;
    scene->messages[scene->message_count++] = (struct wire_span){octets, sent->octets.size};
}

static void on_end(struct session_owner *owner, enum session_end how)
{
    (void)how;
    ((struct scene *)owner)->is_over = true;
}

static void on_message(struct session_owner *owner, const struct pcep_message *message,
                       const struct pcep_fault *fault)
{
    handlers_on_message(&((struct scene *)owner)->handler, &owner->session, message, fault);
}

static bool on_octets(struct session_owner *owner, struct wire_span objects)
{
    struct request_context *context = &((struct scene *)owner)->context;
    return requests_on_octets(context, &owner->session, objects) ||
           requests_defer(context, &owner->session, objects);
}

static const struct session_owner_hooks hooks = {
    .on_sent = on_sent, .on_end = on_end, .on_octets = on_octets, .on_message = on_message};

/* ---- events ---- */

static void on_reply(struct request_context *context, struct session *session,
                     const struct request_reply *reply)
{
    struct scene *scene = context->owner;
    cr_assert_eq((void *)scene, (void *)session);
    cr_assert_neq(reply->request_id, 0);
    scene->reply_count++;
    scene->last_request = *reply->request;
    scene->last_result = *reply->result;
    scene->last_note = reply_note_of(reply->request, reply->result);
    if (scene->no_paths != NULL)
        no_path_on_reply(scene->no_paths, context, session, reply);
}

static void on_cached_reply(struct request_context *context, struct session *session,
                            uint32_t request_id, const struct reply_entry *known)
{
    struct scene *scene = context->owner;
    cr_assert_eq((void *)scene, (void *)session);
    cr_assert_neq(request_id, 0);
    scene->cached_count++;
    scene->last_note = known->note;
    if (scene->no_paths != NULL)
        no_path_on_cached_reply(scene->no_paths, context, session, request_id, known);
    unmet_read_bounds(reply_entry_response(known), scene->last_bounds);
}

static void on_report(struct handler_context *context, struct session *session,
                      const struct pcep_lsp_state *report)
{
    struct scene *scene = context->requests->owner;
    const struct pcep_lsp *lsp = scene_there(report->lsp)->body;
    (void)session;
    cr_assert_eq(report->fault_count, 0);
    scene->report_count++;
    scene->last_plsp_id = lsp->plsp_id;
}

static void on_refused(struct request_context *context, struct session *session,
                       const struct pcep_fault *fault)
{
    struct scene *scene = context->owner;
    (void)session;
    cr_assert_not_null(fault->reason);
    scene->refused_count++;
    scene->last_fault = *fault;
}

static void on_peer_error(struct handler_context *context, struct session *session, uint8_t type,
                          uint8_t value)
{
    struct scene *scene = context->requests->owner;
    (void)session;
    scene->peer_error_count++;
    scene->last_type = type;
    scene->last_value = value;
}

static void on_notification(struct handler_context *context, struct session *session, uint8_t type,
                            uint8_t value)
{
    struct scene *scene = context->requests->owner;
    (void)session;
    scene->notification_count++;
    scene->last_type = type;
    scene->last_value = value;
}

static const struct ip *address_of(const struct session *session)
{
    static const struct ip peer = {.family = IP_V4, .octets = {10, 0, 0, 1}};
    (void)session;
    return &peer;
}

static const struct request_events request_events = {
    .on_reply = on_reply,
    .on_cached_reply = on_cached_reply,
    .on_refused = on_refused,
};

static const struct handler_events handler_events = {
    .on_report = on_report,
    .on_peer_error = on_peer_error,
    .on_notification = on_notification,
};

static void on_change(struct lsp_db *db, struct lsp_pcc *pcc, struct lsp *lsp,
                      const struct journal_record *record)
{
    lsp_orders_on_change(&((struct scene *)db->owner)->orders, pcc, lsp, record);
}

static const struct lsp_db_events lsp_events = {.on_change = on_change};

static enum pce_status open_order(void *owner, const struct lsp_lane *lane, size_t size,
                                  struct wire_writer *writer)
{
    (void)lane;
    return session_open_message(&((struct scene *)owner)->owner.session, size, writer);
}

static void commit_order(void *owner, const struct lsp_lane *lane, struct wire_writer *writer)
{
    struct scene *scene = owner;
    (void)lane;
    cr_assert_eq(
        session_commit_message(&scene->owner.session, writer, SESSION_DATA, scene->context.now),
        PCE_OK);
}

static bool find_target(void *owner, const struct lsp_lane *lane, struct wire_span name,
                        struct lsp_target *target)
{
    return lsp_orders_find_target(&((struct scene *)owner)->lsps, lane, name, target);
}

static const struct lsp_order_ops order_ops = {
    .open_message = open_order, .commit_message = commit_order, .find = find_target};

static struct handler_lsp_policy lsp_policy_of(const struct session *session)
{
    return ((const struct scene *)(const void *)session)->lsp_policy;
}

static const struct lsp_limits lsp_limits = {.lsps_max = 1000,
                                             .octets_max = (uint64_t)1 << 30,
                                             .lsps_per_pcc_max = 100,
                                             .stale_s = 600,
                                             .record_max = 1000};

/* ---- the network ---- */

static struct ip address(const char *text)
{
    struct ip ip = {0};
    cr_assert(text == NULL || ip_parse(text, &ip));
    return ip;
}

static void add_node(struct ted_builder *builder, unsigned number)
{
    char name[2] = {(char)('A' + number - 1), '\0'};
    char v4[IP_TEXT_SIZE];
    char v6[IP_TEXT_SIZE];
    const struct ted_srgb srgb = {16000, 8000};
    const struct ted_prefix_sid sids[] = {{.family = IP_V4, .index = number},
                                          {.family = IP_V6, .index = 100 + number}};
    snprintf(v4, sizeof v4, "10.0.0.%u", number);
    snprintf(v6, sizeof v6, "2001:db8::%u", number);
    const struct ted_node_spec spec = {.name = name,
                                       .router_id_v4 = address(v4),
                                       .router_id_v6 = address(v6),
                                       .srgbs = &srgb,
                                       .srgb_count = 1,
                                       .prefix_sids = sids,
                                       .prefix_sid_count = 2,
                                       .msd = number == 4 ? SCENE_MSD_OF_D : 0};
    struct ted_fault fault;
    uint32_t index;
    cr_assert_eq(ted_builder_add_node(builder, &spec, &index, &fault), PCE_OK, "%s", fault.reason);
    cr_assert_eq(index, number - 1);
}

static void add_direction(struct ted_builder *builder, struct ted_link_spec spec, unsigned number)
{
    const struct ted_adj_sid sid = {.label = 24000 + number};
    struct ted_fault fault;
    uint32_t index;
    spec.adj_sids = &sid;
    spec.adj_sid_count = 1;
    spec.max_reservable = spec.capacity;
    for (int i = 0; i < TED_PRIORITIES; i++)
        spec.unreserved[i] = spec.capacity;
    cr_assert_eq(ted_builder_add_link(builder, &spec, &index, &fault), PCE_OK, "%s", fault.reason);
}

static void add_link(struct ted_builder *builder, struct ted_link_spec spec, unsigned number)
{
    add_direction(builder, spec, number);
    uint32_t from = spec.from;
    struct ip local = spec.local_v4;
    spec.from = spec.to;
    spec.to = from;
    spec.local_v4 = spec.remote_v4;
    spec.remote_v4 = local;
    add_direction(builder, spec, number + 1);
}

static struct ted_link_spec make_link(bool is_top, uint32_t from, uint32_t to)
{
    return (struct ted_link_spec){.from = from,
                                  .to = to,
                                  .igp_metric = is_top ? 10 : 20,
                                  .te_metric = is_top ? 100 : 10,
                                  .delay_us = is_top ? 500 : 100,
                                  .admin_group = is_top ? 0 : 1,
                                  .capacity = is_top ? 1e6F : 1e5F};
}

static struct ted_snapshot *make_network(void)
{
    enum { A, B, C, D };
    struct ted_builder *builder = ted_builder_create("scene");
    struct ted_snapshot *snapshot = NULL;
    struct ted_fault fault;
    cr_assert_not_null(builder);
    for (unsigned i = 1; i <= 5; i++)
        add_node(builder, i);
    struct ted_link_spec link = make_link(true, A, B);
    link.local_v4 = address("192.0.2.1");
    link.remote_v4 = address("192.0.2.2");
    add_link(builder, link, 0);
    link = make_link(true, B, D);
    link.local_v4 = address("192.0.2.3");
    link.remote_v4 = address("192.0.2.4");
    add_link(builder, link, 2);
    link = make_link(false, A, C);
    link.local_v4 = address("192.0.2.5");
    link.remote_v4 = address("192.0.2.6");
    add_link(builder, link, 4);
    add_link(builder, make_link(false, C, D), 6);
    cr_assert_eq(ted_builder_snapshot(builder, &snapshot, &fault), PCE_OK, "%s", fault.reason);
    ted_builder_destroy(builder);
    return snapshot;
}

/* ---- the scene ---- */

void scene_init(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    scene->config = (struct session_config){
        .keepalive_min_s = 1,
        .keepalive_max_s = 255,
        .dead_timer_min_s = 1,
        .dead_timer_max_s = 255,
        SESSION_OWNER_LIMITS,
        .stateful = true,
        .sr_mpls = true,
        .rsvp_te = true,
    };
    arena_init(&scene->arena, (size_t)1 << 26);
    arena_init(&scene->kept, (size_t)1 << 26);
    scene->snapshot = make_network();
    scene->context = (struct request_context){
        .arena = &scene->arena,
        .engine = path_engine_create(0),
        .snapshot = scene->snapshot,
        .synced = synced_line_create(),
        .counters = &scene->counters,
        .events = &request_events,
        .owner = scene,
        .now = {MONO_NS_PER_S},
        .reply_size_max = 2048,
    };
    wheel_init(&scene->wheel, scene->context.now);
    cr_assert_eq(lsp_db_init(&scene->lsps, &lsp_limits, &scene->wheel, &lsp_events, scene), PCE_OK);
    cr_assert_eq(lsp_orders_init(&scene->orders, &order_ops, scene, &scene->wheel, 1), PCE_OK);
    scene->orders.arena = &scene->arena;
    scene->orders.settings = (struct lsp_order_settings){
        .in_flight_max = 16, .waiting_max = 100, .waiting_per_pcc_max = 100, .controls_max = 100};
    scene->lsp_policy.delegation.accepts = true;
    scene->handler = (struct handler_context){.requests = &scene->context,
                                              .counters = &scene->handled,
                                              .events = &handler_events,
                                              .lsps = &scene->lsps,
                                              .orders = &scene->orders,
                                              .address_of = address_of,
                                              .lsp_policy_of = lsp_policy_of};
    cr_assert(scene->context.engine != NULL && scene->context.synced != NULL);
    session_owner_init(&scene->owner, &hooks, &scene->config, SESSION_ACCEPTED);
    scene_restart(scene, PEER_OPEN);
}

void scene_restart(struct scene *scene, const char *open_hex)
{
    handlers_on_down(&scene->handler, address_of(NULL), scene->context.now);
    session_owner_fini(&scene->owner);
    session_owner_init(&scene->owner, &hooks, &scene->config, SESSION_ACCEPTED);
    scene->is_over = false;
    scene->owner.room = 1000;
    session_start(&scene->owner.session, 1, scene->context.now);
    scene_receive_hex(scene, open_hex);
    scene_receive_hex(scene, PEER_KEEPALIVE);
    cr_assert_eq(scene->owner.session.state, SESSION_UP);
    scene_clear(scene);
}

void scene_keep_replies(struct scene *scene)
{
    scene->context.replies = reply_cache_create(0);
    cr_assert_not_null(scene->context.replies);
}

void scene_clear(struct scene *scene)
{
    for (size_t i = 0; i < scene->message_count; i++)
        free((void *)(uintptr_t)scene->messages[i].octets);
    scene->message_count = 0;
    scene->owner.room = 1000;
}

void scene_fini(struct scene *scene)
{
    scene_clear(scene);
    session_owner_fini(&scene->owner);
    lsp_orders_fini(&scene->orders);
    lsp_db_fini(&scene->lsps);
    synced_line_destroy(scene->context.synced);
    path_engine_destroy(scene->context.engine);
    reply_cache_destroy(scene->context.replies);
    ted_snapshot_destroy(scene->snapshot);
    arena_fini(&scene->arena);
    arena_fini(&scene->kept);
}

void scene_receive(struct scene *scene, const void *octets, size_t size)
{
    requests_prefetch_all(&scene->context, &scene->owner.session, (struct wire_span){octets, size});
    (void)session_receive(&scene->owner.session, (struct wire_span){octets, size}, &scene->arena,
                          scene->context.now);
    arena_reset(&scene->arena);
    cr_assert_null(scene->owner.open_octets, "no message is left open");
}

void scene_receive_hex(struct scene *scene, const char *hex)
{
    uint8_t octets[4096];
    scene_receive(scene, octets, session_owner_parse_hex(hex, octets, sizeof octets));
}

void scene_begin(struct scene *scene, enum pcep_message_type type)
{
    scene->writer = wire_writer_init(scene->request, sizeof scene->request);
    cr_assert_eq(pcep_message_open(&scene->writer, type), 0);
}

void scene_send(struct scene *scene)
{
    pcep_message_close(&scene->writer, 0);
    cr_assert_not(scene->writer.failed);
    scene_receive(scene, scene->request, wire_written(&scene->writer));
}

void scene_put_rp(struct scene *scene, uint32_t request_id, uint32_t flags, int pst)
{
    const struct pcep_rp rp = {.flags = flags, .request_id = request_id};
    const struct pcep_path_setup_type tlv = {.pst = (uint8_t)pst};
    size_t object = pcep_object_open(&scene->writer, PCEP_OBJECT_RP, PCEP_OBJECT_FLAG_P, &rp);
    if (pst >= 0)
        pcep_tlv_put(&scene->writer, PCEP_TLV_PATH_SETUP_TYPE, &tlv);
    pcep_object_close(&scene->writer, object);
}

void scene_put_end_points(struct scene *scene, const char *source, const char *destination)
{
    const struct pcep_end_points body = {.source = address(source),
                                         .destination = address(destination)};
    bool is_v6 = body.source.family == IP_V6;
    pcep_object_put(&scene->writer, is_v6 ? PCEP_OBJECT_END_POINTS_V6 : PCEP_OBJECT_END_POINTS_V4,
                    PCEP_OBJECT_FLAG_P, &body);
}

void scene_put_metric(struct scene *scene, uint8_t header_flags, uint8_t flags, uint8_t type,
                      float value)
{
    const struct pcep_metric body = {.flags = flags, .type = type, .value = value};
    pcep_object_put(&scene->writer, PCEP_OBJECT_METRIC, header_flags, &body);
}

void scene_put_bandwidth(struct scene *scene, float bandwidth)
{
    const struct pcep_bandwidth body = {.bandwidth = bandwidth};
    pcep_object_put(&scene->writer, PCEP_OBJECT_BANDWIDTH, PCEP_OBJECT_FLAG_P, &body);
}

void scene_begin_request(struct scene *scene)
{
    scene_begin(scene, PCEP_MESSAGE_PCREQ);
    scene_put_rp(scene, 77, 0, PCEP_PST_SR);
    scene_put_end_points(scene, "10.0.0.1", "10.0.0.4");
}

struct pcep_message scene_decoded(struct scene *scene, size_t index)
{
    struct pcep_message message;
    struct pcep_fault fault = {0};
    cr_assert_lt(index, scene->message_count);
    cr_assert_eq(pcep_decode(scene->messages[index], &scene->kept, &message, &fault), PCE_OK);
    cr_assert_not(pcep_fault_is_set(&fault), "%s", fault.reason);
    /* Nothing leaves that may not be sent. */
    cr_assert_eq(pcep_check_sending(&message, &scene->kept, &fault), PCE_OK);
    cr_assert_not(pcep_fault_is_set(&fault), "%s", fault.reason);
    return message;
}

struct pcep_response_list scene_responses(struct scene *scene, size_t index)
{
    struct pcep_response_list list;
    struct pcep_fault fault = {0};
    struct pcep_message message = scene_decoded(scene, index);
    cr_assert_eq(message.type, PCEP_MESSAGE_PCREP, "type %u", message.type);
    cr_assert_eq(scene->classes[index], SESSION_DATA);
    /* The message is copied: the list points into its objects, which the arena keeps. */
    cr_assert_eq(pcep_parse_responses(&message, &scene->kept, &list, &fault), PCE_OK);
    return list;
}

struct pcep_response scene_only_response(struct scene *scene)
{
    cr_assert_eq(scene->message_count, 1, "%zu messages", scene->message_count);
    struct pcep_response_list list = scene_responses(scene, 0);
    cr_assert_eq(list.response_count, 1);
    cr_assert_eq(scene->room_asked[0], scene->messages[0].size, "asks for what it writes");
    return list.responses[0];
}

bool scene_message_is(const struct scene *scene, size_t index, const char *hex)
{
    uint8_t octets[4096];
    size_t size = session_owner_parse_hex(hex, octets, sizeof octets);
    cr_assert_lt(index, scene->message_count);
    const struct wire_span *message = &scene->messages[index];
    if (message->size == size && memcmp(message->octets, octets, size) == 0)
        return true;
    printf("message %zu:", index);
    for (size_t i = 0; i < message->size; i++)
        printf("%s%02x", i % 2 == 0 ? " " : "", message->octets[i]);
    printf("\n");
    return false;
}

void scene_expect_error(struct scene *scene, uint32_t request_id, uint8_t type, uint8_t value)
{
    char hex[128];
    snprintf(hex, sizeof hex, "2006 0018 0210 000c 0000 0000 %08x 0d10 0008 0000 %02x%02x",
             request_id, type, value);
    cr_assert_eq(scene->message_count, 1, "%zu messages", scene->message_count);
    cr_expect(scene_message_is(scene, 0, hex), "not PCErr %u/%u", type, value);
    cr_expect_eq(scene->counters.requests_refused, 1);
    cr_expect_eq(scene->refused_count, 1);
}

const struct pcep_object *scene_there(const struct pcep_optional *optional)
{
    const struct pcep_object *object;
    bool is_there = pcep_get(optional, &object);
    cr_assert(is_there);
    return object;
}

uint32_t scene_label(const struct pcep_optional *ero, uint32_t index)
{
    struct pcep_subobjects list = pcep_subobjects_of(ero);
    cr_assert_lt(index, list.count);
    const struct pcep_sub_sr *sr = list.at[index].body;
    cr_assert_eq(list.at[index].row->id, PCEP_SUBOBJECT_SR);
    cr_assert_eq(sr->flags, PCEP_SR_F | PCEP_SR_M);
    cr_assert_eq(sr->nt, PCEP_NAI_NONE);
    cr_assert_not(list.at[index].is_loose);
    return sr->sid >> 12;
}

void scene_check_counters(const struct scene *scene)
{
    const struct request_counters *c = &scene->counters;
    cr_expect_eq(c->requests,
                 c->replies_path + c->replies_no_path + c->requests_refused + c->replies_dropped,
                 "every request ends in one of four ways");
}

uint32_t scene_rp_flags(const struct pcep_object *rp)
{
    return ((const struct pcep_rp *)rp->body)->flags;
}

const struct pcep_metric *scene_metric(const struct pcep_response *response, uint32_t index)
{
    cr_assert_lt(index, response->metric_count);
    return response->metrics[index]->body;
}

uint32_t scene_vector(const struct pcep_response *response)
{
    const struct pcep_no_path_vector *vector =
        pcep_find_tlv(scene_there(response->no_path), PCEP_TLV_NO_PATH_VECTOR);
    return vector == NULL ? 0 : vector->flags;
}

bool scene_lists_constraints(const struct pcep_response *response)
{
    const struct pcep_no_path *no_path = scene_there(response->no_path)->body;
    cr_assert_eq(no_path->nature, 0);
    return (no_path->flags & PCEP_NO_PATH_C) != 0;
}

void scene_put_lspa(struct scene *scene, uint32_t exclude_any, uint32_t include_any,
                    uint32_t include_all, uint8_t setup_priority)
{
    const struct pcep_lspa body = {.exclude_any = exclude_any,
                                   .include_any = include_any,
                                   .include_all = include_all,
                                   .setup_priority = setup_priority,
                                   .holding_priority = 7};
    pcep_object_put(&scene->writer, PCEP_OBJECT_LSPA, PCEP_OBJECT_FLAG_P, &body);
}

void scene_use_network(struct scene *scene, const char *text)
{
    struct ted_fault fault;
    ted_snapshot_destroy(scene->snapshot);
    cr_assert_eq(topology_file_read(text, strlen(text), &scene->snapshot, &fault), PCE_OK, "%s: %s",
                 fault.element, fault.reason);
    scene->context.snapshot = scene->snapshot;
}
