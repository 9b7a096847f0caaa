#include "core/bgp/steps.h"

#include <stddef.h>

#define MESSAGE_ROOM 1024 /* octets of what we send: the longest is a NOTIFICATION with a text */
#define DATA_MAX     512  /* octets of its data that are sent */

/* ---- sending ---- */

bool bgp_send(struct bgp_peer *peer, struct bgp_connection *connection,
              const struct bgp_message *message, struct mono now)
{
    uint8_t room[MESSAGE_ROOM];
    struct wire_writer writer = wire_writer_init(room, sizeof room);
    if (bgp_encode(message, &writer) != PCE_OK)
        return false;
    struct wire_span octets = {room, wire_written(&writer)};
    if (peer->ops->send(peer, (enum bgp_connection_id)connection->id, octets) != PCE_OK)
        return false;
    peer->counters.messages_sent[message->type]++;
    uint16_t hold_time_s = connection->negotiated.hold_time_s;
    connection->keepalive = hold_time_s == 0 ? MONO_NEVER : mono_add_s(now, hold_time_s / 3U);
    if (!connection->is_sending && peer->config->send_hold_s > 0)
        connection->send_hold = mono_add_s(now, peer->config->send_hold_s);
    connection->is_sending = true;
    return true;
}

static bool send_keepalive(struct bgp_peer *peer, struct bgp_connection *connection,
                           struct mono now)
{
    const struct bgp_message message = {.type = BGP_MESSAGE_KEEPALIVE};
    return bgp_send(peer, connection, &message, now);
}

static void send_notification(struct bgp_peer *peer, struct bgp_connection *connection,
                              enum bgp_error_code error, struct wire_span data, struct mono now)
{
    if (data.size > DATA_MAX)
        data.size = DATA_MAX;
    const struct bgp_message message = {.type = BGP_MESSAGE_NOTIFICATION,
                                        .notification = {.code = (uint8_t)((unsigned)error >> 8),
                                                         .subcode = (uint8_t)(error & 0xFF),
                                                         .data = data}};
    (void)bgp_send(peer, connection, &message, now);
}

static bool send_our_open(struct bgp_peer *peer, struct bgp_connection *connection, struct mono now)
{
    uint8_t room[BGP_OPEN_SIZE_MAX];
    struct wire_writer writer = wire_writer_init(room, sizeof room);
    if (bgp_open_write(&peer->config->open, &writer) != PCE_OK)
        return false;
    struct wire_span octets = {room, wire_written(&writer)};
    if (peer->ops->send(peer, (enum bgp_connection_id)connection->id, octets) != PCE_OK)
        return false;
    peer->counters.messages_sent[BGP_MESSAGE_OPEN]++;
    connection->deadline = mono_add_s(now, peer->config->open_hold_s);
    return true;
}

/* ---- states ---- */

struct bgp_connection *bgp_other(struct bgp_peer *peer, const struct bgp_connection *connection)
{
    return &peer->connections[connection->id == BGP_OUTGOING ? BGP_INCOMING : BGP_OUTGOING];
}

bool bgp_is_engaged(const struct bgp_connection *connection)
{
    return connection->state == BGP_OPEN_SENT || connection->state == BGP_OPEN_CONFIRM ||
           connection->state == BGP_ESTABLISHED;
}

void bgp_tell_table(struct bgp_peer *peer, enum bgp_table_change change)
{
    peer->ops->on_table(peer, change);
}

/* RFC 4724 4: the end of TCP alone is a restart; a NOTIFICATION is one where both have said so,
 * unless it is a Hard Reset (RFC 8538 4). We always say so. */
static uint32_t restart_time_after(const struct bgp_connection *connection)
{
    const struct bgp_verdict *verdict = &connection->verdict;
    bool is_hard = verdict->code == BGP_ERROR_HARD_RESET >> 8 &&
                   verdict->subcode == (BGP_ERROR_HARD_RESET & 0xFF);
    if (!connection->negotiated.has_restart || (verdict->is_notified && is_hard))
        return 0;
    if (verdict->is_notified && !connection->negotiated.has_restart_notified)
        return 0;
    return connection->negotiated.restart_time_s;
}

/* Pauses double until a session has lived for a while. */
static void pause_next(struct bgp_peer *peer, struct bgp_connection *connection, struct mono now)
{
    bool connects = connection->id == BGP_OUTGOING && !peer->config->is_passive;
    bool listens = connection->id == BGP_INCOMING && peer->config->is_passive;
    if (!peer->is_started || (!connects && !listens))
        return;
    connection->deadline = mono_add_s(now, peer->idle_hold_s);
    uint32_t doubled = 2U * peer->idle_hold_s;
    uint16_t max_s = peer->config->idle_hold_max_s;
    peer->idle_hold_s = doubled > max_s ? max_s : (uint16_t)doubled;
}

