/* When a peer has to be looked at: the earliest of what its session and its sending side wait for.
 */
#include "server/peer/peer_fsm.h"
#include "server/peer/peer_impl.h"
#include "server/peer/peer_send.h"

struct mono peer_send_deadline(const struct peer *peer)
{
    return mono_min(peer->look_at, send_hold_deadline(&peer->hold));
}

/* One timer serves all that is awaited; most restarts only stamp it (wheel.h). */
void peer_arm(struct peer *peer)
{
    if (!peer_is_served(peer))
        return;
    struct mono deadline = mono_min(session_deadline(&peer->session), peer_send_deadline(peer));
    if (peer->phase == PEER_GREETING)
        deadline = mono_min(deadline, mono_add_ms(peer->session.since, PEER_GREETING_MS));
    if (mono_is_never(deadline))
        wheel_stop(&peer->shard->wheel, &peer->timer);
    else
        wheel_start(&peer->shard->wheel, &peer->timer, deadline);
}

void peer_on_time(struct wheel_timer *timer, struct mono now)
{
    (void)now;
    peer_happen(CONTAINER_OF(timer, struct peer, timer), PEER_EVENT_TIME);
}
