/* What a message means to a PCC that only asks. */
#include "bench/pceload/worker.h"

#include "core/base/wire.h"

enum { TYPE_OPEN = 1, TYPE_KEEPALIVE = 2, TYPE_PCREP = 4, TYPE_PCNTF = 5, TYPE_PCERR = 6 };
enum { TYPE_CLOSE = 7, TYPE_PCUPD = 11, TYPE_PCINITIATE = 12 };
enum { CLASS_OPEN = 1, CLASS_RP = 2, CLASS_NOTIFICATION = 12, CLASS_ERROR = 13, CLASS_CLOSE = 15 };

#define HEADER_SIZE 4u

/* Calls on_object for each object of a message: its class and its body. False: lengths do not fit.
 */
typedef void object_fn(struct client *client, struct session *session, uint8_t class_,
                       struct wire_reader *body);

static bool each_object(struct client *client, struct session *session, const uint8_t *octets,
                        uint32_t size, object_fn *on_object)
{
    struct wire_reader reader = wire_reader_init(octets + HEADER_SIZE, size - HEADER_SIZE);
    while (wire_left(&reader) > 0) {
        uint8_t class_ = wire_u8(&reader);
        wire_skip(&reader, 1);
        uint16_t length = wire_u16(&reader);
        struct wire_reader body = wire_sub(&reader, length < 4 ? SIZE_MAX : length - 4u);
        if (reader.failed)
            return false;
        on_object(client, session, class_, &body);
    }
    return true;
}

/* ---- Open, Keepalive ---- */

static void on_open_object(struct client *client, struct session *session, uint8_t class_,
                           struct wire_reader *body)
{
    (void)client;
    if (class_ != CLASS_OPEN)
        return;
    wire_skip(body, 1);
    uint8_t keepalive_s = wire_u8(body);
    uint8_t dead_s = wire_u8(body);
    session->peer_dead_s = keepalive_s == 0 ? 0 : dead_s;
}

static bool on_open(struct client *client, struct session *session, const uint8_t *octets,
                    uint32_t size)
{
    if (session->state != SESSION_OPENING ||
        !each_object(client, session, octets, size, on_open_object))
        return false;
    session->state = SESSION_KEEPING;
    session->flags |= FLAG_KEEPALIVE;
    client_dirty(client, session);
    return true;
}

static bool on_keepalive(struct client *client, struct session *session)
{
    if (session->state == SESSION_KEEPING) {
        session->state = SESSION_UP;
        client_on_up(client, session);
    } else if (session->state == SESSION_UP) {
        counter_add(&client->counters.keepalives_received, 1);
    } else {
        return false;
    }
    return true;
}

/* ---- PCErr, PCNtf, Close ---- */

/* RFC 5440 6.7, 6.6: the requests that it is about stand in RPs. */
static void on_trouble_object(struct client *client, struct session *session, uint8_t class_,
                              struct wire_reader *body)
{
    struct tally *tally = &client->results->tally;
    wire_skip(body, class_ == CLASS_RP ? 4 : 2);
    if (class_ == CLASS_RP) {
        client_refuse(client, session, wire_u32(body));
        return;
    }
    uint8_t type = wire_u8(body), value = wire_u8(body);
    if (session->behaviour != BEHAVE_WELL || body->failed)
        return;
    if (class_ == CLASS_ERROR)
        tally_pair(tally->pcerr, type, value);
    else if (class_ == CLASS_NOTIFICATION)
        tally_pair(tally->pcntf, type, value);
}

static void on_close_object(struct client *client, struct session *session, uint8_t class_,
                            struct wire_reader *body)
{
    wire_skip(body, 3);
    if (class_ == CLASS_CLOSE && session->behaviour == BEHAVE_WELL)
        tally_close(&client->results->tally, wire_u8(body));
}

void client_on_message(struct client *client, struct session *session, const uint8_t *octets,
                       uint32_t size)
{
    bool is_good = true, is_expected = true;
    bool is_up = session->state == SESSION_UP;
    if (session->state == SESSION_LEAVING || session->behaviour == BEHAVE_HALF_OPEN)
        return;
    switch (octets[1]) {
    case TYPE_PCREP:
        if (is_up)
            client_on_reply(client, session, octets, size);
        is_expected = is_up;
        break;
    case TYPE_OPEN:
        is_expected = on_open(client, session, octets, size);
        break;
    case TYPE_KEEPALIVE:
        is_expected = on_keepalive(client, session);
        break;
    case TYPE_PCERR:
    case TYPE_PCNTF:
        is_good = each_object(client, session, octets, size, on_trouble_object);
        break;
    case TYPE_CLOSE:
        is_good = each_object(client, session, octets, size, on_close_object);
        break; /* the end of the stream follows */
    case TYPE_PCUPD:
    case TYPE_PCINITIATE:
        break; /* a PCE may tell us what to do; a load generator does nothing */
    default:
        is_expected = false;
    }
    if (!is_good && session->behaviour == BEHAVE_WELL)
        client->results->tally.kinds[TALLY_MESSAGE_MALFORMED]++;
    if (!is_expected && session->behaviour == BEHAVE_WELL)
        client->results->tally.kinds[TALLY_MESSAGE_UNEXPECTED]++;
}