static void leave_established(struct bgp_peer *peer, struct bgp_connection *connection,
                              struct mono now)
{
    enum bgp_table_change change;
    if (mono_since_ns(now, connection->since) >= BGP_STABLE_S * MONO_NS_PER_S)
        peer->idle_hold_s = peer->config->idle_hold_min_s;
    if (bgp_restart_on_end(&peer->restart, &peer->config->restart, restart_time_after(connection),
                           now, &change))
        bgp_tell_table(peer, change);
}

static void stop_timers(struct bgp_connection *connection)
{
    connection->deadline = MONO_NEVER;
    connection->keepalive = MONO_NEVER;
    connection->send_hold = MONO_NEVER;
    connection->is_sending = false;
    /* A message at hand may lie in the buffer: bgp_peer_receive releases it then. */
    if (!connection->is_receiving)
        bgp_frame_fini(&connection->frame);
}

void bgp_enter(struct bgp_peer *peer, struct bgp_connection *connection,
               const struct bgp_input *input, enum bgp_state state)
{
    enum bgp_state from = (enum bgp_state)connection->state;
    CHECK((input->cell->may_reach & (1U << state)) != 0);
    connection->state = (uint8_t)state;
    if (state == BGP_IDLE || state == BGP_CLOSING)
        stop_timers(connection);
    if (from == BGP_ESTABLISHED)
        leave_established(peer, connection, input->now);
    if (state == BGP_IDLE)
        pause_next(peer, connection, input->now);
    if (state == BGP_ESTABLISHED)
        bgp_restart_on_established(&peer->restart, &peer->config->restart, input->now);
    connection->since = input->now;
    peer->ops->on_state(peer, (enum bgp_connection_id)connection->id, from, state);
}

/* TCP may be gone when this returns: nothing but the return may follow it. */
static void steps_end(struct bgp_peer *peer, struct bgp_connection *connection,
                      const struct bgp_input *input, struct bgp_verdict verdict, enum bgp_end how)
{
    connection->verdict = verdict;
    bgp_enter(peer, connection, input, BGP_CLOSING);
    peer->ops->end_transport(peer, (enum bgp_connection_id)connection->id, how);
}

static void steps_no_room(struct bgp_peer *peer, struct bgp_connection *connection,
                          const struct bgp_input *input)
{
    steps_end(peer, connection, input,
              (struct bgp_verdict){.by = BGP_BY_US, .text = "no room for what must be sent"},
              BGP_END_RESET);
}

static void end_with(struct bgp_peer *peer, struct bgp_connection *connection,
                     const struct bgp_input *input, enum bgp_error_code error, const char *text)
{
    uint8_t by = input->event == BGP_EVENT_DEADLINE ? BGP_BY_TIMER : BGP_BY_US;
    send_notification(peer, connection, error, input->data, input->now);
    steps_end(peer, connection, input,
              (struct bgp_verdict){.by = by,
                                   .is_notified = true,
                                   .code = (uint8_t)((unsigned)error >> 8),
                                   .subcode = (uint8_t)(error & 0xFF),
                                   .text = text},
              BGP_END_DRAIN);
}

/* ---- steps ---- */

void bgp_step_ignore(struct bgp_peer *peer, struct bgp_connection *connection,
                     const struct bgp_input *input)
{
    (void)peer;
    (void)connection;
    (void)input;
}

void bgp_step_connect(struct bgp_peer *peer, struct bgp_connection *connection,
                      const struct bgp_input *input)
{
    connection->deadline = mono_add_s(input->now, peer->config->connect_retry_s);
    bgp_enter(peer, connection, input, BGP_CONNECT);
    peer->ops->connect(peer);
}

void bgp_step_listen(struct bgp_peer *peer, struct bgp_connection *connection,
                     const struct bgp_input *input)
{
    connection->deadline = MONO_NEVER;
    bgp_enter(peer, connection, input, BGP_ACTIVE);
}

/* While the peer's own connection is on its way, ours would only collide with it. */
void bgp_step_retry(struct bgp_peer *peer, struct bgp_connection *connection,
                    const struct bgp_input *input)
{
    if (peer->config->is_passive)
        bgp_step_listen(peer, connection, input);
    else if (bgp_is_engaged(bgp_other(peer, connection)))
        connection->deadline = mono_add_s(input->now, peer->config->connect_retry_s);
    else
        bgp_step_connect(peer, connection, input);
}

