#include "tests/unit/lsp/order_rig.h"

#include "core/lsp/path_digest.h"
#include "core/pcep/grammar.h"

#include <criterion/criterion.h>
#include <string.h>

struct rig rig;

static const struct ip pcc = {.family = IP_V4, .octets = {192, 0, 2, 1}};

/* ---- what the owner of the orders does ---- */

static enum pce_status open_message(void *owner, const struct lsp_lane *lane, size_t size,
                                    struct wire_writer *writer)
{
    (void)owner;
    (void)lane;
    if (rig.room == 0)
        return PCE_LIMIT;
    rig.room--;
    *writer = wire_writer_init(rig.octets, size);
    return PCE_OK;
}

static void note_message(const struct pcep_message *message)
{
    cr_assert_geq(message->object_count, 2);
    const struct pcep_srp *srp = message->objects[0].body;
    const struct pcep_lsp *lsp = message->objects[1].body;
    cr_assert_lt(rig.message_count, RIG_MESSAGES_MAX);
    rig.messages[rig.message_count++] =
        (struct rig_message){message->type, srp->srp_id, lsp->plsp_id, lsp->flags, srp->flags};
}

static void commit_message(void *owner, const struct lsp_lane *lane, struct wire_writer *writer)
{
    (void)owner;
    (void)lane;
    struct arena arena;
    struct pcep_message message;
    struct pcep_fault fault = {0};
    struct wire_span octets = {writer->start, wire_written(writer)};
    cr_assert_not(writer->failed);
    cr_assert_eq(writer->at, writer->end, "the size was told before");
    arena_init(&arena, 1U << 20);
    cr_assert_eq(pcep_decode(octets, &arena, &message, &fault), PCE_OK);
    cr_assert_eq(pcep_check_sending(&message, &arena, &fault), PCE_OK);
    cr_assert_not(pcep_fault_is_set(&fault), "%s", fault.reason);
    note_message(&message);
    arena_fini(&arena);
}

static struct rig_lsp *rig_lsp_of(struct wire_span name)
{
    for (uint32_t i = 0; i < rig.lsp_count; i++) {
        const char *own = rig.lsps[i].name;
        if (strlen(own) == name.size && memcmp(own, name.octets, name.size) == 0)
            return &rig.lsps[i];
    }
    return NULL;
}

static bool find_lsp(void *owner, const struct lsp_lane *lane, struct wire_span name,
                     struct lsp_target *target)
{
    (void)owner;
    (void)lane;
    const struct rig_lsp *lsp = rig_lsp_of(name);
    if (lsp != NULL)
        *target = lsp->target;
    return lsp != NULL;
}

static void on_contested(void *owner, const struct lsp_lane *lane, struct wire_span name,
                         uint32_t times)
{
    (void)owner;
    (void)lane;
    (void)name;
    rig.contested = times;
}

static void on_path_wanted(void *owner, const struct lsp_lane *lane, struct wire_span name)
{
    (void)owner;
    (void)lane;
    (void)name;
    rig.wanted++;
}

static const struct lsp_order_ops ops = {
    .open_message = open_message,
    .commit_message = commit_message,
    .find = find_lsp,
    .on_contested = on_contested,
    .on_path_wanted = on_path_wanted,
};

/* ---- the rig ---- */

void rig_up(enum lsp_profile_id profile)
{
    struct lsp_ability ability = able(profile);
    rig.lane = lsp_lane_on_up(&rig.orders, &pcc, &ability);
    cr_assert_not_null(rig.lane);
}

void rig_init(enum lsp_profile_id profile)
{
    rig = (struct rig){.now = {MONO_NS_PER_S}, .room = UINT32_MAX};
    wheel_init(&rig.wheel, rig.now);
    arena_init(&rig.arena, 1U << 20);
    cr_assert_eq(lsp_orders_init(&rig.orders, &ops, NULL, &rig.wheel, 1), PCE_OK);
    rig.orders.arena = &rig.arena;
    rig.orders.settings = (struct lsp_order_settings){
        .in_flight_max = 16,
        .waiting_max = 1000,
        .waiting_per_pcc_max = 1000,
        .controls_max = 1000,
        .settle_s = 5,
    };
    rig_up(profile);
}

void rig_fini(void)
{
    lsp_orders_fini(&rig.orders);
    cr_assert_eq(rig.wheel.count, 0);
    cr_assert_eq(rig.orders.live_count, 0);
    cr_assert_eq(rig.orders.counters.orders_waiting, 0);
    cr_assert_eq(rig.orders.counters.orders_in_flight, 0);
    arena_fini(&rig.arena);
}

static void rig_turn(void)
{
    (void)wheel_turn(&rig.wheel, rig.now);
    while (lsp_orders_turn(&rig.orders, rig.now))
        ;
    arena_reset(&rig.arena);
}

void rig_synchronise(void)
{
    lsp_lane_on_synchronised(rig.lane, rig.now);
    rig_turn();
}

