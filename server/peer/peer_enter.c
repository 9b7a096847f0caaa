/* The one way into a phase: who is counted, and who stands in the map. */
#include "core/base/check.h"
#include "server/peer/peer_fsm.h"
#include "server/peer/peer_impl.h"

void peer_enter(struct peer *peer, const struct peer_input *input, enum peer_phase phase)
{
    CHECK((input->cell->may_reach & (UINT32_C(1) << phase)) != 0);
    CHECK(phase > peer->phase || phase == PEER_GREETING); /* a life goes one way */
    struct peers *peers = peer->shard->peers;
    bool had_session = peer_has_session(peer);
    bool was_listed = peer_is_listed(peer);
    peer->phase = (uint8_t)phase;
    if (!had_session && peer_has_session(peer))
        peers->live_count++;
    if (had_session && !peer_has_session(peer)) {
        CHECK(peers->live_count > 0);
        peers->live_count--;
    }
    if (was_listed && !peer_is_listed(peer))
        peer_unlist(peer);
}