/* Nothing has been said yet on this connection. */
void bgp_step_abandon(struct bgp_peer *peer, struct bgp_connection *connection,
                      const struct bgp_input *input)
{
    bool is_late = input->event == BGP_EVENT_DEADLINE;
    steps_end(peer, connection, input,
              (struct bgp_verdict){.by = is_late ? BGP_BY_TIMER : BGP_BY_US,
                                   .text = is_late ? "the peer did not answer" : "given up"},
              BGP_END_RESET);
}

void bgp_step_connect_failed(struct bgp_peer *peer, struct bgp_connection *connection,
                             const struct bgp_input *input)
{
    connection->verdict =
        (struct bgp_verdict){.by = BGP_BY_NETWORK, .text = pce_status_text(input->status)};
    connection->deadline = mono_add_s(input->now, peer->config->connect_retry_s);
    bgp_enter(peer, connection, input, BGP_ACTIVE);
}

void bgp_step_send_open(struct bgp_peer *peer, struct bgp_connection *connection,
                        const struct bgp_input *input)
{
    connection->negotiated = (struct bgp_negotiated){.hold_time_s = 0};
    bgp_frame_init(&connection->frame);
    if (send_our_open(peer, connection, input->now))
        bgp_enter(peer, connection, input, BGP_OPEN_SENT);
    else
        steps_no_room(peer, connection, input);
}

static void restart_hold(struct bgp_connection *connection, struct mono now)
{
    uint16_t hold_time_s = connection->negotiated.hold_time_s;
    connection->deadline = hold_time_s == 0 ? MONO_NEVER : mono_add_s(now, hold_time_s);
}

/* Without a hold time the OPEN's own goes on to watch over OpenConfirm. */
void bgp_step_accept_open(struct bgp_peer *peer, struct bgp_connection *connection,
                          const struct bgp_input *input)
{
    connection->negotiated = *input->negotiated;
    connection->frame.is_extended = input->negotiated->has_extended;
    if (input->negotiated->hold_time_s > 0)
        restart_hold(connection, input->now);
    if (send_keepalive(peer, connection, input->now))
        bgp_enter(peer, connection, input, BGP_OPEN_CONFIRM);
    else
        steps_no_room(peer, connection, input);
}

void bgp_step_notify(struct bgp_peer *peer, struct bgp_connection *connection,
                     const struct bgp_input *input)
{
    const char *text = input->fault != NULL ? input->fault->reason
                                            : bgp_error_text((unsigned)input->error >> 8,
                                                             (unsigned)input->error & 0xFF);
    end_with(peer, connection, input, input->error, text);
}

/* RFC 6608 4. */
void bgp_step_unexpected(struct bgp_peer *peer, struct bgp_connection *connection,
                         const struct bgp_input *input)
{
    enum bgp_error_code error =
        connection->state == BGP_OPEN_SENT      ? BGP_ERROR_UNEXPECTED_IN_OPEN_SENT
        : connection->state == BGP_OPEN_CONFIRM ? BGP_ERROR_UNEXPECTED_IN_OPEN_CONFIRM
                                                : BGP_ERROR_UNEXPECTED_IN_ESTABLISHED;
    struct bgp_input own = *input;
    uint8_t type = input->message->type;
    own.data = (struct wire_span){&type, 1};
    end_with(peer, connection, &own, error, "a message that the state does not have");
}

void bgp_step_established(struct bgp_peer *peer, struct bgp_connection *connection,
                          const struct bgp_input *input)
{
    restart_hold(connection, input->now);
    connection->verdict = (struct bgp_verdict){.text = NULL};
    peer->counters.established++;
    bgp_enter(peer, connection, input, BGP_ESTABLISHED);
}

void bgp_step_keepalive_received(struct bgp_peer *peer, struct bgp_connection *connection,
                                 const struct bgp_input *input)
{
    (void)peer;
    restart_hold(connection, input->now);
}

void bgp_step_keepalive(struct bgp_peer *peer, struct bgp_connection *connection,
                        const struct bgp_input *input)
{
    if (!send_keepalive(peer, connection, input->now))
        steps_no_room(peer, connection, input);
}

void bgp_step_update(struct bgp_peer *peer, struct bgp_connection *connection,
                     const struct bgp_input *input)
{
    const struct bgp_update *update = &input->message->update;
    enum bgp_table_change change;
    restart_hold(connection, input->now);
    peer->ops->on_update(peer, update, input->fault);
    if (bgp_update_is_end_of_rib(update) && bgp_restart_on_end_of_rib(&peer->restart, &change))
        bgp_tell_table(peer, change);
}

