#include "core/bgp/peer.h"

#include "core/bgp/steps.h"

#include <stddef.h>
#include <string.h>

#define SEND_HOLD_MIN_S 480 /* RFC 9687 6 */

uint32_t bgp_send_hold_default_s(uint16_t hold_time_s)
{
    uint32_t twice = 2U * hold_time_s;
    return twice > SEND_HOLD_MIN_S ? twice : SEND_HOLD_MIN_S;
}

void bgp_peer_init(struct bgp_peer *peer, const struct bgp_peer_ops *ops,
                   const struct bgp_peer_config *config)
{
    *peer = (struct bgp_peer){.ops = ops,
                              .config = config,
                              .restart = {.deadline = MONO_NEVER},
                              .notice_sent = BGP_NO_NOTICE,
                              .notice_received = BGP_NO_NOTICE,
                              .told = MONO_NEVER,
                              .idle_hold_s = config->idle_hold_min_s};
    for (unsigned i = 0; i < BGP_CONNECTION_COUNT; i++) {
        struct bgp_connection *connection = &peer->connections[i];
        connection->id = (uint8_t)i;
        connection->deadline = MONO_NEVER;
        connection->keepalive = MONO_NEVER;
        connection->send_hold = MONO_NEVER;
        bgp_frame_init(&connection->frame);
    }
}

void bgp_peer_fini(struct bgp_peer *peer)
{
    for (unsigned i = 0; i < BGP_CONNECTION_COUNT; i++) {
        CHECK(peer->connections[i].state == BGP_IDLE);
        bgp_frame_fini(&peer->connections[i].frame);
    }
}

static void dispatch_error(struct bgp_peer *peer, struct bgp_connection *connection,
                           enum bgp_event event, enum bgp_error_code error, struct mono now)
{
    struct bgp_input input = {.event = event, .now = now, .error = error};
    bgp_dispatch(peer, connection, &input);
}

/* ---- the operator ---- */

void bgp_peer_start(struct bgp_peer *peer, struct mono now)
{
    bool is_passive = peer->config->is_passive;
    struct bgp_input input = {.event = is_passive ? BGP_EVENT_START_PASSIVE : BGP_EVENT_START,
                              .now = now};
    peer->is_started = true;
    peer->idle_hold_s = peer->config->idle_hold_min_s;
    bgp_dispatch(peer, &peer->connections[is_passive ? BGP_INCOMING : BGP_OUTGOING], &input);
}

void bgp_peer_stop(struct bgp_peer *peer, enum bgp_error_code error, const char *text,
                   struct mono now)
{
    uint8_t data[1 + BGP_COMMUNICATION_MAX];
    size_t size = 0;
    if (text != NULL && (error == BGP_ERROR_SHUTDOWN || error == BGP_ERROR_RESET)) {
        data[0] = (uint8_t)bgp_communication_size((const uint8_t *)text, strlen(text));
        memcpy(data + 1, text, data[0]);
        size = 1U + data[0];
    }
    peer->is_started = false;
    for (unsigned i = 0; i < BGP_CONNECTION_COUNT; i++) {
        struct bgp_input input = {
            .event = BGP_EVENT_STOP, .now = now, .error = error, .data = {data, size}};
        bgp_dispatch(peer, &peer->connections[i], &input);
        if (peer->connections[i].state == BGP_IDLE)
            peer->connections[i].deadline = MONO_NEVER;
    }
}

void bgp_peer_forget(struct bgp_peer *peer)
{
    bool has_told = peer->restart.has_told;
    peer->restart = (struct bgp_restart){.deadline = MONO_NEVER};
    peer->restart.has_told = bgp_peer_established(peer) != NULL;
    if (has_told)
        bgp_tell_table(peer, BGP_TABLE_GONE);
}

/* ---- TCP ---- */

/* A peer that kept its routes over a restart, and comes back, has lost the session that we still
 * see (RFC 4724 4.2). */
static void replace_established(struct bgp_peer *peer, struct mono now)
{
    for (unsigned i = 0; i < BGP_CONNECTION_COUNT; i++) {
        struct bgp_input input = {.event = BGP_EVENT_REPLACED, .now = now};
        if (peer->connections[i].state == BGP_ESTABLISHED &&
            peer->connections[i].negotiated.has_restart)
            bgp_dispatch(peer, &peer->connections[i], &input);
    }
}

