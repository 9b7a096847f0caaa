/* How a peer is brought to its end: the events that others have for its table. */
#include "core/base/check.h"
#include "core/pcep/model.h"
#include "server/peer/peer_fsm.h"
#include "server/peer/peer_send.h"

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

/* ---- a peer that does not read ---- */

void peer_send_mark_stalled(struct peer *peer, enum peer_stall why)
{
    struct peer_input input = {.event = PEER_EVENT_STALL, .stall = why};
    peer_dispatch(peer, &input);
}

void peer_send_stall(struct peer *peer)
{
    CHECK(peer->phase == PEER_STALLING);
    peer_happen(peer, PEER_EVENT_STALL_DUE);
    /* A session that was not UP has ended as with its transport, and says nothing of that. */
    if (peer->phase == PEER_LOST)
        peer_end_connection(peer, SESSION_END_RESET);
}

void peer_send_on_stalled(struct conn *conn, const struct send_dropped *dropped)
{
    struct peer *peer = conn_owner(conn);
    struct shard_counters *counters = &peer->shard->counters;
    struct peer_input input = {.event = PEER_EVENT_CUT, .dropped = dropped};
    counter_add(&counters->dropped_messages, dropped->messages);
    counter_add(&counters->dropped_octets, dropped->octets);
    peer_dispatch(peer, &input); /* nothing follows where the peer sent Close: peer_step_drain */
}

static void stall_on_turn(struct shard *shard)
{
    const struct list_link *stalling = &shard->peers->stalling;
    while (!list_is_empty(stalling))
        peer_send_stall(CONTAINER_OF(stalling->next, struct peer, pending.link));
}

const struct shard_part stalling_part = {.name = "stalling", .on_turn = stall_on_turn};
