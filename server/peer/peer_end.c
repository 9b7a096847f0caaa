/* How a peer's connection ends. */
#include "core/pcep/model.h"
#include "server/peer/peer_fsm.h"

void peer_reset(struct peer *peer)
{
    peer_happen(peer, PEER_EVENT_RESET);
}

void peer_end_connection(struct peer *peer, enum session_end how)
{
    struct peer_input input = {.event = PEER_EVENT_END_TRANSPORT, .how = how};
    peer_dispatch(peer, &input);
}

void peer_close(struct peer *peer)
{
    shard_hold(peer->shard);
    session_close(&peer->session, PCEP_CLOSE_NO_EXPLANATION, "the server is shutting down",
                  peer->shard->now);
}