/* A place without a connection. The first one is looked at first: a passive peer is awaited there. */
bool bgp_peer_find_place(const struct bgp_peer *peer, enum bgp_connection_id *id)
{
    for (unsigned i = BGP_INCOMING; peer->is_started && i < BGP_CONNECTION_COUNT; i++) {
        uint8_t state = peer->connections[i].state;
        *id = (enum bgp_connection_id)i;
        if (state == BGP_IDLE || state == BGP_ACTIVE)
            return true;
    }
    return false;
}

/* The oldest one that waits for an OPEN is the likeliest to be dead: a live one would have spoken. */
static void supersede_oldest(struct bgp_peer *peer, const struct bgp_connection *newest,
                             struct mono now)
{
    enum bgp_connection_id id;
    struct bgp_connection *oldest = NULL;
    if (bgp_peer_find_place(peer, &id))
        return;
    for (unsigned i = BGP_INCOMING; i < BGP_CONNECTION_COUNT; i++) {
        struct bgp_connection *connection = &peer->connections[i];
        if (connection != newest && connection->state == BGP_OPEN_SENT &&
            (oldest == NULL || mono_is_before(connection->since, oldest->since)))
            oldest = connection;
    }
    if (oldest == NULL)
        return;
    peer->counters.superseded++;
    dispatch_error(peer, oldest, BGP_EVENT_COLLISION, BGP_ERROR_COLLISION, now);
}

void bgp_peer_accept(struct bgp_peer *peer, enum bgp_connection_id id, struct mono now)
{
    struct bgp_input input = {.event = BGP_EVENT_TRANSPORT_UP, .now = now};
    replace_established(peer, now);
    bgp_dispatch(peer, &peer->connections[id], &input);
    supersede_oldest(peer, &peer->connections[id], now);
}

void bgp_peer_on_transport_up(struct bgp_peer *peer, struct mono now)
{
    struct bgp_input input = {.event = BGP_EVENT_TRANSPORT_UP, .now = now};
    if (peer->connections[BGP_OUTGOING].state == BGP_CONNECT)
        bgp_dispatch(peer, &peer->connections[BGP_OUTGOING], &input);
}

void bgp_peer_on_transport_end(struct bgp_peer *peer, enum bgp_connection_id id,
                               enum pce_status status, struct mono now)
{
    struct bgp_input input = {.event = BGP_EVENT_TRANSPORT_END, .now = now, .status = status};
    CHECK(id < BGP_CONNECTION_COUNT);
    bgp_dispatch(peer, &peer->connections[id], &input);
}

/* ---- messages ---- */

static void dispatch_fault(struct bgp_peer *peer, struct bgp_connection *connection,
                           struct bgp_input input, enum bgp_event event)
{
    input.event = event;
    input.error = input.fault->error;
    input.data = input.fault->data;
    bgp_dispatch(peer, connection, &input);
}

/* RFC 4271 6.8, RFC 6286 2.3: of two, that of the end with the higher identifier stays, of equal ones
 * that of the higher AS. */
static bool keeps_outgoing(const struct bgp_open_config *config, const struct ip *peer_identifier)
{
    int order = ip_compare(&config->identifier, peer_identifier);
    return order != 0 ? order > 0 : config->local_as > config->peer_as;
}

/* Of two that the peer has opened the newer one stays: it has given up the other. */
static bool newer_stays(const struct bgp_peer *peer, const struct bgp_connection *connection,
                        const struct bgp_connection *other, const struct ip *peer_identifier)
{
    if (other->state == BGP_ESTABLISHED)
        return false;
    if (connection->id != BGP_OUTGOING && other->id != BGP_OUTGOING)
        return !mono_is_before(connection->since, other->since);
    return keeps_outgoing(&peer->config->open, peer_identifier) == (connection->id == BGP_OUTGOING);
}

/* Whether the connection whose OPEN is at hand goes on; any other that has come as far is ended if not
 * this one. */
static bool collision_stays(struct bgp_peer *peer, struct bgp_connection *connection,
                            const struct bgp_negotiated *negotiated, struct mono now)
{
    for (unsigned i = 0; i < BGP_CONNECTION_COUNT; i++) {
        struct bgp_connection *other = &peer->connections[i];
        bool has_collided = other->state == BGP_OPEN_CONFIRM || other->state == BGP_ESTABLISHED;
        if (other == connection || !has_collided)
            continue;
        peer->counters.collisions++;
        bool stays = newer_stays(peer, connection, other, &negotiated->identifier);
        dispatch_error(peer, stays ? other : connection, BGP_EVENT_COLLISION, BGP_ERROR_COLLISION,
                       now);
        if (!stays)
            return false;
    }
    return true;
}

