/* What comes with each change of a state: timers, the pause before the next attempt, the table. */
#include "core/bgp/steps.h"

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
    if (connection->verdict.text != NULL)
        peer->verdict = connection->verdict;
    if (from == BGP_ESTABLISHED)
        leave_established(peer, connection, input->now);
    if (state == BGP_IDLE)
        pause_next(peer, connection, input->now);
    if (state == BGP_ESTABLISHED) {
        peer->told = MONO_NEVER;
        bgp_restart_on_established(&peer->restart, &peer->config->restart, input->now);
    }
    connection->since = input->now;
    peer->ops->on_state(peer, (enum bgp_connection_id)connection->id, from, state);
}
