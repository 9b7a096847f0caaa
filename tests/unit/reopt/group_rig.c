#include "tests/unit/reopt/group_rig.h"

#include "core/pcep/model.h"
#include "core/reopt/route.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINK_ADDRESSES 0x0b000000U /* of tests/unit/path/net.c: two a link */
#define PCC_ADDRESSES  0xc0000201U

struct net group_net;
bool group_down[NET_LINKS_MAX];
struct ted_snapshot *group_snapshot;
struct group_rig_lsp group_lsps[GROUP_RIG_LSPS_MAX];
struct mono group_now;
unsigned group_mail_room;
struct reopt_settings group_settings;
bool group_is_synchronised, group_is_restless;

struct rig_shard {
    struct lsp_db db;
    struct wheel wheel;
    struct arena arena, report_arena;
    struct path_engine *engine;
    struct reopt reopt;
    struct group_side side;
    struct groups groups;
    struct errands errands;
    struct computation *given[GROUP_RIG_ROOM];
    uint32_t given_count;
    uint32_t computed_count; /* the first of these, which are not back yet */
    struct lsp_pcc *pcc;
};

static struct rig_shard shards[GROUP_RIG_SHARDS];
static struct ted_link_registry *registry;
static struct ted_reservations *reservations;

static struct {
    uint32_t shard;
    struct group_letter *letter;
} mail[GROUP_RIG_MAIL_MAX];
static unsigned mail_count;

/* ---- what is asked ---- */

static bool rig_may_move(struct reopt *r, const struct lsp *lsp, uint8_t *sids_max)
{
    (void)r;
    *sids_max = 0;
    return group_is_synchronised && lsp->delegation == LSP_IS_DELEGATED && !lsp_is_stale(lsp);
}

static const struct pcep_object *rig_find_nth(const struct pcep_message *message, uint8_t class_,
                                              uint32_t nth)
{
    for (uint32_t i = 0; i < message->object_count; i++)
        if (message->objects[i].class_ == class_ && nth-- == 0)
            return &message->objects[i];
    return NULL;
}

static const struct pcep_object *rig_find_object(const struct pcep_message *message, uint8_t class_)
{
    return rig_find_nth(message, class_, 0);
}

static void rig_take_status(struct group_rig_lsp *own, const struct pcep_message *message)
{
    const struct pcep_object *association = rig_find_object(message, 40);
    if (association == NULL)
        return;
    const struct pcep_flag_word *status = pcep_find_tlv(association, PCEP_TLV_DISJOINTNESS_STATUS);
    cr_assert_not_null(status);
    cr_assert_not_null(pcep_find_tlv(association, PCEP_TLV_DISJOINTNESS_CONFIGURATION));
    own->status = (int)status->flags;
}

static uint32_t rig_hop(const struct pcep_subobject *hop)
{
    if (hop->row->id == PCEP_SUBOBJECT_SR)
        return ((const struct pcep_sub_sr *)hop->body)->sid >> 12;
    const struct pcep_sub_prefix *prefix = hop->body;
    struct wire_reader reader = wire_reader_init(prefix->prefix.octets, 4);
    return (wire_u32(&reader) - LINK_ADDRESSES) / 2;
}

static uint32_t rig_take_hops(const struct pcep_object *ero, uint32_t *hops)
{
    cr_assert_not_null(ero);
    cr_assert_leq(ero->subobject_count, GROUP_RIG_HOPS_MAX);
    for (uint32_t i = 0; i < ero->subobject_count; i++)
        hops[i] = rig_hop(&ero->subobjects[i]);
    return ero->subobject_count;
}