void rig_pass(uint64_t ms)
{
    struct mono end = mono_add_ms(rig.now, ms);
    rig_turn();
    while (mono_is_before(rig.now, end)) {
        struct mono next = wheel_next(&rig.wheel);
        rig.now = mono_is_before(next, end) && mono_is_before(rig.now, next) ? next : end;
        rig_turn();
    }
}

void rig_add_lsp(const char *name, uint32_t plsp_id)
{
    cr_assert_lt(rig.lsp_count, RIG_LSPS_MAX);
    rig.lsps[rig.lsp_count++] =
        (struct rig_lsp){name, {.plsp_id = plsp_id, .flags = PCEP_LSP_D | PCEP_LSP_A | PCEP_LSP_C}};
}

void rig_set_flags(const char *name, uint16_t flags)
{
    rig_lsp_of(text_span(name))->target.flags = flags;
}

void rig_remove_lsp(const char *name)
{
    *rig_lsp_of(text_span(name)) = rig.lsps[--rig.lsp_count];
}

static enum pce_status submit(enum lsp_order_kind kind, const char *name, enum lsp_order_who who,
                              struct lsp_order_receipt *receipt)
{
    bool has_path = kind == LSP_ORDER_UPDATE || kind == LSP_ORDER_INITIATE;
    const struct lsp_order_request request = {
        .wanted = {.kind = (uint8_t)kind,
                   .setup_type = PCEP_PST_SR,
                   .objects = hex_octets(has_path ? RIG_ERO : "")},
        .name = text_span(name),
        .who = (uint8_t)who,
    };
    return lsp_order_submit(rig.lane, &request, rig.now, receipt);
}

uint64_t rig_order(enum lsp_order_kind kind, const char *name, enum lsp_order_who who)
{
    struct lsp_order_receipt receipt;
    enum pce_status status = submit(kind, name, who, &receipt);
    cr_assert_eq(status, PCE_OK, "%s", receipt.reason);
    cr_assert_null(receipt.reason);
    rig_turn();
    return receipt.id;
}

const char *rig_refusal(enum lsp_order_kind kind, const char *name, enum pce_status status)
{
    struct lsp_order_receipt receipt;
    cr_assert_eq(submit(kind, name, LSP_ORDER_BY_OPERATOR, &receipt), status);
    cr_assert_eq(receipt.id, 0);
    cr_assert_not_null(receipt.reason);
    return receipt.reason;
}

const struct lsp_order *rig_find(uint64_t id)
{
    const struct lsp_order *order = lsp_order_find(&rig.orders, id);
    cr_assert_not_null(order);
    return order;
}

enum lsp_order_state rig_state(uint64_t id)
{
    return (enum lsp_order_state)rig_find(id)->state;
}

uint64_t rig_digest(const char *ero)
{
    uint8_t octets[64];
    struct wire_span object = hex_octets(ero);
    struct arena arena;
    struct pcep_message message;
    struct pcep_fault fault = {0};
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    arena_init(&arena, 1U << 20);
    size_t at = pcep_message_open(&writer, PCEP_MESSAGE_PCUPD);
    wire_put_octets(&writer, object.octets, object.size);
    pcep_message_close(&writer, at);
    cr_assert_eq(
        pcep_decode((struct wire_span){octets, wire_written(&writer)}, &arena, &message, &fault),
        PCE_OK);
    uint64_t digest =
        lsp_path_digest(message.objects[0].subobjects, message.objects[0].subobject_count);
    arena_fini(&arena);
    return digest;
}

static void report(const struct lsp_seen *seen)
{
    lsp_lane_on_report(rig.lane, seen, rig.now);
    rig_turn();
}

void rig_report_path(const char *name, uint32_t srp_id, enum pcep_lsp_operational operational,
                     const char *ero)
{
    const struct lsp_seen seen = {
        .name = text_span(name),
        .srp_id = srp_id,
        .flags = (uint16_t)(PCEP_LSP_D | PCEP_LSP_A | operational << PCEP_LSP_O_SHIFT),
        .path_digest = rig_digest(ero),
        .is_newest = true,
    };
    report(&seen);
}

void rig_report(const char *name, uint32_t srp_id, enum pcep_lsp_operational operational)
{
    rig_report_path(name, srp_id, operational, RIG_ERO);
}

void rig_report_flags(const char *name, uint32_t srp_id, uint16_t flags)
{
    const struct lsp_seen seen = {.name = text_span(name),
                                  .srp_id = srp_id,
                                  .flags = flags,
                                  .path_digest = rig_digest(RIG_ERO),
                                  .is_newest = true};
    report(&seen);
}

void rig_report_gone(const char *name, uint32_t srp_id)
{
    const struct lsp_seen seen = {.name = text_span(name), .srp_id = srp_id, .is_gone = true};
    report(&seen);
}

void rig_error(uint32_t srp_id, uint8_t type, uint8_t value)
{
    lsp_lane_on_error(rig.lane, srp_id, type, value, rig.now);
    rig_turn();
}

const struct rig_message *rig_last(void)
{
    cr_assert_gt(rig.message_count, 0);
    return &rig.messages[rig.message_count - 1];
}