/* Ours is empty: its beginning and its end are all that there is to tell (RFC 7313 4). */
static bool answer_refresh(struct bgp_peer *peer, struct bgp_connection *connection,
                           struct mono now)
{
    static const uint8_t subtypes[] = {BGP_REFRESH_BEGIN, BGP_REFRESH_END};
    struct bgp_message message = {
        .type = BGP_MESSAGE_ROUTE_REFRESH,
        .refresh = {.body = {.afi = BGP_AFI_LS, .safi = BGP_SAFI_LS}},
    };
    for (unsigned i = 0; connection->negotiated.has_enhanced_refresh && i < 2; i++) {
        message.refresh.body.subtype = subtypes[i];
        if (!bgp_send(peer, connection, &message, now))
            return false;
    }
    return true;
}

void bgp_step_refresh(struct bgp_peer *peer, struct bgp_connection *connection,
                      const struct bgp_input *input)
{
    const struct bgp_route_refresh *refresh = &input->message->refresh.body;
    enum bgp_table_change change;
    bool is_changed = false;
    restart_hold(connection, input->now);
    if (refresh->afi != BGP_AFI_LS || refresh->safi != BGP_SAFI_LS)
        return;
    if (refresh->subtype == BGP_REFRESH_REQUEST && !answer_refresh(peer, connection, input->now)) {
        steps_no_room(peer, connection, input);
        return;
    }
    if (refresh->subtype == BGP_REFRESH_BEGIN)
        is_changed =
            bgp_restart_on_begin(&peer->restart, &peer->config->restart, input->now, &change);
    else if (refresh->subtype == BGP_REFRESH_END)
        is_changed = bgp_restart_on_end_of_rib(&peer->restart, &change);
    if (is_changed)
        bgp_tell_table(peer, change);
}

void bgp_step_notified(struct bgp_peer *peer, struct bgp_connection *connection,
                       const struct bgp_input *input)
{
    const struct bgp_notification *notification = &input->message->notification;
    steps_end(peer, connection, input,
              (struct bgp_verdict){.by = BGP_BY_PEER,
                                   .is_notified = true,
                                   .code = notification->code,
                                   .subcode = notification->subcode,
                                   .text = bgp_error_code_text(notification->code)},
              BGP_END_RESET);
}

/* A loaded server must not end a peer whose KEEPALIVE is there and not read yet. */
void bgp_step_hold_expired(struct bgp_peer *peer, struct bgp_connection *connection,
                           const struct bgp_input *input)
{
    if (peer->ops->has_unread(peer, (enum bgp_connection_id)connection->id)) {
        connection->deadline = mono_add_s(input->now, BGP_UNREAD_S);
        return;
    }
    end_with(peer, connection, input, BGP_ERROR_HOLD_TIMER, "the hold time is over");
}

/* RFC 9687 4.3: a NOTIFICATION would wait behind what the peer does not take. */
void bgp_step_send_hold_expired(struct bgp_peer *peer, struct bgp_connection *connection,
                                const struct bgp_input *input)
{
    steps_end(peer, connection, input,
              (struct bgp_verdict){.by = BGP_BY_TIMER,
                                   .code = BGP_ERROR_SEND_HOLD_TIMER >> 8,
                                   .text = "the peer takes nothing: the send hold time is over"},
              BGP_END_RESET);
}

/* RFC 4724 4.2: the old TCP is dead, and nobody would hear a NOTIFICATION. */
void bgp_step_replaced(struct bgp_peer *peer, struct bgp_connection *connection,
                       const struct bgp_input *input)
{
    steps_end(peer, connection, input,
              (struct bgp_verdict){.by = BGP_BY_PEER, .text = "the peer has connected anew"},
              BGP_END_RESET);
}

static uint8_t ender_of_status(enum pce_status status)
{
    switch (status) {
    case PCE_OK:
    case PCE_CLOSED:
    case PCE_RESET:
        return BGP_BY_PEER;
    case PCE_TIMEOUT:
        return BGP_BY_TIMER;
    case PCE_UNREACHABLE:
        return BGP_BY_NETWORK;
    default:
        return BGP_BY_US;
    }
}

void bgp_step_release(struct bgp_peer *peer, struct bgp_connection *connection,
                      const struct bgp_input *input)
{
    bool is_closed = input->status == PCE_OK || input->status == PCE_CLOSED;
    if (connection->state != BGP_CLOSING && connection->state != BGP_ACTIVE)
        connection->verdict = (struct bgp_verdict){
            .by = ender_of_status(input->status),
            .text = is_closed ? "the peer closed the connection" : pce_status_text(input->status)};
    bgp_enter(peer, connection, input, BGP_IDLE);
}
