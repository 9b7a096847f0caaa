/* How a peer's connection ends. */
#include "core/pcep/model.h"
#include "server/peer/peer_impl.h"

void peer_reset(struct peer *peer)
{
    if (peer->phase == PEER_STALLING)
        list_remove(
            &peer->pending.link); /* its session ended before its turn in shard->peers->stalling */
    peer->phase = PEER_RESET;
    wheel_stop(&peer->shard->wheel, &peer->timer);
    conn_reset(peer->conn);
}

/* A stalled peer's connection is finished when what waited was dropped (peer_send_on_stalled). */
void peer_end_connection(struct peer *peer, enum session_end how)
{
    struct wheel *wheel = &peer->shard->wheel;
    if (peer->phase == PEER_DRAINING || peer->phase == PEER_RESET)
        return;
    bool is_stalled = peer->phase == PEER_CLOSING;
    if (how != SESSION_END_RESET && peer->phase != PEER_STALLING) {
        uint64_t wait_ms =
            is_stalled ? 1000 * (uint64_t)peer->policy->send_hold_grace_s : PEER_DRAIN_MS;
        peer->phase = PEER_DRAINING;
        wheel_start(wheel, &peer->timer, mono_add_ms(peer->shard->now, wait_ms));
        /* Behind the peer's Close nothing more is sent to it (RFC 5440 6.8). */
        bool is_quiet = how == SESSION_END_QUIET && conn_queued_octets(peer->conn) > 0;
        if (!is_stalled && is_quiet && conn_stall(peer->conn, NULL, 0) != PCE_OK)
            peer_reset(peer);
        else if (!is_stalled)
            conn_finish(peer->conn);
        return;
    }
    peer_reset(peer);
}

void peer_close(struct peer *peer)
{
    shard_hold(peer->shard);
    session_close(&peer->session, PCEP_CLOSE_NO_EXPLANATION, "the server is shutting down",
                  peer->shard->now);
    /* A session that has nothing to say in its state ends its connection all the same. */
    peer_unlist(peer);
    peer_end_connection(peer, SESSION_END_DRAIN);
}