static void on_open(struct bgp_peer *peer, struct bgp_connection *connection,
                    struct bgp_input input)
{
    struct bgp_negotiated negotiated;
    struct bgp_fault fault = {.action = BGP_ACTION_NONE};
    if (!bgp_open_judge(&peer->config->open, &input.message->open, &negotiated, &fault)) {
        input.fault = &fault;
        dispatch_fault(peer, connection, input, BGP_EVENT_OPEN_BAD);
        return;
    }
    bool is_first = connection->state == BGP_OPEN_SENT;
    if (is_first && !collision_stays(peer, connection, &negotiated, input.now))
        return;
    input.event = BGP_EVENT_OPEN;
    input.negotiated = &negotiated;
    bgp_dispatch(peer, connection, &input);
}

/* One that is Established leaves no room for others that have not come so far. */
static void on_keepalive(struct bgp_peer *peer, struct bgp_connection *connection,
                         struct bgp_input input)
{
    input.event = BGP_EVENT_KEEPALIVE;
    bgp_dispatch(peer, connection, &input);
    if (connection->state != BGP_ESTABLISHED)
        return;
    for (unsigned i = 0; i < BGP_CONNECTION_COUNT; i++) {
        if (&peer->connections[i] != connection)
            dispatch_error(peer, &peer->connections[i], BGP_EVENT_COLLISION, BGP_ERROR_COLLISION,
                           input.now);
    }
}

static void on_message(struct bgp_peer *peer, struct bgp_connection *connection,
                       struct bgp_input input)
{
    static const enum bgp_event events[BGP_MESSAGE_TYPE_END] = {
        [BGP_MESSAGE_UPDATE] = BGP_EVENT_UPDATE,
        [BGP_MESSAGE_NOTIFICATION] = BGP_EVENT_NOTIFICATION,
        [BGP_MESSAGE_ROUTE_REFRESH] = BGP_EVENT_REFRESH,
    };
    if (input.message->type == BGP_MESSAGE_OPEN) {
        on_open(peer, connection, input);
    } else if (input.message->type == BGP_MESSAGE_KEEPALIVE) {
        on_keepalive(peer, connection, input);
    } else {
        input.event = events[input.message->type];
        bgp_dispatch(peer, connection, &input);
    }
}

static void receive_one(struct bgp_peer *peer, struct bgp_connection *connection,
                        struct wire_span octets, struct arena *arena, struct mono now)
{
    const struct bgp_open_config *open = &peer->config->open;
    struct bgp_options options = {.has_as4 = connection->negotiated.has_as4,
                                  .is_external = open->local_as != open->peer_as};
    struct bgp_message message;
    struct bgp_fault fault;
    enum pce_status status = bgp_decode(octets, options, arena, &message, &fault);
    struct bgp_input input = {.now = now, .message = &message, .fault = &fault};
    if (message.row != NULL)
        peer->counters.messages_received[message.type]++;
    if (bgp_fault_is_set(&fault))
        peer->counters.faults[fault.action]++;
    if (status == PCE_LIMIT)
        dispatch_error(peer, connection, BGP_EVENT_NO_RESOURCES, BGP_ERROR_OUT_OF_RESOURCES, now);
    else if (status != PCE_OK)
        dispatch_fault(peer, connection, input,
                       message.type == BGP_MESSAGE_OPEN ? BGP_EVENT_OPEN_BAD : BGP_EVENT_MALFORMED);
    else
        on_message(peer, connection, input);
}

/* Octets that are no message: of the stream, not of a message. */
static void receive_bad(struct bgp_peer *peer, struct bgp_connection *connection,
                        enum pce_status status, const struct bgp_fault *fault, struct mono now)
{
    if (status == PCE_INVALID) {
        peer->counters.faults[fault->action]++;
        dispatch_fault(peer, connection, (struct bgp_input){.now = now, .fault = fault},
                       BGP_EVENT_MALFORMED);
    } else {
        dispatch_error(peer, connection, BGP_EVENT_NO_RESOURCES, BGP_ERROR_OUT_OF_RESOURCES, now);
    }
}