static enum pce_status rig_submit(struct reopt *r, struct lsp *lsp, const struct reopt_move *move)
{
    static uint8_t octets[PCEP_MESSAGE_SIZE_MAX];
    struct rig_shard *shard = CONTAINER_OF(r, struct rig_shard, reopt);
    struct group_rig_lsp *own = &group_lsps[lsp->plsp_id - 1];
    struct pcep_message message;
    struct pcep_fault fault = {0};
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    size_t at = pcep_message_open(&writer, PCEP_MESSAGE_PCUPD);
    wire_put_octets(&writer, move->objects.octets, move->objects.size);
    pcep_message_close(&writer, at);
    arena_reset(&shard->report_arena);
    cr_assert_eq(pcep_decode((struct wire_span){octets, wire_written(&writer)},
                             &shard->report_arena, &message, &fault),
                 PCE_OK);
    own->asked_count = rig_take_hops(rig_find_object(&message, 7), own->asked);
    if (own->second_count > 0 && own->asked_count > 0)
        own->asked_second_count = rig_take_hops(rig_find_nth(&message, 7, 1), own->asked_second);
    own->is_asked = true;
    own->moves += move->cause != REOPT_STATUS && own->asked_count > 0;
    own->withdrawals += own->asked_count == 0;
    rig_take_status(own, &message);
    return PCE_OK;
}

static const struct reopt_events reopt_events = {.may_move = rig_may_move, .submit = rig_submit};

static void rig_on_change(struct lsp_db *db, struct lsp_pcc *pcc, struct lsp *lsp,
                          const struct journal_record *record)
{
    struct rig_shard *shard = CONTAINER_OF(db, struct rig_shard, db);
    (void)pcc;
    if (lsp != NULL)
        reopt_on_change(&shard->reopt, lsp, (enum lsp_change)record->change);
}

static const struct lsp_db_events db_events = {.on_change = rig_on_change};

/* ---- mail ---- */

static bool rig_post(void *owner, uint32_t shard, struct group_letter *letter)
{
    (void)owner;
    cr_assert_lt(shard, GROUP_RIG_SHARDS);
    if (mail_count >= group_mail_room)
        return false;
    mail[mail_count].shard = shard;
    mail[mail_count++].letter = letter;
    return true;
}

static void rig_on_refused(void *owner, const struct lsp *lsp, const struct group_verdict *verdict)
{
    (void)owner;
    group_lsps[lsp->plsp_id - 1].error = (int)verdict->error;
}

static const struct group_side_ops side_ops = {.post = rig_post, .on_refused = rig_on_refused};
static const struct groups_ops groups_ops = {.post = rig_post};

static struct reopt_scene rig_scene(void)
{
    return (struct reopt_scene){
        .snapshot = group_snapshot, .now = group_now, .work_left = REOPT_WORK_PER_TURN};
}

static void rig_deliver(void)
{
    unsigned count = mail_count;
    for (unsigned i = 0; i < count; i++) {
        struct rig_shard *shard = &shards[mail[i].shard];
        if (mail[i].letter->kind == GROUP_LETTER_VERDICT)
            group_side_take(&shard->side, CONTAINER_OF(mail[i].letter, struct group_verdict, head));
        else
            groups_take(&shard->groups, mail[i].letter, group_now);
    }
    memmove(mail, mail + count, (mail_count - count) * sizeof mail[0]);
    mail_count -= count;
}

void group_rig_publish(void)
{
    static struct net up;
    struct ted_snapshot *before = group_snapshot;
    up = group_net;
    /* A link that is down joins the two spare nodes: the others keep their numbers and addresses. */
    for (uint32_t i = 0; i < group_net.link_count; i++) {
        if (!group_down[i])
            continue;
        up.links[i].from = up.node_count - 2 + i % 2;
        up.links[i].to = up.node_count - 1 - i % 2;
    }
    group_snapshot = net_snapshot(&up);
    cr_assert_eq(ted_link_registry_number(registry, before, group_snapshot), PCE_OK);
    cr_assert_eq(ted_reservations_make_room(reservations, group_snapshot->link_numbers->count),
                 PCE_OK);
    ted_snapshot_destroy(before);
}

/* ---- others ---- */

static bool rig_give(void *owner, struct computation *computation)
{
    struct rig_shard *shard = owner;
    cr_assert_lt(shard->given_count, GROUP_RIG_ROOM);
    shard->given[shard->given_count++] = computation;
    return true;
}

