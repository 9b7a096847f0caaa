/* When a peer has to be looked at: the earliest of what its session and its sending side wait for.
 */
#include "server/peer/peer_look.h"

/* One timer serves all that is awaited; most restarts only stamp it (wheel.h). */
void peer_arm(struct peer *peer)
{
    if (!peer_is_served(peer))
        return;
    struct mono deadline = mono_min(session_deadline(&peer->session), peer_look_deadline(peer));
    if (peer->phase == PEER_GREETING)
        deadline = mono_min(deadline, mono_add_ms(peer->session.since, PEER_GREETING_MS));
    if (mono_is_never(deadline))
        wheel_stop(&peer->shard->wheel, &peer->timer);
    else
        wheel_start(&peer->shard->wheel, &peer->timer, deadline);
}
