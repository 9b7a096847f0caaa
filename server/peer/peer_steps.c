#include "server/peer/peer_steps.h"

#include "server/peer/peer_impl.h"
#include "server/peer/peer_look.h"

void peer_step_ignore(struct peer *peer, const struct peer_input *input)
{
    (void)peer;
    (void)input;
}

/* ---- how it begins ---- */

void peer_step_connect(struct peer *peer, const struct peer_input *input)
{
    peer_enter(peer, input, PEER_CONNECTING);
}

void peer_step_list(struct peer *peer, const struct peer_input *input)
{
    if (peer_list(peer))
        peer_enter(peer, input, PEER_LIVE);
}

void peer_step_hold_open(struct peer *peer, const struct peer_input *input)
{
    peer_enter(peer, input, PEER_GREETING);
    conn_hold_sends(peer->conn);
    peer_arm(peer);
}

/* Only the held Open used the timer. Stop it: a timer that is moved to later still fires once at
 * the old time. */
void peer_step_release_open(struct peer *peer, const struct peer_input *input)
{
    peer_enter(peer, input, PEER_LIVE);
    wheel_stop(&peer->shard->wheel, &peer->timer);
    conn_release_sends(peer->conn);
}

/* ---- while the session has the connection ---- */

void peer_step_serve(struct peer *peer, const struct peer_input *input)
{
    struct mono now = peer->shard->now;
    (void)input;
    session_on_time(&peer->session, now);
    if (peer_is_served(peer))
        peer_look_on_time(peer, now);
    peer_arm(peer);
}

void peer_step_release_open_and_serve(struct peer *peer, const struct peer_input *input)
{
    peer_step_release_open(peer, input);
    peer_step_serve(peer, input);
}

/* ---- how it ends ---- */

void peer_step_end(struct peer *peer, const struct peer_input *input)
{
    peer_enter(peer, input, PEER_ENDED);
}

void peer_step_reset(struct peer *peer, const struct peer_input *input)
{
    peer_enter(peer, input, PEER_RESET);
    wheel_stop(&peer->shard->wheel, &peer->timer);
    conn_reset(peer->conn);
}

void peer_step_drain(struct peer *peer, const struct peer_input *input)
{
    if (input->how == SESSION_END_RESET) {
        peer_step_reset(peer, input);
        return;
    }
    peer_enter(peer, input, PEER_DRAINING);
    wheel_start(&peer->shard->wheel, &peer->timer, mono_add_ms(peer->shard->now, PEER_DRAIN_MS));
    /* Behind the peer's Close nothing more is sent to it (RFC 5440 6.8). */
    bool is_quiet = input->how == SESSION_END_QUIET && conn_queued_octets(peer->conn) > 0;
    if (is_quiet && conn_stall(peer->conn, NULL, 0) != PCE_OK)
        peer_step_reset(peer, input);
    else
        conn_finish(peer->conn);
}

void peer_step_leave(struct peer *peer, const struct peer_input *input)
{
    peer_enter(peer, input, PEER_RESET);
}