void group_rig_offload(uint64_t work_inline)
{
    for (uint32_t i = 0; i < GROUP_RIG_SHARDS; i++) {
        struct rig_shard *shard = &shards[i];
        struct computation_table *table =
            computation_table_create(GROUP_RIG_ROOM, i, COMPUTATION_OF_GROUPS);
        cr_assert_not_null(table);
        cr_assert_eq(errands_init(&shard->errands, table), PCE_OK);
        shard->errands.give = rig_give;
        shard->errands.owner = shard;
        shard->groups.errands = &shard->errands;
        shard->groups.work_inline = work_inline;
    }
}

/* With an engine of their own, as another thread has one. */
static void rig_compute(struct rig_shard *shard)
{
    struct path_engine *engine = path_engine_create(0);
    for (; shard->computed_count < shard->given_count; shard->computed_count++)
        computation_run(shard->given[shard->computed_count], engine, group_snapshot);
    path_engine_destroy(engine);
}

static void rig_bring_back(struct rig_shard *shard)
{
    for (uint32_t i = 0; i < shard->computed_count; i++)
        errands_on_back(&shard->errands, shard->given[i]);
    shard->given_count -= shard->computed_count;
    for (uint32_t i = 0; i < shard->given_count; i++)
        shard->given[i] = shard->given[i + shard->computed_count];
    shard->computed_count = 0;
}

/* A network on which nothing matters that has changed. */
static void rig_publish_another(void)
{
    group_net.links[0].te ^= 1;
    group_rig_publish();
}

/* A network stays for so many turns where it does not rest: words of it come, and after them what others
 * have computed on the one before, and what is decided then. */
enum { TURN_OF_NETWORK, TURN_OF_WORDS, TURN_OF_RESULTS, TURN_OF_VERDICTS, TURNS_OF_NETWORK };

/* False: nothing is with them. */
static bool rig_turn_others(void)
{
    static unsigned turns;
    const unsigned turn = turns++ % TURNS_OF_NETWORK;
    bool has_given = false;
    for (uint32_t i = 0; i < GROUP_RIG_SHARDS; i++) {
        has_given = has_given || shards[i].given_count > 0;
        if (!group_is_restless || turn == TURN_OF_NETWORK)
            rig_compute(&shards[i]);
        if (!group_is_restless || turn == TURN_OF_RESULTS)
            rig_bring_back(&shards[i]);
    }
    if (group_is_restless && turn == TURN_OF_NETWORK)
        rig_publish_another();
    return has_given;
}

/* ---- life ---- */

static void rig_init_shard(uint32_t index)
{
    const struct lsp_limits limits = {.lsps_max = 1000,
                                      .octets_max = 1 << 24,
                                      .lsps_per_pcc_max = 1000,
                                      .stale_s = 600,
                                      .record_max = 64};
    const struct lsp_session session = {.may_update = true, .may_initiate = true};
    const struct ip address = ip_from_u32(PCC_ADDRESSES + index);
    struct rig_shard *shard = &shards[index];
    wheel_init(&shard->wheel, group_now);
    arena_init(&shard->arena, 1 << 24);
    arena_init(&shard->report_arena, 1 << 22);
    shard->engine = path_engine_create(0);
    cr_assert_eq(lsp_db_init(&shard->db, &limits, &shard->wheel, &db_events, NULL), PCE_OK);
    cr_assert_eq(reopt_init(&shard->reopt, &shard->db, shard->engine, &shard->arena, &reopt_events),
                 PCE_OK);
    shard->reopt.reservations = reservations;
    group_side_init(&shard->side, &side_ops, shard, &shard->reopt);
    shard->side.shard = index;
    shard->side.shard_count = GROUP_RIG_SHARDS;
    groups_init(&shard->groups, &groups_ops, shard);
    shard->pcc = lsp_db_on_up(&shard->db, &address, &session, group_now);
    cr_assert_not_null(shard->pcc);
}

