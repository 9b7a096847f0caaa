/* Steps of a peer that does not read. */
#include "server/peer/peer_impl.h"
#include "server/peer/peer_log.h"
#include "server/peer/peer_send.h"
#include "server/peer/peer_steps.h"

static uint32_t stall_u32(uint64_t number)
{
    return number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

/* It counts no more, and its place in the lists of pending octets serves for the one of those that
 * are to be ended. */
void peer_step_mark(struct peer *peer, const struct peer_input *input)
{
    struct peers *peers = peer->shard->peers;
    peer_enter(peer, input, PEER_STALLING);
    peer->stall = (uint8_t)input->stall;
    peer->stalled_s = 0;
    peer->stalled_octets = stall_u32(peer_send_pending(peer));
    pending_set(&peers->pending, &peer->pending, 0);
    list_remove(&peer->pending.link); /* before UP it may be in peers->silent */
    list_push_back(&peers->stalling, &peer->pending.link);
}

static void stall_count(struct peer *peer)
{
    struct shard_counters *counters = &peer->shard->counters;
    counter_add(&counters->stalled, 1);
    switch ((enum peer_stall)peer->stall) {
    case PEER_STALL_HOLD:
        counter_add(&counters->send_hold_expired, 1);
        break;
    case PEER_STALL_PENDING:
        counter_add(&counters->pending_hard_closed, 1);
        break;
    case PEER_STALL_TOTAL:
        counter_add(&counters->pending_total_closed, 1);
        break;
    case PEER_STALL_ROOM:
    case PEER_STALL_COUNT:
        break;
    }
}

static void stall_log_uncut(const struct peer *peer)
{
    static const struct send_dropped nothing = {0};
    peer_log_stalled(peer, &nothing);
}

void peer_step_stall(struct peer *peer, const struct peer_input *input)
{
    struct mono now = peer->shard->now;
    list_remove(&peer->pending.link);
    peer->stalled_s = stall_u32(send_hold_stalled_ns(&peer->hold, now) / MONO_NS_PER_S);
    stall_count(peer);
    if (peer->session.state == SESSION_UP) {
        peer_enter(peer, input, PEER_CLOSING);
        peer->shard->peers->last_words_size = 0;
        session_on_send_hold(&peer->session, now); /* → last_words, peer_step_cut */
        return;
    }
    /* Before UP there is no Close to send, and next to nothing queued. */
    stall_log_uncut(peer);
    session_on_transport_end(&peer->session, PCE_LIMIT, now); /* → peer_step_lose */
}

/* Its session ended before its turn in peers->stalling. */
void peer_step_lose(struct peer *peer, const struct peer_input *input)
{
    list_remove(&peer->pending.link);
    peer_enter(peer, input, PEER_LOST);
}

/* The Close goes ahead of what is queued. The connection is finished when that was dropped. */
void peer_step_cut(struct peer *peer, const struct peer_input *input)
{
    CHECK(peer->shard->peers->last_words_size > 0); /* the session has written its Close */
    struct shard *shard = peer->shard;
    const struct peers *peers = shard->peers;
    if (conn_stall(peer->conn, peers->last_words, peers->last_words_size) == PCE_CLOSED) {
        stall_log_uncut(peer);
        peer_enter(peer, input, PEER_LOST);
        return;
    }
    uint64_t grace_ms = 1000 * (uint64_t)peer->policy->send_hold_grace_s;
    peer_enter(peer, input, PEER_CUTTING);
    wheel_start(&shard->wheel, &peer->timer, mono_add_ms(shard->now, grace_ms));
}

/* Everything but the remainder and the Close is free; the peer has the rest of the grace to take
 * those. */
void peer_step_finish(struct peer *peer, const struct peer_input *input)
{
    CHECK(input->dropped != NULL);
    peer_log_stalled(peer, input->dropped);
    peer_enter(peer, input, PEER_DRAINING);
    conn_finish(peer->conn);
}

/* The grace is over, or the connection broke, before the queue could be cut. */
void peer_step_reset_uncut(struct peer *peer, const struct peer_input *input)
{
    stall_log_uncut(peer);
    peer_step_reset(peer, input);
}

void peer_step_leave_uncut(struct peer *peer, const struct peer_input *input)
{
    stall_log_uncut(peer);
    peer_step_leave(peer, input);
}
