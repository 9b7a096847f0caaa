/* Replies: matched with their requests, judged, and measured. This is the way of each reply, so it
 * reads the wire directly; every length is checked before it is used. */
#include "bench/pceload/worker.h"

#include <string.h>

enum { CLASS_RP = 2, CLASS_NO_PATH = 3, CLASS_ERO = 7 };

#define HEADER_SIZE 4u
#define RP_SIZE     12u

/* One response of a PCRep. */
struct response {
    bool is_there;
    bool has_no_path;
    uint32_t id;
    uint32_t ero_size;
    const uint8_t *ero; /* its subobjects; NULL: there is none */
};

static uint32_t read_u16(const uint8_t *octets)
{
    return (uint32_t)octets[0] << 8 | octets[1];
}

static uint32_t read_u32(const uint8_t *octets)
{
    uint32_t value;
    memcpy(&value, octets, sizeof value);
    return __builtin_bswap32(value);
}

/* The request that is out under this number; NULL after a complaint. */
static struct slot *find(struct client *client, const struct session *session, uint32_t id)
{
    uint32_t number = id & (client->window - 1);
    struct slot *slot = NULL;
    if (client->slots != NULL)
        slot = &client->slots[(size_t)client_slot_of(client, session) * client->window + number];
    if (slot != NULL && number < client->depth && slot->id == id && id != 0 &&
        (session->free_slots >> number & 1) == 0)
        return slot;
    bool was_asked = id != 0 && number < client->depth && id >> client->window_bits != 0 &&
                     id >> client->window_bits <= session->serial;
    client->results->tally.kinds[was_asked ? TALLY_REPLY_AGAIN : TALLY_REPLY_UNKNOWN]++;
    return NULL;
}

static void free_slot(struct client *client, struct session *session, const struct slot *slot)
{
    session->free_slots |= UINT64_C(1) << (slot->id & (client->window - 1));
    counter_subtract(&client->counters.outstanding, 1);
    if (client->is_loaded)
        client_dirty(client, session);
}

static void measure(struct client *client, const struct slot *slot)
{
    struct client_counters *counters = &client->counters;
    counter_add(&counters->all_replied, 1);
    if (client->now_ns >= client->measure_from && client->now_ns < client->measure_until)
        counter_add(&counters->in_time, 1);
    if (!slot->is_measured)
        return;
    counter_add(&counters->replied, 1);
    counter_set(&counters->last_reply_ns, client->now_ns);
    histogram_add(&client->results->latency,
                  client->now_ns > slot->asked_ns ? client->now_ns - slot->asked_ns : 0);
}

static void judge(struct client *client, const struct response *response, const struct slot *slot)
{
    struct client_results *results = client->results;
    enum tally_kind wrong = TALLY_OK;
    if (slot->is_measured && response->ero != NULL)
        results->paths++;
    else if (slot->is_measured && response->has_no_path)
        results->no_paths++;
    if (client->options->is_floor)
        return;
    if (response->ero != NULL)
        wrong = judge_ero(&client->judge, slot->pair, response->ero, response->ero_size);
    else if (!response->has_no_path)
        wrong = TALLY_REPLY_NOTHING;
    if (wrong != TALLY_OK)
        results->tally.kinds[wrong]++;
}

static void finish(struct client *client, struct session *session, const struct response *response)
{
    struct slot *slot = find(client, session, response->id);
    if (slot == NULL)
        return;
    measure(client, slot);
    judge(client, response, slot);
    free_slot(client, session, slot);
}

void client_on_reply(struct client *client, struct session *session, const uint8_t *octets,
                     uint32_t size)
{
    struct response response = {0};
    const uint8_t *at = octets + HEADER_SIZE, *end = octets + size;
    bool is_misbehaving = session->behaviour != BEHAVE_WELL;
    client->results->reply_octets += is_misbehaving ? 0 : size;
    while (end - at >= (ptrdiff_t)HEADER_SIZE && !is_misbehaving) {
        uint32_t length = read_u16(at + 2);
        bool is_rp = at[0] == CLASS_RP;
        if (length < HEADER_SIZE || length > (size_t)(end - at) || (is_rp && length < RP_SIZE))
            break;
        if (is_rp && response.is_there)
            finish(client, session, &response);
        client->results->replies_read += is_rp; /* a message may have several */
        if (is_rp)
            response = (struct response){.is_there = true, .id = read_u32(at + 8)};
        if (at[0] == CLASS_NO_PATH)
            response.has_no_path = true;
        if (at[0] == CLASS_ERO && response.ero == NULL) {
            response.ero = at + HEADER_SIZE;
            response.ero_size = length - HEADER_SIZE;
        }
        at += length;
    }
    if (is_misbehaving)
        return;
    if (at != end || !response.is_there)
        client->results->tally.kinds[TALLY_REPLY_MALFORMED]++;
    else
        finish(client, session, &response);
}

void client_refuse(struct client *client, struct session *session, uint32_t id)
{
    if (session->behaviour != BEHAVE_WELL)
        return;
    struct slot *slot = find(client, session, id);
    if (slot == NULL)
        return;
    if (slot->is_measured)
        counter_add(&client->counters.refused, 1);
    free_slot(client, session, slot);
}