void group_rig_init(void)
{
    group_now = (struct mono){1000 * MONO_NS_PER_S};
    group_mail_room = GROUP_RIG_MAIL_MAX;
    group_is_synchronised = true;
    group_is_restless = false;
    group_settings = (struct reopt_settings){.interval_s = 0, .gain_min = 10, .hold_down_s = 0};
    memset(group_down, 0, sizeof group_down);
    memset(group_lsps, 0, sizeof group_lsps);
    registry = ted_link_registry_create(NET_LINKS_MAX);
    reservations = ted_reservations_create(NET_LINKS_MAX);
    for (uint32_t i = 0; i < GROUP_RIG_SHARDS; i++)
        rig_init_shard(i);
    group_rig_publish();
}

void group_rig_fini(void)
{
    for (unsigned i = 0; i < mail_count; i++)
        free(mail[i].letter);
    mail_count = 0;
    for (uint32_t i = 0; i < GROUP_RIG_SHARDS; i++) {
        struct rig_shard *shard = &shards[i];
        groups_fini(&shard->groups);
        struct computation_table *table = shard->errands.table;
        errands_fini(&shard->errands);
        computation_table_destroy(table);
        shard->given_count = shard->computed_count = 0;
        group_side_fini(&shard->side);
        reopt_fini(&shard->reopt);
        lsp_db_fini(&shard->db);
        path_engine_destroy(shard->engine);
        arena_fini(&shard->arena);
        arena_fini(&shard->report_arena);
    }
    ted_reservations_destroy(reservations);
    ted_link_registry_destroy(registry);
    ted_snapshot_destroy(group_snapshot);
    group_snapshot = NULL;
}

struct groups *group_rig_groups(uint32_t shard)
{
    return &shards[shard].groups;
}

struct group_side *group_rig_side(uint32_t shard)
{
    return &shards[shard].side;
}

struct reopt *group_rig_reopt(uint32_t shard)
{
    return &shards[shard].reopt;
}

bool group_rig_takes(uint32_t lsp, uint32_t link)
{
    uint32_t links[GROUP_RIG_HOPS_MAX], count = group_rig_links(lsp, links);
    for (uint32_t i = 0; i < count; i++)
        if (links[i] == link)
            return true;
    return false;
}

struct lsp *group_rig_find(uint32_t lsp)
{
    return lsp_pcc_find_plsp_id(shards[group_lsps[lsp].shard].pcc, lsp + 1);
}

const struct group *group_rig_group(uint32_t lsp, unsigned membership)
{
    const struct group_rig_membership *wanted = &group_lsps[lsp].groups[membership];
    const struct ip source = ip_from_u32(wanted->source);
    for (uint32_t i = 0; i < GROUP_RIG_SHARDS; i++) {
        uint32_t slot = 0, looks = UINT32_MAX;
        const struct group *group;
        while ((group = groups_next(&shards[i].groups, &slot, &looks)) != NULL)
            if (group->key.type == wanted->type && group->key.id == wanted->id &&
                ip_is_equal(&group->key.source, &source))
                return group;
    }
    return NULL;
}

/* ---- reports ---- */

static void rig_write_lsp(struct wire_writer *writer, uint32_t index, bool is_removed)
{
    char name[16];
    const struct group_rig_lsp *lsp = &group_lsps[index];
    const struct pcep_srp srp = {.srp_id = 0};
    const struct pcep_path_setup_type pst = {.pst = lsp->setup_type};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_SRP, 0, &srp);
    pcep_tlv_put(writer, PCEP_TLV_PATH_SETUP_TYPE, &pst);
    pcep_object_close(writer, object);
    uint16_t state = lsp->hop_count == 0 ? PCEP_LSP_DOWN : PCEP_LSP_UP;
    const struct pcep_lsp body = {.plsp_id = index + 1,
                                  .flags = (uint16_t)((lsp->is_delegated ? PCEP_LSP_D : 0) |
                                                      PCEP_LSP_A | (is_removed ? PCEP_LSP_R : 0) |
                                                      state << PCEP_LSP_O_SHIFT)};
    const struct pcep_ipv4_lsp_identifiers ids = {
        .sender = ip_from_u32(0x0a000001 + lsp->source),
        .tunnel_id = lsp->tunnel,
        .extended_tunnel_id = ip_from_u32(0x0a000001 + lsp->source),
        .endpoint = ip_from_u32(0x0a000001 + lsp->destination)};
    const struct pcep_symbolic_path_name symbol = {
        .name = {(const uint8_t *)name, (size_t)snprintf(name, sizeof name, "lsp %u", index)}};
    object = pcep_object_open(writer, PCEP_OBJECT_LSP, 0, &body);
    pcep_tlv_put(writer, PCEP_TLV_SYMBOLIC_PATH_NAME, &symbol);
    pcep_tlv_put(writer, PCEP_TLV_IPV4_LSP_IDENTIFIERS, &ids);
    pcep_object_close(writer, object);
}