bool bgp_peer_receive(struct bgp_peer *peer, enum bgp_connection_id id, struct wire_span octets,
                      struct arena *arena, struct mono now)
{
    CHECK(id < BGP_CONNECTION_COUNT);
    struct bgp_connection *connection = &peer->connections[id];
    connection->is_receiving = true;
    while (bgp_is_engaged(connection)) {
        struct bgp_fault fault = {.action = BGP_ACTION_NONE};
        struct wire_span message;
        enum pce_status status = bgp_frame_next(&connection->frame, &octets, &message, &fault);
        if (status == PCE_AGAIN)
            break;
        if (status == PCE_OK)
            receive_one(peer, connection, message, arena, now);
        else
            receive_bad(peer, connection, status, &fault, now);
    }
    connection->is_receiving = false;
    if (!bgp_is_engaged(connection))
        bgp_frame_fini(&connection->frame);
    return bgp_is_engaged(connection);
}

void bgp_peer_on_progress(struct bgp_peer *peer, enum bgp_connection_id id, bool is_waiting,
                          struct mono now)
{
    CHECK(id < BGP_CONNECTION_COUNT);
    struct bgp_connection *connection = &peer->connections[id];
    bool runs = is_waiting && bgp_is_engaged(connection) && peer->config->send_hold_s > 0;
    connection->is_sending = is_waiting && bgp_is_engaged(connection);
    connection->send_hold = runs ? mono_add_s(now, peer->config->send_hold_s) : MONO_NEVER;
}

bool bgp_peer_refresh(struct bgp_peer *peer, struct mono now)
{
    const struct bgp_message message = {
        .type = BGP_MESSAGE_ROUTE_REFRESH,
        .refresh = {.body = {.afi = BGP_AFI_LS, .safi = BGP_SAFI_LS}},
    };
    for (unsigned i = 0; i < BGP_CONNECTION_COUNT; i++) {
        struct bgp_connection *connection = &peer->connections[i];
        if (connection->state == BGP_ESTABLISHED)
            return connection->negotiated.has_refresh && bgp_send(peer, connection, &message, now);
    }
    return false;
}

/* ---- time ---- */

static bool peer_is_due(struct mono deadline, struct mono now)
{
    return !mono_is_never(deadline) && !mono_is_before(now, deadline);
}

static void connection_on_time(struct bgp_peer *peer, struct bgp_connection *connection,
                               struct mono now)
{
    if (peer_is_due(connection->deadline, now))
        dispatch_error(peer, connection, BGP_EVENT_DEADLINE, BGP_ERROR_HOLD_TIMER, now);
    if (peer_is_due(connection->send_hold, now)) {
        connection->send_hold = MONO_NEVER;
        dispatch_error(peer, connection, BGP_EVENT_SEND_HOLD, BGP_ERROR_SEND_HOLD_TIMER, now);
    }
    if (peer_is_due(connection->keepalive, now))
        dispatch_error(peer, connection, BGP_EVENT_KEEPALIVE_DUE, BGP_ERROR_CEASE_UNSPECIFIC, now);
}

void bgp_peer_on_time(struct bgp_peer *peer, struct mono now)
{
    enum bgp_table_change change;
    for (unsigned i = 0; i < BGP_CONNECTION_COUNT; i++)
        connection_on_time(peer, &peer->connections[i], now);
    if (bgp_restart_on_time(&peer->restart, now, &change))
        bgp_tell_table(peer, change);
}

struct mono bgp_peer_deadline(const struct bgp_peer *peer)
{
    struct mono earliest = peer->restart.deadline;
    for (unsigned i = 0; i < BGP_CONNECTION_COUNT; i++) {
        const struct bgp_connection *connection = &peer->connections[i];
        earliest = mono_min(earliest, connection->deadline);
        earliest = mono_min(earliest, connection->send_hold);
        earliest = mono_min(earliest, connection->keepalive);
    }
    return earliest;
}

/* ---- what is seen ---- */

const struct bgp_connection *bgp_peer_established(const struct bgp_peer *peer)
{
    for (unsigned i = 0; i < BGP_CONNECTION_COUNT; i++) {
        if (peer->connections[i].state == BGP_ESTABLISHED)
            return &peer->connections[i];
    }
    return NULL;
}

/* Closing is Idle, but for what is still to be said. */
static unsigned peer_progress(const struct bgp_connection *connection)
{
    return connection->state == BGP_CLOSING ? 1U : 2U * connection->state;
}

const struct bgp_connection *bgp_peer_foremost(const struct bgp_peer *peer)
{
    const struct bgp_connection *foremost = &peer->connections[BGP_OUTGOING];
    for (unsigned i = 1; i < BGP_CONNECTION_COUNT; i++) {
        if (peer_progress(&peer->connections[i]) > peer_progress(foremost))
            foremost = &peer->connections[i];
    }
    return foremost;
}
