/* What a peer's timer brings about. */
#include "server/peer/peer_impl.h"
#include "server/peer/peer_send.h"

/* Only the held Open used the timer. Stop it: a timer that is moved to later still fires once at
 * the old time. */
void peer_end_greeting(struct peer *peer)
{
    peer->is_greeting = false;
    wheel_stop(&peer->shard->wheel, &peer->timer);
    conn_release_sends(peer->conn);
}

void peer_on_time(struct wheel_timer *timer, struct mono now)
{
    struct peer *peer = CONTAINER_OF(timer, struct peer, timer);
    switch ((enum peer_phase)peer->phase) {
    case PEER_LIVE:
        if (peer->is_greeting)
            peer_end_greeting(peer);
        session_on_time(&peer->session, now);
        if (peer->phase == PEER_LIVE)
            peer_send_on_time(peer, now);
        peer_arm(peer);
        break;
    case PEER_STALLING:
        peer_send_stall(peer, now);
        break;
    case PEER_CLOSING:
    case PEER_DRAINING:
        peer_reset(peer);
        break;
    case PEER_RESET:
        break;
    }
}