static void rig_write_group(struct wire_writer *writer, const struct group_rig_membership *group)
{
    const struct pcep_association body = {
        .type = group->type, .id = group->id, .source = ip_from_u32(group->source)};
    const struct pcep_flag_word flags = {.flags = group->flags};
    const uint16_t codes[] = {group->objective};
    const struct pcep_of_list list = {.codes = codes, .count = 1};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_ASSOCIATION_V4, 0, &body);
    if (!group->lacks_tlv && group->type == 2)
        pcep_tlv_put(writer, PCEP_TLV_DISJOINTNESS_CONFIGURATION, &flags);
    else if (!group->lacks_tlv && group->type == 1)
        pcep_tlv_put(writer, PCEP_TLV_PATH_PROTECTION, &flags);
    else if (!group->lacks_tlv)
        pcep_tlv_put(writer, PCEP_TLV_BIDIRECTIONAL_GROUP, &flags);
    if (group->objective != 0)
        pcep_tlv_put(writer, PCEP_TLV_OF_LIST, &list);
    pcep_object_close(writer, object);
}

static void rig_write_list(struct wire_writer *writer, const struct group_rig_lsp *lsp,
                           const uint32_t *hops, uint32_t count)
{
    const struct pcep_path_attrib attributes = {.flags = 0};
    if (lsp->second_count > 0)
        pcep_object_put(writer, PCEP_OBJECT_PATH_ATTRIB, 0, &attributes);
    size_t object = pcep_object_open(writer, PCEP_OBJECT_ERO, 0, NULL);
    for (uint32_t i = 0; i < count; i++) {
        const struct pcep_sub_prefix hop = {.prefix = ip_from_u32(LINK_ADDRESSES + 2 * hops[i] + 1),
                                            .bits = 32};
        const struct pcep_sub_sr sr = {.flags = PCEP_SR_F | PCEP_SR_M, .sid = hops[i] << 12};
        if (lsp->setup_type == PCEP_PST_SR)
            pcep_subobject_put(writer, PCEP_SUBOBJECT_SR, false, &sr);
        else
            pcep_subobject_put(writer, PCEP_SUBOBJECT_IPV4_PREFIX, false, &hop);
    }
    pcep_object_close(writer, object);
}

static void rig_write_path(struct wire_writer *writer, const struct group_rig_lsp *lsp)
{
    rig_write_list(writer, lsp, lsp->hops, lsp->hop_count);
    if (lsp->second_count > 0)
        rig_write_list(writer, lsp, lsp->second, lsp->second_count);
}

static void rig_send(uint32_t index, bool is_removed)
{
    uint8_t octets[2048];
    const struct group_rig_lsp *lsp = &group_lsps[index];
    struct rig_shard *shard = &shards[lsp->shard];
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    struct pcep_message message;
    struct pcep_fault fault = {0};
    struct pcep_lsp_state_list list;
    const struct pcep_object *object;
    const struct pcep_bandwidth bandwidth = {.bandwidth = lsp->bandwidth};
    size_t at = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    rig_write_lsp(&writer, index, is_removed);
    for (unsigned i = 0; i < 2; i++)
        if (lsp->groups[i].type != 0)
            rig_write_group(&writer, &lsp->groups[i]);
    rig_write_path(&writer, lsp);
    if (lsp->bandwidth > 0)
        pcep_object_put(&writer, PCEP_OBJECT_BANDWIDTH, 0, &bandwidth);
    pcep_message_close(&writer, at);
    cr_assert_not(writer.failed);
    arena_reset(&shard->report_arena);
    cr_assert_eq(pcep_decode((struct wire_span){octets, wire_written(&writer)},
                             &shard->report_arena, &message, &fault),
                 PCE_OK);
    cr_assert_eq(pcep_parse_lsp_states(&message, &shard->report_arena, &list, &fault), PCE_OK);
    cr_assert(pcep_get(list.states[0].lsp, &object));
    const struct lsp_report report = {.state = &list.states[0], .lsp = object, .now = group_now};
    struct lsp_outcome outcome;
    cr_assert_eq(lsp_db_report(&shard->db, shard->pcc, &report, &outcome, &fault), PCE_OK);
}

