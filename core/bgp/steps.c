/* The steps that begin a connection and keep it going. */
#include "core/bgp/steps.h"

#include "core/bgp/feasible.h"

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

static bool steps_has_engaged(const struct bgp_peer *peer)
{
    for (unsigned i = 0; i < BGP_CONNECTION_COUNT; i++) {
        if (bgp_is_engaged(&peer->connections[i]))
            return true;
    }
    return false;
}

/* While the peer's own connection is on its way, ours would only collide with it. */
void bgp_step_retry(struct bgp_peer *peer, struct bgp_connection *connection,
                    const struct bgp_input *input)
{
    if (peer->config->is_passive)
        bgp_step_listen(peer, connection, input);
    else if (steps_has_engaged(peer))
        connection->deadline = mono_add_s(input->now, peer->config->connect_retry_s);
    else
        bgp_step_connect(peer, connection, input);
}

void bgp_step_send_open(struct bgp_peer *peer, struct bgp_connection *connection,
                        const struct bgp_input *input)
{
    connection->negotiated = (struct bgp_negotiated){.hold_time_s = 0};
    bgp_frame_init(&connection->frame);
    if (bgp_send_open(peer, connection, input->now))
        bgp_enter(peer, connection, input, BGP_OPEN_SENT);
    else
        bgp_end_without_room(peer, connection, input);
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
    if (bgp_send_keepalive(peer, connection, input->now))
        bgp_enter(peer, connection, input, BGP_OPEN_CONFIRM);
    else
        bgp_end_without_room(peer, connection, input);
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
    if (!bgp_send_keepalive(peer, connection, input->now))
        bgp_end_without_room(peer, connection, input);
}

void bgp_step_update(struct bgp_peer *peer, struct bgp_connection *connection,
                     const struct bgp_input *input)
{
    struct bgp_update update = input->message->update;
    enum bgp_table_change change;
    restart_hold(connection, input->now);
    update.unfeasible = bgp_update_unfeasible(&update, &peer->config->open);
    peer->counters.unfeasible[update.unfeasible]++;
    peer->ops->on_update(peer, &update, input->fault);
    if (!bgp_update_is_end_of_rib(&update))
        return;
    peer->told = input->now;
    if (bgp_restart_on_end_of_rib(&peer->restart, &change))
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
        bgp_end_without_room(peer, connection, input);
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
