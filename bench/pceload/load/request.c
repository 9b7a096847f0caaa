/* The load: when a request is due, and what it asks. */
#include "bench/pceload/worker.h"

#include <string.h>

#define SCHEDULE_PER_TURN 4096u
#define BANDWIDTH_OCTAVES 4096.0F /* the largest is so many times the smallest */
#define SPREAD            2654435761u

/* ---- when ---- */

static void begin_load(struct client *client)
{
    client->is_loaded = true;
    if (client->options->open_loop > 0)
        return;
    for (uint32_t i = 0; i < client->well_count; i++) {
        if (client->sessions[i].state == SESSION_UP)
            client_dirty(client, &client->sessions[i]);
    }
}

void client_read_stage(struct client *client)
{
    client->load_from = counter_get(&client->stage->load_from);
    client->measure_from = counter_get(&client->stage->measure_from);
    client->measure_until = counter_get(&client->stage->measure_until);
    bool is_loaded = options_has_load(client->options) && client->now_ns >= client->load_from &&
                     client->now_ns < client->measure_until;
    if (is_loaded && !client->is_loaded)
        begin_load(client);
    client->is_loaded = is_loaded;
    if (atomic_load_explicit(&client->stage->is_leaving, memory_order_relaxed))
        client_leave(client);
}

/* Open loop: all sessions in turn, one request each, at even distances. */
static uint64_t due_of(const struct client *client, uint32_t round, uint32_t index)
{
    const struct options *options = client->options;
    double number = (double)round * (options->sessions - options_misbehaving(options)) + index;
    return client->load_from + (uint64_t)(number * (1e9 / options->open_loop));
}

uint64_t client_schedule(struct client *client)
{
    if (!client->is_loaded || client->options->open_loop == 0 || client->well_count == 0)
        return STAGE_NEVER;
    for (uint32_t i = 0; i < SCHEDULE_PER_TURN; i++) {
        struct session *session = &client->sessions[client->schedule_next];
        uint64_t due = due_of(client, client->schedule_round, session->index);
        if (due > client->now_ns)
            return due;
        if (session->state == SESSION_UP)
            client_dirty(client, session);
        if (++client->schedule_next == client->well_count) {
            client->schedule_next = 0;
            client->schedule_round++;
        }
    }
    return client->now_ns;
}

/* Requests of the session that are due and not sent. */
static uint32_t due_count(const struct client *client, const struct session *session)
{
    uint32_t rounds = client->schedule_round;
    rounds += client_slot_of(client, session) < client->schedule_next;
    return rounds - session->round;
}

void client_on_up(struct client *client, struct session *session)
{
    client->results->behaved[session->behaviour][BEHAVED_UP]++;
    client_ramped(client, session);
    if (session->behaviour == BEHAVE_WELL) {
        counter_add(&client->counters.up, 1);
        session->left = client->options->reports > 0 ? client->options->reports + 1 : 0;
    } else {
        client_misbehave_up(client, session);
    }
    session->attempts = 0;
    session->round += due_count(client, session); /* what was due before cannot be asked for now */
    client_dirty(client, session);
}

/* ---- what ---- */

/* A float that no other request has: the bits between the least and the most, in a fixed order. */
static float unique_bandwidth(const struct client *client, uint64_t number)
{
    float most = client->network->bandwidth_max, least;
    uint32_t from, to;
    if (most < 1)
        most = 1;
    least = most / BANDWIDTH_OCTAVES;
    memcpy(&from, &least, sizeof from);
    memcpy(&to, &most, sizeof to);
    from += (uint32_t)((number * SPREAD) % (to - from));
    memcpy(&least, &from, sizeof least);
    return least;
}

/* One of the bits of a mask that is not 0. */
static uint32_t draw_bit(struct client *client, uint32_t mask)
{
    uint32_t number = random_below(&client->picker.random, (uint32_t)__builtin_popcount(mask));
    while (number-- > 0)
        mask &= mask - 1;
    return mask & -mask;
}

