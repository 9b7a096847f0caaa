/* What a peer is sent, message by message. */
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

bool bgp_send_keepalive(struct bgp_peer *peer, struct bgp_connection *connection, struct mono now)
{
    const struct bgp_message message = {.type = BGP_MESSAGE_KEEPALIVE};
    return bgp_send(peer, connection, &message, now);
}

void bgp_send_notification(struct bgp_peer *peer, struct bgp_connection *connection,
                           enum bgp_error_code error, struct wire_span data, struct mono now)
{
    if (data.size > DATA_MAX)
        data.size = DATA_MAX;
    const struct bgp_message message = {.type = BGP_MESSAGE_NOTIFICATION,
                                        .notification = {.code = (uint8_t)((unsigned)error >> 8),
                                                         .subcode = (uint8_t)(error & 0xFF),
                                                         .data = data}};
    if (bgp_send(peer, connection, &message, now))
        bgp_notice_set(&peer->notice_sent, &message.notification, now);
}

bool bgp_send_open(struct bgp_peer *peer, struct bgp_connection *connection, struct mono now)
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