void group_rig_set_down(uint32_t link, bool down)
{
    group_down[link] = down;
    group_down[link + 1] = down;
    group_rig_publish();
}

void group_rig_report(uint32_t lsp)
{
    group_lsps[lsp].is_there = true;
    rig_send(lsp, false);
}

void group_rig_remove(uint32_t lsp)
{
    rig_send(lsp, true);
    while (lsp_db_turn(&shards[group_lsps[lsp].shard].db, group_now))
        continue;
    group_lsps[lsp].is_there = false;
    group_lsps[lsp].is_asked = false;
}

/* ---- turns ---- */

void group_rig_answer(uint32_t lsp)
{
    struct group_rig_lsp *own = &group_lsps[lsp];
    if (!own->is_there || !own->is_asked)
        return;
    own->is_asked = false;
    if (!own->refuses) {
        memcpy(own->hops, own->asked, sizeof own->hops);
        own->hop_count = own->asked_count;
        if (own->second_count > 0) {
            memcpy(own->second, own->asked_second, sizeof own->second);
            own->second_count = own->asked_second_count;
        }
    }
    group_rig_report(lsp);
    reopt_on_order_end(&shards[own->shard].reopt, group_rig_find(lsp));
}

static bool rig_turn_shard(struct rig_shard *shard)
{
    struct reopt_scene scene = rig_scene();
    struct groups_scene look = {.snapshot = group_snapshot,
                                .resolver = &shard->reopt.resolver,
                                .reservations = reservations,
                                .arena = &shard->arena,
                                .settings = group_settings,
                                .now = group_now,
                                .work_left = REOPT_WORK_PER_TURN};
    shard->reopt.settings = group_settings;
    bool has_more = reopt_turn(&shard->reopt, &scene);
    has_more = group_side_do(&shard->side, &scene) || has_more;
    has_more = group_side_turn(&shard->side, &scene) || has_more;
    return groups_turn(&shard->groups, &look) || has_more;
}

static bool rig_turn(bool answers)
{
    rig_deliver();
    bool has_more = rig_turn_others();
    for (uint32_t i = 0; i < GROUP_RIG_SHARDS; i++)
        has_more = rig_turn_shard(&shards[i]) || has_more;
    for (uint32_t i = 0; i < GROUP_RIG_LSPS_MAX && answers; i++) {
        has_more = has_more || (group_lsps[i].is_there && group_lsps[i].is_asked);
        group_rig_answer(i);
    }
    group_now = mono_add_ms(group_now, 50);
    return has_more || mail_count > 0;
}

void group_rig_turn(bool answers)
{
    (void)rig_turn(answers);
}

void group_rig_settle(void)
{
    unsigned quiet = 0;
    for (unsigned round = 0; round < 4000 && quiet < 8; round++)
        quiet = rig_turn(true) ? 0 : quiet + 1;
    cr_assert_eq(quiet, 8, "it does not come to rest");
}

uint32_t group_rig_links(uint32_t lsp, uint32_t *links)
{
    const struct rig_shard *shard = &shards[group_lsps[lsp].shard];
    const struct lsp_route *route = group_rig_find(lsp)->route;
    const struct ted_link_numbers *numbers = group_snapshot->link_numbers;
    if (route == NULL)
        return 0;
    uint32_t count = route_numbers(&shard->reopt, route, 0, route->current_count, links);
    for (uint32_t i = 0; i < count; i++)
        links[i] = links[i] < numbers->count ? numbers->links[links[i]] : TED_NONE;
    return count;
}
