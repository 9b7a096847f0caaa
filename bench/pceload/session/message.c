#include "bench/pceload/session/message.h"

#include "bench/pceload/protocol/response.h"
#include "bench/pceload/session/misbehave.h"

/* ---- Open, Keepalive ---- */

static bool on_open_message(struct pcc_table *table, struct pcc *pcc, const uint8_t *octets,
                            uint32_t size)
{
    struct wire_reader reader = received_objects(octets, size);
    struct received_object object;
    if (pcc->state != PCC_OPENING)
        return false;
    while (received_next_object(&reader, &object)) {
        if (object.class_ != PCEP_CLASS_OPEN)
            continue;
        wire_skip(&object.body, 1);
        uint8_t keepalive_s = wire_u8(&object.body);
        uint8_t dead_s = wire_u8(&object.body);
        pcc->peer_dead_s = keepalive_s == 0 ? 0 : dead_s;
    }
    if (reader.failed)
        return false;
    pcc->state = PCC_KEEPING;
    pcc->flags |= PCC_FLAG_KEEPALIVE;
    pcc_mark(table, pcc);
    return true;
}

void pcc_on_up(struct pcc_table *table, struct pcc *pcc)
{
    table->results->behaved[pcc->behaviour][BEHAVED_UP]++;
    pcc_end_ramp(table, pcc);
    if (pcc->behaviour == BEHAVE_WELL) {
        counter_add(&table->counters->up, 1);
        lsps_on_up(table->lsps, pcc_number(table, pcc));
    } else {
        pcc_misbehave_up(table, pcc);
    }
    pcc->attempts = 0;
    load_on_up(table->load, &pcc->window, pcc_number(table, pcc));
    pcc_mark(table, pcc);
}

static bool on_keepalive_message(struct pcc_table *table, struct pcc *pcc)
{
    if (pcc->state == PCC_KEEPING) {
        pcc->state = PCC_UP;
        pcc_on_up(table, pcc);
    } else if (pcc->state == PCC_UP) {
        counter_add(&table->counters->keepalives_received, 1);
    } else {
        return false;
    }
    return true;
}

/* ---- PCRep, PCErr, PCNtf, Close ---- */

/* A slot of the window has become free: one more request may go. */
static void on_freed(struct pcc_table *table, struct pcc *pcc, bool is_freed)
{
    if (is_freed && table->load->is_on)
        pcc_mark(table, pcc);
}

/* The session may go on: with requests, and with answers to what it was told. */
static bool take_mark(struct pcc_table *table, struct pcc *pcc, uint32_t request_id)
{
    if (!lsps_on_mark(table->lsps, pcc_number(table, pcc), request_id))
        return false;
    pcc_mark(table, pcc);
    return true;
}

static void look_for_mark(struct pcc_table *table, struct pcc *pcc, const uint8_t *octets,
                          uint32_t size)
{
    struct response_reader reader = response_reader_init(octets, size);
    struct response response;
    while (response_next(&reader, &response))
        (void)take_mark(table, pcc, response.id);
}

static void on_reply_message(struct pcc_table *table, struct pcc *pcc, const uint8_t *octets,
                             uint32_t size)
{
    uint32_t number = pcc_number(table, pcc);
    if (pcc->behaviour != BEHAVE_WELL)
        return;
    if (lsps_is_marked(table->lsps, number))
        look_for_mark(table, pcc, octets, size);
    on_freed(table, pcc, load_on_reply(table->load, &pcc->window, number, octets, size));
}

static void on_refusal(struct pcc_table *table, struct pcc *pcc, uint32_t request_id)
{
    if (!take_mark(table, pcc, request_id))
        on_freed(table, pcc,
                 load_on_refusal(table->load, &pcc->window, pcc_number(table, pcc), request_id));
}

/* RFC 5440 6.7, 6.6: the requests that it is about stand in RPs. */
static bool on_trouble_message(struct pcc_table *table, struct pcc *pcc, const uint8_t *octets,
                               uint32_t size)
{
    struct tally *tally = &table->results->tally;
    struct wire_reader reader = received_objects(octets, size);
    struct received_object object;
    bool is_well = pcc->behaviour == BEHAVE_WELL;
    while (received_next_object(&reader, &object)) {
        bool is_rp = object.class_ == PCEP_CLASS_RP;
        wire_skip(&object.body, is_rp ? 4 : 2);
        if (is_rp && is_well)
            on_refusal(table, pcc, wire_u32(&object.body));
        if (is_rp || !is_well)
            continue;
        uint8_t type = wire_u8(&object.body), value = wire_u8(&object.body);
        if (object.body.failed)
            continue;
        if (object.class_ == PCEP_CLASS_PCEP_ERROR)
            tally_pair(tally->pcerr, type, value);
        else if (object.class_ == PCEP_CLASS_NOTIFICATION)
            tally_pair(tally->pcntf, type, value);
    }
    return !reader.failed;
}

static bool on_order_message(struct pcc_table *table, struct pcc *pcc, const uint8_t *octets,
                             uint32_t size)
{
    uint32_t number = pcc_number(table, pcc);
    if (pcc->state != PCC_UP || pcc->behaviour != BEHAVE_WELL)
        return true;
    bool is_good = received_type(octets) == PCEP_MESSAGE_PCUPD
                       ? lsps_on_update(table->lsps, number, octets, size)
                       : lsps_on_initiate(table->lsps, number, octets, size);
    pcc_mark(table, pcc);
    return is_good;
}

static bool on_close_message(struct pcc_table *table, struct pcc *pcc, const uint8_t *octets,
                             uint32_t size)
{
    struct wire_reader reader = received_objects(octets, size);
    struct received_object object;
    while (received_next_object(&reader, &object)) {
        wire_skip(&object.body, 3);
        if (object.class_ == PCEP_CLASS_CLOSE && pcc->behaviour == BEHAVE_WELL)
            tally_close(&table->results->tally, wire_u8(&object.body));
    }
    return !reader.failed;
}

void pcc_on_message(struct pcc_table *table, struct pcc *pcc, const uint8_t *octets, uint32_t size)
{
    bool is_good = true, is_expected = true;
    bool is_up = pcc->state == PCC_UP;
    if (pcc->state == PCC_LEAVING || pcc->behaviour == BEHAVE_HALF_OPEN)
        return;
    switch (received_type(octets)) {
    case PCEP_MESSAGE_PCREP:
        if (is_up)
            on_reply_message(table, pcc, octets, size);
        is_expected = is_up;
        break;
    case PCEP_MESSAGE_OPEN:
        is_expected = on_open_message(table, pcc, octets, size);
        break;
    case PCEP_MESSAGE_KEEPALIVE:
        is_expected = on_keepalive_message(table, pcc);
        break;
    case PCEP_MESSAGE_PCERR:
    case PCEP_MESSAGE_PCNTF:
        is_good = on_trouble_message(table, pcc, octets, size);
        break;
    case PCEP_MESSAGE_CLOSE:
        is_good = on_close_message(table, pcc, octets, size);
        break; /* the end of the stream follows */
    case PCEP_MESSAGE_PCUPD:
    case PCEP_MESSAGE_PCINITIATE:
        is_good = on_order_message(table, pcc, octets, size);
        break;
    default:
        is_expected = false;
    }
    if (!is_good && pcc->behaviour == BEHAVE_WELL)
        table->results->tally.kinds[TALLY_MESSAGE_MALFORMED]++;
    if (!is_expected && pcc->behaviour == BEHAVE_WELL)
        table->results->tally.kinds[TALLY_MESSAGE_UNEXPECTED]++;
}
