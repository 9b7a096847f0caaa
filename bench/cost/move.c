#include "bench/cost/move.h"

#include "core/base/check.h"
#include "core/lsp/order_db.h"
#include "core/pcep/model.h"
#include "core/reopt/reopt_orders.h"
#include "core/ted/link_numbers.h"

#include <stdlib.h>
#include <string.h>

#define NOWHERE 999999U /* a label of nobody */
#define LSPS    40      /* of the PCC: one of them is moved at a time */

/* ---- what is told ---- */

static void move_on_change(struct lsp_db *db, struct lsp_pcc *pcc, struct lsp *lsp,
                           const struct journal_record *record)
{
    struct cost *cost = db->owner;
    lsp_orders_on_change(&cost->orders, pcc, lsp, record);
    if (cost->reopt != NULL && lsp != NULL)
        reopt_on_change(cost->reopt, lsp, (enum lsp_change)record->change);
    else if (cost->reopt != NULL && record->change == PCC_SYNCHRONISED)
        reopt_on_synchronised(cost->reopt, pcc);
}

const struct lsp_db_events move_lsp_events = {.on_change = move_on_change};

void move_on_order(void *owner, const struct lsp_order *order, enum lsp_order_state from)
{
    struct cost *cost = owner;
    (void)from;
    lsp_orders_note(&cost->lsps, order, cost->now);
    if (cost->reopt != NULL)
        reopt_orders_on_order(cost->reopt, order);
}

static const struct reopt_events events = {.may_move = reopt_orders_may_move,
                                           .submit = reopt_orders_submit};

/* ---- what is said ---- */

static void move_put_lsp(const struct cost *cost, struct wire_writer *writer, uint32_t number)
{
    char name[] = "paris-rome-gold-00";
    name[16] = (char)('0' + number / 10);
    name[17] = (char)('0' + number % 10);
    const struct ted_snapshot *snapshot = cost->snapshot;
    const struct ip sender = snapshot->nodes[number % snapshot->node_count].router_id_v4;
    const struct ip endpoint = snapshot->nodes[(number + 7) % snapshot->node_count].router_id_v4;
    const struct pcep_symbolic_path_name path_name = {.name = {(const uint8_t *)name, 18}};
    const struct pcep_ipv4_lsp_identifiers identifiers = {
        .sender = sender, .extended_tunnel_id = sender, .endpoint = endpoint};
    const struct pcep_lsp lsp = {.plsp_id = number + 1,
                                 .flags =
                                     PCEP_LSP_D | PCEP_LSP_A | PCEP_LSP_ACTIVE << PCEP_LSP_O_SHIFT};
    size_t object = pcep_object_open(writer, PCEP_OBJECT_LSP, PCEP_OBJECT_FLAG_P, &lsp);
    pcep_tlv_put(writer, PCEP_TLV_IPV4_LSP_IDENTIFIERS, &identifiers);
    pcep_tlv_put(writer, PCEP_TLV_SYMBOLIC_PATH_NAME, &path_name);
    pcep_object_close(writer, object);
}

/* ero: a whole object; empty: one that leads nowhere. */
static void move_report(struct cost *cost, uint32_t number, uint32_t srp_id, struct wire_span ero)
{
    uint8_t octets[2048];
    static const uint8_t nothing;
    const struct pcep_srp srp = {.srp_id = srp_id};
    const struct pcep_path_setup_type setup = {.pst = PCEP_PST_SR};
    const struct pcep_lspa lspa = {.setup_priority = 7, .holding_priority = 7};
    const struct pcep_sub_sr sr = {.flags = PCEP_SR_M | PCEP_SR_F, .sid = NOWHERE << 12};
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    size_t object = pcep_object_open(&writer, PCEP_OBJECT_SRP, PCEP_OBJECT_FLAG_P, &srp);
    pcep_tlv_put(&writer, PCEP_TLV_PATH_SETUP_TYPE, &setup);
    pcep_object_close(&writer, object);
    move_put_lsp(cost, &writer, number);
    if (ero.size > 0) {
        wire_put_octets(&writer, ero.octets, ero.size);
    } else {
        object = pcep_object_open(&writer, PCEP_OBJECT_ERO, PCEP_OBJECT_FLAG_P, &nothing);
        pcep_subobject_put(&writer, PCEP_SUBOBJECT_SR, false, &sr);
        pcep_object_close(&writer, object);
    }
    pcep_object_put(&writer, PCEP_OBJECT_LSPA, 0, &lspa);
    pcep_message_close(&writer, message);
    CHECK(!writer.failed);
    cost_receive(cost, octets, wire_written(&writer));
}

