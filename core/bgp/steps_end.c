/* The steps that end a connection. */
#include "core/bgp/steps.h"

/* TCP may be gone when this returns: nothing but the return may follow it. */
static void steps_end(struct bgp_peer *peer, struct bgp_connection *connection,
                      const struct bgp_input *input, struct bgp_verdict verdict, enum bgp_end how)
{
    connection->verdict = verdict;
    bgp_enter(peer, connection, input, BGP_CLOSING);
    peer->ops->end_transport(peer, (enum bgp_connection_id)connection->id, how);
}

void bgp_end_without_room(struct bgp_peer *peer, struct bgp_connection *connection,
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
    bgp_send_notification(peer, connection, error, input->data, input->now);
    steps_end(peer, connection, input,
              (struct bgp_verdict){.by = by,
                                   .is_notified = true,
                                   .code = (uint8_t)((unsigned)error >> 8),
                                   .subcode = (uint8_t)(error & 0xFF),
                                   .text = text},
              BGP_END_DRAIN);
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

void bgp_step_notified(struct bgp_peer *peer, struct bgp_connection *connection,
                       const struct bgp_input *input)
{
    const struct bgp_notification *notification = &input->message->notification;
    bgp_notice_set(&peer->notice_received, notification, input->now);
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