static void draw_affinity(struct client *client, struct request_values *values)
{
    const struct network *network = client->network;
    if (network->excludable != 0)
        values->exclude_any = draw_bit(client, network->excludable);
    else if (network->missable != 0)
        values->include_any = network->groups & ~draw_bit(client, network->missable);
}

/* mix: half of all requests are plain; the others have one constraint or all. */
static enum request_kind draw_kind(struct client *client)
{
    static const enum request_kind mix[] = {REQUEST_PLAIN,  REQUEST_PLAIN,     REQUEST_PLAIN,
                                            REQUEST_PLAIN,  REQUEST_BANDWIDTH, REQUEST_AFFINITY,
                                            REQUEST_METRIC, REQUEST_ALL};
    switch (client->options->constraints) {
    case CONSTRAINTS_UNIQUE:
        return REQUEST_ALL;
    case CONSTRAINTS_MIX:
        return mix[random_below(&client->picker.random, sizeof mix / sizeof mix[0])];
    default:
        return REQUEST_PLAIN;
    }
}

static size_t put_request(struct client *client, const struct slot *slot, uint8_t *to)
{
    const struct network *network = client->network;
    enum request_kind kind = draw_kind(client);
    struct request_values values = {.id = slot->id,
                                    .source = network->ends[slot->pair.source].octets,
                                    .destination = network->ends[slot->pair.destination].octets};
    if (kind != REQUEST_PLAIN) {
        uint64_t number = client->drawn++ * client->rings + client->number;
        values.bandwidth = unique_bandwidth(client, number);
        draw_affinity(client, &values);
    }
    size_t size = templates_put_request(client->templates, kind, &values, to);
    client->results->request_octets += size;
    client->results->requests_built++;
    return size;
}

/* Where a number of requests ends the run: whether one more may be sent. */
static bool take_budget(struct client *client)
{
    uint64_t wanted = client->options->requests;
    if (wanted == 0)
        return true;
    uint64_t used =
        atomic_fetch_add_explicit(&client->stage->budget_used.value, 1, memory_order_relaxed);
    return used < wanted;
}

static void take_slot(struct client *client, struct session *session, struct slot **out)
{
    uint32_t number = (uint32_t)__builtin_ctzll(session->free_slots);
    struct slot *slot =
        &client->slots[(size_t)client_slot_of(client, session) * client->window + number];
    session->free_slots &= session->free_slots - 1;
    session->serial++;
    if (session->serial << client->window_bits == 0)
        session->serial = 1;
    slot->id = session->serial << client->window_bits | number;
    slot->pair = picker_next(&client->picker);
    counter_add(&client->counters.outstanding, 1);
    *out = slot;
}

size_t client_put_requests(struct client *client, struct session *session, uint8_t *to, size_t room)
{
    size_t size = 0;
    bool is_open_loop = client->options->open_loop > 0;
    uint32_t due = is_open_loop ? due_count(client, session) : client->depth;
    if (!client->is_loaded || session->behaviour != BEHAVE_WELL)
        return 0;
    for (; due > 0 && session->free_slots != 0 && room - size >= TEMPLATE_SIZE; due--) {
        uint64_t asked = client->now_ns;
        if (is_open_loop)
            asked = due_of(client, session->round, session->index);
        bool is_measured = asked >= client->measure_from && asked < client->measure_until;
        if (is_measured && !take_budget(client))
            break;
        struct slot *slot;
        take_slot(client, session, &slot);
        session->round += is_open_loop;
        slot->asked_ns = asked;
        slot->is_measured = is_measured;
        if (is_measured)
            counter_add(&client->counters.sent, 1);
        size += put_request(client, slot, to + size);
    }
    return size;
}

void client_forget_requests(struct client *client, struct session *session)
{
    uint64_t all = client->depth >= 64 ? UINT64_MAX : (UINT64_C(1) << client->depth) - 1;
    uint64_t out = all & ~session->free_slots;
    counter_subtract(&client->counters.outstanding, (uint64_t)__builtin_popcountll(out));
    session->free_slots = all;
}