static void move_say_end(struct cost *cost)
{
    uint8_t octets[64];
    static const uint8_t nothing;
    const struct pcep_lsp lsp = {.plsp_id = 0};
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    pcep_object_close(&writer, pcep_object_open(&writer, PCEP_OBJECT_LSP, 0, &lsp));
    pcep_object_close(&writer, pcep_object_open(&writer, PCEP_OBJECT_ERO, 0, &nothing));
    pcep_message_close(&writer, message);
    cost_receive(cost, octets, wire_written(&writer));
}

/* The order that waits to be sent: its SRP-ID, and its ERO. */
static struct wire_span move_read_order(struct cost *cost, uint32_t *srp_id)
{
    struct iovec vector;
    CHECK(send_queue_peek(&cost->queue, &vector, 1, SIZE_MAX) == 1);
    struct wire_reader reader = wire_reader_init(vector.iov_base, vector.iov_len);
    wire_skip(&reader, 12); /* the message's head, the object's, flags */
    *srp_id = wire_u32(&reader);
    reader = wire_reader_init(vector.iov_base, vector.iov_len);
    wire_skip(&reader, 4);
    while (!reader.failed) {
        const uint8_t *at = (const uint8_t *)vector.iov_base + vector.iov_len - wire_left(&reader);
        uint8_t class_ = wire_u8(&reader);
        wire_skip(&reader, 1);
        uint16_t size = wire_u16(&reader);
        if (class_ == 7)
            return (struct wire_span){at, size};
        wire_skip(&reader, size - 4U);
    }
    CHECK(false); /* every order has a path */
}

/* ---- the case ---- */

static void move_turn(struct cost *cost)
{
    struct reopt_scene scene = {
        .snapshot = cost->snapshot, .now = cost->now, .work_left = REOPT_WORK_PER_TURN};
    (void)reopt_turn(cost->reopt, &scene);
    (void)lsp_orders_turn(&cost->orders, cost->now);
}

void move_init(struct cost *cost)
{
    cost->links = ted_link_registry_create(TED_LINK_NUMBERS_MAX);
    CHECK(cost->links != NULL &&
          ted_link_registry_number(cost->links, NULL, cost->snapshot) == PCE_OK);
    cost->reopt = malloc(sizeof *cost->reopt);
    CHECK(cost->reopt != NULL && reopt_init(cost->reopt, &cost->lsps, cost->context.engine,
                                            &cost->arena, &events) == PCE_OK);
    cost->reopt->orders = &cost->orders;
    cost->orders.settings = (struct lsp_order_settings){.in_flight_max = LSPS,
                                                        .waiting_max = LSPS,
                                                        .waiting_per_pcc_max = LSPS,
                                                        .controls_max = LSPS};
    move_say_end(cost);
}

void move_run(struct cost *cost, uint32_t round)
{
    uint32_t srp_id;
    cost->now =
        mono_add_s(cost->now, 3600); /* no pause of one that was asked for the same before */
    move_report(cost, round % LSPS, 0, (struct wire_span){NULL, 0});
    move_turn(cost);
    move_turn(cost);
    const struct wire_span ero = move_read_order(cost, &srp_id);
    move_report(cost, round % LSPS, srp_id, ero);
    move_turn(cost);
    cost_send_all(cost);
}

void move_fini(struct cost *cost)
{
    if (cost->reopt == NULL)
        return;
    reopt_fini(cost->reopt);
    free(cost->reopt);
    ted_link_registry_destroy(cost->links);
}
